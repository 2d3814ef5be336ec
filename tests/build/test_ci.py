"""CI runs what a developer runs, and fails when either part fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ci(tmp_path):
    """Run .ci/run where `make` only notes what was asked; every system package counts as there or as missing."""
    (tmp_path / "project" / ".ci").mkdir(parents=True)
    shutil.copy2(ROOT / ".ci/run", tmp_path / "project/.ci/run")
    programs = tmp_path / "programs"
    programs.mkdir()
    journal = tmp_path / "journal.txt"

    def program(name: str, body: str = "exit 0") -> None:
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{journal}"\n{body}\n')
        (programs / name).chmod(0o755)

    def run(*, present: tuple[str, ...] = ("git", "chromium"), failing: str = "nothing") -> tuple[int, list[str]]:
        for name in ("python3", "dpkg", "apt-get", "sudo", *present):
            program(name, 'case "$1" in apt-get) shift;; esac; exit 0' if name == "sudo" else "exit 0")
        program("make", f'test "$1" != "{failing}"')
        for name in ("bash", "sh", "dirname"):
            if not (programs / name).exists():
                (programs / name).symlink_to(shutil.which(name))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")} | {"PATH": str(programs)}
        script = tmp_path / "project/.ci/run"
        done = subprocess.run(["bash", script], env=environment, capture_output=True, text=True, check=False)
        lines = journal.read_text().splitlines()
        return done.returncode, [line for line in lines if line.startswith(("make", "apt-get", "sudo"))]

    return run


def test_checks_and_tests_are_run_and_the_tests_come_last(ci):
    assert ci() == (0, ["make check", "make test"])


@pytest.mark.parametrize("failing", ["check", "test"])
def test_a_failure_of_either_fails_the_run_but_keeps_the_other(ci, failing):
    status, lines = ci(failing=failing)
    assert status != 0
    assert lines == ["make check", "make test"]


def test_a_missing_browser_is_installed_after_the_lists_are_fetched(ci):
    _, lines = ci(present=("git",))
    installing = [line for line in lines if "apt-get" in line]
    assert "update" in installing[0]
    assert "install" in installing[-1]
    assert installing[-1].endswith(" chromium")
