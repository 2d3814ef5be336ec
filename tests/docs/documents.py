"""Reading the documents: their tables, fenced blocks, headings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(path for path in sorted(DOCS.rglob("*.md"))),
]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the text since the block before."""

    language: str
    text: str
    before: str

    @property
    def named_file(self) -> str:
        """The file that the text before names last, as a path in backticks."""
        return re.findall(r"`([\w./-]+\.(?:toml|ipynb|py|md))`", self.before)[-1]


def blocks(document: Path) -> list[Block]:
    """The fenced blocks of a document, in order."""
    text, found, rest = document.read_text(encoding="utf-8"), [], 0
    for match in _FENCE.finditer(text):
        found.append(Block(match.group(1), match.group(2), text[rest : match.start()]))
        rest = match.end()
    return found


def tables(text: str) -> Iterator[list[dict[str, str]]]:
    """The tables of a Markdown text, each as rows by heading."""
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip("|").split(" |")] for line in table.strip().splitlines()]
        head = lines[0]
        yield [dict(zip(head, (cell.strip() for cell in line), strict=True)) for line in lines[2:]]


def table(document: Path, *headings: str) -> list[dict[str, str]]:
    """The rows of all tables of a document that have these headings."""
    rows = [row for found in tables(document.read_text(encoding="utf-8")) for row in found if set(headings) == set(row)]
    assert rows, f"{document.name} has no table with the headings {headings}"
    return rows


def code(cell: str) -> list[str]:
    """What stands in backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def section(document: Path, heading: str) -> str:
    """The text below a heading, up to the next of its level or above."""
    text = document.read_text(encoding="utf-8")
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{document.name} has no heading {heading!r}"
    return found.group(1)


def anchors(document: Path) -> set[str]:
    """The anchors that headings make, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(document: Path) -> list[str]:
    """The targets of a document's links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", document.read_text(encoding="utf-8")))


def number(text: str) -> float:
    """A printed number: commas, a true minus sign, a plus sign."""
    return float(text.replace(",", "").replace("−", "-"))


def decimals(text: str) -> int:
    """The decimals of a printed number."""
    return len(text.partition(".")[2])
