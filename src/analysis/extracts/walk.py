"""The files under RAW, at any depth, in an order that does not depend on the machine."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from analysis.characters import printable
from analysis.errors import ExtractError
from analysis.extracts.catalogue import LeftOut
from analysis.extracts.limits import LONGEST_NAME
from analysis.folders import walk_once
from analysis.formats import SOURCE_RECORD


class NoExtracts(ExtractError):  # noqa: N818 - says what is the case; the caller may answer it with the sample
    """RAW is not there, or holds no file at all."""


@dataclass(frozen=True)
class LooseFile:
    """A file under RAW: its path, and ``file``, its path relative to RAW as it is shown."""

    path: Path
    file: str


def loose_files(raw: Path, processed: Path) -> tuple[list[LooseFile], list[LeftOut]]:
    """The files under ``raw`` to look into, and those left out by what they are on disk.

    Hidden files, READMEs and records of origin are no candidates and are not mentioned; nor is anything under
    ``processed``.

    Raises
    ------
    NoExtracts
        ``raw`` is not there or holds no file.
    ExtractError
        ``raw`` is a file, or a folder in it cannot be listed.
    """
    if not raw.exists():
        raise NoExtracts(
            f"The folder of extracts {raw} is not there.",
            "A report is made from the extracts in it.",
            "Make the folder and put the extracts in it, or name another one: make report RAW=DIR.",
        )
    if not raw.is_dir():
        raise ExtractError(
            f"RAW={raw} is a file, not a folder.",
            "Extracts are looked for in a folder, at any depth.",
            "Put the file in its own folder and give that folder: make report RAW=DIR.",
        )
    files: list[LooseFile] = []
    left_out: list[LeftOut] = []
    for path in sorted(_files(raw, processed)):
        file = _shown(path.relative_to(raw).as_posix())
        if path.name.startswith("~$"):
            left_out.append(LeftOut(file, "it is the lock file of a workbook that is open in Excel"))
        elif reason := _not_regular(path):
            left_out.append(LeftOut(file, reason))
        else:
            files.append(LooseFile(path, file))
    if not files and not left_out:
        raise NoExtracts(
            f"The folder of extracts {raw} holds no file.",
            "A report is made from the extracts in it.",
            "Put the extracts in it, or name another folder: make report RAW=DIR.",
        )
    return files, left_out


def is_passed_over(name: str) -> bool:
    """Whether a file of this name is no candidate: hidden, a README, or the record of where a file came from."""
    return name.startswith(".") or name.lower().startswith("readme") or name.endswith(SOURCE_RECORD)


def _files(raw: Path, processed: Path) -> list[Path]:
    found: list[Path] = []
    for folder, folders, names in walk_once(raw, but=processed, onerror=_unlistable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [folder / name for name in names if not is_passed_over(name)]
    return found


def _not_regular(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "it is a link to something that is not there"
    if not stat.S_ISREG(status.st_mode):
        return "it is not an ordinary file"
    # Never opened: a file of the system, such as /proc/kmsg, states no size and may be read without end.
    return "" if status.st_size else "it is empty"


def _shown(name: str) -> str:
    """A path in text that can be printed and written as UTF-8, even where the disk holds other bytes."""
    readable = os.fsencode(name).decode("utf-8", errors="replace")
    return printable(readable.replace("\n", "\ufffd"), LONGEST_NAME)


def _unlistable(error: OSError) -> None:
    raise ExtractError(
        f"The folder {error.filename} cannot be listed: {error.strerror}.",
        "Extracts in it would be missing from the report without anybody knowing.",
        "Give yourself permission to read it, or move it out of RAW.",
    ) from error
