"""`analysis doctor` finds what stands in the way of a report, and says what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis import cli
from analysis.doctor import Finding, Outcome, charts, disk, environment, examination, examine, kernel
from analysis.doctor.extracts import check_extracts
from analysis.doctor.findings import findings_of
from analysis.doctor.project import check_git
from analysis.doctor.reports import check_reports
from analysis.errors import NotebookError
from analysis.pipeline import kernels
from analysis.pipeline.plan import Request
from analysis.pipeline.provenance import CodeVersion

FULL = OSError(28, "No space left on device")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """An empty project, the working directory."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "link-worker-report"\n', encoding="utf-8")
    (tmp_path / "data/raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outcomes(findings) -> list[str]:
    found = list(findings)
    assert all(bool(finding.to_do) == (finding.outcome is not Outcome.OK) for finding in found), found
    return [str(finding.outcome) for finding in found]


def test_the_command_prints_each_finding_and_ends_with_its_own_code(project):
    (project / "data/raw/notes.csv").write_text("a,b\n1,2\n")

    done = subprocess.run(
        [sys.executable, "-m", "analysis.command", "doctor"], capture_output=True, text=True, check=False
    )

    assert done.returncode == cli.NOT_READY, done.stderr
    for subject in (
        "environment",
        "project",
        "git",
        "reports",
        "disk of REPORTS",
        "memory",
        "kernel",
        "fonts",
        "extracts",
    ):
        assert f" {subject}: " in done.stdout, subject
    assert "fault    extracts: " in done.stdout
    assert done.stdout.splitlines()[-1].endswith("No report can be made yet.")
    assert [path.name for path in (project / "reports").iterdir()] == []


def test_a_check_that_breaks_is_a_fault_and_stops_no_other(monkeypatch):
    def broken():
        raise RuntimeError("odd")
        yield

    def refused():
        raise NotebookError("No room.", "It is needed.", "Make some.")
        yield

    (odd,) = findings_of("memory", broken)
    assert "RuntimeError: odd" in odd.found
    assert findings_of("kernel", refused) == [Finding("kernel", Outcome.FAULT, "No room. It is needed.", "Make some.")]
    for name in ("check_memory", "check_kernel", "check_fonts", "check_environment"):
        monkeypatch.setattr(examination, name, broken)
    for name in ("check_project", "check_git", "check_reports", "check_disk", "check_extracts"):
        monkeypatch.setattr(examination, name, lambda _: broken())
    examined = examine(Request())
    assert len(examined.findings) == 9
    assert examined.has_fault


# ---- environment and git --------------------------------------------------------------------------------------------


def test_missing_and_other_packages_are_named(project):
    (project / "requirements").mkdir()
    lock = project / environment.LOCK
    lock.write_text(
        "no-such-package==1.0 \\\n    --hash=sha256:00\npandas==0.1\nother==1 ; sys_platform == 'none'\n# c\n"
    )

    missing, other = environment.check_environment()

    assert (missing.outcome, other.outcome) == (Outcome.FAULT, Outcome.WARNING)
    assert "no-such-package" in missing.found
    assert "pandas" in other.found
    assert "0.1" in other.found
    lock.unlink()
    assert outcomes(environment.check_environment()) == ["warning"]


def test_the_environment_of_the_tests_is_the_one_of_the_lock():
    assert outcomes(environment.check_environment()) == ["ok"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (CodeVersion("1", "a" * 40, ()), "nothing is left to commit"),
        (CodeVersion("1", "a" * 40, tuple("abcdefg")), "a, b, c, d, e and 2 more"),
        (CodeVersion("1", "", None), "not a clone"),
        (CodeVersion("1", "", None, "git will not read it."), "git will not read it"),
    ],
)
def test_what_git_says_of_the_code_is_told(project, monkeypatch, code, message):
    monkeypatch.setattr("analysis.doctor.project.code_version", lambda *_: code)

    (finding,) = check_git(Request())

    assert message in finding.found
    assert (finding.outcome is Outcome.OK) == (code.changed == ())


