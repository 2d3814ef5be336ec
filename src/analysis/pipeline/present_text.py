"""The text of an executed notebook that is taken over from an earlier run: that of its source as it is now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

from analysis.pipeline.code_cells import INJECTED_TAG, matters, tags_of
from analysis.pipeline.notebooks import load

# Of the cells that papermill adds to a notebook that failed, and takes out of one that it runs.
_ERROR_TAG = "papermill-error-cell-tag"


def put_present_text(executed: Path, source: Path) -> None:
    """Give an executed notebook the Markdown and raw cells of ``source`` in their present order.

    Its other cells, with their outputs, must be those of ``source``: then the file is as if ``source`` had been run.

    Raises
    ------
    ValueError
        When they are not.
    """
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    present = _as_papermill_reads(source)
    executed_cells = iter(_with_injected(notebook["cells"], present))
    notebook["cells"] = [each for cell in present for each in (next(executed_cells) if matters(cell) else [cell])]
    executed.write_text(json.dumps(notebook, ensure_ascii=False) + "\n", encoding="utf-8")


def _as_papermill_reads(source: Path) -> list[Any]:
    """The cells of a notebook as papermill runs them. It is not imported for it: that takes a second."""
    cells = nbformat.v4.upgrade(load(source)).cells  # type: ignore[no-untyped-call]  # nbformat has no types
    for cell in cells:
        cell.metadata.setdefault("tags", [])
    return [cell for cell in cells if _ERROR_TAG not in tags_of(cell)]


def _with_injected(executed: list[Any], present: list[Any]) -> list[list[Any]]:
    """The executed cells that match those of the source one to one; each with papermill's own cell after it, if any."""
    found: list[list[Any]] = []
    is_in_source = any(INJECTED_TAG in tags_of(cell) for cell in present)
    for cell in filter(matters, executed):
        if found and INJECTED_TAG in tags_of(cell) and not is_in_source:
            found[-1].append(cell)
        else:
            found.append([cell])
    if len(found) != sum(map(matters, present)):
        raise ValueError("the executed notebook has other cells than its source")
    return found
