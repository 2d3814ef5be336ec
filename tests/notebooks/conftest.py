"""A clone of the project in which notebooks are run on the sample by their defaults, and an analysis made in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.command import Project
from notebooks.clone import make_clone, papermill


@pytest.fixture(scope="session")
def desk(shared_run: Callable) -> Project:
    """The clone. Its notebooks are only ever run, not edited."""
    return Project(shared_run("desk", make_clone))


@pytest.fixture(scope="session")
def of_june(desk: Project, shared_run: Callable) -> Path:
    """A folder with ``out.ipynb``: the analysis of June 2022, without another notebook run before it."""

    def run(folder: Path) -> None:
        ended = papermill(desk, "3_analyse", folder / "out.ipynb", "-p", "period", "2022-06")
        if ended.returncode:
            raise RuntimeError(ended.stderr)

    return shared_run("of-june", run)
