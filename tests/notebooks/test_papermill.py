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


def test_the_analysis_runs_alone_for_the_census_that_is_asked_for(desk, of_june):
    (folder,) = (desk.root / "data" / "processed" / "runs").glob("2022-06-*")
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    assert "fte.splw.ENG.2022-06" in facts
    assert [fact_id for fact_id, fact in facts.items() if fact["period"] > "2022-06"] == []
    assert f">{facts['fte.splw.ENG.2022-06']['text']}</data>" in shown(of_june / "out.ipynb").replace('\\"', '"')


@pytest.mark.parametrize("name", ["4_report", "2_validate", "1_ingest"])
def test_the_others_run_alone_after_it_in_any_order(name, desk, of_june):
    output = of_june / f"{name}.ipynb"
    ended = papermill(desk, name, output, "-p", "period", "2022-06")
    assert ended.returncode == 0, ended.stderr
    assert "June 2022" in shown(output) or "2022-06" in shown(output)


def test_the_report_runs_alone_for_the_census_and_the_folder_that_are_asked_for(desk, of_june, tmp_path):
    """No other notebook has run on these extracts: two of the sample, in a folder of their own."""
    raw = tmp_path / "my-extracts"
    raw.mkdir()
    for month in ("March 2022", "June 2022"):
        (extract,) = (desk.root / "data" / "processed" / "sample").glob(f"*{month} Individual Level.csv")
        (raw / extract.name).write_bytes(extract.read_bytes())
    output = tmp_path / "out.ipynb"
    ended = papermill(desk, "4_report", output, "-p", "period", "2022-03", "-p", "raw", str(raw))
    assert ended.returncode == 0, ended.stderr
    first = next(cell for cell in nbformat.read(output, as_version=4).cells if cell.get("outputs"))
    told = first.outputs[0].data["text/html"]
    assert "March 2022. Inputs: 1 workforce." in told.replace(", files", ". files")
    assert f"Extracts from {raw}." in told
    assert "SYNTHETIC" in told
    assert "June 2022" not in shown(output)


def test_a_folder_that_is_not_there_is_refused_in_three_lines(desk, tmp_path):
    output = tmp_path / "out.ipynb"
    ended = papermill(desk, "4_report", output, "-p", "period", "2022-06", "-p", "raw", "/no/such/place")
    assert ended.returncode == 1
    (error,) = [
        out
        for cell in nbformat.read(output, as_version=4).cells
        for out in cell.get("outputs", [])
        if out.output_type == "error"
    ]
    assert error.ename == "ExtractError"
    lines = "\n".join(error.traceback).splitlines()
    assert len(lines) == 3
    assert lines[0].endswith("RAW is '/no/such/place', which does not exist.")
