"""Runs that are killed, or that get in each other's way, never cost a report that was there."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest
from e2e.command import PATIENCE_SECONDS, Project, contents, copy_project

pytestmark = pytest.mark.xdist_group("again")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Project:
    """A copy of the project with the first extract of the series in its data/raw: the quickest real report."""
    project = copy_project(tmp_path_factory.mktemp("interrupted"))
    source = next(real_data.rglob("*March 2020*.csv"))
    (project.root / "data" / "raw" / source.name).write_bytes(source.read_bytes())
    return project


def killed_in_the_middle(project: Project) -> None:
    """Start a report, and kill it with its kernels when validation is through and the analysis has begun."""
    reports = project.root / "reports"
    run = project.start("report", "--fresh")
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not list(reports.glob(".making-*/validation.json")):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < give_up
        time.sleep(0.05)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    with contextlib.suppress(ProcessLookupError):  # lost power takes the kernels too; here they might live on a moment
        os.killpg(run.pid, signal.SIGKILL)


def test_a_killed_run_leaves_the_last_report_and_two_at_once_make_one_more(project: Project) -> None:
    """In one test, as each step needs the one before: a good report, a killed run, then two runs at the same time."""
    reports = project.root / "reports"
    project.report("--period", "2020-03")
    good = contents(reports)
    assert {"2020-03/index.html", "2020-03/facts.json", "index.html"} <= good.keys()

    killed_in_the_middle(project)
    left = contents(reports)
    assert {name: left.get(name) for name in good} == good
    assert [path.name for path in reports.glob(".making-*")], "the run was killed before it had begun"

    runs = [project.start("report", "--period", "2020-03", "--fresh") for _ in range(2)]
    said = [run.communicate(timeout=PATIENCE_SECONDS) for run in runs]
    codes = [run.returncode for run in runs]
    assert sorted(codes) == [0, 2], said
    assert "is being made by another run" in said[codes.index(2)][1]
    assert "Traceback" not in said[codes.index(2)][1]

    now = contents(reports)
    assert not list(reports.glob(".*")), "leftovers of the killed run"
    assert now.keys() == good.keys()
    assert [name for name in good if now[name] != good[name]] == [
        f"2020-03/{name}" for name in ("SHA256SUMS", "log.jsonl", "manifest.json")
    ]
