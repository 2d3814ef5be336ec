"""England's figures as the assessment asks for them: by measure, role, census and bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from analysis.columns import ENGLAND, STAFF
from analysis.registers.targets import Measure

Bound = Literal["reported", "matched", "grossed_pcns", "grossed_patients"]
BOUNDS: tuple[Bound, ...] = ("reported", "matched", "grossed_pcns", "grossed_patients")
# The decomposition speaks of data sources where a reading speaks of measures; headcount has none, since a person can
# work in several PCNs and identifiers are reissued in each extract.
SOURCE_OF: Mapping[Measure, str] = {"fte": "all", "fte_staff": STAFF}
_NOTE_OF: Mapping[Measure, str] = {"fte": "note", "fte_staff": "split_note", "headcount": "headcount_note"}


_Rows = dict[tuple[Any, ...], dict[Any, Any]]


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
        self.censuses: list[str] = sorted(_england(totals, ["census"])["census"].astype("str").unique())
        levels = [*_NOTE_OF, *_NOTE_OF.values()]
        bound = [name for each in BOUNDS[2:] for name in (each, f"{each}_note")]
        self._totals = _by(totals, ["role", "census"], levels)
        self._bounds = _by(bounds, ["measure", "role", "census"], bound)
        self._changes = _by(decomposition, ["data_source", "role", "from_census", "census"], ["in_both_fte", "note"])

    def level(self, measure: Measure, role: str, census: str, bound: Bound = "reported") -> Figure:
        """The number in place at a census. A matched panel bounds changes, not levels: ``[z]``."""
        if bound == "matched":
            return Figure(None, "[z]")
        if bound == "reported":
            return _figure(self._totals, (role, census), measure, note_column=_NOTE_OF[measure])
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


def _england(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return frame.loc[frame["area_code"] == ENGLAND, columns]


def _by(frame: pd.DataFrame, keys: list[str], columns: list[str]) -> _Rows:
    """England's rows by what identifies them. A dictionary: thousands of single look-ups are slow in a frame."""
    england = _england(frame, [*keys, *columns])
    rows = zip(*(england[name].tolist() for name in columns), strict=True)
    texts = zip(*(england[name].astype("str").tolist() for name in keys), strict=True)
    return {key: dict(zip(columns, row, strict=True)) for key, row in zip(texts, rows, strict=True)}


def _figure(rows: _Rows, key: tuple[str, ...], column: str, note_column: str) -> Figure:
    row = rows.get(key)
    if row is None:
        return Figure(None, "[x]")
    value, note = row[column], row[note_column]
    note = note if isinstance(note, str) else ""
    if pd.isna(value):
        return Figure(None, note if note in {"[x]", "[z]"} else "[x]")
    return Figure(float(value), note)
