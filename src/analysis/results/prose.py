"""Prose with facts in it.

``say("In {when}, {n} FTE …", when=month("2022-09"), n=facts["fte.splw.ENG.2022-09"])`` gives a paragraph in which
each number carries its identity. Everything that is put in is escaped; only facts and the small set of marked things
below may bring digits: the page's own check refuses any other.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from analysis.periods import census_date, long_date, month_label
from analysis.results.tables import Table, shown

if TYPE_CHECKING:
    from analysis.results.figures import Figure


_MONTHS = list(calendar.month_name)
_DATE = re.compile(rf"(?:(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(_MONTHS[1:])}) )?\b(?P<year>(?:19|20)\d{{2}})\b")


@dataclass(frozen=True)
class Prose:
    """A piece of prose, as HTML that is safe to put into a page. Shows itself in Jupyter."""

    html: Markup
    tag: str = "p"
    css_class: str = ""
    tables: tuple[Table, ...] = field(default=(), repr=False, compare=False)

    def __html__(self) -> str:
        return self.html

    def to_html(self) -> Markup:
        """The prose in its own element."""
        opening = (
            Markup('<{} class="{}">').format(self.tag, self.css_class) if self.css_class else Markup(f"<{self.tag}>")
        )
        return opening + self.html + Markup(f"</{self.tag}>")

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
    return Prose(Markup(escape(template)).format(**parts), tag=tag, css_class=css_class)


def bullets(items: list[Prose], *, css_class: str = "") -> Prose:
    """A list, one item a piece of prose."""
    inner = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Prose(inner, tag="ul", css_class=css_class)


def definitions(items: list[tuple[str, list[Prose]]], *, css_class: str = "") -> Prose:
    """Terms, each with one or more paragraphs."""
    inner = Markup("").join(
        Markup("<dt>{}</dt>{}").format(term, Markup("").join(Markup("<dd>{}</dd>").format(part) for part in parts))
        for term, parts in items
    )
    return Prose(inner, tag="dl", css_class=css_class)


def panel(parts: Sequence[Prose | Figure | Table], *, css_class: str) -> Prose:
    """Prose, figures and tables in one box, in their order."""
    tables: list[Table] = []
    for part in parts:
        tables.extend([part] if isinstance(part, Table) else getattr(part, "tables", ()))
    return Prose(Markup("").join(part.to_html() for part in parts), "div", css_class, tuple(tables))


def joined(parts: list[Prose], separator: str = " ") -> Prose:
    """Several pieces as one paragraph."""
    return Prose(Markup(separator).join(part.html for part in parts))


def listed(parts: list[object], last: str = "and") -> Markup:
    """``a, b and c``."""
    escaped = [escape(part) for part in parts]
    if len(escaped) < 2:  # noqa: PLR2004 - one thing needs no comma
        return Markup("").join(escaped)
    return Markup(", ").join(escaped[:-1]) + Markup(" {} ").format(last) + escaped[-1]


def month(census: str) -> Markup:
    """A census month in words, marked as a date."""
    return Markup('<time datetime="{}">{}</time>').format(census, month_label(census))


def day(date: dt.date) -> Markup:
    """A day in words, marked as a date."""
    return Markup('<time datetime="{}">{}</time>').format(date.isoformat(), long_date(date))


def census_day(census: str) -> Markup:
    """The day of a census, marked as a date."""
    return day(census_date(census))


def dated(text: str) -> Markup:
    """Text of a register, with its dates marked as dates; any other number in it is left for the page's check to find."""
    marked, rest = Markup(""), 0
    for found in _DATE.finditer(text):
        date, name, year = found.group("day"), found.group("month"), found.group("year")
        parts = [year, f"{_MONTHS.index(name):02d}" if name else "", f"{int(date):02d}" if date else ""]
        stamp = "-".join(part for part in parts if part)
        marked += escape(text[rest : found.start()]) + Markup('<time datetime="{}">{}</time>').format(
            stamp, found.group()
        )
        rest = found.end()
    return marked + escape(text[rest:])


def quoted(text: str) -> Markup:
    """A quoted wording: the numbers inside are the source's, not ours."""
    return Markup("<q>{}</q>").format(text)


def cited(text: str) -> Markup:
    """The name of a work, table or paragraph, such as "Table 1a": a name, not a figure of ours."""
    return Markup("<cite>{}</cite>").format(text)


def code(text: str) -> Markup:
    """A code, file name, fact id or command, verbatim."""
    return Markup("<code>{}</code>").format(text)
