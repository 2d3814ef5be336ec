"""Walking through folders, links to folders included."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path


def walk_once(
    top: Path, but: Path | None = None, onerror: Callable[[OSError], object] | None = None
) -> Iterator[tuple[Path, list[str], list[str]]]:
    """``os.walk`` through links to folders, so that extracts kept elsewhere can be used, without going in a circle.

    Each folder is entered once, and ``but`` not at all. As with ``os.walk``, names that are taken out of the list of
    folders are not entered.
    """
    entered = {_identity(but)} if but is not None and but.exists() else set()
    for name, folders, names in os.walk(top, followlinks=True, onerror=onerror):
        folder = Path(name)
        if _identity(folder) in entered:
            folders.clear()
            continue
        entered.add(_identity(folder))
        yield folder, folders, names


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino
