"""Every page that real runs write, held against axe-core: at three widths, on paper, with its script and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.xdist_group("pages")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Every kind of page at every width, on paper and without script is tried on small pages in tests/publish. Here the same
# templates hold real data, and a large page takes axe ten seconds: each kind as a reader is most likely to have it.
AT_WIDTHS = [
    *(("real", width) for width in (1280, 768, 320)),
    *(("national", 320), ("sample", 1280)),
    *((kind, width) for kind in ("summary", "origins", "validation", "comparison") for width in (1280, 320)),
    *((kind, width) for kind in ("front", "failure") for width in (1280, 768, 320)),
]
ON_PAPER = ["real", "validation", "front", "failure", "comparison"]
WITHOUT_SCRIPT = [("real", 320), ("sample", 1280), ("validation", 320), ("front", 1280), ("comparison", 1280)]
_PAGE_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


# Each row of a table, each origin and each mark of a chart repeats the one before it: axe takes minutes for thousands.
THIN = """() => {
    const keep = (selector, most) => document.querySelectorAll(selector).forEach((parent) => {
        [...parent.children].slice(most).forEach((child) => child.remove());
    });
    keep("main tbody", 3);
    document.querySelectorAll("main svg").forEach((drawing) => {
        [...drawing.querySelectorAll(".mark")].slice(8).forEach((mark) => mark.remove());
        [...drawing.querySelectorAll("text")].slice(8).forEach((text) => text.remove());
    });
    [...document.querySelectorAll("main .origin")].slice(12).forEach((origin) => origin.remove());
}"""


def violations(page: object, *, but: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds, a line for each element, without the rules ``but``."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {rule: {"enabled": False} for rule in but}}
    response = Axe().run(page, options=options).response
    return [f"{found['id']}: {node['html'][:160]}" for found in response["violations"] for node in found["nodes"]]


def without_script(page: Path, folder: Path) -> Path:
    """The page with its own script taken out: axe itself needs a browser that runs scripts."""
    plain = folder / "plain.html"
    plain.write_text(_PAGE_SCRIPT.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
    return plain


@pytest.mark.parametrize(("kind", "width"), AT_WIDTHS)
def test_axe_finds_nothing_at_any_width_with_everything_open(
    new_page: Callable, report_pages: dict[str, Path], kind: str, width: int
) -> None:
    page = new_page(report_pages[kind], width=width).page
    page.evaluate(THIN)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize("kind", ON_PAPER)
def test_axe_finds_nothing_on_paper(new_page: Callable, report_pages: dict[str, Path], kind: str) -> None:
    page = new_page(report_pages[kind], media="print").page
    page.evaluate(THIN)
    assert violations(page, but=("target-size",)) == []  # nobody points at paper


@pytest.mark.parametrize(("kind", "width"), WITHOUT_SCRIPT)
def test_axe_finds_nothing_without_the_script(
    new_page: Callable, report_pages: dict[str, Path], tmp_path: Path, kind: str, width: int
) -> None:
    page = new_page(without_script(report_pages[kind], tmp_path), width=width).page
    page.evaluate(THIN)
    assert violations(page) == []


def test_axe_finds_nothing_in_an_open_origin(new_page: Callable, report_pages: dict[str, Path]) -> None:
    page = new_page(report_pages["real"]).page
    page.evaluate(THIN)
    page.locator("main a.fact").first.click()
    assert page.get_by_role("dialog").is_visible()
    assert violations(page) == []


def test_axe_would_find_what_is_wrong(new_page: Callable, tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text("<title>x</title><img src='data:,'><p style='color:#eee'>pale</p>", encoding="utf-8")
    found = {line.split(":")[0] for line in violations(new_page(page).page)}
    assert {"image-alt", "html-has-lang", "color-contrast"} <= found
