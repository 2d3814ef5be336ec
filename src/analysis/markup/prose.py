"""Prose with facts in it.

``say("In {when}, {n} FTE …", when=month("2022-09"), n=facts["fte.splw.ENG.2022-09"])`` gives a paragraph in which
each number carries its identity. Everything that is put in is escaped; only facts and the small set of marked things
below may bring digits: the page's own check refuses any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from markupsafe import Markup, escape

from analysis.markup.marks import (
    Change,
    census_day,
    cited,
    code,
    dated,
    day,
    link,
    month,
    named,
    quoted,
    term,
    without_sign,
)
from analysis.markup.notebook_output import TableData, shown


class Block(Protocol):
    """What can stand in a panel: prose, a figure, a table."""

    @property
    def tables(self) -> tuple[TableData, ...]:
        """The tables in it, which the notebook's output carries as data."""

    def to_html(self) -> Markup:
        """Give the HTML of the block, in its own element."""


@dataclass(frozen=True)
class Prose:
    """A piece of prose, as HTML that is safe to put into a page. Shows itself in Jupyter."""

    html: Markup
    tag: str = "p"
    css_class: str = ""
    tables: tuple[TableData, ...] = field(default=(), repr=False, compare=False)

    def __html__(self) -> str:
        return self.html

    def to_html(self) -> Markup:
        """The prose in its own element."""
        css_class = Markup(' class="{}"').format(self.css_class) if self.css_class else ""
        return Markup("<{tag}{css_class}>{html}</{tag}>").format(tag=self.tag, css_class=css_class, html=self.html)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self.to_html(), self.tables)

    @property
    def text(self) -> str:
        """The prose as plain text."""
        return self.html.striptags()

    def __str__(self) -> str:
        return self.text


def say(template: str, *, tag: str = "p", css_class: str = "", **parts: object) -> Prose:
    """Fill ``template``: it is escaped itself, and so are the parts, unless they are facts or marked below."""
    inserted = {name: named(part) for name, part in parts.items()}
    return Prose(escape(template).format(**inserted), tag=tag, css_class=css_class)


def bullets(items: list[Prose], *, css_class: str = "") -> Prose:
    """A list, one item a piece of prose."""
    inner = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Prose(inner, tag="ul", css_class=css_class)


def panel(parts: Sequence[Block], *, css_class: str) -> Prose:
    """Prose, figures and tables in one box, in their order."""
    tables = tuple(table for part in parts for table in part.tables)
    return Prose(Markup("").join(part.to_html() for part in parts), "div", css_class, tables)


def moved(change: Change, up: str, down: str, level: str = "did not change") -> Prose:
    """``rose by 144 FTE``: a verb of the direction of a change, its size without a sign; ``level`` where it is zero."""
    if not change.value:
        return say(level)
    return say("{verb} {size} FTE", verb=up if change.value > 0 else down, size=without_sign(change))


def joined(parts: list[Prose], separator: str = " ") -> Prose:
    """Several pieces as one paragraph."""
    return Prose(escape(separator).join(part.html for part in parts))


def listed(parts: list[object], last: str = "and") -> Markup:
    """``a, b and c``."""
    escaped = [escape(named(part)) for part in parts]
    if len(escaped) < 2:  # noqa: PLR2004 - one thing needs no comma
        return Markup("").join(escaped)
    return Markup(", ").join(escaped[:-1]) + Markup(" {} ").format(last) + escaped[-1]


__all__ = [
    "Prose",
    "bullets",
    "census_day",
    "cited",
    "code",
    "dated",
    "day",
    "joined",
    "link",
    "listed",
    "month",
    "moved",
    "panel",
    "quoted",
    "say",
    "term",
    "without_sign",
]
