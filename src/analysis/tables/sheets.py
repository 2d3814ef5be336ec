"""One sheet of the workbook: a title in A1, what to know of the table, and the table from the row of its headings.

The rules are those of the Government Analysis Function for statistics in spreadsheets: one table a sheet, marked up as
a table with a name; the title in A1; no merged cell; no empty cell in a table; no meaning by colour alone.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.tables.cells import harmless
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEADING_ROW = 4  # counted from nothing: row 5 in every sheet of data, so that a program finds it
NO_NOTE = "none"
NO_ROW = "[z]"
_FONT = {"font_name": "Arial", "font_size": 12}  # the Analysis Function asks for 12 points without serifs
_WIDEST = 60  # characters of a column; longer texts go on in the next line of the cell
LINE = 16  # points of a line of 12 points. Each height is given: not every program works it out from a wrapped text
_NARROWEST = 9
_HEADING_WIDTH = 16  # headings of numbers are put into lines of so many characters, and the column is not wider
_ROOM = 2  # characters beside a text; 4 more for the button of a filter beside a heading
_BUTTON = 4


@dataclass(frozen=True)
class SheetColumn:
    """A column as it stands in a sheet: its heading, and a cell for each row, none of them empty.

    ``widest`` is in characters: longer texts go on in the next line of the cell.
    """

    heading: str
    cells: Sequence[float | str]
    decimals: int | None = None
    widest: int = _WIDEST


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}
        self.title = self._new(bold=True, font_size=16)
        self.subtitle = self._new(bold=True, font_size=14, text_wrap=True)
        self.line = self._new()
        self.paragraph = self._new(text_wrap=True, valign="top")
        self.heading = self._new(bold=True, text_wrap=True, valign="top", bottom=1)
        self.number_heading = self._new(bold=True, text_wrap=True, valign="top", bottom=1, align="right")
        self.text = self._new(valign="top")
        self.mark = self._new(valign="top", align="right")
        self.link = self._new(valign="top", underline=1, font_color="#12436D")

    def number(self, decimals: int) -> Format:
        """A number as the report prints it: with a comma for thousands and its decimals."""
        code = "#,##0" + ("." + "0" * decimals if decimals else "")
        if code not in self._made:
            self._made[code] = self._new(num_format=code, valign="top")
        return self._made[code]

    def _new(self, **properties: Any) -> Format:
        return self._workbook.add_format(_FONT | properties)


@dataclass(frozen=True)
class Sheet:
    """What a sheet holds.

    Parameters
    ----------
    name
        The name on its tab.
    title
        What stands in A1.
    lines
        At most three sentences between the title and the table.
    columns
        The columns of its one table.
    links
        For the cells of a column, by its place, the sheet that each leads to.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    columns: Sequence[SheetColumn] = field(repr=False)
    links: tuple[int, Sequence[str]] | None = None

    def write(self, workbook: Workbook, formats: Formats) -> None:
        """Add the sheet to a workbook."""
        sheet: Worksheet = workbook.add_worksheet(self.name)
        sheet.write_string(0, 0, self.title, formats.title)
        for row, line in enumerate(self.lines, start=1):
            sheet.write_string(row, 0, line, formats.line)
        top = HEADING_ROW if len(self.lines) == HEADING_ROW - 1 else 1 + len(self.lines)
        last = top + len(self.columns[0].cells)
        headings = [
            {
                "header": column.heading,
                "header_format": formats.heading if column.decimals is None else formats.number_heading,
            }
            for column in self.columns
        ]
        sheet.add_table(
            *(top, 0, last, len(self.columns) - 1),
            {"name": table_name(self.name), "columns": headings, "style": None, "autofilter": True},
        )
        sheet.set_default_row(LINE)
        sheet.set_row(0, LINE * 1.5)
        for row, lines in self._lines(top).items():
            sheet.set_row(row, lines * LINE)
        for place, column in enumerate(self.columns):
            targets = self.links[1] if self.links and self.links[0] == place else None
            self._write_column(sheet, place, top, targets, formats)
            sheet.set_column(place, place, width_of(column))
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)

    def _lines(self, top: int) -> dict[int, int]:
        """How many lines the rows have that have more than one: that of the headings, and those with a long text."""
        headings = [lines_of(column.heading, width_of(column) - _BUTTON) for column in self.columns]
        found = {top: max(headings)}
        for column in self.columns:
            for row, cell in enumerate(column.cells, start=top + 1):
                if isinstance(cell, str) and len(cell) > column.widest:
                    found[row] = max(found.get(row, 1), lines_of(cell, column.widest))
        return found

    def _write_column(
        self, sheet: Worksheet, place: int, top: int, targets: Sequence[str] | None, formats: Formats
    ) -> None:
        column = self.columns[place]
        if targets is not None:
            for row, (text, target) in enumerate(zip(column.cells, targets, strict=True), start=top + 1):
                sheet.write_url(row, place, f"internal:'{target}'!A1", formats.link, str(text))
            return
        if column.decimals is None:
            longest = max((len(str(cell)) for cell in column.cells), default=0)
            of_texts = formats.paragraph if longest > column.widest else formats.text
            for row, cell in enumerate(column.cells, start=top + 1):
                sheet.write_string(row, place, str(cell), of_texts)
            return
        number = formats.number(column.decimals)
        for row, cell in enumerate(column.cells, start=top + 1):
            if isinstance(cell, str):
                sheet.write_string(row, place, cell, formats.mark)
            else:
                sheet.write_number(row, place, cell, number)


