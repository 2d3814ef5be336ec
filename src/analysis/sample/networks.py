"""The invented Primary Care Networks: where they are, how large, and which of them report at each census.

The published counts of PCNs active, reporting, and reporting staff are met at every census. Who reports is invented,
after the habits of the real series: PCNs join over time and stay; a few drop out and mostly come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.sample.draws import Flags, Floats, Ints, apportion, skewed, uniforms
from analysis.sample.geography import MARK, load_geography

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sample.totals import Totals

FIRST_CODE = 22000  # a stretch of code numbers that is nearly free of real PCNs ...
# ... but for these: PCN codes of the workforce extracts to September 2022, or of the patients lists to July 2026
REAL_CODES = frozenset({22020, 22092, 22192, 22273, 22426, 22471, 22506})
MEDIAN_PATIENTS, PATIENTS_SPREAD = 45_000, 0.36  # give a mean of 48,000, as in the lists of 2021 to 2026
SMALLEST, LARGEST = 15_000, 120_000  # the middle 98% of the real lists lies between 18,000 and 120,000
DROP_OUT_SHARE = 0.004  # of those reporting, from one census to the next; 32 of 8,000 in the real extracts
COME_BACK_SHARE = 0.6
RENAMED_SHARE, RENAMED_FROM = 0.03, "2021-09"  # 39 of 1,134 real PCNs changed their name in 2020 to 2022
LONG_STANDING = 12  # censuses reported before the first extract, by those who are in it
COMMA_SHARE = 0.05  # of names have a comma, which a CSV must quote
FIRST_WORDS = ("ALDER", "BIRCH", "CEDAR", "ELM", "HAZEL", "HOLLY", "LARCH", "MAPLE", "OAK", "ROWAN", "WILLOW", "YEW")
LAST_WORDS = ("BROOK", "DALE", "FORD", "GATE", "HEATH", "HILL", "LEA", "MARSH", "MOOR", "RIDGE", "VALE", "WATER")


@dataclass(frozen=True)
class Reporting:
    """Who reports at one census; each array has one entry a PCN."""

    active: Flags
    reporting: Flags
    contracted_only: Flags
    without_arrs: Flags  # reports, but none of the thirteen reimbursed roles
    censuses_reported: Ints  # before this one; the first census counts as long-standing


@dataclass(frozen=True)
class Networks:
    """All invented PCNs.

    ``frame`` has ``pcn_code, pcn_name, pcn_name_later`` and the columns of `load_geography`, one row a PCN;
    ``patients`` is the list size of 2021.
    """

    frame: pd.DataFrame
    patients: Ints
    outsourced: Floats  # how much a PCN leans to contracted services, 0 to 1
    reporting: Mapping[str, Reporting]

    def names(self, census: str) -> pd.Series:
        """The PCN names in use at a census."""
        return self.frame["pcn_name" if census < RENAMED_FROM else "pcn_name_later"]


def make_networks(totals: Totals) -> Networks:
    """The PCNs whose counts meet ``totals`` at each of its censuses."""
    active = _active(totals)
    count = len(next(iter(active.values())))
    geography = load_geography()
    pcns = apportion(count, np.maximum(geography["pcns_recorded"].to_numpy(np.int64), 1))
    # PCNs open and close anywhere: codes and places are dealt independently of the order of opening
    place = np.repeat(np.arange(len(geography)), pcns)[np.argsort(uniforms(count, "place"), kind="stable")]
    frame = geography.iloc[place].drop(columns="pcns_recorded").reset_index(drop=True)
    name, later = _names(count)
    frame.insert(0, "pcn_code", _codes(count))
    frame.insert(1, "pcn_name", name)
    frame.insert(2, "pcn_name_later", later)
    size = np.rint(MEDIAN_PATIENTS * skewed(count, PATIENTS_SPREAD, "patients")).astype(np.int64)
    outsourced = uniforms(count, "outsourced")
    return Networks(
        frame=frame,
        patients=np.clip(size, SMALLEST, LARGEST),
        outsourced=outsourced,
        reporting=_reporting(totals, active, outsourced),
    )


def _codes(count: int) -> list[str]:
    free = [number for number in range(FIRST_CODE, FIRST_CODE + count + len(REAL_CODES)) if number not in REAL_CODES]
    return [f"U{number:05d}" for number in free[:count]]


def _names(count: int) -> tuple[list[str], list[str]]:
    """Names, and names after the renaming; not unique, and some with a comma, as the real ones are.

    Each begins with `MARK`: ingest knows the sample by it, and every page then says so.
    """
    chosen = [(uniforms(count, "name", part) * 12).astype(int) for part in ("first", "last", "other")]
    names, later = [], []
    for first, last, other, comma, renamed in zip(
        *chosen, uniforms(count, "comma") < COMMA_SHARE, uniforms(count, "renamed") < RENAMED_SHARE, strict=True
    ):
        place = f"{MARK} {FIRST_WORDS[first]}{LAST_WORDS[last]}"
        more = f"{place}, {FIRST_WORDS[other]} AND {LAST_WORDS[last]}" if comma else place
        names.append(f"{more} PCN")
        later.append(f"{place} AND {FIRST_WORDS[other]} PCN" if renamed else names[-1])
    return names, later


def _active(totals: Totals) -> dict[str, Flags]:
    """Which PCNs are active at each census: when the published count falls, some close; when it rises, some open."""
    now: list[bool] = []
    steps: list[list[bool]] = []
    closed = 0
    for census in totals.censuses:
        change = totals.pcns_active[census] - sum(now)
        if change < 0:
            now[closed : closed - change] = [False] * -change
            closed -= change
        now += [True] * max(change, 0)
        steps.append(list(now))
    flags = [np.array(step + [False] * (len(now) - len(step))) for step in steps]
    return dict(zip(totals.censuses, flags, strict=True))


def _reporting(totals: Totals, active: dict[str, Flags], outsourced: Floats) -> dict[str, Reporting]:
    count = len(outsourced)
    readiness = uniforms(count, "readiness")
    stays_open = active[totals.censuses[-1]]  # PCNs that close never report: no workforce vanishes with them
    reporting = np.zeros(count, dtype=bool)
    reported = np.zeros(count, dtype=np.int64)
    without_arrs_score = uniforms(count, "without_arrs")
    found: dict[str, Reporting] = {}
    for census in totals.censuses:
        wanted = totals.pcns_reporting[census]
        dropped = _lowest(uniforms(count, "drop", census), round(DROP_OUT_SHARE * reporting.sum()), among=reporting)
        back = (reported > 0) & ~reporting & (uniforms(count, "back", census) < COME_BACK_SHARE)
        # the order in which places are filled: those who stay, those who come back, then by readiness
        rank = np.where(reporting & ~dropped, -2.0, np.where(back, -1.0, readiness))
        can_join = active[census] & stays_open & ~dropped & ((reported == 0) | back | reporting)
        reporting = _lowest(rank, wanted, among=can_join)
        contracted_only = _lowest(-outsourced, wanted - totals.pcns_reporting_staff[census], among=reporting)
        without_arrs = _lowest(without_arrs_score, totals.pcns_without_arrs(census), among=reporting & ~contracted_only)
        first = census == totals.censuses[0]
        reported = reported + np.where(reporting & first, LONG_STANDING, reporting)
        found[census] = Reporting(active[census], reporting, contracted_only, without_arrs, reported - 1)
    return found


def _lowest(score: Floats, count: int, *, among: Flags) -> Flags:
    """The ``count`` PCNs of lowest score among those flagged."""
    if count > among.sum():
        raise ValueError(f"{count} PCNs are wanted of {among.sum()}")
    flags = np.zeros(len(score), dtype=bool)
    flags[np.argsort(np.where(among, score, np.inf), kind="stable")[:count]] = True
    return flags
