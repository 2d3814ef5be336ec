"""A report of an extract whose every name is an attack: it is made, and is as safe to open as any other."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from e2e.test_pages_axe import THIN, violations

if TYPE_CHECKING:
    from e2e.command import Project

pytestmark = pytest.mark.xdist_group("again")

# Markup and script, a formula also behind a space that cannot be seen, commands of a terminal, text that runs from
# right to left, templates of other programs, a link, a very long name. What a reader refuses is tried in tests/extracts.
ATTACKS = [
    "<script>document.title='taken'</script>",
    "\"><img src=x onerror=\"document.title='taken'\">",
    "</text></svg><svg onload=\"document.title='taken'\">",
    '=HYPERLINK("https://example.org/","click")',
    "\u200b=cmd|' /C calc'!A0",
    "\uff1d1+1",
    "@SUM(1+1)*cmd",
    "+1-1|a",
    "\u202etxt.exe\u2066 PCN",
    "\u05e9\u05dc\u05d5\u05dd 12.5 \u05e2\u05d5\u05dc\u05dd",
    "{{7*7}} ${7*7} {0} %s $$n1$$ [a](javascript:alert(1))",
    "<a href=\"javascript:document.title='taken'\">x</a>",
    "url(https://example.org/x) @import https://example.org/y",
    "&lt;b&gt; &amp; ' \" ` ;--",
    "W" * 900,
]  # fmt: skip
NAMES = {"PCN_CODE": "PCN_NAME", "SUB_ICB_CODE": "SUB_ICB_NAME", "ICB_CODE": "ICB_NAME"}
NAMES["COMM_REGION_CODE"] = "COMM_REGION_NAME"
# What a terminal obeys; what the page may hold only where it is isolated, and a spreadsheet nowhere.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def with_attacks(extract: bytes) -> bytes:
    """The extract with another name for each organisation, an unknown role, and a column more."""
    rows = list(csv.DictReader(io.StringIO(extract.decode("cp1252"))))
    attacks = itertools.cycle(ATTACKS)
    names: dict[tuple[str, str], str] = {}
    for row in rows:
        for code, name in NAMES.items():
            key = (code, row[code])
            if key not in names:
                names[key] = f"{next(attacks)} {len(names)}"
            row[name] = names[key]
        row["<b>\x1b[2J\u202e"] = "x"
    rows.append(rows[7] | {"STAFF_ROLE": ATTACKS[0], "UNIQUE_IDENTIFIER": "99999999"})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


@pytest.fixture(scope="module")
def hostile(report_project: Project, real_data: Path, shared_run: Callable) -> Path:
    """The folder of a run on two hostile extracts, and what the command printed."""

    def make(folder: Path) -> None:
        raw = folder / "raw"
        raw.mkdir()
        for month, year in (("September", 2021), ("September", 2022)):
            (extract,) = (real_data / "pcn-workforce-individual").glob(f"*{month} {year}*")
            name = f"<img src=x onerror=alert(1)>\x1b[2J\u202e {month} {year}.csv"
            (raw / name).write_bytes(with_attacks(extract.read_bytes()))
        (raw / "\x1b]0;taken\x07=1.pdf").write_bytes(b"%PDF")
        ended = report_project.run("report", "--raw", raw, "--reports", folder / "reports")
        said = json.dumps({"code": ended.code, "said": ended.said, "complained": ended.complained})
        (folder / "ended.json").write_text(said, encoding="utf-8")

    return shared_run("hostile", make)


@pytest.fixture(scope="module")
def report(hostile: Path) -> Path:
    return hostile / "reports" / "2022-09"


def test_it_is_made_and_the_terminal_has_nothing_to_obey(hostile: Path) -> None:
    ended = json.loads((hostile / "ended.json").read_text(encoding="utf-8"))
    assert ended["code"] == 0, ended["complained"]
    assert not CONTROLS.search(ended["said"] + ended["complained"])


def test_no_file_beside_the_page_has_anything_that_acts(report: Path) -> None:
    """Log, JSON, Markdown, CSV and charts, which people also read in a terminal."""
    texts = [path for path in report.rglob("*") if path.suffix in {".json", ".jsonl", ".md", ".csv", ".svg", ".html"}]
    assert len(texts) > 10
    assert [path.name for path in texts if CONTROLS.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", ["index.html", "origins.html", "validation.html"])
def test_no_script_of_the_extract_runs_and_nothing_is_asked_for(new_page: Callable, report: Path, name: str) -> None:
    opened = new_page(report / name)
    page = opened.page
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.wait_for_load_state("networkidle")
    assert page.title() != "taken"
    assert opened.requests == [(report / name).resolve().as_uri()]
    assert opened.console == []
    assert (
        page.evaluate("document.querySelectorAll('img[src=x], a[href^=javascript], [onerror], [onload]').length") == 0
    )


def test_a_hostile_name_is_found_and_stays_text(new_page: Callable, report: Path) -> None:
    """The search of areas puts names into the page: as text, in its list and in what it shows of an area."""
    opened = new_page(report / "index.html")
    page = opened.page
    texts = page.locator("details.areas tbody tr:not([class]) th").evaluate_all(
        """heads => heads.map(head => head.textContent.slice(0, -(head.querySelector("small")?.textContent.length ?? 0) || undefined))"""
    )
    codes = dict.fromkeys(text.rpartition("(")[2].rstrip(")") for text in texts)
    assert len(codes) > 1000
    for attack in (ATTACKS[0], ATTACKS[1], ATTACKS[2], ATTACKS[11]):
        name = next(text for text in texts if text.startswith(attack))
        code = name.rpartition("(")[2].rstrip(")")
        page.locator("#area-search").fill(code)
        assert page.locator("#area-options b").first.inner_text() == name.rpartition(" (")[0]
        page.keyboard.press("Enter")
        assert page.locator("#area-heading").inner_text() == name.rpartition(" (")[0]
        assert page.locator(".area-search :is(script, img, svg[onload], a[href^=javascript])").count() == 0
    assert page.title() != "taken"
    assert opened.requests == [(report / "index.html").resolve().as_uri()]
    assert opened.console == []


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_still_finds_nothing(new_page: Callable, report: Path, width: int) -> None:
    page = new_page(report / "index.html", width=width).page
    page.evaluate(THIN)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert violations(page) == []


def test_its_workbook_has_no_formula_and_no_link(report: Path) -> None:
    (path,) = report.rglob("all-tables.xlsx")
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert any("HYPERLINK" in text for text in texts)
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "inlineStr"}
    assert [text for text in texts if re.match("[=+@\uff1d\uff0b\uff0d\uff20]", text)] == []
    outside = [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert [target for target in outside if "example.org" in target or "javascript" in target] == []


def test_no_cell_of_a_download_is_a_formula(report: Path) -> None:
    for path in report.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert [cell for cell in cells if re.match(r"[=+@\uff1d\uff0b\uff0d\uff20]|-[^\d.]", cell)] == [], path.name
