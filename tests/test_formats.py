"""Each JSON file has a version number; earlier versions are read, and a later one is told in three parts."""

from __future__ import annotations

import json

import pytest

from analysis import formats
from analysis.formats import FIELD, FORMATS, NewerFormatError, to_current, with_format
from analysis.pipeline.json_files import read_json


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_written_is_read_again(kind):
    assert to_current(kind, with_format(kind, {"a": 1, "targets": {}})) == {"a": 1, "targets": {}}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_of_a_later_version_is_told_with_what_to_do(kind):
    with pytest.raises(NewerFormatError, match=f"{kind} has format {FORMATS[kind] + 1}, and this version") as caught:
        to_current(kind, {FIELD: FORMATS[kind] + 1})
    assert "git pull" in caught.value.fix


@pytest.mark.parametrize("number", ["1", 1.0, True, None, -1, [1]])
def test_what_is_no_version_number_is_not_taken_for_one(number):
    with pytest.raises(ValueError, match="no version number"):
        to_current("manifest.json", {FIELD: number})


def test_an_assessment_from_before_there_were_numbers_is_brought_to_the_present_form():
    old = {"period": "2022-06", "targets": {"a": {"name": "A"}, "b": {"name": "B", "parts": {"b-2": {}}}}}

    assert to_current("assessment.json", old)["targets"] == {
        "a": {"name": "A", "parts": {}},
        "b": {"name": "B", "parts": {"b-2": {}}},
    }


def test_an_assessment_of_the_first_format_gets_the_one_verdict_of_its_line():
    part = {"verdict": "not assessable", "in_short": "not assessable: the date is not covered by the data"}
    target = {"verdict": "not reached", "in_short": "depends on the baseline: from …", "parts": {"b": part}}

    found = to_current("assessment.json", {FIELD: 1, "targets": {"a": target}})["targets"]["a"]

    assert (found["verdict"], found["main_reading_verdict"]) == ("depends on the baseline", "not reached")
    assert found["parts"]["b"]["verdict"] == found["parts"]["b"]["main_reading_verdict"] == "not assessable"


def test_each_version_is_brought_to_the_next_until_it_is_the_present_one(monkeypatch):
    monkeypatch.setattr(formats, "FORMATS", {"ingest.json": 3})
    steps = {
        ("ingest.json", 1): lambda content: {"b": content["a"]},
        ("ingest.json", 2): lambda content: {"c": content["b"]},
    }
    monkeypatch.setattr(formats, "_UPGRADES", steps)

    assert to_current("ingest.json", {FIELD: 1, "a": 7}) == {"c": 7}
    assert to_current("ingest.json", {FIELD: 2, "b": 7}) == {"c": 7}


def test_json_that_is_none_of_the_projects_own_needs_no_number(tmp_path):
    (tmp_path / "other.json").write_text(json.dumps({FIELD: 99}))

    assert read_json(tmp_path / "other.json") == {FIELD: 99}
