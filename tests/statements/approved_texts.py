"""The text of a page as lines, and the approved text that it is held against: a change of wording is a diff in review.

Plain files and no library: a reviewer reads them as they are, and the option ``--approve`` writes them anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "approved"
COMMAND = "make approve"
_NOT_TEXT = "script, style, nav, header, footer, .origins, table thead, table tbody, .download"
_MARKS = {
    "h1": "# ",
    "h2": "## ",
    "h3": "### ",
    "h4": "#### ",
    "li": "- ",
    "dt": "",
    "dd": ": ",
    "caption": "table: ",
    "desc": "alt: ",
}
_BLOCKS = [*_MARKS, "p"]


def text_of_page(page: BeautifulSoup) -> str:
    """Headings, prose, lists, titles and text alternatives of charts and titles of tables: one line for each."""
    soup = BeautifulSoup(str(page.find("main") or page), "html.parser")
    for tag in soup.select(_NOT_TEXT):
        tag.decompose()
    return "\n".join(_lines(soup)) + "\n"


def _lines(soup: BeautifulSoup) -> Iterator[str]:
    for block in soup.find_all(_BLOCKS):
        text = re.sub(r"\s+", " ", block.get_text()).strip()
        if not text or block.find(_BLOCKS):
            continue
        if block.name in {"h2", "h3"}:
            yield ""
        yield f"{_MARKS.get(block.name, '')}{text}"


def approved(name: str) -> Path:
    """The file with the approved text of a report."""
    return FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.txt"
