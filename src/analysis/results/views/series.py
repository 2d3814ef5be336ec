"""Tables of the series: link workers, all roles, areas, coverage, growth."""

from __future__ import annotations

from analysis.columns import CONTRACTED, STAFF
from analysis.periods import SPANS
from analysis.results.tables import Column, Table
from analysis.results.views.base import (
    AREA,
    CENSUS,
    CODE,
    ROLE,
    ROLE_CODE,
    TableMaker,
    count,
    fte,
    in_focus,
    share,
    where,
)


class SeriesTables(TableMaker):
    """Tables of the series: link workers, all roles, areas, coverage, growth."""

    @property
    def link_workers(self) -> Table:
        """England by census: FTE, its two parts, headcount, and how many PCNs that is."""
        totals = where(self._measures.totals, level="england", role=ROLE)
        coverage = where(self._measures.coverage, level="england")
        frame = totals.merge(
            coverage.drop(columns=["level", "area_code", "area_name", "note", "source"]), on="census", how="left"
        )
        return self._table(
            "link-workers-by-census",
            f"Link workers by census, England, to {self._until}",
            frame,
            {
                "census": CENSUS,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "fte_staff": fte("Staff", f"full-time equivalent of rows of {STAFF}", "split_note"),
                "fte_contracted": fte("Contracted", f"full-time equivalent of rows of {CONTRACTED}", "split_note"),
                "headcount": count("Headcount", f"distinct people in rows of {STAFF}", "people", "headcount_note"),
                "pcns_reporting": count("Reporting", "PCNs with any row of any role", "PCNs", None),
                "pcns_active": count("Active", "PCNs active, as published", "PCNs", "pcns_active_note"),
                "reporting_share_pct": share("Coverage", "PCNs reporting, of those active", "reporting_share_note"),
            },
        )

    @property
    def roles(self) -> Table:
        """England by role at the period, with the change over a year."""
        growth = where(self._measures.growth, level="england", measure="fte", census=self._period)
        totals = where(self._measures.totals, level="england", census=self._period)
        frame = totals.merge(
            growth[["role", "year_ago_census", "change_year", "change_year_note"]], on="role", how="left"
        )
        frame["role_name"] = frame["role"].map(self._analysis.roles.names)
        frame["change_year_note"] = frame["change_year_note"].fillna("[x]")
        return self._table(
            "roles",
            f"All roles, England, {self._until}",
            frame,
            {
                "role_name": Column("Role", "name of the role or role group"),
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "headcount": count("Headcount", f"distinct people in rows of {STAFF}", "people", "headcount_note"),
                "change_year": fte(
                    "Change in a year", "change of FTE over twelve months", "change_year_note", signed=True
                ),
            },
            index=["role", "census", "year_ago_census"],
        )

    @property
    def areas(self) -> Table:
        """FTE and headcount of the roles in focus, by area and census."""
        frame = in_focus(self._measures.totals)
        return self._table(
            "areas-by-census",
            f"Link workers, coaches and care coordinators by area and census, to {self._until}",
            frame,
            {
                "level": Column("Level", "england, region or icb"),
                "area_code": CODE,
                "area_name": AREA,
                "census": CENSUS,
                "role": ROLE_CODE,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "fte_staff": fte("Staff", f"full-time equivalent of rows of {STAFF}", "split_note"),
                "fte_contracted": fte("Contracted", f"full-time equivalent of rows of {CONTRACTED}", "split_note"),
                "headcount": count("Headcount", f"distinct people in rows of {STAFF}", "people", "headcount_note"),
            },
        )

    @property
    def coverage(self) -> Table:
        """PCNs reporting, by area and census."""
        frame = self._measures.coverage
        return self._table(
            "coverage",
            f"PCNs reporting, by area and census, to {self._until}",
            frame[frame["level"].isin(("england", "region", "icb"))],
            {
                "level": Column("Level", "england, region or icb"),
                "area_code": CODE,
                "area_name": AREA,
                "census": CENSUS,
                "pcns_reporting": count("Reporting", "PCNs with any row of any role", "PCNs"),
                "pcns_reporting_staff": count("Reporting staff", f"PCNs with any row of {STAFF}", "PCNs"),
                "pcns_contracted_only": count("Contracted only", "PCNs with contracted services and no staff", "PCNs"),
                "pcns_active": count("Active", "PCNs active, as published", "PCNs", "pcns_active_note"),
                "pcns_known": count("Known", "PCNs seen in any extract up to the census", "PCNs"),
                "reporting_share_pct": share(
                    "Coverage", "PCNs reporting, of those active (England) or known", "reporting_share_note"
                ),
            },
        )

    @property
    def growth(self) -> Table:
        """Changes over a month, a quarter and a year."""
        return self._table(
            "growth",
            f"Change over a month, a quarter and a year, to {self._until}",
            self._national_or_latest(in_focus(self._measures.growth)).assign(
                unit=lambda frame: ["people" if measure == "headcount" else "FTE" for measure in frame["measure"]]
            ),
            {
                "area_code": CODE,
                "area_name": AREA,
                "role": ROLE_CODE,
                "measure": Column("Measure", "fte, fte_staff or headcount"),
                "unit": Column("Unit", "unit of the figures of the row"),
                "census": CENSUS,
                "value": Column("Value", "at the census", "", 1, "note"),
                **{
                    name: column
                    for span in SPANS
                    for name, column in {
                        f"change_{span}": Column(
                            f"Over a {span}", f"change over a {span}", "", 1, f"change_{span}_note", signed=True
                        ),
                        f"change_{span}_pct": share(
                            f"Over a {span}, in per cent",
                            f"change over a {span}",
                            f"change_{span}_pct_note",
                            signed=True,
                        ),
                    }.items()
                },
            },
        )
