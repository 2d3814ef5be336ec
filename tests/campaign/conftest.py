"""Long attempts to break a run, by `make campaign`: kills at seeded moments, and disks that fill up at every stage."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e.command import Project, copy_project


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here, so that `make test` leaves it out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.campaign)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Project:
    """A copy of the project with the first extract of the series in its data/raw and its report made."""
    project = copy_project(tmp_path_factory.mktemp("campaign"))
    source = next(real_data.rglob("*March 2020*.csv"))
    (project.root / "data" / "raw" / source.name).write_bytes(source.read_bytes())
    project.report("--period", "2020-03")
    return project
