"""What a text may do with a value: ``{{ period|month }}``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from jinja2 import pass_context
from markupsafe import Markup, escape

from analysis.markup import marks
from analysis.markup.left_out import part_left_out
from analysis.markup.prose import Prose, listed
from analysis.periods import census_date


def month(date: object) -> Markup:
    """A census, or a date, as its month: ``September 2022``."""
    return marks.month(f"{date:%Y-%m}" if isinstance(date, dt.date) else str(date))


def day(date: object) -> Markup:
    """A date, or the day of a census: ``30 September 2022``."""
    return marks.day(date if isinstance(date, dt.date) else census_date(str(date)))


def list_of(values: Iterable[object], last: str = "and") -> Markup:
    """``a, b and c``; ``{{ names|listed("or") }}`` for ``a, b or c``."""
    return listed([part for value in values if (part := value) is not None], last)


def at_start(text: object) -> Markup:
    """The same words at the start of a sentence: ``Link workers``."""
    words = escape(text)
    return words[:1].upper() + words[1:]


def given(text: object) -> Markup:
    """A text that is data: its dates and numbers belong to it, and are no figures of the report."""
    return text if isinstance(text, Markup) else marks.dated(str(text))


def went(change: object) -> str:
    """``rose`` or ``fell``, by the sign of a change; ``changed`` where it is zero."""
    value = float(change.value)  # type: ignore[attr-defined]  # a figure of a text has one
    return "rose" if value > 0 else "fell" if value < 0 else "changed"


def size(change: object) -> Markup:
    """A change without its sign, to follow ``rose by`` or ``fell by``."""
    fact: Any = change  # a fact, or a figure of a text, which holds one
    return marks.without_sign(getattr(fact, "fact", fact))


@pass_context  # else Jinja2 works a constant out when it reads the text, and makes an inline text of it
def left_out(_: object, reason: str | Prose, **parts: object) -> Prose:
    """Leave out the part of the report that the text is in, for this reason: a sentence on a line of its own."""
    return part_left_out(reason, **parts)


def link(text: object, address: str) -> Markup:
    """Words that lead to another file of the report: ``{{ "methodology"|link("../methodology.html") }}``."""
    return marks.link(address, str(text))


FILTERS = {
    "month": month,
    "day": day,
    "listed": list_of,
    "at_start": at_start,
    "given": given,
    "quoted": lambda text: marks.quoted(str(text)),
    "cited": lambda text: marks.cited(str(text)),
    "code": lambda text: marks.code(str(text)),
    "link": link,
    "went": went,
    "size": size,
    "term": marks.term,
    "left_out": left_out,
}
