"""The pages that real runs wrote, by kind."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from e2e.command import Project


@pytest.fixture(scope="session")
def unreadable(report_project: Project, shared_run: Callable) -> Path:
    """The REPORTS of a run on an extract that is cut short: what is kept of the failure."""

    def make(folder: Path) -> None:
        raw = folder / "raw"
        raw.mkdir()
        (raw / "<b>cut & short.csv").write_text("Data_source,CENSUS_YEAR\nNWRS Staff,2022\n", encoding="utf-8")
        ended = report_project.run("report", "--period", "2022-09", "--raw", raw, "--reports", folder / "reports")
        if ended.code != 3:
            raise RuntimeError(f"exit code {ended.code}\n{ended.complained}")

    return shared_run("unreadable", make) / "reports"


@pytest.fixture(scope="session")
def comparison_page(
    report_project: Project, real_report_2021_03: Path, real_report_2022_09: Path, shared_run: Callable
) -> Path:
    """The page of a comparison of March 2021 and September 2022, made beside copies of their reports."""

    def make(folder: Path) -> None:
        for report in (real_report_2021_03, real_report_2022_09):
            shutil.copytree(report, folder / "reports" / report.name)
        ended = report_project.run("compare", "2021-03", "2022-09", "--reports", folder / "reports")
        if ended.code:
            raise RuntimeError(f"exit code {ended.code}\n{ended.complained}")
        (folder / "said.txt").write_text(ended.said, encoding="utf-8")

    return shared_run("comparison", make) / "reports" / "comparison-2021-03-2022-09.html"


@pytest.fixture(scope="session")
def report_pages(
    real_report_2022_09: Path,
    real_report_2022_12: Path,
    sample_report: Path,
    unreadable: Path,
    comparison_page: Path,
) -> dict[str, Path]:
    """Each page by the name that the tests call it."""
    return {
        "real": real_report_2022_09 / "index.html",
        "national": real_report_2022_12 / "index.html",
        "sample": sample_report / "index.html",
        "summary": real_report_2022_09 / "summary.html",
        "origins": real_report_2022_09 / "origins.html",
        "validation": real_report_2022_09 / "validation.html",
        "front": real_report_2022_12.parent / "index.html",
        "failure": unreadable / "failed" / "2022-09" / "failure.html",
        "comparison": comparison_page,
    }
