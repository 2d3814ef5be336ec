"""Bulletin tables workbook: national FTE (Table 1a) and headcount (Table 1b) by gender and role, and counts of PCNs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa

from analysis.errors import ExtractError
from analysis.extracts.bulletin_blocks import PCN_COUNTS
from analysis.extracts.bulletin_table import Figure, header_of, read_table
from analysis.extracts.months import without_notes
from analysis.extracts.reading import Note, Reading
from analysis.extracts.workbook import Rows, Workbook
from analysis.periods import month_label

TABLES = {"table 1a": "fte", "table 1b": "headcount"}
_SERIES = "primary care network workforce"
# Roles that every edition has. Other publications have them too, so that they count only under the name of the series.
_ROLES = ("social prescribing link workers", "care coordinators", "pharmacists")
_LABEL_COLUMNS = 2  # of a table whose months are not found
_TITLE_ROWS = 10  # of a sheet: titles and notes stand in the first few
_CATEGORY = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("measure", _CATEGORY),
        ("gender", _CATEGORY),
        ("census", _CATEGORY),
        ("label", _CATEGORY),
        ("value", pa.float64()),
        ("file_row", pa.int64()),
    ]
)


def table_1a(names: Sequence[str]) -> str | None:
    """Which of the sheets of these names is Table 1a: what a national report is made from."""
    return next((name for name in names if _folded(name) == "table 1a"), None)


def is_bulletin(sheets: Mapping[str, Rows], names: Sequence[str]) -> bool:
    """Whether a workbook is a bulletin of the series, by its first sheet and its Table 1a (``sheets``).

    Its Table 1a counts PCNs; or it bears the name of the series, has months, and has known roles. Other publications
    have sheets of this name too.
    """
    name = table_1a(names)
    if name is None:
        return False
    rows = sheets[name]
    header = header_of(rows)
    before = min(header[1]) if header else _LABEL_COLUMNS
    labels = [without_notes(cell).casefold() for row in rows for cell in row[:before] if isinstance(cell, str)]
    if any(label in PCN_COUNTS for label in labels):
        return True
    titled = any(_SERIES in text.casefold() for sheet in (names[0], name) for text in title_of(sheets[sheet]))
    return titled and header is not None and any(label.startswith(_ROLES) for label in labels)


def title_of(rows: Rows) -> list[str]:
    """The texts in the first rows of a sheet."""
    return [" ".join(str(cell).split()) for row in rows[:_TITLE_ROWS] for cell in row if isinstance(cell, str)]


def read_bulletin(book: Workbook) -> Reading:
    """Read Tables 1a and 1b into ``measure, gender, census, label, value, file_row``: one row for each printed figure.

    ``gender`` is ``all``, ``female``, ``male`` or ``other_or_unknown``: only ``all`` enters a total. A cell without a
    figure (``..``, ``-``, empty) gives no row; one that holds something else gives a row without ``value`` under
    ``all``, none elsewhere, and a note. ``file_row`` is the row in the sheet. Labels are freed of their notes.

    Raises
    ------
    ExtractError
        No row of months, a heading among the months that names none, a month twice, or no figure at all.
    """
    figures: list[Figure] = []
    notes: list[Note] = []
    file, names = book.file, book.names
    by_table = {_folded(name): name for name in names}
    for table, measure in TABLES.items():
        if table in by_table:
            name = by_table[table]
            found, noticed = read_table(file, name, book.rows(name), measure)
            figures += found
            notes += noticed
        else:
            notes.append(Note(f"has no sheet {table.capitalize()!r}: it gives no {measure}."))
    figures = _counts_once(figures, notes)
    if all(figure.value is None for figure in figures):
        raise ExtractError(
            f"{file} has bulletin tables without a single figure.",
            "An empty table would be taken for a census in which nobody worked.",
            "Download the workbook again, or move it out of RAW.",
        )
    table = pa.table({field.name: [getattr(figure, field.name) for figure in figures] for field in SCHEMA}).cast(SCHEMA)
    rows_by_census = Counter(figure.census for figure in figures)
    synthetic = _says_synthetic(book.rows(names[0]))
    return Reading("bulletin", table, dict(sorted(rows_by_census.items())), "xlsx", synthetic, tuple(notes))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _says_synthetic(rows: Rows) -> bool:
    return any("SYNTHETIC" in str(cell) for row in rows for cell in row if cell is not None)


def _counts_once(figures: list[Figure], notes: list[Note]) -> list[Figure]:
    """Counts of PCNs stand in both tables: keep the first of each, and say where the two differ."""
    kept: dict[tuple[str, str], Figure] = {}
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
                f"{_number(first)} in Table 1a and {_number(figure)} in Table 1b; the first is used."
            )
            notes.append(Note(text, figure.census))
    return result


def _number(figure: Figure) -> str:
    return "no number" if figure.value is None else f"{figure.value:,.0f}"
