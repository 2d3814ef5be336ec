"""Zip files and workbooks with the same bytes every time: no clock, no platform, no compressor in them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import xlsxwriter

ZIP_TIME = (2022, 8, 12, 9, 30, 0)
_UNIX = 3


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of ``members``, in their order.

    Stored, not deflated: zlib and its replacements in newer Python builds do not compress to the same bytes.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.create_system = _UNIX  # else the platform's own number
            entry.external_attr = 0o644 << 16
            file.writestr(entry, content)
    return archive.getvalue()


class WorkbookBytes:
    """Holds the bytes of a workbook once `workbook` has closed it."""

    content: bytes = b""


@contextmanager
def workbook(title: str) -> Iterator[tuple[xlsxwriter.Workbook, WorkbookBytes]]:
    """A workbook to write into, and where its bytes are after the ``with`` block."""
    buffer, result = io.BytesIO(), WorkbookBytes()
    # text from lists is written as text: a leading "=" makes no formula, an address no link
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    created = dt.datetime(*ZIP_TIME, tzinfo=dt.UTC).replace(tzinfo=None)
    book.set_properties({"title": title, "created": created})
    yield book, result
    book.close()
    with zipfile.ZipFile(buffer) as parts:
        result.content = zipped({name: parts.read(name) for name in parts.namelist()})
