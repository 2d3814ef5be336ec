"""One of the bulletin tables as figures: its months, its cells, and what is odd about them."""

from __future__ import annotations

import contextlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.columns import ALL_GENDERS
from analysis.errors import ExtractError
from analysis.extracts.bulletin_blocks import PCN_COUNTS, Row, blocks_of, rows_in_words
from analysis.extracts.delimited import clipped
from analysis.extracts.limits import LONGEST_TEXT
from analysis.extracts.months import census_of_heading, without_marks, without_notes
from analysis.extracts.reading import Note
from analysis.extracts.workbook import Rows, cell_name
from analysis.extracts.workforce import STRICT_NUMBER
from analysis.periods import FIRST_CENSUS, month_label

# "..": not collected. "-", "*" and the bracketed shorthand of newer statistics: no figure. None of them is a zero.
_NO_FIGURE = re.compile(r"\.\.|-|–|—|:|\*|\[[a-z]+\]", re.IGNORECASE)
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_A_YEAR = re.compile(r"[^\d\s]+\W*20\d\d\W*")


@dataclass(frozen=True)
class Figure:
    """One printed figure. ``value`` is ``None`` where the cell holds something that is no figure."""

    measure: str
    gender: str
    census: str
    label: str
    value: float | None
    file_row: int


def header_of(rows: Rows) -> tuple[int, dict[int, str]] | None:
    """Row number (from 1) of the row of months, and the census of each of its columns (from 0).

    The row with most months, not the first with any: a title row may hold a single date. ``None`` where there is none.
    """
    by_row = [_censuses_of_row(row) for row in rows]
    if not any(by_row):
        return None
    index = max(range(len(rows)), key=lambda i: len(by_row[i]))
    return index + 1, by_row[index]


def read_table(file: str, sheet: str, rows: Rows, measure: str) -> tuple[list[Figure], list[Note]]:
    """The figures of a table by gender and role, and what was noticed.

    Raises
    ------
    ExtractError
        No row of months, a month twice, or a heading among the months that names none.
    """
    sheet = clipped(sheet)
    where = f"{file}, sheet {sheet!r}"
    header = header_of(rows)
    if header is None:
        raise ExtractError(
            f"{where} has no row of months such as 'March 2020', 'June 2020'.",
            "The columns of the table are found by their months, in whatever row these are.",
            "Download the workbook again; if the publisher has changed the table, report it to the maintainers.",
        )
    number, censuses = header
    notes = _check_headings(where, sheet, number, rows[number - 1], censuses)
    first_month = min(censuses)
    body = [
        Row(i, _label(row[:first_month]), row)
        for i, row in enumerate(rows[number:], start=number + 1)
        if any(cell is not None and str(cell).strip() for cell in row)
    ]
    long = [row.number for row in body if len(row.label) > LONGEST_TEXT]
    if long:
        notes.append(
            Note(f"has labels of more than {LONGEST_TEXT:,} characters in {rows_in_words(long)}, which are not read.")
        )
        body = [row for row in body if len(row.label) <= LONGEST_TEXT]
    blocks = blocks_of(body, sheet, notes)
    figures: list[Figure] = []
    cells = _Cells(sheet, censuses)
    unlabelled = [row.number for row in body if not row.label and any(cells.values(row))]
    if unlabelled:
        rows_told = rows_in_words(unlabelled)
        notes.append(Note(f"has figures without a label in {rows_told} of {sheet!r}, which are not read."))
    for block in blocks:
        for row in block.rows:
            role_measure = PCN_COUNTS.get(row.label.casefold(), measure)
            figures += [
                Figure(role_measure, block.gender, census, row.label, value, row.number)
                for census, value in cells.read(row)
                # A cell that is no figure matters where a total may be made of it: there it must be missed.
                if value is not None or block.gender == ALL_GENDERS
            ]
    return figures, notes + cells.notes()


def _censuses_of_row(row: Sequence[Any]) -> dict[int, str]:
    found = {i: census for i, cell in enumerate(row) if i and (census := census_of_heading(cell))}
    return {i: census for i, census in found.items() if census >= FIRST_CENSUS}


