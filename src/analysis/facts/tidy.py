"""Facts as one tidy frame: a row for each figure, made of whole columns and not of one fact after another."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.columns import ENGLAND
from analysis.facts.fact import Status
from analysis.facts.formula import evaluate
from analysis.facts.frames import FactFrames, rows_with_figure
from analysis.registers.measures import LEVELS_FROM_THE_TOP, MeasureDefinition, unit_of

# The columns of the frame: how each is called, and what it means.
COLUMN_MEANINGS: Mapping[str, tuple[str, str]] = {
    "measure": (
        "Measure",
        "What is measured, as the identity of a figure begins. The dictionary has a row for each",
    ),
    "role": ("Role code", "Code of the role or role group; empty for a count of PCNs whatever their roles"),
    "area_code": ("Area code", "Organisation code of the area; ENG is England"),
    "area_name": ("Area name", "Name of the area, as the extract has it"),
    "level": ("Level", "Level of geography of the area"),
    "from_census": (
        "Earlier census",
        "Census that a change is counted from, where there can be several; else empty",
    ),
    "census": ("Census", "Census of the figure, the last day of which is counted"),
    "value": ("Value", "The figure, unrounded; empty where there is none"),
    "unit": ("Unit", "Unit of the value"),
    "status": ("Status", "Whether the figure is as reported, an estimate, crosses a break, or is missing"),
    "source": (
        "Source",
        "Where it is from: individual-level extract, bulletin tables or register of published totals",
    ),
    "note": ("Note", "The status in shorthand; empty for a figure as reported"),
}
COLUMNS = [*COLUMN_MEANINGS]
OF_IDS = ("measure", "role", "area_code", "from_census", "census")
_STATUS = {status.shorthand: status.value for status in Status}
_MISSING = Status.NOT_AVAILABLE.shorthand


def tidy_facts(
    definitions: Iterable[MeasureDefinition],
    frames: FactFrames,
    constants: Mapping[str, float],
    *,
    measures: Iterable[str] | None = None,
    levels: Iterable[str] | None = None,
    roles: Iterable[str] | None = None,
    censuses: Iterable[str] | None = None,
    columns: Iterable[str] | None = None,
) -> pd.DataFrame:
    """The figures of ``measures``, ``levels``, ``roles`` and ``censuses``, of all where not given: ``COLUMNS``.

    Some of the ``columns`` take as much less time.

    ``measure`` is what an id says before the role or area, so that the id of a row is its key columns with dots
    between. ``value`` is unrounded, and missing where the note says why. ``source`` is ``extract``, ``bulletin`` or
    ``register``. A count of networks, which has no role, is kept whatever ``roles`` says. Figures that mean nothing at
    their level, such as the number of PCNs of a PCN, are left out.
    """
    wanted = {"level": levels, "role": roles, "census": censuses}
    named = None if measures is None else set(measures)
    asked = COLUMNS if columns is None else [*columns]
    by_frame: dict[str, list[MeasureDefinition]] = {}
    for measure in definitions:
        if named is None or measure.name in named:
            by_frame.setdefault(measure.frame, []).append(measure)
    sources = _sources(frames)
    parts = [
        part
        for name, of_frame in by_frame.items()
        for rows in (_wanted_rows(frames.frame(name), wanted),)
        for part in (_part(measure, rows, constants, sources, asked) for measure in of_frame if len(rows))
        if part
    ]
    if not parts:
        return pd.DataFrame(columns=asked)
    return pd.DataFrame({name: pd.concat([part[name] for part in parts], ignore_index=True) for name in asked})


def _wanted_rows(frame: pd.DataFrame, wanted: Mapping[str, Iterable[str] | None]) -> pd.DataFrame:
    """The rows of some levels, roles and censuses; a frame without roles is not cut by them."""
    keep = np.ones(len(frame), dtype=bool)
    for column, values in wanted.items():
        if values is not None and column in frame:
            keep &= frame[column].isin([*values]).to_numpy()
    return frame if keep.all() else frame[keep]


def ids_of(tidy: pd.DataFrame) -> pd.Series[str]:
    """The ids of the figures in a frame of :func:`tidy_facts`, which has the columns :data:`OF_IDS`."""
    ids = tidy["measure"].astype("str")
    for name in OF_IDS[1:]:
        part = tidy[name].astype("str")
        ids = ids + ("." + part).where(part != "", "")
    return ids


def _part(
    measure: MeasureDefinition,
    frame: pd.DataFrame,
    constants: Mapping[str, float],
    sources: Mapping[str, str],
    columns: Sequence[str],
) -> dict[str, pd.Series[Any]]:
    """The figures of one measure in the rows of its frame, by column; nothing where it has none."""
    meaningful = LEVELS_FROM_THE_TOP[: LEVELS_FROM_THE_TOP.index(measure.lowest_level) + 1]
    frame = rows_with_figure(measure, _wanted_rows(frame, {"level": meaningful}))
    if "role" in frame and "role" not in measure.keys:  # the same figure stands in the row of each role
        frame = frame.drop_duplicates([*measure.keys])
    if frame.empty:
        return {}
    value = frame[measure.column] if measure.column else _worked_out(measure, frame, constants)
    value = value.astype("float64")
    noted = functools.cache(lambda: _notes(measure, frame, value))

    def text(content: str) -> pd.Series[str]:
        return pd.Series(content, frame.index, dtype="str")

    def key(name: str) -> pd.Series[str]:
        return frame[name].astype("str") if name in measure.keys else text("")

    def measured(words: Callable[[str], str]) -> pd.Series[str]:
        """What is said of a measure that the row names; of most measures each row is of FTE."""
        if "measure" not in frame:
            return text(words("fte"))
        of = frame["measure"].astype("str")
        return of.map({each: words(each) for each in of.unique()})

    def source() -> pd.Series[str]:
        if "source" in frame:
            return frame["source"].astype("str")
        return frame["census"].astype("str").map(sources).where(frame["area_code"] == ENGLAND, "extract")

    make: Mapping[str, Callable[[], pd.Series[Any]]] = {
        "measure": lambda: measured(measure.series),
        "role": lambda: key("role"),
        "area_code": lambda: frame["area_code"].astype("str"),
        "area_name": lambda: frame["area_name"].astype("str"),
        "level": lambda: frame["level"].astype("str"),
        "from_census": lambda: key("from_census"),
        "census": lambda: frame["census"].astype("str"),
        "value": lambda: value,
        "unit": lambda: measured(unit_of) if measure.unit == "{unit}" else text(measure.unit),
        "status": lambda: noted().map(_STATUS),
        "source": source,
        "note": noted,
    }
    return {name: make[name]() for name in columns}


def _notes(measure: MeasureDefinition, frame: pd.DataFrame, value: pd.Series[float]) -> pd.Series[str]:
    """The shorthand of each figure; a missing one without a reason is not available."""
    if not measure.note:
        return pd.Series("", frame.index, dtype="str").mask(value.isna(), _MISSING)
    given = frame[measure.note].astype("str")
    untold = {note: "" for note in given.unique() if note not in _STATUS or note == measure.note_left_out}
    kept = given.replace(untold) if untold else given
    return kept.mask(value.isna() & (kept == ""), _MISSING)


def _worked_out(measure: MeasureDefinition, frame: pd.DataFrame, constants: Mapping[str, float]) -> pd.Series[float]:
    """A column by its formula over the other columns of the frame, which are named as their facts are."""

    def value_of(name: str) -> float | pd.Series[float]:
        return constants[name] if name in constants else frame[name.partition(".")[0]]

    found: pd.Series[float] = evaluate(measure.formula, value_of)
    return found


def _sources(frames: FactFrames) -> dict[str, str]:
    """Where England's figures of each census are from."""
    totals = frames.frame("totals")
    if totals.empty:
        return {}
    national = totals[totals["level"] == "england"].drop_duplicates("census")
    return dict(zip(national["census"].astype("str"), national["source"].astype("str"), strict=True))
