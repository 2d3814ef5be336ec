"""How many rows of the extracts a figure counts: by census, area, role and data source."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

import pandas as pd

from analysis.columns import ENGLAND, LEVELS
from analysis.registers.roles import Roles

ALL = "all"
_AREAS = [code for code, _ in LEVELS.values()]
_KEYS = ["census", "role", "data_source"]
COLUMNS = [*_KEYS, *_AREAS, "rows"]


def row_counts(cells: pd.DataFrame) -> pd.DataFrame:
    """Rows by census, role, data source and where they are: ``COLUMNS``.

    ``cells`` are those of :class:`analysis.measures.compact_table.CompactTable`.
    """
    keys = [*_KEYS, *_AREAS]
    return cells.groupby(keys, observed=True)["rows"].sum().reset_index()[COLUMNS]


class RowCounts:
    """Rows by census, area, role or group, and data source, counted for an area when it is asked for.

    Parameters
    ----------
    read
        Gives the frame of :func:`row_counts`, which is among the largest: most who open facts ask for no rows.
    roles
        The vocabulary, which says what a group counts.
    """

    def __init__(self, read: Callable[[], pd.DataFrame] | None = None, roles: Roles | None = None) -> None:
        self._read = read
        self._roles = roles
        self._places: dict[str, Any] = {}
        self._by_area: dict[str, dict[tuple[str, str, str], int]] = {}

    @cached_property
    def _counts(self) -> pd.DataFrame:
        return pd.DataFrame(columns=COLUMNS) if self._read is None else self._read()

    def of(self, census: str, area: str, role: str = ALL, source: str = ALL) -> int:
        """How many rows; ``all`` stands for every role, and for both data sources."""
        if area not in self._by_area:
            self._by_area[area] = self._count(area)
        members = (role,) if role == ALL or self._roles is None else self._roles.members(role)
        return sum(self._by_area[area].get((census, member, source), 0) for member in members)

    def _count(self, area: str) -> dict[tuple[str, str, str], int]:
        here = self._counts if area == ENGLAND else self._rows_in(area)
        counts: dict[tuple[str, str, str], int] = {}
        sums = here.groupby(_KEYS, observed=True)["rows"].sum() if len(here) else here["rows"]
        for key, rows in sums.items() if len(here) else ():
            census, role, source = (str(part) for part in cast("tuple[object, ...]", key))
            for each in ((census, role, source), (census, role, ALL), (census, ALL, source), (census, ALL, ALL)):
                counts[each] = counts.get(each, 0) + int(rows)
        return counts

    def _rows_in(self, area: str) -> pd.DataFrame:
        """The counts of an area: its code belongs to one of the levels, and no two levels share codes."""
        for column in _AREAS:
            if column not in self._places:
                there = len(self._counts) > 0
                self._places[column] = self._counts.groupby(column, observed=True).indices if there else {}
            if area in self._places[column]:
                return self._counts.take(self._places[column][area])
        return self._counts.head(0)
