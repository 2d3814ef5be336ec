"""What cannot be held against anything is not assessed, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.quality.small_world import small_world

from analysis.quality import Outcome, Severity

WORKFORCE_FREE = {"columns", "no-census-missing", "anomalies-still-there", "census-not-in-the-future"}
NO_GENDERS = {"bulletin-genders-near-all", "bulletin-genders-add-up"}  # this workbook has none


def test_a_national_only_run_stands_on_the_bulletin_alone() -> None:
    """Without individual-level rows their checks are not assessed, and those of the bulletin are."""
    world = small_world()
    validation = replace(world, workforce=world.workforce.iloc[:0], national_only=True).validate()
    outcomes = {check.id: check.outcome for check in validation.checks}
    assert validation.passed
    assert {
        i for i, outcome in outcomes.items() if i.startswith("bulletin-") and outcome is not Outcome.PASSED
    } == NO_GENDERS
    others = {i for i, outcome in outcomes.items() if not i.startswith("bulletin-")}
    assert {i for i in others if outcomes[i] is not Outcome.NOT_ASSESSED} == WORKFORCE_FREE - {"anomalies-still-there"}
    assert [check.id for check in validation.warnings] == ["no-census-missing"]
    assert validation["fte-of-staff"].found == "Not assessed: there is no individual-level extract."


def test_a_national_only_run_without_link_workers_in_the_bulletin_stops() -> None:
    """There the bulletin is the only source of the main figure; elsewhere its lack is a warning."""
    world = small_world().without_figures(measure="fte", role="splw", census="2022-09")
    national = replace(world, workforce=world.workforce.iloc[:0], national_only=True).validate()
    assert national["bulletin-link-workers"].stops
    assert world.validate()["bulletin-link-workers"].severity is Severity.WARNING


def test_no_rows_at_all_stop_the_run() -> None:
    """An empty frame passes no check by being empty."""
    world = small_world()
    validation = replace(world, workforce=world.workforce.iloc[:0]).validate()
    assert [check.id for check in validation.checks if check.stops] == ["census-of-the-report"]


def test_without_a_workbook_the_register_of_published_totals_is_used() -> None:
    """The bulletin checks are not assessed, the comparison goes on, and names the register."""
    world = small_world().without_workbook().with_rows({"census": "2022-09", "file_row": 2}, fte=2.0)
    validation = world.validate()
    assert validation["bulletin-link-workers"].outcome is Outcome.NOT_ASSESSED
    assert [place.value for place in validation["published-fte-at-period"].unexpected] == [
        "5.50 in the extract, 4.50 in the register of published totals"
    ]


def test_the_workbook_has_the_last_word() -> None:
    """Where both have a figure, the register may be out of date. A large difference is a question of its own."""
    world = small_world()
    stale = replace(world, published=world.published.assign(value=99.0))
    assert {check.id for check in stale.validate().checks if check.outcome is Outcome.FAILED} == {
        "bulletin-near-register",
        "bulletin-as-registered",
    }


def test_a_census_without_published_figures_is_not_assessed() -> None:
    """The report of a new census says that nothing was there to hold it against."""
    world = small_world().without_workbook()
    world = replace(world, published=world.published[world.published["census"] < "2022-09"])
    validation = world.validate()
    for measure in ("fte", "headcount", "pcns"):
        assert validation[f"published-{measure}-at-period"].outcome is Outcome.NOT_ASSESSED
        assert "September 2022" in validation[f"published-{measure}-at-period"].found
        assert validation[f"published-{measure}-earlier"].outcome is Outcome.PASSED
    assert validation["coverage-does-not-fall"].outcome is Outcome.NOT_ASSESSED


def test_figures_of_the_register_by_data_source_are_no_back_test() -> None:
    """They are sums of the extracts themselves."""
    world = small_world().without_workbook()
    own = world.published.assign(data_source="NWRS Staff", value=77.0)
    assert replace(world, published=own).validate()["published-fte-at-period"].outcome is Outcome.NOT_ASSESSED


def test_roles_without_a_published_figure_are_named() -> None:
    """What was not compared is said where the comparison is."""
    assert (
        small_world()
        .validate()["published-fte-at-period"]
        .found.endswith("Without a published figure, and so not compared: Managers.")
    )


@pytest.mark.parametrize("check", ["rows-do-not-fall", "rows-per-pcn", "coverage-does-not-fall"])
def test_the_first_census_has_none_before_it(check: str) -> None:
    """With one census there is nothing to compare."""
    world = replace(small_world().without_rows(census="2022-09"), period="2022-06")
    assert world.validate()[check].outcome is Outcome.NOT_ASSESSED


def test_every_unknown_role_is_named() -> None:
    """Ten new roles in one extract are ten names in the sentence, however many rows each has."""
    world = small_world()
    names = [f"New Role {number:02}" for number in range(10)]
    for line, name in enumerate(names, start=2):
        world = world.with_rows({"census": "2022-09", "file_row": line}, staff_role=name, role="unknown")
    check = world.validate()["role-known"]
    assert (check.outcome, check.severity) == (Outcome.FAILED, Severity.WARNING)
    assert [name for name in names if name not in check.found] == []
