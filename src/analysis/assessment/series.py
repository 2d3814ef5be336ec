"""England's figures as the assessment asks for them: by measure, role, census and bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.columns import ENGLAND
from analysis.registers.targets import Measure

Bound = Literal["reported", "matched", "grossed_pcns", "grossed_patients"]
BOUNDS: tuple[Bound, ...] = ("reported", "matched", "grossed_pcns", "grossed_patients")
# The decomposition speaks of data sources where a reading speaks of measures; headcount has none, since a person can
# work in several PCNs and identifiers are reissued in each extract.
SOURCE_OF: Mapping[Measure, str] = {"fte": "all", "fte_staff": "staff"}


@dataclass(frozen=True)
class Figure:
    """A figure, or the reason why there is none (``[x]``, ``[z]``); ``[e]`` marks an estimate, ``[b]`` a break."""

    value: float | None
    note: str = ""


class NationalSeries:
    """England's series, from the frames ``totals``, ``bounds`` and ``decomposition`` of the measures.

    ``decomposition`` must hold every pair from a baseline to a later census.
    """

    def __init__(self, totals: pd.DataFrame, bounds: pd.DataFrame, decomposition: pd.DataFrame) -> None:
        england = totals[totals["area_code"] == ENGLAND].astype({"role": "str", "census": "str"})
        self.censuses: list[str] = sorted(england["census"].unique())
        self._totals = england.set_index(["role", "census"]).sort_index()
        keys = ["measure", "role", "census"]
        self._bounds = bounds.astype(dict.fromkeys(keys, "str")).set_index(keys).sort_index()
        keys = ["data_source", "role", "from_census", "census"]
        changes = decomposition[decomposition["area_code"] == ENGLAND].astype(dict.fromkeys(keys, "str"))
        self._changes = changes.set_index(keys).sort_index()

    def level(self, measure: Measure, role: str, census: str, bound: Bound = "reported") -> Figure:
        """The number in place at a census. A matched panel bounds changes, not levels: ``[z]``."""
        if bound == "matched":
            return Figure(None, "[z]")
        if bound == "reported":
            return _figure(self._totals, (role, census), measure, note_column="note")
        column = str(bound)
        return _figure(self._bounds, (measure, role, census), column, note_column=f"{column}_note")

    def change(self, measure: Measure, role: str, start: str, end: str, bound: Bound = "reported") -> Figure:
        """The change from one census to a later one; matched counts only PCNs that report at both."""
        if bound == "matched":
            source = SOURCE_OF.get(measure)
            if source is None:
                return Figure(None, "[z]")
            return _figure(self._changes, (source, role, start, end), "in_both_fte", note_column="note")
        first, last = self.level(measure, role, start, bound), self.level(measure, role, end, bound)
        if first.value is None or last.value is None:
            return Figure(None, first.note if first.value is None else last.note)
        return Figure(last.value - first.value, "[e]" if "[e]" in (first.note, last.note) else "")


def _figure(frame: pd.DataFrame, key: tuple[str, ...], column: str, note_column: str) -> Figure:
    if key not in frame.index:
        return Figure(None, "[x]")
    row = frame.loc[[key]].iloc[0]
    note = row[note_column] if note_column in frame and isinstance(row[note_column], str) else ""
    if pd.isna(row[column]):
        return Figure(None, note if note in {"[x]", "[z]"} else "[x]")
    return Figure(float(row[column]), note)
