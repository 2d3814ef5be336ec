"""``SHA256SUMS`` beside a report: which bytes each of its files has, so that a change is found out.

The form is that of ``sha256sum``: ``sha256sum --check SHA256SUMS`` in the folder of the report does the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UsageError

NAME = "SHA256SUMS"
PROFILES = "profiles"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True)
class Difference:
    """A file that is not as it was: ``changed``, ``missing`` or ``added``."""

    file: str
    kind: str


def checksums_of(folder: Path, *, below: bool = True) -> dict[str, str]:
    """The SHA-256 of every file under ``folder`` but this list itself, by its relative name, sorted.

    Without ``below``, of the files in it alone, and not of those in its folders.

    Pages by area (``profiles/``) are made after their report, and have lists of their own.
    """
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.glob("**/*" if below else "*") if path.is_file()
    )
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names if _is_listed(name)}


def write_checksums(folder: Path, *, below: bool = True) -> None:
    """Write ``SHA256SUMS`` into the folder of a report, of the files that :func:`checksums_of` lists."""
    lines = (f"{digest}  {name}\n" for name, digest in checksums_of(folder, below=below).items())
    (folder / NAME).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_checksums(folder: Path) -> dict[str, str]:
    """What ``SHA256SUMS`` in ``folder`` says, by the relative name of the file.

    Raises
    ------
    UsageError
        It is not there, or is no such list.
    """
    try:
        lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
        matches = [_LINE.fullmatch(line) for line in lines]
    except (OSError, UnicodeDecodeError):
        matches = []
    if not matches or not all(matches):
        raise UsageError(
            f"{folder.name}/{NAME} is not there, or is no list of checksums.",
            "Without it nobody can check whether the report was changed. Reports of earlier versions have none.",
            "Download the report again, or make it again.",
        )
    return {match[2]: match[1] for match in matches if match}


def differences(recorded: Mapping[str, str], found: Mapping[str, str]) -> list[Difference]:
    """Where two lists of checksums differ: what the first tells against what the second finds."""
    listed = []
    for name in sorted({*recorded, *found}):
        if recorded.get(name) != found.get(name):
            kind = "changed" if name in recorded and name in found else "missing" if name in recorded else "added"
            listed.append(Difference(name, kind))
    return listed


def _is_listed(name: str) -> bool:
    return name != NAME and not name.startswith(f"{PROFILES}/") and not name.rpartition("/")[2].startswith(".")
