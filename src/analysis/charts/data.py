"""The rows a chart draws: one for each census, those that were not taken or not loaded included, with their reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from analysis.charts.text_alternative import span
from analysis.errors import UsageError
from analysis.markup.prose import month
from analysis.periods import expected_censuses, month_label, short_label
from analysis.tables.table import SHORTHAND, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.registers.breaks import Break

NOT_AVAILABLE = "[x]"
_CENSUS = Column("Census", "month of the census, taken on its last day")


class NothingToDrawError(UsageError):
    """The measures hold no figure for a chart; ``reader`` says why, to stand after the chart's name in a report."""

    def __init__(self, what: str, fix: str, reader: str) -> None:
        super().__init__(what, "A chart without data would look like a finding of nothing.", fix)
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


def tidy(
    rows: pd.DataFrame, names: Mapping[str, str], value: str, beside: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """One row for each census and series: ``census``, ``series``, ``value`` under its own name, ``beside``.

    ``names`` maps columns of ``rows`` to the names of their series; a series without any value is left out, unless all
    are. ``beside`` maps them to columns of text that belong to the values.
    """
    known = [column for column in names if column in rows and rows[column].notna().any()] or list(names)[:1]
    parts = [
        pd.DataFrame(
            {
                "census": rows["census"].astype(str).to_numpy(),
                "series": names[column],
                value: rows[column].astype(float).to_numpy(),
                "beside": rows[beside[column]].to_numpy() if beside else "",
            }
        )
        for column in known
    ]
    return pd.concat(parts, ignore_index=True)


def census_table(
    chart_id: str, what: str, rows: pd.DataFrame, columns: Mapping[str, Column], notes: tuple[str, ...] = ()
) -> Table:
    """The table of a chart by census, of ``rows`` of :func:`by_census`: the census, then ``columns``.

    ``what`` says what it is of; the span of the censuses is put behind it.
    """
    title = f"{what}, {span(rows['census'].iloc[0], rows['census'].iloc[-1])}"
    return Table(f"chart-{chart_id}", title, rows.reset_index(drop=True), {"census": _CENSUS, **columns}, notes=notes)


def between(first: str, last: str) -> Markup:
    """``March 2020 to September 2022``, or the one month that there is."""
    return month(first) if first == last else Markup("{} to {}").format(month(first), month(last))


def breaks_within(breaks: Iterable[Break], rows: pd.DataFrame) -> tuple[Break, ...]:
    """The breaks that fall between the first and the last census of ``rows``, in order of time."""
    if rows.empty:
        return ()
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    return tuple(sorted((entry for entry in breaks if first < entry.census <= last), key=lambda entry: entry.census))


def break_moments(breaks: Iterable[Break]) -> list[tuple[str, str]]:
    """How breaks of the register are marked on a chart."""
    return [(entry.census, f"[b] {short_label(entry.census)}") for entry in breaks]


def break_notes(breaks: Iterable[Break]) -> tuple[str, ...]:
    """What stands under the table about them."""
    return tuple(f"[b] {month_label(entry.census)}: {entry.reader}" for entry in breaks)