def table_name(sheet: str) -> str:
    """The name of the table of a sheet: letters, digits and lines, as a spreadsheet asks for.

    >>> table_name("places-icb")
    'places_icb_table'
    """
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in sheet).lower() + "_table"


def width_of(column: SheetColumn) -> float:
    """How wide a column is, in characters, so that no number is cut and no text is wider than a line."""
    heading = len(column.heading) + _BUTTON
    if column.decimals is None:
        longest = max((len(str(cell)) for cell in column.cells), default=0)
        return min(max(_NARROWEST, longest + _ROOM, min(heading, _HEADING_WIDTH)), column.widest + _ROOM)
    numbers = [cell for cell in column.cells if not isinstance(cell, str)]
    edges = (min(numbers), max(numbers)) if numbers else ()
    longest = max((len(f"{edge:,.{column.decimals}f}") for edge in edges), default=0)
    return max(_NARROWEST, longest + _ROOM, min(heading, _HEADING_WIDTH))


def lines_of(text: str, width: float) -> int:
    """How many lines of ``width`` characters a text has.

    >>> lines_of("Change in a year", 10)
    2
    """
    return max(1, len(textwrap.wrap(text, max(1, int(width)))))


def sheet_text(text: str) -> str:
    """A text in one line that no spreadsheet takes for a formula."""
    return harmless(" ".join(text.split()))


def sheet_columns(table: Table) -> list[SheetColumn]:
    """The columns of a table for a sheet, each followed by its notes where it has any.

    A cell holds a number in full precision, or the shorthand that says why there is none. A table without a row has one
    that says so.
    """
    found: list[SheetColumn] = []
    taken: set[str] = set()
    for name, column in table.columns.items():
        cells = _cells(table.frame, name, column)
        found.append(SheetColumn(_heading(heading_of(column), taken), cells or [NO_ROW], column.decimals))
        if column.note is not None:
            notes = _notes_beside(table.frame, name, column.note)
            if any(note != NO_NOTE for note in notes):
                found.append(SheetColumn(_heading(f"{column.label}: note", taken), notes))
    return found


def heading_of(column: Column) -> str:
    """The heading of a column: its label, with the unit where the label does not say it."""
    return sheet_text(f"{column.label} ({column.unit_beside})" if column.unit_beside else column.label)


def _heading(wanted: str, taken: set[str]) -> str:
    """A heading that no other column of the sheet has: a spreadsheet asks for it, whatever the letters' case."""
    heading, count = sheet_text(wanted), 1
    while heading.lower() in taken:
        count += 1
        heading = f"{sheet_text(wanted)} {count}"
    taken.add(heading.lower())
    return heading


def _cells(frame: pd.DataFrame, name: str, column: Column) -> list[float | str]:
    values, missing = frame[name].tolist(), frame[name].isna().tolist()
    reasons: Iterable[object] = frame[column.note].tolist() if column.note else ["[x]"] * len(values)
    if column.decimals is None:
        # Texts stand in many rows: each is made harmless once.
        texts = {value: sheet_text(str(value)) or NO_NOTE for value in {str(value) for value in values}}
        return [
            str(reason) if gone else texts[str(value)]
            for value, gone, reason in zip(values, missing, reasons, strict=True)
        ]
    return [
        str(reason) if gone else value if math.isfinite(value) else str(value)
        for value, gone, reason in zip(values, missing, reasons, strict=True)
    ]


def _notes_beside(frame: pd.DataFrame, name: str, note: str) -> list[str]:
    """The shorthand that stands beside a number: a cell can hold only one of the two."""
    return [
        mark if isinstance(mark, str) and mark and not gone else NO_NOTE
        for mark, gone in zip(frame[note].tolist(), frame[name].isna().tolist(), strict=True)
    ]
