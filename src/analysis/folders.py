"""Walking through folders, links to folders included; writing a file in one whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

NEW = ".new-"


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


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file, text in UTF-8, so that who reads it at any time finds the old or the new one whole.

    Several processes may write it at once; the last one stands. A process that is killed may leave a file whose name
    begins with ``NEW``.
    """
    new = path.with_name(f"{NEW}{path.name}.{secrets.token_hex(4)}")
    try:
        new.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)  # half written on a full disk
