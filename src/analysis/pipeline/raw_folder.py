"""Which folder to ingest: the publisher's extracts, or the synthetic sample made in their stead."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from analysis.errors import ExtractError, UsageError
from analysis.folders import walk_once
from analysis.settings import PROCESSED, RAW, resolve

# What may lie in an empty folder without making it less empty.
_NO_EXTRACTS = ("readme.md", "readme.txt")
_MADE_WITH = ".made-with"


def resolve_raw(raw: str | Path = RAW, processed: str | Path = PROCESSED) -> Path:
    """The folder to ingest: ``raw``, or the synthetic sample when ``raw`` is the default folder and holds nothing.

    The sample is made when it is missing or not current.

    Raises
    ------
    ExtractError
        When another folder is missing, is a file, or holds no file.
    """
    return folder_to_ingest(raw, processed) or current_sample(resolve(processed) / "sample")


def folder_to_ingest(raw: str | Path, processed: str | Path) -> Path | None:
    """As :func:`resolve_raw`, and makes nothing: ``None`` for a sample that has to be made first.

    Only the default folder may stand for the sample: a mistyped path must never quietly make a synthetic report.

    Raises
    ------
    ExtractError
        When another folder is missing, is a file, or holds no file.
    """
    folder = resolve(raw)
    if _holds_a_file(folder):
        return folder
    if folder == resolve(RAW) and (folder.is_dir() or not folder.exists()):
        sample = resolve(processed) / "sample"
        return sample if _is_current_sample(sample, full=False) else None
    fault = "holds no file" if folder.is_dir() else "is a file, not a folder" if folder.exists() else "does not exist"
    raise ExtractError(
        f"RAW is {str(raw)!r}, which {fault}.",
        "A report is made from the extracts in that folder, and there are none to read.",
        f"Put the extracts there, correct RAW, or leave it out to use {RAW} (the synthetic sample when that is empty).",
    )


def current_sample(folder: Path, *, full: bool = False) -> Path:
    """The synthetic sample in ``folder``: made when it is missing, and again when its maker or calibration changed.

    A whole sample also serves where ``full`` is not asked for.
    """
    if not _is_current_sample(folder, full=full):
        write_sample_to(folder, full=full)
    return folder


def _is_current_sample(folder: Path, *, full: bool) -> bool:
    marker = folder / _MADE_WITH
    made_with = marker.read_text(encoding="utf-8") if marker.is_file() else ""
    return made_with in {_fingerprint(full=True), _fingerprint(full=full)}


def write_sample_to(folder: Path, *, full: bool = False) -> None:
    """Write the synthetic sample, whole when ``full``, to ``folder``, in the place of an earlier sample there.

    Raises
    ------
    UsageError
        When the folder holds something that is not a sample: other people's files are not overwritten.
    """
    from analysis.sample import write_sample  # noqa: PLC0415 - rarely needed, and slow to import

    if folder.exists() and not (folder / _MADE_WITH).is_file() and not _is_empty_folder(folder):
        raise UsageError(
            f"{folder.name} is there already, and it is not a sample.",
            "The sample replaces what is in its folder; extracts or other files must not be lost.",
            "Give a new folder, or move away what is there.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sample-", dir=folder.parent) as new:
        made = Path(new) / folder.name
        write_sample(made, full=full)
        (made / _MADE_WITH).write_text(_fingerprint(full=full), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _fingerprint(*, full: bool) -> str:
    """What the sample is a function of: the code that makes it, the totals it is calibrated to, and its extent."""
    package = Path(__file__).resolve().parents[1]
    made_of = [*package.glob("sample/*"), *package.glob("registers/*")]
    digest = hashlib.sha256(b"full" if full else b"")
    for path in sorted(path for path in made_of if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _holds_a_file(folder: Path) -> bool:
    """Whether a folder holds a file that is no README, at any depth and behind links, as ingest looks for them."""
    for _, folders, names in walk_once(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if any(not name.startswith(".") and name.lower() not in _NO_EXTRACTS for name in names):
            return True
    return False
