"""Tables of networks by the deprivation of their patients."""

from __future__ import annotations

import dataclasses

from analysis.tables.base import (
    CENSUS,
    CENSUSES_OF_A_YEAR,
    ROLE_CODE,
    TableMaker,
    count,
    fte,
    in_focus,
    newest_first,
    rows_of_latest,
    share,
)
from analysis.tables.table import Column, Table

_CAUTION = (
    "Networks are in order of the mean deprivation score of their patients, which is taken from their practices. They "
    "are in five parts, each with a fifth of the patients. A score describes an area, not people. The figures do not "
    "allow for differences in need."
)


def _rate(label: str, description: str, note: str = "note", *, signed: bool = False) -> Column:
    return Column(label, description, "per 10,000", 2, note, signed)


class DeprivationTables(TableMaker):
    """Tables of networks by the deprivation of their patients."""

    @property
    def deprivation_fifths(self) -> Table:
        """FTE for registered patients in each fifth, the most deprived first."""
        frame = newest_first(in_focus(self._measures.deprivation_fifths, self._analysis.roles))
        table = self._table(
            "deprivation-fifths",
            f"FTE for registered patients, by fifth of deprivation, England, to {self._until}",
            frame,
            {
                "role": ROLE_CODE,
                "census": CENSUS,
                "fifth": count("Fifth", "1 has the most deprived patients, 5 the least", "fifth", None),
                "pcns": count("PCNs", "networks in the fifth of deprivation", "PCNs"),
                "patients": count("Patients", "registered patients of these networks", "patients"),
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "rate": _rate("Rate", "FTE per 10,000 registered patients"),
                "imd_score_low": Column(
                    "Lowest score",
                    "lowest deprivation score of a network in the fifth; higher is more deprived",
                    "score",
                    1,
                    "note",
                ),
                "imd_score_mean": Column(
                    "Mean score", "mean deprivation score, weighted by patients", "score", 1, "note"
                ),
                "imd_score_high": Column(
                    "Highest score", "highest deprivation score of a network in the fifth", "score", 1, "note"
                ),
            },
        )
        return dataclasses.replace(
            table, notes=(_CAUTION,), rows_on_page=rows_of_latest(table.frame, CENSUSES_OF_A_YEAR)
        )

    @property
    def deprivation(self) -> Table:
        """The most deprived fifth against the least, and the concentration index."""
        frame = in_focus(self._measures.deprivation, self._analysis.roles)
        ranked = newest_first(frame[frame["pcns_ranked"].notna()])
        table = self._table(
            "deprivation",
            f"Networks with the most and the least deprived patients, England, to {self._until}",
            ranked.assign(imd_year=[f"{year:.0f}" for year in ranked["imd_year"]]),  # as a number it would be 2,025
            {
                "role": ROLE_CODE,
                "census": CENSUS,
                "rate_most_deprived": _rate("Most deprived", "FTE per 10,000 patients of the most deprived fifth"),
                "rate_least_deprived": _rate("Least deprived", "FTE per 10,000 patients of the least deprived fifth"),
                "rate_difference": _rate(
                    "Difference", "rate of the most deprived fifth less that of the least", signed=True
                ),
                "concentration_index": Column(
                    "Concentration index",
                    "negative: more FTE per patient where more deprived",
                    unit="index",
                    decimals=3,
                    note="index_note",
                    signed=True,
                ),
                "pcns_ranked": count("PCNs", "reporting networks on the list with a score", "PCNs"),
                "pcns_left_out": count("Left out", "reporting networks without list or score", "PCNs"),
                "patients_ranked": count("Patients", "registered with these networks", "patients"),
                "patients_scored_share_pct": share("With a score", "patients whose practice has a score"),
                "imd_year": Column("Index of", "year of the Index of Multiple Deprivation"),
            },
            index=["list_date", "map_date"],
        )
        return dataclasses.replace(
            table, notes=(_CAUTION,), rows_on_page=rows_of_latest(table.frame, CENSUSES_OF_A_YEAR)
        )
