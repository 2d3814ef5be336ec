"""The pages that a run writes: report, validation, failure, front and comparison, each fit for its own checks."""

from __future__ import annotations

import json

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.errors import GateError, NotebookError, PageError, UsageError
from analysis.facts.fact import Fact, Facts, Origin, Status
from analysis.facts.stored import facts_json
from analysis.pipeline import make_downloads, publication
from analysis.pipeline.compare import changes_since_previous, compare_folders
from analysis.pipeline.failure import Failure
from analysis.pipeline.pages_beside import write_failure, write_front
from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.publication import publish
from analysis.publish.checks import check_page

CODE = CodeVersion("0.1.0", "c0ffee" * 6 + "c0ff", ())
CHECK = {
    "id": "fte-staff",
    "subject": "FTE of staff",
    "severity": "warning",
    "expectation": "FTE lies above nought.",
    "why": "Nobody works negative hours.",
    "outcome": "failed",
    "found": "One row is negative.",
    "unexpected": [{"file": "a.csv", "row": 5, "column": "FTE", "value": "-0.02", "census": "2022-09"}],
    "unexpected_count": 1,
    "explanation": "",
}


@pytest.fixture(autouse=True)
def no_tables(monkeypatch):
    """The tables come from a whole analysis, which these small results are not; tests of real reports have them."""
    monkeypatch.setattr(make_downloads.Downloads, "__init__", lambda *_: None)
    monkeypatch.setattr(make_downloads.Downloads, "write", lambda *_: None)
    monkeypatch.setattr(publication, "write_dictionary", lambda *_, **__: None)


def results(folder, period="2022-09", *, synthetic=False, fte=2046.99, prose="<p>There are "):
    """Write a whole results folder with one fact, and an executed notebook that shows it."""
    fact_id = "fte.splw.ENG.2022-09"
    fact = Fact(fact_id, fte, "FTE", "2022-09", f"{fte:,.0f}", Status.REPORTED, Origin("FTE of link workers", "sum"))
    reading = {"measure": "fte", "role": "splw", "baseline": None, "date": "after", "main": True}
    target = {
        "name": "Target of link workers",
        "verdict": "reached on reported data",
        "in_short": "reached on reported data, but not reached when people are counted",
        "readings": [{**reading, "verdict": "reached on reported data", "value": fte, "note": ""}],
    }
    written = {
        "ingest.json": {"period": period, "synthetic": synthetic, "inputs": [], "warnings": []},
        "validation.json": {"period": period, "passed": True, "checks": [CHECK]},
        "assessment.json": {"period": period, "targets": {"splw-2019": target}},
    }
    (folder / "measures").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    for name, content in written.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "facts.json").write_text(facts_json(Facts([fact]), "2022-09", "splw", synthetic=False), encoding="utf-8")
    pd.DataFrame(
        [("england", "ENG", "England", "2022-09", "splw", fte), ("pcn", "U00001", "North", "2022-09", "splw", fte)],
        columns=["level", "area_code", "area_name", "census", "role", "fte"],
    ).to_parquet(folder / "measures/totals.parquet")
    shown = nbformat.v4.new_code_cell("n", metadata={"tags": ["report"]})
    shown["outputs"] = [nbformat.v4.new_output("display_data", {"text/html": f"{prose}{fact.__html__()} FTE.</p>"})]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## Link workers"), shown])
    nbformat.write(notebook, folder / "notebooks/4_report.ipynb")
    return [folder / "notebooks/4_report.ipynb"]


def test_the_report_and_its_validation_are_written_and_summed_up(tmp_path):
    published = publish(tmp_path / "r", results(tmp_path / "r"), CODE)

    assert check_page((tmp_path / "r/index.html").read_text(), kind="report") == []
    assert check_page((tmp_path / "r/validation.html").read_text(), kind="validation") == []
    origins = (tmp_path / "r/origins.html").read_text()
    assert check_page(origins, kind="origins") == []
    assert check_page((tmp_path / "r/summary.html").read_text(), kind="summary") == []
    assert "FTE." in (tmp_path / "r/summary.md").read_text()
    assert 'id="origin-fte.splw.ENG.2022-09"' in origins
    assert published.status.kind == "final"
    assert published.verdicts == (
        ("Target of link workers", "reached on reported data, but not reached when people are counted"),
    )
    assert published.warnings == 1


