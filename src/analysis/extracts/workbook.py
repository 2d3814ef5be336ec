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

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from analysis.errors import ExtractError

# What openpyxl, and zipfile below it, raise on a damaged or encrypted workbook: there is no one error for that.
# (Bad XML is a SyntaxError, an unknown compression a RuntimeError, a nonsense offset a ValueError.)
_DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError,
    AttributeError, LookupError, RuntimeError, SyntaxError, TypeError, ValueError,
)  # fmt: skip

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
    """The values of the sheets of these ``names``; rows end at their last filled cell.

    Raises
    ------
    ExtractError
        It cannot be opened, or one of the sheets cannot be read.
    """
    with _opened(file, data) as workbook:
        return {name: _values(workbook[name]) for name in names}


def _values(sheet: Any) -> Rows:
    if not hasattr(sheet, "reset_dimensions"):  # a sheet that is a chart has no cells
        return []
    # The stated size of a sheet may be wrong, and rows would be filled up to it: a million by sixteen thousand.
    sheet.reset_dimensions()
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@contextlib.contextmanager
def _opened(file: str, data: bytes) -> Iterator[Any]:
    try:
        with warnings.catch_warnings():
            # openpyxl remarks on styles and extensions it does not keep; we read values only.
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                yield workbook
            finally:
                workbook.close()
    except _DAMAGED as error:
        raise ExtractError(
            f"{file} cannot be read as a workbook ({type(error).__name__}: {' '.join(str(error).split())[:120]}).",
            "It begins like one and is damaged or cut short, as an interrupted download is.",
            "Download it again and replace the file, or move it out of RAW.",
        ) from error
