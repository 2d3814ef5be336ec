"""The words of a fact: its row's columns put into the templates of the register of measures."""

from __future__ import annotations

import datetime as dt
import functools
import string
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.columns import ENGLAND
from analysis.facts.frames import Row
from analysis.facts.labels import MEASURE_LABELS, list_distance
from analysis.facts.lineage import Inputs, begun_members
from analysis.periods import census_date, long_date, month_label
from analysis.registers.measures import unit_of
from analysis.registers.roles import Roles

# Whose patients stand for a whole area (analysis.measures.patients.patients_of_areas).
_BASIS = {
    "area": "the area itself on the list",
    "pcns_on_list": "all PCNs on the list",
    "pcns_placed": "the PCNs on the list that are in a known area",
}
# How the PCNs that could have reported are known (analysis.measures.coverage): what they are, and how they are counted.
_EXPECTED = {
    "published": ("PCNs active, as the publisher counts them", "{as_published}"),
    "list": (
        "PCNs on the list of registered patients of {list_date:date}, {distance}",
        "number of ORG_CODE of PCNs on the list, and with its own area",
    ),
    "published_before": (
        "PCNs active, as last published in the year before the census",
        f"the latest pcns_active.{ENGLAND} before {{census}}",
    ),
    "seen": (
        "PCNs seen in an extract of the census or the year before it, where they were seen last",
        "number of distinct pcn_code in the extracts of the census and the twelve months before it",
    ),
    "": ("PCNs that could have reported: not known", "no published number, no list of registered patients near it"),
}
_TOO_HIGH = "; PCNs on the list that are in no known area are left out, so that it is too high"


def fill(template: str, words: Mapping[str, Any]) -> str:
    """Fill a template: ``{census:month}`` is a month, ``{census:day}`` its last day, ``{list_date:date}`` any day."""
    return "".join(
        literal if name is None else literal + _formatted(words[name], how) for literal, name, how in _pieces(template)
    )


@functools.cache
def _pieces(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """The pieces of a template: a text, the word after it, and how that is written. Templates are few, facts many."""
    return tuple((text, name, how or "") for text, name, how, _ in string.Formatter().parse(template))


def _formatted(value: Any, how: str) -> str:
    if how == "month":
        return _month(str(value))
    if how == "day":
        return _last_day(str(value))
    if how == "date":
        return long_date(value.date() if isinstance(value, dt.datetime) else value)
    return format(value, how)


_month = functools.cache(month_label)


@functools.cache
def _last_day(census: str) -> str:
    return long_date(census_date(census))


class Words(dict[str, Any]):
    """What the templates of the measures in a frame may name: the columns of the row, and words made of them.

    Each is read or made when a template names it: most name a few of sixty.
    """

    def __init__(self, frame: str, row: Row, roles: Roles, inputs: Inputs) -> None:
        self.row, self.roles, self.inputs = row, roles, inputs
        self.census, self.role = str(row["census"]), str(row.get("role", ""))
        if frame in _WORDS:
            self.update(_WORDS[frame](self))

    def __missing__(self, name: str) -> Any:
        made = _MADE[name](self) if name in _MADE else self.row[name]
        self[name] = made
        return made


_MADE: Mapping[str, Callable[[Words], str]] = {
    "role_name": lambda words: words.roles.names.get(words.role, words.role),
    "members": lambda words: ", ".join(words.roles.members(words.role)) if words.role else "",
    "begun": lambda words: ", ".join(begun_members(words.role, words.census, words.roles)) if words.role else "",
    "measure": lambda words: str(words.row.get("measure", "fte")),
    "unit": lambda words: unit_of(words["measure"]),
    "measure_label": lambda words: MEASURE_LABELS.get(words["measure"], words["measure"]),
    "as_published": lambda words: words.inputs.as_published(words.census),
    "distance": lambda words: list_distance(words.census, listed) if pd.notna(listed := _listed(words)) else "",
    "listed": lambda words: (
        f"; list of {long_date(listed.date())}, {words['distance']}" if pd.notna(listed := _listed(words)) else ""
    ),
}


def _listed(words: Words) -> Any:
    return words.row.get("list_date")


def _words_of_coverage(row: Mapping[str, Any]) -> dict[str, str]:
    basis, at = str(row["pcns_expected_basis"]), f"{row['area_code']}.{row['census']}"
    expected, formula = (fill(text, row) for text in _EXPECTED[basis])
    counted = "reporting PCNs among pcns_expected" if basis in {"list", "seen"} else "pcns_reporting"
    return {
        "expected": expected,
        "expected_formula": formula,
        "too_high": _TOO_HIGH if row["pcns_unplaced"] > 0 and row["area_code"] != ENGLAND else "",
        "share_formula": f"100 × {counted}.{at} / pcns_expected.{at}",
    }


def _words_of_bounds(row: Mapping[str, Any]) -> dict[str, str]:
    return {"reporting": "pcns_reporting" if row["measure"] == "fte" else "pcns_reporting_staff"}


def _words_of_places(row: Mapping[str, Any]) -> dict[str, str]:
    basis = str(row["patients_all_basis"])
    return {
        "basis": _BASIS.get(basis, "the area"),
        "whose": "all rows" if basis == "area" else "reporting PCNs on the list",
    }


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    "coverage": _words_of_coverage,
    "bounds": _words_of_bounds,
    "places": _words_of_places,
}
