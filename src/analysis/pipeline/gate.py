"""The gate of the validation, as the pipeline keeps it: whatever a notebook does, nothing goes on without it."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import GateError
from analysis.formats import VALIDATION
from analysis.pipeline.json_files import read_json


def require_gate(folder: Path) -> None:
    """Let nothing on from a folder of results whose validation found a critical failure, whatever its notebook did.

    Raises
    ------
    GateError
        When ``validation.json`` is there and says so.
    """
    if read_json(folder / VALIDATION).get("passed", True):
        return
    raise GateError(
        "Validation found a critical failure, but its notebook did not stop.",
        "Figures made from these extracts would be wrong.",
        "Restore the cell with the gate (`git diff notebooks` shows what was changed), and see validation.html.",
    )
