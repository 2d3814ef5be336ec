"""FTE, headcount and rows, by role and role group, area and census."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.columns import BILLION
from analysis.measures.base import (
    ALL_LEVELS,
    AREA,
    FTE_COLUMNS,
    all_codes,
    area_grid,
    areas_in_force,
    focus_codes,
    text_of,
)
from analysis.measures.compact_table import CompactTable
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


def totals(table: CompactTable, roles: Roles, breaks: Breaks, *, levels: Sequence[str] = ALL_LEVELS) -> pd.DataFrame:
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
    frames = [_at_level(table, level, roles, breaks) for level in levels]
    return with_breaks(pd.concat(frames, ignore_index=True), NOTES, roles, breaks)[COLUMNS]


def _at_level(table: CompactTable, level: str, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    codes = focus_codes(roles) if level == "pcn" else all_codes(roles)
    areas, times = table.areas(level), len(table.censuses)
    size = len(areas.codes) * times
    group, members = areas.of_cell * times + table.census_of_cell, table.members(roles, codes)
    area, census = areas_in_force(table, level, breaks)
    here = area * times + census
    fte, staff, contracted = table.sums(group, size, members)[:, here] / BILLION
    counts = {
        "fte": fte,
        "fte_staff": staff,
        "fte_contracted": contracted,
        "headcount": table.people_in(group, size, members)[here],
        "rows": table.sums(group, size, members, of="rows")[0, here],
        "pcns_with_role": table.networks_with_role(group, size, members)[here],
    }
    seen = np.zeros(size, dtype=bool)
    seen[areas.of_network * times + table.census_of_network] = True
    started = (census[:, np.newaxis] >= table.first_census(roles, codes)).ravel()
    reported = np.repeat(seen[here], len(codes))
    known = started & reported
    frame = area_grid(table, level, breaks, codes)
    frame = frame.assign(**{name: np.where(known, values.ravel(), np.nan) for name, values in counts.items()})
    frame["direct_share_pct"] = 100 * frame["fte_staff"] / frame["fte"].where(frame["fte"] > 0)
    reasons = ((~started, NOT_APPLICABLE), (~reported, NOT_AVAILABLE))
    missing = note(len(frame), *reasons)
    nobody = frame["direct_share_pct"].isna()
    notes = dict.fromkeys(NOTES, missing) | {"direct_share_note": note(len(frame), *reasons, (nobody, NOT_APPLICABLE))}
    return frame.assign(**notes, source=text_of([EXTRACT], np.zeros(len(frame), dtype=np.int64)))
