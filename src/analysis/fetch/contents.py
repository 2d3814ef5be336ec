"""What a downloaded file holds, told by the project's own readers: the right layout, and the right census."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

from analysis.errors import ExtractError
from analysis.extracts.examine import examine
from analysis.extracts.store import Store
from analysis.extracts.walk import LooseFile, loose_files
from analysis.fetch.errors import FetchError
from analysis.periods import month_label

_WORDS = {
    "workforce": "an individual-level extract",
    "bulletin": "bulletin tables",
    "patients": "registered patients",
    "practice_map": "the map of practices to networks",
}


def require_contents(path: Path, name: str, kind: str, month: str, store: Store) -> None:
    """Read a downloaded file, and refuse it unless it is whole and holds ``kind`` for ``month``.

    What was read is kept in ``store``, so that a report does not read it again.

    Raises
    ------
    FetchError
        It is damaged, of another layout, or of another month.
    """
    try:
        extracts, left_out = examine(LooseFile(path, name), store)
    except ExtractError as error:
        raise FetchError(error.what, error.why, _MEND) from error
    _require_whole(path, name)
    months = {month for extract in extracts if extract.piece.kind == kind for month in extract.piece.rows}
    if not months:
        reasons = [entry.reason for entry in left_out] or [_WORDS.get(e.piece.kind, e.piece.kind) for e in extracts]
        raise FetchError(
            f"{name} was to hold {_WORDS[kind]}, and does not: {'; '.join(reasons[:3])}.",
            "The publisher's page links to it under a name of this kind, and a report could not use it.",
            _MEND,
        )
    if month not in months:
        raise FetchError(
            f"{name} holds {_WORDS[kind]} of {month_label(max(months))}, not of {month_label(month)}.",
            "One month under another's name would be counted as that month.",
            _MEND,
        )


def _require_whole(path: Path, name: str) -> None:
    """Check the members of a zip that no report reads, too: a guide cut in half says that the file is not whole."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except (*_DAMAGED, NotImplementedError, RuntimeError) as error:
        raise FetchError(f"{name} is damaged: {str(error).rstrip('.')}.", _CUT, _MEND) from error
    if damaged:
        raise FetchError(f"{name} is damaged: {damaged!r} in it does not match its checksum.", _CUT, _MEND)


def censuses_held(raw: Path, store: Store) -> set[str]:
    """The censuses of which ``raw`` holds an individual-level extract; a file that cannot be read holds none."""
    if not raw.is_dir() or not any(raw.iterdir()):
        return set()
    held: set[str] = set()
    for loose in loose_files(raw, raw / ".none")[0]:
        try:
            extracts, _ = examine(loose, store)
        except ExtractError:
            continue
        held |= {month for e in extracts if e.piece.kind == "workforce" for month in e.piece.rows}
    return held


# Beside its own error, zipfile lets through what damaged sizes, offsets and contents lead to.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError, ValueError, struct.error)
_CUT = "A file that is cut short or changed on the way gives wrong figures, or none."
_MEND = (
    "Open the edition's page in a browser and look at the file. If it is right, put it into RAW yourself; if the "
    "publisher has put the wrong file there, tell them."
)
