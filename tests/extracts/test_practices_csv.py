"""The two optional inputs about practices: the map of practices, and their deprivation scores."""

import datetime as dt

import pytest
from extracts.extract_files import MAP_ROW, deprivation_csv, practice_map_csv

from analysis.errors import ExtractError
from analysis.extracts.deprivation import read_deprivation
from analysis.extracts.list_dates import parse_list_date
from analysis.extracts.practice_map import read_practice_map
from analysis.extracts.reading import SetAside


def test_each_practice_with_where_it_belongs():
    """A practice in no PCN has none, and not the code U."""
    rows = read_practice_map("m.csv", practice_map_csv([{}, {"PRACTICE_CODE": "A81002", "PCN_CODE": "U"}]))
    assert (rows.rows, rows.notes) == ({"2022-07": 2}, ())
    assert rows.table.to_pylist() == [
        {
            "list_date": dt.datetime(2022, 7, 1),  # noqa: DTZ001 - dates have no zone
            "practice_code": code,
            "pcn_code": pcn,
            "sub_icb_code": "16C",
            "icb_code": "QHM",
            "region_code": "Y63",
        }
        for code, pcn in (("A81001", "U89141"), ("A81002", None))
    ]


def test_a_map_of_an_earlier_layout():
    """Without the areas of today practices and their PCNs are still read, and it is said."""
    columns = [name for name in MAP_ROW if name not in ("SUB_ICB_LOCATION_CODE", "ICB_CODE")]
    reading = read_practice_map("m.csv", practice_map_csv(columns=columns))
    assert reading.table.select(["pcn_code", "icb_code", "region_code"]).to_pylist() == [
        {"pcn_code": "U89141", "icb_code": None, "region_code": "Y63"}
    ]
    assert [note.text for note in reading.notes] == [
        "has no column SUB_ICB_LOCATION_CODE, ICB_CODE: it places no practice in these areas."
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{}, {"PRACTICE_CODE": ""}], "PRACTICE_CODE is missing in line 3 (blank)"),
        ([{}, {"PCN_CODE": "U00001"}], "has a practice twice with one date: line 3 'A81001'"),
    ],
)
def test_faults_of_a_map_are_named_with_their_line(rows, expected):
    """A practice without a code, or in two places, cannot be followed."""
    with pytest.raises(ExtractError) as caught:
        read_practice_map("m.csv", practice_map_csv(rows))
    assert expected in str(caught.value)


def test_a_map_with_a_date_that_could_be_two():
    """It is set aside, like a list of patients."""
    with pytest.raises(SetAside, match="EXTRACT_DATE cannot be read with certainty"):
        read_practice_map("m.csv", practice_map_csv([{"EXTRACT_DATE": "02/07/2026"}]))


def test_each_score_with_its_year():
    """Practices without a score are left out, and counted."""
    reading = read_deprivation("d.csv", deprivation_csv([{}, {"PRACTICE_CODE": "A2", "IMD_SCORE": ""}]))
    assert reading.table.to_pylist() == [{"practice_code": "A81001", "imd_year": 2025, "imd_score": 33.519}]
    assert (reading.rows, [note.text for note in reading.notes]) == (
        {"2025": 1},
        ["has 1 practice without a score, which is left out."],
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"IMD_YEAR": "25"}], "IMD_YEAR is not a year in line 2 '25'"),
        ([{}, {"IMD_SCORE": "33,5"}], "IMD_SCORE is not a number in line 3 '33,5'"),
        ([{"IMD_SCORE": "133"}], "IMD_SCORE is not between 0 and 100 in line 2 '133'"),
        ([{}, {}], "the practice 'A81001' has more than one score for 2025"),
        ([{"IMD_SCORE": ""}], "no practice has a score"),
    ],
)
def test_faults_of_scores_are_named_with_their_line(rows, expected):
    """A network must not be put into the wrong fifth."""
    with pytest.raises(ExtractError) as caught:
        read_deprivation("d.csv", deprivation_csv(rows))
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-07-01", dt.date(2026, 7, 1)),
        ("01Jul2026", dt.date(2026, 7, 1)),
        ("01OCT2017", dt.date(2017, 10, 1)),
        ("01-Apr-17", dt.date(2017, 4, 1)),
        ("01-Sep-20", dt.date(2020, 9, 1)),
        ("1 Sept 2020", dt.date(2020, 9, 1)),
        ("2026-07-01 00:00:00", dt.date(2026, 7, 1)),
        ("01/07/2026", None),
        ("07/2026", None),
        ("2026-02-30", None),
        ("31-Jun-20", None),
        ("01-Foo-20", None),
        ("46204", None),
        ("", None),
    ],
)
def test_dates_of_lists(text, date):
    """What can mean one day alone is read; a spreadsheet's slashes and day numbers are not guessed at."""
    assert parse_list_date(text) == date
