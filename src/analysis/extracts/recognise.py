"""What a file is, told by its content and never by its name or folder."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.columns import INDIVIDUAL_TO_TIDY
from analysis.errors import ExtractError
from analysis.extracts import bulletin, deprivation, patients, practice_map
from analysis.extracts.delimited import clipped, first_line, folded, split_header
from analysis.extracts.neighbours import known_csv, known_workbook
from analysis.extracts.reading import Kind
from analysis.extracts.workbook import Workbook, size_beyond_limits

_LISTS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("patients", patients.NEEDED),
    ("practice_map", practice_map.NEEDED),
    ("deprivation", deprivation.NEEDED),
)
_OLD_AREAS = {"ccg_code", "stp_code"}
HEAD_BYTES = 65_536  # far more than a header line, so that a file of any size is told by a short look
# So many of the sixteen columns make a file an individual-level extract with faults, which must be mended, rather
# than a file of another kind, which may be left out.
FAULTY_FROM = 10
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OTHER_STARTS = {
    b"%PDF": "it is a PDF document",
    b"\xd0\xcf\x11\xe0": "it is a workbook of the old .xls format, or one protected by a password",
    b"\x1f\x8b": "it is a gzip archive: only zip archives are opened",
    b"7z\xbc\xaf": "it is a 7z archive: only zip archives are opened",
    b"Rar!": "it is a RAR archive: only zip archives are opened",
    b"PAR1": "it is a Parquet file, not one as published",
    b"\x89PNG": "it is a picture",
}


@dataclass(frozen=True)
class Recognition:
    """What a file is, as far as its first bytes tell."""

    kind: Kind | Literal["archive", "other"]
    reason: str = ""


def recognise_head(file: str, head: bytes) -> Recognition:
    """Tell what a file is by its first bytes. ``reason`` says why an ``other`` is no extract.

    Raises
    ------
    ExtractError
        It is an individual-level extract that cannot be read as it is: UTF-16, not separated by commas, or of the first
        editions, on areas that were replaced.
    """
    if head.startswith(_ZIP_STARTS):
        return Recognition("archive")
    known = [reason for start, reason in _OTHER_STARTS.items() if head.startswith(start)]
    if known or not head:
        return Recognition("other", known[0] if known else "it is empty")
    utf16 = _utf16_header(head)
    if utf16 is not None:
        return _recognise_utf16(file, utf16)
    line = first_line(head.decode("utf-8-sig", errors="replace"))
    # An extract with damage in it must be mended and not left out; reading it says where the damage is.
    if b"\x00" in head and _best_match(line)[0] < FAULTY_FROM:
        return Recognition("other", "it is neither text, nor a workbook, nor a zip archive")
    if line.lstrip().startswith("<"):
        return Recognition("other", "it is a web page or XML, perhaps saved in place of the file")
    return _recognise_header(file, line)


def _recognise_utf16(file: str, line: str) -> Recognition:
    if _best_match(line)[0] >= FAULTY_FROM:
        raise ExtractError(
            f"{file} is an individual-level extract saved as UTF-16.",
            "The publisher's files are UTF-8 or Windows-1252; one in UTF-16 was saved by another program.",
            "Download the file again, or save it as CSV UTF-8.",
        )
    return Recognition("other", "it is UTF-16 text, not an extract")


def _recognise_header(file: str, line: str) -> Recognition:
    matching, delimiter = _best_match(line)
    header = split_header(line, delimiter)
    if reason := known_csv(header):
        return Recognition("other", reason)
    _refuse_first_editions(file, header)
    if matching >= FAULTY_FROM:
        if delimiter != ",":
            raise ExtractError(
                f"{file} is an individual-level extract whose columns are separated by {delimiter!r}.",
                "The publisher separates them by commas; another separator means a spreadsheet has saved the file, "
                "and may have changed its figures.",
                "Download the file again.",
            )
        return Recognition("workforce")
    columns = {folded(name) for name in split_header(line)}
    for kind, needed in _LISTS:
        if all(folded(name) in columns for name in needed):
            return Recognition(kind)
    missing = [name for name in patients.NEEDED if folded(name) not in columns]
    # Half of them: other files of the registered patients publication (by single age, by all) share five to seven.
    if len(missing) <= len(patients.NEEDED) // 2:
        return Recognition("other", f"it resembles registered patients, but lacks the column {', '.join(missing)}")
    if matching:
        return Recognition(
            "other",
            f"its first line has {matching} of the {len(INDIVIDUAL_TO_TIDY)} columns of an individual-level CSV",
        )
    return Recognition(
        "other", "its first line has none of the columns of an individual-level CSV, nor those of a list of patients"
    )


def _refuse_first_editions(file: str, header: Sequence[str]) -> None:
    """Stop at an individual-level extract on CCGs and STPs, as the editions before June 2022 were first published."""
    columns = {folded(name) for name in header}
    now = {"sub_icb_code", "icb_code"}
    if {"pcn_code", "fte"} <= columns and _OLD_AREAS & columns and not now & columns:
        raise ExtractError(
            f"{file} is a first edition of an individual-level extract, on CCGs and STPs.",
            "These areas were replaced in July 2022. Every extract since March 2020 was published again on ICBs with "
            "the June 2022 edition.",
            "Use the file of that edition, and move this one out of RAW.",
        )


def _best_match(line: str) -> tuple[int, str]:
    """How many of the sixteen columns a header line has, by the separator that finds most of them."""
    known = {name.casefold() for name in INDIVIDUAL_TO_TIDY}
    found = [
        (len(known & {cell.strip().casefold() for cell in split_header(line, delimiter)}), delimiter)
        for delimiter in (",", ";", "\t", "|")
    ]
    return max(found, key=lambda entry: entry[0])


def _utf16_header(head: bytes) -> str | None:
    """The first line of text that is UTF-16: marked as such, or with a zero byte beside each letter."""
    even = head[: len(head) // 2 * 2]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return first_line(even.decode("utf-16", errors="replace"))
    for encoding, zeros in (("utf-16-le", even[1:80:2]), ("utf-16-be", even[0:80:2])):
        if zeros and not any(zeros):
            return first_line(even.decode(encoding, errors="replace"))
    return None


def recognise_workbook(book: Workbook) -> str | None:
    """``None`` when a workbook holds bulletin tables, else the reason why it is no extract.

    Raises
    ------
    ExtractError
        It cannot be opened.
    """
    if reason := _none_at_a_glance(book):
        return reason
    names = book.names
    name = bulletin.table_1a(names)
    sheets = {each: book.rows(each) for each in [*names[:1], *filter(None, [name])]}
    if bulletin.is_bulletin(sheets, names):
        return None
    titles = [text for rows in sheets.values() for text in bulletin.title_of(rows)]
    if reason := known_workbook(names, titles):
        return reason
    listed = ", ".join(repr(clipped(name)) for name in names[:6]) + (", ..." if len(names) > 6 else "")  # noqa: PLR2004 - enough to know it by
    tables = [name for name in names if name.casefold().lstrip().startswith("table ")]
    if name:
        return "its Table 1a is not that of the bulletin tables of Primary Care Network Workforce"
    if tables:
        return f"it is a workbook of tables without 'Table 1a', which holds the national figures (its sheets: {listed})"
    return f"it is a workbook without a sheet 'Table 1a' (its sheets: {listed})"


def _none_at_a_glance(book: Workbook) -> str | None:
    """Why a workbook is no extract, where its size or the list of its sheets says so: it need not be opened."""
    if size := size_beyond_limits(book.data):
        return f"it is a workbook of {size:,} bytes, unpacked: bulletin tables are far smaller"
    names = book.names_stated()
    return None if bulletin.table_1a(names) else known_workbook(names, ())


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether an opened zip archive is an Excel workbook."""
    return "xl/workbook.xml" in archive.namelist()
