"""A fault: which rule, which element, where, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4 import Tag

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_SNIPPET = 100
# What a reader loses by these is small, and the day of publication is fixed: they make the report a draft that names
# them. Every other rule is of something that some reader could not use, or that would be unsafe or untrue: it stops.
_OF_STYLE = frozenset(["prose numbers", "size"])


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a page. ``line`` counts from 1 in the page's source."""

    rule: str
    element: str
    line: int
    message: str

    @property
    def stops(self) -> bool:
        """Whether a page with this fault may not be published; else the report is a draft that names it."""
        return self.rule not in _OF_STYLE

    def __str__(self) -> str:
        return f"[{self.rule}] line {self.line}: {self.message}: {self.element}"


def fault(rule: str, tag: Tag, message: str) -> Fault:
    """A fault of an element, shown by its beginning."""
    text = " ".join(str(tag).split())
    return Fault(rule, text[:_SNIPPET] + ("…" if len(text) > _SNIPPET else ""), tag.sourceline or 1, message)


def elements(soup: BeautifulSoup) -> list[Tag]:
    """Every element in document order: many times faster than a selector on a page of thirty thousand."""
    return [node for node in soup.descendants if isinstance(node, Tag)]
