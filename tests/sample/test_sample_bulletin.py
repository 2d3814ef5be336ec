"""The bulletin workbook of the sample: the layout of the real one, its drift, and the figures of the extracts."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from analysis.columns import CONTRACTED, STAFF
from analysis.periods import expected_censuses, month_label
from analysis.registers.published import load_published
from analysis.registers.roles import load_roles
from analysis.sample.further_roles import roles_of_sample

PUBLISHED = load_published().set_index(["measure", "census", "role", "data_source"])["value"]
CENSUSES = expected_censuses("2020-03", "2026-06")
SPLW_ROW = "Social Prescribing Link Workers (Non-Mental Health Practitioners)"


@pytest.fixture(scope="module")
def sheets(files) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(files["PCNW June 2026 - Bulletin tables.xlsx"]))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def without_notes(label: object) -> str:
    return re.sub(r"\s*\[Notes? [\d, ]+\]$", "", str(label))


def blocks(sheet: list[tuple]) -> dict[str, dict[str, tuple]]:
    """The figures by heading of the block and by role, without notes and without double spaces."""
    found: dict[str, dict[str, tuple]] = {}
    for line in sheet[3:-3]:
        if line[2] is None:
            block = found.setdefault(" ".join(without_notes(line[0] or line[1]).split()), {})
        else:
            assert line[0] is None
            block[without_notes(line[1])] = line[2:]
    return found


def row(sheet: list[tuple], label: str) -> tuple:
    """The one row of this label, notes aside, in the blocks of all."""
    (found,) = [lines[label] for heading, lines in blocks(sheet).items() if heading[:4] == "All " and label in lines]
    return found


def test_sheets_are_those_of_the_bulletin(sheets):
    """Those that the report can need; no sheet is hidden."""
    assert list(sheets) == ["Title and Contents", "Notes", "Table 1a", "Table 1b"]


def test_every_sheet_with_figures_says_synthetic(sheets):
    """On the first sheet, and in the title of each table."""
    assert "SYNTHETIC" in sheets["Title and Contents"][0][0]
    assert "Not official statistics" in sheets["Title and Contents"][2][0]
    assert "SYNTHETIC" in sheets["Table 1a"][0][0]
    assert "SYNTHETIC" in sheets["Table 1b"][0][0]


def test_headings_drift_between_tables(sheets):
    """A note after two spaces in Table 1a, none in 1b; every census has its column, with its extract or without."""
    assert "September 2021  [Note 8]" in sheets["Table 1a"][2]
    assert "September 2021" in sheets["Table 1b"][2]
    for sheet in ("Table 1a", "Table 1b"):
        assert sheets[sheet][2][:2] == (None, None)
        months = [cell.split("  [")[0] for cell in sheets[sheet][2][2:]]
        assert months == [month_label(census) for census in CENSUSES]


def test_row_labels_carry_notes_in_several_ways(sheets):
    """Each way that the real tables have, and each note is on the sheet of notes."""
    labels = " ".join(str(line[1]) for line in sheets["Table 1a"])
    for suffix in (" [Note 12]", " [Notes 11,12]", " [Notes 12,20]", "  [Notes 11,12, 20]"):
        assert suffix in labels
    assert {"Note 8", "Note 9", "Note 11", "Note 12", "Note 20"} <= {line[0] for line in sheets["Notes"]}


@pytest.mark.parametrize(("sheet", "measure"), [("Table 1a", "fte"), ("Table 1b", "headcount")])
def test_figures_are_the_published(sheets, sheet, measure):
    """Link workers at every census of the register; care coordinators are not collected before December 2020."""
    shown = dict(zip(CENSUSES, row(sheets[sheet], SPLW_ROW), strict=True))
    published = PUBLISHED[measure][:, "splw", "all"]
    assert published.index[-1] == "2025-11"
    for census, value in published.items():
        assert shown[census] == pytest.approx(value, abs=1e-6)
    care = row(sheets[sheet], "Care Coordinators")
    assert care[:3] == ("..", "..", "..")
    assert care[3] == pytest.approx(PUBLISHED[measure, "2020-12", "cc", "all"], abs=1e-6)


def test_figures_are_those_of_the_extracts(sheets, extracts):
    """FTE summed, and people counted, in every extract that is there."""
    for role in roles_of_sample().roles:
        fte, people = (row(sheets[sheet], role.bulletin[-1]) for sheet in ("Table 1a", "Table 1b"))
        for census, rows in extracts.items():
            held = rows[rows["role"] == role.code]
            number = CENSUSES.index(census)
            if census < role.starts:
                assert (fte[number], people[number], len(held)) == ("..", "..", 0)
            else:
                staff = held[held["Data_source"] == STAFF]
                assert fte[number] == pytest.approx(held["fte"].sum(), abs=1e-6)
                assert people[number] == staff["UNIQUE_IDENTIFIER"].nunique()


def test_every_role_of_the_bulletin_has_one_row_in_the_blocks_of_all(sheets):
    """Not collected until it begins; a role that began but has nobody is 0."""
    for role in load_roles().roles:
        if role.bulletin:
            values = row(sheets["Table 1a"], role.bulletin[-1])
            assert [value == ".." for value in values] == [census < role.starts for census in CENSUSES]
    assert row(sheets["Table 1b"], "Advanced Podiatrist Practitioners")[8] == 0


@pytest.mark.parametrize("sheet", ["Table 1a", "Table 1b"])
def test_each_group_of_roles_comes_four_times(sheets, sheet):
    """All, in the first column; then Male, Female, and Other/Unknown Gender in two spellings, in the second."""
    headings = [line[:2] for line in sheets[sheet][3:-3] if line[2] is None]
    groups = {role.group for role in load_roles().roles}
    assert {first for first, _ in headings if first} == {f"All {group}" for group in groups}
    assert len(headings) == 4 * len(groups)
    for number in range(0, len(headings), 4):
        group = headings[number][0].removeprefix("All ")
        assert [second for _, second in headings[number + 1 : number + 3]] == [f"Male {group}", f"Female {group}"]
        assert re.fullmatch(rf"Other/ ?Unknown Gender +{group} +\[Note 9\]", headings[number + 3][1])
    assert {second[:8] for _, second in headings[3::4]} == {"Other/Un", "Other/ U"}


@pytest.mark.parametrize(("sheet", "tolerance"), [("Table 1a", 1e-6), ("Table 1b", 0)])
def test_rows_by_gender_add_up_to_those_of_all(sheets, sheet, tolerance):
    """For each role at each census; a role that nobody of a gender holds has no row there."""
    found = blocks(sheets[sheet])
    for heading in [heading for heading in found if heading.startswith("All ")]:
        group = heading.removeprefix("All ")
        parts = [found[f"{gender} {group}"] for gender in ("Male", "Female")]
        parts += [lines for name, lines in found.items() if re.fullmatch(rf"Other/ ?Unknown Gender {group}", name)]
        assert len(parts) == 3
        for label, values in found[heading].items():
            for census, value in enumerate(values):
                of_genders = [lines[label][census] for lines in parts if label in lines]
                numbers = [number for number in of_genders if number != ".."]
                assert sum(numbers) == pytest.approx(0 if value == ".." else value, abs=tolerance)


def test_gender_of_link_workers(sheets):
    """Mostly women; contracted services, which name no person, are without gender and without headcount."""
    found = {sheet: blocks(sheets[sheet]) for sheet in ("Table 1a", "Table 1b")}
    fte, people = (
        [lines[SPLW_ROW][10] for heading, lines in found[sheet].items() if SPLW_ROW in lines] for sheet in found
    )
    assert fte[2] > 4 * fte[1] > 0
    assert fte[3] > PUBLISHED["fte", "2022-09", "splw", CONTRACTED]
    assert people[3] < 0.03 * people[0]


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
        published = PUBLISHED["pcns_active"][:, "all", "all"]
        assert list(active[2 : 2 + len(published)]) == list(published)
        shown = dict(zip(CENSUSES, recording[2:], strict=True))
        for census, rows in extracts.items():
            assert shown[census] == keep(rows)["PCN_CODE"].nunique()
        assert list(share[2:]) == pytest.approx([n / of for n, of in zip(recording[2:], active[2:], strict=True)])


def test_the_definitions_workbook_has_no_table(files):
    """It lies in the zip beside the extracts, as in the real ones, and must not be taken for a bulletin."""
    (content,) = {content for name, content in files.items() if name.endswith("overall definitions.xlsx")}
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Definitions"]
    assert "SYNTHETIC" in book["Definitions"]["A1"].value
