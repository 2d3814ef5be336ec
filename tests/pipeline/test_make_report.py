"""Running notebooks: what is made, what is kept when one fails, and that earlier reports stay as they were."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path

import nbformat
import pytest

from analysis.errors import ExtractError, GateError, NotebookError, PageError, UsageError
from analysis.pipeline.make_report import make_report
from analysis.pipeline.plan import Request
from analysis.pipeline.reports_folder import period_lock

PERIOD = "2022-09"
# The folder of results, as a cell finds it.
INGEST_CELL = (
    "import pathlib\nout = pathlib.Path(results)\nout = out if out.is_absolute() else pathlib.Path.cwd().parent / out\n"
)


def hidden(reports: Path) -> list[str]:
    """What begins with a dot in the reports folder: staging, locks, reports that stepped aside."""
    return [path.name for path in reports.iterdir() if path.name.startswith(".")]


def test_a_report_appears_with_its_notebooks_manifest_and_front_page(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_report.ipynb", "print(period)", tags=("report",))
    lines = []

    made = make_report(Request(period=PERIOD), tell=lines.append, publish=publish)

    assert made.page == Path("reports/2022-09/index.html")
    assert made.page.read_text() == "sections: 2_report.ipynb"
    assert [line.split(":")[0] for line in lines] == ["1_ingest", "2_report", "publish"]
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert manifest["period"] == PERIOD
    assert set(manifest["seconds"]) == {"1_ingest", "2_report", "publish"}
    assert manifest["environment"]["packages"]["pandas"].startswith("3.")
    assert (project / "reports/index.html").read_text() == PERIOD
    assert hidden(project / "reports") == []


def test_executed_notebooks_hold_neither_times_nor_staging_paths(project, publish):
    made = make_report(Request(period=PERIOD), publish=publish)

    text = (made.folder / "notebooks/1_ingest.ipynb").read_text()

    assert ".making" not in text
    assert str(project) not in text
    assert "papermill" not in nbformat.reads(text, as_version=4).metadata
    injected = nbformat.reads(text, as_version=4).cells[1].source
    assert "period = " in injected
    assert "results" not in injected


def test_the_same_run_twice_gives_the_same_notebook_bytes(project, publish):
    first = make_report(Request(period=PERIOD, reports=Path("a")), publish=publish)
    second = make_report(Request(period=PERIOD, reports=Path("b")), publish=publish)

    one, other = (made.folder / "notebooks/1_ingest.ipynb" for made in (first, second))

    # papermill gives the cell it injects a random id; everything else must agree.
    def ids_removed(path):
        notebook = nbformat.read(path, as_version=4)
        return [(cell.source, cell.get("outputs")) for cell in notebook.cells]

    assert ids_removed(one) == ids_removed(other)


def test_without_a_period_the_report_is_named_by_what_ingest_found(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_later.ipynb", f"assert period == {PERIOD!r}, period")

    made = make_report(Request(), publish=publish)

    assert made.period == PERIOD
    assert made.folder == Path("reports/2022-09")


def test_a_cell_that_raises_is_named_with_its_number_and_parameters(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_bad.ipynb", "fine = 1", "raise ValueError('the sky fell')")

    with pytest.raises(NotebookError) as caught:
        make_report(Request(period=PERIOD), publish=publish)

    assert "2_bad.ipynb, cell 3 stopped with ValueError: the sky fell" in caught.value.what
    assert "period='2022-09'" in caught.value.what
    assert "reports/failed/2022-09/failure.html" in caught.value.fix
    assert caught.value.exit_code == 5


def test_a_failed_run_is_kept_where_it_can_be_opened_and_run_again(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_bad.ipynb", "raise ValueError('the sky fell')")

    with pytest.raises(NotebookError):
        make_report(Request(period=PERIOD), publish=publish)

    kept = project / "reports/failed/2022-09"
    assert (kept / "ingest.json").is_file()
    assert "the sky fell" in (kept / "failure.html").read_text()
    notebook = (kept / "notebooks/2_bad.ipynb").read_text()
    assert "results = " not in notebook  # opened again, it has its run in its own folder
    assert ".making" not in notebook
    assert hidden(project / "reports") == []


def test_a_failed_run_leaves_the_earlier_report_as_it_was(project, publish, write_notebook):
    make_report(Request(period=PERIOD), publish=publish)
    before = {path: path.read_bytes() for path in (project / "reports").rglob("*") if path.is_file()}
    write_notebook(project / "notebooks/2_bad.ipynb", "1 / 0")

    with pytest.raises(NotebookError):
        make_report(Request(period=PERIOD), publish=publish)

    assert {path: path.read_bytes() for path in before} == before


def test_a_run_that_succeeds_removes_what_its_failure_had_kept(project, publish, write_notebook):
    bad = write_notebook(project / "notebooks/2_bad.ipynb", "1 / 0")
    with pytest.raises(NotebookError):
        make_report(Request(period=PERIOD), publish=publish)
    bad.unlink()

    make_report(Request(period=PERIOD), publish=publish)

    assert not (project / "reports/failed").exists()


@pytest.mark.parametrize(("name", "kind"), [("GateError", GateError), ("ExtractError", ExtractError)])
def test_a_user_error_in_a_notebook_keeps_its_kind_exit_code_and_three_parts(
    project, publish, name, kind, write_notebook
):
    write_notebook(
        project / "notebooks/2_validate.ipynb",
        f"from analysis.errors import {name}\nraise {name}('Eleven rows are wrong.', 'It matters.', 'Fix them.')",
    )

    with pytest.raises(kind) as caught:
        make_report(Request(period=PERIOD), publish=publish)

    assert caught.value.what == "Eleven rows are wrong. (2_validate.ipynb, cell 2)"
    assert caught.value.why == "It matters."
    assert caught.value.fix.startswith("Fix them.")


def test_wrong_use_within_a_notebook_is_the_notebooks_failure(project, publish, write_notebook):
    """An id of a fact that is not there, say: the publisher has used nothing wrongly."""
    write_notebook(
        project / "notebooks/2_report.ipynb",
        "from analysis.errors import UsageError\nraise UsageError('No such fact.', 'It matters.', 'Correct it.')",
    )

    with pytest.raises(NotebookError) as caught:
        make_report(Request(period=PERIOD), publish=publish)

    assert caught.value.exit_code == 5
    assert caught.value.what == "No such fact. (2_report.ipynb, cell 2)"


@pytest.mark.parametrize("ending", ["import sys\nsys.exit(0)", "raise SystemExit"])
def test_a_notebook_that_ends_early_without_an_error_has_failed(project, publish, write_notebook, ending):
    """For papermill that is success, and the cells after it, the gate among them, were not run."""
    write_notebook(project / "notebooks/2_validate.ipynb", ending, "gate = 'not run'")

    with pytest.raises(NotebookError, match=r"2_validate\.ipynb, cell 2 ended the notebook before its last cell"):
        make_report(Request(period=PERIOD), publish=publish)


def test_a_failed_validation_stops_the_run_whatever_its_notebook_does(project, publish, write_notebook):
    hand_on = (
        INGEST_CELL + '(out / "validation.json").write_text(\'{"period": "2022-09", "passed": false, "checks": []}\')'
    )
    write_notebook(project / "notebooks/2_validate.ipynb", hand_on)
    write_notebook(project / "notebooks/3_analyse.ipynb", "analysed = True")

    with pytest.raises(GateError):
        make_report(Request(period=PERIOD), publish=publish)

    kept = project / "reports/failed" / PERIOD / "notebooks"
    assert sorted(path.name for path in kept.iterdir()) == ["1_ingest.ipynb", "2_validate.ipynb"]


def test_a_fault_after_the_report_is_in_place_is_told_as_it_is(project, publish, monkeypatch):
    """The front page could not be written: the report stands, and the error is that of the front page."""

    def refuse(_: Path) -> None:
        raise IsADirectoryError(21, "Is a directory")

    monkeypatch.setattr("analysis.pipeline.pages_beside.write_front", refuse)

    with pytest.raises(UsageError, match="cannot be written to"):
        make_report(Request(period=PERIOD), publish=publish)

    assert (project / "reports" / PERIOD / "index.html").is_file()
    assert not (project / "reports/failed").exists()


def test_a_bug_keeps_what_was_made_and_stays_a_bug(project):
    def fail(folder, sections, code, **_):
        raise TypeError("not foreseen")

    with pytest.raises(TypeError, match="not foreseen"):
        make_report(Request(period=PERIOD), publish=fail)

    kept = project / "reports/failed" / PERIOD
    assert (kept / "notebooks/1_ingest.ipynb").is_file()
    assert "A bug in this program: TypeError: not foreseen" in (kept / "failure.html").read_text()


def test_the_loser_of_two_runs_at_once_leaves_nothing(project, publish, monkeypatch):
    """Without a period it learns only after ingest that another run is making the same report."""
    (project / "reports").mkdir()
    with period_lock(project / "reports", PERIOD), pytest.raises(UsageError, match="being made by another run"):
        make_report(Request(), publish=publish)

    assert [path.name for path in (project / "reports").iterdir()] == []


def test_reports_within_raw_are_refused(project, publish):
    """The next run would read what this one writes as an extract."""
    with pytest.raises(UsageError, match="lies in RAW"):
        make_report(Request(reports=project / "data/raw/out"), publish=publish)


def test_raw_is_where_the_working_directory_says(project, publish, monkeypatch):
    """A relative RAW starts at the working directory, which REPORTS may lie in all the same."""
    (project / "sub/raw").mkdir(parents=True)
    (project / "sub/raw/extract.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(project / "sub")

    with pytest.raises(UsageError, match="lies in RAW"):
        make_report(Request(raw=Path("raw"), reports=Path("raw/out")), publish=publish)
    assert make_report(Request(raw=Path("raw"), reports=Path("out")), publish=publish).page.is_file()


def test_a_link_to_raw_stays_a_link_in_what_is_published(project, publish):
    """Where it leads is this machine's."""
    (project / "elsewhere").mkdir()
    (project / "elsewhere/extract.csv").write_text("a,b\n1,2\n")
    (project / "linked").symlink_to(project / "elsewhere")

    made = make_report(Request(period=PERIOD, raw=Path("linked")), publish=publish)

    assert json.loads((made.folder / "manifest.json").read_text())["parameters"]["raw"] == "linked"
    assert "elsewhere" not in (made.folder / "notebooks/1_ingest.ipynb").read_text()


