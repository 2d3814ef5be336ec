"""The rows a chart draws: one for each census, those that were not taken or not loaded included, with their reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import UsageError
from analysis.periods import expected_censuses
from analysis.tables.table import SHORTHAND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOT_AVAILABLE = "[x]"


class NothingToDrawError(UsageError):
    """The measures hold no figure for a chart; ``reader`` says why, to stand after the chart's name in a report."""

    def __init__(self, what: str, mend: str, reader: str) -> None:
        super().__init__(what, "A chart without data would look like a finding of nothing.", mend)
        self.reader = reader


def select(frame: pd.DataFrame, what: str, **wanted: str) -> pd.DataFrame:
    """The rows of ``frame`` in which each column named has the value given.

    Raises
    ------
    UsageError
        When a column is not there.
    NothingToDrawError
        When no row is left.
    """
    require(frame, list(wanted), what)
    keep = pd.Series(data=True, index=frame.index)
    for column, value in wanted.items():
        keep &= frame[column] == value
    if not keep.any():
        asked = ", ".join(f"{column} = {value!r}" for column, value in wanted.items())
        raise NothingToDrawError(
            f"There is nothing to draw: {what} has no row with {asked}.",
            "Check the role and area codes, and that the step that makes these measures has run for this period.",
            "the extracts have no figures for it",
        )
    return frame[keep]


def require(frame: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    """Raise ``UsageError`` when ``frame`` lacks one of ``columns``, :class:`NothingToDrawError` when it has no rows."""
    absent = [column for column in columns if column not in frame]
    if absent:
        raise UsageError(
            f"{what} has no column {', '.join(map(repr, absent))}.",
            f"The chart draws it. There are: {', '.join(map(str, frame.columns))}.",
            "Pass the frame as the measures make it (docs/architecture.md, Measures).",
        )
    if frame.empty:
        raise NothingToDrawError(
            f"There is nothing to draw: {what} has no rows.",
            "Check that the step that makes these measures has run for this period.",
            "the extracts have no figures for it",
        )


def by_census(frame: pd.DataFrame, notes: Mapping[str, str], what: str) -> pd.DataFrame:
    """One row for each census from the first to the last of ``frame``; its index and a column ``census`` name it.

    A census that the publisher took and the frame lacks gets a row of missing values: a line drawn across it would
    state what nobody knows.

    Parameters
    ----------
    frame
        One row for each census, with a column ``census``.
    notes
        Value column → the column with its shorthand; where that is not in the frame it is made. A missing value
        without a shorthand gets ``[x]``.
    what
        How to call the frame in an error.
    """
    require(frame, ["census", *notes], what)
    if frame["census"].duplicated().any():
        twice = frame.loc[frame["census"].duplicated(), "census"].iloc[0]
        raise UsageError(
            f"{what} has more than one row for census {twice}.",
            "A line can have one value at each census.",
            "Select one area, role and measure first.",
        )
    taken = sorted(frame["census"].astype(str))
    every = sorted({*taken, *expected_censuses(taken[0], taken[-1])})
    rows = frame.assign(census=frame["census"].astype(str)).set_index("census").reindex(every)
    for value, note in notes.items():
        given = rows[note].where(rows[note].isin(list(SHORTHAND)), "") if note in rows else ""
        rows[note] = given
        rows.loc[rows[value].isna() & ~rows[note].isin(["[x]", "[z]"]), note] = NOT_AVAILABLE
    return rows.rename_axis(None).assign(census=every)


def beside(rows: pd.DataFrame, panel: pd.DataFrame, names: Mapping[str, str], note: str) -> pd.DataFrame:
    """Columns of a matched ``panel`` (of :func:`by_census`) under new ``names`` for the censuses of ``rows``.

    ``note`` says why one is missing: ``[z]`` before the panel begins, ``[x]`` where it could not be followed.
    """
    columns = panel[list(names)].rename(columns=dict(names)).reindex(rows.index)
    given = panel["note"].reindex(rows.index)
    before = pd.Series(rows.index < panel.index.min(), index=rows.index)
    reason = given.where(given.isin(["[x]", "[z]"]), before.map({True: "[z]", False: NOT_AVAILABLE}))
    return columns.assign(**{note: reason.where(columns.iloc[:, 0].isna(), "")})
