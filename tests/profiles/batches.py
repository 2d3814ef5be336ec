"""Batches of the small report, as a worker is given them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import nbformat
from profiles.conftest import PERIOD

from analysis.profiles.areas import Area, areas_of
from analysis.profiles.batch import Batch
from analysis.profiles.notebook import ProfileNotebook
from analysis.registers.roles import load_roles
from analysis.settings import project_root

NOTEBOOK = project_root() / "notebooks" / "profile.ipynb"


def report_of(small_report: Path) -> Path:
    return small_report / "reports" / PERIOD


def some_areas(small_report: Path, level: str, number: int) -> list[Area]:
    return areas_of(report_of(small_report), level, period=PERIOD, role="splw")[:number]


def notebook_with(folder: Path, *cells: tuple[str, list[str]], before: str = "") -> ProfileNotebook:
    """The notebook with further cells (source, tags) before the one with the id ``before``, or at its end."""
    made = nbformat.read(NOTEBOOK, as_version=4)
    place = next((n for n, cell in enumerate(made.cells) if cell.get("id") == before), len(made.cells))
    made.cells[place:place] = [nbformat.v4.new_code_cell(source, metadata={"tags": tags}) for source, tags in cells]
    folder.mkdir(exist_ok=True)
    nbformat.write(made, folder / NOTEBOOK.name)
    return ProfileNotebook.read(folder, load_roles(about="splw"))


def batch_of(
    small_report: Path, staging: Path, areas: Sequence[Area], notebook: ProfileNotebook | None = None
) -> Batch:
    staging.mkdir(exist_ok=True)
    manifest = json.loads((report_of(small_report) / "manifest.json").read_text(encoding="utf-8"))
    return Batch(
        report=str(report_of(small_report)),
        staging=str(staging),
        project=str(project_root()),
        run=manifest["run"],
        notebook=notebook or ProfileNotebook.read(NOTEBOOK.parent, load_roles(about="splw")),
        parameters={
            "period": PERIOD,
            "raw": str(small_report / "raw"),
            "processed": str(small_report / "processed"),
            "role": "splw",
        },
        areas=tuple(areas),
        generator="a test",
        cell_timeout=600,
    )
