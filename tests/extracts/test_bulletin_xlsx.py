"""Bulletin tables: figures found by their months, whatever has drifted around them."""

import pytest
from extracts.extract_files import bulletin_xlsx

from analysis.errors import ExtractError
from analysis.extracts.bulletin import read_bulletin

MONTHS = ["Staff group and role", "March 2020", "September 2021  [Note 8]", "Janaury 2024"]


def figures(data: bytes) -> list[tuple]:
    rows = read_bulletin("b.xlsx", data).table.to_pylist()
    return [(row["measure"], row["census"], row["label"], row["value"], row["file_row"]) for row in rows]


def message(data: bytes) -> str:
    with pytest.raises(ExtractError) as caught:
        read_bulletin("b.xlsx", data)
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
    (note,) = read_bulletin("b.xlsx", data).notes
    assert (
        note.text
        == "gives the total number of PCNs active in June 2020 as 1,250 in Table 1a and 1,249 in Table 1b; the first is used."
    )
    assert note.census == "2020-06"


def test_rows_by_census():
    """The number of figures is known for each census."""
    data = bulletin_xlsx([MONTHS, ["A", 1, 2, ".."], ["B", "..", 2, ".."]])
    assert read_bulletin("b.xlsx", data).rows == {"2020-03": 1, "2021-09": 2}


def test_labels_in_two_columns():
    """Where group and role stand in two columns, the last one filled is the label."""
    data = bulletin_xlsx([["Group", "Role", "March 2020"], ["Directors", "Managers", 3]])
    assert figures(data) == [("fte", "2020-03", "Managers", 3.0, 4)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([["Role", "Spring"], ["Managers", 1]], "sheet 'Table 1a' has no row of months"),
        (
            [["Role", "March 2020", "Marsch-ish 2021"], ["Managers", 1, 2]],
            "cell C3: the heading 'Marsch-ish 2021' names no month",
        ),
        ([["Role", "January 2024", "Janaury 2024"], ["Managers", 1, 2]], "January 2024 heads more than one column"),
        ([["Role", "March 2020"], ["Managers", "12 or so"]], "cell B4: '12 or so' is not a figure"),
        ([["Role", "March 2020"], ["Managers", "#REF!"]], "cell B4: '#REF!' is not a figure"),
        ([["Role", "March 2020"], ["Managers", True]], "cell B4: 'True' is not a figure"),
        ([["Role", "March 2020"], ["Managers", ".."]], "without a single figure"),
    ],
)
def test_faults_are_named_with_their_cell(table, expected):
    """What cannot be read is told with sheet and cell."""
    assert expected in message(bulletin_xlsx(table))


def test_what_is_odd_is_noted():
    """A missing Table 1b, a label twice and figures without a label are said, and stop nothing."""
    data = bulletin_xlsx([["Role", "March 2020"], ["Other", 1], ["Other", 2], [None, 3]])
    reading = read_bulletin("b.xlsx", data)
    assert [note.text for note in reading.notes] == [
        "has 'Other' in rows 4 and 5 of the fte table.",
        "has figures without a label in row 6 of the fte table, not read.",
        "has no sheet 'Table 1b': it gives no headcount.",
    ]
    assert reading.table["value"].to_pylist() == [1.0, 2.0]


def test_synthetic_by_its_first_sheet():
    """A sample workbook says so on its first sheet."""
    table = [["Role", "March 2020"], ["Managers", 1]]
    assert read_bulletin("b.xlsx", bulletin_xlsx(table, title="SYNTHETIC sample, not real figures")).synthetic
    assert not read_bulletin("b.xlsx", bulletin_xlsx(table)).synthetic
