"""What a reader finds in the files of a report: their text, without code, style or drawing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from bs4 import BeautifulSoup, NavigableString

_UNSEEN = ("script", "style", "template")


def page_text(path: Path) -> str:
    """All text of a page: what is seen, heard, pointed at, or shown on opening; and every address."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for element in soup.find_all(_UNSEEN):
        element.decompose()
    spoken = [
        str(element[name])
        for element in soup.find_all(True)
        for name in ("aria-label", "title", "content", "alt", "href", "id", "data-fact", "datetime")
        if element.has_attr(name)
    ]
    return "\n".join([soup.get_text("\n"), *spoken])


def section_text(path: Path, heading: str) -> str:
    """The text of a page from a heading of the second level to the next one, on one line."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    start = next(found for found in soup.select("main h2") if heading in found.get_text())
    parts = []
    for element in start.next_elements:
        if getattr(element, "name", None) == "h2" and element is not start:
            break
        if isinstance(element, NavigableString):
            parts.append(str(element))
    return " ".join(" ".join(parts).split())


def texts(report: Path) -> Iterator[tuple[str, str]]:
    """Every file of a report with text in it, by name: pages, JSON, CSV, notebooks, notes, the workbook's cells."""
    for path in sorted(report.rglob("*")):
        name = path.relative_to(report).as_posix()
        if path.suffix == ".html":
            yield name, page_text(path)
        elif path.suffix == ".ipynb":
            yield name, json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
        elif path.suffix in {".json", ".csv", ".md", ".txt"}:
            yield name, path.read_text(encoding="utf-8")
        elif path.suffix == ".xlsx":
            sheets = openpyxl.load_workbook(path, read_only=True)
            cells = (str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell)
            yield name, "\n".join((*sheets.sheetnames, *cells))
