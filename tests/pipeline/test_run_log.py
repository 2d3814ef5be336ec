"""Each run has a log, one JSON line an event, beside its manifest or what is kept of its failure."""

from __future__ import annotations

import datetime as dt
import errno
import json
import logging
import os
from pathlib import Path

import pytest

from analysis.errors import NotebookError
from analysis.pipeline.make_report import make_report
from analysis.pipeline.plan import Request
from analysis.pipeline.run_log import NAME, RunLog

PERIOD = "2022-09"


def events(folder: Path) -> list[dict]:
    """The lines of a log, each of which must be JSON."""
    return [json.loads(line) for line in (folder / NAME).read_text(encoding="utf-8").splitlines()]


def test_a_log_tells_each_step_with_its_time_and_memory(project, publish):
    made = make_report(Request(period=PERIOD), publish=publish)

    logged = events(made.folder)
    assert [event["event"] for event in logged] == [
        "run started",
        "step started",
        "step ended",
        "extracts chosen",
        "step started",
        "step ended",
        "report made",
    ]
    assert [event["step"] for event in logged if event["event"] == "step ended"] == ["1_ingest", "publish"]
    times = [dt.datetime.fromisoformat(event["time"]) for event in logged]
    assert times == sorted(times)
    assert all(event["memory_mb"] > 1 for event in logged)
    assert logged[2]["seconds"] > 0
    assert logged[2]["notebook_peak_mb"] > 1


def test_a_log_tells_what_was_decided_of_each_extract_and_check(tmp_path):
    log = RunLog(tmp_path)
    used = {
        "file": "a.csv",
        "kind": "workforce",
        "rows": 7,
        "first_census": PERIOD,
        "last_census": PERIOD,
        "sha256": "ab",
    }
    log.inputs({"period": PERIOD, "inputs": [used], "left_out": [{"file": "b.pdf", "reason": "it is a PDF document"}]})
    checks = [{"id": "x", "outcome": "failed", "severity": "critical"}, {"id": "y", "outcome": "passed"}]
    log.validation({"passed": False, "checks": checks})
    log.close()

    first, second, chosen, check, gate = events(tmp_path)
    assert (first["event"], first["file"], first["rows"]) == ("extract used", "a.csv", 7)
    assert (second["event"], second["decision"]) == ("file left out", "it is a PDF document")
    assert (chosen["used"], chosen["left_out"]) == (1, 1)
    assert (check["check"], check["severity"]) == ("x", "critical")
    assert (gate["failed"], gate["decision"]) == (1, "stop")


def test_thousands_of_files_do_not_fill_the_log(tmp_path):
    log = RunLog(tmp_path)
    log.inputs({"left_out": [{"file": str(n), "reason": "no"} for n in range(5000)]})
    log.close()

    assert len(events(tmp_path)) < 300
    assert events(tmp_path)[-1]["left_out"] == 5000


def test_a_failed_run_keeps_its_log(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_fails.ipynb", "1 / 0")

    with pytest.raises(NotebookError):
        make_report(Request(period=PERIOD), publish=publish)

    last = events(project / "reports/failed" / PERIOD)[-1]
    assert (last["event"], last["step"], last["cell"], last["exit_code"]) == ("run failed", "2_fails.ipynb", 2, 5)
    assert "ZeroDivisionError" in last["what"]


def test_a_warning_of_a_library_is_logged_without_places_of_this_machine(tmp_path):
    log = RunLog(tmp_path)
    logging.getLogger("some_library.x").warning("odd: %s", "/home/ann/secret/file.py")
    logging.getLogger("some_library.x").info("nothing")
    log.close()
    logging.getLogger("some_library.x").warning("after the end")

    (logged,) = events(tmp_path)
    assert (logged["library"], logged["message"]) == ("some_library.x", "odd: …/file.py")


def test_the_log_names_no_folder_of_this_machine(project, publish, tmp_path):
    (tmp_path / "far away").mkdir()
    (tmp_path / "far away/extract.csv").write_text("a\n")

    made = make_report(Request(period=PERIOD, raw=tmp_path / "far away"), publish=publish)

    assert str(tmp_path) not in (made.folder / NAME).read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_an_event_for_which_there_is_no_room_is_an_error_and_closing_is_none(tmp_path):
    """Else logging would print a traceback, and the error would come up when the file is closed."""
    (tmp_path / NAME).symlink_to("/dev/full")
    log = RunLog(tmp_path)

    with pytest.raises(OSError, match="No space left"):
        log.event("run started")
    log.close()


def test_a_run_that_finds_no_room_for_its_log_is_told_and_leaves_nothing(project, publish, monkeypatch, capsys):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(RunLog, "event", full)
    with pytest.raises(NotebookError, match="no space left"):
        make_report(Request(period="2022-09"), publish=publish)
    assert list((project / "reports").iterdir()) == []
    assert capsys.readouterr().err == ""
