"""Tables in one workbook that keeps the rules of the Government Analysis Function for statistics in spreadsheets.

Cover, contents in groups, notes, the meaning of each column, then one table a sheet (:mod:`analysis.tables.sheets`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from analysis.periods import census_date
from analysis.tables.sheets import LINE, Formats, Sheet, SheetColumn, heading_of, lines_of, sheet_columns, sheet_text
from analysis.tables.table import SHORTHAND, Table
from analysis.tables.workbook_groups import group_of, in_groups, repeats

_SHEET_NAME_LIMIT = 31  # Excel's
_CONTENTS, _NOTES, _COLUMNS = "Contents", "Notes", "Columns"
_FIRST_SHEETS = ("Cover", _CONTENTS, _NOTES, _COLUMNS)
_ONE_TABLE = "This worksheet contains one table."
_COVER_WIDTH = 100  # characters: what a screen shows beside the tabs
_OPTIONS = {
    # What xlsxwriter may not do with our text: take it for a formula, a link or a number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    # Else it writes each sheet into the temporary folder first, which may be full.
    "in_memory": True,
}
_NO_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 a document property without zone, for a page without period
_CENSUS = re.compile(r"^\d{4}-\d{2}$")


@dataclass(frozen=True)
class Cover:
    """What the first sheet says.

    Parameters
    ----------
    title
        What the tables are of.
    about
        Sentences on it: what it holds, whether the data are synthetic, the status of the report.
    census
        ``YYYY-MM``: the document's date is the day of the census. Empty when the workbook is of none.
    """

    title: str
    about: tuple[str, ...]
    census: str = ""


def write_workbook(
    tables: list[Table], path: Path, *, cover: Cover, columns: Mapping[str, Sequence[SheetColumn]] | None = None
) -> None:
    """Write ``tables`` to ``path``, in groups, each with a sheet unless another sheet has all its figures.

    The same tables give the same bytes: the dates of the file are those of the census. ``columns`` are those of
    :func:`analysis.tables.sheets.sheet_columns` by the id of a table, where they were made already.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    ordered = in_groups(tables)
    found_in = repeats(ordered)
    written = [table for table in ordered if table.id not in found_in]
    names = {table.id: name for table, name in zip(written, sheet_names(written), strict=True)}
    notes = _Notes()
    # Tables behind charts name no source of their own: they are made of the same figures as the others.
    source = next((table.source for table in ordered if table.source), "not given.")
    made = columns or {}
    sheets = [
        _table_sheet(table, names[table.id], notes, source, made.get(table.id) or sheet_columns(table))
        for table in written
    ]
    workbook = xlsxwriter.Workbook(str(path), _OPTIONS)
    formats = Formats(workbook)
    _write_cover(workbook, cover, formats)
    places = {table.id: names[found_in.get(table.id, table.id)] for table in ordered}
    for sheet in (_contents(ordered, places, found_in), notes.sheet(), _columns(written, names), *sheets):
        sheet.write(workbook, formats)
    created = dt.datetime.combine(census_date(cover.census), dt.time()) if _CENSUS.match(cover.census) else _NO_DATE
    workbook.set_properties({"title": sheet_text(cover.title), "created": created})
    try:
        workbook.close()
    except FileCreateError as error:  # xlsxwriter's own name for what the disk said
        raise (error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(*error.args)) from error


