"""Bulletin tables: figures found by their months, whatever has drifted around them."""

import datetime as dt
import io
import math
import re
import time
import zipfile

import openpyxl
import pytest
from extracts.extract_files import bulletin_xlsx, simple_bulletin
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ExtractError
from analysis.extracts.bulletin import read_bulletin
from analysis.extracts.examine import examine
from analysis.extracts.months import MONTHS as MONTH_NAMES
from analysis.extracts.months import census_of_heading
from analysis.extracts.store import Store
from analysis.extracts.walk import LooseFile
from analysis.extracts.workbook import Workbook

MONTHS = ["Staff group and role", "March 2020", "September 2021  [Note 8]", "Janaury 2024"]


def figures(data: bytes) -> list[tuple]:
    rows = read_bulletin(Workbook("b.xlsx", data)).table.to_pylist()
    return [(row["measure"], row["census"], row["label"], row["value"], row["file_row"]) for row in rows]


def values(rows: list[list]) -> dict[tuple[str, str, str], float | None]:
    """``(label, gender, census) -> value`` of a Table 1a with these rows."""
    table = read_bulletin(Workbook("b.xlsx", bulletin_xlsx(rows))).table.to_pylist()
    return {(row["label"], row["gender"], row["census"]): row["value"] for row in table}


def notes(data: bytes) -> list[str]:
    return [note.text for note in read_bulletin(Workbook("b.xlsx", data)).notes]


def message(data: bytes) -> str:
    with pytest.raises(ExtractError) as caught:
        read_bulletin(Workbook("b.xlsx", data))
    return str(caught.value)


def test_both_tables():
    """FTE from Table 1a, headcount from 1b, notes gone, what was not collected without a row."""
    data = bulletin_xlsx(
        [MONTHS, ["Care Coordinators [Note 12]", "..", 888.16, "-"], ["Managers", None, 1, 0]],
        [["Role", "March 2020", "September 2021"], ["Care Coordinators [Notes 11,12, 20]", "..", "1000"]],
    )
    assert figures(data) == [
        ("fte", "2021-09", "Care Coordinators", 888.16, 4),
        ("fte", "2021-09", "Managers", 1.0, 5),
        ("fte", "2024-01", "Managers", 0.0, 5),
        ("headcount", "2021-09", "Care Coordinators", 1000.0, 4),
    ]


def test_counts_of_pcns():
    """The last rows count PCNs, in both tables; shares are not read, and a contradiction is noted."""
    data = bulletin_xlsx(
        [
            ["", "March 2020", "June 2020"],
            ["Total number of PCNs active", 1252, 1250],
            ["Total number of PCNs recording Staff or Contracted Services data [Note 3]", 188, 497],
            ["Percentage of PCNs recording Staff or Contracted Services data", 0.15, 0.4],
        ],
        [
            ["", "March 2020", "June 2020"],
            ["Total number of PCNs active", 1252, 1249],
            ["Total number of PCNs recording Staff data", 182, ".."],
        ],
    )
    assert [row[:2] + row[3:4] for row in figures(data)] == [
        ("pcns_active", "2020-03", 1252.0),
        ("pcns_active", "2020-06", 1250.0),
        ("pcns_reporting", "2020-03", 188.0),
        ("pcns_reporting", "2020-06", 497.0),
        ("pcns_reporting_staff", "2020-03", 182.0),
    ]
    (note,) = read_bulletin(Workbook("b.xlsx", data)).notes
    assert (
        note.text
        == "gives the total number of PCNs active in June 2020 as 1,250 in Table 1a and 1,249 in Table 1b; the first is used."
    )
    assert note.census == "2020-06"


def test_rows_by_census():
    """The number of figures is known for each census."""
    data = bulletin_xlsx([MONTHS, ["A", 1, 2, ".."], ["B", "..", 2, ".."]])
    assert read_bulletin(Workbook("b.xlsx", data)).rows == {"2020-03": 1, "2021-09": 2}


