"""The report of September 2022 from the real extracts holds the published figures, each at its id."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("real")

# Published totals for England, all data sources: NHS Digital, Primary Care Network Workforce, bulletin tables 1a and 1b.
# Link workers FTE and headcount, coaches FTE, care coordinators FTE, PCNs reporting, PCNs active. None: no such role yet.
PUBLISHED = [
    ("2020-03", 112.32, 117, None, None, 188, 1252),
    ("2020-06", 431.29, 428, None, None, 497, 1250),
    ("2020-09", 615.70, 613, None, None, 632, 1256),
    ("2020-12", 852.45, 854, 60.04, 132.33, 758, 1253),
    ("2021-03", 1093.33, 1066, 148.01, 498.24, 855, 1253),
    ("2021-06", 1260.77, 1258, 197.56, 682.34, 920, 1254),
    ("2021-09", 1427.49, 1252, 251.85, 888.16, 984, 1255),
    ("2021-12", 1611.98, 1329, 357.02, 1107.74, 1029, 1255),
    ("2022-03", 1740.94, 1386, 438.17, 1418.10, 1060, 1255),
    ("2022-06", 1902.75, 1513, 510.14, 1682.30, 1077, 1261),
    ("2022-09", 2046.99, 1659, 577.76, 1894.50, 1105, 1263),
]
# Growth in FTE to September 2022 from each baseline: link workers and coaches, care coordinators.
GROWTH = {"2021-12": (655.7, 786.8), "2022-03": (445.6, 476.4), "2022-06": (211.9, 212.2)}
# Promised for the national report with all its charts and tables.
MOST_KB = 800


@pytest.fixture(scope="module")
def facts(real_report_2022_09: Path) -> dict[str, dict]:
    return json.loads((real_report_2022_09 / "facts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def assessment(real_report_2022_09: Path) -> dict:
    return json.loads((real_report_2022_09 / "assessment.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda row: row[0])
def test_every_published_total_comes_out(facts: dict[str, dict], published: tuple) -> None:
    """FTE to 0.005, people and networks exactly."""
    census, splw, people, hwbc, cc, reporting, active = published
    for role, fte in (("splw", splw), ("hwbc", hwbc), ("cc", cc)):
        found = facts.get(f"fte.{role}.ENG.{census}")
        if fte is None:
            assert found is None or (found["value"] is None and found["status"] == "not applicable"), found
        else:
            assert found["value"] == pytest.approx(fte, abs=0.005)
    assert facts[f"headcount.splw.ENG.{census}"]["value"] == people
    assert facts[f"pcns_reporting.ENG.{census}"]["value"] == reporting
    assert facts[f"pcns_active.ENG.{census}"]["value"] == active


def test_the_figures_of_the_article_come_out(facts: dict[str, dict]) -> None:
    assert facts["fte.splw.ENG.2021-12"]["value"] == pytest.approx(1611.98, abs=0.005)
    assert facts["fte.cc.ENG.2021-12"]["value"] == pytest.approx(1107.74, abs=0.005)


def test_the_thirteen_reimbursed_roles_come_out(facts: dict[str, dict]) -> None:
    """11,864.6 FTE in 1,089 PCNs: Penfold et al., J Epidemiol Community Health 2023;77 Suppl 1:A42.2."""
    assert facts["fte.arrs13.ENG.2022-09"]["value"] == pytest.approx(11864.6, abs=0.05)
    assert facts["pcns_with_role.arrs13.ENG.2022-09"]["value"] == 1089


def test_every_fact_names_rows_of_inputs_that_the_manifest_lists(real_report_2022_09: Path, facts: dict) -> None:
    manifest = json.loads((real_report_2022_09 / "manifest.json").read_text(encoding="utf-8"))
    listed = set(re.findall(r"\b[0-9a-f]{64}\b", json.dumps(manifest)))
    sources = facts["header"]["sources"]
    numbers = {number for fact in facts.values() if "origin" in fact for number in fact["origin"]["sources"]}
    used = {sources[number]["sha256"] for number in numbers}
    assert used
    assert used <= listed


def test_the_2022_targets_are_not_assessable_and_growth_is_told_from_each_baseline(assessment: dict) -> None:
    for target, which in (("splw-hwbc-2022", 0), ("cc-2022", 1)):
        found = assessment["targets"][target]
        assert found["verdict"].startswith("not assessable")
        verdicts = {reading["verdict"] for reading in found["readings"]}
        assert all(verdict.startswith("not assessable") for verdict in verdicts), verdicts
        assert {reading["baseline"] for reading in found["readings"]} == set(GROWTH)
        grown = {
            reading["baseline"]: reading["so_far"]["value"]
            for reading in found["readings"]
            if (reading["measure"], reading["role"], reading["date"]) == ("fte", found["role"], "after")
        }
        assert grown == {baseline: pytest.approx(changes[which], abs=0.05) for baseline, changes in GROWTH.items()}


def test_the_2019_target_has_six_readings_or_more_and_says_which_choice_turns_it(assessment: dict) -> None:
    readings = assessment["targets"]["splw-2019"]["readings"]
    assert len(readings) >= 6
    for reading in readings:
        assert reading["value"] is not None
        assert reading["verdict"] in {"reached on reported data", "not reached on reported data"}
        assert {"reported", "grossed_pcns", "grossed_patients"} <= reading["bounds"].keys()
    turned = assessment["targets"]["splw-2019"]["turned_by"]
    assert [(turn["axis"], turn["measure"]) for turn in turned] == [("measure", "fte_staff")]
    values = {(reading["measure"], reading["role"]): reading["value"] for reading in readings}
    assert values["fte", "splw"] == pytest.approx(1093.3, abs=0.05)
    assert values["fte_staff", "splw"] == pytest.approx(923.8, abs=0.05)
    assert values["headcount", "splw"] == 1066


def test_the_page_is_small_and_the_run_says_how_small(real_report_2022_09: Path) -> None:
    said = (real_report_2022_09.parents[1] / "said-real-2022-09.txt").read_text(encoding="utf-8")
    size = (real_report_2022_09 / "index.html").stat().st_size
    printed = re.search(r"index\.html \((\d+) KB\)", said)
    assert printed, said
    assert int(printed[1]) == round(size / 1024)
    assert size <= MOST_KB * 1000


def test_validation_passed_and_the_known_anomalies_are_named(real_report_2022_09: Path) -> None:
    validation = json.loads((real_report_2022_09 / "validation.json").read_text(encoding="utf-8"))
    assert validation["passed"] is True
    page = (real_report_2022_09 / "validation.html").read_text(encoding="utf-8")
    assert "0.026666667" in page or "0.0266666" in page or "−0.0267" in page
