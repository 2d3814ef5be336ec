"""What a measure means whatever the role, area and census: its definition in the register, in general words."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from analysis.registers.measures import MeasureDefinition

# What stands in the place of a value of a row. A census that a measure names by its own word is told by that word.
_GENERAL: Mapping[str, str] = {
    "role_name": "the role",
    "area_name": "the area",
    "census": "the census",
    "from_census": "the earlier census",
    "month_ago_census": "the census a month before",
    "quarter_ago_census": "the census three months before",
    "year_ago_census": "the census a year before",
    "peak_census": "the census of its peak",
    "first_census": "the first census",
    "longest_rise_from": "its first census",
    "longest_rise_to": "its last",
    "longest_fall_from": "its first census",
    "longest_fall_to": "its last",
    "current_run_from": "its first census",
    "list_date": "the nearest date",
    "expected": "PCNs that could have reported",
    # These say more of one figure, and nothing of all.
    "figures": "",
    "listed": "",
    "too_high": "",
}
_MEASURES: Mapping[str, str] = {
    "fte": "FTE",
    "fte_staff": "FTE of the networks’ own staff",
    "fte_contracted": "FTE of contracted services",
    "headcount": "headcount",
}
# What a definition is of, before its first colon: role, area and census, which a row of figures names itself.
_OF_WHAT = re.compile(r"^(\{[^}]*\}|[\s,]|to)+:\s*")


class _General(string.Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:  # noqa: ARG002
        return str(kwargs[str(key)])

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ARG002 - "month" or "day" of a general word
        return str(value)


def meaning_of(measure: MeasureDefinition, of: str = "fte") -> str:
    """The definition of a measure in general words; ``of`` is the measure of a measure, such as ``headcount``.

    Raises
    ------
    KeyError
        The definition names a value that has no general word.
    """
    words = {**_GENERAL, "measure": _MEASURES[of], "measure_label": _MEASURES[of]}
    text = _General().vformat(_OF_WHAT.sub("", measure.definition), (), words)
    text = " ".join(text.replace("the census of the census", "the census").split())
    return text[0].upper() + text[1:]


def series_of(measures: Iterable[MeasureDefinition]) -> Iterator[tuple[str, str, MeasureDefinition]]:
    """What the column ``measure`` of the tidy figures may say, what that is a measure of, and the measure."""
    for measure in measures:
        for each in [*_MEASURES] if "measure" in measure.keys else ["fte"]:
            yield measure.series(each), each, measure
