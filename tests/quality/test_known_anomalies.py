"""The register of known anomalies explains what it names, and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from tests.quality.small_world import World, anomaly, small_world

from analysis.columns import STAFF
from analysis.errors import RegisterError
from analysis.quality import Outcome
from analysis.registers.anomalies import load_anomalies

WELL_FORMED = """
[[anomaly]]
check = "fte-of-staff"
censuses = ["2020-03"]
pcn_code = "U80264"
value = 0.0
reason = "Zero at source, in the first extract."
"""


def _zero(*lines: int) -> World:
    world = small_world()
    for line in lines:
        world = world.with_rows({"census": "2022-09", "file_row": line}, fte=0.0)
    return world


def test_an_anomaly_in_the_register_is_explained_and_listed() -> None:
    """The check comes out as explained, with the place, the reason, and no stop."""
    validation = replace(_zero(5), anomalies=(anomaly(),)).validate()
    check = validation["fte-of-staff"]
    assert check.outcome is Outcome.EXPLAINED
    assert [(place.file, place.row, place.value) for place in check.unexpected] == [("september.csv", 5, 0.0)]
    assert check.explanation == "A reason long enough to be one."
    assert validation.passed


def test_what_the_register_leaves_unexplained_fails_and_alone_is_listed() -> None:
    """One zero of two is explained: the check fails, lists the other, and says how many were explained."""
    check = replace(_zero(5, 9), anomalies=(anomaly(),)).validate()["fte-of-staff"]
    assert check.outcome is Outcome.FAILED
    assert [(place.row, place.value) for place in check.unexpected] == [(9, 0.0)]
    assert check.unexpected_count == 1
    assert "explains 1 of them, and 1 not" in check.found


def test_an_entry_explains_no_more_rows_than_it_says() -> None:
    """Two zeros of one PCN need ``rows = 2``."""
    world = _zero(4, 5)
    one = replace(world, anomalies=(anomaly(),)).validate()["fte-of-staff"]
    two = replace(world, anomalies=(anomaly(rows=2),)).validate()["fte-of-staff"]
    assert (one.outcome, [place.row for place in one.unexpected]) == (Outcome.FAILED, [5])
    assert two.outcome is Outcome.EXPLAINED


@pytest.mark.parametrize(
    "other",
    [
        {"value": 0.001},
        {"value": "0"},
        {"censuses": ("2022-06",)},
        {"pcn_code": "U00002"},
        {"data_source": "NWRS contracted services"},
        {"staff_role": "Pharmacists"},
        {"measure": "fte"},
        {"check": "fte-of-contracted-services"},
    ],
    ids=str,
)
def test_an_entry_of_another_pattern_explains_nothing(other: dict[str, object]) -> None:
    """Value, census and every selector have to agree; a selector that the check has no column for never does."""
    check = replace(_zero(5), anomalies=(anomaly(**other),)).validate()["fte-of-staff"]
    assert check.outcome is Outcome.FAILED
    assert check.explanation == ""


def test_a_difference_with_a_published_total_can_be_explained() -> None:
    """An entry by role and measure explains the difference it gives."""
    world = small_world().with_figures({"measure": "fte", "role": "hwbc", "census": "2022-06"}, value=3.0)
    entry = anomaly(
        check="published-fte-earlier", censuses=("2022-06",), value=-1.4, pcn_code=None, role="hwbc", measure="fte"
    )
    assert world.validate()["published-fte-earlier"].outcome is Outcome.FAILED
    assert replace(world, anomalies=(entry,)).validate()["published-fte-earlier"].outcome is Outcome.EXPLAINED


DECISION = {
    "check": "staff-fte-possible",
    "value": -1.0,
    "reason": "The network confirms the hours.",
}


def test_a_decision_to_publish_is_told_with_who_and_when() -> None:
    """A critical check is explained by an entry that says who decided, and the validation lists it as a decision."""
    world = small_world().with_rows({"census": "2022-09", "file_row": 5}, fte=-1.0)
    entry = anomaly(**DECISION, decided_by="A. Head of statistics", decided_on=dt.date(2022, 10, 26))
    check = replace(world, anomalies=(entry,)).validate()["staff-fte-possible"]
    assert (check.outcome, check.decided) == (Outcome.EXPLAINED, True)
    text = "The network confirms the hours. Decided by A. Head of statistics, 26 October 2022."
    assert check.explanation == text
    assert replace(world, anomalies=(entry,)).validate().decisions == (check,)
    assert world.validate()["staff-fte-possible"].stops


def test_a_decision_without_who_or_when_is_refused() -> None:
    for missing in ({"decided_by": "A. Head of statistics"}, {"decided_on": dt.date(2022, 10, 26)}, {}):
        with pytest.raises(RegisterError) as raised:
            replace(small_world(), anomalies=(anomaly(**DECISION, **missing),)).validate()
        assert "is a decision to publish, and it does not say who decided, or when" in raised.value.what


def test_an_entry_for_a_check_that_does_not_exist_is_refused() -> None:
    """A misspelt check id is an error that lists the checks there are."""
    with pytest.raises(RegisterError) as raised:
        replace(small_world(), anomalies=(anomaly(check="fte-of-staf"),)).validate()
    assert "anomaly 1: check 'fte-of-staf' does not exist" in raised.value.what
    assert "fte-of-staff" in raised.value.fix


def test_the_register_is_not_held_against_synthetic_data() -> None:
    """The sample has no anomalies of the real extracts, and that is no news."""
    check = replace(small_world(), anomalies=(anomaly(),), synthetic=True).validate()["anomalies-still-there"]
    assert check.outcome is Outcome.NOT_ASSESSED


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (("value = 0.0", "values = 0.0"), ["anomaly.1: values", "did you mean 'value'?", "censuses"]),
        (("value = 0.0", "value = [0]"), ["anomaly.1.value"]),
        (("value = 0.0", 'value = 0.0\nrows = "2"'), ["anomaly.1: rows"]),
        (("value = 0.0", "value = 0.0\nrows = 0"), ["anomaly.1: rows"]),
        (('"2020-03"', '"2020-13"'), ["anomaly.1.censuses", "pattern"]),
        (('["2020-03"]', "[]"), ["anomaly.1: censuses"]),
        (("Zero at source, in the first extract.", "Zero."), ["anomaly.1: reason"]),
        (('pcn_code = "U80264"', ""), ["anomaly 1: names no rows"]),
        (('pcn_code = "U80264"', 'data_source = "Staff"'), ["anomaly.1: data_source", STAFF]),
        (('check = "fte-of-staff"', 'check = "FTE of staff"'), ["anomaly.1: check"]),
        (('censuses = ["2020-03"]', 'censuses = ["2020-03", "2020-03"]'), ["anomaly 1: the same as anomaly 1"]),
        (("[[anomaly]]", "[[anomaly]"), ["is not TOML"]),
    ],
    ids=lambda value: str(value[-1]),
)
def test_a_slip_in_the_register_is_told_with_entry_and_key(
    edit: tuple[str, str], text: list[str], tmp_path: Path
) -> None:
    """Each slip is an error that names the file, the entry and the key, and the keys there are."""
    path = tmp_path / "anomalies.toml"
    path.write_text(WELL_FORMED.replace(*edit), encoding="utf-8")
    with pytest.raises(RegisterError) as raised:
        load_anomalies(path)
    message = str(raised.value)
    assert [words for words in ["anomalies.toml", *text] if words not in message] == []


def test_the_register_of_the_package_is_well_formed() -> None:
    """It loads, and every entry concerns a check that exists."""
    register = load_anomalies()
    register.check_ids({check.id for check in small_world().validate().checks})
    assert {entry.check for entry in register.entries} == {"fte-of-staff", "fte-of-contracted-services"}
