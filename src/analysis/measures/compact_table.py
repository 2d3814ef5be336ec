"""The compact table: FTE and rows by census, network, role and data source, and the people behind them.

It is made once for each extract, when that is read (:mod:`analysis.extracts.compact`). All that the measures say of
areas, groups of roles, panels and changes is worked out from it by arithmetic on arrays, without the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import BILLION, CONTRACTED, ENGLAND, LEVELS, STAFF
from analysis.registers.roles import UNKNOWN, Roles

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# The last axis of the arrays of sums: all rows, and those of each data source.
SOURCES = ("all", STAFF, CONTRACTED)
PLACES = [column for pair in LEVELS.values() for column in pair]


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas of one level: their codes in order, and the number of the area of each network and of each cell."""

    codes: list[str]
    of_network: Ints
    of_cell: Ints


@dataclass(frozen=True, eq=False)
class CompactTable:
    """The extracts of a report, added up.

    Parameters
    ----------
    cells
        A row for each census, network, role and data source: ``census``, ``data_source``, code and name of region, ICB,
        sub-ICB and PCN, ``staff_group``, ``staff_role``, ``detailed_staff_role`` (all categories), ``role`` (the code
        by the vocabulary), ``fte_billionths`` (FTE in whole billionths) and ``rows`` (rows of the extract).
    people
        A row for each cell and person in it: ``cell`` (place in ``cells``), ``person`` (a number, within a census) and
        ``fte_billionths``. Contracted services name nobody.
    """

    cells: pd.DataFrame = field(repr=False)
    people: pd.DataFrame = field(repr=False)

    @cached_property
    def censuses(self) -> list[str]:
        """The censuses of the extracts, in order."""
        return sorted(self.cells["census"].astype("str").unique())

    @cached_property
    def networks(self) -> pd.DataFrame:
        """The networks (PCNs) that reported: one row for each census and network with any row of any role.

        Columns: ``census``, code and name of region, ICB, sub-ICB and PCN at that census (of its first row: that a PCN
        lies in one place within a file is for validation to check), ``reports_staff`` and ``reports_contracted``
        (whether it has rows of each data source). In order of census and PCN.
        """
        first, network = self._first_cells
        reports = self.cells[["census", *PLACES]].iloc[first].astype("str").reset_index(drop=True)
        for number, name in enumerate(("reports_staff", "reports_contracted")):
            reports[name] = np.bincount(network[self.source_of_cell == number], minlength=len(first)) > 0
        return reports

    @cached_property
    def _first_cells(self) -> tuple[Ints, Ints]:
        """The first cell of each network at each census; the number of the network of each cell."""
        pcn, key = self._sorted_codes("pcn_code")
        census, _ = self._sorted_codes("census")
        _, first, network = np.unique(census * len(key) + pcn, return_index=True, return_inverse=True)
        return first, network

    def _sorted_codes(self, column: str) -> tuple[Ints, list[str]]:
        """The number of each cell's value among the sorted values of a column."""
        values = self.cells[column].astype("category").cat.remove_unused_categories()
        values = values.cat.reorder_categories(sorted(values.cat.categories))
        return values.cat.codes.to_numpy().astype(np.int64), list(values.cat.categories)

    @property
    def network_of_cell(self) -> Ints:
        """The row in ``networks`` of each cell."""
        return self._first_cells[1]

    @cached_property
    def census_of_network(self) -> Ints:
        """The place among ``censuses`` of each network."""
        return self._sorted_codes("census")[0][self._first_cells[0]]

    @property
    def census_of_cell(self) -> Ints:
        """The place among ``censuses`` of each cell."""
        return self.census_of_network[self.network_of_cell]

    @cached_property
    def cells_in_order(self) -> tuple[Ints, Ints]:
        """The cells in order of their networks, and where those of each network begin (one more: where they end)."""
        order = np.argsort(self.network_of_cell, kind="stable")
        return order, np.searchsorted(self.network_of_cell[order], np.arange(len(self.networks) + 1))

    @cached_property
    def source_of_cell(self) -> Ints:
        """0 for staff, 1 for contracted services, 2 for anything else."""
        source = self.cells["data_source"].astype("str")
        return np.select([source == STAFF, source == CONTRACTED], [0, 1], default=2).astype(np.int64)

    @cached_property
    def _roles(self) -> tuple[Ints, list[str]]:
        return self._sorted_codes("role")

    @cached_property
    def _areas(self) -> dict[str, Areas]:
        first, network = self._first_cells
        found = {"england": Areas([ENGLAND], np.zeros_like(first), np.zeros_like(network))}
        for level, (column, _) in LEVELS.items():
            of_cell, codes = self._sorted_codes(column)
            found[level] = Areas(codes, of_cell[first], of_cell)
        return found

    def areas(self, level: str) -> Areas:
        """The areas of a level: ``england``, ``region``, ``icb``, ``sub_icb`` or ``pcn``."""
        return self._areas[level]

    def at(self, census: str) -> slice:
        """The rows of ``networks`` of one census; none of one that there is no extract of."""
        number = int(np.searchsorted(self.censuses, census))
        if number == len(self.censuses) or self.censuses[number] != census:
            return slice(0, 0)
        first, last = np.searchsorted(self.census_of_network, [number, number + 1])
        return slice(int(first), int(last))

    def starts(self, roles: Roles, codes: Sequence[str]) -> dict[str, str]:
        """The first census of each role or group: of the vocabulary, or the first with rows if that is earlier."""
        role, names = self._roles
        first = np.full(len(names), len(self.censuses), dtype=np.int64)
        np.minimum.at(first, role, self.census_of_cell)
        seen = {name: self.censuses[number] for name, number in zip(names, first, strict=True)}
        return {
            code: min([roles.starts(code), *(seen[member] for member in roles.members(code) if member in seen)])
            for code in codes
        }

    def first_census(self, roles: Roles, codes: Sequence[str]) -> Ints:
        """The place among ``censuses`` from which on each role or group counts: see :meth:`starts`."""
        return np.searchsorted(self.censuses, list(self.starts(roles, codes).values()))

    def members(self, roles: Roles, codes: Sequence[str]) -> Floats:
        """Which roles each role or group counts, as a matrix of 0 and 1: roles that occur × ``codes``."""
        names = self._roles[1]
        return np.array([[name in roles.members(code) for code in codes] for name in names], dtype=np.float64).reshape(
            len(names), len(codes)
        )

    def sums(
        self, group: Ints, size: int, members: Floats, *, of: str = "fte_billionths", cells: Ints | None = None
    ) -> Floats:
        """Add up cells by group: an array of ``SOURCES`` × ``size`` × codes.

        Parameters
        ----------
        group
            The number of the group of each cell, below ``size``.
        members
            The roles that each code counts, of :meth:`members`.
        of
            ``fte_billionths``, or ``rows``. Both are whole numbers, far below 2⁵³: floats add them up exactly, in
            whatever order.
        cells
            The cells to add up, by their place; all of them by default.
        """
        role, source, values = self._roles[0], self.source_of_cell, self.cells[of].to_numpy()
        if cells is not None:
            role, source, values = role[cells], source[cells], values[cells]
        key = (source * size + group) * len(members) + role
        by_role = np.bincount(key, weights=values, minlength=3 * size * len(members)).reshape(3, size, len(members))
        by_source = by_role @ members
        return np.stack([by_source.sum(axis=0), by_source[0], by_source[1]])

    def network_fte(self, roles: Roles, codes: Sequence[str]) -> Floats:
        """FTE of each of ``networks`` in each of ``codes``: an array of ``SOURCES`` × networks × codes.

        A network that reported and has no row of a role has 0 in it.
        """
        return self.sums(self.network_of_cell, len(self.networks), self.members(roles, codes)) / BILLION

    def people_in(self, group: Ints, size: int, members: Floats) -> Floats:
        """Count people by group of cells (as in :meth:`sums`, each within one census): ``size`` × codes.

        Somebody with several rows in a group and a role, or group of roles, is one person.
        """
        role = self._roles[0]
        cell, person = self.people["cell"].to_numpy(), self.people["person"].to_numpy()
        once, often = cell[self._alone], cell[~self._alone]
        key = group[once] * len(members) + role[once]
        found = np.bincount(key, minlength=size * len(members)).reshape(size, len(members)) @ members
        most = person.max(initial=0) + 1
        somebody = group[often] * most + person[~self._alone]
        for code in range(members.shape[1]):
            distinct = np.unique(somebody[members[role[often], code] > 0])
            found[:, code] += np.bincount(distinct // most, minlength=size)
        return found

    def fte_of_people(self, roles: Roles, code: str) -> tuple[Ints, Floats]:
        """Everybody in a role or group, at each census: the place of the census, and the FTE over all networks."""
        cell, person = self.people["cell"].to_numpy(), self.people["person"].to_numpy()
        counted = self.members(roles, [code])[self._roles[0][cell], 0] > 0
        most = person.max(initial=0) + 1
        people, number = np.unique(self.census_of_cell[cell[counted]] * most + person[counted], return_inverse=True)
        fte = np.bincount(number, weights=self.people["fte_billionths"].to_numpy()[counted], minlength=len(people))
        return people // most, fte / BILLION

    def networks_with_role(self, group: Ints, size: int, members: Floats) -> Floats:
        """Count networks with any row of a role by group of cells (each within one census): ``size`` × codes."""
        count = max(len(self.networks), 1)
        pair, pairs = pd.factorize(group * count + self.network_of_cell)
        there = np.zeros((len(pairs), len(members)))
        there[pair, self._roles[0]] = 1
        found = np.zeros((size, members.shape[1]))
        for code, any_row in enumerate((there @ members > 0).T):
            found[:, code] = np.bincount(pairs[any_row] // count, minlength=size)
        return found

    @cached_property
    def _alone(self) -> Mask:
        """Which rows of ``people`` are the only one of their person at a census."""
        census = self.census_of_cell[self.people["cell"].to_numpy()]
        person = self.people["person"].to_numpy()
        number, _ = pd.factorize(census * (person.max(initial=0) + 1) + person)
        alone: Mask = (np.bincount(number) == 1)[number] if len(number) else np.zeros(0, dtype=bool)
        return alone

    def unknown_roles(self) -> pd.DataFrame:
        """Rows of unknown roles: ``census, staff_group, staff_role, detailed_staff_role, rows, fte``."""
        keys = ["census", "staff_group", "staff_role", "detailed_staff_role"]
        unknown = self.cells.loc[self.cells["role"] == UNKNOWN, [*keys, "rows", "fte_billionths"]]
        found = unknown.astype(dict.fromkeys(keys, "str")).groupby(keys, as_index=False).sum()
        return found.assign(fte=found.pop("fte_billionths") / BILLION)
