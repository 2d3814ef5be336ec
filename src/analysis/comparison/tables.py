"""A comparison as tables, for the page, the report's section and the downloads."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.comparison.compare import Comparison
from analysis.periods import month_label
from analysis.tables.table import Column, Table

# In a report: enough to see what matters, few enough to read. The downloads and the comparison page have all.
ROWS_SHOWN = 25


def comparison_tables(comparison: Comparison, rows: int | None = None) -> tuple[Table, ...]:
    """Show a comparison as tables, ``rows`` of each on the page; a kind of change that did not happen has none."""
    if comparison.is_first:
        return ()
    old, new = month_label(comparison.old_period), month_label(comparison.new_period)
    between = f"{old} and {new}"
    glance = pd.DataFrame(comparison.counts.items(), columns=["kind_of_change", "number"])
    titled = (
        ("changes-figures", f"Figures for England, reports of {between}", comparison.figures),
        ("changes-areas", f"Boards with the largest change in FTE, reports of {between}", comparison.areas),
        ("changes-summary", f"Changes by kind, number of each, reports of {old} and {new}", glance),
        ("changes-verdicts", f"Verdicts new or changed, reports of {old} and {new}", comparison.verdicts),
        ("changes-revised", f"Revised figures of the same census, reports of {old} and {new}", comparison.revised),
        ("changes-places", f"PCNs, areas and roles new or gone, {old} to {new}", comparison.places),
        ("changes-inputs", f"Extracts new, gone or replaced, reports of {old} and {new}", comparison.inputs),
    )
    return tuple(_table(table_id, title, frame, rows) for table_id, title, frame in titled if len(frame))


_COLUMNS: dict[str, Column] = {
    "kind_of_change": Column("What changed", "Kind of change"),
    "number": Column("Number", "How many changes of that kind", "changes", decimals=0),
    "figure": Column("Figure", "What the figure is"),
    "fact_id": Column("Name", "Identity of the figure: measure.role.area.census"),
    "census": Column("Census", "Census that the figure is of"),
    "unit": Column("Unit", "Unit of the figure and of its change"),
    "old": Column("Earlier report", "Value in the earlier report", decimals=2, note="old_note"),
    "new": Column("Later report", "Value in the later report", decimals=2, note="new_note"),
    "change": Column("Change", "Later less earlier", decimals=2, note="change_note", signed=True),
    "coverage_part": Column(
        "Of it coverage",
        "Part of the change from PCNs that are in the census's data of one report alone",
        decimals=2,
        note="parts_note",
        signed=True,
    ),
    "revision_part": Column(
        "Of it revision",
        "Part of the change from PCNs that are in the census's data of both reports",
        decimals=2,
        note="parts_note",
        signed=True,
    ),
    "kind": Column("Kind", "Kind of place, role or extract"),
    "code": Column("Code", "Organisation code or role code"),
    "name": Column("Name", "Name in the report that has it"),
    "fte": Column(
        "FTE",
        "FTE of the role that the report is about in the PCN or area; of a role its own, in England",
        unit="FTE",
        decimals=1,
        note="fte_note",
    ),
    "target": Column("Target", "The target as the register names it"),
    "main": Column("Reading", "Whether it is the reading that the headline uses"),
    "measure": Column("Measure", "What is counted"),
    "role": Column("Roles", "Which roles are counted"),
    "baseline": Column("Baseline", "Census that an increase is counted from"),
    "date": Column("Date", "Which census is used for the target's date"),
    "old_verdict": Column("Earlier verdict", "Verdict in the earlier report; [z] where it had no such reading"),
    "new_verdict": Column("Later verdict", "Verdict in the later report; [z] where it has no such reading"),
    "old_value": Column("Earlier value", "Value compared with the target", decimals=1, note="old_note"),
    "new_value": Column("Later value", "Value compared with the target", decimals=1, note="new_note"),
    "file": Column("File", "Name of the extract"),
    "first_census": Column("From", "First census in the extract"),
    "last_census": Column("To", "Last census in the extract"),
    "old_sha256": Column("Earlier sha256", "Checksum of the extract in the earlier report; [z] where it had none"),
    "new_sha256": Column("Later sha256", "Checksum of the extract in the later report; [z] where it has none"),
}
_OF_TWO_CENSUSES: dict[str, Column] = {
    "figure": Column("Figure", "What the figure is, in England"),
    "unit": Column("Unit", "Unit of the figure and of its change"),
    "code": Column("Code", "Organisation code"),
    "name": Column("Board", "Name of the integrated care board"),
    "old": Column("Earlier report", "Value at the census of the earlier report", decimals=0, note="old_note"),
    "new": Column("Later report", "Value at the census of the later report", decimals=0, note="new_note"),
    "change": Column("Change", "Later less earlier", decimals=0, note="change_note", signed=True),
}
_CHANGE_IN_WORDS = Column("Change", "New, gone or replaced")


def _table(table_id: str, title: str, frame: pd.DataFrame, rows: int | None) -> Table:
    known = _OF_TWO_CENSUSES if table_id in {"changes-figures", "changes-areas"} else _COLUMNS
    columns = {name: known[name] for name in frame.columns if name in known}
    if table_id == "changes-areas":
        columns |= {name: replace(known[name], decimals=1, note=None, unit="FTE") for name in ("old", "new")}
        columns["change"] = replace(known["change"], decimals=1, unit="FTE")
    if "change" in columns and frame["change"].dtype != "float64":
        columns["change"] = _CHANGE_IN_WORDS
    return Table(id=table_id, title=title, frame=frame, columns=columns, rows_on_page=rows)
