"""FTE, headcount and rows, by role and role group, area and census."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.columns import LEVELS, STAFF
from analysis.measures.base import (
    ALL_LEVELS,
    AREA,
    FTE_COLUMNS,
    all_codes,
    area_of,
    areas_in_force,
    counted_rows,
    focus_codes,
    reporting,
    role_starts,
    with_each,
)
from analysis.measures.notes import NOT_APPLICABLE, NOT_AVAILABLE, note, with_breaks
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

MEASURES = [*FTE_COLUMNS, "direct_share_pct", "headcount", "rows", "pcns_with_role"]
# Which measures a note column speaks of.
NOTES: dict[str, list[str]] = {
    "note": ["fte"],
    "split_note": ["fte_staff", "fte_contracted"],
    "direct_share_note": ["direct_share_pct"],
    "headcount_note": ["headcount"],
    "rows_note": ["rows", "pcns_with_role"],
}
COLUMNS = [*AREA, "role", *MEASURES, *NOTES, "source"]
EXTRACT = "extract"


def totals(
    workforce: pd.DataFrame, roles: Roles, breaks: Breaks, *, levels: Sequence[str] = ALL_LEVELS
) -> pd.DataFrame:
    """Sum the extracts: plain sums, as published, without an estimate for PCNs that did not report.

    ==================  ==============================================================================================
    ``fte``             full-time equivalents (1.0 = 37.5 hours a week), all rows; ``fte_staff`` and ``fte_contracted``
                        are its parts by data source
    ``direct_share_pct``  share of ``fte`` that is ``fte_staff``, %; of no FTE there is no share, ``[z]``
    ``headcount``       people: distinct identifiers of ``NWRS Staff`` rows in the area and role (or group). Never the
                        sum of other headcounts: one person may work in two roles or PCNs. Contracted rows carry no
                        identifier and count nobody
    ``rows``            rows of the extract; none is dropped as a duplicate
    ``pcns_with_role``  PCNs with any row of the role
    ==================  ==============================================================================================

    Every area in force at a census has a row for every role and group; single PCNs for the roles of ``FOCUS`` alone. An
    area that reported but has no row of a role has 0: it reported none. ``note`` speaks of ``fte``, ``split_note`` of
    its parts, ``direct_share_note`` of the share, ``headcount_note`` of ``headcount``, ``rows_note`` of the counts:
    ``[z]`` before the role starts, ``[x]`` where no PCN of the area reported, ``[b]`` at the first figure after a break
    in the series. ``source`` is ``extract``.
    """
    reports = reporting(workforce)
    rows = counted_rows(workforce, roles, all_codes(roles))
    rows["person"] = pd.factorize(rows["person_id"].where(rows["data_source"] == STAFF))[0]
    frames = [_at_level(rows, reports, level, roles, breaks) for level in levels]
    return with_breaks(pd.concat(frames, ignore_index=True), NOTES, roles, breaks)[COLUMNS]


def _at_level(rows: pd.DataFrame, reports: pd.DataFrame, level: str, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    codes = focus_codes(roles) if level == "pcn" else all_codes(roles)
    key = ["area_code", "census", "role"]
    starts = role_starts(roles, codes, rows[["census", "role"]].drop_duplicates().astype("str"))
    area = LEVELS[level][0] if level in LEVELS else None
    here = rows.assign(area_code=rows[area] if area else area_of(rows, level))
    here = here[here["role"].isin(codes)] if level == "pcn" else here
    sums = here.groupby(key, observed=True)[FTE_COLUMNS].sum()
    sums["rows"] = here.groupby(key, observed=True).size()
    with_role = here[[*key, "pcn_code"]].drop_duplicates()
    sums["pcns_with_role"] = with_role.groupby(key, observed=True).size()
    people = here.loc[here["person"] >= 0, [*key, "person"]].drop_duplicates()
    sums["headcount"] = people.groupby(key, observed=True).size()
    sums = sums.reset_index().astype(dict.fromkeys(key, "str"))

    grid = with_each(areas_in_force(reports, level, breaks), "role", codes).merge(sums, on=key, how="left")
    seen = pd.MultiIndex.from_arrays([area_of(reports, level), reports["census"]])
    reported = pd.MultiIndex.from_frame(grid[["area_code", "census"]]).isin(seen)
    started = (grid["census"] >= grid["role"].map(starts)).to_numpy()
    sums_of = [measure for measure in MEASURES if measure != "direct_share_pct"]
    grid[sums_of] = grid[sums_of].astype("float64").fillna(0.0).where(pd.Series(reported & started), float("nan"))
    grid["direct_share_pct"] = 100 * grid["fte_staff"] / grid["fte"].where(grid["fte"] > 0)
    reasons = ((~started, NOT_APPLICABLE), (~reported, NOT_AVAILABLE))
    for column in NOTES:
        grid[column] = note(len(grid), *reasons)
    nobody = grid["direct_share_pct"].isna()
    grid["direct_share_note"] = note(len(grid), *reasons, (nobody, NOT_APPLICABLE))
    return grid.assign(source=EXTRACT)
