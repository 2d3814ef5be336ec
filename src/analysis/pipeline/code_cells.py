"""Which cells of a notebook its outputs depend on: a notebook runs again when one of them changes.

Markdown and raw cells are not executed. They are the text of the notebook: it can change while the outputs stay.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

INJECTED_TAG = "injected-parameters"  # of the cell that papermill adds, which sets the parameters
PARAMETERS_TAG = "parameters"
_TEXT = ("markdown", "raw")
# Papermill looks for these tags on every kind of cell, and puts its own cell after or in the place of what it finds.
_FOR_PAPERMILL = {PARAMETERS_TAG, INJECTED_TAG}


def matters(cell: Any) -> bool:
    """Whether the outputs of a notebook depend on a cell of it, as JSON or as ``nbformat`` gives it."""
    return cell["cell_type"] not in _TEXT or bool(_FOR_PAPERMILL & tags_of(cell))


def tags_of(cell: Any) -> set[str]:
    """The tags of a cell."""
    return set(cell["metadata"].get("tags", []))


def code_digest(path: Path) -> str:
    """The digest of a notebook without its text; of the whole file where it is no notebook of the present format.

    What counts is all that is left: code, order, ids, tags and other metadata of cells, kernel, and format.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return "missing"
    try:
        notebook = json.loads(content)
        notebook["cells"] = [cell for cell in notebook["cells"] if matters(cell)]
        content = json.dumps(notebook, sort_keys=True).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass  # what is wrong with it is told when it is read
    return hashlib.sha256(content).hexdigest()
