"""FTE of each reporting network by role, with its patients: what the measures of networks are made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.columns import ENGLAND, LEVELS
from analysis.measures.base import AREA, FTE_COLUMNS, text_of
from analysis.measures.compact_table import CompactTable
from analysis.registers.roles import Roles

_PLACES = [column for level in ("region", "icb", "pcn") for column in LEVELS[level]]
COLUMNS = ["census", *_PLACES, "role", *FTE_COLUMNS, "list_date", "patients"]
# Hours are published to nine decimals: three thirds of a post make 0.999999999, which is one post.
DECIMALS = 6


def network_fte(table: CompactTable, lists: pd.DataFrame, roles: Roles, codes: Sequence[str]) -> pd.DataFrame:
    """Give the FTE of every reporting network in each role that has started, with its registered patients.

    ``lists`` is of :func:`analysis.measures.patients.pcn_lists`, ``codes`` are roles and role groups.

    Columns: ``census``, code and name of region, ICB and PCN, ``role``, ``fte``, ``fte_staff``, ``fte_contracted``
    (full-time equivalents), ``list_date`` and ``patients`` (people; missing where the network is on no list). A network
    that reported and has no row of a role has 0 in it. A role has no rows before the census at which it starts.
    """
    network, role = np.nonzero(table.census_of_network[:, np.newaxis] >= table.first_census(roles, codes))
    listed = lists[["census", "pcn_code", "list_date", "patients"]]
    each = table.networks[["census", *_PLACES]].merge(listed, on=["census", "pcn_code"], how="left")
    grid = each.take(network).reset_index(drop=True).assign(role=text_of(codes, role))
    fte = table.network_fte(roles, codes)[:, network, role]
    return grid.assign(**dict(zip(FTE_COLUMNS, fte, strict=True)))[COLUMNS]


def england_grid(censuses: Iterable[str], codes: Iterable[str]) -> pd.DataFrame:
    """One row for England at each census and role: ``level, area_code, area_name, census, role``."""
    index = pd.MultiIndex.from_product([list(censuses), list(codes)], names=["census", "role"])
    grid = index.to_frame(index=False).astype("str")
    return grid.assign(level="england", area_code=ENGLAND, area_name="England")[[*AREA, "role"]]
