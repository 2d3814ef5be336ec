"""The data dictionary: what each column of each CSV, and each measure of ``facts.csv``, means.

It is worked out from what is written: the columns of the tables, the register of measures and the figures themselves.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd

from analysis.facts.measure_meanings import meaning_of, series_of
from analysis.facts.tidy import COLUMN_MEANINGS
from analysis.publish.downloads import SYNTHETIC_COLUMN, csv_column, noted_columns
from analysis.publish.fact_files import CSV as FACTS_CSV
from analysis.registers.measures import MeasureDefinition
from analysis.tables.cells import harmless
from analysis.tables.table import SHORTHAND, Column, Table
from analysis.tables.workbook_groups import OTHER, group_of

DICTIONARY_CSV, DICTIONARY_PAGE, TABLES_JSON = "dictionary.csv", "dictionary.html", "tables.json"
# Units that are counted: their figures are whole numbers, whatever a report holds.
_COUNTED = frozenset({"people", "PCNs", "ICBs", "patients", "rows", "months", "changes", "censuses", "days"})
_MONTH, _DATE = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}")
# A column with more values, or longer ones, holds names or sentences, which no list of values explains.
_MOST_VALUES, _LONGEST_VALUE = 12, 60
_FACTS, _ITSELF = "analysis.facts.tidy", "analysis.publish.dictionary"
# Who makes the tables whose ids begin so; those of no group are an analyst's own.
_MAKERS = {"chart-": "analysis.charts", "changes-": "analysis.comparison"}
_MEANINGS_OF_ITSELF = {
    "file": ("File", "File of the report that has the column or measure"),
    "kind": ("Kind", "Column of a file, or measure: a value of the column measure of facts.csv"),
    "id": ("Column or measure", "Name of the column in the file, or of the measure in the column measure"),
    "name": (
        "Name",
        "Heading of the column on the page and in the workbook; of a measure, how its identities are built",
    ),
    "meaning": ("Meaning", "What the column holds or the measure counts"),
    "type": ("Type", "Text, month, date, number, whole number or shorthand"),
    "unit": ("Unit", "Unit of a number; where it depends on the row, the column that has it"),
    "values": ("Values", "Values that the column has in this report, or what stands where there is no figure"),
    "source": ("Source of the definition", "Where the definition stands"),
}


@dataclass(frozen=True)
class DictionaryEntry:
    """A column of a file or a measure: a row of the dictionary, whose columns are these fields, in this order."""

    file: str
    kind: str
    id: str
    name: str
    meaning: str
    type: str
    unit: str
    values: str
    source: str


def table_entries(table: Table, roles: Mapping[str, str], *, synthetic: bool) -> Iterator[DictionaryEntry]:
    """A row for each column of the CSV of a table, in its order. ``roles`` has the names of roles by code."""
    file, where = f"tables/{table.csv_name}", _where(table)
    with_unit = next((name for name in ("unit", "measure", "measure_name", "reading") if name in table.columns), "")
    unit_of_row = f"see the column {with_unit}" if with_unit else ""
    speaks_of = noted_columns(table)
    for name, column in table.columns.items():
        named = csv_column(name, column.unit)
        yield DictionaryEntry(
            file=file,
            kind="column",
            id=named,
            name=column.label,
            meaning=_sentence(column.description),
            type=_type(column, table.frame[name]),
            unit=column.unit or (unit_of_row if column.decimals is not None else ""),
            values=_values_of(name, column, table.frame[name], roles),
            source=where,
        )
        if column.note and speaks_of[column.note][0] == named:
            of = ", ".join(speaks_of[column.note])
            meaning = f"Shorthand that says why there is no figure in {of}, or what to know of the figure."
            values = _shorthand(table.frame[column.note])
            yield DictionaryEntry(file, "column", column.note, "Note", meaning, "shorthand", "", values, where)
    if synthetic:
        yield _synthetic_entry(file)


def write_table_entries(entries: Iterable[tuple[Table, Sequence[DictionaryEntry]]], folder: Path) -> None:
    """Write what the columns of tables mean to ``tables.json`` in ``folder``, the folder of their CSVs.

    ``entries`` are each table with its :func:`table_entries`. The file maps the path of each CSV in the report to its
    ``title`` and its ``columns``: the fields of the dictionary.
    """
    told = {
        f"tables/{table.csv_name}": {"title": table.title, "columns": [asdict(entry) for entry in of_table]}
        for table, of_table in entries
    }
    (folder / TABLES_JSON).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_table_entries(folder: Path) -> tuple[list[DictionaryEntry], dict[str, str]]:
    """The entries of the tables in ``folder``, and the title of each by the path of its CSV; none without the file."""
    path = folder / TABLES_JSON
    told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    entries = [DictionaryEntry(**column) for table in told.values() for column in table["columns"]]
    return entries, {name: table["title"] for name, table in told.items()}


def fact_entries(
    figures: pd.DataFrame, measures: Iterable[MeasureDefinition], roles: Mapping[str, str], *, synthetic: bool
) -> Iterator[DictionaryEntry]:
    """A row for each column of ``facts.csv``, then one for each measure that its ``figures`` have."""
    for name, (label, meaning) in COLUMN_MEANINGS.items():
        column = Column(label, meaning, decimals=2 if name == "value" else None)
        values = figures[name] if name in figures else pd.Series(dtype="str")
        yield DictionaryEntry(
            *(FACTS_CSV, "column", name, label, _sentence(meaning)),
            type="shorthand" if name == "note" else "month (YYYY-MM)" if "census" in name else _type(column, values),
            unit="see the column unit" if name == "value" else "",
            values=_shorthand(values) if name == "note" else _values_of(name, column, values, roles),
            source=_FACTS,
        )
    if synthetic:
        yield _synthetic_entry(FACTS_CSV)
    shown = figures[["measure", "role", "unit"]].drop_duplicates()
    units: dict[tuple[str, bool], list[str]] = {}
    for name, role, unit in shown.itertuples(index=False):
        found = units.setdefault((name, bool(role)), [])
        found.extend([unit] if unit not in found else [])
    for series, of, measure in series_of(measures):
        if (series, "role" in measure.keys) in units:
            unit = ", ".join(units[series, "role" in measure.keys])
            pattern = measure.pattern.replace("<measure>", of)
            yield DictionaryEntry(
                *(FACTS_CSV, "measure", series, pattern, f"{meaning_of(measure, of)}."),
                type="whole number" if unit in _COUNTED else "number",
                unit=unit,
                values="empty where there is none; the column note says why" if measure.note else "",
                source=f"register of measures: {measure.pattern}",
            )


def own_entries() -> Iterator[DictionaryEntry]:
    """A row for each column of the dictionary itself."""
    for name, (label, meaning) in _MEANINGS_OF_ITSELF.items():
        values = "column; measure" if name == "kind" else ""
        yield DictionaryEntry(DICTIONARY_CSV, "column", name, label, f"{meaning}.", "text", "", values, _ITSELF)


def dictionary_csv(entries: Iterable[DictionaryEntry]) -> str:
    """The dictionary as the text of a CSV: UTF-8, LF."""
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow([field.name for field in fields(DictionaryEntry)])
    rows.writerows([harmless(value) for value in asdict(entry).values()] for entry in entries)
    return stream.getvalue()


def _where(table: Table) -> str:
    """Where the columns of a table are defined: the package and the id of the table."""
    made_by = next((maker for prefix, maker in _MAKERS.items() if table.id.startswith(prefix)), "analysis.tables")
    return f"the notebook that shows {table.id}" if group_of(table.id) == OTHER else f"{made_by}: {table.id}"


def _synthetic_entry(file: str) -> DictionaryEntry:
    meaning = "That every figure is invented, to test the report."
    return DictionaryEntry(file, "column", SYNTHETIC_COLUMN, "Synthetic data", meaning, "text", "", "yes", _ITSELF)


def _sentence(text: str) -> str:
    """A description as a sentence: its first letter large, and a full stop."""
    text = " ".join(text.split()).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _type(column: Column, values: pd.Series) -> str:
    if column.decimals is not None:
        return "whole number" if column.decimals == 0 and column.unit in _COUNTED else "number"
    texts = [str(value) for value in values.dropna().unique() if str(value) not in {"", *SHORTHAND}]
    for pattern, name in ((_MONTH, "month (YYYY-MM)"), (_DATE, "date (YYYY-MM-DD)")):
        if texts and all(pattern.fullmatch(text) for text in texts):
            return name
    return "text"


def _values_of(name: str, column: Column, values: pd.Series, roles: Mapping[str, str]) -> str:
    if column.decimals is not None:
        return f"empty where there is none; {column.note} says why" if column.note and values.isna().any() else ""
    if _type(column, values) != "text":
        return ""
    texts = sorted({str(value) for value in values.dropna().unique()})
    if not any(texts) or len(texts) > _MOST_VALUES or max(map(len, texts)) > _LONGEST_VALUE:
        return ""
    named = [f"{text} ({roles[text]})" if name == "role" and text in roles else text or "empty" for text in texts]
    return "; ".join(f"{text} {SHORTHAND[text]}" if text in SHORTHAND else text for text in named)


def _shorthand(values: pd.Series) -> str:
    used = {*values.dropna().unique()}
    return "; ".join(f"{symbol} {meaning}" for symbol, meaning in SHORTHAND.items() if symbol in used) or "empty"
