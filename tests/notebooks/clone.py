"""A clone of the project, set up as for an analyst, and what is run in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from e2e.command import PATIENCE_SECONDS, Project, copy_project


def make_clone(folder: Path) -> None:
    """Copy the project into ``folder`` as a git repository with the filter and the diff driver of notebooks."""
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


def papermill(project: Project, name: str, output: Path, *parameters: str) -> subprocess.CompletedProcess[str]:
    """Run ``papermill notebooks/NAME.ipynb OUTPUT PARAMETERS`` from the project's root."""
    return subprocess.run(
        [sys.executable, "-m", "papermill", "--no-progress-bar", f"notebooks/{name}.ipynb", str(output), *parameters],
        cwd=project.root,
        env=project.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
