"""An extract that cannot be right stops the run before anything is analysed, and what was found is kept to be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from e2e.command import Ended, Project

pytestmark = pytest.mark.xdist_group("refusals")

WRONG_FTE = "40.000000000"


@pytest.fixture(scope="module")
def stopped(report_project: Project, tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> tuple[Ended, Path]:
    """A run on March 2020 with one person of forty full-time equivalents: how it ended, and its REPORTS."""
    folder = tmp_path_factory.mktemp("gate")
    raw = folder / "raw"
    raw.mkdir()
    source = next(real_data.rglob("*March 2020*.csv"))
    lines = source.read_text(encoding="cp1252").splitlines()
    row = next(number for number, line in enumerate(lines) if line.startswith("NWRS Staff"))
    before, _, identifier = lines[row].rsplit(",", 2)
    lines[row] = f"{before},{WRONG_FTE},{identifier}"
    (raw / "march.csv").write_text("\r\n".join(lines) + "\r\n", encoding="cp1252")
    return report_project.run("report", "--raw", raw, "--reports", folder / "reports"), folder / "reports"


def test_it_ends_with_code_4_and_says_what_is_wrong(stopped: tuple[Ended, Path]) -> None:
    ended, _ = stopped
    assert ended.code == 4, ended
    what, why, fix = ended.parts
    assert "FTE" in what
    assert len(why.split()) > 3
    assert "failure.html" in fix
    assert "Traceback" not in ended.complained


def test_the_failure_and_the_validation_are_kept(stopped: tuple[Ended, Path]) -> None:
    _, reports = stopped
    kept = reports / "failed" / "2020-03"
    assert "2_validate" in (kept / "failure.html").read_text(encoding="utf-8")
    validation = (kept / "validation.html").read_text(encoding="utf-8")
    assert "40" in validation
    assert "march.csv" in validation


def test_nothing_was_analysed_and_no_report_was_made(stopped: tuple[Ended, Path]) -> None:
    _, reports = stopped
    names = {path.name for path in reports.rglob("*")}
    assert names.isdisjoint({"facts.json", "assessment.json", "tables", "measures", "3_analyse.ipynb", "manifest.json"})
    assert [path.name for path in reports.iterdir()] == ["failed"]
