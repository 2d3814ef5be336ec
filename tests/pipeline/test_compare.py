"""An earlier report that cannot be read stops no later one: it is passed over, and the page says so."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.comparison.text import what_changed
from analysis.errors import UsageError
from analysis.facts.fact import Fact, Facts, Origin, Status
from analysis.facts.stored import facts_json
from analysis.formats import NewerFormatError
from analysis.pipeline.compare import changes_since_previous, read_results
from analysis.pipeline.lookup import made_reports
from analysis.pipeline.pages_beside import _front_entry

READING = {"measure": "fte", "role": "splw", "baseline": None, "date": "on_or_before", "main": True}
TARGET = {"name": "2019 target", "readings": [{**READING, "verdict": "reached", "value": 1000.0, "note": ""}]}
DEEP = "[" * 100_000 + "]" * 100_000


def write_report(folder: Path, period: str) -> Path:
    """The parts of a report that the next one reads."""
    (folder / "measures").mkdir(parents=True)
    fact = Fact(f"fte.splw.ENG.{period}", 10.0, "FTE", period, "10", Status.REPORTED, Origin("made up", "sum"))
    catalogue = {"period": period, "synthetic": False, "inputs": []}
    (folder / "ingest.json").write_text(json.dumps(catalogue))
    (folder / "assessment.json").write_text(json.dumps({"targets": {"splw-2019": TARGET}}))
    (folder / "facts.json").write_text(facts_json(Facts([fact]), "2022-09", "splw", synthetic=False))
    columns = ["level", "area_code", "area_name", "census", "role", "fte"]
    totals = pd.DataFrame([("england", "ENG", "England", period, "splw", 10.0)], columns=columns)
    totals.to_parquet(folder / "measures/totals.parquet")
    return folder


@pytest.fixture
def reports(tmp_path):
    """Reports of March and June 2022, and the results of a run for September in its staging folder."""
    write_report(tmp_path / "2022-03", "2022-03")
    write_report(tmp_path / "2022-06", "2022-06")
    write_report(tmp_path / ".making-2022-09-x", "2022-09")
    return tmp_path


def test_the_report_before_is_the_latest_that_can_be_read(reports):
    comparison = changes_since_previous(reports / ".making-2022-09-x")

    assert (comparison.old_period, comparison.unreadable) == ("2022-06", ())


def test_a_first_report_is_compared_with_nothing_and_not_read(tmp_path, monkeypatch):
    results = write_report(tmp_path / ".making-2022-09-x", "2022-09")
    monkeypatch.setattr("analysis.pipeline.compare.read_results", None)

    assert changes_since_previous(results).is_first


def test_results_that_are_not_whole_are_told(tmp_path):
    results = write_report(tmp_path / ".making-2022-09-x", "2022-09")
    (results / "ingest.json").unlink()

    with pytest.raises(UsageError, match="is not a whole report"):
        changes_since_previous(results)


@pytest.mark.parametrize("name", ["ingest.json", "assessment.json", "facts.json"])
@pytest.mark.parametrize(
    "content",
    ["", "{trunc", "[]", "3", "null", "{}", DEEP, '{"targets": []}', '{"targets": {"splw-2019": 3}}', '{"x": [1]}',
     '{"period": 7, "synthetic": false, "inputs": [3]}', "\x00", '{"fte.splw.ENG.2022-06": {"value": "ten"}}'],
)  # fmt: skip
def test_a_damaged_report_is_passed_over_and_named(reports, name, content):
    (reports / "2022-06" / name).write_text(content)

    comparison = changes_since_previous(reports / ".making-2022-09-x")

    said = what_changed(comparison).text
    if comparison.old_period == "2022-06":  # what is lacking was not needed
        assert comparison.unreadable == ()
    else:
        assert comparison.old_period == "2022-03"
        assert comparison.unreadable == ("2022-06",)
        assert "June 2022" in said


def test_damaged_frames_and_a_folder_in_the_place_of_a_file_are_passed_over(reports):
    (reports / "2022-06/measures/totals.parquet").write_bytes(b"PAR1 no such thing")
    (reports / "2022-03/assessment.json").unlink()
    (reports / "2022-03/assessment.json").mkdir()

    comparison = changes_since_previous(reports / ".making-2022-09-x")

    assert comparison.is_first
    assert comparison.unreadable == ("2022-06", "2022-03")
    assert "March 2022" in what_changed(comparison).text


def test_a_folder_that_is_named_for_no_month_is_no_report(reports):
    (reports / "2022-13").mkdir()
    (reports / "2022-13/facts.json").write_text("{}")

    assert made_reports(reports) == ["2022-03", "2022-06"]


@pytest.mark.parametrize(
    "content", ["", "[]", DEEP, '{"status": 3, "synthetic": 1, "verdicts": [7]}', '{"verdicts": {}}']
)
def test_a_damaged_manifest_leaves_the_front_page_standing(reports, content):
    (reports / "2022-06/manifest.json").write_text(content)

    assert _front_entry(reports, "2022-06") is None


@pytest.mark.parametrize("name", ["ingest.json", "assessment.json", "manifest.json", "facts.json"])
def test_a_report_of_a_later_version_is_passed_over_and_named(reports, name):
    folder = reports / "2022-06"
    if name == "facts.json":  # ids and facts alone: its number stands in the manifest
        (folder / "manifest.json").write_text(json.dumps({"formats": {name: 99}}))
    else:
        content = json.loads((folder / name).read_text()) if (folder / name).exists() else {}
        (folder / name).write_text(json.dumps({**content, "format": 99}))

    comparison = changes_since_previous(reports / ".making-2022-09-x")

    assert (comparison.old_period, comparison.unreadable) == ("2022-03", ("2022-06",))
    with pytest.raises(NewerFormatError, match=f"{name} has format 99"):
        read_results(folder)
    if name == "manifest.json":
        assert _front_entry(reports, "2022-06") is None
