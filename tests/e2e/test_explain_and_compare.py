"""Where a figure comes from, and what changed between two reports, asked on the command line."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from e2e.reading import page_text, section_text

if TYPE_CHECKING:
    from e2e.command import Project

pytestmark = pytest.mark.xdist_group("real")


def test_explain_gives_value_definition_file_checksum_and_rows(
    report_project: Project, real_report_2022_09: Path, real_data: Path
) -> None:
    ended = report_project.run(
        "explain", "fte.splw.ENG.2021-12", "--reports", real_report_2022_09.parent, "--period", "2022-09"
    )
    assert ended.code == 0, ended
    source = next(real_data.rglob("*December 2021*.csv"))
    for said in (
        "fte.splw.ENG.2021-12",
        "1611.97",  # unrounded: 1611.975…
        "1,612",
        "Social Prescribing Link Workers",
        "full-time equivalent",
        source.name,
        hashlib.sha256(source.read_bytes()).hexdigest(),
        "1,794 rows",
    ):
        assert said in ended.said, ended.said


def test_explain_names_the_nearest_fact_for_one_that_is_not_there(
    report_project: Project, real_report_2022_09: Path
) -> None:
    ended = report_project.run(
        "explain", "fte.spwl.ENG.2021-12", "--reports", real_report_2022_09.parent, "--period", "2022-09"
    )
    assert ended.code == 2, ended
    assert "fte.splw.ENG.2021-12" in ended.parts[2]


def test_a_comparison_of_the_same_files_finds_no_revision_but_new_targets(comparison_page: Path) -> None:
    """Both reports were made of the same files, so that no figure of a census they share can have changed."""
    said = (comparison_page.parents[1] / "said.txt").read_text(encoding="utf-8")
    assert said.splitlines()[-1] == comparison_page.as_posix()
    text = " ".join(page_text(comparison_page).split())
    assert "March 2021" in text
    assert "September 2022" in text
    assert "2022 target: care coordinators" in text


def test_the_section_of_the_later_report_says_what_changed(real_report_2022_09: Path) -> None:
    changed = section_text(real_report_2022_09 / "index.html", "What changed since the last report")
    assert "March 2021" in changed
    assert "first report" not in changed
