"""A small report to make profiles of: three censuses of synthetic extracts, analysed, with the manifest of a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import analysis as an
from analysis.sample import write_sample
from analysis.settings import project_root

PERIOD = "2022-09"


def make_small_report(folder: Path) -> None:
    """Write ``raw``, ``processed`` and ``reports/2022-09`` into ``folder``."""
    write_sample(folder / "raw", first="2022-03", last=PERIOD)
    report = folder / "reports" / PERIOD
    run = an.run(PERIOD, str(folder / "raw"), str(folder / "processed"), str(report))
    run.report()
    manifest = {
        "period": PERIOD,
        "run": run.name,
        "status": "draft",
        "status_reasons": ["It is of a test."],
        "synthetic": True,
        "verdicts": [],
        "warnings": 0,
        "publication_key": "a key",
        "parameters": {"role": "splw"},
        "seconds": {},
        "finished": "2022-12-01T00:00:00+00:00",
    }
    (report / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (report / "index.html").write_text("<p>the report</p>", encoding="utf-8")
    assert (project_root() / "notebooks" / "profile.ipynb").is_file()


@pytest.fixture(scope="session")
def small_report(shared_run: Callable) -> Path:
    """The folder with ``raw``, ``processed`` and ``reports``; to be read only."""
    return shared_run("small-report", make_small_report)
