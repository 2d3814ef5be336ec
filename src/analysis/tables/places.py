"""Tables of places: regions, ICBs, sub-ICB locations and PCNs at the latest census that has areas."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.columns import CONTRACTED, STAFF
from analysis.periods import census_date, long_date
from analysis.tables.area_profiles import areas_seen
from analysis.tables.base import (
    AREA,
    CENSUS,
    CODE,
    TableMaker,
    count,
    fte,
    share,
    where,
)
from analysis.tables.table import Column, Table

# A sheet of paper and a small screen hold ten columns; the rest is in the downloads.
_ON_PAGE = (
    "area_name",
    "area_code",
    "fte",
    "pcns_reporting",
    "reporting_share_pct",
    "fte_per_reporting_pcn",
    "patients_reporting",
    "rate_reporting",
    "rate_all",
    "direct_share_pct",
)
# How the PCNs that could have reported are known (analysis.measures.coverage), and which way the share may err.
_EXPECTED = {
    "list": "“Reporting” is a share of the PCNs on the list of registered patients [e]. PCNs that were formed or "
    "closed between the list and the census are miscounted.",
    "seen": "“Reporting” is a share of the PCNs in the extracts of the census and the year before it [e]. PCNs that "
    "never reported are not counted, which makes the share too high. PCNs that closed in that year are counted, which "
    "makes it too low.",
    "": "How many PCNs could have reported is not known for these areas [x]. To work it out, a list of registered "
    "patients near the census is needed, and the map of practices that is published with it.",
}
_UNPLACED = (
    "Some PCNs on that list never reported and are on no map of practices. Their area is not known, so the share of "
    "some areas is too high."
)
# Whose patients stand for a whole area (analysis.measures.patients.patients_of_areas), and with whose FTE.
_WHOSE = {
    "area": "“Rate, all” counts all FTE and all registered patients of the area.",
    "pcns_on_list": "For England, “Rate, all” counts FTE and patients of every PCN on the list of registered patients.",
    "pcns_placed": "“Rate, all” counts FTE and patients of the PCNs on the list of registered patients whose area is "
    "known.",
}
_LARGER = {
    "sub_icb": ("Sub-ICB", "sub-ICB location"),
    "icb": ("ICB", "integrated care board"),
    "region": ("Region", "region"),
}
_BANDS = (
    ("pcns_any", "PCNs with any", "some FTE in the role"),
    ("pcns_none", "PCNs with none", "no FTE in the role"),
    ("pcns_under_1", "Under one", "some FTE, but less than one"),
    ("pcns_1_to_2", "One to two", "at least one FTE, but less than two"),
    ("pcns_2_plus", "Two or more", "two FTE or more"),
)


_RATE = Column("Rate", "FTE per 10,000 patients of reporting PCNs", "per 10,000", 2, "rate_reporting_note")
# A single network has no networks to count, and neither a spread of them nor patients other than its own.
_OF_ONE_NETWORK = {
    "patients_reporting": count("Patients", "registered patients of the network", "patients", "rate_reporting_note"),
    "rate_reporting": _RATE,
}
_OF_NETWORKS = {
    "pcns_reporting": count("PCNs reporting", "PCNs with any row of any role", "PCNs", None),
    "reporting_share_pct": share("Reporting", "PCNs that reported, of those expected to", "reporting_share_note"),
    "pcns_expected": count("PCNs expected", "PCNs that could have reported", "PCNs", "pcns_expected_note"),
    "pcns_expected_basis": Column(
        "Basis",
        "how the PCNs expected are known: published, list (of patients), published_before, or seen (in extracts)",
    ),
    "fte_per_reporting_pcn": fte("FTE per PCN", "FTE divided by the reporting PCNs", decimals=2),
    "patients_reporting": count(
        "Patients", "patients registered with reporting PCNs", "patients", "rate_reporting_note"
    ),
    "rate_reporting": _RATE,
    "rate_all": Column(
        "Rate, all", "FTE per 10,000 registered patients of the whole area", "per 10,000", 2, "rate_all_note"
    ),
    "patients_all": count("Patients, all", "registered patients of the whole area", "patients", "rate_all_note"),
    "rate_low": Column(
        "Rate, low",
        "lower end of the 95% interval of the rate, by the spread of PCNs",
        "per 10,000",
        2,
        "rate_interval_note",
    ),
    "rate_high": Column(
        "Rate, high",
        "upper end of the 95% interval of the rate, by the spread of PCNs",
        "per 10,000",
        2,
        "rate_interval_note",
    ),
    **{name: count(label, f"reporting PCNs with {meaning}", "PCNs", "bands_note") for name, label, meaning in _BANDS},
}


def _larger_areas(level: str) -> dict[str, Column]:
    """The columns of the areas in which those of a level lie, from the nearest to the largest."""
    above = list(_LARGER)[list(_LARGER).index(level) + 1 :] if level in _LARGER else list(_LARGER) * (level == "pcn")
    return {
        f"{larger}_{part}": Column(
            f"{_LARGER[larger][0]}{ending}", f"{part} of the {_LARGER[larger][1]} that it lies in"
        )
        for larger in above
        for part, ending in (("code", ", code"), ("name", ""))
    }


class PlaceTables(TableMaker):
    """Tables of places: regions, ICBs, sub-ICB locations and PCNs at the latest census that has areas."""

    @property
    def places_region(self) -> Table:
        """Regions at the period."""
        return self._places("region", "England and regions")

    @property
    def places_icb(self) -> Table:
        """Integrated care boards at the period, in order of name."""
        return self._places("icb", "Integrated care boards")

    @property
    def places_sub_icb(self) -> Table:
        """Sub-ICB locations at the period, in order of name."""
        return self._places("sub_icb", "Sub-ICB locations")

    @property
    def places_pcn(self) -> Table:
        """PCNs at the period, in order of name."""
        return self._places("pcn", "Primary Care Networks")

    def _places(self, level: str, name: str) -> Table:
        here = where(self._measures.places, role=self._role, census=self._period)
        levels = ("england", level) if level == "region" else (level,)
        frame = here[here["level"].isin(levels)]
        frame = frame.assign(order=frame["level"] != "england").sort_values(["order", "area_name", "area_code"])
        frame = self._with_parts_and_place(frame)
        columns = {
            "area_name": AREA,
            "area_code": CODE,
            "census": CENSUS,
            **_larger_areas(level),
            "fte": fte("FTE", "full-time equivalent of all rows"),
            **(_OF_ONE_NETWORK if level == "pcn" else _OF_NETWORKS),
            "fte_staff": fte("Staff", f"full-time equivalent of rows of {STAFF}", "split_note"),
            "fte_contracted": fte("Contracted", f"full-time equivalent of rows of {CONTRACTED}", "split_note"),
            "headcount": count("Headcount", f"distinct people in rows of {STAFF}", "people", "headcount_note"),
            "change_year_fte": fte(
                "Change in a year", "change of FTE over twelve months", "change_year_note", signed=True
            ),
            "direct_share_pct": share("Direct", "share of FTE on the PCNs' own returns", "direct_share_note"),
        }
        table = self._table(
            f"places-{level.replace('_', '-')}",
            f"{name}: {self._who}, {self._until}",
            frame,
            columns,
            index=["level", "list_date"],
        )
        on_page = tuple(column for column in _ON_PAGE if column in columns)
        expected = () if level == "pcn" else self._expected(frame)
        return dataclasses.replace(table, on_page=on_page, notes=(*expected, *_whose(frame), *_list_used(frame)))

    def _with_parts_and_place(self, places: pd.DataFrame) -> pd.DataFrame:
        """``places`` with the two parts of FTE, the people, and the larger areas in which each one lies."""
        key, totals = ["level", "area_code"], where(self._measures.totals, role=self._role)
        parts = ["fte_staff", "fte_contracted", "split_note", "headcount", "headcount_note"]
        now = totals.loc[totals["census"] == self._period, [*key, *parts]]
        seen = areas_seen(self._analysis.placements, totals) if len(places) else pd.DataFrame(columns=key)
        names = [column for column in seen if str(column).endswith(("_code", "_name")) and column != "area_code"]
        return places.merge(now, on=key, how="left").merge(seen[[*key, *names]], on=key, how="left")

    def _expected(self, places: pd.DataFrame) -> list[str]:
        """How the PCNs that could have reported are known below England, and which way their share may err."""
        areas = places[places["level"] != "england"]
        bases = [_EXPECTED[basis] for basis in dict.fromkeys(areas["pcns_expected_basis"]) if basis in _EXPECTED]
        covered = self._measures.coverage
        here = covered[(covered["census"] == self._period) & covered["level"].isin(areas["level"].unique())]
        return [*bases, *([_UNPLACED] if (here["pcns_unplaced"] > 0).any() else [])]


def _list_used(places: pd.DataFrame) -> list[str]:
    """Which list of registered patients the rates rest on, and how far it is from the census."""
    rows = places.dropna(subset="list_date").head(1)
    return [
        f"The list of registered patients is of {long_date(row['list_date'])}, the census of "
        f"{long_date(census_date(row['census']))}."
        for row in rows.to_dict("records")
    ]


def _whose(places: pd.DataFrame) -> list[str]:
    """What the rates count, in the order of the areas."""
    counted = "Rates of reporting PCNs count FTE and patients of those on the list of registered patients."
    bases = dict.fromkeys(places.loc[places["patients_all"].notna(), "patients_all_basis"])
    whose = [_WHOSE[basis] for basis in bases if basis in _WHOSE]
    return [counted, *whose] if whose else []
