"""A run has an identity: what its figures depend on names its folder, and figures of two runs are never mixed."""

from __future__ import annotations

import html
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import analysis as an
from analysis.api import Run
from analysis.errors import ExtractError, UsageError
from analysis.extracts import LeftOut
from analysis.pipeline.working_folder import make_working_folder
from analysis.runs import identity
from analysis.runs.folder import KEPT_OF_A_CENSUS, RunFolder
from analysis.runs.identity import run_name
from analysis.sample import write_sample
from analysis.settings import LAB_VARIABLES

pytestmark = pytest.mark.xdist_group("runs")


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    """A folder with synthetic extracts of December 2020 and March 2021 in ``raw``, and of March 2021 alone in ``one``."""
    folder = tmp_path_factory.mktemp("runs")
    write_sample(folder / "raw", first="2020-12", last="2021-03")
    (folder / "one").mkdir()
    (extract,) = (folder / "raw").glob("*March 2021 Individual Level.csv")
    shutil.copy(extract, folder / "one")
    return folder


def run_of(world: Path, period: str = "", raw: str = "raw", results: str = "") -> Run:
    return an.run(period, str(world / raw), str(world / "processed"), results)


@pytest.fixture(scope="module")
def reported(world) -> Run:
    """The run of March 2021, reported."""
    run = run_of(world, "2021-03")
    run.report()
    return run


def test_the_same_extracts_are_the_same_run_wherever_they_lie(world, reported, tmp_path):
    shutil.copytree(world / "raw", tmp_path / "elsewhere")
    again = an.run("", str(tmp_path / "elsewhere"), str(world / "processed"))
    assert (again.name, again.folder.path) == (reported.name, reported.folder.path)
    assert again.folder.path.name == again.name


def test_other_extracts_are_another_run(world, reported):
    """They used to be ignored where the results folder held a catalogue of the same period."""
    alone = run_of(world, "2021-03", raw="one")
    assert alone.name != reported.name
    assert alone.periods == ["2021-03"]
    assert alone.report().area_censuses == ["2021-03"]
    assert reported.report().area_censuses == ["2020-12", "2021-03"]


def test_a_folder_that_is_not_there_is_refused_though_its_period_has_a_run(world, reported):
    with pytest.raises(ExtractError, match="does not exist"):
        run_of(world, reported.period, raw="no-such-place")


def test_a_loop_over_periods_leaves_each_run_as_it_was(world, reported):
    before = (reported.folder.path / "facts.json").read_bytes()
    reports = {period: run_of(world, period).report() for period in reported.periods}
    assert {period: report.censuses[-1] for period, report in reports.items()} == {
        "2020-12": "2020-12",
        "2021-03": "2021-03",
    }
    assert (reported.folder.path / "facts.json").read_bytes() == before


