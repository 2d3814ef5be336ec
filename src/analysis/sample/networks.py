"""The invented Primary Care Networks of the sample: codes, names, places, practices, and who reports.

Arrays have one entry a network, which keeps its number when its code changes. `Networks.codes` has a row a code.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.sample.draws import Floats, Ints, apportion, skewed, uniforms
from analysis.sample.geography import (
    AREAS_OF_2026_FROM,
    COLUMNS,
    MARK,
    load_geography,
    load_geography_2026,
    places_of_2026,
)
from analysis.sample.network_changes import NO_NETWORK, Changes, make_changes, networks_ever
from analysis.sample.reporting import Reporting, make_reporting

if TYPE_CHECKING:
    from analysis.sample.totals import Totals

FIRST_CODE = 22000  # a stretch of code numbers that is nearly free of real PCNs ...
# ... but for these: PCN codes of the workforce extracts to June 2026, or of the patients lists to July 2026
REAL_CODES = frozenset(
    {22020, 22092, 22192, 22273, 22426, 22471, 22506}
    | {23362, 23418, 23535, 23544, 23546, 23620, 23710, 23714, 23717, 23742, 23821, 23862}
)
MEDIAN_PATIENTS, PATIENTS_SPREAD = 45_000, 0.36  # give a mean of 48,000, as in the lists of 2021 to 2026
SMALLEST, LARGEST = 15_000, 120_000  # the middle 98% of the real lists lies between 18,000 and 120,000
RENAMED_SHARE, RENAMED_FROM = 0.03, "2021-09"  # 39 of 1,134 real PCNs changed their name in 2020 to 2022
COMMA_SHARE = 0.05  # of names have a comma, which a CSV must quote
FIRST_WORDS = ("ALDER", "BIRCH", "CEDAR", "ELM", "HAZEL", "HOLLY", "LARCH", "MAPLE", "OAK", "ROWAN", "WILLOW", "YEW")
LAST_WORDS = ("BROOK", "DALE", "FORD", "GATE", "HEATH", "HILL", "LEA", "MARSH", "MOOR", "RIDGE", "VALE", "WATER")


@dataclass(frozen=True)
class Networks:
    """All invented PCNs.

    ``codes`` has ``network, first, pcn_code, pcn_name, pcn_name_later``: a row a code, by network and by ``first``, the
    census from which the network has it. ``practices`` has ``practice_code, practice_name``, in the order of the arrays
    of ``changes.practices``.
    """

    codes: pd.DataFrame
    practices: pd.DataFrame
    changes: Changes
    outsourced: Floats  # how much a network leans to contracted services, 0 to 1
    reporting: Mapping[str, Reporting]

    def at(self, census: str) -> pd.DataFrame:
        """``pcn_code, pcn_name`` and the columns of the geography at a census, one row a network.

        A network that is not yet founded has its first code, one that is closed its last.
        """
        then = self.codes.loc[(self.codes["first"] <= census) | ~self.codes["network"].duplicated()]
        then = then.drop_duplicates("network", keep="last").sort_values("network", ignore_index=True)
        name = then["pcn_name" if census < RENAMED_FROM else "pcn_name_later"].rename("pcn_name")
        share = uniforms(len(then), "divided place")
        return pd.concat([then["pcn_code"], name, _places(census, self.changes.place, share)], axis=1)

    def practice_places(self, census: str) -> pd.DataFrame:
        """The columns of the geography at a census, one row a practice: those of its network, if it is in one."""
        practices = self.changes.practices
        places = _places(census, practices.place, np.zeros(len(practices.place)))
        member = practices.network[census]
        inside = member != NO_NETWORK
        places.loc[inside] = self.at(census).loc[member[inside], list(COLUMNS)].to_numpy()
        return places

    def patients(self, census: str) -> Ints:
        """The list size of each network in March 2021, with the practices that it has at a census."""
        member = self.changes.practices.network[census]
        inside = member >= 0
        sizes = np.bincount(member[inside], self.changes.practices.patients[inside], len(self.outsourced))
        return sizes.astype(np.int64)


def make_networks(totals: Totals) -> Networks:
    """The PCNs whose counts meet ``totals`` at each of its censuses."""
    first, count = networks_ever(totals)
    geography = load_geography()
    pcns = apportion(first, np.maximum(geography["pcns_recorded"].to_numpy(np.int64), 1))
    place = np.repeat(np.arange(len(geography)), pcns)[np.argsort(uniforms(first, "place"), kind="stable")]
    size = np.rint(MEDIAN_PATIENTS * skewed(first, PATIENTS_SPREAD, "patients")).astype(np.int64)
    readiness, outsourced = uniforms(count, "readiness"), uniforms(count, "outsourced")
    changes = make_changes(totals, place, np.clip(size, SMALLEST, LARGEST), readiness)
    return Networks(
        codes=_codes(changes),
        practices=_practices(len(changes.practices.patients)),
        changes=changes,
        outsourced=outsourced,
        reporting=make_reporting(totals, changes.active, readiness, outsourced),
    )


@functools.cache
def _geographies() -> tuple[pd.DataFrame, pd.DataFrame]:
    return load_geography()[list(COLUMNS)], load_geography_2026()


def _places(census: str, place: Ints, share: Floats) -> pd.DataFrame:
    """The columns of the geography in force at a census, for rows of that of 2022; ``share`` as `places_of_2026`."""
    geography, of_2026 = _geographies()
    if census >= AREAS_OF_2026_FROM:
        place = places_of_2026(geography["sub_icb_code"].iloc[place].tolist(), of_2026, share)
        geography = of_2026
    return geography.iloc[place].reset_index(drop=True)


def _codes(changes: Changes) -> pd.DataFrame:
    """Every code with its network and the census from which it holds; names belong to the code.

    Of two networks that merge under a new code the name is new as well; a network that is only recoded keeps its own.
    """
    taken_in = _took_in_another(changes)
    rows: list[tuple[int, str, bool]] = []
    for census, active in changes.active.items():
        known = {row[0] for row in rows}
        founded = [number for number in np.flatnonzero(active).tolist() if number not in known]
        rows += [(number, census, True) for number in founded]
        rows += [
            (number, census, number in taken_in[census]) for number in np.flatnonzero(changes.recoded[census]).tolist()
        ]
    codes = pd.DataFrame(rows, columns=["network", "first", "is_new_name"])
    free = range(FIRST_CODE, FIRST_CODE + len(codes) + len(REAL_CODES))
    codes["pcn_code"] = [f"U{number:05d}" for number in free if number not in REAL_CODES][: len(codes)]
    codes["pcn_name"], codes["pcn_name_later"] = _names(len(codes))
    codes = codes.sort_values(["network", "first"], kind="stable", ignore_index=True)
    for name in ("pcn_name", "pcn_name_later"):
        codes[name] = codes[name].where(codes["is_new_name"]).groupby(codes["network"]).ffill()
    return codes.drop(columns="is_new_name")


def _took_in_another(changes: Changes) -> dict[str, set[int]]:
    """By census, the networks that took in the practices of one that closed."""
    found: dict[str, set[int]] = {}
    previous: Ints | None = None
    for census, member in changes.practices.network.items():
        moved = np.zeros(0, dtype=np.int64) if previous is None else np.flatnonzero(previous != member)
        found[census] = {
            int(member[p]) for p in moved if previous is not None and not changes.active[census][previous[p]]
        }
        previous = member
    return found


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


def _practices(count: int) -> pd.DataFrame:
    """Codes with a letter that no real practice has, and names."""
    first, last = ((uniforms(count, "practice name", part) * 12).astype(int) for part in ("first", "last"))
    names = [f"{MARK} {FIRST_WORDS[a]}{LAST_WORDS[b]} SURGERY" for a, b in zip(first, last, strict=True)]
    return pd.DataFrame({"practice_code": [f"Z{number:05d}" for number in range(1, count + 1)], "practice_name": names})
