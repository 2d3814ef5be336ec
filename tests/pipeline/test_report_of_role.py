"""A report about another role has an address of its own, and stands beside the one about link workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.facts.fact import Facts
from analysis.facts.stored import facts_json
from analysis.pipeline.compare import earlier_reports
from analysis.pipeline.lookup import FACTS, all_reports, made_reports, period_and_role, report_folder, report_name
from analysis.pipeline.plan import Request, plan
from analysis.pipeline.titles import title_of
from analysis.registers.roles import load_roles


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Three reports: two about link workers, one about care coordinators; and a folder that is none."""
    for name in ("2022-06", "2022-06-cc", "2022-09", "failed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / FACTS).write_text(facts_json(Facts(), "2022-09", "splw", synthetic=False), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("role", [*load_roles().codes, *load_roles().groups])
def test_the_name_of_a_report_says_its_period_and_role(role):
    assert period_and_role(report_name("2022-09", role)) == ("2022-09", role)


def test_the_report_about_link_workers_has_the_period_for_its_name():
    assert report_name("2022-09") == "2022-09"
    assert report_name("2022-09", "splw_all") == "2022-09-splw_all"
    assert period_and_role("2022-13-cc") is None
    assert period_and_role("failed") is None


def test_reports_are_found_by_role(reports):
    assert all_reports(reports) == ["2022-06", "2022-06-cc", "2022-09"]
    assert made_reports(reports) == ["2022-06", "2022-09"]
    assert made_reports(reports, "cc") == ["2022-06"]
    assert report_folder(reports).name == "2022-09"
    assert report_folder(reports, "2022-06-cc").name == "2022-06-cc"


def test_a_report_is_compared_with_earlier_ones_about_its_role(reports):
    assert [path.name for path in earlier_reports(reports / "failed" / "2022-12", "2022-12", "cc")] == ["2022-06-cc"]
    assert [path.name for path in earlier_reports(reports / "failed" / "2022-12", "2022-12")] == ["2022-09", "2022-06"]


def test_the_title_says_what_the_report_is_about():
    assert title_of("splw") == "Social prescribing link workers in England"
    assert title_of("cc") == "Care coordinators in England"


def test_a_role_that_the_register_lacks_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(UsageError, match="There is no role 'care'"):
        plan(Request(role="care", reports=tmp_path))
