"""The extract of years ahead has what the later real ones have and 2022 had not."""

from __future__ import annotations

import pytest
from tests.sample.sample_files import read_individual

from analysis.columns import CONTRACTED, INDIVIDUAL_TO_TIDY
from analysis.registers.roles import UNKNOWN, load_roles
from analysis.sample import write_future_extract
from analysis.sample.future import NEW_ROLES
from analysis.sample.geography import load_geography_2026


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_future_extract(tmp_path_factory.mktemp("future") / "june.csv")


@pytest.fixture(scope="module")
def rows(path):
    return read_individual(path.read_bytes())


def test_layout(path, rows):
    """UTF-8 with BOM, the sixteen columns, June 2026, empty identifiers, marked synthetic."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert list(rows.columns[:16]) == list(INDIVIDUAL_TO_TIDY)
    assert set(zip(rows["CENSUS_YEAR"], rows["CENSUS_MONTH"], strict=True)) == {("2026", "6")}
    assert set(rows.loc[rows["Data_source"] == CONTRACTED, "UNIQUE_IDENTIFIER"]) == {""}
    assert rows["PCN_NAME"].str.startswith("SYNTHETIC ").all()


def test_five_staff_groups_and_both_kinds_of_link_worker(rows):
    """As since 2023."""
    assert rows["STAFF_GROUP"].nunique() == 5
    assert {"splw", "splw_mh"} <= set(rows["role"])


def test_every_known_role_is_there_and_the_new_ones_are_unknown(rows):
    """The vocabulary reads all but the invented ones."""
    assert set(rows["role"]) == {*load_roles().codes, UNKNOWN}
    assert set(rows.loc[rows["role"] == UNKNOWN, "STAFF_ROLE"]) == set(NEW_ROLES)


def test_icbs_are_those_of_2026(rows):
    """36, some with codes of five characters; a PCN is in one."""
    assert set(rows["ICB_CODE"]) == set(load_geography_2026()["icb_code"])
    assert set(rows["ICB_CODE"].str.len()) == {3, 5}
    assert rows.groupby("PCN_CODE")["ICB_CODE"].nunique().max() == 1


def test_the_same_bytes_again(path, tmp_path):
    assert write_future_extract(tmp_path / "below" / "june.csv").read_bytes() == path.read_bytes()
