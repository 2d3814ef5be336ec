"""JupyterLab in a real browser: every notebook opened, run with "Run All Cells", looked at, and saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from e2e.command import PATIENCE_SECONDS, Project
from notebooks.clone import git
from notebooks.jupyterlab import Lab, errors, outputs, run_all, running_lab, save

pytestmark = pytest.mark.xdist_group("desk")

STEPS = ("1_ingest", "2_validate", "3_analyse", "4_report")
NAMES = (*STEPS, "explore")
# JupyterLab lays out only what is in sight. Chromium draws no page much higher, so that a notebook is looked at from its
# start and from its end, and what is in sight from both is counted once.
HEIGHT = 16_000
_START_AND_END = (0, 1_000_000)  # pixels
_NEWLY_IN_SIGHT = """(selector) => [...document.querySelectorAll(selector)].filter(
  element => element.getBoundingClientRect().height > 0 && !element.dataset.seen
).map(element => { element.dataset.seen = "yes"; }).length"""
_SCROLL = "(top) => { document.querySelector('.jp-NotebookPanel .jp-WindowedPanel-outer').scrollTop = top; }"
# Where a term and what is said of it stand: JupyterLab's own style would float them past each other.
_TERMS = """() => [...document.querySelectorAll('.jp-OutputArea-output dt')].filter(term => {
  const said = term.nextElementSibling;
  return said?.tagName !== 'DD' || said.getBoundingClientRect().top < term.getBoundingClientRect().bottom - 1;
}).map(term => term.textContent)"""


@dataclass(frozen=True)
class RunByHand:
    """A notebook as it stood in the browser after it was run and saved."""

    cells: list[dict[str, Any]]
    charts: int
    narrow_drawings: int
    facts: int
    terms_apart: list[str]
    console: list[str]


@pytest.fixture(scope="module")
def lab(desk: Project) -> Iterator[Lab]:
    """JupyterLab on the clone, for all tests of this module."""
    with running_lab(desk) as started:
        yield started


@pytest.fixture(scope="module")
def by_hand(lab: Lab, browser: object) -> dict[str, RunByHand]:
    """Each notebook run from top to bottom on its defaults, in the order of the start page."""
    return {name: _run_by_hand(lab, browser, f"{name}.ipynb") for name in NAMES}


def _run_by_hand(lab: Lab, browser: Any, name: str) -> RunByHand:
    page = browser.new_page(viewport={"width": 1400, "height": HEIGHT})
    console: list[str] = []
    page.on("pageerror", lambda error: console.append(str(error)))
    try:
        page.goto(lab.url(f"notebooks/{name}"))
        cells = run_all(page)
        seen = dict.fromkeys(("svg.wide-only", "svg.narrow-only", "data[data-fact]"), 0)
        terms_apart: list[str] = []
        for top in _START_AND_END:
            page.evaluate(_SCROLL, top)
            page.wait_for_timeout(500)  # the last outputs are laid out after the kernel has come to rest
            for selector in seen:
                seen[selector] += page.evaluate(_NEWLY_IN_SIGHT, selector)
            terms_apart += page.evaluate(_TERMS)
        charts, narrow_drawings, facts = seen.values()
        found = RunByHand(cells, charts, narrow_drawings, facts, terms_apart, console)
        save(page)
        return found
    finally:
        page.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_by_hand_from_top_to_bottom_on_its_defaults(name, by_hand):
    assert errors(by_hand[name].cells) == []
    assert outputs(by_hand[name].cells)
    assert by_hand[name].console == []


@pytest.mark.parametrize(("name", "charts", "facts"), [("4_report", 8, 30), ("explore", 4, 5), ("3_analyse", 0, 1)])
def test_charts_and_facts_are_to_be_seen(name, charts, facts, by_hand):
    """At least so many; each chart once, in its wide drawing."""
    seen = by_hand[name]
    assert seen.charts >= charts
    assert seen.facts >= facts
    assert seen.narrow_drawings == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_never_stands_beside_the_term_of_another(name, by_hand):
    assert by_hand[name].terms_apart == []


def test_it_opens_with_the_start_page_as_it_reads_and_asks_nothing(lab, new_page):
    opened = new_page(f"{lab.address}/?token={_token(lab)}")
    page = opened.page
    heading = page.locator(".jp-RenderedMarkdown h1", has_text="The notebooks")
    heading.wait_for(timeout=PATIENCE_SECONDS * 1000)
    page.wait_for_timeout(3000)  # a question about news would come by now
    assert "news" not in page.locator("body").inner_text()
    assert [address for address in opened.requests if not address.startswith((lab.address, "data:", "blob:"))] == []
    assert [address for address in opened.requests if re.search(r"/lab/api/(news|update)", address)] == []


def _token(lab: Lab) -> str:
    return lab.url("").rpartition("token=")[2].removesuffix("&reset")


def test_notebooks_run_and_saved_leave_nothing_to_commit(desk, by_hand):
    """Git goes by the size of a file until it is added: only then does `git status` see that nothing has changed."""
    assert set(by_hand) == set(NAMES)
    assert 'execution_count": 1' in (desk.root / "notebooks" / "1_ingest.ipynb").read_text(encoding="utf-8")
    assert git(desk, "diff") == ""
    git(desk, "add", "--update")
    assert git(desk, "status", "--porcelain") == ""


def test_the_notebook_of_a_failed_run_opens_where_it_failed_and_runs_once_the_cause_is_mended(
    desk: Project, browser: Any, tmp_path: Path
):
    raw, reports = tmp_path / "raw", tmp_path / "reports"
    raw.mkdir()
    sample = Path(desk.run("sample").said.strip())
    for extract in sample.glob("*September 2022 Individual Level.csv"):
        (raw / extract.name).write_bytes(extract.read_bytes())
    broken = raw / "cut-short.zip"
    broken.write_bytes((sample / "PCNWFIndividualCSV.122022.zip").read_bytes()[:5000])
    failed = desk.run("report", "--raw", raw, "--reports", reports)
    assert failed.code == 3, failed.complained

    with running_lab(desk, "--failed", "--reports", str(reports)) as lab:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(lab.url("").replace("/lab/tree/", "/"))
        again = run_all(page)
        assert "ExtractError" in errors(again)[0]
        broken.unlink()
        mended = run_all(page)
        page.close()
    assert errors(mended) == []
    assert "September 2022" in str(outputs(mended)[0])
