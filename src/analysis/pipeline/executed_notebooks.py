"""Executed notebooks as they are kept: without times and staging paths, ready to be opened where they lie."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import nbformat

from analysis.pipeline.code_cells import INJECTED_TAG, tags_of
from analysis.pipeline.notebooks import load

_FOLDER_OF_RUN = "results = "


def tidy_notebook(path: Path, output: Path, places: Mapping[str, str]) -> None:
    """Write an executed notebook to ``output`` without papermill's times, with each of ``places`` where it now lies.

    ``places`` maps a text, such as the staging folder, to what shall stand instead, the longest first.
    """
    notebook = load(path)
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for volatile in ("papermill", "execution"):
            cell.metadata.pop(volatile, None)
        if INJECTED_TAG in tags_of(cell):
            cell["id"] = INJECTED_TAG  # papermill gives it a new one at random in every run
            # The folder in which the report was made is gone: opened again, the notebook has its run in its own.
            lines = cell.source.splitlines()
            cell.source = "\n".join(line for line in lines if not line.startswith(_FOLDER_OF_RUN))
    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]  # nbformat has no types
    for place, instead in sorted(places.items(), key=lambda pair: -len(pair[0])):
        for written in {place, _as_papermill_writes(place)}:
            text = text.replace(_in_json(written), _in_json(instead))
    output.write_text(text + "\n", encoding="utf-8")


def _as_papermill_writes(text: str) -> str:
    """A text as it stands in the cell of injected parameters: in ASCII."""
    return text.encode("unicode_escape").decode("ascii")


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