def test_a_synthetic_report_is_a_draft_and_says_so_in_its_title(tmp_path):
    published = publish(tmp_path / "r", results(tmp_path / "r", synthetic=True), CODE)

    assert published.status.kind == "draft"
    title = (tmp_path / "r/index.html").read_text().split("<title>")[1].split("</title>")[0]
    assert "SYNTHETIC" in title.upper()


def test_the_same_results_in_two_folders_give_the_same_pages(tmp_path):
    pages = []
    for name in ("one", "another/place"):
        publish(tmp_path / name, results(tmp_path / name), CODE)
        pages.append(
            [
                (tmp_path / name / page).read_bytes()
                for page in ("index.html", "summary.html", "summary.md", "origins.html", "validation.html")
            ]
        )

    assert pages[0] == pages[1]


def test_a_number_typed_into_the_prose_makes_a_draft_that_names_it(tmp_path):
    """It stopped the report before: but a finding of style is no reason to publish nothing on the day."""
    published = publish(tmp_path / "r", results(tmp_path / "r", prose="<p>Of 1,234 posts, "), CODE)

    assert published.status.kind == "draft"
    assert any("'1,234'" in reason for reason in published.status.reasons)
    assert len(published.status.page_findings) == 1
    page = (tmp_path / "r/index.html").read_text()
    assert "DRAFT" in page
    banner = BeautifulSoup(page, "html.parser").select_one(".banner.draft").get_text()
    assert "1,234" in banner
    # The banner quotes the number, and is no finding itself.
    assert [fault.rule for fault in check_page(page)] == ["prose numbers"]


def test_of_many_findings_the_banner_names_a_few_and_the_standing_all(tmp_path):
    prose = "<p>" + ", ".join(f"{number} posts" for number in range(20, 31)) + ", "
    published = publish(tmp_path / "r", results(tmp_path / "r", prose=prose), CODE)

    assert len(published.status.page_findings) == 11
    assert "and 8 more, which the manifest lists" in published.status.reasons[0]


def test_a_drawing_without_an_alternative_stops_the_report(tmp_path):
    prose = '<img src="data:image/png;base64,AA=="><p>There are '
    with pytest.raises(PageError, match="text alternative"):
        publish(tmp_path / "r", results(tmp_path / "r", prose=prose), CODE)

    assert not (tmp_path / "r/index.html").exists()
    assert "base64" in (tmp_path / "r/refused.html").read_text()


@pytest.mark.parametrize("name", ["validation.json", "facts.json", "assessment.json"])
def test_a_result_that_the_notebooks_left_out_is_named(tmp_path, name):
    sections = results(tmp_path / "r")
    (tmp_path / "r" / name).unlink()

    with pytest.raises(NotebookError, match=f"without writing {name}"):
        publish(tmp_path / "r", sections, CODE)


def test_the_failure_page_comes_with_the_validation_that_stopped_the_run(tmp_path):
    results(tmp_path / "r")
    failure = Failure(
        "2022-09", "2_validate.ipynb", 4, "x.gate()", {"period": "2022-09"}, "validation", "Wrong.", "So.", "Fix."
    )

    write_failure(tmp_path / "r", failure)

    assert check_page((tmp_path / "r/failure.html").read_text(), kind="failure") == []
    assert check_page((tmp_path / "r/validation.html").read_text(), kind="validation") == []
    assert "2_validate.ipynb" in (tmp_path / "r/failure.html").read_text()


