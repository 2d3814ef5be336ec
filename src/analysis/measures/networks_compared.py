"""The networks of two censuses: which reported at both or at one, and which were there at the other."""

from __future__ import annotations

import numpy as np

from analysis.measures.compact_table import CompactTable, Floats, Ints, Mask
from analysis.measures.existence import Sightings

# What a PCN is in a change, by whether it reports at both censuses, at the later or at the earlier one; and of the last
# two, by whether it was there at the census at which it did not report: yes, no, or nothing tells.
BOTH = "in_both"
NEW = {True: "began_reporting", False: "newly_formed", None: "only_later"}
GONE = {True: "stopped_reporting", False: "closed", None: "only_earlier"}
PARTS = (BOTH, *NEW.values(), *GONE.values())


class NetworksCompared:
    """Who reported at the two censuses of a pair: each network of either, under its later code."""

    def __init__(self, table: CompactTable, pair: tuple[str, str], seen: Sightings, followed: dict[str, str]) -> None:
        self.pair = pair
        self._table = table
        self._then, self._now = (table.at(census) for census in pair)
        pcn, codes = table.areas("pcn").of_network, table.areas("pcn").codes
        then, now = pcn[self._then], pcn[self._now]
        number = {code: place for place, code in enumerate(codes)}
        carried_on = np.arange(len(codes))
        held_then, held_now = set(then.tolist()), set(now.tolist())
        for before, after in followed.items():
            old, new = number.get(before, -1), number.get(after, -1)
            if old in held_then and new in held_now:
                carried_on[old] = new
        under = carried_on[then]
        self._gone = ~np.isin(under, now)
        size = len(now) + int(self._gone.sum())
        # The place of each network among those of the pair: the later census first, then those that are gone.
        place = np.full(len(codes), -1)
        place[now] = np.arange(len(now))
        place[under[self._gone]] = np.arange(len(now), size)
        self._place_then = place[under]
        self.status = np.full(size, PARTS.index(BOTH))
        began = ~np.isin(now, under)
        earlier, later = pair
        for places, names, found in (
            (np.flatnonzero(began), NEW, seen.were_there([codes[n] for n in now[began]], earlier, later)),
            (np.arange(len(now), size), GONE, seen.were_there([codes[n] for n in under[self._gone]], later, earlier)),
        ):
            self.status[places] = [PARTS.index(names[there]) for there in found.values()]
        both = self.status == PARTS.index(BOTH)
        self.followed = np.zeros(size, dtype=bool)
        self.followed[self._place_then] = under != then
        self.followed &= both

    def areas(self, level: str) -> tuple[Ints, Mask]:
        """The area of each network, at the later census or else where it lay; and whether it lay in another one."""
        of_network = self._table.areas(level).of_network
        then = of_network[self._then]
        area = np.concatenate([of_network[self._now], then[self._gone]])
        area_then = area.copy()
        area_then[self._place_then] = then
        return area, area != area_then

    def sums(self, group: Ints, size: int, members: Floats) -> tuple[Floats, Floats]:
        """FTE in billionths at the two censuses, by ``group`` of the networks: arrays of sources × ``size`` × codes."""
        return self._side(self._then, group[self._place_then], size, members), self._side(
            self._now, group[: self._now.stop - self._now.start], size, members
        )

    def _side(self, networks: slice, group: Ints, size: int, members: Floats) -> Floats:
        order, begins = self._table.cells_in_order
        cells = order[begins[networks.start] : begins[networks.stop]]
        of_cell = group[self._table.network_of_cell[cells] - networks.start]
        return self._table.sums(of_cell, size, members, cells=cells)
