"""A clone of the project, set up as for an analyst, in which notebooks are run on the sample by their defaults."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.command import Project, copy_project


def _clone(folder: Path) -> None:
    project = copy_project(folder)
    programs = folder / ".venv" / "bin"  # the filter and the diff driver are called by this relative path
    programs.mkdir(parents=True)
    for name in ("python", "git-nbdiffdriver"):
        (programs / name).write_text(f'#!/bin/sh\nexec "{Path(sys.executable).with_name(name)}" "$@"\n')
        (programs / name).chmod(0o755)
    git(project, "init", "--quiet")
    subprocess.run([sys.executable, folder / "tools" / "git_setup.py"], check=True)
    git(project, "add", ".")
    git(project, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "A clean clone")


def git(project: Project, *arguments: str) -> str:
    """Run git in a project; what it prints."""
    done = subprocess.run(["git", *arguments], cwd=project.root, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="session")
def desk(shared_run: Callable) -> Project:
    """The clone. Its notebooks are only ever run, not edited."""
    return Project(shared_run("desk", _clone))
