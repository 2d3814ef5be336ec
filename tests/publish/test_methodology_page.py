"""The methodology as a page: it passes the page's checks and keeps every table readable by a screen reader."""

from __future__ import annotations

from bs4 import BeautifulSoup

from analysis.publish.checks import check_page
from analysis.publish.context import PageContext
from analysis.publish.methodology_page import render_methodology

TEXT = """# Methodology

Read [the how-to](how-to/add-a-target.md) or [the source](https://example.org/).

## Bounds

| | value |
|---|---|
| <b>reported</b> | 10 |

## Bounds again

| name | value |
|---|---|
| a | 1 |
"""


def rendered() -> BeautifulSoup:
    """The page of the text above."""
    return BeautifulSoup(render_methodology(TEXT, PageContext("Methodology", "How it is done.")), "html.parser")


def test_the_page_passes_its_own_checks() -> None:
    """The same rules as for the report, the one on numbers apart."""
    assert check_page(str(rendered()), kind="methodology") == []


def test_tables_get_captions_scopes_and_regions_with_names_of_their_own() -> None:
    """Markdown knows none of these."""
    page = rendered()
    captions = [caption.get_text() for caption in page.find_all("caption")]
    assert captions == ["Bounds (table 1)", "Bounds again (table 2)"]
    assert all(cell.get("scope") in {"col", "row"} for cell in page.select("table th"))
    assert len(page.select(".table-scroll[tabindex='0'][role=region]")) == 2


def test_links_to_documents_that_do_not_travel_become_text() -> None:
    """A dead link on an offline page would be worse than none."""
    page = rendered()
    assert "the how-to" in page.get_text()
    assert [link["href"] for link in page.select("main a") if not link["href"].startswith("#")] == [
        "https://example.org/"
    ]
