"""Patients Registered at a GP Practice, in its layout, with its map of practices; and the practices' deprivation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.columns import PATIENTS_RAW
from analysis.periods import months_between
from analysis.sample.draws import skewed
from analysis.sample.geography import MARK
from analysis.sample.network_changes import NO_NETWORK

if TYPE_CHECKING:
    from analysis.sample.draws import Ints
    from analysis.sample.networks import Networks

PUBLICATION = f"{MARK}_GP_PRAC_PAT_LIST"
MEMBER, MAP_MEMBER = "gp-reg-pat-prac-quin-age.csv", "gp-reg-pat-prac-map.csv"
DEPRIVATION = "fingertips-imd-2025-gp-practice.csv"
BASE_CENSUS = "2021-03"  # the month whose list sizes `Practices.patients` gives
GROWTH_PER_MONTH = 0.0009  # about 1.1% a year, as England's registered patients grew in 2021 to 2022
ORG_TYPES = (("Comm Region", "region_code"), ("ICB", "icb_code"), ("SUB_ICB_LOCATION_CODE", "sub_icb_code"))
AGES = ("0_4", "5_9", *(f"{age}_{age + 4}" for age in range(10, 95, 5)), "95+")
# The columns of the map, and what fills them; nothing is invented for ONS codes, postcodes and suppliers.
MAP_COLUMNS = {
    "PUBLICATION": "publication",
    "EXTRACT_DATE": "date",
    "PRACTICE_CODE": "practice_code",
    "PRACTICE_NAME": "practice_name",
    "PRACTICE_POSTCODE": "",
    "PCN_CODE": "pcn_code",
    "PCN_NAME": "pcn_name",
    "ONS_SUB_ICB_LOCATION_CODE": "",
    "SUB_ICB_LOCATION_CODE": "sub_icb_code",
    "SUB_ICB_LOCATION_NAME": "sub_icb_name",
    "ONS_ICB_CODE": "",
    "ICB_CODE": "icb_code",
    "ICB_NAME": "icb_name",
    "ONS_COMM_REGION_CODE": "",
    "COMM_REGION_CODE": "region_code",
    "COMM_REGION_NAME": "region_name",
    "SUPPLIER_NAME": "",
}
# Scores of 2025: those of practices run from about 4 to about 70.
MEDIAN_SCORE, SPREAD_OF_PLACES, SPREAD_OF_PRACTICES = 19.0, 0.35, 0.3
LOWEST_SCORE, HIGHEST_SCORE = 4.0, 70.0
ISO, DAY_MONTH_YEAR = "%Y-%m-%d", "%d%b%Y"


@dataclass(frozen=True)
class List:
    """A list: the census whose networks it has, its date, and how it and its map write that date."""

    census: str
    date: dt.date
    style: str
    map_style: str | None = None


# Until 2022 of the first of the census month, with PCNs as the smallest organisation; since then of the day after the
# census, with practices and a map, as the real lists have been kept.
LISTS = (
    List("2021-03", dt.date(2021, 3, 1), DAY_MONTH_YEAR),
    List("2022-03", dt.date(2022, 3, 1), ISO),
    List("2022-12", dt.date(2022, 12, 1), DAY_MONTH_YEAR),
    List("2024-03", dt.date(2024, 4, 1), ISO, DAY_MONTH_YEAR),
    List("2025-06", dt.date(2025, 7, 1), ISO, DAY_MONTH_YEAR),
    List("2026-06", dt.date(2026, 7, 1), ISO, DAY_MONTH_YEAR),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def patients_csv(made: List, networks: Networks) -> bytes:
    """The bytes of a list (ASCII, CRLF)."""
    date = _date(made.date, made.style)
    lines = [",".join(PATIENTS_RAW)]
    lines += [
        f"{PUBLICATION},{date},{org_type},{code},,,{sex},{age},{patients}"
        for org_type, code, sex, age, patients in _figures(made, networks)
    ]
    return _bytes(lines)


def practice_map_csv(made: List, networks: Networks) -> bytes:
    """The bytes of the map of practices to PCNs and places of the same date (ASCII, CRLF)."""
    places, member = networks.practice_places(made.census), networks.changes.practices.network[made.census]
    pcns = networks.at(made.census)
    code = np.where(member == NO_NETWORK, "U", pcns["pcn_code"].to_numpy()[member])
    name = np.where(member == NO_NETWORK, "Unallocated", pcns["pcn_name"].to_numpy()[member])
    rows = pd.concat([networks.practices, places], axis=1).assign(
        publication=PUBLICATION, date=_date(made.date, made.map_style or ISO), pcn_code=code, pcn_name=name
    )
    rows[""] = ""
    text: str = rows[list(MAP_COLUMNS.values())].to_csv(index=False, header=list(MAP_COLUMNS), lineterminator="\r\n")
    return text.encode("ascii")


def deprivation_csv(networks: Networks) -> bytes:
    """The bytes of the practices' scores of the Index of Multiple Deprivation 2025, as Fingertips gives them."""
    practices = networks.changes.practices
    of_place = skewed(int(practices.place.max()) + 1, SPREAD_OF_PLACES, "deprivation", "place")
    of_practice = skewed(len(practices.place), SPREAD_OF_PRACTICES, "deprivation", "practice")
    score = np.clip(MEDIAN_SCORE * of_place[practices.place] * of_practice, LOWEST_SCORE, HIGHEST_SCORE)
    score = np.rint(1000 * score) / 1000
    lines = ["PRACTICE_CODE,PRACTICE_NAME,IMD_YEAR,IMD_SCORE"]
    lines += [
        f"{code},{name.title().replace(MARK.title(), MARK)},2025,{value:.3f}"
        for code, name, value in zip(*networks.practices.to_dict("list").values(), score.tolist(), strict=True)
    ]
    return _bytes(lines)


