"""Marks: what brings digits into prose without being a figure of ours. Dates, quotations, names, codes."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Protocol

from markupsafe import Markup, escape

from analysis.characters import is_right_to_left
from analysis.periods import census_date, long_date, month_label

_MONTHS = list(calendar.month_name)
_DATE = re.compile(rf"(?:(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(_MONTHS[1:])}) )?\b(?P<year>(?:19|20)\d{{2}})\b")
# A number as the page's check sees it (:mod:`analysis.publish.checks.prose`).
NUMBER = re.compile(r"\d[\d,.\u2009\u202f]*|[¼½¾⅓⅔⅛]")


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
    """Text that is data, with its dates and its numbers marked as what they are.

    For whatever was not written as a sentence of the report: the title of a check, a warning, a note, a caveat, a text
    of a register, a name from an extract. The numbers in it belong to that text and are no figures of the report.
    """
    marked, rest = Markup(""), 0
    for found in _DATE.finditer(text):
        date, name, year = found.group("day"), found.group("month"), found.group("year")
        parts = [year, f"{_MONTHS.index(name):02d}" if name else "", f"{int(date):02d}" if date else ""]
        stamp = "-".join(part for part in parts if part)
        marked += _numbered(text[rest : found.start()]) + Markup('<time datetime="{}">{}</time>').format(
            stamp, found.group()
        )
        rest = found.end()
    marked += _numbered(text[rest:])
    return Markup("<bdi>{}</bdi>").format(marked) if is_right_to_left(text) else marked


class Change(Protocol):
    """A fact as far as its mark needs it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def value(self) -> float | int | None:
        """Its unrounded value."""

    @property
    def text(self) -> str:
        """How it is printed."""


def without_sign(fact: Change) -> Markup:
    """A change as a size: ``114`` for +114 and for −114, where the words around it say the direction.

    The element keeps the value with its sign, and says by ``data-size`` that the sign is left to the words.
    """
    value = "" if fact.value is None else repr(fact.value)
    text = fact.text.lstrip("+−")
    return Markup('<data value="{}" data-fact="{}" data-size="">{}</data>').format(value, fact.id, text)


def named(part: object) -> object:
    """A part of a sentence; plain text in it that is written from right to left keeps its direction to itself.

    Else the figures beside such a name would change their places on the page.
    """
    if not isinstance(part, str) or isinstance(part, Markup):
        return part
    return Markup("<bdi>{}</bdi>").format(part) if is_right_to_left(part) else part


def _numbered(text: str) -> Markup:
    """Escaped text, with each number marked as part of it."""
    marked, rest = Markup(""), 0
    for found in NUMBER.finditer(text):
        marked += escape(text[rest : found.start()])
        marked += Markup('<data class="given" value="{}">{}</data>').format(found.group(), found.group())
        rest = found.end()
    return marked + escape(text[rest:])


def quoted(text: str) -> Markup:
    """A quoted wording: the numbers inside are the source's, not ours."""
    return Markup("<q>{}</q>").format(named(text))


def cited(text: str) -> Markup:
    """The name of a work, table or paragraph, such as "Table 1a": a name, not a figure of ours."""
    return Markup("<cite>{}</cite>").format(named(text))


def term(text: str) -> Markup:
    """A term where it is explained: the sentence that it stands in says what it means."""
    return Markup("<dfn>{}</dfn>").format(text)


def link(href: str, text: str) -> Markup:
    """A link to another file of the report."""
    return Markup('<a href="{}">{}</a>').format(href, text)


def code(text: str) -> Markup:
    """A code, file name, fact id or command, verbatim."""
    return Markup("<code>{}</code>").format(named(text))
