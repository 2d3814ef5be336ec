"""An extract as it may look years ahead goes through without a change of code, and what is new in it is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from e2e.reading import page_text

from analysis.sample import write_future_extract
from analysis.sample.future import CENSUS, NEW_ROLES

if TYPE_CHECKING:
    from e2e.command import Project

pytestmark = pytest.mark.xdist_group("again")


@pytest.fixture(scope="module")
def future_report(report_project: Project, shared_run: Callable) -> Path:
    """The report of June 2026 from one extract of that census and nothing else."""

    def make(folder: Path) -> None:
        write_future_extract(folder / "raw" / "PCNWFIndividual.csv")
        report_project.report("--raw", folder / "raw", "--reports", folder / "reports")

    return shared_run("future", make) / "reports" / CENSUS


def test_the_extract_is_as_unlike_the_old_ones_as_was_foreseen(tmp_path: Path) -> None:
    """UTF-8 with BOM, no text NULL, five staff groups, the mental health role."""
    content = write_future_extract(tmp_path / "june.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert "NULL" not in text
    assert "Social Prescribing Link Workers (Mental Health Practitioners)" in text
    for group in ("Directors", "Other Direct Patient Care staff", "Other GPs", "Other Nurses"):
        assert group in text


def test_it_is_named_by_the_census_inside_the_file(future_report: Path) -> None:
    assert (future_report / "index.html").is_file()


def test_every_unknown_role_is_named_in_the_report(future_report: Path) -> None:
    text = page_text(future_report / "index.html")
    for role in NEW_ROLES:
        assert role in text


def test_link_workers_with_and_without_the_mental_health_variant_are_kept_apart(future_report: Path) -> None:
    facts = json.loads((future_report / "facts.json").read_text(encoding="utf-8"))
    splw, variant, both = (facts[f"fte.{role}.ENG.{CENSUS}"]["value"] for role in ("splw", "splw_mh", "splw_all"))
    assert splw > 0
    assert variant > 0
    assert both == pytest.approx(splw + variant, abs=1e-9)


def test_there_are_as_many_boards_as_after_the_merger(future_report: Path) -> None:
    places = pd.read_parquet(future_report / "measures/places.parquet")
    assert places.loc[places["level"] == "icb", "area_code"].nunique() == 36


def test_a_target_whose_date_no_extract_covers_is_not_assessed(future_report: Path) -> None:
    """One census of 2026 says nothing of March 2021 or November 2022."""
    targets = json.loads((future_report / "assessment.json").read_text(encoding="utf-8"))["targets"]
    assert targets
    assert {target["verdict"].split(":")[0] for target in targets.values()} == {"not assessable"}
