"""Tables in a workbook that keeps the accessible-spreadsheet rules, made with the Analysis Function's gptables.

Cover, contents and notes; one table a sheet from A1 down; no merged cells; no empty cell without its shorthand.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import gptables as gpt
import pandas as pd
from xlsxwriter.exceptions import FileCreateError

from analysis.periods import census_date
from analysis.tables.cells import harmless
from analysis.tables.table import SHORTHAND, Table

_SHEET_NAME_LIMIT = 31  # Excel's
_UNROUNDED = "Numbers are not rounded in their cells; they are shown to the decimal places of the report."
# What xlsxwriter may not do with our text: take it for a formula, a link or a number.
_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# Else it writes each sheet into the temporary folder first, which may be full.
_NO_TEMPORARY_FILES = {"in_memory": True}
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


def write_workbook(tables: list[Table], path: Path, *, cover: Cover) -> None:
    """Write ``tables`` to ``path``. The same tables give the same bytes: its dates are those of the census.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    notes = _Notes()
    sheets = {name: _sheet(table, notes) for name, table in zip(sheet_names(tables), tables, strict=True)}
    with warnings.catch_warnings():
        # gptables 2.0 uses keywords that pandas 4 will drop; pandas is held below 4.
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        workbook = gpt.produce_workbook(
            filename=str(path),
            sheets=sheets,
            cover=_cover_sheet(cover),
            notes_table=notes.frame(),
            contentsheet_options={"additional_elements": []},
            workbook_options=_TEXT_STAYS_TEXT | _NO_TEMPORARY_FILES,
        )
    made = dt.datetime.combine(census_date(cover.census), dt.time()) if _CENSUS.match(cover.census) else _NO_DATE
    workbook.set_properties({"title": _text(cover.title), "created": made})
    try:
        workbook.close()
    except FileCreateError as error:  # xlsxwriter's own name for what the disk said
        raise (error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(*error.args)) from error


class _Notes:
    """Numbered notes of the workbook: the same sentence is one note wherever it is said."""

    def __init__(self) -> None:
        self._references: dict[str, str] = {}

    def reference(self, sentence: str) -> str:
        """The mark that gptables turns into ``[note 1]``."""
        return f"$${self._references.setdefault(sentence, f'n{len(self._references) + 1}')}$$"

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(
            {"Reference": list(self._references.values()), "Note text": [_text(note) for note in self._references]}
        )


def sheet_names(tables: list[Table]) -> list[str]:
    """A sheet name for each table, unique within Excel's 31 characters."""
    names: list[str] = []
    for table in tables:
        name, count = table.id[:_SHEET_NAME_LIMIT], 1
        while name in names:
            count += 1
            name = f"{table.id[: _SHEET_NAME_LIMIT - len(str(count)) - 1]}-{count}"
        names.append(name)
    return names


def _sheet(table: Table, notes: _Notes) -> gpt.GPTable:
    marks = "".join(notes.reference(sentence) for sentence in (_UNROUNDED, *table.notes))
    columns: dict[str, list[object]] = {}
    formats = []
    for name, column in table.columns.items():
        heading = _heading(f"{column.label} ({column.unit_beside})" if column.unit_beside else column.label, columns)
        columns[heading] = _cells(table, name)
        if column.decimals is not None:
            places = "." + "0" * column.decimals if column.decimals else ""
            formats.append({"column": {"columns": [heading], "format": {"num_format": f"#,##0{places}"}}})
        said = _said_beside(table, name)
        if any(note != "none" for note in said):
            columns[_heading(f"{column.label}: note", columns)] = list(said)
    if not len(table.frame):  # gptables refuses a sheet without rows, and so would a reader
        columns = {heading: ["[z]"] for heading in columns}
    legend = [f"{symbol} {SHORTHAND[symbol]}" for symbol in table.shorthand_used]
    if not len(table.frame):
        legend = ["[z] not applicable: there is no such row"]
    return gpt.GPTable(
        table=pd.DataFrame(columns, dtype=object),
        table_name="t_" + table.id.replace("-", "_"),
        title=_text(table.title) + marks,
        source=_text(f"Source: {table.source}") if table.source else None,
        legend=legend,
        index_columns={2: 0},
        additional_formatting=formats,
    )


def _cells(table: Table, name: str) -> list[object]:
    """Numbers in full; the shorthand where there is none; text that stays text."""
    column = table.columns[name]
    values: list[object] = []
    for position, value in enumerate(table.frame[name]):
        if pd.isna(value):
            values.append(str(table.frame[column.note].iloc[position]) if column.note else "[x]")
        elif column.decimals is None:
            values.append(_text(str(value)) or "none")
        else:
            values.append(value.item() if hasattr(value, "item") else value)
    return values


def _said_beside(table: Table, name: str) -> list[str]:
    """The shorthand that stands beside a number: a cell can hold only one of the two."""
    note = table.columns[name].note
    if note is None:
        return []
    pairs = zip(table.frame[name], table.frame[note], strict=True)
    return [mark if isinstance(mark, str) and mark and not pd.isna(value) else "none" for value, mark in pairs]


def _heading(wanted: str, taken: dict[str, list[object]]) -> str:
    heading, count = _text(wanted), 1
    while heading in taken:
        count += 1
        heading = f"{_text(wanted)} {count}"
    return heading


def _text(text: str) -> str:
    """Harmless text, also for gptables, which reads ``$$`` as a note and ``[a](b)`` as a link."""
    clean = harmless(" ".join(text.split())).replace("$$", "$ $").replace("](", "] (")
    # gptables refuses a cell of special characters alone; we show it, and say that it stands so in the data.
    return f"{clean} (as recorded)" if clean and not re.search(r"[a-zA-Z0-9]", clean) else clean


def _cover_sheet(cover: Cover) -> gpt.Cover:
    about = [
        "Each sheet holds one table from cell A1 down. The notes sheet explains numbered notes.",
        "Shorthand: " + "; ".join(f"{symbol} {meaning}" for symbol, meaning in SHORTHAND.items()) + ".",
        "A secondary analysis of published data. It is not official statistics.",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    ]
    return gpt.Cover(title=_text(cover.title), intro=[_text(sentence) for sentence in cover.about], about=about)
