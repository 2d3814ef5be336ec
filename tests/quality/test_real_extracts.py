"""The publisher's own extracts pass the gate, with exactly the anomalies that the register explains."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.extracts import Catalogue, ingest, load_bulletin, load_workforce
from analysis.quality import Outcome, Severity, Validation, validate
from analysis.registers.roles import load_roles

BULLETIN_CHECKS = {
    "bulletin-figures-possible",
    "bulletin-figures-once",
    "bulletin-link-workers",
    "bulletin-roles",
    "bulletin-coverage-rows",
    "bulletin-coverage-possible",
    "bulletin-genders-near-all",
    "bulletin-genders-add-up",
}
# What a census whose published totals are known does not need, and what lists of patients are needed for.
NEEDLESS = {"change-possible", "change-usual", "bulletin-near-register", "bulletin-as-registered", "no-role-renamed"}
WITHOUT_LISTS = {
    "no-network-without-patients",
    "networks-listed",
    "nearly-all-networks-listed",
    "patients-possible",
    "patients-of-england",
    "networks-of-england",
    "levels-add-up",
    "patients-follow",
}


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processed")


def _validated(raw: Path, processed: Path, period: str) -> tuple[Catalogue, pd.DataFrame, Validation]:
    catalogue = ingest(raw, processed, period)
    roles = load_roles()
    workforce = roles.with_role(load_workforce(catalogue, processed))
    bulletin = roles.with_bulletin_role(load_bulletin(catalogue, processed))
    return catalogue, workforce, validate(workforce, bulletin, catalogue=catalogue, roles=roles)


@pytest.fixture(scope="module")
def individual(real_data: Path, processed: Path) -> tuple[Catalogue, pd.DataFrame, Validation]:
    return _validated(real_data / "pcn-workforce-individual", processed, "2022-09")


def _outcomes(validation: Validation, outcome: Outcome) -> set[str]:
    return {check.id for check in validation.checks if check.outcome is outcome}


def test_the_extracts_to_september_2022_pass_the_gate(individual) -> None:
    """Nothing fails, not even a warning; two checks are explained; without a workbook its checks are not assessed."""
    _, workforce, validation = individual
    assert len(workforce) == 97_660
    assert validation.passed
    assert _outcomes(validation, Outcome.FAILED) == set()
    assert _outcomes(validation, Outcome.EXPLAINED) == {"fte-of-staff", "fte-of-contracted-services"}
    unknown = {"no-role-nearly-known"}  # every role of these extracts is known
    assert _outcomes(validation, Outcome.NOT_ASSESSED) == BULLETIN_CHECKS | NEEDLESS | WITHOUT_LISTS | unknown


def test_the_explained_anomalies_are_the_negatives_and_the_zeros_of_march_2020(individual) -> None:
    """Seven negatives of one hour a week, at two PCNs, and ten zeros: as counted in the frame itself."""
    _, workforce, validation = individual
    places = [
        place
        for check_id in ("fte-of-staff", "fte-of-contracted-services")
        for place in validation[check_id].unexpected
    ]
    found = {(place.census, place.row, place.value) for place in places}
    odd = workforce[workforce["fte"] <= 0]
    assert found == set(zip(odd["census"].astype(str), odd["file_row"], odd["fte"], strict=True))
    negatives = odd[odd["fte"] < 0]
    assert len(negatives) == 7
    assert set(negatives["fte"]) == {-0.026666667}
    assert set(negatives["pcn_code"].astype(str)) == {"U16196", "U55979"}
    assert set(odd.loc[odd["fte"] == 0, "census"].astype(str)) == {"2020-03"}
    assert (odd["fte"] == 0).sum() == 10


def test_every_entry_of_the_register_is_found(individual) -> None:
    """No entry is left over."""
    _, _, validation = individual
    assert validation["anomalies-still-there"].outcome is Outcome.PASSED


def test_the_places_name_the_line_in_the_publishers_file(individual, real_data: Path) -> None:
    """The line printed is the line that a text editor shows."""
    catalogue, _, validation = individual
    assert "Individual Level" in catalogue.inputs[0].file
    for place in validation["fte-of-contracted-services"].unexpected:
        path = real_data / "pcn-workforce-individual" / place.file
        line = path.read_text(encoding="cp1252").split("\n")[place.row - 1]
        printed = [field for field in line.split(",") if field in ("-0.026666667", "0")]
        assert [float(field) for field in printed] == [place.value]


def test_an_old_report_is_held_against_what_was_published_then(real_data: Path, processed: Path) -> None:
    """At March 2021 both comparisons, of the census and of the earlier ones, are made and agree."""
    _, _, validation = _validated(real_data / "pcn-workforce-individual", processed, "2021-03")
    assert _outcomes(validation, Outcome.FAILED) == set()
    assert {i for i in _outcomes(validation, Outcome.PASSED) if i.startswith("published-")} == {
        f"published-{measure}-{when}" for measure in ("fte", "headcount", "pcns") for when in ("at-period", "earlier")
    }


def test_december_2022_stands_on_the_bulletin_and_says_what_is_missing(real_data: Path, processed: Path) -> None:
    """Every check on the workbook passes; the one warning is that the individual-level extract is not held."""
    catalogue, _, validation = _validated(real_data, processed, "2022-12")
    assert catalogue.national_only
    assert validation.passed
    assert [check.id for check in validation.warnings] == ["no-census-missing"]
    assert [place.census for place in validation["no-census-missing"].unexpected] == ["2022-12"]
    assert _outcomes(validation, Outcome.PASSED) >= BULLETIN_CHECKS


def test_the_workbook_agrees_with_every_census_held(real_data: Path, processed: Path) -> None:
    """With the November 2025 workbook as the publication, all eleven censuses are reproduced."""
    _, _, validation = _validated(real_data, processed, "2022-09")
    assert _outcomes(validation, Outcome.FAILED) == set()
    assert _outcomes(validation, Outcome.PASSED) >= BULLETIN_CHECKS
    assert validation["published-fte-earlier"].severity is Severity.CRITICAL


def test_a_doctored_extract_is_stopped(individual) -> None:
    """One link worker more than published, at one PCN, stops the run; the same to half an FTE does not."""
    catalogue, workforce, _ = individual
    roles = load_roles()
    target = workforce.index[(workforce["census"] == "2022-09") & (workforce["role"] == "splw")][0]
    nothing = pd.DataFrame(columns=["measure", "gender", "census", "label", "role", "value", "sha256", "file_row"])
    for extra, stopped in ((0.4, []), (0.6, ["published-fte-at-period"])):
        doctored = workforce.copy()
        doctored.loc[target, "fte"] += extra
        validation = validate(doctored, nothing, catalogue=catalogue, roles=roles)
        assert [check.id for check in validation.checks if check.stops] == stopped
