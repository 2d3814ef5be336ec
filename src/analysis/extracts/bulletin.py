"""Bulletin tables workbook: national FTE (Table 1a) and headcount (Table 1b) by role, and counts of PCNs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from openpyxl.utils import get_column_letter

from analysis.errors import ExtractError
from analysis.extracts.delimited import clipped
from analysis.extracts.months import census_of_heading, without_notes
from analysis.extracts.reading import Note, Reading
from analysis.extracts.workbook import Rows, read_sheets, sheet_names
from analysis.extracts.workforce import STRICT_NUMBER
from analysis.periods import month_label

TABLES = {"table 1a": "fte", "table 1b": "headcount"}
# The counts of PCNs stand in the last rows of the same tables, by these words since March 2020.
PCN_COUNTS = {
    "total number of pcns active": "pcns_active",
    "total number of pcns recording staff or contracted services data": "pcns_reporting",
    "total number of pcns recording staff data": "pcns_reporting_staff",
}
# Shares are figured out again from the counts, so the printed ones are not read.
_SHARE = "percentage of pcns"
# "..": not collected. "-" and the bracketed shorthand of newer statistics: no figure. None of them is a zero.
_NO_FIGURE = re.compile(r"\.\.|-|–|:|\[[a-z]+\]")
_CATEGORY = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("measure", _CATEGORY),
        ("census", _CATEGORY),
        ("label", _CATEGORY),
        ("value", pa.float64()),
        ("file_row", pa.int64()),
    ]
)


@dataclass(frozen=True)
class _Figure:
    measure: str
    census: str
    label: str
    value: float
    file_row: int


def is_bulletin(names: Sequence[str]) -> bool:
    """Whether sheets of these names are bulletin tables: Table 1a is what a national report is made from."""
    return "table 1a" in [_folded(name) for name in names]


def read_bulletin(file: str, data: bytes) -> Reading:
    """Read Tables 1a and 1b into ``measure, census, label, value, file_row``: one row for each printed figure.

    A cell without a figure (``..``, ``-``, empty) gives no row. ``file_row`` is the row in the sheet. Labels and
    headings are freed of their notes.

    Raises
    ------
    ExtractError
        No row of months, a heading with a year that is no month, a month twice, or a cell that is no figure.
    """
    figures: list[_Figure] = []
    notes: list[Note] = []
    names = sheet_names(file, data)
    by_table = {_folded(name): name for name in names}
    sheets = read_sheets(file, data, {names[0], *(by_table[table] for table in TABLES if table in by_table)})
    for table, measure in TABLES.items():
        if table in by_table:
            name = by_table[table]
            figures += _read_table(f"{file}, sheet {name!r}", sheets[name], measure, notes)
        else:
            notes.append(Note(f"has no sheet {table.capitalize()!r}: it gives no {measure}."))
    figures = _counts_once(figures, notes)
    if not figures:
        raise ExtractError(
            f"{file} has bulletin tables without a single figure.",
            "An empty table would be taken for a census in which nobody worked.",
            "Download the workbook again, or move it out of RAW.",
        )
    table = pa.table({field.name: [getattr(figure, field.name) for figure in figures] for field in SCHEMA}).cast(SCHEMA)
    rows_by_census = Counter(figure.census for figure in figures)
    return Reading(
        "bulletin", table, dict(sorted(rows_by_census.items())), "xlsx", _says_synthetic(sheets[names[0]]), tuple(notes)
    )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _says_synthetic(rows: Rows) -> bool:
    return any("SYNTHETIC" in str(cell) for row in rows for cell in row if cell is not None)


def _read_table(where: str, rows: Rows, measure: str, notes: list[Note]) -> list[_Figure]:
    header_row, censuses = _header(where, rows)
    first_month = min(censuses)
    figures: list[_Figure] = []
    seen: dict[str, int] = {}
    for row_number, row in enumerate(rows[header_row:], start=header_row + 1):
        label = _label(row[:first_month])
        cells = list(_figures_of_row(where, row_number, row, censuses))
        if not cells or label.casefold().startswith(_SHARE):
            continue
        if not label:
            notes.append(Note(f"has figures without a label in row {row_number} of the {measure} table, not read."))
            continue
        if label in seen:
            notes.append(Note(f"has {clipped(label)!r} in rows {seen[label]} and {row_number} of the {measure} table."))
        seen[label] = row_number
        row_measure = PCN_COUNTS.get(label.casefold(), measure)
        figures += [_Figure(row_measure, census, label, value, row_number) for census, value in cells]
    return figures


def _header(where: str, rows: Rows) -> tuple[int, dict[int, str]]:
    """Row number (from 1) of the row of months, and the census of each of its columns (from 0)."""
    # The row with most months, not the first with any: a title row may hold a single date.
    by_row = [{i: census for i, cell in enumerate(row) if i and (census := census_of_heading(cell))} for row in rows]
    if any(by_row):
        index = max(range(len(rows)), key=lambda i: len(by_row[i]))
        _check_headings(where, index + 1, rows[index], by_row[index])
        return index + 1, by_row[index]
    raise ExtractError(
        f"{where} has no row of months such as 'March 2020', 'June 2020'.",
        "The columns of the table are found by their months, whatever row they stand in.",
        "Download the workbook again; if the publisher has changed the table, report it to the maintainers.",
    )


def _check_headings(where: str, row_number: int, row: list[Any], censuses: dict[int, str]) -> None:
    for i, cell in enumerate(row):
        if i > min(censuses) and i not in censuses and cell is not None and str(cell).strip():
            raise ExtractError(
                f"{where}, cell {_cell(row_number, i)}: the heading {clipped(str(cell))!r} names no month.",
                "The figures under it belong to a census that cannot be told.",
                "Correct the heading in a copy of the workbook, for example to 'January 2024'.",
            )
    twice = [census for census, count in Counter(censuses.values()).items() if count > 1]
    if twice:
        raise ExtractError(
            f"{where}, row {row_number}: {month_label(twice[0])} heads more than one column.",
            "It cannot be told which of them holds the figures of that census.",
            "Correct the headings in a copy of the workbook.",
        )


def _label(cells: list[Any]) -> str:
    texts = [without_notes(str(cell)) for cell in cells if cell is not None and str(cell).strip()]
    return texts[-1] if texts else ""


def _figures_of_row(where: str, number: int, row: list[Any], censuses: dict[int, str]) -> Iterator[tuple[str, float]]:
    for i, census in censuses.items():
        cell = row[i] if i < len(row) else None
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            yield census, float(cell)
            continue
        text = without_notes(str(cell)) if cell is not None else ""
        if not text or _NO_FIGURE.fullmatch(text):
            continue
        if not re.fullmatch(STRICT_NUMBER, text):
            raise ExtractError(
                f"{where}, cell {_cell(number, i)}: {clipped(str(cell))!r} is not a figure.",
                "A figure that is guessed or skipped changes the comparison with the published totals.",
                "Correct the cell in a copy of the workbook; '..' says that there is no figure.",
            )
        yield census, float(text)


def _cell(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row}"


def _counts_once(figures: list[_Figure], notes: list[Note]) -> list[_Figure]:
    """Counts of PCNs stand in both tables: keep the first of each, and say where the two differ."""
    kept: dict[tuple[str, str], _Figure] = {}
    result = []
    for figure in figures:
        if figure.measure not in PCN_COUNTS.values():
            result.append(figure)
            continue
        first = kept.setdefault((figure.measure, figure.census), figure)
        if first is figure:
            result.append(figure)
        elif first.value != figure.value:
            text = (
                f"gives the {figure.label.lower().replace('pcn', 'PCN')} in {month_label(figure.census)} as "
                f"{first.value:,.0f} in Table 1a and {figure.value:,.0f} in Table 1b; the first is used."
            )
            notes.append(Note(text, figure.census))
    return result
