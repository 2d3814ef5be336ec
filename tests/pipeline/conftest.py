"""A toy project: its own root, tiny notebooks, and a publisher that needs no results of the real ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.publication import Publication
from analysis.pipeline.release_status import ReleaseStatus

INGEST = """
import json, pathlib
out = pathlib.Path(results)
out = out if out.is_absolute() else pathlib.Path.cwd().parent / out
(out / "ingest.json").write_text(json.dumps({"period": period or "2022-09", "synthetic": False, "inputs": []}))
"""
SHARED = 'period: str = ""  # census month\nraw: str = "data/raw"\nresults: str = "data/processed/results"\n'


def _write_notebook(path: Path, *cells: str, parameters: str = SHARED, tags: tuple[str, ...] = ()) -> Path:
    """A notebook of code cells: first its parameters (unless empty), then ``cells``, the last tagged with ``tags``."""
    made = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})] if parameters else []
    made += [nbformat.v4.new_code_cell(source) for source in cells]
    if tags:
        made[-1].metadata["tags"] = list(tags)
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    notebook = nbformat.v4.new_notebook(cells=made)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def write_notebook() -> Callable[..., Path]:
    """``write_notebook(path, *cells, parameters=..., tags=...)`` writes a notebook of code cells and returns its path."""
    return _write_notebook


@pytest.fixture
def ingest_cell() -> str:
    """The source of a cell that hands on an ``ingest.json``."""
    return INGEST


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder, the working directory, with one file in RAW and a first notebook that ingests it."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "link-worker-report"\n', encoding="utf-8")
    (root / "data/raw").mkdir(parents=True)
    (root / "data/raw/extract.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    _write_notebook(root / "notebooks/1_ingest.ipynb", INGEST)
    monkeypatch.chdir(root)
    return root


@pytest.fixture(autouse=True)
def plain_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Toy notebooks import nothing: for them a process with all libraries imported is no gain."""
    monkeypatch.setenv("ANALYSIS_KERNELS", "plain")


@pytest.fixture(autouse=True)
def toy_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """The front page lists the periods; the real one needs real manifests."""

    def write_front(reports: Path) -> None:
        periods = sorted(json.loads(path.read_text())["period"] for path in reports.glob("*/manifest.json"))
        (reports / "index.html").write_text(" ".join(periods), encoding="utf-8")

    monkeypatch.setattr("analysis.pipeline.pages_beside.write_front", write_front)


@pytest.fixture
def publish() -> Callable[[Path, list[Path], CodeVersion], Publication]:
    """A publisher that writes one line and says ``draft``."""

    def write(folder: Path, sections: list[Path], code: CodeVersion, **_: object) -> Publication:
        names = " ".join(path.name for path in sections)
        (folder / "index.html").write_text(f"sections: {names}", encoding="utf-8")
        return Publication(
            ReleaseStatus("draft", ("It is a toy.",)), synthetic=False, verdicts=(("toy", "fine"),), warnings=0
        )

    return write