def test_labels_in_two_columns():
    """Where group and role stand in two columns, the last one filled is the label."""
    data = bulletin_xlsx([["Group", "Role", "March 2020"], ["Directors", "Managers", 3]])
    assert figures(data) == [("fte", "2020-03", "Managers", 3.0, 4)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([["Role", "Spring"], ["Managers", 1]], "sheet 'Table 1a' has no row of months"),
        (
            [["Role", "March 2020", "Mystery", "June 2020"], ["Managers", 1, 2, 3]],
            "cell C3: the heading 'Mystery' names no month",
        ),
        (
            [["Role", "March 2020", "Marsch-ish 2021"], ["Managers", 1, 2]],
            "cell C3: the heading 'Marsch-ish 2021' names no month",
        ),
        ([["Role", "January 2024", "Janaury 2024"], ["Managers", 1, 2]], "January 2024 heads more than one column"),
        ([["Role", "March 2020"], ["Managers", ".."]], "without a single figure"),
    ],
)
def test_faults_are_named_with_their_cell(table, expected):
    """What cannot be read is told with sheet and cell."""
    assert expected in message(bulletin_xlsx(table))


def test_what_is_odd_is_noted():
    """A missing Table 1b, a column behind the months and figures without a label are said, and stop nothing."""
    data = bulletin_xlsx([["Role", "March 2020", "Change"], ["Other", 1, 5], [None, 3, 5]])
    assert notes(data) == [
        "has a column 'Change' behind the months of 'Table 1a', which is not read.",
        "has figures without a label in row 5 of 'Table 1a', which are not read.",
        "has no sheet 'Table 1b': it gives no headcount.",
    ]
    assert [row[3] for row in figures(data)] == [1.0]


# ---- blocks by gender ------------------------------------------------------------------------------------------------

BLOCKS = [
    [None, None, "March 2020", "June 2020"],
    ["All Directors"],
    [None, "Managers [Note 12]", 10, 20],
    [None, "Male Directors"],
    [None, "Managers [Note 12]", 1, 2],
    [None, "Female Directors"],
    [None, "Managers [Note 12]", 3, ".."],
    [None, "Other/Unknown Gender Directors [Note 9]"],
    [None, "Managers [Note 12]", 6, 14],
    ["All Other GPs"],
    [None, "GP Locums", 5, 5],
    [None, "Other/ Unknown Gender  Other GPs  [Note 9]"],
    [None, "GP Locums", 4, 4],
    ["Total number of PCNs active", None, 1252, 1250],
    ["Percentage of PCNs recording Staff or Contracted Services data", None, 0.2, 0.3],
]


def test_each_role_stands_once_for_each_gender():
    """The rows of all genders and those of each stand apart, by the headings of their blocks."""
    assert values(BLOCKS) == {
        ("Managers", "all", "2020-03"): 10,
        ("Managers", "all", "2020-06"): 20,
        ("Managers", "male", "2020-03"): 1,
        ("Managers", "male", "2020-06"): 2,
        ("Managers", "female", "2020-03"): 3,
        ("Managers", "other_or_unknown", "2020-03"): 6,
        ("Managers", "other_or_unknown", "2020-06"): 14,
        ("GP Locums", "all", "2020-03"): 5,
        ("GP Locums", "all", "2020-06"): 5,
        ("GP Locums", "other_or_unknown", "2020-03"): 4,
        ("GP Locums", "other_or_unknown", "2020-06"): 4,
        ("Total number of PCNs active", "all", "2020-03"): 1252,
        ("Total number of PCNs active", "all", "2020-06"): 1250,
    }


def test_a_group_without_its_heading_for_all_genders():
    """Its rows are told by the next heading, which names one gender of it; other rows before them are not taken."""
    rows = [row for row in BLOCKS if row[0] != "All Other GPs"]
    assert values(rows) == values(BLOCKS)
    assert notes(bulletin_xlsx(rows))[0] == (
        "has no heading for all genders before 'Other/ Unknown Gender Other GPs' in 'Table 1a'. The figures of its roles "
        "in row 12 are read as those."
    )