def test_an_edited_register_and_edited_code_make_another_run(reported, tmp_path, monkeypatch):
    make_working_folder(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    assert run_name(reported.catalogue, reported.parameters) == reported.name
    with Path("registers/targets.toml").open("a", encoding="utf-8") as file:
        file.write("# one line more\n")
    edited = run_name(reported.catalogue, reported.parameters)
    assert edited != reported.name
    monkeypatch.setattr("analysis.runs.identity._code_digest", lambda: "of an edited module")
    assert run_name(reported.catalogue, reported.parameters) not in {edited, reported.name}


def test_a_part_of_another_run_is_refused(world, reported, tmp_path):
    """``ingest.json`` of one run beside the facts of another made a report of December 2020 with figures of March 2021."""
    mixed = tmp_path / "mixed"
    shutil.copytree(reported.folder.path, mixed)
    run = run_of(world, "2021-03", results=str(mixed))
    run.report()
    facts = run_of(world, "2020-12")
    facts.report()
    shutil.copy(facts.folder.path / "facts.json", mixed)
    with pytest.raises(UsageError, match=r"facts\.json in mixed/ is not the one that the run 2021-03-\w+ has written"):
        run.report()


def test_a_folder_given_to_a_run_takes_no_other(world, tmp_path):
    run_of(world, "2020-12", results=str(tmp_path / "mine"))
    with pytest.raises(UsageError, match="belongs to the run 2020-12-"):
        run_of(world, "2021-03", results=str(tmp_path / "mine"))


def test_an_analysis_of_another_run_is_not_saved(world, reported):
    with pytest.raises(UsageError, match="is not of the run 2020-12-"):
        run_of(world, "2020-12").save(reported.report())


def test_a_part_that_a_killed_run_left_is_not_taken_for_whole(world):
    run = run_of(world, "2020-12", results=str(world / "killed"))
    (world / "killed" / "facts.json").write_text("{", encoding="utf-8")
    assert not run.folder.has("facts.json")
    assert "fte.splw.ENG.2020-12" in run.report().facts


def test_of_each_census_the_runs_used_last_are_kept(tmp_path):
    names = [f"2021-03-{number}" for number in range(KEPT_OF_A_CENSUS + 2)]
    for name in (*names, "2020-12-0"):
        RunFolder.of_run(tmp_path, name)
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["2020-12-0", *names[2:]]


def test_a_run_says_what_it_looks_at(world, reported):
    message = reported._repr_html_()
    assert "SYNTHETIC" in message
    assert "March 2021. Inputs: " in message
    assert f"Extracts from {world}/raw." in message
    assert f"Run {reported.name}, in {world}/processed/runs. Analysed on " in message
    assert "Analysed" not in run_of(world, "2020-12", results=str(world / "new"))._repr_html_()


def test_what_lab_was_given_stands_for_a_default_and_for_nothing_else(world, monkeypatch):
    monkeypatch.setenv(LAB_VARIABLES["raw"], str(world / "raw"))
    monkeypatch.setenv(LAB_VARIABLES["period"], "2020-12")
    assert an.run(processed=str(world / "processed")).period == "2020-12"
    assert an.run("2021-03", processed=str(world / "processed")).period == "2021-03"
    assert run_of(world, "2021-03", raw="one").parameters.raw == str(world / "one")


def test_the_record_names_the_run_and_nothing_of_the_machine(reported):
    record = json.loads((reported.folder.path / "run.json").read_text(encoding="utf-8"))
    assert record["run"] == reported.name
    assert set(record["parts"]) == {"ingest.json", "validation.json", "facts.json", "assessment.json", "measures"}


def test_a_table_of_results_reads_as_words(reported):
    checks = an.table_of(reported.validate().checks)
    shown = checks._repr_html_()
    assert "Outcome." not in shown
    assert "Place(" not in shown
    assert "{&#x27;" not in shown
    assert "{'" not in shown
    longest = max(checks["why"], key=len)
    assert len(longest) > 50  # where pandas cuts a text
    assert html.escape(longest, quote=False) in shown


def test_a_long_table_of_results_hides_no_row():
    """Pandas shows ten rows of more than sixty, and there are more checks than that."""
    shown = an.table_of([LeftOut(f"file {number}", "it is no extract") for number in range(100)])._repr_html_()
    assert [number for number in range(100) if f"<td>file {number}</td>" not in shown] == []


def test_a_user_error_shows_its_three_lines_in_a_notebook():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shown = []
    shell._showtraceback = lambda kind, value, lines: shown.extend(lines)
    shell.run_cell("import analysis as an\nan.run('2022-13')")
    assert [line.strip().partition(":")[0] for line in "\n".join(shown).splitlines()] == ["UsageError", "Why", "Fix"]


def test_every_file_of_the_package_counts_in_the_name_of_a_run(monkeypatch):
    """Data of other packages (roles of the sample, say) is code; registers are counted in their own copies."""
    read: list[Path] = []

    def remember(paths):
        read.extend(paths)
        return "a digest"

    monkeypatch.setattr(identity, "_digest", remember)
    identity._code_digest.__wrapped__()
    data = [path for path in Path(an.__file__).parent.rglob("*") if path.suffix in {".csv", ".toml"}]
    assert {path for path in data if path.parent.name != "registers"} <= set(read)
    assert not {path for path in data if path.parent.name == "registers"} & set(read)


def test_two_notebooks_may_open_the_same_run_at_once(tmp_path):
    """Each writes the same record: neither takes the other's half-written file away, or reads it."""
    folder = RunFolder.of_run(tmp_path, "2021-03-0123456789ab")
    (folder.path / "ingest.json").write_text("{}")

    def open_often(_: int) -> None:
        for _ in range(200):
            folder.record("ingest.json")
            assert folder.has("ingest.json")

    with ThreadPoolExecutor(4) as notebooks:
        list(notebooks.map(open_often, range(4)))

    assert [path.name for path in folder.path.iterdir() if path.name.endswith(".new")] == []
