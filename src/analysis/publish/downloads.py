"""Downloads: each table as tidy CSV, what its columns mean, and one accessible workbook of them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.publish.context import PageContext
from analysis.tables.cells import harmless
from analysis.tables.sheets import SheetColumn, sheet_columns
from analysis.tables.table import SHORTHAND, Column, Table
from analysis.tables.workbook import Cover, write_workbook

WORKBOOK = "all-tables.xlsx"
README = "README.md"
SYNTHETIC_COLUMN = "synthetic_data"


@dataclass(frozen=True)
class MadeTable:
    """A table as it is written: the text of its CSV, and the columns of its sheet."""

    csv: str
    columns: list[SheetColumn]

    @classmethod
    def of(cls, table: Table, *, synthetic: bool) -> MadeTable:
        """Make it."""
        return cls(table_csv(table, synthetic=synthetic), sheet_columns(table))


def write_tables(
    tables: list[Table], folder: Path, *, context: PageContext, made: Mapping[str, MadeTable] | None = None
) -> list[Path]:
    """Write ``<table id>.csv`` for each table, ``README.md`` and ``all-tables.xlsx``; return what was written.

    CSV: UTF-8, LF, a comma between values, headers as the frame's columns, full precision; a missing number is empty
    and its note column says why. The same tables give the same bytes. When the data are synthetic each row says so,
    since a CSV travels without its page. ``made`` are those that were made already, by the id of the table.

    Raises
    ------
    ValueError
        When two tables have the same id.
    """
    names = [table.id for table in tables]
    if len(set(names)) != len(names):
        raise ValueError(f"two tables have the same id: {sorted({name for name in names if names.count(name) > 1})}")
    folder.mkdir(parents=True, exist_ok=True)
    known = made or {}
    forms = {table.id: known.get(table.id) or MadeTable.of(table, synthetic=context.synthetic) for table in tables}
    written = []
    for table in tables:
        path = folder / table.csv_name
        path.write_text(forms[table.id].csv, encoding="utf-8", newline="")
        written.append(path)
    readme = folder / README
    readme.write_text(columns_readme(tables, context), encoding="utf-8", newline="")
    workbook = folder / WORKBOOK
    columns = {name: form.columns for name, form in forms.items()}
    write_workbook(tables, workbook, cover=_cover(context), columns=columns)
    return [*written, readme, workbook]


def _cover(context: PageContext) -> Cover:
    """What the first sheet of the workbook of a report says."""
    about = ["SYNTHETIC DATA: invented figures, made to test the report. Do not quote them."] * context.synthetic
    if context.status is not None:
        about.append(f"Status of the report: {context.status.kind}.")
    title = ", ".join(part for part in (context.title, context.period_label) if part)
    return Cover(title, (*about, context.description), context.period)


def tidy(table: Table) -> pd.DataFrame:
    """The described columns, each followed by its note column: units in names, text harmless, counts whole numbers."""
    columns: dict[str, pd.Series | npt.NDArray[np.object_]] = {}
    for name, column in table.columns.items():
        columns[csv_column(name, column.unit)] = _values(table.frame[name], counted=column.decimals == 0)
        if column.note and column.note not in columns:
            columns[column.note] = _values(table.frame[column.note])
    return pd.DataFrame(columns, index=table.frame.index)


def noted_columns(table: Table) -> dict[str, list[str]]:
    """The note columns of a table, each with the columns of its CSV that it speaks of; it stands after the first."""
    speaks_of: dict[str, list[str]] = {}
    for name, column in table.columns.items():
        if column.note:
            speaks_of.setdefault(column.note, []).append(csv_column(name, column.unit))
    return speaks_of


# How a column's name says its unit; a name that holds one of the words says it already.
_UNIT_WORDS = {
    "FTE": ("fte",),
    "people": ("people", "headcount"),
    "%": ("pct",),
    "PCNs": ("pcns",),
    "patients": ("patients",),
    "rows": ("rows",),
    "FTE per PCN": ("fte_per_pcn", "fte_per"),
    "FTE per 10,000 patients": ("fte_per_10000",),
    "per 10,000": ("fte_per_10000",),
    "FTE a month": ("fte_a_month",),
}


def csv_column(name: str, unit: str) -> str:
    """The name of a column in a download: with its unit, unless the name says it.

    >>> csv_column("fte_staff", "FTE"), csv_column("rate_all", "per 10,000"), csv_column("census", "")
    ('fte_staff', 'rate_all_fte_per_10000', 'census')
    """
    words = _UNIT_WORDS.get(unit, ())
    return name if not words or any(f"_{word}" in f"_{name}" for word in words) else f"{name}_{words[0]}"


def _values(series: pd.Series, *, counted: bool = False) -> pd.Series | npt.NDArray[np.object_]:
    if pd.api.types.is_bool_dtype(series) or not pd.api.types.is_numeric_dtype(series):
        # Texts stand in many rows: each is made harmless once. What is missing has the number -1, the last text.
        places, values = pd.factorize(series)
        texts: npt.NDArray[np.object_] = np.array([*(harmless(str(value)) for value in values), ""], dtype=object)
        return texts[places]
    # A count that is missing somewhere became a float: 1329.0 people is no more precise than 1329.
    if counted and pd.api.types.is_float_dtype(series) and (series.dropna() % 1 == 0).all():
        return series.astype("Int64")
    return series


def table_csv(table: Table, *, synthetic: bool) -> str:
    """A table as the text of its CSV."""
    frame = tidy(table)
    if synthetic:
        frame[SYNTHETIC_COLUMN] = "yes"
    return frame.to_csv(index=False, lineterminator="\n")


def columns_readme(tables: list[Table], context: PageContext) -> str:
    """What each file and column means, as Markdown."""
    parts = [f"# {context.title}, {context.period_label}: tables\n"]
    if context.synthetic:
        parts.append("**Synthetic data: invented figures, made to test the report. Do not quote them.**\n")
    parts.append(
        "CSV files are UTF-8 with a header line; numbers are not rounded. A missing number is empty, and the note "
        "column beside it says why. An apostrophe before a text that begins with =, +, - or @ keeps spreadsheets from "
        f"running it. `{WORKBOOK}` holds all tables.\n"
    )
    meanings = "; ".join(f"`{symbol}` {meaning}" for symbol, meaning in SHORTHAND.items())
    parts.append(f"Shorthand in note columns: {meanings}.\n")
    for table in tables:
        parts.append(f"## {table.csv_name}\n\n{_line(table.title)}\n")
        parts.append("| column | label | unit | meaning |\n|---|---|---|---|")
        speaks_of = noted_columns(table)
        for name, column in table.columns.items():
            named = csv_column(name, column.unit)
            parts.append(_row(named, column.label, column.unit or _kind(column), column.description))
            if column.note and speaks_of[column.note][0] == named:
                parts.append(_row(column.note, "", "shorthand", f"Note on {', '.join(speaks_of[column.note])}."))
        if context.synthetic:
            parts.append(_row(SYNTHETIC_COLUMN, "", "text", "`yes`: every figure is invented."))
        notes = "".join(f"\n- {_line(note)}" for note in table.notes)
        source = f"\n\nSource: {_line(table.source)}" if table.source else ""
        parts.append(f"{notes}{source}\n")
    return "\n".join(parts)


def _kind(column: Column) -> str:
    return "text" if column.decimals is None else "number"


def _row(*cells: str) -> str:
    return "| " + " | ".join(_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _line(text: str) -> str:
    """One line of Markdown, without markup of its own: titles may hold names from extracts."""
    return " ".join(text.split()).replace("<", "&lt;")
