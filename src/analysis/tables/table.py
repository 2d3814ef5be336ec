"""Tables: a frame, a caption, and what each column means.

One object serves the page (rounded, accessible HTML), the CSV and the workbook (full precision).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis.facts.fact import as_text
from analysis.markup.marks import dated
from analysis.markup.notebook_output import shown

# What stands in a table where there is no number, or beside one. Meanings: Analysis Function guidance on symbols.
SHORTHAND: dict[str, str] = {
    "[x]": "not available",
    "[z]": "not applicable",
    "[b]": "break in series",
    "[e]": "estimated",
    "[p]": "provisional",
    "[r]": "revised",
}
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Parameters
    ----------
    label
        Its heading on the page.
    description
        What it means, for the README beside the CSVs and the workbook's notes.
    unit
        ``FTE``, ``people``, ``%``...; empty for text. The frame's column name ends in it.
    decimals
        Places on the page; ``None`` for text.
    note
        The frame column that holds the shorthand (``[x]``, ``[b]``...) of this one's cells, if any.
    signed
        Print a plus sign before gains.
    """

    label: str
    description: str
    unit: str = ""
    decimals: int | None = None
    note: str | None = None
    signed: bool = False

    @property
    def unit_beside(self) -> str:
        """The unit to stand beside the label; empty where the label says it."""
        return "" if self.unit.lower() in self.label.lower() else self.unit


