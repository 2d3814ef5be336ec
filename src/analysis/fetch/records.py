"""The record beside each downloaded file: where it came from, when, how large, which content, under which licence."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis import formats


@dataclass(frozen=True)
class SourceRecord:
    """Where a file under RAW came from.

    Parameters
    ----------
    address
        Where it was downloaded from.
    page
        The page that links to it.
    what
        ``individual``, ``bulletin``, ``patients`` or ``map``.
    publication
        The name of the series.
    edition
        The month in the name of the edition, ``YYYY-MM``.
    fetched
        When, in UTC, ISO 8601.
    bytes, sha256
        The size and checksum of the content.
    licence
        The licence it is published under.
    etag, last_modified
        What the server says to tell one content from another; empty when it says nothing.
    """

    address: str
    page: str
    what: str
    publication: str
    edition: str
    fetched: str
    bytes: int
    sha256: str
    licence: str
    etag: str = ""
    last_modified: str = ""

    def write_beside(self, path: Path) -> None:
        """Write the record of ``path``, whole or not at all."""
        beside = record_path(path)
        new = beside.with_name(f".{beside.name}-{os.getpid()}")
        content = formats.with_format(formats.SOURCE_RECORD, asdict(self))
        new.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        new.replace(beside)


def record_path(path: Path) -> Path:
    """Where the record of a file lies."""
    return path.with_name(path.name + formats.SOURCE_RECORD)


def records_under(raw: Path) -> Iterator[tuple[Path, SourceRecord]]:
    """The files under ``raw`` that have a record, with their records; one that cannot be read is passed over."""
    for beside in sorted(raw.rglob(f"*{formats.SOURCE_RECORD}")):
        path = beside.with_name(beside.name.removesuffix(formats.SOURCE_RECORD))
        with contextlib.suppress(OSError, ValueError, TypeError, formats.NewerFormatError):
            content = json.loads(beside.read_text(encoding="utf-8"))
            record = SourceRecord(**formats.to_current(formats.SOURCE_RECORD, content))
            if path.is_file():
                yield path, record
