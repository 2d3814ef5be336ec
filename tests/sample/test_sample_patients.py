"""Registered patients of the sample: each active PCN, the places above it, and patients in no PCN."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from analysis.columns import PATIENTS_RAW
from analysis.registers.published import load_published
from analysis.sample.geography import load_geography

DATES = {"2021-03": "01Mar2021", "2022-03": "2022-03-01", "2022-12": "01Dec2022"}
ACTIVE = load_published().query("measure == 'pcns_active'").set_index("census")["value"]


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


def test_places_add_up(totals):
    """Each level has the same sum, unallocated patients included; about 61 million in England."""
    sums = totals.groupby("ORG_TYPE")["patients"].sum()
    assert set(sums.index) == {"Comm Region", "ICB", "SUB_ICB_LOCATION_CODE", "PCN"}
    assert set(sums) == {sums["PCN"]}
    assert 60_000_000 < sums["PCN"] < 63_000_000
    unallocated = totals.loc[totals["ORG_CODE"] == "U", "patients"].item()
    assert 0.002 < unallocated / sums["PCN"] < 0.006


def test_places_are_the_real_ones(totals):
    """Seven regions, 42 ICBs, 106 sub-ICBs of July 2022."""
    geography = load_geography()
    for org_type, column in (
        ("Comm Region", "region_code"),
        ("ICB", "icb_code"),
        ("SUB_ICB_LOCATION_CODE", "sub_icb_code"),
    ):
        assert set(totals.loc[totals["ORG_TYPE"] == org_type, "ORG_CODE"]) == set(geography[column])


def test_list_sizes_are_those_of_pcns(totals):
    """Between 15,000 and about 120,000, skewed to the right, a mean near 48,000."""
    sizes = totals.loc[(totals["ORG_TYPE"] == "PCN") & (totals["ORG_CODE"] != "U"), "patients"]
    assert sizes.between(15_000, 125_000).all()
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
    assert growth.between(1.01, 1.03).all()
