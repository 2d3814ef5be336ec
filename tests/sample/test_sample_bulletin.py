"""The bulletin workbook of the sample: the layout of the real one, its drift, and the figures of the extracts."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from analysis.columns import STAFF
from analysis.periods import month_label
from analysis.registers.published import load_published
from analysis.registers.roles import load_roles

PUBLISHED = load_published().set_index(["measure", "census", "role", "data_source"])["value"]
SPLW_ROW = "Social Prescribing Link Workers (Non-Mental Health Practitioners)"


@pytest.fixture(scope="module")
def sheets(files) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(files["PCNW December 2022 - Bulletin tables.xlsx"]))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def row(sheet: list[tuple], label: str) -> tuple:
    """The one row of this label, notes aside."""
    (found,) = [line for line in sheet if re.sub(r"\s*\[Notes? [\d, ]+\]$", "", str(line[0])) == label]
    return found[1:]


def test_sheets_are_those_of_the_bulletin(sheets):
    """Those that the report can need; no sheet is hidden."""
    assert list(sheets) == ["Title and Contents", "Notes", "Table 1a", "Table 1b"]


def test_every_sheet_with_figures_says_synthetic(sheets):
    """On the first sheet, and in the title of each table."""
    assert "SYNTHETIC" in sheets["Title and Contents"][0][0]
    assert "Not official statistics" in sheets["Title and Contents"][2][0]
    assert "SYNTHETIC" in sheets["Table 1a"][0][0]
    assert "SYNTHETIC" in sheets["Table 1b"][0][0]


def test_headings_drift_between_tables(sheets, extracts):
    """A note after two spaces in Table 1a, none in 1b; every census has its column."""
    assert "September 2021  [Note 8]" in sheets["Table 1a"][2]
    assert "September 2021" in sheets["Table 1b"][2]
    for sheet in ("Table 1a", "Table 1b"):
        months = [cell.split("  [")[0] for cell in sheets[sheet][2][1:]]
        assert months == [month_label(census) for census in extracts]


def test_row_labels_carry_notes_in_several_ways(sheets):
    """Each way that the real tables have, and each note is on the sheet of notes."""
    labels = " ".join(str(line[0]) for line in sheets["Table 1a"])
    for suffix in (" [Note 12]", " [Notes 11,12]", " [Notes 12,20]", "  [Notes 11,12, 20]"):
        assert suffix in labels
    assert {"Note 8", "Note 9", "Note 11", "Note 12", "Note 20"} <= {line[0] for line in sheets["Notes"]}


@pytest.mark.parametrize(("sheet", "measure"), [("Table 1a", "fte"), ("Table 1b", "headcount")])
def test_figures_are_the_published(sheets, extracts, sheet, measure):
    """Link workers at every census; care coordinators are not collected before December 2020."""
    for census, value in zip(extracts, row(sheets[sheet], SPLW_ROW), strict=True):
        assert value == pytest.approx(PUBLISHED[measure, census, "splw", "all"], abs=1e-6)
    care = row(sheets[sheet], "Care Coordinators")
    assert care[:3] == ("..", "..", "..")
    assert care[3] == pytest.approx(PUBLISHED[measure, "2020-12", "cc", "all"], abs=1e-6)


def test_every_role_of_the_bulletin_has_one_row(sheets):
    """Those yet to begin are not collected throughout; a role that began but has nobody is 0."""
    for role in load_roles().roles:
        if role.bulletin:
            values = row(sheets["Table 1a"], role.bulletin[-1])
            assert all(value == ".." for value in values) == (role.starts > "2022-12")
    assert row(sheets["Table 1b"], "Advanced Podiatrist Practitioners")[8] == 0


def test_coverage_rows_stand_last_and_agree_with_the_extracts(sheets, extracts):
    """Active as published; recording any row in Table 1a, a row of staff in Table 1b; their shares of the active."""
    for sheet, what, keep in (
        ("Table 1a", "Staff or Contracted Services data", lambda rows: rows),
        ("Table 1b", "Staff data", lambda rows: rows[rows["Data_source"] == STAFF]),
    ):
        active, recording, share = sheets[sheet][-3:]
        assert active[0] == "Total number of PCNs active"
        assert recording[0] == f"Total number of PCNs recording {what}"
        assert share[0] == f"Percentage of PCNs recording {what}"
        assert list(active[1:]) == [PUBLISHED["pcns_active", census, "all", "all"] for census in extracts]
        assert list(recording[1:]) == [keep(rows)["PCN_CODE"].nunique() for rows in extracts.values()]
        assert list(share[1:]) == pytest.approx([n / of for n, of in zip(recording[1:], active[1:], strict=True)])


def test_the_definitions_workbook_has_no_table(files):
    """It lies in the zip beside the extracts, as in the real ones, and must not be taken for a bulletin."""
    (content,) = [content for name, content in files.items() if name.endswith("overall definitions.xlsx")]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Definitions"]
    assert "SYNTHETIC" in book["Definitions"]["A1"].value
