"""Change over a month, a quarter and a year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.measures.base import codes_change, followed_codes
from analysis.measures.compact_table import CompactTable
from analysis.measures.geography import one_to_one
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.measures.totals import NOTES
from analysis.periods import SPANS, is_published, shift
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

MEASURES = ("fte", "fte_staff", "headcount")
LEVELS = ("england", "region", "icb", "sub_icb")
_NOTE_OF = {measure: column for column, measures in NOTES.items() for measure in measures}
_SERIES = ["level", "area_code", "role", "measure", "census"]  # what identifies a value


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
    censuses = {str(level): set(part.unique()) for level, part in frame.groupby("level")["census"]}
    for span, months in SPANS.items():
        earlier = {
            (level, census): shift(census, -months)
            for level, held in censuses.items()
            for census in held
            if shift(census, -months) in held
        }
        frame = _compared(frame, span, _Comparison(earlier, table, roles, breaks))
    return frame


class _Comparison:
    """Which census each one is compared with, and what lies between the two."""

    def __init__(self, earlier: dict[tuple[str, str], str], table: CompactTable, roles: Roles, breaks: Breaks) -> None:
        self.earlier = earlier
        self._table, self._roles, self._breaks = table, roles, breaks

    def censuses(self) -> pd.DataFrame:
        """``level, census, earlier``."""
        rows = [(level, census, earlier) for (level, census), earlier in self.earlier.items()]
        return pd.DataFrame(rows, columns=["level", "census", "earlier"], dtype="str")

    def other_codes(self) -> dict[tuple[str, str, str], str]:
        """``(level, census, area_code)`` to the code before, for each area after a break that has such a one."""
        found = {}
        for level, census in self._across_geography:
            same = one_to_one(self._table, level, self.earlier[level, census], census)
            pairs = same.dropna(subset=["old_code", "area_code"])[["area_code", "old_code"]]
            found.update({(level, census, new): old for new, old in pairs.itertuples(index=False)})
        return found

    def across_geography(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Whether areas changed their codes between the two censuses of a row."""
        return _among(frame[["level", "census"]], self._across_geography)

    def across_break(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Whether the comparison of a row crosses a break of any kind."""
        crossing = []
        for level, code, measure in frame[["level", "role", "measure"]].drop_duplicates().itertuples(index=False):
            after = self._breaks.censuses(measure, level, code, self._roles)
            crossing += [
                (level, census, code, measure)
                for (at_level, census), earlier in self.earlier.items()
                if at_level == level and any(earlier < broken <= census for broken in after)
            ]
        return _among(frame[["level", "census", "role", "measure"]], crossing)

    @cached_property
    def _across_geography(self) -> list[tuple[str, str]]:
        changes = {
            level: [e.census for e in self._breaks.geography(level) if codes_change(self._table, level, e.census)]
            for level in {level for level, _ in self.earlier}
        }
        return [
            (level, census)
            for (level, census), earlier in self.earlier.items()
            if any(earlier < change <= census for change in changes[level])
        ]


def _compared(frame: pd.DataFrame, span: str, comparison: _Comparison) -> pd.DataFrame:
    """``frame`` with ``<span>_ago_census``, ``change_<span>``, ``change_<span>_pct`` and their notes."""
    column = f"{span}_ago_census"
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
    taken = {census: is_published(shift(census, -SPANS[span])) for census in frame["census"].unique()}
    no_census = frame[column].isna() & ~frame["census"].map(taken).astype(bool)
    crossed = comparison.across_break(frame)
    reasons = ((missing & (unstarted | no_census), NOT_APPLICABLE), (missing, NOT_AVAILABLE))
    of_nothing = ~missing & (before <= 0)
    change = frame["value"] - before
    return frame.assign(
        **{
            f"change_{span}": change,
            f"change_{span}_note": note(len(frame), *reasons, (crossed, BREAK)),
            f"change_{span}_pct": 100 * change / before.where(before > 0, np.nan),
            f"change_{span}_pct_note": note(len(frame), *reasons, (of_nothing, NOT_APPLICABLE), (crossed, BREAK)),
        }
    )


def _among(keys: pd.DataFrame, wanted: Sequence[tuple[str, ...]]) -> pd.Series[bool]:
    held = pd.MultiIndex.from_frame(keys).isin(list(wanted)) if wanted else False
    return pd.Series(held, index=keys.index, dtype=bool)