# ---- the machine ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("free_mb", "outcome"), [(10, "fault"), (30, "warning"), (500, "ok")])
def test_room_on_the_disk_is_held_against_what_a_run_needs(project, monkeypatch, free_mb, outcome):
    with (project / "data/raw/large.csv").open("wb") as file:
        file.truncate(40_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_mb * 1_000_000))

    assert outcomes(disk.check_disk(Request()))[-1] == outcome
    assert not list((project / "reports").iterdir())


def test_a_folder_that_cannot_be_written_to_is_a_fault(project, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(FULL))

    assert outcomes(disk.check_disk(Request())) == ["fault", "fault"]
    assert not list((project / "reports").iterdir())


@pytest.mark.parametrize(("free", "outcome"), [(2**20, "warning"), (2**34, "ok")])
def test_little_memory_is_a_warning(monkeypatch, free, outcome):
    monkeypatch.setattr(disk.psutil, "virtual_memory", lambda: SimpleNamespace(available=free))

    assert outcomes(disk.check_memory()) == [outcome]


def test_a_kernel_runs_and_a_temporary_folder_that_cannot_be_used_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / ("x" * 90)))

    place, ran = kernel.check_kernel()

    assert (place.outcome, ran.subject) == (Outcome.WARNING, "kernel")
    assert ran.outcome is not Outcome.FAULT
    assert "x" * 90 in place.found


def test_a_package_that_does_not_load_is_a_fault_of_the_kernel(monkeypatch):
    monkeypatch.setattr(kernel, "_CELL", "import no_such_module")

    found = list(kernel.check_kernel())

    assert found[-1].outcome is Outcome.FAULT
    assert "no_such_module" in found[-1].found
    monkeypatch.setattr(kernels, "_temporary_places", list)
    assert outcomes(findings_of("kernel", kernel.check_kernel)) == ["fault"]


@pytest.mark.parametrize(
    ("family", "outcome"), [("Liberation Sans", "ok"), ("Arial", "ok"), ("DejaVu Sans", "warning"), ("", "warning")]
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have the font")
def test_a_font_that_is_wider_than_the_charts_allow_is_a_warning(monkeypatch, family, outcome):
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(charts, "_family", lambda _: family)

    assert outcomes(charts.check_fonts()) == [outcome]


def test_a_chart_without_its_text_is_a_fault(monkeypatch):
    monkeypatch.setattr(charts.vl_convert, "vegalite_to_svg", lambda _: "<svg></svg>")

    assert outcomes(charts.check_fonts()) == ["fault"]


# ---- extracts and reports -------------------------------------------------------------------------------------------


def test_an_empty_folder_is_the_samples_and_another_one_is_a_fault(project):
    assert outcomes(check_extracts(Request())) == ["warning"]
    assert not (project / "data/processed/sample").exists()
    (project / "mine").mkdir()
    found = findings_of("extracts", lambda: check_extracts(Request(raw=Path("mine"))))
    assert outcomes(found) == ["fault"]
    assert "holds no file" in found[0].found


def test_extracts_are_read_as_a_report_reads_them(project, real_data):
    source = next(real_data.rglob("*March 2020*.csv"))
    shutil.copy(source, project / "data/raw")
    (project / "data/raw/letter.txt").write_text("Dear all")

    first, left_out = check_extracts(Request())

    assert "March 2020 can be reported on (1 workforce)" in first.found
    assert "letter.txt" in left_out.found
    read, *rest = check_extracts(Request(period="2022-12"))
    assert "published totals" in read.found or "workforce" in read.found
    assert rest[0].outcome is Outcome.WARNING


def test_reports_that_cannot_be_read_and_runs_that_failed_are_named(project):
    for period in ("2022-03", "2022-06"):
        (project / "reports" / period).mkdir(parents=True)
        (project / "reports" / period / "facts.json").write_text("{}")
    (project / "reports/2022-06/manifest.json").write_text('{"format": 99}')
    failed = project / "reports/failed/2022-09"
    failed.mkdir(parents=True)
    (failed / "failure.html").write_text("x")

    damaged, newer, run, last = check_reports(Request())

    assert "2022-03 cannot be compared with" in damaged.found
    assert "2022-06 cannot be compared with" in newer.found
    assert "failure.html" in run.to_do
    assert last.outcome is Outcome.OK
