"""FTE of each reporting network by role: the compact table that the measures of networks are made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.columns import ENGLAND, LEVELS
from analysis.measures.base import AREA, FTE_COLUMNS, pcn_fte, role_starts
from analysis.registers.roles import Roles

_PLACES = [column for level in ("region", "icb", "pcn") for column in LEVELS[level]]
COLUMNS = ["census", *_PLACES, "role", *FTE_COLUMNS, "list_date", "patients"]
# Hours are published to nine decimals: three thirds of a post make 0.999999999, which is one post.
DECIMALS = 6


def network_fte(
    workforce: pd.DataFrame, reports: pd.DataFrame, lists: pd.DataFrame, roles: Roles, codes: Sequence[str]
) -> pd.DataFrame:
    """Give the FTE of every reporting network in each role that has started, with its registered patients.

    ``reports`` is of :func:`analysis.measures.base.reporting`, ``lists`` of
    :func:`analysis.measures.patients.pcn_lists`, ``codes`` are roles and role groups.

    Columns: ``census``, code and name of region, ICB and PCN, ``role``, ``fte``, ``fte_staff``, ``fte_contracted``
    (full-time equivalents), ``list_date`` and ``patients`` (people; missing where the network is on no list). A network
    that reported and has no row of a role has 0 in it. A role has no rows before the census at which it starts.
    """
    amounts = pcn_fte(workforce, roles, codes)
    starts = role_starts(roles, codes, amounts[["census", "role"]].drop_duplicates())
    grid = reports[["census", *_PLACES]].merge(pd.DataFrame({"role": list(codes)}, dtype="str"), how="cross")
    grid = grid[grid["census"] >= grid["role"].map(starts)]
    grid = grid.merge(amounts, on=["census", "pcn_code", "role"], how="left")
    grid[FTE_COLUMNS] = grid[FTE_COLUMNS].fillna(0.0)
    listed = lists[["census", "pcn_code", "list_date", "patients"]]
    return grid.merge(listed, on=["census", "pcn_code"], how="left")[COLUMNS]


def england_grid(censuses: Iterable[str], codes: Iterable[str]) -> pd.DataFrame:
    """One row for England at each census and role: ``level, area_code, area_name, census, role``."""
    index = pd.MultiIndex.from_product([list(censuses), list(codes)], names=["census", "role"])
    grid = index.to_frame(index=False).astype("str")
    return grid.assign(level="england", area_code=ENGLAND, area_name="England")[[*AREA, "role"]]
