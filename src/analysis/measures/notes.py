"""Why a figure is missing, or cannot be compared: the shorthand of official statistics, for note columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

NONE = ""
NOT_AVAILABLE = "[x]"  # not reported, or not known
NOT_APPLICABLE = "[z]"  # the role did not exist yet, or the figure has no meaning
BREAK = "[b]"  # the first census after a break, or a comparison across one
ESTIMATED = "[e]"

_SERIES = ["level", "area_code", "role"]  # what one area has of one role
Mask = npt.NDArray[np.bool_]


def note(size: int, *reasons: tuple[pd.Series[bool] | Mask, str]) -> pd.Series[str]:
    """A note column: of the ``reasons`` that hold for a row the first one stands, and nothing where none does."""
    which = np.zeros(size, dtype=np.int64)
    for number, (mask, _) in reversed(list(enumerate(reasons, start=1))):
        which[np.asarray(mask, dtype=bool)] = number
    return pd.Series(pd.array([NONE, *(text for _, text in reasons)], dtype="str").take(which))


def first_after_break(
    frame: pd.DataFrame, values: str, measures: Sequence[str], roles: Roles, breaks: Breaks
) -> pd.Series[bool]:
    """Which rows of ``frame`` hold the first figure after a break in the series that it concerns: each break marks one.

    Parameters
    ----------
    frame
        ``level, area_code, role, census`` and the column ``values``. A series is what one area has of one role; give
        all of it, from whatever sources: the figure before decides whether a break lies between.
    values
        The column with the figures; where it is missing there is nothing to mark.
    measures
        What the register of breaks calls the measures that the figures are made of.

    The first figure of a series has nothing before it, and is not marked; but where a break of geography gave the
    areas of a level new codes, each area's first figure is, since the area under its old code is what it continues.
    """
    return _Series(frame, roles, breaks).first_after_break(frame[values], measures)


class _Series:
    """Which rows of a frame make up a series, and in which order: found once, for all of its measures."""

    def __init__(self, frame: pd.DataFrame, roles: Roles, breaks: Breaks) -> None:
        self._roles, self._breaks, self._index = roles, breaks, frame.index
        time, censuses = pd.factorize(frame["census"], sort=True)
        numbers = [pd.factorize(frame[column])[0] for column in _SERIES]
        level, area, role = numbers
        self._censuses = [str(census) for census in censuses]
        _, first, self._case = np.unique(
            level * (role.max(initial=0) + 1) + role, return_index=True, return_inverse=True
        )
        rows = frame.iloc[first]
        self._cases = list(zip(rows["level"].astype("str"), rows["role"].astype("str"), strict=True))
        series = self._case * (area.max(initial=0) + 1) + area
        self._order = np.argsort(series * (len(censuses) + 1) + time, kind="stable")
        self._series, self._time = series[self._order], time[self._order]

    def first_after_break(self, values: pd.Series[float], measures: Sequence[str]) -> pd.Series[bool]:
        """See the function :func:`first_after_break`."""
        known = values.notna().to_numpy()[self._order]
        rows = self._order[known]
        at, series, case = self._time[known], self._series[known], self._case[rows]
        begins = np.r_[True, series[1:] != series[:-1]] if len(series) else np.zeros(0, dtype=bool)
        before = np.where(begins, -1, np.r_[-1, at[:-1]] if len(at) else at)
        hit = np.zeros(len(rows), dtype=bool)
        for start, of_cases in self._starts(measures).items():
            hit |= of_cases[case] & (before >= 0) & (before < start) & (at >= start)
        for start, of_cases in self._of_geography().items():
            inside = of_cases[case]
            earliest = np.full(len(self._cases), len(self._censuses))
            np.minimum.at(earliest, case[inside], at[inside])
            after = np.full(len(self._cases), len(self._censuses))
            later = inside & (at >= start)
            np.minimum.at(after, case[later], at[later])
            hit |= inside & (before < 0) & (earliest[case] < start) & (at == after[case])
        marked = np.zeros(len(self._index), dtype=bool)
        marked[rows[hit]] = True
        return pd.Series(marked, index=self._index, dtype=bool)

    def _starts(self, measures: Sequence[str]) -> dict[int, Mask]:
        """The number of the first census after each break, and which cases of level and role it concerns."""
        found: dict[str, Mask] = {}
        for number, (level, code) in enumerate(self._cases):
            for census in {c for m in measures for c in self._breaks.censuses(m, level, code, self._roles)}:
                found.setdefault(census, np.zeros(len(self._cases), dtype=bool))[number] = True
        return self._numbered(found)

    def _of_geography(self) -> dict[int, Mask]:
        found = {
            entry.census: np.array([level in entry.levels for level, _ in self._cases], dtype=bool)
            for entry in self._breaks.breaks
            if entry.kind == "geography"
        }
        return self._numbered(found)

    def _numbered(self, found: dict[str, Mask]) -> dict[int, Mask]:
        """By the number of the census; a break after the last one has no first figure."""
        by_number: dict[int, Mask] = {}
        for census, cases in found.items():
            number = int(np.searchsorted(self._censuses, census))
            by_number[number] = cases | by_number.get(number, np.zeros_like(cases))
        return by_number


def with_breaks(frame: pd.DataFrame, notes: Mapping[str, Sequence[str]], roles: Roles, breaks: Breaks) -> pd.DataFrame:
    """``frame`` with ``[b]`` where it belongs in its note columns, and nowhere else; other shorthand stays.

    ``notes`` has the measures that each note column speaks of. Use it when all figures of a series are together: a
    census that another source adds takes the mark over, or makes it unnecessary.
    """
    series = _Series(frame, roles, breaks)
    marked = {}
    for column, measures in notes.items():
        broken = np.zeros(len(frame), dtype=bool)
        for measure in measures:
            broken |= series.first_after_break(frame[measure], [measure]).to_numpy()
        bare = frame[column].where(frame[column] != BREAK, NONE)
        marked[column] = bare.mask(broken & (bare == NONE), BREAK).astype("str")
    return frame.assign(**marked)


def across_break(frame: pd.DataFrame, roles: Roles, breaks: Breaks, *, measure: str = "fte") -> pd.Series[bool]:
    """Which rows of ``frame`` (``from_census, census, role``) compare two censuses across a break in ``measure``.

    For comparisons made network by network: a break of areas does not come between those.
    """
    after = {code: breaks.censuses(measure, "england", code, roles) for code in frame["role"].astype("str").unique()}
    crossed = [
        isinstance(start, str)
        and isinstance(end, str)
        and any(min(start, end) < b <= max(start, end) for b in after[code])
        for start, end, code in zip(frame["from_census"], frame["census"], frame["role"].astype("str"), strict=True)
    ]
    return pd.Series(crossed, index=frame.index, dtype=bool)
