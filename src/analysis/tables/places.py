"""Tables of places: regions, ICBs, sub-ICB locations and PCNs at the latest census that has areas."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from analysis.periods import census_date, long_date
from analysis.tables.base import (
    AREA,
    CODE,
    TableMaker,
    count,
    fte,
    share,
    where,
)
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd

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
    "list": "Reporting: of the PCNs on the list of registered patients [e]. PCNs that were formed or closed between "
    "the day of the list and that of the census are miscounted.",
    "seen": "Reporting: of the PCNs seen in an extract of the census or the year before it [e]. PCNs that never "
    "reported are missing, which makes the share too high; PCNs that closed in that year are counted, which makes it "
    "too low.",
    "": "Reporting: how many PCNs could have reported is not known for these areas [x]. The list of registered "
    "patients nearest to the census tells, together with the map of practices of the same publication.",
}
_UNPLACED = (
    "PCNs on that list which never reported, and are on no map of practices, are in no known area: the share of some "
    "areas is too high."
)
# Whose patients stand for a whole area (analysis.measures.patients.patients_of_areas), and with whose FTE.
_WHOSE = {
    "area": "“All” counts all FTE and all registered patients of the area.",
    "pcns_on_list": "For England “all” counts FTE and patients of every PCN on the list of registered patients.",
    "pcns_placed": "“All” counts FTE and patients of the PCNs on the list of registered patients whose area is known.",
}
_BANDS = (
    ("pcns_any", "PCNs with any", "some FTE in the role"),
    ("pcns_none", "PCNs with none", "no FTE in the role"),
    ("pcns_under_1", "Under one", "some and under one FTE"),
    ("pcns_1_to_2", "One to two", "one FTE and under two"),
    ("pcns_2_plus", "Two or more", "two FTE or more"),
)


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
        table = self._table(
            f"places-{level.replace('_', '-')}",
            f"{name}: {self._who}, {self._until}",
            frame,
            {
                "area_name": AREA,
                "area_code": CODE,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "pcns_reporting": count("PCNs reporting", "PCNs with any row of any role", "PCNs", None),
                "reporting_share_pct": share("Reporting", "of the PCNs expected to report", "reporting_share_note"),
                "pcns_expected": count("PCNs expected", "PCNs that could have reported", "PCNs", "pcns_expected_note"),
                "pcns_expected_basis": Column("Basis", "how the PCNs expected are known"),
                "fte_per_reporting_pcn": fte("FTE per PCN", "per reporting PCN", decimals=2),
                "patients_reporting": count(
                    "Patients", "registered with reporting PCNs", "patients", "rate_reporting_note"
                ),
                "rate_reporting": Column(
                    "Rate", "FTE per 10,000 patients of reporting PCNs", "per 10,000", 2, "rate_reporting_note"
                ),
                "rate_all": Column(
                    "Rate, all",
                    "FTE per 10,000 registered patients of the whole area",
                    "per 10,000",
                    2,
                    "rate_all_note",
                ),
                "patients_all": count(
                    "Patients, all", "registered patients of the whole area", "patients", "rate_all_note"
                ),
                "rate_low": Column(
                    "Rate, low", "95% interval by the spread of PCNs", "per 10,000", 2, "rate_interval_note"
                ),
                "rate_high": Column(
                    "Rate, high", "95% interval by the spread of PCNs", "per 10,000", 2, "rate_interval_note"
                ),
                **{
                    name: count(label, f"reporting PCNs with {meaning}", "PCNs", "bands_note")
                    for name, label, meaning in _BANDS
                },
                "change_year_fte": fte("Change in a year", "over twelve months", "change_year_note", signed=True),
                "direct_share_pct": share("Direct", "share of FTE on the PCNs' own returns", "direct_share_note"),
            },
            index=["level", "census", "list_date"],
        )
        return dataclasses.replace(
            table, on_page=_ON_PAGE, notes=(*self._expected(frame), *_whose(frame), *_list_used(frame))
        )

    def _expected(self, places: pd.DataFrame) -> list[str]:
        """How the PCNs that could have reported are known below England, and which way their share may err."""
        areas = places[places["level"] != "england"]
        told = [_EXPECTED[basis] for basis in dict.fromkeys(areas["pcns_expected_basis"]) if basis in _EXPECTED]
        covered = self._measures.coverage
        here = covered[(covered["census"] == self._period) & covered["level"].isin(areas["level"].unique())]
        return [*told, *([_UNPLACED] if (here["pcns_unplaced"] > 0).any() else [])]


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
    told = [_WHOSE[basis] for basis in bases if basis in _WHOSE]
    return [counted, *told] if told else []
