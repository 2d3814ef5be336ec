"""Downloads keep every digit, say what they mean, and stay harmless in a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from publish import page_samples as samples

from analysis.publish.downloads import WORKBOOK, columns_readme, csv_column, table_csv, write_tables
from analysis.tables.base import SYNTHETIC_SOURCE
from analysis.tables.cells import harmless
from analysis.tables.table import Column, Table

DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]
ODD = ["=HYPERLINK(1)", "[click](https://example.org)", "$$n1$$", "---"]


def table_of(names: list[str], table_id: str = "names") -> Table:
    frame = pd.DataFrame({"name": names, "fte": [float(number) / 3 for number in range(len(names))]})
    return Table(
        table_id, "Names, FTE", frame, {"name": Column("Name", "A name"), "fte": Column("FTE", "Sum", "FTE", 1)}
    )


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("name", "unit", "column"),
    [
        ("fte_staff", "FTE", "fte_staff"),
        ("reported", "FTE", "reported_fte"),
        ("headcount", "people", "headcount"),
        ("reporting_share_pct", "%", "reporting_share_pct"),
        ("pcns_any", "PCNs", "pcns_any"),
        ("rate_low", "per 10,000", "rate_low_fte_per_10000"),
        ("needed", "FTE a month", "needed_fte_a_month"),
        ("census", "", "census"),
    ],
)
def test_a_column_of_a_csv_says_its_unit(name: str, unit: str, column: str) -> None:
    assert csv_column(name, unit) == column


def test_a_csv_has_the_frames_headers_every_digit_and_no_carriage_return(tmp_path: Path) -> None:
    write_tables([samples.trend_table()], tmp_path, context=samples.context(synthetic=False))
    content = (tmp_path / "trend.csv").read_bytes()
    assert b"\r" not in content
    rows = read(content.decode("utf-8"))
    assert list(rows[0]) == ["census", "fte", "fte_note", "change_fte", "pcns"]
    assert [float(row["fte"]) for row in rows] == samples.FTE
    assert rows[0]["change_fte"] == "-0.72"


def test_a_missing_number_is_empty_and_its_reason_stands_beside_it() -> None:
    last = read(table_csv(samples.trend_table(names=list("abcd")), synthetic=False))[-1]
    assert (last["fte"], last["fte_note"]) == ("", "[x]")


def test_a_count_with_a_gap_is_still_a_whole_number() -> None:
    frame = pd.DataFrame({"area": ["a", "b"], "people": [1329, None], "people_note": ["", "[z]"]})
    table = Table(
        "people",
        "People",
        frame,
        {"area": Column("Area", "Area"), "people": Column("People", "P", "people", 0, "people_note")},
    )
    assert [row["people"] for row in read(table_csv(table, synthetic=False))] == ["1329", ""]


def test_each_row_of_a_synthetic_csv_says_that_it_is_synthetic() -> None:
    assert {row["synthetic_data"] for row in read(table_csv(samples.trend_table(), synthetic=True))} == {"yes"}


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_a_spreadsheet_would_run_is_disarmed_in_csv_and_workbook(tmp_path: Path, text: str) -> None:
    write_tables([table_of([text])], tmp_path, context=samples.context(synthetic=False))
    (row,) = read((tmp_path / "names.csv").read_text(encoding="utf-8"))
    assert row["name"].startswith("'")
    cells = [cell for line in openpyxl.load_workbook(tmp_path / WORKBOOK)["names"].iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [
        cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t"))
    ]


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    write_tables([samples.trend_table()], tmp_path, context=samples.context())
    sheet = openpyxl.load_workbook(tmp_path / WORKBOOK)["trend"]
    assert -0.72 in [cell.value for line in sheet.iter_rows() for cell in line]


@given(st.text())
def test_no_text_at_all_begins_as_a_formula(text: str) -> None:
    safe = harmless(text)
    assert not safe.startswith(("=", "@", "\t", "\r", "\n"))
    if safe.startswith(("+", "-")):
        float(safe)


def test_one_table_becomes_a_workbook_that_says_what_it_is(tmp_path: Path) -> None:
    table = dataclasses.replace(samples.trend_table(), source=SYNTHETIC_SOURCE)
    book = openpyxl.load_workbook(table.to_excel(tmp_path / "trend.xlsx"))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Columns", "trend"]
    cover = [cell.value for line in book["Cover"].iter_rows() for cell in line]
    assert table.title in cover
    assert SYNTHETIC_SOURCE in cover


def test_the_workbook_keeps_full_precision_and_shows_shorthand_for_what_is_missing(tmp_path: Path) -> None:
    write_tables([samples.trend_table(names=list("abcd"))], tmp_path, context=samples.context())
    values = [cell.value for line in openpyxl.load_workbook(tmp_path / WORKBOOK)["trend"].iter_rows() for cell in line]
    assert 1740.94 in values
    assert "[x]" in values
    assert "[b]" in values


def test_odd_names_neither_break_the_workbook_nor_become_links(tmp_path: Path) -> None:
    write_tables([table_of(ODD)], tmp_path, context=samples.context())
    sheet = openpyxl.load_workbook(tmp_path / WORKBOOK)["names"]
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.hyperlink]
    assert "'---" in [cell.value for cell in sheet["A"]]


def test_a_table_without_rows_has_a_sheet_that_says_so(tmp_path: Path) -> None:
    write_tables([table_of([])], tmp_path, context=samples.context())
    sheet = openpyxl.load_workbook(tmp_path / WORKBOOK)["names"]
    assert sheet["A3"].value == "Shorthand: [z] not applicable: there is no such row."
    assert [cell.value for cell in sheet[6]] == ["[z]", "[z]"]


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        paths = write_tables([samples.trend_table(), samples.wide_table()], tmp_path / name, context=samples.context())
        made.append({path.name: path.read_bytes() for path in paths})
    assert made[0] == made[1]


def test_every_column_of_every_csv_is_explained() -> None:
    tables = [samples.trend_table(), samples.wide_table()]
    readme = columns_readme(tables, samples.context())
    for table in tables:
        for column in read(table_csv(table, synthetic=True))[0]:
            assert f"| {column} |" in readme


def test_two_tables_with_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two tables have the same id: \\['trend'\\]"):
        write_tables([samples.trend_table(), samples.trend_table()], tmp_path, context=samples.context())
