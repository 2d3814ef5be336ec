"""Registered patients of the sample: each active PCN, the places above it, and patients in no PCN."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from analysis.columns import PATIENTS_RAW
from analysis.sample.geography import load_geography, load_geography_2026
from analysis.sample.patients import MAP_COLUMNS
from analysis.sample.totals import load_totals

DATES = {
    "2021-03": "01Mar2021",
    "2022-03": "2022-03-01",
    "2022-12": "01Dec2022",
    "2024-03": "2024-04-01",
    "2025-06": "2025-07-01",
    "2026-06": "2026-07-01",
}
WITH_PRACTICES = [census for census in DATES if census > "2022-12"]
ACTIVE = load_totals().pcns_active


@pytest.fixture(scope="module", params=DATES)
def census(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def content(files, census) -> bytes:
    return files[f"patients/{census}/gp-reg-pat-prac-quin-age.zip!gp-reg-pat-prac-quin-age.csv"]


@pytest.fixture(scope="module")
def rows(content) -> pd.DataFrame:
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    return frame.assign(patients=frame["NUMBER_OF_PATIENTS"].astype(int))


@pytest.fixture(scope="module")
def totals(rows) -> pd.DataFrame:
    return rows.query("SEX == 'ALL' and AGE_GROUP_5 == 'ALL'")


def test_layout(content, rows, census):
    """The columns and line ends of the real file, one date, in one of its two ways; marked synthetic."""
    assert tuple(rows.columns[:9]) == PATIENTS_RAW
    assert content.count(b"\n") == content.count(b"\r\n") == len(rows) + 1
    assert set(rows["EXTRACT_DATE"]) == {DATES[census]}
    assert set(rows["PUBLICATION"]) == {"SYNTHETIC_GP_PRAC_PAT_LIST"}


def test_every_active_pcn_has_a_list(totals, census):
    """As many as published, and one row U for patients of practices in none."""
    codes = totals.loc[totals["ORG_TYPE"] == "PCN", "ORG_CODE"]
    assert codes.is_unique
    assert "U" in set(codes)
    assert codes.str.fullmatch(r"U\d{5}").sum() == len(codes) - 1 == ACTIVE[census]


def test_every_reporting_pcn_has_a_list(totals, extracts, census):
    """So that rates can be made; and there are PCNs that have a list and do not report."""
    listed = set(totals.loc[totals["ORG_TYPE"] == "PCN", "ORG_CODE"])
    reporting = set(extracts[census]["PCN_CODE"])
    assert reporting < listed


def test_places_add_up(totals, census):
    """Each level has the same sum, unallocated patients included; 61 to 65 million in England."""
    sums = totals.groupby("ORG_TYPE")["patients"].sum()
    levels = {"Comm Region", "ICB", "SUB_ICB_LOCATION_CODE", "PCN"}
    assert set(sums.index) == (levels | {"GP"} if census in WITH_PRACTICES else levels)
    assert set(sums) == {sums["PCN"]}
    assert 60_000_000 < sums["PCN"] < 65_500_000
    unallocated = totals.loc[totals["ORG_CODE"] == "U", "patients"].item()
    assert 0.002 < unallocated / sums["PCN"] < 0.006


def test_places_are_the_real_ones(totals, census):
    """Seven regions, 106 sub-ICBs; 42 ICBs of July 2022, or 36 of April 2026."""
    geography = load_geography() if census < "2026-04" else load_geography_2026()
    for org_type, column in (
        ("Comm Region", "region_code"),
        ("ICB", "icb_code"),
        ("SUB_ICB_LOCATION_CODE", "sub_icb_code"),
    ):
        assert set(totals.loc[totals["ORG_TYPE"] == org_type, "ORG_CODE"]) == set(geography[column])


def test_list_sizes_are_those_of_pcns(totals):
    """Between 15,000 and about 120,000, skewed to the right, a mean near 48,000."""
    sizes = totals.loc[(totals["ORG_TYPE"] == "PCN") & (totals["ORG_CODE"] != "U"), "patients"]
    assert sizes.between(14_000, 125_000).all()
    assert 46_000 < sizes.mean() < 51_000
    assert sizes.median() < sizes.mean()


def test_sexes_and_ages_add_up(rows):
    """A reader that does not filter on both counts patients more than once."""
    region = rows.query("ORG_TYPE == 'Comm Region'").pivot_table(
        index="ORG_CODE", columns=["SEX", "AGE_GROUP_5"], values="patients", aggfunc="sum"
    )
    assert rows["AGE_GROUP_5"].nunique() == 21
    for sex in ("FEMALE", "MALE"):
        assert region[sex].drop(columns="ALL").sum(axis=1).equals(region[sex]["ALL"])
    assert (region["FEMALE"]["ALL"] + region["MALE"]["ALL"]).equals(region["ALL"]["ALL"])


def test_lists_grow(files):
    """England's list grows by about one per cent a year, PCN by PCN."""
    sizes = {}
    for census in ("2021-03", "2022-12"):
        content = files[f"patients/{census}/gp-reg-pat-prac-quin-age.zip!gp-reg-pat-prac-quin-age.csv"]
        frame = pd.read_csv(io.BytesIO(content)).query("ORG_TYPE == 'PCN' and SEX == 'ALL' and ORG_CODE != 'U'")
        sizes[census] = frame.set_index("ORG_CODE")["NUMBER_OF_PATIENTS"]
    growth = (sizes["2022-12"] / sizes["2021-03"]).dropna()
    assert len(growth) > 1200
    assert growth.between(1.01, 1.03).mean() > 0.97  # the rest divided, or took another in


