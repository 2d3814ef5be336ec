"""How many hours people in a role work: FTE per person, and how many work full time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.measures.base import AREA
from analysis.measures.compact_table import CompactTable, Floats
from analysis.measures.network_fte import DECIMALS, england_grid
from analysis.measures.notes import BREAK, NOT_APPLICABLE, first_after_break, note
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

# The publisher: "we define full-time working to be 37.5 hours per week" (General Practice Workforce, the sister
# publication, page of the edition of 30 June 2021), which is 1.0 FTE.
FULL_TIME = 1.0
# Beside it 0.9 FTE (33.75 hours): other employers' full weeks are shorter (36 hours are 0.96 FTE, 37 hours 0.99), and
# a definition at 37.5 hours alone calls their full-time staff part-time.
NEARLY_FULL_TIME = 0.9
COLUMNS = [
    *(*AREA, "role", "people", "fte_people", "fte_per_person"),
    *("people_full_time", "full_time_share_pct", "people_nearly_full_time", "nearly_full_time_share_pct", "note"),
]


def hours(table: CompactTable, roles: Roles, breaks: Breaks, codes: Sequence[str]) -> pd.DataFrame:
    """Measure the hours of people in each role, England, at every census of the extracts.

    People are the identifiers of ``NWRS Staff`` rows. One person may have several rows: the FTE of an identifier is
    added up within a census and role (or group), over all networks. Contracted services have no people, and are not
    counted. Hours in another role are not counted either, so that somebody with two part-time roles is part-time here.

    ``people``, ``fte_people``, ``fte_per_person``
        People; the FTE of their rows; the one divided by the other (1.0 FTE is 37.5 hours a week).
    ``people_full_time``, ``full_time_share_pct``
        People with 1.0 FTE or more, and their share, %. ``people_nearly_full_time``, ``nearly_full_time_share_pct``:
        the same from 0.9 FTE, those with 1.0 included.

    ``note``: ``[z]`` before a role starts and where it has no people, ``[b]`` at the first census after a break.
    """
    frame = england_grid(table.censuses, codes)
    columns = ["people", "fte_people", "people_full_time", "people_nearly_full_time"]
    found = np.stack([_by_census(table, roles, code) for code in codes], axis=1)
    frame[columns] = found.reshape(len(frame), len(columns))
    nobody = frame["people"] == 0
    frame[columns] = frame[columns].mask(nobody)
    first = frame[~nobody].groupby("role")["census"].min().to_dict()
    starts = {code: min(roles.starts(code), first.get(code, roles.starts(code))) for code in codes}
    frame["people"] = frame["people"].mask(nobody & (frame["census"] >= frame["role"].map(starts)), 0.0)
    frame["fte_per_person"] = frame["fte_people"] / frame["people"].where(~nobody)
    frame["full_time_share_pct"] = 100 * frame["people_full_time"] / frame["people"].where(~nobody)
    frame["nearly_full_time_share_pct"] = 100 * frame["people_nearly_full_time"] / frame["people"].where(~nobody)
    broken = first_after_break(frame, "people", ["headcount", "fte_staff"], roles, breaks)
    frame["note"] = note(len(frame), (nobody, NOT_APPLICABLE), (broken, BREAK))
    return frame[COLUMNS]


def _by_census(table: CompactTable, roles: Roles, code: str) -> Floats:
    """People, their FTE, those full-time and nearly so, in a row for each census."""
    census, fte = table.fte_of_people(roles, code)
    millionths = np.rint(fte * 10**DECIMALS)
    size = len(table.censuses)
    return np.column_stack(
        [
            np.bincount(census, minlength=size),
            np.bincount(census, weights=millionths, minlength=size) / 10**DECIMALS,
            np.bincount(census[millionths >= FULL_TIME * 10**DECIMALS], minlength=size),
            np.bincount(census[millionths >= NEARLY_FULL_TIME * 10**DECIMALS], minlength=size),
        ]
    )
