"""The extract of years ahead has what the later real ones have and 2022 had not."""

from __future__ import annotations

import pytest
from tests.sample.sample_files import read_individual

from analysis.columns import CONTRACTED, INDIVIDUAL_TO_TIDY
from analysis.registers.roles import UNKNOWN, load_roles
from analysis.sample import write_future_extract
from analysis.sample.future import NEW_ROLES
from analysis.sample.geography import load_geography


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


def test_icbs_are_merged(rows):
    """36, each in one region; the invented ones have codes of five characters and say that they are synthetic."""
    icbs = rows[["ICB_CODE", "ICB_NAME", "COMM_REGION_CODE"]].drop_duplicates()
    assert len(icbs) == icbs["ICB_CODE"].nunique() == 36
    new = icbs.loc[~icbs["ICB_CODE"].isin(load_geography()["icb_code"])]
    assert len(new) == 6
    assert new["ICB_CODE"].str.fullmatch(r"Z\dB\dZ").all()
    assert new["ICB_NAME"].str.startswith("SYNTHETIC ").all()
    assert rows.groupby("PCN_CODE")["ICB_CODE"].nunique().max() == 1


def test_the_same_bytes_again(path, tmp_path):
    assert write_future_extract(tmp_path / "below" / "june.csv").read_bytes() == path.read_bytes()
