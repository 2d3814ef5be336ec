"""Tables of what coverage does: decomposition of changes, bounds, panels, newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.periods import SPANS, shift
from analysis.registers.roles import at_start
from analysis.tables.base import (
    AREA,
    CENSUS,
    CODE,
    ROLE_CODE,
    TableMaker,
    count,
    fte,
    in_focus,
    where,
)
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd


# What a change between two censuses is made of, in both tables of changes.
_CHANGE = {
    "from_census": Column("From", "the earlier census"),
    "census": Column("To", "the later census"),
    "change_fte": fte("Change", "change of FTE as reported", signed=True),
    "in_both_fte": fte("In both", "change of FTE in PCNs that report at both censuses", signed=True),
    "newly_reporting_fte": fte("Later only", "FTE of PCNs that report only at the later census", signed=True),
    "began_reporting_fte": fte(
        "Began to report", "FTE of PCNs that report only at the later census, and were there before", signed=True
    ),
    "newly_formed_fte": fte(
        "Formed",
        "FTE of PCNs that report only at the later census, and were formed or given another code",
        "newly_formed_note",
        signed=True,
    ),
    "dropped_out_fte": fte(
        "Earlier only", "FTE of PCNs that report only at the earlier census, as a loss", signed=True
    ),
    "stopped_reporting_fte": fte(
        "Stopped", "FTE of PCNs that report only at the earlier census, and are still there", signed=True
    ),
    "closed_fte": fte(
        "Closed",
        "FTE of PCNs that report only at the earlier census, and closed or were given another code",
        "closed_note",
        signed=True,
    ),
    "pcns_in_both": count("PCNs in both", "PCNs that report at both censuses", "PCNs", None),
    "pcns_followed": count("PCNs recoded", "PCNs in both, followed through a change of code", "PCNs", None),
    "pcns_newly_reporting": count("PCNs later only", "PCNs that report only at the later census", "PCNs", None),
    "pcns_began_reporting": count(
        "PCNs began", "PCNs that report only at the later census, and are known to have been there before", "PCNs", None
    ),
    "pcns_newly_formed": count(
        "PCNs formed",
        "PCNs that report only at the later census, and were formed or given another code",
        "PCNs",
        "pcns_newly_formed_note",
    ),
    "pcns_dropped_out": count("PCNs earlier only", "PCNs that report only at the earlier census", "PCNs", None),
    "pcns_stopped_reporting": count(
        "PCNs stopped", "PCNs that report only at the earlier census, and are known to be still there", "PCNs", None
    ),
    "pcns_closed": count(
        "PCNs closed",
        "PCNs that report only at the earlier census, and closed, merged or were given another code",
        "PCNs",
        "pcns_closed_note",
    ),
}


class ChangeTables(TableMaker):
    """Tables of what coverage does: decomposition of changes, bounds, panels, newcomers."""

    @property
    def decomposition(self) -> Table:
        """The change of FTE over each quarter, by who reported."""
        frame = where(self._measures.decomposition, level="england", role=self._role, data_source="all")
        a_quarter_before = [shift(census, -SPANS["quarter"]) for census in frame["census"].astype("str")]
        frame = frame[frame["from_census"].astype("str") == a_quarter_before]
        return self._table(
            "change-decomposition",
            f"Change in FTE of {self._who} over a quarter, by which networks reported, England, to {self._until}",
            frame,
            {
                **_CHANGE,
            },
        )

    @property
    def decomposition_all(self) -> Table:
        """The same for the roles in focus: England for every pair of censuses, regions and ICBs to the latest."""
        return self._table(
            "change-decomposition-all",
            f"Change in FTE between censuses, by which networks reported, role, area and data source, to {self._until}",
            self._latest_changes(in_focus(self._measures.decomposition, self._analysis.roles)),
            {
                "area_code": CODE,
                "area_name": AREA,
                "role": ROLE_CODE,
                "data_source": Column("Data source", "all, or one of the two data sources"),
                **_CHANGE,
            },
        )

    @property
    def bounds(self) -> Table:
        """The role as reported and scaled up."""
        frame = where(self._measures.bounds, role=self._role, measure="fte")
        return self._table(
            "bounds",
            f"{at_start(self._who)} as reported and scaled up for PCNs that did not report, England, to {self._until}",
            frame,
            {
                "census": CENSUS,
                "reported": fte("As reported", "FTE as reported, a lower bound"),
                "grossed_pcns": fte("By PCNs", "FTE scaled up to all active PCNs: an estimate", "grossed_pcns_note"),
                "grossed_patients": fte(
                    "By patients",
                    "FTE scaled up to the registered patients of all PCNs: an estimate",
                    "grossed_patients_note",
                ),
            },
        )

    @property
    def panels(self) -> Table:
        """PCNs that report at every census since a chosen one."""
        frame = where(self._measures.panels, level="england", role=self._role)
        return self._table(
            "balanced-panel",
            f"{at_start(self._who)} in PCNs that report at every census since a chosen one, England, to {self._until}",
            frame,
            {
                "since": Column("Since", "first census of the panel"),
                "census": CENSUS,
                "pcns": count("PCNs", "PCNs in the panel", "PCNs", None),
                "fte": fte("FTE", "full-time equivalent of all rows of the PCNs in the panel"),
            },
        )

    @property
    def entrants(self) -> Table:
        """PCNs that begin to report against those that reported before."""
        frame = where(self._measures.entrants, role=self._role)
        return self._table(
            "newly-reporting",
            f"{at_start(self._who)} per PCN, newly reporting and reporting before, England, to {self._until}",
            frame,
            {
                "census": CENSUS,
                "pcns_newly_reporting": count(
                    "PCNs new", "PCNs that did not report at the census before", "PCNs", None
                ),
                "fte_per_newly_reporting_pcn": fte(
                    "FTE per new PCN", "mean FTE of new PCNs, those with none included", decimals=2
                ),
                "median_newly_reporting": fte(
                    "Median, new", "median FTE of new PCNs, those with none included", decimals=2
                ),
                "pcns_newly_reporting_none": count(
                    "New with none", f"new PCNs without a {self._words.singular}", "PCNs", "note"
                ),
                "pcns_incumbent": count("PCNs before", "PCNs that reported at the census before", "PCNs", None),
                "fte_per_incumbent_pcn": fte(
                    "FTE per PCN before", "mean FTE of PCNs that reported before, those with none included", decimals=2
                ),
                "median_incumbent": fte(
                    "Median, before", "median FTE of PCNs that reported before, those with none included", decimals=2
                ),
                "ratio": Column(
                    "Ratio", "mean FTE of new PCNs divided by that of PCNs that reported before", "ratio", 2, "note"
                ),
            },
        )

    def _latest_changes(self, changes: pd.DataFrame) -> pd.DataFrame:
        """England's changes; of areas those to the latest census: over a month, a quarter, a year and the whole."""
        censuses = self._analysis.area_censuses
        latest = censuses[-1:] or [self._period]
        starts = {*censuses[:1], *(shift(latest[0], -months) for months in SPANS.values())}
        areas = (
            (changes["census"] == latest[0]) & changes["from_census"].isin(starts) & (changes["data_source"] == "all")
        )
        return changes[(changes["level"] == "england") | areas]
