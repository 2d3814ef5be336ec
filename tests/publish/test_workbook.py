"""The workbook keeps the Analysis Function's rules, is in groups, and holds no figure twice."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl import Workbook
from publish import page_samples as samples

from analysis.publish.downloads import WORKBOOK, write_tables
from analysis.tables.report_tables import Tables
from analysis.tables.sheets import HEADING_ROW
from analysis.tables.table import Column, Table
from analysis.tables.workbook import sheet_names
from analysis.tables.workbook_groups import GROUPS, OTHER, group_of, in_groups, repeats

FIRST = ["Cover", "Contents", "Notes", "Columns"]


def series(table_id: str, censuses: list[str], fte: list[float | None], title: str = "FTE by census") -> Table:
    frame = pd.DataFrame({"census": censuses, "fte": fte, "note": ["" if value else "[x]" for value in fte]})
    columns = {"census": Column("Census", "Census month"), "fte": Column("FTE", "Sum", "FTE", 1, "note")}
    return Table(table_id, title, frame, columns)


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    tables = [samples.trend_table(), samples.wide_table(), series("places-icb", ["2022-06", "2022-09"], [1.5, None])]
    write_tables(tables, tmp_path, context=samples.context())
    return openpyxl.load_workbook(tmp_path / WORKBOOK)


def test_a_table_a_sheet_with_its_title_in_the_first_cell_and_no_merged_or_empty_cell(book: Workbook) -> None:
    assert book.sheetnames[:4] == FIRST
    for sheet in book:
        assert sheet["A1"].value
        assert not sheet.merged_cells.ranges
        assert len(sheet.tables) == (0 if sheet.title == "Cover" else 1)
        for table in sheet.tables.values():
            cells = [cell.value for row in sheet[table.ref] for cell in row]
            assert None not in cells
            assert "" not in cells


def test_headings_stand_in_one_row_stay_in_sight_and_have_filters(book: Workbook) -> None:
    for sheet in book.worksheets[len(FIRST) :]:
        (table,) = sheet.tables.values()
        assert table.ref.startswith(f"A{HEADING_ROW + 1}:")
        assert table.autoFilter.ref == table.ref
        assert sheet.freeze_panes == f"A{HEADING_ROW + 2}"
        assert sheet.print_title_rows == f"${HEADING_ROW + 1}:${HEADING_ROW + 1}"


def test_the_contents_list_every_table_in_groups_and_lead_to_it(book: Workbook) -> None:
    rows = [list(row) for row in book["Contents"].iter_rows(min_row=4)]
    assert [row[0].value for row in rows] == ["Regions and integrated care boards (ICBs)", OTHER, OTHER]
    assert [row[1].value for row in rows] == ["places-icb", "trend", "icbs"]
    for _, name, holds in rows:
        assert name.hyperlink.location == f"'{name.value}'!A1"
        assert str(book[name.value]["A1"].value).startswith(holds.value)


def test_notes_and_columns_are_explained_on_sheets_of_their_own(book: Workbook) -> None:
    notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows(min_row=4)}
    number = next(key for key, text in notes.items() if "PCNs that did not report are not estimated" in text)
    assert f"[note {number}]" in "".join(str(sheet["A1"].value) for sheet in book)
    explained = {(row[0].value, row[1].value) for row in book["Columns"].iter_rows(min_row=4)}
    for sheet in book.worksheets[len(FIRST) :]:
        headings = [cell.value for cell in sheet[HEADING_ROW + 1]]
        assert {heading for heading in headings if ": note" not in heading} == {
            column for name, column in explained if name == sheet.title
        }


def test_each_sheet_says_its_shorthand_and_its_source(book: Workbook) -> None:
    assert book["trend"]["A3"].value == "Shorthand: [b] break in series."
    assert all(str(sheet["A4"].value).startswith("Source: ") for sheet in book.worksheets[len(FIRST) :])
    cover = " ".join(str(cell.value) for row in book["Cover"].iter_rows() for cell in row)
    assert "SYNTHETIC DATA" in cover
    assert "[x] not available" in cover


def test_a_number_is_whole_in_its_cell_and_shown_as_the_report_prints_it(tmp_path: Path) -> None:
    write_tables([series("bounds", ["2022-06"], [1740.9412345])], tmp_path, context=samples.context())
    cell = openpyxl.load_workbook(tmp_path / WORKBOOK)["bounds"]["B6"]
    assert (cell.value, cell.number_format) == (1740.9412345, "#,##0.0")


def test_a_chart_that_shows_a_part_of_a_table_has_no_sheet_of_its_own(tmp_path: Path) -> None:
    """The censuses without a figure, at which a chart has a gap, stand in no other table."""
    whole = series("bounds", ["2022-03", "2022-06", "2022-09"], [1.0, 2.0, 3.00000000000004], "Whole")
    part = series("chart-bounds", ["2022-06", "2022-09", "2022-10"], [2.0, 3.0, None], "Part")
    other = series("chart-other", ["2022-06"], [2.5], "Other")
    assert repeats([part, whole, other]) == {"chart-bounds": "bounds"}
    write_tables([part, whole, other], tmp_path, context=samples.context())
    book = openpyxl.load_workbook(tmp_path / WORKBOOK)
    assert book.sheetnames == [*FIRST, "bounds", "chart-other"]
    listed = [[cell.value for cell in row] for row in book["Contents"].iter_rows(min_row=4)]
    assert ["Tables behind charts", "bounds", "Part. Its figures are a part of this sheet."] in listed
    assert (tmp_path / "chart-bounds.csv").exists()  # the page links to it


def test_a_table_of_the_analysis_is_never_left_out_for_a_larger_one() -> None:
    part = series("growth", ["2022-06"], [2.0])
    assert repeats([series("bounds", ["2022-03", "2022-06"], [1.0, 2.0]), part]) == {}


def test_every_table_of_the_report_has_its_group() -> None:
    """The ids are those that the tables are made with: a new one is put into a group on purpose."""
    source = "".join(
        path.read_text(encoding="utf-8") for path in (Path(samples.an.__file__).parent / "tables").glob("*.py")
    )
    known = {each for _, ids in GROUPS for each in ids}
    assert [
        each for each in known if "*" not in each and f'"{each}"' not in source.replace("workbook_groups", "")
    ] == []
    assert len(Tables.names()) == len(
        [each for title, ids in GROUPS for each in ids if "-*" not in each and title != GROUPS[-1][0]]
    )


def test_tables_are_in_the_order_in_which_a_reader_looks_for_them() -> None:
    ids = ["my-own", "chart-a", "checks", "places-pcn", "places-icb", "roles", "pace", "target-verdicts"]
    tables = [series(each, ["2022-06"], [1.0]) for each in ids]
    assert [table.id for table in in_groups(tables)] == [*reversed(ids[1:]), "my-own"]
    assert group_of("my-own") == OTHER


def test_long_names_become_sheet_names_that_differ_also_from_the_first_sheets() -> None:
    tables = [series(each, ["2022-06"], [1.0]) for each in ("a" * 40, "a" * 41, "b", "notes")]
    names = sheet_names(tables)
    assert len({name.lower() for name in (*names, *FIRST)}) == 4 + len(FIRST)
    assert max(map(len, names)) <= 31


def test_a_table_alone_has_the_same_sheets(tmp_path: Path) -> None:
    table = dataclasses.replace(samples.trend_table(), source="Somebody")
    book = openpyxl.load_workbook(table.to_excel(tmp_path / "trend.xlsx"))
    assert book.sheetnames == [*FIRST, "trend"]
    assert book["trend"]["A4"].value == "Source: Somebody"