def test_a_kernel_that_dies_is_a_failure_of_the_cell_that_ran(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_dies.ipynb", "fine = 1", "import os\nos._exit(1)", "never = 1")

    with pytest.raises(NotebookError) as caught:
        make_report(Request(period=PERIOD), publish=publish)

    assert "2_dies.ipynb, cell 3 ended the kernel" in caught.value.what


def test_a_cell_that_takes_too_long_is_stopped(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_slow.ipynb", "import time\ntime.sleep(60)")

    with pytest.raises(NotebookError) as caught:
        make_report(Request(period=PERIOD, cell_timeout=1), publish=publish)

    assert "2_slow.ipynb, cell 2 took longer than 1 seconds" in caught.value.what


def test_a_misspelt_parameter_stops_the_run_before_it_starts(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_more.ipynb", "top", parameters="top: int = 10  # how many ICBs")

    with pytest.raises(UsageError, match="Did you mean -p top"):
        make_report(Request(period=PERIOD, parameters={"tob": "3"}), publish=publish)

    assert not (project / "reports").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("There are {{ ftee }} FTE.", "line 2 of the cell: there is no 'ftee'"),
        ('There are {{ facts["fte.slpw.ENG." ~ period] }}.', "there is no role 'slpw'; did you mean 'splw'"),
        ("{{ fte.year_agoo }}", "fte has no 'year_agoo'; did you mean 'year_ago'"),
        ("{{ fte|rounded }}", "No filter named 'rounded'"),
        ("There are 2,047 FTE.", "the number '2,047'"),
        ("{% if fte %}There are some.", "endif"),
    ],
)
def test_a_text_that_names_what_there_is_not_stops_the_run_at_its_first_notebook(
    project, publish, write_notebook, text, words
):
    """Fault of a long run: the name was found to be wrong after minutes, when the text was filled in."""
    cells = (
        "mine = 1; open('was-run', 'w').close()",
        "%%text\nThis is {{ mine }}: {{ fte.year_ago }}.",
        f"%%text\n{text}",
    )
    write_notebook(project / "notebooks/2_text.ipynb", *cells)

    with pytest.raises(UsageError) as caught:
        make_report(Request(period=PERIOD), publish=publish)

    assert caught.value.exit_code == 2
    assert caught.value.what.startswith("2_text.ipynb, cell 4: ")
    assert words in caught.value.what.replace("Line", "line")
    assert not (project / "notebooks/was-run").exists()
    assert [path.name for path in (project / "reports").iterdir()] == []


def test_a_further_parameter_reaches_the_notebook_with_its_type(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_more.ipynb", "assert top + 1 == 4", parameters="top: int = 10")

    made = make_report(Request(period=PERIOD, parameters={"top": "3"}), publish=publish)

    assert json.loads((made.folder / "manifest.json").read_text())["parameters"]["top"] == 3


def test_a_strict_run_of_a_draft_fails_and_leaves_the_earlier_report(project, publish):
    made = make_report(Request(period=PERIOD), publish=publish)
    before = made.page.stat().st_mtime_ns

    with pytest.raises(PageError, match="is a draft") as caught:
        make_report(Request(period=PERIOD, strict=True), publish=publish)

    assert "It is a toy." in caught.value.why
    assert made.page.stat().st_mtime_ns == before


def test_a_report_whose_page_is_refused_keeps_notebooks_that_can_be_run_again(project):
    def refuse(folder, sections, code, **_):
        raise PageError("The page has a fault.", "It is not fit to be read.", "Fix it.")

    with pytest.raises(PageError):
        make_report(Request(period=PERIOD), publish=refuse)

    kept = project / "reports/failed/2022-09"
    assert "results = " not in (kept / "notebooks/1_ingest.ipynb").read_text()
    assert sorted(path.name for path in kept.iterdir()) == ["failure.html", "ingest.json", "log.jsonl", "notebooks"]


def test_the_kernel_does_not_read_the_users_own_startup_files(project, publish, tmp_path, monkeypatch, write_notebook):
    startup = tmp_path / "home/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("raise_me = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "home"))
    write_notebook(project / "notebooks/2_clean.ipynb", "assert 'raise_me' not in globals()")

    assert make_report(Request(period=PERIOD), publish=publish).period == PERIOD


