"""Tables of how networks differ: distribution, who employs, which changed most."""

from __future__ import annotations

import dataclasses

from analysis.measures.distribution import DECILES
from analysis.tables.base import (
    AREA,
    CENSUS,
    CENSUSES_ON_PAGE,
    CODE,
    ROLE_CODE,
    TableMaker,
    count,
    fte,
    in_focus,
    newest_first,
    rows_of_latest,
    share,
    where,
)
from analysis.tables.table import Column, Table

_FROM = Column("From", "the census three months before")
_TO = Column("To", "the later census")
# The lowest, middle and highest decile; the rest are in the download.
_SPREAD_ON_PAGE = (
    *("census", "pcns_reporting", "top_tenth_fte_share_pct", "top_tenth_patients_share_pct"),
    *("patients_without_share_pct", DECILES[0], DECILES[4], DECILES[8]),
)
_DECILE_NAMES = (
    *("Lowest decile", "Second decile", "Third decile", "Fourth decile", "Median"),
    *("Sixth decile", "Seventh decile", "Eighth decile", "Highest decile"),
)
_WHO_IS_COUNTED = (
    "Networks that did not report are not counted. At least a tenth of networks are at or below the lowest decile, and "
    "at least a tenth at or above the highest. Deciles and shares of patients need a list of registered patients near "
    "the census."
)
_WHAT_A_CHANGE_MAY_BE = (
    "A large change in one network may come from how it records or employs its staff, and not from how many people "
    "work there. The extracts do not show which."
)


class NetworkTables(TableMaker):
    """Tables of how networks differ: distribution, who employs, which changed most."""

    @property
    def distribution(self) -> Table:
        """How FTE is spread over networks, at every census."""
        deciles = {
            column: Column(
                _DECILE_NAMES[tenth - 1],
                f"FTE per 10,000 registered patients that {tenth} in 10 networks do not exceed",
                "per 10,000",
                2,
                "rates_note",
            )
            for tenth, column in enumerate(DECILES, start=1)
        }
        table = self._table(
            "distribution",
            f"How {self._who} are spread over reporting networks, England, to {self._until}",
            newest_first(where(self._measures.distribution, role=self._role)),
            {
                "census": CENSUS,
                "pcns_reporting": count("PCNs", "PCNs with any row of any role", "PCNs", "top_tenth_note"),
                "top_tenth_fte_share_pct": share(
                    "FTE of the top tenth",
                    "share of all FTE that the tenth of networks with the most has",
                    "top_tenth_note",
                ),
                "top_tenth_patients_share_pct": share(
                    "Patients of the top tenth",
                    "share of registered patients that the same tenth of networks has",
                    "rates_note",
                ),
                "patients_without_share_pct": share(
                    "Patients without", "share of registered patients in networks with no FTE in the role", "rates_note"
                ),
                **deciles,
                "pcns_with_list": count("PCNs on the list", "PCNs whose patients are known", "PCNs", "rates_note"),
            },
            index=["list_date"],
        )
        return dataclasses.replace(
            table,
            on_page=_SPREAD_ON_PAGE,
            rows_on_page=CENSUSES_ON_PAGE,
            notes=(_WHO_IS_COUNTED,),
        )

    @property
    def employment(self) -> Table:
        """Who employs the role: England at every census, regions and ICBs at the latest."""
        # The page shows the latest census that has areas; in the download England has the others, too.
        frame = newest_first(self._national_or_latest(where(self._measures.employment, role=self._role)))
        table = self._table(
            "who-employs",
            f"Networks by who employs their {self._who}, {self._areas_at}",
            frame,
            {
                "area_name": AREA,
                "area_code": CODE,
                "census": CENSUS,
                "pcns_reporting": count("PCNs", "PCNs with any row of any role", "PCNs"),
                "pcns_staff_only": count(
                    "Staff only", "networks with FTE of their own staff and none of contracted services", "PCNs"
                ),
                "pcns_contracted_only": count(
                    "Contracted only", "networks with FTE of contracted services and none of their own staff", "PCNs"
                ),
                "pcns_both": count("Both", "networks with FTE of their own staff and of contracted services", "PCNs"),
                "pcns_none": count("None", "reporting networks with no FTE in the role", "PCNs"),
            },
            index=["level"],
        )
        on_page = tuple(name for name in table.columns if name not in {"area_code", "census"})
        return dataclasses.replace(table, on_page=on_page, rows_on_page=rows_of_latest(table.frame, 1))

    @property
    def quarter_changes(self) -> Table:
        """How much of each quarter's change came from the five networks that changed most."""
        frame = in_focus(self._measures.quarter_changes, self._analysis.roles)
        return self._table(
            "quarter-changes",
            f"Change in FTE over three months in networks that reported at both censuses, England, to {self._until}",
            frame[frame["pcns_in_both"].notna()],  # a census without one three months before has nothing to compare
            {
                "role": ROLE_CODE,
                "from_census": _FROM,
                "census": _TO,
                "pcns_in_both": count("PCNs in both", "PCNs that reported at both", "PCNs"),
                "pcns_changed": count("PCNs changed", "PCNs that reported at both, and whose FTE changed", "PCNs"),
                "change_fte": fte("Change", "change of FTE in PCNs that reported at both", signed=True),
                "gains_fte": fte("Gains", "sum of the gains of PCNs that gained", signed=True),
                "losses_fte": fte("Losses", "sum of the losses of PCNs that lost", signed=True),
                "largest_change_fte": fte(
                    "Largest five", "the five largest changes of a PCN, up or down, added up", signed=True
                ),
                "largest_share_pct": share(
                    "Share of movement", "size of the five largest changes, of the sizes of all changes", "share_note"
                ),
            },
        )

    @property
    def largest_changes(self) -> Table:
        """The five networks whose FTE changed most, in the last quarter on the page."""
        table = self._table(
            "largest-changes",
            f"The five networks with the largest changes in FTE over three months, to {self._until}",
            where(self._measures.largest_changes, role=self._role, census=self._period),
            {
                "pcn_name": Column("PCN", "name of the network, as the extract has it"),
                "pcn_code": Column("Code", "code of the network"),
                "icb_name": Column("ICB", "integrated care board that it lies in"),
                "from_census": _FROM,
                "census": _TO,
                "from_fte": fte("FTE before", "FTE at the census three months before"),
                "to_fte": fte("FTE", "FTE at the later census"),
                "change_fte": fte("Change", "FTE at the later census less FTE three months before", signed=True),
            },
        )
        return dataclasses.replace(
            table,
            notes=(_WHAT_A_CHANGE_MAY_BE,),
        )