@dataclass(frozen=True)
class Table:
    """A table with identity.

    Parameters
    ----------
    id
        Lower case words with hyphens; the name of its CSV and sheet.
    title
        The caption: measure, area, period.
    frame
        The figures in full precision, columns in order. A missing number needs a shorthand in its note column.
    columns
        One :class:`Column` for each frame column that the page shows; note columns are not listed.
    notes
        Sentences under the table.
    source
        Where the figures come from.
    on_page
        The columns that the page has room for; all when empty. Downloads have every column.
    rows_on_page
        How many rows the page has room for, from the first; all when ``None``. Downloads have every row.

    Raises
    ------
    ValueError
        When it could not be shown honestly: no caption, a column that is not there, a missing number without reason.
    """

    id: str
    title: str
    frame: pd.DataFrame = field(repr=False)
    columns: Mapping[str, Column] = field(repr=False)
    notes: tuple[str, ...] = ()
    source: str = ""
    on_page: tuple[str, ...] = ()
    rows_on_page: int | None = None

    def __post_init__(self) -> None:
        if not _SLUG.match(self.id):
            raise ValueError(f"table id {self.id!r} must be lower case words joined by hyphens")
        if not self.title.strip():
            raise ValueError(f"table {self.id!r} has no caption")
        absent = [name for name in (*self.columns, *self.on_page) if name not in self.frame]
        if absent:
            raise ValueError(f"table {self.id!r} describes columns its frame lacks: {absent}")
        for name, column in self.columns.items():
            missing = self.frame[name].isna()
            if column.note is not None and column.note not in self.frame:
                raise ValueError(f"table {self.id!r}: note column {column.note!r} is not in the frame")
            if missing.any():
                reason = self.frame.loc[missing, column.note] if column.note else None
                if reason is None or not reason.isin(list(SHORTHAND)).all():
                    raise ValueError(
                        f"table {self.id!r}, column {name!r}: a missing value needs its reason ([x], [z]) "
                        "in the note column"
                    )

    @property
    def tables(self) -> tuple[Table, ...]:
        """Itself, as a figure or a panel names the tables in it."""
        return (self,)

    @property
    def csv_name(self) -> str:
        """The file name of its CSV under ``tables/``."""
        return f"{self.id}.csv"

    @property
    def shorthand_used(self) -> list[str]:
        """The symbols that stand in this table's download, in the order of :data:`SHORTHAND`."""
        return self._shorthand(list(self.columns), len(self.frame))

    def _shorthand(self, names: list[str], rows: int) -> list[str]:
        notes = [note for name in names if (note := self.columns[name].note)]
        used = {symbol for note in notes for symbol in self.frame[note].head(rows).dropna()}
        return [symbol for symbol in SHORTHAND if symbol in used]

    def cell_text(self, name: str, position: int) -> str:
        """A cell as the page prints it: rounded, with its shorthand."""
        column = self.columns[name]
        note = self.frame[column.note].iloc[position] if column.note else ""
        return _printed(self.frame[name].iloc[position], note, column)

    def to_html(self, *, sortable: bool = True) -> Markup:
        """An accessible table: caption, scoped headers, numbers right-aligned, first column as row header.

        Numeric cells carry ``data-value`` (full precision) so that sorting and copying do not use the rounded text.
        """
        names = list(self.on_page or self.columns)
        head = Markup("").join(
            Markup('<th scope="col"{}>{}{}</th>').format(
                Markup(' class="number"') if self.columns[name].decimals is not None else "",
                self.columns[name].label,
                Markup(' <span class="unit">({})</span>').format(self.columns[name].unit_beside)
                if self.columns[name].unit_beside
                else "",
            )
            for name in names
        )
        shown_rows = len(self.frame) if self.rows_on_page is None else min(self.rows_on_page, len(self.frame))
        rows = self._rows(names, shown_rows)
        notes = Markup("").join(Markup('<p class="table-note">{}</p>').format(dated(note)) for note in self.notes)
        # A code is not told of where its name is on the page.
        told = {*names, *(name.removesuffix("_name") for name in names)}
        if left_out := [column.label for name, column in self.columns.items() if name not in told]:
            notes += Markup('<p class="table-note">The download also has: {}.</p>').format(dated("; ".join(left_out)))
        if shown_rows < len(self.frame):
            notes += Markup('<p class="table-note">The first rows are shown. The download has all.</p>')
        if used := self._shorthand(names, shown_rows):
            meanings = "; ".join(f"{symbol} {SHORTHAND[symbol]}" for symbol in used)
            notes += Markup('<p class="table-note">Shorthand: {}.</p>').format(meanings)
        return Markup(
            '<div class="table-scroll" role="region" aria-labelledby="table-{id}" tabindex="0">'
            '<table{sortable}><caption id="table-{id}">{title}</caption>'
            "<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{notes}"
        ).format(
            id=self.id,
            sortable=Markup(" data-sortable") if sortable else "",
            title=self.title,
            head=head,
            rows=rows,
            notes=notes,
        )

    def _rows(self, names: list[str], count: int) -> Markup:
        """The first rows. A column is read once and not cell by cell, which would take most of a table's time."""
        shown, cells = self.frame.head(count), []
        for index, name in enumerate(names):
            column = self.columns[name]
            notes = list(shown[column.note]) if column.note else [""] * len(shown)
            make = _row_header if index == 0 else _text_cell if column.decimals is None else _number_cell
            values = list(shown[name])
            cells.append(
                [make(value, _printed(value, note, column)) for value, note in zip(values, notes, strict=True)]
            )
        return Markup("").join(Markup("<tr>{}</tr>").format(Markup("").join(row)) for row in zip(*cells, strict=True))

    def to_excel(self, path: str | Path) -> Path:
        """Write the table to a workbook with a cover, every row and column, and numbers that are not rounded.

        Raises
        ------
        OSError
            The file cannot be written.
        """
        from analysis.tables.workbook import Cover, write_workbook  # noqa: PLC0415 - it is slow to import

        written = Path(path)
        write_workbook([self], written, cover=Cover(self.title, (self.source,) if self.source else ()))
        return written

    def payload(self) -> dict[str, Any]:
        """The table as JSON data in full precision: what a notebook's output carries beside the HTML."""
        frame = self.frame.astype(object).where(self.frame.notna(), None)
        return {
            "id": self.id,
            "title": self.title,
            # Lists, because a notebook's file sorts the keys of its objects, and the order of columns would be lost.
            "columns": [[name, asdict(column)] for name, column in self.columns.items()],
            "notes": list(self.notes),
            "source": self.source,
            "on_page": list(self.on_page),
            "rows_on_page": self.rows_on_page,
            "numeric": [name for name in frame if pd.api.types.is_numeric_dtype(self.frame[name])],
            "data": [[str(name), [_plain(value) for value in frame[name]]] for name in frame],
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Table:
        """The inverse of :meth:`payload`."""
        frame = pd.DataFrame(dict(payload["data"]))
        return cls(
            id=payload["id"],
            title=payload["title"],
            frame=frame.astype(dict.fromkeys(payload["numeric"], "float64")),
            columns={name: Column(**column) for name, column in payload["columns"]},
            notes=tuple(payload["notes"]),
            source=payload["source"],
            on_page=tuple(payload["on_page"]),
            rows_on_page=payload["rows_on_page"],
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self.to_html(), (self,))


def _printed(value: Any, note: object, column: Column) -> str:
    """A value of a column as the page prints it: rounded, with its shorthand."""
    note = note if isinstance(note, str) else ""
    if pd.isna(value):
        return note or "[x]"
    if column.decimals is None:
        return f"{value} {note}".strip()
    return f"{as_text(float(value), column.decimals, signed=column.signed)} {note}".strip()


def _row_header(_: Any, text: str) -> Markup:
    return Markup('<th scope="row">{}</th>').format(text)


def _text_cell(_: Any, text: str) -> Markup:
    return Markup("<td>{}</td>").format(text)


def _number_cell(value: Any, text: str) -> Markup:
    if pd.isna(value) or math.isinf(float(value)):
        return Markup('<td class="number">{}</td>').format(text)
    return Markup('<td class="number" data-value="{}">{}</td>').format(repr(float(value)), text)


def _plain(value: object) -> object:
    """A cell as JSON knows it; anything else (a date, say) as text."""
    if isinstance(value, np.generic):
        value = value.item()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