def _bytes(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _date(date: dt.date, style: str) -> str:
    """``strftime``, but for ``%b``, which would be written in the language of the machine."""
    return date.strftime(style.replace("%b", "{}")).format(_MONTHS[date.month - 1])


def _figures(made: List, networks: Networks) -> Iterator[tuple[str, str, str, str, int]]:
    """Organisation type and code, sex, age group, patients: each organisation in all, by sex, and places by age."""
    growth = 1 + GROWTH_PER_MONTH * months_between(BASE_CENSUS, made.census)
    practices = networks.changes.practices
    size: Ints = np.rint(practices.patients * growth).astype(np.int64)
    member = practices.network[made.census]
    places = networks.practice_places(made.census)
    for org_type, column in ORG_TYPES:
        for code, patients in pd.Series(size).groupby(places[column].to_numpy()).sum().items():
            yield from _organisation(org_type, str(code), int(patients), AGES)
    codes = networks.at(made.census)["pcn_code"].to_numpy()
    of_pcn = pd.Series(size).groupby(np.where(member == NO_NETWORK, "U", codes[member])).sum()
    for code, patients in of_pcn.items():
        yield from _organisation("PCN", str(code), int(patients), ())
    if made.map_style:
        for code, patients in zip(networks.practices["practice_code"], size.tolist(), strict=True):
            yield from _organisation("GP", code, patients, ())


def _organisation(
    org_type: str, code: str, patients: int, ages: tuple[str, ...]
) -> Iterator[tuple[str, str, str, str, int]]:
    """The rows of an organisation. Sexes and ages are even splits: nothing is to be read off them."""
    yield org_type, code, "ALL", "ALL", patients
    women = patients // 2
    for sex, number in (("FEMALE", women), ("MALE", patients - women)):
        yield org_type, code, sex, "ALL", number
        for place, age in enumerate(ages):
            yield org_type, code, sex, age, number // len(ages) + (place < number % len(ages))
