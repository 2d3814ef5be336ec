"""Tables of places: regions, ICBs, sub-ICB locations and PCNs at the latest census that has areas."""

from __future__ import annotations

import dataclasses

from analysis.results.tables import Column, Table
from analysis.results.views.base import (
    AREA,
    CODE,
    ROLE,
    TableMaker,
    count,
    fte,
    share,
    where,
)

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
_SEEN_SO_FAR = (
    "Reporting: of the PCNs seen in any extract so far [e]. PCNs that never reported are not among them, so that the "
    "share is too high; England’s share of all active PCNs is lower."
)
_LISTED = (
    "Rates count FTE and patients of PCNs on the list of registered patients; “all” has the patients of every PCN on "
    "the list that was seen in an extract so far."
)
_MORE = "The download also has all patients, the interval of the rate, PCNs by size, and the change in a year."
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
        return self._places("region", "Regions")

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
        frame = where(self._measures.places, level=level, role=ROLE, census=self._period)
        table = self._table(
            f"places-{level.replace('_', '-')}",
            f"{name}: link workers, {self._until}",
            frame.sort_values("area_name") if len(frame) else frame,
            {
                "area_name": AREA,
                "area_code": CODE,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "pcns_reporting": count("PCNs reporting", "PCNs with any row of any role", "PCNs"),
                "reporting_share_pct": share(
                    "Reporting", "of the PCNs seen in any extract so far", "reporting_share_note"
                ),
                "fte_per_reporting_pcn": fte("FTE per PCN", "per reporting PCN", decimals=2),
                "patients_reporting": count(
                    "Patients", "registered with reporting PCNs", "patients", "rate_reporting_note"
                ),
                "rate_reporting": Column(
                    "Rate", "FTE per 10,000 patients of reporting PCNs", "per 10,000", 2, "rate_reporting_note"
                ),
                "rate_all": Column(
                    "Rate, all", "FTE per 10,000 patients of all PCNs seen so far", "per 10,000", 2, "rate_all_note"
                ),
                "patients_all": count(
                    "Patients, all", "registered with all PCNs seen so far", "patients", "rate_all_note"
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
        return dataclasses.replace(table, on_page=_ON_PAGE, notes=(_SEEN_SO_FAR, _LISTED, _MORE))
