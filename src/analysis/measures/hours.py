"""How many hours people in a role work: FTE per person, and how many work full time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.columns import STAFF
from analysis.measures.base import AREA, counted_rows, role_starts
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


def hours(workforce: pd.DataFrame, roles: Roles, breaks: Breaks, codes: Sequence[str]) -> pd.DataFrame:
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
    staff = workforce.loc[workforce["data_source"] == STAFF, ["census", "role", "data_source", "person_id", "fte"]]
    rows = counted_rows(staff.dropna(subset="person_id"), roles, codes)
    people = rows.groupby(["census", "role", "person_id"], observed=True)["fte"].sum().round(DECIMALS).reset_index()
    sums = (
        people.assign(full=people["fte"] >= FULL_TIME, nearly=people["fte"] >= NEARLY_FULL_TIME)
        .groupby(["census", "role"], observed=True)
        .agg(
            people=("fte", "size"),
            fte_people=("fte", "sum"),
            people_full_time=("full", "sum"),
            people_nearly_full_time=("nearly", "sum"),
        )
        .astype("float64")
        .reset_index()
        .astype({"census": "str", "role": "str"})
    )
    censuses = sorted(workforce["census"].astype("str").unique())
    starts = role_starts(roles, codes, sums[["census", "role"]])
    frame = england_grid(censuses, codes).merge(sums, on=["census", "role"], how="left")
    nobody = frame["people"].isna()
    frame["people"] = frame["people"].mask(nobody & (frame["census"] >= frame["role"].map(starts)), 0.0)
    frame["fte_per_person"] = frame["fte_people"] / frame["people"].where(~nobody)
    frame["full_time_share_pct"] = 100 * frame["people_full_time"] / frame["people"].where(~nobody)
    frame["nearly_full_time_share_pct"] = 100 * frame["people_nearly_full_time"] / frame["people"].where(~nobody)
    broken = first_after_break(frame, "people", ["headcount", "fte_staff"], roles, breaks)
    frame["note"] = note(len(frame), (nobody, NOT_APPLICABLE), (broken, BREAK))
    return frame[COLUMNS]
