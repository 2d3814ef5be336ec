"""Where a figure comes from, in words for a reader who knows neither the data nor the terms of the project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.facts.fact import Fact, Status
from analysis.periods import month_label

if TYPE_CHECKING:
    from collections.abc import Iterable

_CENSUS = re.compile(r"^\d{4}-\d{2}$")
# The terms of the definitions in registers/measures.csv, longest first: each is replaced where it stands.
_PLAIN = (
    ("PCNs with any row of any role", "networks that sent any data"),
    ("any row of any role", "any data"),
    (
        "full-time equivalent of all rows, staff and contracted services",
        "full-time equivalents of staff and contracted services",
    ),
    ("full-time equivalent of rows of NWRS Staff", "full-time equivalents of the networks’ own staff"),
    ("full-time equivalent of rows of NWRS contracted services", "full-time equivalents of contracted services"),
    ("people in rows of NWRS Staff", "people among the networks’ own staff"),
    ("rows of NWRS contracted services", "contracted services"),
    ("rows of NWRS Staff", "the networks’ own staff"),
    ("any row of NWRS Staff", "any staff of their own"),
    ("NWRS Staff only", "the networks’ own staff only"),
    ("NWRS Staff", "the networks’ own staff"),
    ("FTE, all rows", "full-time equivalents"),
    ("one FTE", "one full-time equivalent"),
    ("FTE", "full-time equivalents"),
    ("fte", "full-time equivalents"),
    ("PCNs", "networks"),
    ("PCN", "network"),
)
_TERM = re.compile(r"(?<![\w’])(" + "|".join(re.escape(term) for term, _ in _PLAIN) + r")(?!\w)")
_ONE = {"people": "person", "PCNs": "network", "FTE": "full-time equivalent"}
# A unit that says nothing to a reader.
_UNSPOKEN = {"", "in no stated unit", "index"}
_STATUS_SENTENCES = {
    Status.REPORTED: "",
    Status.ESTIMATED: "It is an estimate, not a count.",
    Status.BREAK: "From this census on, the series counts something else than before.",
    Status.PROVISIONAL: "It is provisional: the publisher may still change it.",
    Status.REVISED: "The publisher has changed it since it first appeared.",
    Status.NOT_AVAILABLE: "It is not available.",
    Status.NOT_APPLICABLE: "It does not apply here.",
}


# Of two censuses: a break lies between them, and does not begin with the later one.
_OF_TWO = re.compile(r"change|since|below_peak")
_CROSSES_A_BREAK = "A break in the series lies between the two dates, so that they do not count quite the same."


def status_sentence(fact: Fact) -> str:
    """What the status of a figure means, in a sentence; nothing of one as reported."""
    if fact.status is Status.BREAK and _OF_TWO.search(fact.id.partition(".")[0]):
        return _CROSSES_A_BREAK
    return _STATUS_SENTENCES[fact.status]


def in_plain_words(text: str) -> str:
    """A definition without the terms of the data.

    >>> in_plain_words("England, June 2026: PCNs with any row of any role")
    'England, June 2026: networks that sent any data'
    """
    plain = dict(_PLAIN)
    return _TERM.sub(lambda term: plain[term[0]], text)


def with_unit(fact: Fact) -> str:
    """The printed figure with its unit in words: ``1,105 networks``, ``7.6%``, ``1 day``."""
    unit = fact.unit
    if unit in _UNSPOKEN or fact.text.endswith(unit):
        return fact.text
    if fact.text.lstrip("+−") == "1":
        unit = _ONE.get(unit) or (unit[:-1] if unit.endswith("s") and " " not in unit else in_plain_words(unit))
        return f"{fact.text} {unit}"
    return f"{fact.text} {in_plain_words(unit)}"


def link_name(fact: Fact) -> str:
    """The accessible name of the link from a figure: out of its sentence, ``2`` alone says nothing.

    It begins with the figure as it is seen, so that somebody who speaks to the browser can name it (WCAG 2.5.3).
    """
    return f"{with_unit(fact)}, where this comes from"


def period_label(fact: Fact) -> str:
    """The census in words; a period of another form as it is."""
    return month_label(fact.period) if _CENSUS.match(fact.period) else fact.period


def counted_from(rows: Iterable[int]) -> str:
    """How many rows of how many files a figure was counted from, as a sentence; ``rows`` has a number for each file.

    >>> counted_from([17239])
    'It was counted from 17,239 rows of one file.'
    """
    of_files = list(rows)
    if not of_files:
        return "It was not counted from rows of a file: it comes from the settings or the checks of this report."
    total = sum(of_files)
    files = "one file" if len(of_files) == 1 else f"{len(of_files):,} files"
    if not total:
        return f"It was looked for in {files}, and no row counts towards it."
    return f"It was counted from {total:,} {'row' if total == 1 else 'rows'} of {files}."
