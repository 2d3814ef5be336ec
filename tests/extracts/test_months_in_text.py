"""Months as the publisher writes them."""

import datetime as dt

import pytest

from analysis.extracts.months import census_of_heading, censuses_in_name, without_notes


@pytest.mark.parametrize(
    ("heading", "census"),
    [
        ("March 2020", "2020-03"),
        ("September 2021  [Note 8]", "2021-09"),
        ("September 2021 [Notes 8, 12]", "2021-09"),
        ("Janaury 2024", "2024-01"),
        ("Sept. 2023", "2023-09"),
        ("Dec 2022", "2022-12"),
        (dt.datetime(2023, 4, 1), "2023-04"),  # noqa: DTZ001 - a spreadsheet's dates have no zone
        ("Staff group and role", None),
        ("Ma 2022", None),
        ("Total 2022", None),
        ("Table 1a: March 2020 - November 2025, England", None),
        (2022, None),
        (None, None),
    ],
)
def test_heading(heading, census):
    """A heading is a census when all of it is a month and a year, misspelt or shortened, notes aside."""
    assert census_of_heading(heading) == census


@pytest.mark.parametrize(
    ("name", "censuses"),
    [
        ("8.Primary Care Networks – December 2021 Individual Level.csv", {"2021-12"}),
        ("1.Primary Care Networks - September 2024 Individual Level.csv", {"2024-09"}),
        ("PCNWFIndividualCSV.062026.zip", {"2026-06"}),
        ("gp-reg-pat-prac-quin-age-2021-03.csv", {"2021-03"}),
        ("8.Primary Care Networks ÔÇô December 2021 Individual Level.csv", {"2021-12"}),
        ("March 2020 to June 2020.csv", {"2020-03", "2020-06"}),
        ("financial year 2011-12.csv", set()),
        ("PCN workforce.csv", set()),
        ("release 31122022.csv", set()),
    ],
)
def test_file_name(name, censuses):
    """Names of every era state their month; years and days that are no census month do not."""
    assert censuses_in_name(name) == censuses


@pytest.mark.parametrize(
    ("label", "clean"),
    [
        ("Care Coordinators [Note 12]", "Care Coordinators"),
        (
            "Link Workers (Non-Mental Health Practitioners)  [Notes 12,20]",
            "Link Workers (Non-Mental Health Practitioners)",
        ),
        ("Therapists [Notes 11,12, 20] ", "Therapists"),
        ("Other/ Unknown Gender  Other GPs  [Note 9]", "Other/ Unknown Gender Other GPs"),
        ("Staff [not a note]", "Staff [not a note]"),
    ],
)
def test_label_without_notes(label, clean):
    """Notes go, the wording stays."""
    assert without_notes(label) == clean
