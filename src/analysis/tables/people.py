"""Tables of the people in a role and of the roles beside it: hours, the additional roles."""

from __future__ import annotations

import dataclasses

from analysis.facts.labels import MEASURE_LABELS
from analysis.measures.additional_roles import GROUP
from analysis.registers.roles import at_start
from analysis.tables.base import (
    CENSUS,
    CENSUSES_ON_PAGE,
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


class PeopleTables(TableMaker):
    """Tables of the people in a role and of the roles beside it: hours, the additional roles."""

    @property
    def hours(self) -> Table:
        """FTE per person, and how many work full time."""
        frame = newest_first(in_focus(self._measures.hours, self._analysis.roles))
        table = self._table(
            "hours",
            f"Hours worked by people on networks’ own returns, by role, England, to {self._until}",
            frame.sort_values("role", key=lambda role: role != self._role, kind="stable"),
            {
                "role": ROLE_CODE,
                "census": CENSUS,
                "people": count("People", "distinct identifiers of NWRS Staff rows", "people"),
                "fte_per_person": fte("FTE per person", "mean FTE of a person; 1.0 is 37.5 hours a week", decimals=2),
                "people_full_time": count("Full time", "people with 1.0 FTE or more", "people"),
                "full_time_share_pct": share("Full time", "share of people with 1.0 FTE or more"),
                "people_nearly_full_time": count("From 0.9 FTE", "people with 0.9 FTE or more", "people"),
                "nearly_full_time_share_pct": share("From 0.9 FTE", "share of people with 0.9 FTE or more"),
            },
        )
        return dataclasses.replace(table, rows_on_page=min(CENSUSES_ON_PAGE, int((frame["role"] == self._role).sum())))

    @property
    def gender(self) -> Table:
        """FTE and people by gender, as published, the latest censuses first."""
        frame = newest_first(in_focus(self._measures.gender, self._analysis.roles)).assign(
            measure_name=lambda rows: rows["measure"].map(MEASURE_LABELS).fillna(""),
        )
        table = self._table(
            "gender",
            f"{at_start(self._who)} and other roles by gender, as published, England, to {self._until}",
            frame.sort_values("role", key=lambda role: role != self._role, kind="stable"),
            {
                "role": ROLE_CODE,
                "census": CENSUS,
                "measure_name": Column("Measure", "FTE of all rows, or people (headcount)"),
                "value": Column("All", "figure of all genders", "", 1, "note"),
                "women": Column("Women", "figure of women", "", 1, "note"),
                "men": Column("Men", "figure of men", "", 1, "note"),
                "other_or_unknown": Column(
                    "Other or unknown", "figure of people of other or unknown gender", "", 1, "note"
                ),
                "women_share_pct": share("Women", "share of women in the sum of women and men", "share_note"),
            },
            index=["measure"],
        )
        return dataclasses.replace(table, rows_on_page=min(CENSUSES_ON_PAGE, int((frame["role"] == self._role).sum())))

    @property
    def additional_roles(self) -> Table:
        """The thirteen additional roles: FTE of each, and its share."""
        frame = self._measures.additional_roles
        latest = self._analysis.censuses[-1]
        frame = frame[(frame["census"] == latest) | (frame["role"].isin([self._role, GROUP]))]
        frame = newest_first(frame)
        table = self._table(
            "additional-roles",
            f"FTE of the thirteen additional roles, and the share of each, England, to {self._until}",
            frame,
            {
                "role": ROLE_CODE,
                "census": CENSUS,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "share_pct": share("Share", "share in the FTE of the thirteen additional roles", "share_note"),
            },
        )
        return dataclasses.replace(table, rows_on_page=rows_of_latest(table.frame, 1))
