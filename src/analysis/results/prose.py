"""Prose with facts in it.

``say("In {when}, {n} FTE …", when=month("2022-09"), n=facts["fte.splw.ENG.2022-09"])`` gives a paragraph in which
each number carries its identity. Everything that is put in is escaped; only facts and the small set of marked things
below may bring digits: the page's own check refuses any other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from markupsafe import Markup, escape

from analysis.periods import census_date, long_date, month_label


@dataclass(frozen=True)
class Prose:
    """A piece of prose, as HTML that is safe to put into a page. Shows itself in Jupyter."""

    html: Markup
    tag: str = "p"
    css_class: str = ""

    def __html__(self) -> str:
        return self.html

    def _repr_html_(self) -> str:
        opening = Markup('<{} class="{}">').format(self.tag, self.css_class) if self.css_class else f"<{self.tag}>"
        return f"{opening}{self.html}</{self.tag}>"

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


def month(census: str) -> Markup:
    """A census month in words, marked as a date."""
    return Markup('<time datetime="{}">{}</time>').format(census, month_label(census))


def day(date: dt.date) -> Markup:
    """A day in words, marked as a date."""
    return Markup('<time datetime="{}">{}</time>').format(date.isoformat(), long_date(date))


def census_day(census: str) -> Markup:
    """The day of a census, marked as a date."""
    return day(census_date(census))


def quoted(text: str) -> Markup:
    """A quoted wording: the numbers inside are the source's, not ours."""
    return Markup("<q>{}</q>").format(text)


def cited(text: str) -> Markup:
    """The name of a work, table or paragraph, such as "Table 1a": a name, not a figure of ours."""
    return Markup("<cite>{}</cite>").format(text)


def code(text: str) -> Markup:
    """A code, file name, fact id or command, verbatim."""
    return Markup("<code>{}</code>").format(text)
