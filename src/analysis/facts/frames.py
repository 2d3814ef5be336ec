"""The frames in which facts are looked up: those of the measures, some with columns that only facts need."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.columns import CONTRACTED, ENGLAND, STAFF
from analysis.measures.patients import days_after
from analysis.registers.measures import MeasureDefinition

ALL = "all"  # as data source: staff and contracted services together
# Which measure the FTE of a data source is.
MEASURE_OF = {ALL: "fte", STAFF: "fte_staff", CONTRACTED: "fte_contracted"}


class Row(Mapping[Hashable, Any]):
    """A row of a frame, whose columns are read when they are asked for."""

    __slots__ = ("_part", "_place")

    def __init__(self, part: _Part, place: int) -> None:
        self._part, self._place = part, place

    def __getitem__(self, name: Hashable) -> Any:
        return self._part.column(name)[self._place]

    def get(self, name: Hashable, default: Any = None) -> Any:
        """The value of a column, or ``default`` where the frame has no such column."""
        return self[name] if name in self._part.names else default

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._part.frame.columns)

    def __len__(self) -> int:
        return len(self._part.frame.columns)


class _Part:
    """The rows of an area in a frame, each column as a list once it was asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.names = frozenset(frame.columns)
        self._columns: dict[Hashable, list[Any]] = {}

    def column(self, name: Hashable) -> list[Any]:
        if name not in self._columns:
            self._columns[name] = self.frame[name].tolist()
        return self._columns[name]


class FactFrames:
    """The rows of the frames by area, each read once.

    Parameters
    ----------
    frames
        The frames of :class:`analysis.facts.analysis.Measures` by name; one may be read from disk when it is asked for.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = frames
        self._prepared: dict[str, pd.DataFrame] = {}
        self._places: dict[str, dict[Any, Any]] = {}
        self._parts: dict[tuple[str, str], _Part] = {}
        self._indexed: dict[tuple[object, ...], dict[tuple[str, ...], Row]] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """The frame ``name`` as facts read it; empty where the report has none."""
        if name not in self._prepared:
            prepare = _PREPARE.get(name)
            self._prepared[name] = prepare(self._frames) if prepare else _frame_of(self._frames, name)
        return self._prepared[name]

    def areas(self, name: str) -> list[str]:
        """The codes of the areas in the frame ``name``."""
        if name not in self._places:
            frame = self.frame(name)
            self._places[name] = dict(frame.groupby("area_code").indices) if len(frame) else {}
        return list(self._places[name])

    def rows_by_key(self, measure: MeasureDefinition, area: str) -> Mapping[tuple[str, ...], Row]:
        """The rows of an area that have a figure of ``measure``, by the key columns of its id.

        Several rows may have the figure, such as a count of networks whatever the role: they agree; the first is taken.
        """
        key = (measure.frame, measure.keys, measure.where, measure.needs, area)
        if key not in self._indexed:
            part, found = self._part(measure.frame, area), dict[tuple[str, ...], Row]()
            if len(part.frame):
                places = np.flatnonzero(has_figure(measure, part.frame))
                texts = [part.frame[column].astype("str").to_numpy()[places] for column in measure.keys]
                for place, *names in zip(places.tolist(), *texts, strict=True):
                    found.setdefault(tuple(names), Row(part, place))
            self._indexed[key] = found
        return self._indexed[key]

    def _part(self, name: str, area: str) -> _Part:
        """The rows of an area in the frame ``name``."""
        if (name, area) not in self._parts:
            there = area in self.areas(name)
            rows = self.frame(name).take(self._places[name][area]) if there else pd.DataFrame()
            self._parts[name, area] = _Part(rows)
        return self._parts[name, area]


def has_figure(measure: MeasureDefinition, frame: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of its frame the measure is of."""
    kept = frame[measure.needs].notna() if measure.needs else pd.Series(data=True, index=frame.index)
    column, value, equal = measure.where
    return kept & ((frame[column].astype("str") == value) == equal) if column else kept


def rows_with_figure(measure: MeasureDefinition, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of its frame that the measure is of."""
    kept = has_figure(measure, frame)
    return frame if kept.all() else frame[kept]


def _frame_of(frames: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    return frames[name] if name in frames else pd.DataFrame()


def _decomposition(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """With the measure whose change is divided."""
    frame = _frame_of(frames, "decomposition")
    return frame.assign(measure=frame["data_source"].map(MEASURE_OF)) if len(frame) else frame


def _usual_changes(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """With the size of each change, without its sign."""
    frame = _frame_of(frames, "usual_changes")
    if frame.empty:
        return frame
    return frame.assign(size_of_change=frame["change"].abs(), size_of_change_pct=frame["change_pct"].abs())


def _places(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """With the days between the census and the list of registered patients that serves it."""
    frame = _frame_of(frames, "places")
    if frame.empty:
        return frame
    pairs = frame[["census", "list_date"]].drop_duplicates().dropna()
    distances = [abs(days_after(str(census), date)) for census, date in pairs.itertuples(index=False)]
    return frame.merge(pairs.assign(list_distance=distances), on=["census", "list_date"], how="left")


def _deprivation_fifths(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """With the date of the list of patients that each rests on, of the roles that are ranked."""
    fifths, summary = (_frame_of(frames, name) for name in ("deprivation_fifths", "deprivation"))
    if fifths.empty or summary.empty:
        return pd.DataFrame()
    ranked = summary[summary["pcns_ranked"].notna()]
    return fifths.merge(ranked[["census", "role", "list_date"]], on=["census", "role"])


def _area_directions(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """In how many integrated care boards FTE rose, fell or stayed, in networks that reported at both censuses."""
    frame = _frame_of(frames, "area_growth")
    if frame.empty:
        return frame
    boards = frame[(frame["level"] == "icb") & frame["in_both_change_fte"].notna()]
    # Sums of the same rows in another order differ in the last binary digits.
    change = boards["in_both_change_fte"].round(6)
    signs = {"icbs_rose": change > 0, "icbs_fell": change < 0, "icbs_level": change == 0}
    keys = ["role", "since", "from_census", "census"]
    counts = boards[keys].assign(**signs).groupby(keys, as_index=False).sum()
    return counts.assign(level="england", area_code=ENGLAND, area_name="England")


_PREPARE: Mapping[str, Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame]] = {
    "decomposition": _decomposition,
    "usual_changes": _usual_changes,
    "places": _places,
    "deprivation_fifths": _deprivation_fifths,
    "area_directions": _area_directions,
}
