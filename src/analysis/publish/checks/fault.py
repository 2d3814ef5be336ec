"""A fault: which rule, which element, where, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

_SNIPPET = 100
# What a reader loses by these is small, and the day of publication is fixed: they make the report a draft that names
# them. Every other rule is of something that some reader could not use, or that would be unsafe or untrue: it stops.
_OF_STYLE = frozenset(["prose numbers", "size"])


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a page. ``line`` counts from 1 in the page's source; ``None`` where it has no one line."""

    rule: str
    element: str
    line: int | None
    message: str

    @property
    def stops(self) -> bool:
        """Whether a page with this fault may not be published; else the report is a draft that names it."""
        return self.rule not in _OF_STYLE

    def __str__(self) -> str:
        where = "" if self.line is None else f" line {self.line}:"
        return f"[{self.rule}]{where} {self.message}: {self.element}"


def beginning(html: str) -> str:
    """The beginning of an element, by which it is shown."""
    text = " ".join(html.split())
    return text[:_SNIPPET] + ("…" if len(text) > _SNIPPET else "")
