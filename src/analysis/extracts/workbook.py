"""An Excel workbook as rows of values, and one kind of error whatever is wrong with it."""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import ARC_STYLE, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from analysis.errors import ExtractError

# What openpyxl, and zipfile below it, raise on a damaged or encrypted workbook: there is no one error for that.
# (Bad XML is a SyntaxError, an unknown compression a RuntimeError, a nonsense offset a ValueError.)
_DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError,
    AttributeError, LookupError, RuntimeError, SyntaxError, TypeError, ValueError,
)  # fmt: skip

# Ten times what the tables have: 304 rows, 49 columns in November 2025, and less than a megabyte a part. Beyond them
# nothing is read: a stray cell in the last column of a sheet, or in row 2,000,000,000, must not fill the memory.
MAX_ROWS, MAX_COLUMNS = 3_000, 500
MAX_PART_BYTES = 50 * 1024**2

Rows = list[list[Any]]


def cell_name(row: int, column: int) -> str:
    """``cell_name(4, 2)`` is ``C4``: rows are counted from 1, columns from 0."""
    return f"{get_column_letter(column + 1)}{row}"


def sheet_names(file: str, data: bytes) -> list[str]:
    """The names of the sheets, in order.

    Raises
    ------
    ExtractError
        It cannot be opened.
    """
    with _opened(file, data) as workbook:
        return list(workbook.sheetnames)


def read_sheets(file: str, data: bytes, names: Iterable[str]) -> dict[str, Rows]:
    """The values of the sheets of these ``names``, in their first ``MAX_ROWS`` rows and ``MAX_COLUMNS`` columns.

    Raises
    ------
    ExtractError
        It cannot be opened, or one of the sheets cannot be read.
    """
    with _opened(file, data) as workbook:
        return {name: _values(workbook[name]) for name in names}


def largest_part(data: bytes) -> int:
    """The size of the largest part of a workbook, unpacked, as its directory states it; 0 when it has none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return max((info.file_size for info in archive.infolist()), default=0)


def _values(sheet: Any) -> Rows:
    if not hasattr(sheet, "reset_dimensions"):  # a sheet that is a chart has no cells
        return []
    # The stated size of a sheet may be wrong, and rows would be filled up to it: a million by sixteen thousand. So are
    # the rows and columns before a cell that lies far out, which is why a limit is given for both.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
    return [_without_empty_end(row) for row in rows]


def _without_empty_end(row: Iterable[Any]) -> list[Any]:
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _with_plain_styles(data: bytes) -> bytes:
    """The workbook with nothing left of its styles but the formats of numbers, which tell a date from a number.

    openpyxl refuses a workbook for an oddity of a font or a fill, for example an empty ``<fill/>``, which Excel opens.
    """
    plain = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(plain, "w") as copy,
    ):
        for info in archive.infolist():
            content = archive.read(info)
            copy.writestr(info.filename, _plain_styles(content) if info.filename == ARC_STYLE else content)
    return plain.getvalue()


def _plain_styles(content: bytes) -> bytes:
    styles = fromstring(content)
    plain = ET.Element(f"{{{SHEET_MAIN_NS}}}styleSheet")
    for part in styles:
        if part.tag == f"{{{SHEET_MAIN_NS}}}numFmts":
            plain.append(part)
        if part.tag == f"{{{SHEET_MAIN_NS}}}cellXfs":
            formats = ET.SubElement(plain, part.tag)
            for cell in part:
                ET.SubElement(formats, cell.tag, numFmtId=cell.get("numFmtId", "0"))
    return ET.tostring(plain)


@contextlib.contextmanager
def _opened(file: str, data: bytes) -> Iterator[Any]:
    try:
        with warnings.catch_warnings():
            # openpyxl remarks on extensions it does not keep; we read values only.
            warnings.simplefilter("ignore")
            try:
                workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            except (AttributeError, LookupError, TypeError, ValueError):
                workbook = openpyxl.load_workbook(io.BytesIO(_with_plain_styles(data)), read_only=True, data_only=True)
            try:
                yield workbook
            finally:
                workbook.close()
    except _DAMAGED as error:
        raise ExtractError(
            f"{file} cannot be read as a workbook ({type(error).__name__}: {' '.join(str(error).split())[:120]}).",
            "It begins like one and is damaged or cut short, as an interrupted download is; or a program wrote it in a "
            "way that cannot be read here.",
            "Open it in Excel and save it again, download it again, or move it out of RAW.",
        ) from error
