"""Registered patients: list sizes of all ages and sexes."""

import datetime as dt

import pytest
from extracts.extract_files import PATIENTS_RAW, patients_csv

from analysis.errors import ExtractError
from analysis.extracts.patients import read_patients


def message(data: bytes) -> str:
    with pytest.raises(ExtractError) as caught:
        read_patients("p.csv", data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("raw", "org_type"),
    [
        ("Comm Region", "region"),
        ("COMM_REGION", "region"),
        ("ICB", "icb"),
        ("SUB_ICB_LOCATION_CODE", "sub_icb"),
        ("PCN", "pcn"),
        ("GP", "practice"),
    ],
)
def test_types_of_organisation(raw, org_type):
    """Today's types of organisation are kept under one name each."""
    assert read_patients("p.csv", patients_csv([{"ORG_TYPE": raw}])).table.to_pylist() == [
        {"list_date": dt.datetime(2022, 7, 1), "org_type": org_type, "org_code": "U02454", "patients": 41000}  # noqa: DTZ001 - dates have no zone
    ]


@pytest.mark.parametrize(
    "date", ["2026-07-01", "01Jul2026", "01JUL2026", "1jul2026", "01-Jul-26", "01-JUL-2026", "1 July 2026"]
)
def test_dates_in_each_form(date):
    """Each way of writing a date that has been met gives the same one."""
    reading = read_patients("p.csv", patients_csv([{"EXTRACT_DATE": date}]))
    assert reading.table["list_date"].to_pylist() == [dt.datetime(2026, 7, 1)]  # noqa: DTZ001 - dates have no zone
    assert reading.rows == {"2026-07": 1}


def test_ages_and_sexes_are_not_added():
    """Only the rows of all ages and sexes are taken."""
    rows = [{}, {"SEX": "FEMALE"}, {"AGE_GROUP_5": "0_4"}, {"SEX": "MALE", "AGE_GROUP_5": "0_4"}]
    assert read_patients("p.csv", patients_csv(rows)).table["patients"].to_pylist() == [41000]


def test_patients_outside_pcns_and_other_organisations():
    """Unallocated patients and organisations of other times are left out and counted."""
    rows = [
        {},
        {"ORG_CODE": "U", "NUMBER_OF_PATIENTS": "1234"},
        {"ORG_TYPE": "CCG"},
        {"ORG_TYPE": "CCG", "ORG_CODE": "36L"},
    ]
    reading = read_patients("p.csv", patients_csv(rows))
    assert (len(reading.table), reading.rows) == (1, {"2022-07": 1})
    assert [note.text for note in reading.notes] == [
        "has 1,234 patients on 1 July 2022 whose practice is in no PCN (code U): they are in no PCN's figures.",
        "has 2 organisations of the type 'CCG', which are not used.",
    ]


def test_columns_that_are_not_needed():
    """A file without postcodes is as good."""
    columns = [name for name in PATIENTS_RAW if name not in ("POSTCODE", "ONS_CODE")]
    assert len(read_patients("p.csv", patients_csv(columns=columns)).table) == 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"SEX": "MALE"}, {"NUMBER_OF_PATIENTS": "41,000"}], "NUMBER_OF_PATIENTS is not a count in line 3 '41,000'"),
        ([{}, {}], "has 'U02454' (pcn, 1 July 2022) twice: lines 2 and 3"),
        ([{"SEX": "FEMALE"}], "no row with SEX = ALL"),
        ([{"ORG_TYPE": "STP"}], "no organisation of a type that is used, but STP"),
    ],
)
def test_faults_are_named_with_their_line(rows, expected):
    """What cannot be read is told with its line."""
    assert expected in message(patients_csv(rows))


def test_synthetic_by_its_publication():
    """A sample says so in its PUBLICATION."""
    assert read_patients("p.csv", patients_csv([{"PUBLICATION": "SYNTHETIC_GP_PRAC_PAT_LIST"}])).synthetic
    assert not read_patients("p.csv", patients_csv()).synthetic
