"""Notebooks are committed without outputs, counts or traces of the machine that ran them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CELL_METADATA = {"tags", "editable", "slideshow", "jupyter", "deletable"}  # what an author writes
NOTEBOOK_METADATA = {"kernelspec", "language_info", "title", "authors", "report"}


def faults(notebook: dict) -> list[str]:
    """What a notebook holds that a commit must not."""
    cells = notebook["cells"]
    found = [f"cell {n}: outputs" for n, cell in enumerate(cells) if cell.get("outputs")]
    found += [f"cell {n}: execution count" for n, cell in enumerate(cells) if cell.get("execution_count") is not None]
    found += [
        f"cell {n}: {key}" for n, cell in enumerate(cells) for key in sorted(cell["metadata"].keys() - CELL_METADATA)
    ]
    found += [f"notebook: {key}" for key in sorted(notebook["metadata"].keys() - NOTEBOOK_METADATA)]
    if "version" in notebook["metadata"].get("language_info", {}):
        found.append("notebook: language_info.version")
    return found


def test_the_numbered_notebooks_are_there():
    assert {path.name for path in NOTEBOOKS} >= {f"{step}.ipynb" for step in STEPS}


STEPS = ("1_ingest", "2_validate", "3_analyse", "4_report")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_clean(path):
    assert faults(json.loads(path.read_text(encoding="utf-8"))) == []


def test_the_hook_agrees_that_the_notebooks_are_clean():
    assert NOTEBOOKS
    hook = [sys.executable, str(ROOT / "tools/strip_notebooks.py"), "--verify", *map(str, NOTEBOOKS)]
    done = subprocess.run(hook, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_dirty_notebook_is_found_out_by_the_test_and_by_the_hook(tmp_path):
    cell = {"cell_type": "code", "id": "a", "source": "1", "execution_count": 3, "metadata": {"papermill": {}}}
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    metadata = {"papermill": {}, "language_info": {"name": "python", "version": "3.11.7"}}
    dirty = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    assert faults(dirty) == [
        "cell 0: outputs",
        "cell 0: execution count",
        "cell 0: papermill",
        "notebook: papermill",
        "notebook: language_info.version",
    ]
    path = tmp_path / "dirty.ipynb"
    path.write_text(json.dumps(dirty), encoding="utf-8")
    hook = [sys.executable, str(ROOT / "tools/strip_notebooks.py")]
    assert subprocess.run([*hook, "--verify", str(path)], capture_output=True, check=False).returncode == 1
    subprocess.run([*hook, str(path)], capture_output=True, check=True)
    assert faults(json.loads(path.read_text(encoding="utf-8"))) == []
