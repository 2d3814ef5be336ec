"""Tables of the series: the role, all roles, areas, coverage, growth."""

from __future__ import annotations

from dataclasses import replace

from analysis.characters import printable
from analysis.columns import CONTRACTED, ENGLAND, STAFF
from analysis.errors import UsageError
from analysis.periods import SPANS
from analysis.registers.measures import unit_of
from analysis.registers.roles import at_start
from analysis.tables.base import (
    AREA,
    CENSUS,
    CODE,
    MEASURE_CODE,
    ROLE_CODE,
    UNIT,
    TableMaker,
    count,
    fte,
    in_focus,
    share,
    where,
)
from analysis.tables.table import Column, Table

_RUNS = (
    *("longest_rise_from", "longest_rise_to", "longest_fall_from", "longest_fall_to"),
    *("current_run", "current_run_from"),
)


class SeriesTables(TableMaker):
    """Tables of the series: the role, all roles, areas, coverage, growth."""

    @property
    def by_census(self) -> Table:
        """England by census: FTE, its two parts, headcount, and how many PCNs that is."""
        return replace(self.place(ENGLAND), id=f"{self._words.slug}-by-census")

    def place(self, area_code: str) -> Table:
        """One area of any level by census: FTE, its two parts, headcount, and how many PCNs that is.

        Raises
        ------
        UsageError
            No extract up to the period has an area of that code.
        """
        totals = where(self._measures.totals, area_code=area_code, role=self._role)
        if not len(totals):
            raise UsageError(
                f"There is no area with the code {printable(area_code, 40)}.",
                f"No extract up to {self._until} has it.",
                "Find the code by its name in report.tables.places_icb, .places_sub_icb or .places_pcn.",
            )
        coverage = where(self._measures.coverage, area_code=area_code)
        frame = totals.merge(
            coverage.drop(columns=["level", "area_code", "area_name", "note", "source"]), on="census", how="left"
        )
        return self._table(
            f"{self._words.slug}-{area_code.lower()}",
            f"{at_start(self._who)} by census, {frame['area_name'].iloc[-1]}, to {self._until}",
            frame,
            {
                "census": CENSUS,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "fte_staff": fte("Staff", f"full-time equivalent of rows of {STAFF}", "split_note"),
                "fte_contracted": fte("Contracted", f"full-time equivalent of rows of {CONTRACTED}", "split_note"),
                "headcount": count("Headcount", f"distinct people in rows of {STAFF}", "people", "headcount_note"),
                "pcns_reporting": count("Reporting", "PCNs with any row of any role", "PCNs", None),
                "pcns_expected": count(
                    "Active", "PCNs active, as published; else an estimate", "PCNs", "pcns_expected_note"
                ),
                "reporting_share_pct": share("Coverage", "PCNs that reported, of those active", "reporting_share_note"),
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
        frame = in_focus(self._measures.totals, self._analysis.roles)
        return self._table(
            "areas-by-census",
            f"FTE and headcount by role, area and census, to {self._until}",
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
                "pcns_expected": count("Expected", "PCNs that could have reported", "PCNs", "pcns_expected_note"),
                "pcns_expected_basis": Column(
                    "Basis",
                    "how they are known: published, list (of patients), published_before, seen (in extracts)",
                ),
                "pcns_expected_reporting": count(
                    "Of them", "expected PCNs that reported", "PCNs", "reporting_share_note"
                ),
                "reporting_share_pct": share(
                    "Coverage", "expected PCNs that reported, of those expected", "reporting_share_note"
                ),
            },
        )

    @property
    def highest(self) -> Table:
        """The highest figure of each series, what changed since, and its runs: at the latest census, England first."""
        frame = in_focus(self._measures.series_shape, self._analysis.roles)
        frame = frame.sort_values("level", key=lambda level: level != "england", kind="stable")
        table = self._table(
            "highest-figures",
            f"The highest figures, and the change since then, to {self._until}",
            frame,
            {
                "area_name": AREA,
                "area_code": CODE,
                "role": ROLE_CODE,
                "measure": MEASURE_CODE,
                "value": Column("Value", "figure at the latest census", "", 1, "note"),
                "peak_census": Column(
                    "Highest in", "census of the highest figure, of equals the last", note="peak_note"
                ),
                "peak": Column("Highest", "highest figure of the series", "", 1, "peak_note"),
                "since_peak": Column(
                    "Change since", "change since the highest figure", "", 1, "since_peak_note", signed=True
                ),
                "since_peak_pct": share(
                    "Change, in per cent",
                    "change since the highest figure, of that figure",
                    "since_peak_pct_note",
                    signed=True,
                ),
                "figures": Column("Figures", "censuses of the series with a figure", "censuses", 0),
                "censuses_missing": Column(
                    "Missing", "published censuses without a figure", "censuses", 0, "peak_note"
                ),
                "longest_rise_months": Column(
                    "Longest rise",
                    "months of the longest run of censuses that each had more than the one before",
                    "months",
                    0,
                    "longest_rise_note",
                ),
                "longest_fall_months": Column(
                    "Longest fall",
                    "months of the longest run of censuses that each had less than the one before",
                    "months",
                    0,
                    "longest_fall_note",
                ),
                "current_run_months": Column(
                    "Run so far",
                    "months of the run of rises, or of falls, that ends at the latest census",
                    "months",
                    0,
                    "current_run_note",
                ),
            },
            index=["census", *_RUNS],
        )
        shown = ("role_name", "measure_name", "area_name", "value", "peak_census", "peak", "since_peak")
        runs = ("since_peak_pct", "longest_rise_months", "longest_fall_months")
        return replace(
            table,
            notes=("The highest is that of the censuses with a figure: one that is missing may have been higher.",),
            on_page=(*shown, *runs),
            rows_on_page=int((frame["level"] == "england").sum()),
        )

    @property
    def usual_changes(self) -> Table:
        """The latest changes set against earlier ones over the same span, England; the page has those there are."""
        frame = in_focus(where(self._measures.usual_changes, level="england"), self._analysis.roles)
        frame = frame.sort_values("change", key=lambda change: change.isna(), kind="stable")
        table = self._table(
            "usual-changes",
            f"The latest changes compared with earlier ones, England, {self._until}",
            frame,
            {
                "role": ROLE_CODE,
                "measure": MEASURE_CODE,
                "span": Column("Span", "month, quarter or year"),
                "from_census": Column("Since", "earlier census of the change", note="change_note"),
                "change": Column("Change", "change over the span", "", 1, "change_note", signed=True),
                "earlier_changes": Column(
                    "Earlier", "number of earlier changes over the same span that it compares with", "changes", 0
                ),
                "lower_quartile": Column(
                    "Lower quartile", "lower quartile of the earlier changes", "", 1, "usual_note", signed=True
                ),
                "upper_quartile": Column(
                    "Upper quartile", "upper quartile of the earlier changes", "", 1, "usual_note", signed=True
                ),
                "usual_low": Column(
                    "Usual from",
                    "lower quartile less 1.5 times the distance of the quartiles: below, a change is unusual",
                    "",
                    1,
                    "usual_note",
                    signed=True,
                ),
                "usual_high": Column(
                    "Usual to",
                    "upper quartile plus 1.5 times the distance of the quartiles: above, a change is unusual",
                    "",
                    1,
                    "usual_note",
                    signed=True,
                ),
                "verdict": Column("Judged", "whether the change is usual, unusual, or has too few before it to say"),
            },
            index=["census", "direction"],
        )
        return replace(table, rows_on_page=int(frame["change"].notna().sum()) or None)

    @property
    def growth(self) -> Table:
        """Changes over a month, a quarter and a year."""
        return self._table(
            "growth",
            f"Change over a month, a quarter and a year, to {self._until}",
            self._national_or_latest(in_focus(self._measures.growth, self._analysis.roles)).assign(
                unit=lambda frame: [unit_of(measure) for measure in frame["measure"]]
            ),
            {
                "area_code": CODE,
                "area_name": AREA,
                "role": ROLE_CODE,
                "measure": MEASURE_CODE,
                "unit": UNIT,
                "census": CENSUS,
                "value": Column("Value", "figure at the census", "", 1, "note"),
                **{
                    name: column
                    for span in SPANS
                    for name, column in {
                        f"change_{span}": Column(
                            f"Over a {span}", f"change over a {span}", "", 1, f"change_{span}_note", signed=True
                        ),
                        f"change_{span}_pct": share(
                            f"Over a {span}, in per cent",
                            f"change over a {span}, of the figure before",
                            f"change_{span}_pct_note",
                            signed=True,
                        ),
                    }.items()
                },
            },
        )
