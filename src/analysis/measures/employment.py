"""Who employs: networks with their own staff in a role, with contracted services, with both, with none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.base import AREA, area_grid, area_of
from analysis.measures.compact_table import CompactTable
from analysis.measures.network_fte import DECIMALS
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, first_after_break, note
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

LEVELS = ("england", "region", "icb")
KINDS = ["pcns_staff_only", "pcns_contracted_only", "pcns_both", "pcns_none"]
COLUMNS = [*AREA, "role", "pcns_reporting", *KINDS, "note"]
_KEY = ["area_code", "census", "role"]


def employment(
    networks: pd.DataFrame, table: CompactTable, roles: Roles, breaks: Breaks, codes: Sequence[str]
) -> pd.DataFrame:
    """Count reporting networks by who employs the people in each role, in England, regions and ICBs, at every census.

    ``networks`` is of :func:`analysis.measures.network_fte.network_fte`, ``table`` is
    the compact table. ``pcns_staff_only`` have FTE in ``NWRS Staff`` rows of the role and none
    in ``NWRS contracted services``, ``pcns_contracted_only`` the reverse, ``pcns_both`` in both, ``pcns_none`` in
    neither. The four add up to ``pcns_reporting``. Rows without FTE, or with a negative one (an error at source), are
    no FTE.

    ``note``: ``[z]`` before a role starts, ``[x]`` where no network of the area reported, ``[b]`` at the first census
    after a break.
    """
    staff, contracted = (networks[column].round(DECIMALS) > 0 for column in ("fte_staff", "fte_contracted"))
    kinds = networks[["census", "region_code", "icb_code", "role"]].assign(
        pcns_reporting=1.0,
        pcns_staff_only=staff & ~contracted,
        pcns_contracted_only=contracted & ~staff,
        pcns_both=staff & contracted,
        pcns_none=~staff & ~contracted,
    )
    started = pd.MultiIndex.from_frame(networks[["census", "role"]].drop_duplicates())
    frames = []
    for level in LEVELS:
        sums = kinds.assign(area_code=area_of(kinds, level)).groupby(_KEY)[["pcns_reporting", *KINDS]].sum()
        grid = area_grid(table, level, breaks, codes)
        frame = grid.merge(sums.astype("float64").reset_index(), on=_KEY, how="left")
        missing = frame["pcns_reporting"].isna()
        unstarted = ~pd.MultiIndex.from_frame(frame[["census", "role"]]).isin(started)
        broken = first_after_break(frame, "pcns_reporting", ["fte_staff", "fte_contracted"], roles, breaks)
        frame["note"] = note(len(frame), (unstarted, NOT_APPLICABLE), (missing, NOT_AVAILABLE), (broken, BREAK))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)[COLUMNS]
