"""A copy of the project's build files in a folder with an awkward name, and the tools as modules."""

from __future__ import annotations

import importlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tools(monkeypatch):
    """``tools("environment")`` imports a script of tools/ as a module, afresh."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    loaded = []

    def load(name: str):
        loaded.append(name)
        sys.modules.pop(name, None)
        return importlib.import_module(name)

    yield load
    for name in loaded:
        sys.modules.pop(name, None)


class Project:
    """A copy of the build files with a stub in place of each program of the environment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("Makefile", "pyproject.toml"):
            shutil.copy2(ROOT / name, root)
        for name in ("tools", "requirements"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("data/raw", "data/processed", "reports", "src", "tests", "docs/api"):
            (root / name).mkdir(parents=True)

    def stub(self, name: str, body: str) -> None:
        """Put a shell script in the environment."""
        program = self.root / ".venv" / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def stub_environment(self, kind: str = "dev") -> None:
        """A whole environment, to make's eyes; `analysis` prints its arguments, one a line."""
        self.stub("analysis", "printf 'ARGUMENT %s\\n' \"$@\"")
        stamp = self.root / ".venv" / f".{kind}-stamp"
        stamp.write_text(f"home={self.root}\n", encoding="utf-8")

    def make(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run make here, with nothing of the make that may be running the tests."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k not in VARIABLES}
        return subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=self.root,
            env=inherited | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def arguments(self, *command: str) -> list[str]:
        """What `analysis` was called with by a make command that succeeded."""
        done = self.make(*command)
        assert done.returncode == 0, done.stderr
        return [line.removeprefix("ARGUMENT ") for line in done.stdout.splitlines() if line.startswith("ARGUMENT ")]


VARIABLES = (
    "PERIOD",
    "RAW",
    "REPORTS",
    "STRICT",
    "QUIET",
    "DEBUG",
    "FAILED",
    "OLD",
    "NEW",
    "ID",
    "PYTHON",
    "UPGRADE",
    "TESTS",
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / 'an analyst\'s "folder" é'
    root.mkdir()
    return Project(root)
