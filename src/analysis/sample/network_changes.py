"""The invented Primary Care Networks over time: founded, closed, merged and recoded, and which practices they have.

A network that goes on under another code is one network here: its ``number`` stays, its code does not. The published
counts of active PCNs are met at every census. In the real series 58 codes were new and 24 were gone from
September 2022 to June 2026, most of them in April.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.sample.draws import Flags, Floats, Ints, apportion, uniforms

if TYPE_CHECKING:
    from analysis.sample.totals import Totals

NO_NETWORK = -1
CHANGES_FROM = "2023-01"  # mergers and new codes; before it PCNs are only founded or closed
# In a month of these, beside what the published count of PCNs asks for: mergers, and codes given up for new ones.
MERGERS = {"04": 2}
RECODED = {"04": 3, "07": 1, "10": 1}
NEW_CODE_SHARE = 0.5  # of mergers give both codes up
PATIENTS_OF_A_PRACTICE = 9_800  # a mean of five practices a PCN, as in the list of July 2026
MOST_PRACTICES, FEWEST_TO_DIVIDE = 12, 4
LEANEST_SHARE, FATTEST_SHARE = 0.5, 1.5  # of a practice in the mean of its network
PRACTICES_OUTSIDE = 30  # in no PCN: their patients are "Unallocated", 0.35% in the real list of July 2026


@dataclass(frozen=True)
class Practices:
    """Each practice's patients, its place (row of the geography of 2022), and its network by census."""

    patients: Ints
    place: Ints
    network: Mapping[str, Ints]


@dataclass(frozen=True)
class Changes:
    """``place`` by network; who is active, and whose code is new, at each census: one entry a network."""

    place: Ints
    active: Mapping[str, Flags]
    recoded: Mapping[str, Flags]
    practices: Practices


def networks_ever(totals: Totals) -> tuple[int, int]:
    """How many networks there are at the first census, and ever."""
    founded = sum(_founded_and_closed(totals, census)[0] for census in totals.censuses[1:])
    first = totals.pcns_active[totals.censuses[0]]
    return first, first + founded


def make_changes(totals: Totals, place: Ints, patients: Ints, readiness: Floats) -> Changes:
    """The networks over time.

    Parameters
    ----------
    place, patients
        Of the networks of the first census; those founded later come out of one that divides.
    readiness
        Of all networks ever: those that close before `CHANGES_FROM` are the least ready to report, so that no
        workforce vanishes with them.
    """
    first, count = networks_ever(totals)
    size, of_place, member = _practices(place, patients)
    world = _World(
        place=np.concatenate([place, np.full(count - first, NO_NETWORK)]),
        active=np.arange(count) < first,
        member=member,
        size=size,
        founded=first,
    )
    active, recoded, network = {}, {}, {}
    for number, census in enumerate(totals.censuses):
        new_code = np.zeros(count, dtype=bool)
        if number:
            founded, closed = _founded_and_closed(totals, census)
            score = uniforms(count, "closes", census) if census >= CHANGES_FROM else 1 - readiness
            receivers = [world.close(score) for _ in range(closed)]
            if census >= CHANGES_FROM:
                merged = uniforms(len(receivers), "merged", census) < NEW_CODE_SHARE
                new_code[[receiver for receiver, both in zip(receivers, merged, strict=True) if both]] = True
                new_code[world.long_standing(RECODED.get(census[5:], 0), uniforms(count, "recoded", census))] = True
            for _ in range(founded):
                world.divide()
            new_code &= world.active
        active[census], recoded[census], network[census] = world.active.copy(), new_code, world.member.copy()
    return Changes(world.place, active, recoded, Practices(size, of_place, network))


def _founded_and_closed(totals: Totals, census: str) -> tuple[int, int]:
    before = totals.censuses[totals.censuses.index(census) - 1]
    change = totals.pcns_active[census] - totals.pcns_active[before]
    mergers = MERGERS.get(census[5:], 0) if census >= CHANGES_FROM else 0
    return max(change, 0) + mergers, max(-change, 0) + mergers


def _practices(place: Ints, patients: Ints) -> tuple[Ints, Ints, Ints]:
    """Patients, place and network of each practice; those in no network stand last."""
    number = np.clip(patients // PATIENTS_OF_A_PRACTICE, 1, MOST_PRACTICES)
    member = np.repeat(np.arange(len(place)), number)
    share = LEANEST_SHARE + (FATTEST_SHARE - LEANEST_SHARE) * uniforms(len(member), "practice")
    weight = np.rint(share * PATIENTS_OF_A_PRACTICE).astype(np.int64)
    ends = np.cumsum(number)
    parts = [apportion(int(all_), weight[end - n : end]) for all_, n, end in zip(patients, number, ends, strict=True)]
    outside = np.unique((uniforms(PRACTICES_OUTSIDE, "outside") * len(place)).astype(np.int64))
    return (
        np.concatenate([*parts, weight[: len(outside)]]),
        np.concatenate([place[member], place[outside]]),
        np.concatenate([member, np.full(len(outside), NO_NETWORK)]),
    )


@dataclass
class _World:
    """The networks and their practices while time goes on."""

    place: Ints
    active: Flags
    member: Ints
    size: Ints
    founded: int

    def close(self, score: Floats) -> int:
        """Close the network of lowest ``score`` that has an active neighbour, and return the one that takes it in."""
        at_home = np.bincount(self.place[self.active], minlength=int(self.place.max()) + 1)
        can = self.active & (at_home[self.place] > 1) & (self._patients() <= np.median(self._patients()[self.active]))
        closing = int(np.argmin(np.where(can, score, np.inf)))
        self.active[closing] = False
        neighbours = np.flatnonzero(self.active & (self.place == self.place[closing]))
        receiver = int(neighbours[np.argmin(self._patients()[neighbours])])
        self.member[self.member == closing] = receiver
        return receiver

    def divide(self) -> None:
        """Found a network from every second practice of the largest that has practices enough."""
        practices = np.bincount(self.member[self.member >= 0], minlength=len(self.active))
        can = self.active & (practices >= FEWEST_TO_DIVIDE)
        parent = int(np.argmax(np.where(can, self._patients(), -1)))
        self.member[np.flatnonzero(self.member == parent)[1::2]] = self.founded
        self.place[self.founded] = self.place[parent]
        self.active[self.founded] = True
        self.founded += 1

    def long_standing(self, count: int, score: Floats) -> Ints:
        """The ``count`` active networks of lowest score."""
        return np.argsort(np.where(self.active, score, np.inf), kind="stable")[:count].astype(np.int64)

    def _patients(self) -> Ints:
        inside = self.member >= 0
        return np.bincount(self.member[inside], self.size[inside], len(self.active)).astype(np.int64)
