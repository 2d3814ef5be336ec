"""The table of how regions and integrated care boards grew."""

from __future__ import annotations

import dataclasses

from analysis.tables.base import AREA, CODE, TableMaker, count, fte, share, where
from analysis.tables.table import Column, Table

_WHAT_IS_COMPARED = (
    "The first change counts all networks, also those that began or stopped reporting. It is [x] where other networks "
    "make up the area than before. “Change in both” counts only networks that reported at both dates, each in the area "
    "where it is now."
)
_SINCE = {"year_ago": "a year before", "peak": "the peak of England"}


class AreaGrowthTables(TableMaker):
    """The table of how regions and integrated care boards grew."""

    @property
    def area_growth(self) -> Table:
        """Change of the role since a year before and since England's peak: regions on the page, ICBs besides."""
        frame = where(self._measures.area_growth, role=self._role)
        # A span of which no area has a figure would fill the table with nothing: the prose says why there is none.
        frame = frame[frame.groupby("since")["in_both_change_fte"].transform("count") > 0]
        to_note = frame["to_fte"].isna().map({True: "[x]", False: ""})
        frame = frame.assign(compared_with=frame["since"].map(_SINCE), to_note=to_note)
        frame = frame.sort_values(["level", "since", "area_name"], ascending=[False, False, True], kind="stable")
        table = self._table(
            "area-growth",
            f"Change in {self._who} by region and integrated care board, to {self._areas_at}",
            frame,
            {
                "area_name": AREA,
                "area_code": CODE,
                "compared_with": Column("Since", "what the earlier census is: a year before, or the peak of England"),
                "from_census": Column("From", "the earlier census"),
                "from_fte": fte("FTE before", "FTE at the earlier census, all reporting networks", "change_note"),
                "to_fte": fte("FTE", "FTE at the later census, all reporting networks", "to_note"),
                "change_fte": fte(
                    "Change", "FTE at the later census less FTE at the earlier, as reported", "change_note", signed=True
                ),
                "change_pct": share(
                    "Change", "change as reported, of the FTE at the earlier census", "change_pct_note", signed=True
                ),
                "pcns_in_both": count(
                    "PCNs in both", "networks that reported at both censuses", "PCNs", "in_both_note"
                ),
                "in_both_change_fte": fte(
                    "Change in both",
                    "change of FTE in networks that reported at both censuses",
                    "in_both_note",
                    signed=True,
                ),
                "in_both_from_fte": fte(
                    "FTE before in both", "FTE at the earlier census in networks that reported at both", "in_both_note"
                ),
                "reason": Column("Reason", "why a change as reported is missing"),
            },
            index=["level", "census"],
        )
        shown = ("area_name", "compared_with", "to_fte", "change_fte", "change_pct", "pcns_in_both")
        return dataclasses.replace(
            table,
            on_page=(*shown, "in_both_change_fte"),
            rows_on_page=int((frame["level"] == "region").sum()),
            notes=(_WHAT_IS_COMPARED,),
        )