def test_reports_that_is_a_file_is_wrong_use(project, publish):
    (project / "reports").write_text("a file")

    with pytest.raises(UsageError, match="cannot be written to"):
        make_report(Request(period=PERIOD), publish=publish)


def test_a_full_disk_is_told_as_one(project, publish, write_notebook):
    write_notebook(
        project / "notebooks/2_full.ipynb", "import errno, os\nraise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))"
    )

    with pytest.raises(NotebookError, match="no space left"):
        make_report(Request(period=PERIOD), publish=publish)


def test_a_notebook_that_names_no_census_is_a_failure(project, publish, write_notebook):
    write_notebook(project / "notebooks/1_ingest.ipynb", "1")

    with pytest.raises(NotebookError, match="which census"):
        make_report(Request(), publish=publish)


def test_a_mistyped_raw_folder_never_becomes_a_synthetic_report(project, publish):
    with pytest.raises(ExtractError, match="does not exist") as caught:
        make_report(Request(raw=Path("data/rwa")), publish=publish)

    assert caught.value.exit_code == 3


def test_the_sample_never_takes_the_place_of_a_report_of_published_data(project, publish, write_notebook, ingest_cell):
    """RAW was forgotten: the report in place stays, and nothing is kept of the other one."""
    made = make_report(Request(period=PERIOD), publish=publish)
    before = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    write_notebook(project / "notebooks/1_ingest.ipynb", ingest_cell.replace('"synthetic": False', '"synthetic": True'))

    for period in (PERIOD, ""):
        with pytest.raises(UsageError, match="shows published figures") as caught:
            make_report(Request(period=period), publish=publish)
        assert "RAW=DIR" in caught.value.fix

    assert {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == before
    assert not (project / "reports/failed").exists()


def test_notebooks_run_in_the_order_of_their_numbers(project, publish, write_notebook, ingest_cell):
    for number in (10, 2):
        write_notebook(project / f"notebooks/{number}_step.ipynb", ingest_cell)
    lines = []

    make_report(Request(period=PERIOD), tell=lines.append, publish=publish)

    assert [line.split(":")[0] for line in lines] == ["1_ingest", "2_step", "10_step", "publish"]


def test_raw_outside_the_project_is_not_named_in_the_published_notebooks(project, publish, tmp_path, write_notebook):
    outside = tmp_path / "elsewhere/data"
    shutil.copytree(project / "data/raw", outside)
    write_notebook(
        project / "notebooks/2_use.ipynb",
        textwrap.dedent("""
        import pathlib
        assert (pathlib.Path(raw) / "extract.csv").is_file()
    """),
    )

    made = make_report(Request(period=PERIOD, raw=outside), publish=publish)

    assert str(tmp_path) not in (made.folder / "notebooks/2_use.ipynb").read_text()
