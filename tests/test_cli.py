"""The console command: what it prints, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from analysis import cli, errors
from analysis.facts.fact import Fact, Facts, Origin, Source, Status
from analysis.facts.stored import facts_json

FACT = Fact(
    "fte.splw.ENG.2021-12",
    1611.98,
    "FTE",
    "2021-12",
    "1,612",
    Status.REPORTED,
    Origin(
        "Full-time equivalents of link workers", "sum of FTE", sources=(Source("a.csv", "ab" * 32, "2021-12", 1234),)
    ),
)


@pytest.fixture
def project(tmp_path):
    """A project folder with one report and no notebooks."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "link-worker-report"\n', encoding="utf-8")
    folder = tmp_path / "reports/2022-09"
    folder.mkdir(parents=True)
    (folder / "facts.json").write_text(facts_json(Facts([FACT]), "2022-09", "splw", synthetic=False), encoding="utf-8")
    return tmp_path


@pytest.fixture
def analysis(project):
    """Run the command in the project folder."""

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "analysis.command", *arguments],
            cwd=project,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_help_names_every_verb_and_every_exit_code(analysis):
    done = analysis("--help")

    assert done.returncode == 0
    for word in ("report", "sample", "explain", "compare", "lab", "register", "parameters", "--version", "70 a bug"):
        assert word in done.stdout


def test_help_loads_none_of_the_heavy_libraries():
    code = "import sys, analysis.cli; print([m for m in ('pandas', 'papermill', 'altair', 'pydantic') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_version_is_that_of_the_package(analysis):
    assert analysis("--version").stdout.startswith("analysis, version ")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [(("reprot",), "Did you mean 'report'?"), (("report", "--perid", "2022-09"), "Did you mean '--period'?")],
)
def test_wrong_use_ends_with_2_and_the_nearest_right_name(analysis, arguments, hint):
    done = analysis(*arguments)

    assert done.returncode == 2
    assert hint in done.stderr


@pytest.mark.parametrize("period", ["2022-13", "2019-12", "September"])
def test_a_period_that_is_no_census_ends_with_2_and_three_sentences(analysis, period):
    done = analysis("report", "--period", period)

    assert done.returncode == 2
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]] == ["Why", "Fix"]
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback_of_a_user_error(analysis):
    assert "Traceback" in analysis("report", "--period", "2022-13", "--debug").stderr


def test_explain_prints_definition_unrounded_value_expression_and_inputs(analysis):
    said = analysis("explain", "fte.splw.ENG.2021-12").stdout

    for part in (
        "Full-time equivalents of link workers",
        "1611.98 FTE (unrounded)",
        "1,612, rounded to a whole number for print",
        "December 2021",
        "sum of FTE",
        "a.csv (census 2021-12, 1,234 rows counted)",
        "ab" * 32,
    ):
        assert part in said


def test_explain_names_the_nearest_fact_when_there_is_no_such_one(analysis):
    done = analysis("explain", "fte.slpw.ENG.2021-12")

    assert done.returncode == 2
    assert "fte.splw.ENG.2021-12" in done.stderr


def test_explain_lists_the_reports_there_are_when_the_period_has_none(analysis):
    done = analysis("explain", "fte.splw.ENG.2021-12", "--period", "2021-03")

    assert done.returncode == 2
    assert "The reports there: 2022-09." in done.stderr


def test_compare_of_something_that_is_no_report_is_wrong_use(analysis):
    done = analysis("compare", "2022-09", "2022-06")

    assert done.returncode == 2
    assert "There is no report '2022-06'" in done.stderr


def test_lab_on_a_failed_run_needs_one(analysis):
    done = analysis("lab", "--failed")

    assert done.returncode == 2
    assert "No failed run is kept" in done.stderr


def test_parameters_lists_each_with_its_type_default_and_purpose(analysis, project):
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {"tags": ["parameters"]},
        "outputs": [],
        "source": 'period: str = ""  # census month\nsince: Literal["a", "b"] = "a"',
    }
    (project / "notebooks").mkdir()
    (project / "notebooks/1_ingest.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8"
    )

    said = analysis("parameters").stdout

    assert "period (str, default ''): census month" in said
    assert "since (str, one of 'a', 'b', default 'a')" in said


