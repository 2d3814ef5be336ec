"""Change since the previous census and over a year."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.measures.base import codes_change, followed_codes, reporting
from analysis.measures.geography import one_to_one
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, crosses_break, note
from analysis.measures.totals import NOTES
from analysis.periods import shift
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

MEASURES = ("fte", "fte_staff", "headcount")
LEVELS = ("england", "region", "icb", "sub_icb")
_NOTE_OF = {measure: column for column, measures in NOTES.items() for measure in measures}
_SERIES = ["level", "area_code", "role", "measure", "census"]  # what identifies a value


def growth(
    totals: pd.DataFrame,
    workforce: pd.DataFrame,
    roles: Roles,
    breaks: Breaks,
    *,
    measures: Sequence[str] = MEASURES,
    levels: Sequence[str] = LEVELS,
) -> pd.DataFrame:
    """Compare each figure with that of the previous census there is, and with that of 12 months before.

    England for every role and group; below England the roles of ``FOCUS`` and the groups.

    Columns beside ``level, area_code, area_name, census``: ``role``, ``measure``, ``value`` (FTE, or people),
    ``previous_census``, ``change_previous`` and ``change_previous_pct``, ``year_ago_census``, ``change_year`` and
    ``change_year_pct``; ``note`` for the value, and a note for each change and percentage. The previous census is the
    one before among those the level has, not always three months before. These are changes of the reported totals: they
    hold what came by PCNs that began to report (:mod:`analysis.measures.decomposition` takes that apart).

    A change is ``[z]`` when the role had not started, ``[x]`` when a side is not available, ``[b]`` when it crosses a
    break, with its value. Across a break of geography at which codes change in these extracts, an area is compared
    with the one made up by the same PCNs (:func:`analysis.measures.geography.one_to_one`), whatever its code; without
    such a one the change is ``[x]``. A percentage of nothing is ``[z]``.
    """
    followed = [(level, code) for level in levels for code in followed_codes(roles, level)]
    here = totals[_among(totals[["level", "role"]], followed)]
    frame = pd.concat(
        [
            here[["level", "area_code", "area_name", "census", "role"]].assign(
                measure=measure, value=here[measure], note=here[_NOTE_OF[measure]]
            )
            for measure in measures
        ],
        ignore_index=True,
    ).astype({"measure": "str"})
    censuses = {str(level): sorted(part.unique()) for level, part in frame.groupby("level")["census"]}
    previous = {
        (level, later): earlier for level, ordered in censuses.items() for earlier, later in itertools.pairwise(ordered)
    }
    year_ago = {
        (level, census): shift(census, -12)
        for level, ordered in censuses.items()
        for census in ordered
        if shift(census, -12) in ordered
    }
    for name, column, earlier in (("previous", "previous_census", previous), ("year", "year_ago_census", year_ago)):
        frame = _compared(frame, name, column, _Comparison(earlier, workforce, roles, breaks))
    return frame


class _Comparison:
    """Which census each one is compared with, and what lies between the two."""

    def __init__(
        self, earlier: dict[tuple[str, str], str], workforce: pd.DataFrame, roles: Roles, breaks: Breaks
    ) -> None:
        self.earlier = earlier
        self._workforce, self._roles, self._breaks = workforce, roles, breaks

    def censuses(self) -> pd.DataFrame:
        """``level, census, earlier``."""
        rows = [(level, census, earlier) for (level, census), earlier in self.earlier.items()]
        return pd.DataFrame(rows, columns=["level", "census", "earlier"], dtype="str")

    def other_codes(self) -> dict[tuple[str, str, str], str]:
        """``(level, census, area_code)`` to the code before, for each area after a break that has such a one."""
        found = {}
        for level, census in self._across_geography:
            same = one_to_one(self._workforce, level, self.earlier[level, census], census)
            pairs = same.dropna(subset=["old_code", "area_code"])[["area_code", "old_code"]]
            found.update({(level, census, new): old for new, old in pairs.itertuples(index=False)})
        return found

    def across_geography(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Whether areas changed their codes between the two censuses of a row."""
        return _among(frame[["level", "census"]], self._across_geography)

    def across_break(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Whether the comparison of a row crosses a break of any kind."""
        roles, measures = frame["role"].unique(), frame["measure"].unique()
        crossing = [
            (level, census, role, measure)
            for (level, census), earlier in self.earlier.items()
            for role in roles
            for measure in measures
            if crosses_break(
                earlier, census, measure=measure, level=level, code=role, roles=self._roles, breaks=self._breaks
            )
        ]
        return _among(frame[["level", "census", "role", "measure"]], crossing)

    @cached_property
    def _across_geography(self) -> list[tuple[str, str]]:
        reports = reporting(self._workforce)
        changes = {
            level: [e.census for e in self._breaks.geography(level) if codes_change(reports, level, e.census)]
            for level in {level for level, _ in self.earlier}
        }
        return [
            (level, census)
            for (level, census), earlier in self.earlier.items()
            if any(earlier < change <= census for change in changes[level])
        ]


def _compared(frame: pd.DataFrame, name: str, column: str, comparison: _Comparison) -> pd.DataFrame:
    """``frame`` with ``change_<name>``, ``change_<name>_pct`` and their notes; the earlier census in ``column``."""
    frame = frame.merge(comparison.censuses().rename(columns={"earlier": column}), on=["level", "census"], how="left")
    then = frame[[*_SERIES, "value", "note"]].rename(
        columns={"area_code": "then_code", "census": column, "value": "then", "note": "then_note"}
    )
    now = frame[["level", "role", "measure", column]].assign(then_code=frame["area_code"])
    changed = comparison.across_geography(frame)
    if changed.any():
        keys = frame.loc[changed, ["level", "census", "area_code"]].itertuples(index=False, name=None)
        codes = comparison.other_codes()
        now.loc[changed, "then_code"] = [codes.get(key) for key in keys]
    old = now.merge(then.dropna(subset=column), on=["level", "then_code", "role", "measure", column], how="left")

    before, missing = old["then"], frame["value"].isna() | old["then"].isna()
    unstarted = (frame["note"] == NOT_APPLICABLE) | (old["then_note"] == NOT_APPLICABLE)
    crossed = comparison.across_break(frame)
    reasons = ((missing & unstarted, NOT_APPLICABLE), (missing, NOT_AVAILABLE))
    of_nothing = ~missing & (before <= 0)
    change = frame["value"] - before
    return frame.assign(
        **{
            f"change_{name}": change,
            f"change_{name}_note": note(len(frame), *reasons, (crossed, BREAK)),
            f"change_{name}_pct": 100 * change / before.where(before > 0, np.nan),
            f"change_{name}_pct_note": note(len(frame), *reasons, (of_nothing, NOT_APPLICABLE), (crossed, BREAK)),
        }
    )


def _among(keys: pd.DataFrame, wanted: Sequence[tuple[str, ...]]) -> pd.Series[bool]:
    held = pd.MultiIndex.from_frame(keys).isin(list(wanted)) if wanted else False
    return pd.Series(held, index=keys.index, dtype=bool)
