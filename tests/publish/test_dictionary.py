"""The data dictionary has each column of each CSV and each measure, and nothing that is not there."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from facts.real_facts import PERIOD, analysed
from publish import page_samples as samples

from analysis.facts.measure_meanings import meaning_of, series_of
from analysis.facts.tidy import COLUMN_MEANINGS, COLUMNS
from analysis.publish.dictionary import (
    DICTIONARY_CSV,
    DICTIONARY_PAGE,
    DictionaryEntry,
    fact_entries,
    table_entries,
    write_table_entries,
)
from analysis.publish.dictionary_page import write_dictionary
from analysis.publish.downloads import table_csv, write_tables
from analysis.publish.fact_files import fact_tables, shown_figures, write_fact_files
from analysis.registers.measures import load_measures
from analysis.registers.roles import load_roles
from analysis.report.report import Report
from analysis.tables.table import Column, Table

ROLES = {"splw": "Social Prescribing Link Workers", "cc": "Care Coordinators"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table() -> Table:
    frame = pd.DataFrame(
        {
            "role": ["splw", "cc"],
            "census": ["2022-06", "2022-09"],
            "reported": [1.5, None],
            "note": ["[e]", "[x]"],
            "pcns": [3.0, 4.0],
        }
    )
    columns = {
        "role": Column("Role code", "code of the role"),
        "census": Column("Census", "month of the census"),
        "reported": Column("Reported", "sum of FTE", "FTE", 1, "note"),
        "pcns": Column("PCNs", "PCNs that reported", "PCNs", 0),
    }
    return Table("mine", "Mine", frame, columns)


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_table_has_a_row_for_each_column_of_its_csv_in_its_order(synthetic: bool) -> None:
    header = next(csv.reader(io.StringIO(table_csv(table(), synthetic=synthetic))))
    assert [entry.id for entry in table_entries(table(), ROLES, synthetic=synthetic)] == header


def test_a_column_says_its_type_unit_and_values() -> None:
    entries = table_entries(table(), ROLES, synthetic=False)
    by_id = {entry.id: entry for entry in entries}
    told = {name: dataclasses.asdict(entry)["values"] for name, entry in by_id.items()}
    assert told["role"] == "cc (Care Coordinators); splw (Social Prescribing Link Workers)"
    assert by_id["census"].type == "month (YYYY-MM)"
    assert (by_id["reported_fte"].type, by_id["reported_fte"].unit) == ("number", "FTE")
    assert told["reported_fte"] == "empty where there is none; note says why"
    assert by_id["reported_fte"].meaning == "Sum of FTE."
    assert (by_id["note"].type, told["note"]) == ("shorthand", "[x] not available; [e] estimated")
    assert by_id["pcns"].type == "whole number"
    assert all(entry.source for entry in by_id.values())


def test_every_measure_of_the_register_has_a_meaning_in_general_words() -> None:
    meanings = {(series, measure.id): meaning_of(measure, of) for series, of, measure in series_of(load_measures())}
    assert not [text for text in meanings.values() if "{" in text or "  " in text or not text]
    assert meanings["peak.headcount", "peak.{measure}.{role}.{area_code}.{census}"].startswith("Highest headcount")
    assert meanings["fte", "fte.{role}.{area_code}.{census}"].startswith("Full-time equivalent of all rows")


def test_the_figures_have_a_row_for_each_column_and_each_measure_that_is_there() -> None:
    figures = pd.DataFrame(
        [
            ("pcns_contracted_only", "", "england", "PCNs", "reported", "extract", ""),
            ("peak.headcount", "splw", "icb", "people", "not available", "extract", "[x]"),
        ],
        columns=["measure", "role", "level", "unit", "status", "source", "note"],
    )
    entries = list(fact_entries(figures, load_measures(), ROLES, synthetic=False))
    assert [entry.id for entry in entries if entry.kind == "column"] == COLUMNS == [*COLUMN_MEANINGS]
    measures = {entry.id: entry for entry in entries if entry.kind == "measure"}
    assert set(measures) == {"pcns_contracted_only", "peak.headcount"}
    assert measures["pcns_contracted_only"].name == "pcns_contracted_only.<area_code>.<census>"
    assert (measures["peak.headcount"].type, measures["peak.headcount"].unit) == ("whole number", "people")


@pytest.fixture(scope="module")
def report(real_data: Path) -> Report:
    return analysed(real_data)[1]


@pytest.fixture(scope="module")
def written(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The downloads of an analysis of real extracts, and their dictionary."""
    folder, tables = tmp_path_factory.mktemp("dictionary"), [*report.tables]
    context = samples.context(synthetic=False)
    write_tables(tables, folder / "tables", context=context)
    roles = ("splw", "splw_all", "hwbc", "cc")
    write_fact_files(fact_tables(report.facts, PERIOD, roles, synthetic=False), folder)
    names = load_roles().names
    entries = [(table, [*table_entries(table, names, synthetic=False)]) for table in tables]
    write_table_entries(entries, folder / "tables")
    write_dictionary(load_measures(), names, folder, context=context)
    return folder


@pytest.mark.xdist_group("real")
def test_every_column_of_every_csv_is_in_it_and_nothing_else(written: Path) -> None:
    found: dict[str, list[str]] = {}
    for row in rows(written / DICTIONARY_CSV):
        if row["kind"] == "column":
            found.setdefault(row["file"], []).append(row["id"])
    headers = {}
    for path in written.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            headers[path.relative_to(written).as_posix()] = next(csv.reader(stream))
    assert found == headers


@pytest.mark.xdist_group("real")
def test_every_measure_of_the_figures_is_in_it_and_nothing_else(written: Path, report: Report) -> None:
    figures = shown_figures(report.facts, PERIOD, ("splw", "splw_all", "hwbc", "cc"))
    told = {row["id"] for row in rows(written / DICTIONARY_CSV) if row["kind"] == "measure"}
    assert told == {*figures["measure"]}


@pytest.mark.xdist_group("real")
def test_no_column_is_without_a_name_a_meaning_a_type_and_a_source(written: Path) -> None:
    """A description that only repeats the name of its column explains nothing."""
    entries = [DictionaryEntry(**row) for row in rows(written / DICTIONARY_CSV)]
    assert [entry for entry in entries if not all((entry.name, entry.meaning, entry.type, entry.source))] == []
    assert [entry for entry in entries if entry.type in {"number", "whole number"} and not entry.unit] == []
    short = [(entry.file, entry.id) for entry in entries if len(entry.meaning.split()) < 2]
    assert short == []


@pytest.mark.xdist_group("real")
def test_its_page_has_the_same_rows_and_each_file_leads_to_its_own(written: Path) -> None:
    page = BeautifulSoup((written / DICTIONARY_PAGE).read_text(encoding="utf-8"), "html.parser")
    entries = rows(written / DICTIONARY_CSV)
    assert len(page.select("tr.entry")) == len(entries)
    assert {link["href"] for link in page.select("h3 + p a")} == {entry["file"] for entry in entries}
    assert page.select_one("a[href='origins.html']")
