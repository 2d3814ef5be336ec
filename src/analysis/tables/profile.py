"""The tables of one area: by census, beside the areas that hold it, and its networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.columns import ENGLAND
from analysis.tables.base import AREA, CODE, TableMaker, count, disclosed, fte, share, where
from analysis.tables.report_tables import Tables
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd

    from analysis.facts.analysis import Analysis
    from analysis.markup.prose import Prose

_RATE = Column("Rate", "FTE per 10,000 patients of reporting PCNs", "per 10,000", 2, "rate_reporting_note")
_PATIENTS = count("Patients", "registered with reporting PCNs", "patients", "rate_reporting_note")


def networks_of(areas: pd.DataFrame, level: str, code: str) -> pd.DataFrame:
    """The networks of an area, in order of name: rows of :func:`analysis.tables.area_profiles.area_profiles`."""
    return areas[(areas["level"] == "pcn") & (areas["area_code" if level == "pcn" else f"{level}_code"] == code)]


class ProfileTables(TableMaker):
    """The tables of one area of an analysis, at the census of the report."""

    def __init__(self, analysis: Analysis, areas: pd.DataFrame, row: dict[str, Any]) -> None:
        super().__init__(analysis)
        self._areas, self._row = areas, row
        self._code, self._level, self._name = str(row["area_code"]), str(row["level"]), str(row["area_name"])

    @property
    def by_census(self) -> Table:
        """The area by census: FTE, its two parts, headcount, and how many PCNs that is."""
        return Tables(self._analysis).place(self._code)

    @property
    def beside(self) -> Table:
        """The area, the areas that hold it, and England."""
        above = [str(self._row[f"{level}_code"]) for level in ("sub_icb", "icb", "region")]
        codes = list(dict.fromkeys([self._code, *filter(None, above), ENGLAND]))
        here = self._places.assign(order=self._places["area_code"].map({code: n for n, code in enumerate(codes)}))
        frame = here.dropna(subset=["order"]).sort_values("order").drop_duplicates("area_code")
        return self._table(
            "profile-beside",
            f"{self._name} and the areas that hold it: {self._who}, {self._until}",
            frame,
            {
                "area_name": AREA,
                "area_code": CODE,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "pcns_reporting": count("PCNs reporting", "PCNs with any row of any role", "PCNs", None),
                "reporting_share_pct": share("Reporting", "of the PCNs expected to report", "reporting_share_note"),
                "patients_reporting": _PATIENTS,
                "rate_reporting": _RATE,
                "direct_share_pct": share("Direct", "share of FTE on the PCNs' own returns", "direct_share_note"),
            },
        )

    @property
    def networks(self) -> Table:
        """The networks of the area, in order of name; those that reported in the year before and not now, too."""
        networks = networks_of(self._areas, self._level, self._code)
        return self._table(
            "profile-networks",
            f"Networks of {self._name}: {self._who}, {self._until}",
            networks.rename(
                columns={"patients": "patients_reporting", "rate": "rate_reporting", "rate_note": "rate_reporting_note"}
            ),
            {
                "area_name": AREA,
                "area_code": CODE,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "patients_reporting": _PATIENTS,
                "rate_reporting": _RATE,
                "direct_share_pct": share("Direct", "share of FTE on the network's own return", "direct_share_note"),
            },
        )

    @property
    def networks_disclosed(self) -> Prose | None:
        """The same under a disclosure; none of a network."""
        return None if self._level == "pcn" else disclosed(self.networks)

    @property
    def _places(self) -> pd.DataFrame:
        return where(self._measures.places, census=self._period, role=self._role)
