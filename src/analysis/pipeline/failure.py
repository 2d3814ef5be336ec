"""What is kept and told when a notebook fails: the error, and a plain object from which the failure page is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.errors import UserError


@dataclass
class StepFailedError(Exception):
    """A notebook did not come to its end: the user error it amounts to, and where it happened."""

    error: UserError
    notebook: str
    cell_number: int | None = None
    cell_source: str = ""
    traceback_tail: str = ""


@dataclass(frozen=True)
class Failure:
    """A failed run, for the one page that tells what to do about it.

    Parameters
    ----------
    period
        The census of the report that was being made; empty when it was not known yet.
    notebook
        File name of the notebook, such as ``2_validate.ipynb``; empty when no notebook was at fault.
    cell_number
        Place of the cell in the notebook as the analyst edits it, counted from 1; ``None`` when no cell was at fault.
    cell_source
        What stands in that cell.
    parameters
        What the notebook was run with.
    kind
        ``extract``, ``validation``, ``notebook``, ``page``, ...: the kind of error (:mod:`analysis.errors`).
    what, why, fix
        The error's three parts.
    traceback_tail
        The last lines of the traceback; empty when the error is the user's to fix and needs none.
    """

    period: str
    notebook: str
    cell_number: int | None
    cell_source: str
    parameters: Mapping[str, object]
    kind: str
    what: str
    why: str
    fix: str
    traceback_tail: str = field(default="", repr=False)
