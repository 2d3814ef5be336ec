"""The Makefile is a thin, safe face on the console command."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = set(re.search(r"^\.PHONY: moved (.*)$", MAKEFILE, re.MULTILINE).group(1).split())


def newer(path) -> None:
    """Give a file a time later than every other."""
    later = time.time() + 60
    os.utime(path, (later, later))


def test_help_lists_every_command_with_a_sentence(project):
    listed = dict(re.findall(r"^  ([a-z]+) +(\S.*)$", project.make("help").stdout, re.MULTILINE))
    assert set(listed) == COMMANDS
    assert {
        "report",
        "profiles",
        "plan",
        "fetch",
        "register",
        "doctor",
        "approve",
        "audit",
        "campaign",
        "bench",
        "test",
        "lab",
        "check",
        "help",
        "clean",
        "lock",
        "compare",
        "pdf",
        "sample",
        "docs",
        "explain",
    } == COMMANDS


def test_help_explains_every_variable_that_the_makefile_reads(project):
    helped = project.make("help").stdout.partition("Variables:")[2]
    read = set(re.findall(r"\$\((?:call (?:given|flag),|value |filter-out 0 no false,\$\()?([A-Z_]{2,})[,)]", MAKEFILE))
    own = {
        "FOR_PERIOD",
        "SCRIPTS",
        "ANALYSIS",
        "RUN",
        "DEV",
        "COMPILE",
        "OS",
        "MAKECMDGOALS",
        "VARIABLES",
        "UNKNOWN",
        "REFUSAL",
    }
    assert {"PERIOD", "RAW", "REPORTS", "STRICT", "FAILED", "OLD", "NEW", "ID", "PYTHON"} <= read - own
    assert {name for name in read - own if not re.search(rf"\b{name}=", helped)} == set()


def test_a_misspelt_variable_is_refused(project):
    """The command would run on its default, and make another report than was asked for."""
    project.stub_environment()
    done = project.make("report", "PEROID=2022-09")
    assert done.returncode == 2
    assert "There is no variable PEROID" in done.stderr
    assert "PERIOD" in done.stderr
    assert "ARGUMENT" not in done.stdout


def test_every_variable_of_the_help_is_known(project):
    helped = set(re.findall(r"^#= ([A-Z_]+)=", MAKEFILE, re.MULTILINE)) | {"NEW", "TO"}
    assert set(re.search(r"^VARIABLES := (.*)$", MAKEFILE, re.MULTILINE).group(1).split()) == helped


def test_a_failed_notebook_is_looked_for_in_the_reports_that_are_named(project):
    project.stub_environment()
    assert project.arguments("lab", "FAILED=1", "REPORTS=out") == ["lab", "--reports=out", "--failed"]


def test_make_alone_is_help(project):
    assert project.make().stdout == project.make("help").stdout


def test_help_says_how_to_get_exact_exit_codes(project):
    assert ".venv/bin/analysis report --help" in project.make("help").stdout


AWKWARD = ["a folder with spaces", "it's", 'say "so"', "`date`", "a;b&c|d", "*", "-rf", "$HOME", "é–x", "a\\b", "#1"]


@pytest.mark.parametrize("path", AWKWARD)
def test_a_value_reaches_the_command_unharmed(project, path):
    project.stub_environment()
    found = project.arguments("report", f"RAW={path}", f"REPORTS={path} out", "PERIOD=2022-09")
    assert found == ["report", "--period=2022-09", f"--reports={path} out", f"--raw={path}"]


def test_a_value_may_come_from_the_environment(project):
    project.stub_environment()
    assert project.make("report", RAW="it's here").stdout == "ARGUMENT report\nARGUMENT --raw=it's here\n"


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (["report"], ["report"]),
        (["report", "RAW=", "PERIOD="], ["report"]),
        (["report", "STRICT=1", "QUIET=1", "DEBUG=1"], ["report", "--strict", "--quiet", "--debug"]),
        (["report", "STRICT=0", "DEBUG=no"], ["report"]),
        (["report", "FETCH=1", "BASE_URL=https://a.example"], ["report", "--fetch", "--base-url=https://a.example"]),
        (["report", "FRESH=1"], ["report", "--fresh"]),
        (["plan", "PERIOD=2022-09", "RAW=a", "FRESH=1"], ["plan", "--period=2022-09", "--raw=a", "--fresh"]),
        (["profiles", "BY=pcn", "PLAN=1"], ["profiles", "--by=pcn", "--plan"]),
        (["doctor"], ["doctor"]),
        (["doctor", "PERIOD=2022-09", "RAW=my raw"], ["doctor", "--period=2022-09", "--raw=my raw"]),
        (["fetch"], ["fetch"]),
        (["fetch", "CHECK=1", "RAW=my raw"], ["fetch", "--raw=my raw", "--check"]),
        (
            ["fetch", "FROM=2026-01", "TO=2026-06", "WHAT=individual,bulletin"],
            ["fetch", "--from=2026-01", "--to=2026-06", "--what=individual,bulletin"],
        ),
        (["fetch", "PERIOD=2026-06"], ["fetch", "--period=2026-06"]),
        (["register"], ["register"]),
        (["register", "RAW=my raw", "ACCEPT=1"], ["register", "--raw=my raw", "--accept-revisions"]),
        (["lab"], ["lab"]),
        (["lab", "FAILED=1"], ["lab", "--failed"]),
        (["sample"], ["sample"]),
        (["sample", "RAW=my sample"], ["sample", "--", "my sample"]),
        (["sample", "FULL=1", "RAW=whole"], ["sample", "--full", "--", "whole"]),
        (["explain", "ID=fte.splw.ENG.2021-12"], ["explain", "--", "fte.splw.ENG.2021-12"]),
        (
            ["explain", "ID=x", "PERIOD=2022-09", "REPORTS=out"],
            ["explain", "--period=2022-09", "--reports=out", "--", "x"],
        ),
        (["compare", "OLD=2022-06", "NEW=2022-09"], ["compare", "--", "2022-06", "2022-09"]),
        (["compare", "NEW=2022-09"], ["compare"]),
        (["pdf"], ["pdf"]),
        (["pdf", "PERIOD=2022-09", "REPORTS=out"], ["pdf", "--reports=out", "--", "2022-09"]),
    ],
)
def test_only_what_is_given_is_passed_on(project, command, arguments):
    project.stub_environment()
    assert project.arguments(*command) == arguments


def test_a_failing_command_shows_its_exit_code_though_make_ends_with_two(project):
    project.stub_environment()
    project.stub("analysis", "exit 4")
    done = project.make("report")
    assert done.returncode == 2
    assert "Error 4" in done.stderr


# ---- when the environment is made ----


def makes_environment(project, command: str) -> str | None:
    """Which kind of environment ``make -n`` would make first, if any."""
    found = re.search(r"tools/environment\.py (run|dev)", project.make("--dry-run", command).stdout)
    return found and found.group(1)


@pytest.mark.parametrize("command", ["report", "fetch", "register", "sample", "explain", "compare", "pdf"])
def test_without_an_environment_a_report_needs_the_small_one(project, command):
    assert makes_environment(project, command) == "run"


@pytest.mark.parametrize("command", ["test", "lab", "check", "docs"])
def test_without_an_environment_tests_and_lab_need_the_large_one(project, command):
    assert makes_environment(project, command) == "dev"


@pytest.mark.parametrize("command", ["help", "clean", "lock"])
def test_what_needs_no_environment_makes_none(project, command):
    assert makes_environment(project, command) is None


def test_a_whole_environment_is_left_alone(project):
    project.stub_environment("dev")
    assert [makes_environment(project, command) for command in ("report", "test")] == [None, None]


def test_the_small_environment_is_extended_for_the_tests(project):
    project.stub_environment("run")
    assert [makes_environment(project, command) for command in ("report", "test")] == [None, "dev"]


@pytest.mark.parametrize("changed", ["requirements/dev.lock", "pyproject.toml"])
def test_a_newer_lock_or_project_file_brings_the_environment_up_to_date(project, changed):
    project.stub_environment("dev")
    newer(project.root / changed)
    assert makes_environment(project, "report") == "dev"


def test_a_moved_folder_gets_a_new_environment(project, tmp_path):
    project.stub_environment("run")
    shutil.move(project.root, tmp_path / "elsewhere")
    project.root = tmp_path / "elsewhere"
    assert makes_environment(project, "report") == "run"


def test_a_missing_python_is_told_in_three_parts(project):
    done = project.make("report", "PYTHON=/no such/python")
    assert done.returncode == 2
    assert "There is no program named /no such/python." in done.stderr
    assert "Why:" in done.stderr
    assert "Fix: install Python, or name it: make report PYTHON=" in done.stderr


# ---- clean and lock ----


def test_clean_keeps_extracts_reports_and_explanations(project):
    project.stub_environment()
    kept = ["data/raw/extract.csv", "reports/index.html", "data/processed/README.md"]
    removed = ["data/processed/extracts/piece.parquet", ".venv/bin/analysis", "docs/api/index.html", ".mypy_cache/x"]
    for name in kept + removed:
        path = project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert project.make("clean").returncode == 0
    assert [name for name in kept + removed if (project.root / name).exists()] == kept


def test_lock_without_uv_is_told_in_three_parts(project, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "make", "grep", "awk", "find"):
        (programs / name).symlink_to(shutil.which(name))
    done = project.make("lock", PATH=str(programs))
    assert done.returncode == 2
    assert "There is no program named uv." in done.stderr
    assert "Why:" in done.stderr
    assert "Fix:" in done.stderr
