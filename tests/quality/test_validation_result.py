"""A validation as data: its gate, its JSON, its face in Jupyter."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.quality.small_world import World, small_world

from analysis.errors import GateError
from analysis.quality import Check, Outcome, Severity, Validation
from analysis.quality.results import PLACES_KEPT

SEPTEMBER = {"census": "2022-09"}


def _faulty() -> World:
    world = small_world().with_rows({**SEPTEMBER, "file_row": 2}, pcn_code="<b>bold</b>")
    return world.with_rows({**SEPTEMBER, "file_row": 5}, fte=-1.0)


def test_the_gate_lets_a_validation_with_warnings_through() -> None:
    """A warning is named and stops nothing."""
    validation = small_world().with_rows({"census": "2022-06"}, census="2022-03").validate()
    assert "no-census-missing" in [check.id for check in validation.warnings]
    assert validation.passed
    validation.gate()


def test_the_gate_stops_a_critical_failure_in_three_parts() -> None:
    """What failed, how often and where first; why it matters; and how to fix it."""
    validation = _faulty().validate()
    with pytest.raises(GateError) as raised:
        validation.gate("reports/validation.html")
    error = raised.value
    assert not validation.passed
    assert error.exit_code == 4
    assert "report for September 2022" in error.what
    assert (
        "FTE of staff: impossible values (staff-fte-possible): Not as expected: 1 of 15 rows, with -1.0." in error.what
    )
    assert "First: september.csv, line 5, 2022-09: fte = -1.0." in error.what
    assert "(pcn-code)" in error.what
    assert "goes straight into the total" in error.why
    assert "reports/validation.html" in error.fix
    assert "anomalies.toml" in error.fix


def test_many_places_are_counted_in_full_and_listed_in_part() -> None:
    """The message names three places, the page fifty, and both say how many there are."""
    check = Check("a-check", "Rows", Severity.CRITICAL, "", "", Outcome.FAILED, "Many.", (), 0)
    world = small_world()
    rows = world.workforce.loc[world.workforce.index.repeat(5)].reset_index(drop=True)
    crowd = replace(world, workforce=rows.assign(fte=-1.0))
    failed = crowd.validate()["fte-of-staff"]
    assert (len(failed.unexpected), failed.unexpected_count) == (PLACES_KEPT, 75)
    assert failed.summary().endswith("; and 72 more.")
    assert check.summary() == "Rows (a-check): Many."


def test_a_value_that_occurs_once_is_not_crowded_out() -> None:
    """Of 75 faulty rows fifty are listed, and among them the single one of another kind, which comes last."""
    world = small_world()
    rows = world.workforce.loc[world.workforce.index.repeat(5)].reset_index(drop=True).assign(fte=-1.0)
    rows.loc[rows.index[-1], "fte"] = 9.0
    failed = replace(world, workforce=rows).validate()["fte-of-staff"]
    assert [place.value for place in failed.unexpected].count(9.0) == 1
    assert len(failed.unexpected) == PLACES_KEPT


def test_json_gives_back_the_same_validation_and_the_same_bytes() -> None:
    """Written, read and written again, nothing changes; a missing value is null."""
    validation = _faulty().with_rows({**SEPTEMBER, "file_row": 6}, person_id=None).validate()
    text = validation.to_json()
    again = Validation.from_json(text)
    assert again == validation
    assert again.to_json() == text
    assert _faulty().with_rows({**SEPTEMBER, "file_row": 6}, person_id=None).validate().to_json() == text
    content = json.loads(text)
    assert content["passed"] is False
    assert sum(content["counts"].values()) == len(content["checks"])
    [identifier] = [check for check in content["checks"] if check["id"] == "identifier-of-staff"]
    assert identifier["unexpected"] == [
        {"census": "2022-09", "file": "september.csv", "row": 6, "column": "person_id", "value": None}
    ]


def test_jupyter_shows_what_did_not_pass_and_escapes_it() -> None:
    """A row for each check that did not pass; text from an extract stays text."""
    page = _faulty().validate()._repr_html_()
    assert "FTE of staff: impossible values</th><td>critical</td><td>failed" in page
    assert "Columns of the individual-level extracts" not in page
    assert "<b>bold" not in page
    assert "&lt;b&gt;bold" in page


def test_checks_are_found_by_id() -> None:
    """An id that is not there is a KeyError, not a check that passed."""
    validation = small_world().validate()
    assert validation["fte-of-staff"].subject == "FTE of staff: unusual values"
    with pytest.raises(KeyError):
        validation["fte-of-everybody"]


def test_a_role_that_is_missing_beside_an_unknown_one_is_written_as_missing() -> None:
    """It was written as NaN, which is no JSON, and the run ended as a fault of the notebook."""
    world = small_world().with_rows({**SEPTEMBER, "file_row": 2}, staff_role="Robots", role="unknown")
    world = world.with_rows({**SEPTEMBER, "file_row": 5}, staff_role=None, role="unknown")
    validation = world.validate()
    assert not validation.passed
    values = [place["value"] for check in json.loads(validation.to_json())["checks"] for place in check["unexpected"]]
    assert None in values
    assert Validation.from_json(validation.to_json()) == validation
