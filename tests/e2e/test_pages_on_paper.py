"""The report on A4: nothing cut, addresses spelt out, and what it is said on every sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.printed import filled_shares, pages_of

pytestmark = pytest.mark.xdist_group("pages")

# A4 at 96 px an inch, less the margins of the style sheet (16 mm at the sides, 18 and 16 mm above and below).
SHEET_PX = (672, 994)

MOST_SHEETS = 16

KINDS = ["real", "national", "sample", "summary", "origins", "validation", "front", "failure", "comparison"]


@pytest.fixture
def sheet(new_page: Callable, report_pages: dict[str, Path]) -> Iterator[object]:
    """The real report laid out as wide as an A4 sheet's text."""
    opened = new_page(report_pages["real"], width=SHEET_PX[0], height=SHEET_PX[1], media="print", script=False)
    return opened.page


def test_no_drawing_is_higher_than_a_sheet_or_may_be_broken(sheet: object) -> None:
    drawings = sheet.locator("figure.chart svg:visible").evaluate_all(
        """found => found.map((svg) => {
            const box = svg.getBoundingClientRect(), style = getComputedStyle(svg);
            return { width: box.width, height: box.height, inside: style.breakInside };
        })"""
    )
    assert len(drawings) >= 6
    for drawing in drawings:
        assert drawing["height"] <= SHEET_PX[1]
        assert drawing["width"] <= SHEET_PX[0] + 1
        assert drawing["inside"] == "avoid"


def test_a_table_is_printed_where_it_is_open_and_is_as_narrow_as_the_sheet(sheet: object) -> None:
    """All tables would be sixty sheets; a note says where those are that are closed on the page."""
    assert sheet.locator(".paper-only").is_visible()
    assert sheet.locator("main details:not([open]) table:visible").count() == 0
    sheet.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    tables = sheet.locator("main table:not(.all-areas table)").evaluate_all(  # those of areas are never printed
        """found => found.map((table) => ({
            caption: table.caption ? table.caption.innerText.slice(0, 60) : "",
            right: table.getBoundingClientRect().right, width: table.getBoundingClientRect().width,
            rows: [...table.rows].every((row) => getComputedStyle(row).breakInside === "avoid"),
        }))"""
    )
    assert len(tables) >= 10
    assert [table for table in tables if not table["width"] or table["right"] > SHEET_PX[0] + 1] == []
    assert all(table["rows"] for table in tables)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_printed_at_its_full_size(new_page: Callable, report_pages: dict[str, Path], kind: str) -> None:
    """Whatever is wider than the sheet makes the browser shrink every sheet, down to letters nobody can read."""
    page = new_page(report_pages[kind], width=SHEET_PX[0], height=SHEET_PX[1], media="print").page
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET_PX[0]


def test_addresses_are_spelt_out(sheet: object) -> None:
    spelt = sheet.locator("main a[href^='http'], main a[href^='tables/']").evaluate_all(
        "links => links.map((link) => [link.getAttribute('href'), getComputedStyle(link, '::after').content])"
    )
    assert spelt
    for address, said in spelt:
        assert address in said.replace('" "', "").replace('"', ""), said


def test_the_summary_is_one_sheet(new_page: Callable, report_pages: dict[str, Path]) -> None:
    page = new_page(report_pages["summary"], media="print", width=SHEET_PX[0], height=SHEET_PX[1]).page
    assert len(pages_of(page.pdf(format="A4", prefer_css_page_size=True))) == 1


def test_a_whole_report_is_sixteen_sheets_at_most_and_fills_them(
    new_page: Callable, report_pages: dict[str, Path]
) -> None:
    """It was 72. A sheet with little on it is one that somebody prints in vain."""
    page = new_page(report_pages["real"], media="print", width=SHEET_PX[0], height=SHEET_PX[1]).page
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    printed = pages_of(pdf)
    assert len(printed) <= MOST_SHEETS
    for number, filled in enumerate(filled_shares(pdf)[:-1], 1):
        assert filled >= 1 / 3, f"sheet {number} of {len(printed)}"


@pytest.mark.parametrize(("kind", "marks"), [("real", ["DRAFT"]), ("sample", ["DRAFT", "SYNTHETIC"])])
def test_every_printed_sheet_says_what_it_is(
    new_page: Callable, report_pages: dict[str, Path], kind: str, marks: list[str]
) -> None:
    printed = pages_of(new_page(report_pages[kind], media="print").page.pdf(format="A4", prefer_css_page_size=True))
    assert len(printed) > 5
    for number, text in enumerate(printed, 1):
        for mark in marks:
            assert mark in text, f"sheet {number} of {len(printed)}"
