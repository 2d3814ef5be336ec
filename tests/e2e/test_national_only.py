"""December 2022, of which RAW holds the bulletin tables alone: national figures and verdicts, and no areas."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from e2e.reading import page_text, section_text

pytestmark = pytest.mark.xdist_group("real")

# Bulletin tables, December 2022: link workers FTE and headcount, coaches FTE, care coordinators FTE, reporting, active.
FTE = {"splw": 2344.77, "hwbc": 736.31, "cc": 2447.71}
# Growth to December 2022 in FTE from each baseline, and whether that is the thousand.
LINK_WORKERS_AND_COACHES = {"2021-12": (1112.1, True), "2022-03": (902.0, False), "2022-06": (668.2, False)}
CARE_COORDINATORS = {"2021-12": (1340.0, True), "2022-03": (1029.6, True), "2022-06": (765.4, False)}
VERDICTS = {True: "reached on reported data", False: "not reached on reported data"}


@pytest.fixture(scope="module")
def facts(real_report_2022_12: Path) -> dict[str, dict]:
    return json.loads((real_report_2022_12 / "facts.json").read_text(encoding="utf-8"))


def test_the_national_figures_are_there(facts: dict[str, dict]) -> None:
    for role, fte in FTE.items():
        assert facts[f"fte.{role}.ENG.2022-12"]["value"] == pytest.approx(fte, abs=0.005)
    assert facts["headcount.splw.ENG.2022-12"]["value"] == 1912
    assert facts["pcns_reporting.ENG.2022-12"]["value"] == 1170
    assert facts["pcns_active.ENG.2022-12"]["value"] == 1263


@pytest.mark.parametrize(
    ("target", "growth"), [("splw-hwbc-2022", LINK_WORKERS_AND_COACHES), ("cc-2022", CARE_COORDINATORS)]
)
def test_each_baseline_has_its_growth_and_its_verdict(real_report_2022_12: Path, target: str, growth: dict) -> None:
    """Read at the first census that covers November, in FTE of all rows."""
    assessment = json.loads((real_report_2022_12 / "assessment.json").read_text(encoding="utf-8"))
    readings = {
        reading["baseline"]: (reading["value"], reading["verdict"])
        for reading in assessment["targets"][target]["readings"]
        if (reading["measure"], reading["date"]) == ("fte", "after") and reading["role"] in {"splw_hwbc", "cc"}
    }
    assert readings == {
        baseline: (pytest.approx(change, abs=0.05), VERDICTS[reached]) for baseline, (change, reached) in growth.items()
    }


def test_the_page_says_that_areas_are_not_available(real_report_2022_12: Path) -> None:
    text = " ".join(page_text(real_report_2022_12 / "index.html").split())
    assert "from the bulletin tables: areas need an individual-level extract" in text
    assert "1,000 more care coordinators: depends on the baseline : reached only from" in text
    assert "Not assessable: the data hold no such figure." in text


def test_the_front_page_gives_no_flat_verdict_where_the_baseline_decides(real_report_2022_12: Path) -> None:
    front = " ".join(page_text(real_report_2022_12.parent / "index.html").split())
    assert "depend on the baseline" in front


def test_nothing_is_called_revised_where_no_extract_changed(real_report_2022_12: Path) -> None:
    """The readings of September's report came to be assessable; no figure of an earlier census is another one."""
    assert not (real_report_2022_12 / "tables" / "changes-revised.csv").exists()
    counts = pd.read_csv(real_report_2022_12 / "tables" / "changes-summary.csv").set_index("kind_of_change")["number"]
    assert counts["figures of the same census revised"] == 0
    assert counts["readings of targets with another verdict"] == 51


def test_what_is_said_of_the_census_is_true_without_its_extract(real_report_2022_12: Path) -> None:
    text = " ".join(page_text(real_report_2022_12 / "index.html").split())
    assert "No network began to report" not in text
    assert "Every role in the extract" not in text
    assert re.search("For censuses up to September 2022 ?, we worked out", text)
    validation = " ".join(page_text(real_report_2022_12 / "validation.html").split())
    assert "There is no individual-level extract of December 2022 to hold against the published figures." in validation


def test_no_area_has_a_figure_of_that_census(real_report_2022_12: Path, facts: dict[str, dict]) -> None:
    """Neither as a fact nor in a table, and above all not a zero."""
    areas = [
        fact_id
        for fact_id, fact in facts.items()
        if fact_id.endswith(".2022-12")
        and ".ENG." not in fact_id
        and fact["value"] is not None
        and fact_id.count(".") == 3
        and fact_id.startswith(("fte.", "headcount.", "pcns_"))
    ]
    assert areas == []
    totals = pd.read_parquet(real_report_2022_12 / "measures" / "totals.parquet")
    there = totals[(totals["census"] == "2022-12") & (totals["level"] != "england")]
    assert there["fte"].isna().all()


def test_it_says_what_changed_since_the_report_before_it(real_report_2022_12: Path) -> None:
    """REPORTS holds the report of September 2022: its verdict on the 2022 targets was another."""
    changed = section_text(real_report_2022_12 / "index.html", "What changed since the last report")
    assert "September 2022" in changed
    assert "not assessable" in changed
    assert "not reached on reported data" in changed
