"""The thirteen roles of the Additional Roles Reimbursement Scheme: the share of each in the FTE of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.measures.base import AREA
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

GROUP = "arrs13"
COLUMNS = [*AREA, "role", "fte", "note", "all_fte", "share_pct", "share_note", "source"]


def additional_roles(totals: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """Compare the FTE of each of the thirteen roles with that of all thirteen, England, at every census.

    ``totals`` is of :func:`analysis.measures.national.national_totals`. The thirteen are those that Penfold et al.
    count (J Epidemiol Community Health 2023;77 Suppl 1:A42.2), by the register of roles: a fixed set, so that its total
    can be compared over time. Roles that the scheme took up later, and the link workers counted as mental health
    practitioners, are not in it.

    ``fte`` and ``note`` are of ``totals``; ``all_fte`` is that of the thirteen; ``share_pct`` is the one in the other,
    %. ``share_note``: ``[z]`` before a role starts, ``[x]`` where one of the two is not available, ``[b]`` as ``fte``.
    """
    england = totals[totals["level"] == "england"]
    whole = england.loc[england["role"] == GROUP, ["census", "fte"]].rename(columns={"fte": "all_fte"})
    members = england[england["role"].isin([*roles.members(GROUP), GROUP])]
    frame = members[[*AREA, "role", "fte", "note", "source"]].merge(whole, on="census", how="left")
    frame["share_pct"] = 100 * frame["fte"] / frame["all_fte"].where(frame["all_fte"] > 0)
    unstarted = frame["fte"].isna() & (frame["note"] == NOT_APPLICABLE)
    missing = frame["share_pct"].isna()
    frame["share_note"] = note(
        len(frame), (unstarted, NOT_APPLICABLE), (missing, NOT_AVAILABLE), (frame["note"] == BREAK, BREAK)
    )
    return frame[COLUMNS]