def _check_headings(where: str, sheet: str, number: int, row: Sequence[Any], censuses: dict[int, str]) -> list[Note]:
    notes = []
    for i, cell in enumerate(row):
        if i <= min(censuses) or cell is None or not str(cell).strip():
            continue
        text, marks = without_marks(str(cell))
        if i in censuses and marks and isinstance(cell, str):
            notes.append(Note(f"has {marks[0]} in a heading of {sheet!r}, which is not read.", censuses[i]))
        if i in censuses:
            continue
        if i < max(censuses) or _A_YEAR.fullmatch(text):
            raise ExtractError(
                f"{where}, cell {cell_name(number, i)}: the heading {clipped(str(cell))!r} names no month.",
                "The census of the figures below it is not known.",
                "Correct the heading in a copy of the workbook, for example to 'January 2024'.",
            )
        notes.append(Note(f"has a column {clipped(text)!r} behind the months of {sheet!r}, which is not read."))
    twice = [census for census, count in Counter(censuses.values()).items() if count > 1]
    if twice:
        raise ExtractError(
            f"{where}, row {number}: {month_label(twice[0])} heads more than one column.",
            "There is no way to tell which of them has the figures of that census.",
            "Correct the headings in a copy of the workbook.",
        )
    return notes


def _label(cells: Sequence[Any]) -> str:
    texts = [without_notes(str(cell)) for cell in cells if cell is not None and str(cell).strip()]
    return texts[-1] if texts else ""


class _Cells:
    """Reads the cells of one sheet, and remembers what was odd about them, by census."""

    def __init__(self, sheet: str, censuses: dict[int, str]) -> None:
        self._sheet, self._censuses = sheet, censuses
        self._marks: set[tuple[str, str]] = set()
        self._wrong: defaultdict[str, list[str]] = defaultdict(list)

    def values(self, row: Row) -> Iterator[bool]:
        """Whether each cell under a month holds anything."""
        for i in self._censuses:
            yield i < len(row.cells) and row.cells[i] is not None and bool(str(row.cells[i]).strip())

    def read(self, row: Row) -> Iterator[tuple[str, float | None]]:
        """Census and value of each figure; ``None`` for a cell that is none."""
        for i, census in self._censuses.items():
            cell = row.cells[i] if i < len(row.cells) else None
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                yield census, self._finite(cell, str(cell), row, i)
                continue
            text, marks = without_marks(str(cell)) if cell is not None else ("", ())
            if not text or _NO_FIGURE.fullmatch(text):
                if text == "*":
                    self._marks.add((census, "'*' in place of figures"))
                continue
            self._marks.update((census, f"{mark} beside figures") for mark in marks)
            number = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
            if number != text:
                self._marks.add((census, "figures written as text with a comma for thousands"))
            is_number = not isinstance(cell, bool) and re.fullmatch(STRICT_NUMBER, number)
            yield census, self._finite(number if is_number else "nan", str(cell), row, i)

    def _finite(self, number: float | str, text: str, row: Row, column: int) -> float | None:
        """The value of a cell; ``None``, and remembered, where it is none or has hundreds of digits."""
        with contextlib.suppress(OverflowError):
            if math.isfinite(value := float(number)):
                return value
        self._wrong[self._censuses[column]].append(f"{clipped(text)!r} in cell {cell_name(row.number, column)}")
        return None

    def notes(self) -> list[Note]:
        """What was odd, in one sentence for each census and kind."""
        notes = [Note(f"has {what} in {self._sheet!r}.", census) for census, what in sorted(self._marks)]
        for census, cells in sorted(self._wrong.items()):
            more = f" and {len(cells) - 1:,} more" if len(cells) > 1 else ""
            notes.append(
                Note(
                    f"has {cells[0]} of {self._sheet!r}{more} under {month_label(census)}, which is no figure and is "
                    "not read.",
                    census,
                )
            )
        return notes
