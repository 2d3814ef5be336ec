"""Change over a month, a quarter and a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.base import codes_change, followed_codes, text_of
from analysis.measures.compact_table import CompactTable, Ints, Mask
from analysis.measures.geography import one_to_one
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.measures.totals import NOTES
from analysis.periods import SPANS, is_published, shift
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

MEASURES = ("fte", "fte_staff", "headcount")
LEVELS = ("england", "region", "icb", "sub_icb")
_NOTE_OF = {measure: column for column, measures in NOTES.items() for measure in measures}


def growth(
    totals: pd.DataFrame,
    table: CompactTable,
    roles: Roles,
    breaks: Breaks,
    *,
    measures: Sequence[str] = MEASURES,
    levels: Sequence[str] = LEVELS,
) -> pd.DataFrame:
    """Compare each figure with those of a month, a quarter and a year before.

    England for every role and group; below England the roles of ``FOCUS`` and the groups.

    Columns beside ``level, area_code, area_name, census``: ``role``, ``measure``, ``value`` (FTE, or people), ``note``
    for the value, and for each span of :data:`analysis.periods.SPANS` (``month``, ``quarter``, ``year``):
    ``month_ago_census``, ``change_month`` and ``change_month_pct`` with a note for each. A change is told where the
    level has a census that many months before, whatever lies between; the census before that a folder happens to hold
    is never compared with as such, as it may lie years back. These are changes of the reported totals: they hold what
    came by PCNs that began to report (:mod:`analysis.measures.decomposition` takes that apart).

    A change is ``[z]`` when the publisher took no census then or the role had not started, ``[x]`` when a side is not
    available, ``[b]`` when it crosses a break, with its value. Across a break of geography at which codes change in
    these extracts, an area is compared with the one made up by the same PCNs
    (:func:`analysis.measures.geography.one_to_one`), whatever its code; without such a one the change is ``[x]``. A
    percentage of nothing is ``[z]``.
    """
    followed = pd.MultiIndex.from_tuples([(level, code) for level in levels for code in followed_codes(roles, level)])
    here = totals[pd.MultiIndex.from_frame(totals[["level", "role"]]).isin(followed)]
    series = _Series(here)
    comparisons = {
        span: _Comparison(series, months, table, roles, breaks) for span, months in SPANS.items() if len(here)
    }
    frames = []
    for measure in measures:
        frame = here[["level", "area_code", "area_name", "census", "role"]].assign(
            measure=text_of([measure], np.zeros(len(here), dtype=np.int64)).set_axis(here.index),
            value=here[measure],
            note=here[_NOTE_OF[measure]],
        )
        frames.append(frame.assign(**_changes(frame, comparisons, measure)))
    return pd.concat(frames, ignore_index=True)


class _Series:
    """Where the figure of each area and role at each census stands in a frame: found once, for all spans and measures.

    ``area`` numbers areas of all levels (``areas``: level and code), ``role`` and ``census`` the names of their kind.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        level, levels = pd.factorize(frame["level"])
        code, codes = pd.factorize(frame["area_code"])
        self.area, pairs = pd.factorize(level * (len(codes) + 1) + code)
        self.areas = [
            (str(levels[int(pair) // (len(codes) + 1)]), str(codes[int(pair) % (len(codes) + 1)])) for pair in pairs
        ]
        self.role, roles = pd.factorize(frame["role"])
        self.census, censuses = pd.factorize(frame["census"], sort=True)
        self.roles, self.censuses = [str(role) for role in roles], [str(census) for census in censuses]
        self._rows = np.full((len(self.areas), len(self.roles), len(self.censuses)), -1)
        self._rows[self.area, self.role, self.census] = np.arange(len(frame))

    def row(self, area: Ints, census: Ints) -> Ints:
        """The row with the same role, in another area and census; −1 where there is none, or either is −1."""
        found: Ints = self._rows[area, self.role, census]
        return np.where((area < 0) | (census < 0), -1, found)

    def held(self) -> dict[str, set[str]]:
        """The censuses of each level."""
        found: dict[str, set[str]] = {}
        for area, census in zip(*np.nonzero((self._rows >= 0).any(axis=1)), strict=True):
            found.setdefault(self.areas[area][0], set()).add(self.censuses[census])
        return found


class _Comparison:
    """Which row each one is compared with over a span, and what lies between the two."""

    def __init__(self, series: _Series, months: int, table: CompactTable, roles: Roles, breaks: Breaks) -> None:
        self._series, self._roles, self._breaks = series, roles, breaks
        self.earlier = {
            (level, census): shift(census, -months)
            for level, held in series.held().items()
            for census in held
            if shift(census, -months) in held
        }
        number = {census: place for place, census in enumerate(series.censuses)}
        then = np.full((len(series.areas), len(series.censuses)), -1)  # the number of the census before
        code = np.tile(
            np.arange(len(series.areas))[:, np.newaxis], len(series.censuses)
        )  # the area it is compared with
        place = {area: n for n, area in enumerate(series.areas)}
        changes = {
            level: [e.census for e in breaks.geography(level) if codes_change(table, level, e.census)]
            for level in {level for level, _ in self.earlier}
        }
        of_level: dict[str, list[int]] = {}
        for n, (level, _) in enumerate(series.areas):
            of_level.setdefault(level, []).append(n)
        for (level, census), earlier in self.earlier.items():
            then[of_level[level], number[census]] = number[earlier]
            if any(earlier < change <= census for change in changes[level]):
                same = one_to_one(table, level, earlier, census).dropna(subset=["old_code", "area_code"])
                old = dict(zip(same["area_code"], same["old_code"], strict=True))
                for n in of_level[level]:
                    code[n, number[census]] = place.get((level, old.get(series.areas[n][1], "")), -1)
        self.census = then[series.area, series.census]
        self.row = series.row(code[series.area, series.census], self.census)
        taken = np.array([is_published(shift(census, -months)) for census in series.censuses], dtype=bool)
        self.no_census = (self.census < 0) & ~taken[series.census]

    def census_before(self) -> pd.Series[str]:
        """The census that each row is compared with; missing where there is none."""
        return text_of([*self._series.censuses, ""], self.census).mask(self.census < 0)

    def across_break(self, measure: str) -> Mask:
        """Whether the comparison of a row crosses a break of any kind."""
        series = self._series
        levels = {level: n for n, level in enumerate(dict.fromkeys(level for level, _ in series.areas))}
        crossed = np.zeros((len(levels), len(series.roles), len(series.censuses)), dtype=bool)
        number = {census: place for place, census in enumerate(series.censuses)}
        for role, name in enumerate(series.roles):
            for level, n in levels.items():
                after = self._breaks.censuses(measure, level, name, self._roles)
                for (at, census), earlier in self.earlier.items() if after else ():
                    if at == level and any(earlier < broken <= census for broken in after):
                        crossed[n, role, number[census]] = True
        of_area = np.array([levels[level] for level, _ in series.areas], dtype=np.int64)
        found: Mask = crossed[of_area[series.area], series.role, series.census]
        return found


def _changes(frame: pd.DataFrame, comparisons: Mapping[str, _Comparison], measure: str) -> dict[str, Any]:
    """For each span ``<span>_ago_census``, ``change_<span>``, ``change_<span>_pct`` and their notes."""
    value = frame["value"].to_numpy(dtype=np.float64)
    not_applicable = (frame["note"] == NOT_APPLICABLE).to_numpy()
    columns: dict[str, Any] = {}
    for span, compared in comparisons.items():
        held = compared.row >= 0
        before = np.where(held, value[compared.row], np.nan)
        missing = np.isnan(value) | np.isnan(before)
        unstarted = not_applicable | (held & not_applicable[compared.row])
        reasons = ((missing & (unstarted | compared.no_census), NOT_APPLICABLE), (missing, NOT_AVAILABLE))
        crossed = (compared.across_break(measure), BREAK)
        positive = np.where(before > 0, before, np.nan)
        columns |= {
            f"{span}_ago_census": compared.census_before(),
            f"change_{span}": value - before,
            f"change_{span}_note": note(len(frame), *reasons, crossed),
            f"change_{span}_pct": 100 * (value - before) / positive,
            f"change_{span}_pct_note": note(len(frame), *reasons, (~missing & (before <= 0), NOT_APPLICABLE), crossed),
        }
    return {name: pd.Series(values).set_axis(frame.index) for name, values in columns.items()}