class _Notes:
    """Numbered notes of the workbook: the same sentence is one note wherever it is said."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, sentence: str) -> int:
        return self._numbers.setdefault(sheet_text(sentence), len(self._numbers) + 1)

    def sheet(self) -> Sheet:
        numbers: list[float | str] = list(self._numbers.values()) or ["none"]
        texts = list(self._numbers) or ["No table has a note."]
        columns = [SheetColumn("Note", numbers, 0), SheetColumn("What it says", texts, widest=_COVER_WIDTH)]
        return Sheet(_NOTES, _NOTES, (f"{_ONE_TABLE} The titles of the tables name these notes by number.",), columns)


def sheet_names(tables: list[Table]) -> list[str]:
    """A sheet name for each table: its id, unique within Excel's 31 characters, and none of the first sheets'."""
    names: list[str] = []
    taken = {name.lower() for name in _FIRST_SHEETS}
    for table in tables:
        name, count = table.id[:_SHEET_NAME_LIMIT], 1
        while name.lower() in taken:
            count += 1
            name = f"{table.id[: _SHEET_NAME_LIMIT - len(str(count)) - 1]}-{count}"
        names.append(name)
        taken.add(name.lower())
    return names


def _table_sheet(table: Table, name: str, notes: _Notes, source: str, columns: Sequence[SheetColumn]) -> Sheet:
    numbers = [notes.number(sentence) for sentence in table.notes]
    marks = "".join(f" [note {number}]" for number in numbers)
    where = f" What its notes say is on the sheet {_NOTES}." if numbers else ""
    used = "; ".join(f"{symbol} {SHORTHAND[symbol]}" for symbol in table.shorthand_used) or "none is used in this table"
    if not len(table.frame):
        used = "[z] not applicable: there is no such row"
    lines = (
        f"{_ONE_TABLE}{where} What each column means is on the sheet {_COLUMNS}.",
        f"Shorthand: {used}.",
        sheet_text(f"Source: {table.source or source}"),
    )
    return Sheet(name, sheet_text(table.title) + marks, lines, columns)


def _contents(tables: Sequence[Table], places: dict[str, str], found_in: dict[str, str]) -> Sheet:
    """The list of all tables by group, each with a link to the sheet that has its figures."""
    holds = [
        sheet_text(table.title) + (". Its figures are a part of this sheet." if table.id in found_in else "")
        for table in tables
    ]
    names = [places[table.id] for table in tables]
    columns = [
        SheetColumn("Group", [group_of(table.id) for table in tables]),
        SheetColumn("Sheet", names),
        SheetColumn("What it holds", holds, widest=_COVER_WIDTH),
    ]
    line = f"{_ONE_TABLE} Each name in the column Sheet is a link to that sheet."
    return Sheet(_CONTENTS, _CONTENTS, (line,), columns, links=(1, names))


def _columns(tables: Sequence[Table], names: dict[str, str]) -> Sheet:
    """What each column of each sheet means."""
    rows = [
        (names[table.id], heading_of(column), sheet_text(column.description), sheet_text(column.unit) or "none")
        for table in tables
        for column in table.columns.values()
    ]
    headings = ("Sheet", "Column", "What it means", "Unit")
    columns = [SheetColumn(heading, cells) for heading, cells in zip(headings, zip(*rows, strict=True), strict=True)]
    line = f"{_ONE_TABLE} A column whose heading ends in “: note” holds the shorthand of the column before it."
    return Sheet(_COLUMNS, "What the columns mean", (line,), columns)


def _write_cover(workbook: xlsxwriter.Workbook, cover: Cover, formats: Formats) -> None:
    sheet = workbook.add_worksheet(_FIRST_SHEETS[0])
    sheet.set_column(0, 0, _COVER_WIDTH)
    about_data = (
        f"Each sheet after {_COLUMNS} holds one table. Its headings are in row 5, stay in sight, and have filters.",
        "The name of a sheet is that of its CSV file in the downloads.",
        "Numbers are not rounded in their cells. They are shown to the decimal places of the report.",
        "Shorthand: " + "; ".join(f"{symbol} {meaning}" for symbol, meaning in SHORTHAND.items()) + ".",
        "A secondary analysis of published data. It is not official statistics.",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    )
    sheet.write_string(0, 0, sheet_text(cover.title), formats.title)
    row = 1
    for heading, sentences in (("About this workbook", cover.about), ("About these data", about_data)):
        sheet.write_string(row, 0, heading, formats.subtitle)
        for sentence in sentences:
            row += 1
            sheet.set_row(row, LINE * lines_of(sheet_text(sentence), _COVER_WIDTH))
            sheet.write_string(row, 0, sheet_text(sentence), formats.paragraph)
        row += 1
    sheet.write_string(row, 0, "Where to find what", formats.subtitle)
    for offset, (name, holds) in enumerate(
        (
            (_CONTENTS, "every table, in groups, with links"),
            (_NOTES, "what the numbered notes say"),
            (_COLUMNS, "what each column means"),
        ),
        start=1,
    ):
        sheet.write_url(row + offset, 0, f"internal:'{name}'!A1", formats.link, f"{name}: {holds}")
