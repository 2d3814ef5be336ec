"""The report's tables: each a view of a frame, with captions, units and the reasons of what is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from analysis.columns import CONTRACTED, STAFF
from analysis.periods import month_label, shift
from analysis.results.labels import BACKTEST_LABELS, DATE_LABELS, MEASURE_LABELS
from analysis.results.prose import Prose, dated, panel
from analysis.results.tables import Column, Table

if TYPE_CHECKING:
    from analysis.results.analysis import Analysis

ROLE = "splw"
_BANDS = (
    ("pcns_none", "PCNs with none", "nobody in the role"),
    ("pcns_under_1", "Under one", "some and under one FTE"),
    ("pcns_1_to_2", "One to two", "one FTE and under two"),
    ("pcns_2_plus", "Two or more", "two FTE or more"),
)
# What the report is about. A table of all forty roles in all areas would be long and unread.
FOCUS_ROLES = ("splw", "splw_all", "hwbc", "cc", "splw_hwbc")
SOURCE = "Primary Care Network Workforce, NHS England, Open Government Licence v3.0; secondary analysis."

_CENSUS = Column("Census", "census month, the last day of which is counted")
_AREA = Column("Area", "name of the area")
_CODE = Column("Code", "organisation code of the area")
_ROLE = Column("Role", "code of the role or role group")


def fte(label: str, description: str, note: str | None = "note", *, signed: bool = False, decimals: int = 1) -> Column:
    """A column of full-time equivalents, one decimal on the page."""
    return Column(label, description, "FTE", decimals, note, signed)


def count(label: str, description: str, unit: str, note: str | None = "note") -> Column:
    """A column of whole numbers."""
    return Column(label, description, unit, 0, note)


def share(label: str, description: str, note: str | None = "note", *, signed: bool = False) -> Column:
    """A column of percentages, one decimal on the page."""
    return Column(label, description, "%", 1, note, signed)


class Tables:
    """The tables of a report, by name; each is made when it is asked for. Iterating gives them all."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._measures = analysis.measures

    def __iter__(self) -> Iterator[Table]:
        """Every table that the analysis has figures for."""
        for name in self.names():
            table = getattr(self, name)
            if len(table.frame):
                yield table

    @classmethod
    def names(cls) -> list[str]:
        """The names of the tables, in the order of the workbook."""
        return [name for name, member in vars(cls).items() if isinstance(member, property) and not name.startswith("_")]

    @property
    def link_workers(self) -> Table:
        """England by census: FTE, its two parts, headcount, and how many PCNs that is."""
        totals = _where(self._measures.totals, level="england", role=ROLE)
        coverage = _where(self._measures.coverage, level="england")
        frame = totals.merge(
            coverage.drop(columns=["level", "area_code", "area_name", "note", "source"]), on="census", how="left"
        )
        return self._table(
            "link-workers-by-census",
            f"Link workers by census, England, to {self._until}",
            frame,
            {
                "census": _CENSUS,
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
        growth = _where(self._measures.growth, level="england", measure="fte", census=self._period)
        totals = _where(self._measures.totals, level="england", census=self._period)
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
    def readings(self) -> Table:
        """Every reading of every target, with its bounds and verdict."""
        rows = []
        for assessed in self._analysis.assessment:
            for reading in assessed.readings:
                bounds = {f"{f.bound}_value": f.value for f in reading.bounds}
                notes = {f"{f.bound}_note": f.note for f in reading.bounds}
                verdicts = {f"{f.bound}_verdict": f.verdict.value for f in reading.bounds if f.bound != "reported"}
                rows.append(
                    {
                        "target": assessed.target.id,
                        "main": "main" if reading.main else "",
                        "measure": MEASURE_LABELS[reading.choice.measure],
                        "role": self._analysis.roles.names[reading.choice.role],
                        "baseline": reading.choice.baseline or "[z]",
                        "date_reading": DATE_LABELS[reading.choice.date],
                        "promised": assessed.target.value,
                        "value": reading.value,
                        "value_note": reading.note,
                        "so_far": reading.so_far,
                        "so_far_note": reading.so_far_note,
                        "verdict": reading.verdict.value,
                        "first_reached": reading.first_reached or "[z]",
                        **bounds,
                        **notes,
                        **verdicts,
                    }
                )
        columns = {
            "target": Column("Target", "id in the register of targets"),
            "measure": Column("Measure", "what is counted"),
            "role": Column("Roles", "which roles are counted"),
            "baseline": Column("Baseline", "census that an increase is counted from; [z] for a number in place"),
            "date_reading": Column("Date", "how the date is read"),
            "so_far": Column("So far", "the figure at the report's census", "FTE or people", 1, "so_far_note"),
            "value": Column("Value", "the figure at the date of the target", "FTE or people", 1, "value_note"),
            "matched_value": Column("Matched", "in PCNs that report at both", "FTE or people", 1, "matched_note"),
            "grossed_pcns_value": Column(
                "Scaled by PCNs", "scaled up by PCNs active", "FTE or people", 1, "grossed_pcns_note"
            ),
            "grossed_patients_value": Column(
                "Scaled by patients", "scaled up by registered patients", "FTE or people", 1, "grossed_patients_note"
            ),
            "verdict": Column("Verdict", "of the figure as reported"),
            "main": Column("Main", "the reading that the headline uses"),
        }
        frame = pd.DataFrame(rows)
        for column in frame.columns[frame.columns.str.endswith("_note")]:
            frame[column] = frame[column].where(frame[column] != "", "")
        return self._table("target-readings", f"Readings of the targets, {self._until}", frame, columns)

    def shown(self, *names: str) -> Prose:
        """Tables under disclosures, each with the link to its CSV: for those too long to stand open on the page."""
        tables = [getattr(self, name) for name in names]
        return panel([disclosed(table) for table in tables if len(table.frame)], css_class="tables")

    def shown_readings(self, target_id: str) -> Prose:
        """The readings of one target under a disclosure."""
        return panel([disclosed(self.readings_of(target_id))], css_class="tables")

    def readings_of(self, target_id: str) -> Table:
        """The readings of one target."""
        whole = self.readings
        frame = whole.frame[whole.frame["target"] == target_id].reset_index(drop=True)
        columns = {name: column for name, column in whole.columns.items() if name != "target"}
        if (frame["baseline"] == "[z]").all():
            columns.pop("baseline")
        return dataclasses.replace(
            whole,
            id=f"target-readings-{target_id}",
            title=f"Every reading of the {self._analysis.assessment[target_id].target.name}, {self._until}",
            frame=frame,
            columns=columns,
        )

    @property
    def decomposition(self) -> Table:
        """The change of link worker FTE between censuses, taken apart."""
        frame = _where(self._measures.decomposition, level="england", role=ROLE, data_source="all")
        frame = frame[frame["from_census"].astype("str") == frame["census"].map(self._previous)]
        return self._table(
            "change-taken-apart",
            f"Change of link worker FTE between censuses, taken apart, England, to {self._until}",
            frame,
            {
                "from_census": Column("From", "earlier census"),
                "census": Column("To", "later census"),
                "change_fte": fte("Change", "change of FTE as reported", signed=True),
                "in_both_fte": fte("In both", "in PCNs that report at both censuses", signed=True),
                "newly_reporting_fte": fte("New", "FTE of PCNs that report only at the later one", signed=True),
                "dropped_out_fte": fte("Gone", "FTE of PCNs that report only at the earlier one", signed=True),
                "pcns_in_both": count("PCNs in both", "PCNs that report at both", "PCNs"),
                "pcns_newly_reporting": count("PCNs new", "PCNs that report only at the later one", "PCNs"),
                "pcns_dropped_out": count("PCNs gone", "PCNs that report only at the earlier one", "PCNs"),
            },
        )

    @property
    def decomposition_all(self) -> Table:
        """The same for the roles in focus, regions and ICBs, and for every pair of censuses that the targets need."""
        return self._table(
            "change-taken-apart-all",
            f"Change of FTE between censuses, taken apart, by role, area and data source, to {self._until}",
            self._latest_changes(_in_focus(self._measures.decomposition)),
            {
                "area_code": _CODE,
                "area_name": _AREA,
                "role": _ROLE,
                "data_source": Column("Data source", "all, or one of the two data sources"),
                "from_census": Column("From", "earlier census"),
                "census": Column("To", "later census"),
                "change_fte": fte("Change", "change of FTE as reported", signed=True),
                "in_both_fte": fte("In both", "in PCNs that report at both censuses", signed=True),
                "newly_reporting_fte": fte("New", "FTE of PCNs that report only at the later one", signed=True),
                "dropped_out_fte": fte("Gone", "FTE of PCNs that report only at the earlier one", signed=True),
                "pcns_in_both": count("PCNs in both", "PCNs that report at both", "PCNs"),
                "pcns_newly_reporting": count("PCNs new", "PCNs that report only at the later one", "PCNs"),
                "pcns_dropped_out": count("PCNs gone", "PCNs that report only at the earlier one", "PCNs"),
            },
        )

    @property
    def bounds(self) -> Table:
        """Link workers as reported and scaled up."""
        frame = _where(self._measures.bounds, role=ROLE, measure="fte")
        return self._table(
            "bounds",
            f"Link workers as reported and scaled up for PCNs that did not report, England, to {self._until}",
            frame,
            {
                "census": _CENSUS,
                "reported": fte("As reported", "FTE as reported, a lower bound"),
                "grossed_pcns": fte("By PCNs", "scaled up by PCNs active over reporting", "grossed_pcns_note"),
                "grossed_patients": fte(
                    "By patients",
                    "scaled up by registered patients of all over reporting PCNs",
                    "grossed_patients_note",
                ),
            },
        )

    @property
    def panels(self) -> Table:
        """PCNs that report at every census since a chosen one."""
        frame = _where(self._measures.panels, level="england", role=ROLE)
        return self._table(
            "balanced-panel",
            f"Link workers in PCNs that report at every census since a chosen one, England, to {self._until}",
            frame,
            {
                "since": Column("Since", "first census of the panel"),
                "census": _CENSUS,
                "pcns": count("PCNs", "PCNs in the panel", "PCNs"),
                "fte": fte("FTE", "full-time equivalent of all rows"),
            },
        )

    @property
    def entrants(self) -> Table:
        """PCNs that begin to report against those that reported before."""
        frame = _where(self._measures.entrants, role=ROLE)
        return self._table(
            "newly-reporting",
            f"Link workers per PCN, newly reporting and reporting before, England, to {self._until}",
            frame,
            {
                "census": _CENSUS,
                "pcns_newly_reporting": count("PCNs new", "PCNs that did not report at the census before", "PCNs"),
                "fte_per_newly_reporting_pcn": fte("FTE per new PCN", "mean, PCNs without any included", decimals=2),
                "pcns_incumbent": count("PCNs before", "PCNs that reported at the census before", "PCNs"),
                "fte_per_incumbent_pcn": fte("FTE per PCN before", "mean, PCNs without any included", decimals=2),
                "ratio": Column("Ratio", "new over before", "", 2, "note"),
            },
        )

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

    @property
    def areas(self) -> Table:
        """FTE and headcount of the roles in focus, by area and census."""
        frame = _in_focus(self._measures.totals)
        return self._table(
            "areas-by-census",
            f"Link workers, coaches and care coordinators by area and census, to {self._until}",
            frame,
            {
                "level": Column("Level", "england, region or icb"),
                "area_code": _CODE,
                "area_name": _AREA,
                "census": _CENSUS,
                "role": _ROLE,
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
                "area_code": _CODE,
                "area_name": _AREA,
                "census": _CENSUS,
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
        """Changes against the census before and a year before."""
        return self._table(
            "growth",
            f"Change since the census before and over a year, to {self._until}",
            self._national_or_latest(_in_focus(self._measures.growth)),
            {
                "area_code": _CODE,
                "area_name": _AREA,
                "role": _ROLE,
                "measure": Column("Measure", "fte, fte_staff or headcount"),
                "census": _CENSUS,
                "value": Column("Value", "at the census", "FTE or people", 1, "note"),
                "change_previous": Column(
                    "Since census before", "change", "FTE or people", 1, "change_previous_note", signed=True
                ),
                "change_previous_pct": share("In per cent", "change", "change_previous_pct_note", signed=True),
                "change_year": Column("Over a year", "change", "FTE or people", 1, "change_year_note", signed=True),
                "change_year_pct": share("In per cent", "change", "change_year_pct_note", signed=True),
            },
        )

    @property
    def backtests(self) -> Table:
        """Published figures against ours."""
        frame = self._measures.backtests
        frame = frame.assign(
            ours_note=["[x]" if missing else "" for missing in frame["ours"].isna()],
            role=frame["role"].map({**self._analysis.roles.names, "all": "All roles"}),
            measure=frame["measure"].map(BACKTEST_LABELS),
        )
        return self._table(
            "published-against-ours",
            f"Published national figures against those computed here, to {self._until}",
            frame,
            {
                "measure": Column("Measure", "what is counted"),
                "role": Column("Role", "name of the role"),
                "census": _CENSUS,
                "published": Column("Published", "as published", "FTE, people or PCNs", 1),
                "ours": Column("Here", "as computed from the extracts", "FTE, people or PCNs", 1, "ours_note"),
                "difference": Column(
                    "Difference", "ours less published", "FTE, people or PCNs", 3, "ours_note", signed=True
                ),
                "verdict": Column("Verdict", "equal, or differs"),
            },
        )

    @property
    def backtests_in_focus(self) -> Table:
        """The same for the roles in focus and the counts of PCNs: what the page has room for."""
        whole = self.backtests
        names = self._analysis.roles.names
        kept = whole.frame["role"].isin({*(names[code] for code in (*FOCUS_ROLES, "splw_mh", "arrs13")), "All roles"})
        return dataclasses.replace(
            whole,
            id="published-against-ours-in-focus",
            title=f"Published national figures against those computed here, roles in focus, to {self._until}",
            frame=whole.frame[kept].reset_index(drop=True),
        )

    @property
    def pace(self) -> Table:
        """What was needed a month, and what came."""
        rows = [
            {"target": assessed.target.id, **dataclasses.asdict(entry), "note": "[z]"}
            for assessed in self._analysis.assessment
            for entry in assessed.paces
        ]
        names = {
            "needed": "needed a month",
            "achieved": "came a month, as reported",
            "still_needed": "still needed a month",
            "recent_low": "recent matched growth a month, lowest",
            "recent_high": "recent matched growth a month, highest",
        }
        return self._table(
            "pace",
            f"Pace towards the targets, {self._until}",
            pd.DataFrame(rows),
            {
                "target": Column("Target", "id in the register of targets"),
                "baseline": Column("From", "census that the pace is counted from"),
                **{
                    name: Column(meaning.capitalize(), meaning, "FTE a month", 1, "note")
                    for name, meaning in names.items()
                },
                "reach_note": Column("Projection", "why there is no projection, or what limits it"),
            },
        )

    @property
    def checks(self) -> Table:
        """The checks of the validation, and how each came out."""
        validation = self._analysis.validation
        rows = [] if validation is None else [dataclasses.asdict(check) for check in validation.checks]
        return self._table(
            "checks",
            f"Checks run on the extracts, {self._until}",
            pd.DataFrame(rows, columns=["id", "subject", "severity", "outcome", "found"]),
            {
                "subject": Column("Checked", "what was looked at"),
                "severity": Column("Severity", "critical, warning or info: what a failure means for the report"),
                "outcome": Column("Outcome", "passed, failed, explained or not assessed"),
                "found": Column("Found", "what was found"),
            },
            index=["id"],
        )

    @property
    def inputs(self) -> Table:
        """The inputs: names, checksums, censuses."""
        rows = [dataclasses.asdict(entry) for entry in self._analysis.catalogue.inputs]
        return self._table(
            "inputs",
            f"Inputs of the report for {self._until}",
            pd.DataFrame(rows),
            {
                "name": Column("File", "name of the file, or of the archive's member"),
                "kind": Column("Kind", "workforce, bulletin or patients"),
                "first_census": Column("From", "first month it was used for"),
                "last_census": Column("To", "last month it was used for"),
                "rows": count("Rows", "rows used", "rows", None),
                "sha256": Column("SHA-256", "checksum of the content"),
            },
        )

    @property
    def notes_on_inputs(self) -> Table:
        """What ingest warned of, and which files it left out and why."""
        catalogue = self._analysis.catalogue
        rows = [("warning", "", text) for text in catalogue.warnings]
        rows += [("left out", entry.file, entry.reason) for entry in catalogue.left_out]
        return self._table(
            "notes-on-inputs",
            f"Warnings about the inputs, and files left out, {self._until}",
            pd.DataFrame(rows, columns=["kind", "file", "text"]),
            {
                "kind": Column("Kind", "warning, or left out"),
                "file": Column("File", "the file left out"),
                "text": Column("What", "the warning, or why it was left out"),
            },
        )

    @property
    def breaks(self) -> Table:
        """The breaks in the series up to the period."""
        rows = [
            {"census": entry.census, "kind": entry.kind, "reader": entry.reader, "source": entry.source}
            for entry in self._analysis.breaks.breaks
            if entry.census <= self._period
        ]
        return self._table(
            "breaks",
            f"Breaks in the series, to {self._until}",
            pd.DataFrame(rows, columns=["census", "kind", "reader", "source"]),
            {
                "census": Column("From census", "first census after the break"),
                "kind": Column("Kind", "collection, roles or geography"),
                "reader": Column("What it means", "what does not compare"),
                "source": Column("Source", "where it is said or seen"),
            },
        )

    @property
    def unknown_roles(self) -> Table:
        """Roles that the vocabulary does not know."""
        return self._table(
            "unknown-roles",
            f"Roles that the vocabulary does not know, to {self._until}",
            self._measures.unknown_roles,
            {
                "census": _CENSUS,
                "staff_group": Column("Staff group", "STAFF_GROUP of the extract"),
                "staff_role": Column("Role", "STAFF_ROLE of the extract"),
                "detailed_staff_role": Column("Detailed role", "DETAILED_STAFF_ROLE of the extract"),
                "rows": count("Rows", "rows", "rows", None),
                "fte": fte("FTE", "full-time equivalent of all rows", None),
            },
        )

    @property
    def _period(self) -> str:
        return self._analysis.period

    @property
    def _until(self) -> str:
        return month_label(self._period)

    @property
    def _previous(self) -> Callable[[str], str | None]:
        censuses = self._analysis.censuses
        before = dict(zip(censuses[1:], censuses, strict=False))
        return before.get

    def _national_or_latest(self, frame: pd.DataFrame) -> pd.DataFrame:
        """England at every census, areas at the latest: the frames under ``measures/`` hold all of it."""
        latest = self._analysis.area_censuses[-1:] or [self._period]
        return frame[(frame["level"] == "england") | (frame["census"] == latest[0])]

    def _latest_changes(self, changes: pd.DataFrame) -> pd.DataFrame:
        """England's changes, and those of areas to the latest census from the one before, a year before and the first."""
        censuses = self._analysis.area_censuses
        latest = censuses[-1:] or [self._period]
        starts = {*censuses[-2:-1], *censuses[:1], shift(latest[0], -12)}
        areas = (
            (changes["census"] == latest[0]) & changes["from_census"].isin(starts) & (changes["data_source"] == "all")
        )
        return changes[(changes["level"] == "england") | areas]

    def _places(self, level: str, name: str) -> Table:
        frame = _where(self._measures.places, level=level, role=ROLE, census=self._period)
        return self._table(
            f"places-{level.replace('_', '-')}",
            f"{name}: link workers, {self._until}",
            frame.sort_values("area_name") if len(frame) else frame,
            {
                "area_name": _AREA,
                "area_code": _CODE,
                "fte": fte("FTE", "full-time equivalent of all rows"),
                "pcns_reporting": count("PCNs reporting", "PCNs with any row of any role", "PCNs"),
                "reporting_share_pct": share("Coverage", "of PCNs known", "reporting_share_note"),
                "fte_per_reporting_pcn": fte("FTE per PCN", "per reporting PCN", decimals=2),
                "patients_reporting": count(
                    "Patients", "registered with reporting PCNs", "patients", "rate_reporting_note"
                ),
                "rate_reporting": Column(
                    "Rate", "FTE per 10,000 patients of reporting PCNs", "per 10,000", 2, "rate_reporting_note"
                ),
                "rate_all": Column(
                    "Rate, all", "FTE per 10,000 patients of all PCNs", "per 10,000", 2, "rate_all_note"
                ),
                "patients_all": count("Patients, all", "registered in the whole area", "patients", "rate_all_note"),
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

    def _table(
        self,
        table_id: str,
        title: str,
        frame: pd.DataFrame,
        columns: dict[str, Column],
        *,
        index: list[str] | None = None,
    ) -> Table:
        """A table of the columns described, their notes, and what identifies a row."""
        notes = [column.note for column in columns.values() if column.note]
        wanted = list(dict.fromkeys([*columns, *notes, *(index or [])]))
        kept = frame.reindex(columns=wanted) if not len(frame) else frame[wanted]
        return Table(table_id, title, kept.reset_index(drop=True), columns, source=SOURCE)


def disclosed(table: Table) -> Prose:
    """Give a table under a disclosure, with the link to its CSV."""
    html = Markup(
        '<details class="table"><summary>{title}</summary>{table}'
        '<p class="download"><a href="tables/{csv}" download>Download the table</a> as <code>{csv}</code></p></details>'
    ).format(title=dated(table.title), table=table.to_html(), csv=table.csv_name)
    return Prose(html, "div", "disclosed", (table,))


def _in_focus(frame: pd.DataFrame) -> pd.DataFrame:
    """The roles in focus in England, regions and ICBs; the frames under ``measures/`` hold every role and area."""
    return frame[frame["role"].isin(FOCUS_ROLES) & frame["level"].isin(("england", "region", "icb"))]


def _where(frame: pd.DataFrame, **values: str) -> pd.DataFrame:
    for column, value in values.items():
        frame = frame[frame[column] == value]
    return frame
