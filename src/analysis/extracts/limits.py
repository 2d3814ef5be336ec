"""How large an extract may be. Nothing that is put into RAW may fill the memory or keep a run busy for hours.

Each limit is about ten times the largest that was ever published, so that no edition comes near it. What lies beyond
it was made by mistake or on purpose, and is refused with exit 3, or left out where it is no extract.
"""

from __future__ import annotations

from analysis.errors import ExtractError

# Of a file, unpacked: the list of patients of July 2026 has 20,565,202 bytes, the individual-level CSV of June 2026
# 9,339,733.
LARGEST_EXTRACT_BYTES = 210_000_000
# Of all extracts in one archive: an edition of 2020 or 2021 held each census up to its own.
LARGEST_ARCHIVE_BYTES = 10 * LARGEST_EXTRACT_BYTES
# Of the directory of an archive, which is read whole: about 100,000 names.
LARGEST_DIRECTORY_BYTES = 10_000_000
MOST_MEMBERS = 10_000  # looked into in one archive; an edition has three files
# 39,940 rows in June 2026; 326,241 in the list of patients of July 2026.
MOST_ROWS = {"workforce": 400_000, "patients": 3_300_000, "practice_map": 100_000, "deprivation": 100_000}
MOST_CSV_COLUMNS = 200  # the widest layout has 20
LONGEST_HEADER = 5_000  # characters; the longest header has 238
LONGEST_TEXT = 1_000  # characters of a cell; the longest name of a role has 97
LARGEST_COUNT_DIGITS = 9  # of patients: all of England has 63,436,508

# The bulletin tables of November 2025 have 304 rows and 49 columns, and their largest part has 434,756 bytes. Beyond
# these limits nothing is read: a stray cell in the last column of a sheet, or in row 2,000,000,000, is never reached.
MOST_SHEET_ROWS, MOST_SHEET_COLUMNS = 3_000, 500
# The workbook of PCNs of another publication, which is told by its sheets, has a part of 3,534,632 bytes, and
# texts of 589,562, which take openpyxl longest: about four seconds a million bytes.
LARGEST_PART_BYTES, LARGEST_TEXTS_BYTES = 20_000_000, 3_000_000

LONGEST_NAME = 200  # characters of a file's name as it is shown; a member of an archive may have 65,535
MOST_NOTES = 20  # on one extract
MOST_LEFT_OUT = 50  # files told one by one, before they are told by their reasons


def refuse_larger(file: str, size: int, largest: int, what: str = "bytes") -> None:
    """Stop at an extract that has more than the ``largest`` number of bytes, rows or columns.

    Raises
    ------
    ExtractError
        ``size`` is larger.
    """
    if size > largest:
        raise ExtractError(
            f"{file} has {size:,} {what}, and an extract has {largest:,} at most.",
            "The limit is ten times the largest extract ever published. What is larger was made by mistake, and could "
            "fill the memory of this computer.",
            "Download the extract from the publisher again, or move the file out of RAW.",
        )
