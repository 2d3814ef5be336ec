"""Patients Registered at a GP Practice, in its layout: every active PCN, and the totals of the places above it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.columns import PATIENTS_RAW
from analysis.periods import months_between
from analysis.sample.geography import MARK

if TYPE_CHECKING:
    from analysis.sample.draws import Ints
    from analysis.sample.networks import Networks

PUBLICATION = f"{MARK}_GP_PRAC_PAT_LIST"
MEMBER = "gp-reg-pat-prac-quin-age.csv"
BASE_CENSUS = "2021-03"  # the month whose list sizes `Networks.patients` gives
GROWTH_PER_MONTH = 0.0009  # about 1.1% a year, as England's registered patients grew in 2021 to 2022
UNALLOCATED_SHARE = 0.004  # patients of practices in no PCN; 220,330 of some 63.7 million in the real list of July 2026
ORG_TYPES = (("Comm Region", "region_code"), ("ICB", "icb_code"), ("SUB_ICB_LOCATION_CODE", "sub_icb_code"))
AGES = ("0_4", "5_9", *(f"{age}_{age + 4}" for age in range(10, 95, 5)), "95+")
# The census months that have a list, and how it writes its date: both ways occur in real editions.
DATE_STYLES = {"2021-03": "%d%b%Y", "2022-03": "%Y-%m-%d", "2022-12": "%d%b%Y"}


def patients_csv(census: str, networks: Networks) -> bytes:
    """The bytes of the list of the first of the census month (ASCII, CRLF)."""
    year, month = (int(part) for part in census.split("-"))
    date = _date(dt.date(year, month, 1), DATE_STYLES[census])
    lines = [",".join(PATIENTS_RAW)]
    lines += [
        f"{PUBLICATION},{date},{org_type},{code},,,{sex},{age},{patients}"
        for org_type, code, sex, age, patients in _figures(census, networks)
    ]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _date(date: dt.date, style: str) -> str:
    """``strftime``, but for ``%b``, which would be written in the language of the machine."""
    return date.strftime(style.replace("%b", "{}")).format(_MONTHS[date.month - 1])


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _figures(census: str, networks: Networks) -> Iterator[tuple[str, str, str, str, int]]:
    """Organisation type and code, sex, age group, patients: each organisation in all, by sex, and places by age."""
    active = networks.reporting[census].active
    growth = 1 + GROWTH_PER_MONTH * months_between(BASE_CENSUS, census)
    size: Ints = np.where(active, np.rint(networks.patients * growth), 0).astype(np.int64)
    unallocated: Ints = np.rint(size * UNALLOCATED_SHARE).astype(np.int64)
    everyone = pd.Series(size + unallocated)
    for org_type, column in ORG_TYPES:
        for code, patients in everyone.groupby(networks.frame[column]).sum().items():
            yield from _organisation(org_type, str(code), int(patients), AGES)
    yield from _organisation("PCN", "U", int(unallocated.sum()), ())
    for code, patients in zip(networks.frame["pcn_code"][active], size[active].tolist(), strict=True):
        yield from _organisation("PCN", code, patients, ())


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