def test_the_front_page_lists_reports_newest_first_and_passes_over_what_is_none(tmp_path):
    for period in ("2022-06", "2022-09"):
        results(tmp_path / period, period)
        manifest = {"period": period, "status": "draft", "synthetic": False, "verdicts": [["T", "reached"]]}
        (tmp_path / period / "manifest.json").write_text(
            json.dumps({**manifest, "finished": "2022-10-27T09:30:00+00:00"})
        )
    (tmp_path / "notes").mkdir()

    write_front(tmp_path)

    page = (tmp_path / "index.html").read_text()
    assert check_page(page, kind="front") == []
    assert page.index("2022-09/index.html") < page.index("2022-06/index.html")
    assert "notes" not in page
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("damage", ['{"trunc', '{"period": "2022-06"}', "[]"])
def test_a_damaged_report_is_named_on_the_front_page_and_stops_no_other(tmp_path, damage):
    for period in ("2022-06", "2022-09"):
        results(tmp_path / period, period)
    manifest = {"status": "draft", "synthetic": False, "verdicts": [], "finished": "2022-10-27T09:30:00+00:00"}
    (tmp_path / "2022-09/manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "2022-06/manifest.json").write_text(damage)

    write_front(tmp_path)

    page = (tmp_path / "index.html").read_text()
    assert check_page(page, kind="front") == []
    assert "2022-09/index.html" in page
    assert "Not listed, since what says how they were made is missing or damaged: 2022-06." in page


def test_a_damaged_earlier_report_is_passed_over(tmp_path):
    results(tmp_path / "2022-03", "2022-03")
    results(tmp_path / "2022-06", "2022-06")
    (tmp_path / "2022-06/facts.json").write_text('{"trunc')
    results(tmp_path / ".making-2022-09-ab", "2022-09")

    assert changes_since_previous(tmp_path / ".making-2022-09-ab").old_period == "2022-03"


def test_a_report_is_not_compared_with_itself(tmp_path):
    results(tmp_path / "2022-09")

    with pytest.raises(UsageError, match="compared with itself"):
        compare_folders(tmp_path / "2022-09", tmp_path / "2022-09", tmp_path)


def test_results_that_did_not_pass_the_gate_are_not_published(tmp_path):
    sections = results(tmp_path / "r")
    (tmp_path / "r/validation.json").write_text(json.dumps({"period": "2022-09", "passed": False, "checks": []}))

    with pytest.raises(GateError):
        publish(tmp_path / "r", sections, CODE)


def test_a_chart_shown_twice_is_named_once(tmp_path):
    sections = results(tmp_path / "r", prose='<figure id="figure-coverage"></figure>' * 2 + "<p>There are ")

    with pytest.raises(PageError, match="show the chart coverage twice"):
        publish(tmp_path / "r", sections, CODE)


def test_a_comparison_page_is_written_beside_the_reports(tmp_path):
    results(tmp_path / "2022-09", fte=2046.99)
    results(tmp_path / "mine", "2022-09", fte=2050.0)

    page, summary = compare_folders(tmp_path / "2022-09", tmp_path / "mine", tmp_path)

    assert check_page(page.read_text(), kind="comparison") == []
    assert "fte.splw.ENG.2022-09" in page.read_text()
    assert any("1 figures of the same census revised" in line for line in summary)


def test_a_run_is_compared_with_the_latest_earlier_report_of_the_same_kind(tmp_path):
    results(tmp_path / "2022-03", "2022-03")
    results(tmp_path / "2022-06", "2022-06", synthetic=True)
    results(tmp_path / "2022-12", "2022-12")
    results(tmp_path / ".making-2022-09-ab", "2022-09", fte=1.0)

    comparison = changes_since_previous(tmp_path / ".making-2022-09-ab")

    assert comparison.old_period == "2022-03"
    assert len(comparison.revised) == 1


def test_the_first_run_has_nothing_to_be_compared_with(tmp_path):
    results(tmp_path / ".making-2022-09-ab")

    assert changes_since_previous(tmp_path / ".making-2022-09-ab").is_first
