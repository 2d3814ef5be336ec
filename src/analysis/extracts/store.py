"""Typed Parquet pieces, one for each extract, keyed by its content and by the code that read it.

An individual-level extract has two more beside its rows: its compact table (:mod:`analysis.extracts.compact`).

A piece is written beside its place and renamed into it, so that it is there whole or not at all.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import ExtractError, NotebookError
from analysis.extracts.compact import compact
from analysis.extracts.reading import Kind, Note, Reading
from analysis.file_digests import FileDigests

_KEY = b"analysis.extract"
COMPACT = ("cells", "people")
_FULL = {errno.ENOSPC, errno.EDQUOT}


@functools.cache
def reader_version() -> str:
    """A digest of the code that reads: pieces that an older reader made are not used again.

    Taken from the source, so that nobody has to remember to raise a number.
    """
    package = resources.files("analysis")
    sources = [package / "columns.py", package / "periods.py"]
    sources += [file for file in (package / "extracts").iterdir() if file.name.endswith(".py")]
    digest = hashlib.sha256()
    for source in sorted(sources, key=lambda file: file.name):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True)
class Piece:
    """What is known of a stored extract without loading its rows. ``rows``: rows by census month."""

    sha256: str
    kind: Kind
    bytes: int
    encoding: str
    synthetic: bool
    rows: Mapping[str, int]
    notes: tuple[Note, ...]

    @property
    def first_census(self) -> str:
        """The earliest census month in the extract."""
        return min(self.rows)

    @property
    def last_census(self) -> str:
        """The latest census month in the extract."""
        return max(self.rows)


@dataclass(frozen=True)
class ListedMember:
    """One member of a zip archive: its sha256 when it is an extract, else why it is none."""

    name: str
    sha256: str | None
    reason: str


class Store:
    """The pieces under ``processed/extracts``."""

    def __init__(self, processed: Path) -> None:
        self._folder = processed / "extracts"

    @functools.cached_property
    def digests(self) -> FileDigests:
        """The digests of the files that were read."""
        return FileDigests(self._folder.parent)

    def piece(self, sha256: str) -> Piece | None:
        """The piece of the content ``sha256``, when it is there and whole."""
        try:
            metadata = pq.read_schema(self._piece_path(sha256)).metadata
            entry = json.loads(metadata[_KEY])
            for part in COMPACT if entry["kind"] == "workforce" else ():
                pq.read_schema(self._piece_path(sha256, part))
        except (OSError, pa.ArrowInvalid, KeyError, TypeError):
            return None
        entry["notes"] = tuple(Note(**note) for note in entry["notes"])
        return Piece(**entry)

    def add(self, sha256: str, size: int, reading: Reading) -> Piece:
        """Store what was read from the content ``sha256``."""
        piece = Piece(sha256, reading.kind, size, reading.encoding, reading.synthetic, reading.rows, reading.notes)
        entry = json.dumps(asdict(piece), ensure_ascii=False, sort_keys=True)
        table = reading.table.replace_schema_metadata({_KEY: entry.encode("utf-8")})
        if reading.kind == "workforce":  # before the rows: where they are, their compact table is
            for part, made in zip(COMPACT, compact(reading.table), strict=True):
                self._write_table(self._piece_path(sha256, part), made)
        self._write_table(self._piece_path(sha256), table)
        return piece

    def table(self, sha256: str, columns: Sequence[str] | None = None, *, part: str = "") -> Any:
        """The rows of a piece, as a pyarrow table; or a ``part`` of its compact table, one of ``COMPACT``.

        Raises
        ------
        ExtractError
            It is not there: it was deleted, or ingest has not run since the code changed.
        """
        with self._told_when_missing(sha256):
            return pq.read_table(self._piece_path(sha256, part), columns=columns).replace_schema_metadata()

    def opened(self, sha256: str) -> Any:
        """The rows of a piece, to be read column by column: a ``pyarrow.parquet.ParquetFile``.

        Raises
        ------
        ExtractError
            As :meth:`table`.
        """
        with self._told_when_missing(sha256):
            return pq.ParquetFile(self._piece_path(sha256))

    @contextlib.contextmanager
    def _told_when_missing(self, sha256: str) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowInvalid) as error:
            raise ExtractError(
                f"The rows of the extract with sha256 {sha256[:12]} are not under {self._folder.name}/, or damaged.",
                "They were deleted since ingest ran, or the reader has changed.",
                "Run the ingest step again (make report does).",
            ) from error

    def listing(self, sha256: str) -> tuple[ListedMember, ...] | None:
        """What the zip archive ``sha256`` was found to hold, when all its extracts have their pieces."""
        try:
            entries = json.loads(self._listing_path(sha256).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        members = tuple(ListedMember(**entry) for entry in entries)
        return members if all(m.sha256 is None or self.piece(m.sha256) for m in members) else None

    def add_listing(self, sha256: str, members: Sequence[ListedMember]) -> None:
        """Remember what the zip archive ``sha256`` holds, so that it need not be unpacked again."""
        text = json.dumps([asdict(member) for member in members], ensure_ascii=False, indent=1)
        self._write(self._listing_path(sha256), lambda path: path.write_text(text, encoding="utf-8"))

    def _piece_path(self, sha256: str, part: str = "") -> Path:
        return self._folder / f"{sha256}.{reader_version()}{part and f'.{part}'}.parquet"

    def _listing_path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.{reader_version()}.zip.json"

    def _write_table(self, path: Path, table: Any) -> None:
        self._write(path, lambda partial: pq.write_table(table, partial, compression="zstd"))

    def _write(self, path: Path, write: Callable[[Path], object]) -> None:
        partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write(partial)
            partial.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            # A full disk is no fault of the extract: it has the exit code that it has wherever else it is met.
            kind = NotebookError if error.errno in _FULL else ExtractError
            reason = os.strerror(error.errno) if error.errno else str(error)  # pyarrow's own text is long
            raise kind(
                f"The typed copy of an extract cannot be written under {self._folder}: {reason}.",
                "Without it nothing can be analysed; no half-written copy is left behind.",
                "Free some disk space, or make the folder writable, and run again.",
            ) from error