def test_a_role_outside_its_group_has_no_gender():
    """Rows of one gender that their group does not have are not read as if they were of that gender."""
    rows = [*BLOCKS[:-2], [None, "Managers [Note 12]", 7, 7], *BLOCKS[-2:]]
    assert values(rows) == values(BLOCKS)
    assert "has roles outside their staff group in row 16 of 'Table 1a'" in notes(bulletin_xlsx(rows))[0]


def test_a_table_without_blocks_counts_everybody():
    """Without a heading for all genders each row is a total: of two rows of one role the gate then decides."""
    rows = [["Role", "March 2020"], ["Female Directors", ".."], ["Managers", 3]]
    assert values(rows) == {("Managers", "all", "2020-03"): 3}


# ---- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "value", "note"),
    [
        ("12.5 [r]", 12.5, "has [r] beside figures in 'Table 1a'."),
        ("1,263", 1263.0, "has figures written as text with a comma for thousands in 'Table 1a'."),
        ("1,234,567.5 [p]", 1234567.5, "has [p] beside figures in 'Table 1a'."),
        ("12.5 [Note 4]", 12.5, None),
        (" 7 ", 7.0, None),
    ],
)
def test_figures_in_another_form_are_read(cell, value, note):
    """Shorthand beside a number and commas for thousands are passed over, and it is said."""
    rows = [["Role", "March 2020"], ["Managers", cell], ["Others", 1]]
    assert values(rows)["Managers", "all", "2020-03"] == value
    assert (note is None) or note in notes(bulletin_xlsx(rows))


@pytest.mark.parametrize("cell", ["..", "-", "–", "*", "[x]", "[c]", ".. [r]", " ", ":"])
def test_no_figure_is_no_row(cell):
    """What stands for a missing figure is never read as zero."""
    assert list(values([["Role", "March 2020"], ["Managers", cell], ["Others", 1]])) == [("Others", "all", "2020-03")]


@pytest.mark.parametrize("cell", ["12 or so", "#REF!", True, "1,2", "12,63", "nan", "inf", "1e", "12.5 [r"])
def test_a_cell_that_is_no_figure_stops_nothing(cell):
    """It has a row without a value, so that it is missed where it is used; a note names the cell and its census."""
    data = bulletin_xlsx([["Role", "March 2020", "June 2020"], ["Managers", cell, 2], ["Others", 1, 1]])
    assert ("fte", "2020-03", "Managers", None, 4) in figures(data)
    (note,) = [note for note in read_bulletin(Workbook("b.xlsx", data)).notes if note.census]
    assert (f"has {str(cell)!r} in cell B4 of 'Table 1a' under March 2020" in note.text, note.census) == (
        True,
        "2020-03",
    )


def test_a_cell_of_one_gender_that_is_no_figure():
    """No total is made of it: it has no row, and a note."""
    rows = [list(row) for row in BLOCKS]
    rows[4][2] = "#REF!"
    found = values(rows)
    assert ("Managers", "male", "2020-03") not in found
    assert found["Managers", "all", "2020-03"] == 10


@pytest.mark.parametrize("heading", ["August 2023 [r]", "August\n2023", "August 2023 [Note 4] [p]", " AUGUST  2023"])
def test_headings_in_another_form_are_read(heading):
    """Shorthand and line breaks in a heading do not hide its month."""
    assert list(values([["Role", heading], ["Managers", 1]])) == [("Managers", "all", "2023-08")]


SPACES = st.sampled_from([" ", "  ", "\n", " \n", "\t"])
BEHIND = st.sampled_from(["", " [r]", "  [Note 8]", " [Notes 11,12, 20]", "[p]", "\n[Note 3] [r]"])


@settings(max_examples=200)
@given(
    st.sampled_from(MONTH_NAMES), st.integers(2020, 2035), SPACES, BEHIND, st.sampled_from([str, str.title, str.upper])
)
def test_every_heading_names_its_month(month, year, space, behind, case):
    """Whatever its case, its white space and its notes."""
    census = f"{year}-{MONTH_NAMES.index(month) + 1:02d}"
    assert census_of_heading(f"{case(month)}{space}{year}{behind}") == census


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 9_999_999, allow_nan=False).map(lambda x: round(x, 4)), st.booleans(), BEHIND)
def test_numbers_as_text_keep_their_value(value, commas, behind):
    """With commas for thousands or without, and whatever stands behind."""
    text = f"{value:,.4f}" if commas else f"{value:.4f}"
    found = values([["Role", "March 2020"], ["Managers", text + behind]])["Managers", "all", "2020-03"]
    assert math.isclose(found, value, abs_tol=1e-9)


