"""The notebooks as people run them who use papermill directly: ``papermill notebooks/3_analyse.ipynb out.ipynb -p …``."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from notebooks.clone import papermill

pytestmark = pytest.mark.xdist_group("desk")


def shown(notebook: Path) -> str:
    """All that the outputs of an executed notebook show, as text and as HTML."""
    outputs = [out for cell in nbformat.read(notebook, as_version=4).cells for out in cell.get("outputs", [])]
    return "\n".join(json.dumps(out.get("data", out), ensure_ascii=False) for out in outputs)


def test_the_analysis_runs_alone_for_the_census_that_is_asked_for(of_june):
    facts = json.loads((of_june / "results" / "facts.json").read_text(encoding="utf-8"))
    assert "fte.splw.ENG.2022-06" in facts
    assert [fact_id for fact_id, fact in facts.items() if fact["period"] > "2022-06"] == []
    assert f">{facts['fte.splw.ENG.2022-06']['text']}</data>" in shown(of_june / "out.ipynb").replace('\\"', '"')


@pytest.mark.parametrize("name", ["4_report", "2_validate", "1_ingest"])
def test_the_others_run_alone_after_it_in_any_order(name, desk, of_june):
    output = of_june / f"{name}.ipynb"
    ended = papermill(desk, name, output, "-p", "period", "2022-06", "-p", "results", str(of_june / "results"))
    assert ended.returncode == 0, ended.stderr
    assert "June 2022" in shown(output) or "2022-06" in shown(output)


def test_the_report_without_an_analysis_says_which_command_makes_one(desk, tmp_path):
    ended = papermill(desk, "4_report", tmp_path / "out.ipynb", "-p", "results", str(tmp_path / "nothing"))
    assert ended.returncode == 1
    assert "UsageError: There is no analysis to report on" in ended.stderr
    assert "Run notebooks 1_ingest, 2_validate and 3_analyse first, or `make report` for all of them." in ended.stderr