def test_a_bug_ends_with_70_and_says_how_to_see_more(project):
    code = "import analysis.cli as c\nc.analysis.main = lambda **_: 1 / 0\nc.main()"

    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)

    assert done.returncode == 70
    assert "ZeroDivisionError" in done.stderr
    assert "--debug" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_exit_codes_in_the_help_are_those_of_the_errors():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.UserError)]

    listed = re.search(r"Exit codes: (.*)\.", " ".join(cli.analysis.help.split())).group(1)

    assert {int(code) for code in re.findall(r"\d+", listed)} == {
        *(0, cli.NEWER, cli.NOT_READY),
        *(kind.exit_code for kind in kinds),
    }


@pytest.mark.parametrize("option", ["--raw", "--reports"])
def test_an_empty_folder_name_is_not_the_working_directory(analysis, project, option):
    """A scheduler's unset variable must not fill the checkout with reports."""
    done = analysis("report", option, "")

    assert done.returncode == 2
    assert "empty" in done.stderr
    assert not (project / "index.html").exists()


def test_a_damaged_report_is_no_bug(analysis, project):
    (project / "reports/2022-09/facts.json").write_text('{"trunc', encoding="utf-8")

    done = analysis("explain", FACT.id)

    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert "Fix:" in done.stderr


def test_a_shared_parameter_misspelt_names_its_option(analysis, project):
    notebooks = project / "notebooks"
    notebooks.mkdir()
    cell = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [],
            "execution_count": None, "source": 'period: str = ""'}  # fmt: skip
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (notebooks / "1_ingest.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    done = analysis("report", "-p", "perid", "2022-09")

    assert done.returncode == 2
    assert "Did you mean --period?" in done.stderr


def test_a_period_with_a_line_end_is_no_period(analysis):
    assert analysis("report", "--period", "2022-09\n").returncode == 2


# ---- how it is called -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "--raw", "~nobody-of-this-name/x"), "there is no user"),
        (("report", "--raw", "x" * 300), "cannot be a folder"),
        (("report", "--reports", "x" * 300), "cannot be a folder"),
        (("sample", "x" * 300), "cannot be a folder"),
        (("compare", "x" * 300, "2022-09"), "There is no report"),
        (("explain", "a" * 5000), "There is no fact"),
    ],
)
def test_names_that_can_be_no_folder_are_wrong_use(analysis, arguments, said):
    done = analysis(*arguments)

    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "bug" not in done.stderr


def shell(project, line, **environment):
    """Run a line of the shell in the project, ``$ANALYSIS`` being the command."""
    command = f"{sys.executable} -m analysis.command"
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=project,
        env={**os.environ, "ANALYSIS": command, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_working_directory_that_was_removed_is_told(project):
    done = shell(project, "mkdir gone && cd gone && rmdir ../gone && $ANALYSIS explain x")

    assert done.returncode == 2, done.stderr
    assert "working directory no longer exists" in done.stderr


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_standard_files_change_no_exit_code(project, closed):
    assert shell(project, f"$ANALYSIS explain fte.splw.ENG.2021-12 {closed}").returncode == 0
    assert shell(project, f"$ANALYSIS explain nothing {closed}").returncode == 2


def test_messages_that_nobody_reads_any_more_change_no_exit_code(project):
    """The reader of the standard error, a pager say, has gone before the message: that is no bug of the run."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "explain", "nothing"]
    done = subprocess.run(command, cwd=project, stdout=subprocess.DEVNULL, stderr=writer, check=False)
    os.close(writer)
    assert done.returncode == 2


def test_an_ignored_hangup_stays_ignored(project):
    """As with ``nohup``: the run goes on when its terminal is closed."""
    read = "import signal; from analysis import cli; cli.analysis.main = lambda **_: print(signal.getsignal(1)); cli.main()"

    ignored = subprocess.run(
        ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, "-c", read],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    as_usual = f"import signal; signal.signal(1, signal.SIG_DFL); {read}"  # the tests themselves may run under nohup
    heeded = subprocess.run([sys.executable, "-c", as_usual], cwd=project, capture_output=True, text=True, check=False)

    assert ignored.stdout.strip() in {"1", "Handlers.SIG_IGN"}
    assert "_terminated" in heeded.stdout


SLOW_IMPORT = """
import importlib.abc, sys, time
class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            print("importing", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow())
from analysis.command import main
main()
"""


def test_an_interrupt_while_the_command_is_imported_ends_it_without_a_traceback(project):
    run = subprocess.Popen(
        [sys.executable, "-c", SLOW_IMPORT], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert run.stdout.readline() == "importing\n"
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)

    assert run.returncode == 130
    assert said == ""
