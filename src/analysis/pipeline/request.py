"""A report asked for, in the words of the command; quick to import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.columns import DEFAULT_ROLE
from analysis.settings import PROCESSED, RAW, project_root

# A cell of the report takes seconds; reading years of monthly extracts on a slow disk may take minutes. Half an hour is
# beyond any honest run, and still ends a run that hangs before the next scheduled one.
CELL_TIMEOUT_SECONDS = 1800


@dataclass(frozen=True)
class Request:
    """A report asked for.

    Parameters
    ----------
    period
        Census month ``YYYY-MM``; empty for the latest in ``raw``.
    raw
        The folder with the extracts. A relative path starts at the working directory, as it does for any command;
        ``None`` is the project's own.
    reports
        The folder that the report is put into.
    parameters
        Further parameters that notebooks declare, as text or typed.
    strict
        Fail unless the report comes out final.
    role
        What the report is about: code of a role or group of the register.
    notebooks, processed
        The notebooks to run and the folder of typed pieces; ``None`` for the project's own.
    cell_timeout
        Seconds that one cell may take.
    fresh
        Do every step again, also those of which nothing has changed.
    """

    period: str = ""
    raw: Path | None = None
    reports: Path = Path("reports")
    parameters: Mapping[str, object] = field(default_factory=dict)
    strict: bool = False
    role: str = DEFAULT_ROLE
    notebooks: Path | None = None
    processed: Path | None = None
    cell_timeout: int = CELL_TIMEOUT_SECONDS
    fresh: bool = False


def raw_as_given(request: Request) -> str:
    """The raw folder in the words of a notebook parameter: seen from the project's root wherever that is possible."""
    return RAW if request.raw is None else from_root(request.raw)


def processed_as_given(request: Request) -> str:
    """The folder of typed pieces in the words of a notebook parameter."""
    return PROCESSED if request.processed is None else from_root(request.processed)


def from_root(path: Path) -> str:
    """``path`` as notebooks take it: relative to the project's root, unless it was given as a full path outside it."""
    root = project_root()
    # A link stays as it was given: where it leads is this machine's own. Only a link that the project itself is reached
    # through must be seen through.
    full = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - Path.resolve() follows links
    if not full.is_relative_to(root) and full.resolve().is_relative_to(root):
        full = full.resolve()
    if path.is_absolute() and not full.is_relative_to(root):
        return full.as_posix()
    try:
        return Path(os.path.relpath(full, root)).as_posix()
    except ValueError:  # another drive on Windows
        return full.as_posix()