# ---- the file -------------------------------------------------------------------------------------------------------

SMALL = [["Role", "March 2020", "June 2020"], ["Managers", 1, 2]]


def with_part(part: str, old: str, new: str) -> bytes:
    """The small workbook with something replaced in one of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bulletin_xlsx(SMALL))) as archive, zipfile.ZipFile(made, "w") as copy:
        for info in archive.infolist():
            content = archive.read(info).decode("utf-8")
            if info.filename == part:
                content, times = re.subn(old, new, content, flags=re.DOTALL)
                assert times
            copy.writestr(info.filename, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "styles", ["<fills><fill/></fills>", "<fills/>", "<fills><fill><patternFill patternType='odd'/></fill></fills>"]
)
def test_styles_do_not_matter(styles):
    """A workbook that Excel opens is read, whatever is odd about its fills."""
    assert figures(with_part("xl/styles.xml", "<fills.*</fills>", styles)) == figures(bulletin_xlsx(SMALL))


def test_a_date_is_told_from_a_number_without_the_other_styles():
    """A heading may be a date, and the format of its cell alone says so."""
    dated = bulletin_xlsx([["Role", dt.date(2020, 3, 31)], ["Managers", 1]])
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(dated)) as archive, zipfile.ZipFile(made, "w") as copy:
        for info in archive.infolist():
            copy.writestr(
                info.filename,
                archive.read(info)
                .replace(b"<fill />", b"<fill/>")
                .replace(b"<fill><patternFill", b"<fill/><fill><patternFill"),
            )
    assert figures(made.getvalue()) == [("fte", "2020-03", "Managers", 1.0, 4)]


@pytest.mark.parametrize(
    "stray",
    [
        '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>',
        "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(6, 20_000)),
    ],
    ids=["a row far down", "cells far out"],
)
def test_stray_cells_fill_no_memory(stray):
    """What lies ten times beyond the tables is not read, and takes no time."""
    data = with_part("xl/worksheets/sheet2.xml", "</sheetData>", f"{stray}</sheetData>")
    start = time.process_time()
    assert figures(data) == figures(bulletin_xlsx(SMALL))
    assert time.process_time() - start < 5


def test_synthetic_by_its_first_sheet():
    """A sample workbook says so on its first sheet."""
    table = [["Role", "March 2020"], ["Managers", 1]]
    assert read_bulletin(Workbook("b.xlsx", bulletin_xlsx(table, title="SYNTHETIC sample, not real figures"))).synthetic
    assert not read_bulletin(Workbook("b.xlsx", bulletin_xlsx(table))).synthetic


@pytest.fixture
def opened(monkeypatch) -> list[object]:
    """Each workbook that openpyxl is given: it takes longer than all else that is read of an extract."""
    found: list[object] = []
    load = openpyxl.load_workbook
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *of, **how: found.append(of) or load(*of, **how))
    return found


def test_a_workbook_is_opened_once(opened, tmp_path):
    path = tmp_path / "bulletin.xlsx"
    path.write_bytes(simple_bulletin({"September 2022": 12.5}))

    extracts, _ = examine(LooseFile(path, path.name), Store(tmp_path))

    assert [extract.piece.kind for extract in extracts] == ["bulletin"]
    assert len(opened) == 1


def test_a_workbook_that_is_known_by_its_sheets_is_not_opened(opened, tmp_path):
    path = tmp_path / "epcn.xlsx"
    book = openpyxl.Workbook()
    for name in ("PCNDetails", "PCN Core Partner Details"):
        book.create_sheet(name)
    book.save(path)

    extracts, left_out = examine(LooseFile(path, path.name), Store(tmp_path))

    assert (extracts, [entry.reason for entry in left_out]) == ([], ["it is the ODS PCN workbook, another publication"])
    assert opened == []