@pytest.mark.parametrize("census", WITH_PRACTICES)
def test_practices_make_up_their_pcn(files, census):
    """By the map of the same date, which has every practice once, in the places of the time."""
    folder = f"patients/{census}"
    content = files[f"{folder}/gp-reg-pat-prac-map.zip!gp-reg-pat-prac-map.csv"]
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert list(rows.columns) == list(MAP_COLUMNS)
    assert rows["PRACTICE_CODE"].is_unique
    assert rows["PRACTICE_NAME"].str.startswith("SYNTHETIC ").all()
    assert set(rows["PUBLICATION"]) == {"SYNTHETIC_GP_PRAC_PAT_LIST"}
    assert rows["EXTRACT_DATE"].str.fullmatch(r"01[A-Z][a-z]{2}20\d\d").all()
    listed = pd.read_csv(io.BytesIO(files[f"{folder}/gp-reg-pat-prac-quin-age.zip!gp-reg-pat-prac-quin-age.csv"]))
    listed = listed.query("SEX == 'ALL' and AGE_GROUP_5 == 'ALL'").set_index(["ORG_TYPE", "ORG_CODE"])[
        "NUMBER_OF_PATIENTS"
    ]
    assert set(rows["PRACTICE_CODE"]) == set(listed["GP"].index)
    for level, column in (("PCN", "PCN_CODE"), ("SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_CODE"), ("ICB", "ICB_CODE")):
        of_practices = listed["GP"].loc[rows["PRACTICE_CODE"]].groupby(rows[column].to_numpy()).sum()
        assert of_practices.to_dict() == listed[level].to_dict()


def test_every_practice_has_a_score_of_deprivation(files):
    """In the layout of Fingertips: between 4 and 70, each practice once; names are marked synthetic."""
    rows = pd.read_csv(io.BytesIO(files["deprivation/fingertips-imd-2025-gp-practice.csv"]))
    assert list(rows.columns) == ["PRACTICE_CODE", "PRACTICE_NAME", "IMD_YEAR", "IMD_SCORE"]
    assert rows["PRACTICE_CODE"].is_unique
    assert set(rows["IMD_YEAR"]) == {2025}
    assert rows["IMD_SCORE"].between(4, 70).all()
    assert 17 < rows["IMD_SCORE"].median() < 23
    assert rows["PRACTICE_NAME"].str.startswith("SYNTHETIC ").all()
    map_ = pd.read_csv(io.BytesIO(files["patients/2026-06/gp-reg-pat-prac-map.zip!gp-reg-pat-prac-map.csv"]))
    assert set(map_["PRACTICE_CODE"]) == set(rows["PRACTICE_CODE"])


def test_the_map_has_the_columns_of_the_real_one(real_data):
    """In their order."""
    with zipfile.ZipFile(real_data / "patients/practice-map/gp-reg-pat-prac-map.zip") as archive:
        header = archive.open("gp-reg-pat-prac-map.csv").readline().decode("utf-8-sig").strip()
    assert header.split(",") == list(MAP_COLUMNS)
