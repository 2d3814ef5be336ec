"""Which part of the workbook each table stands in, and which tables have all their figures on another sheet."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

import pandas as pd

from analysis.tables.table import Table

# In the order in which a reader looks for them. A table is named by its id; a star stands for any part of one.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Targets", ("target-verdicts", "target-readings", "main-readings-*", "target-readings-*", "pace")),
    (
        "National figures",
        (
            *("*-by-census", "roles", "highest-figures", "usual-changes", "second-series"),
            *("change-decomposition", "bounds", "balanced-panel", "newly-reporting"),
            *("hours", "gender", "additional-roles", "deprivation", "deprivation-fifths"),
        ),
    ),
    (
        "Regions and integrated care boards (ICBs)",
        (
            *("places-region", "places-icb", "area-growth", "areas-by-census", "growth", "coverage"),
            "change-decomposition-all",
        ),
    ),
    ("Sub-ICB locations", ("places-sub-icb",)),
    ("Networks", ("places-pcn", "distribution", "who-employs", "quarter-changes", "largest-changes")),
    (
        "Quality and revisions",
        (
            *("checks", "published-against-ours", "published-against-ours-in-focus", "breaks", "unknown-roles"),
            *("inputs", "notes-on-inputs", "changes-*"),
        ),
    ),
    ("Tables behind charts", ("chart-*",)),
)
OTHER = "Other tables"
_TITLES = (*(title for title, _ in GROUPS), OTHER)

# Tables that the page shows as a part of a whole table: such a part has no sheet where the whole table has one.
_PARTS = ("chart-*", "target-readings-*", "*-in-focus")
_DIGITS = 10  # two ways to the same figure differ in the last bits of a float and not before


def group_of(table_id: str) -> str:
    """The group of a table by its id.

    >>> group_of("areas-by-census"), group_of("link-workers-by-census"), group_of("my-own")
    ('Regions and integrated care boards (ICBs)', 'National figures', 'Other tables')
    """
    return _TITLES[_place(table_id)[0]]


def in_groups(tables: Iterable[Table]) -> list[Table]:
    """The tables in the order of the groups, and in a group in the order of its ids."""
    return sorted(tables, key=lambda table: _place(table.id))


def _place(table_id: str) -> tuple[int, int]:
    """The place of a table's group, and that of its id there: by its own name first, then by a star."""
    places = [(each, (group, n)) for group, (_, ids) in enumerate(GROUPS) for n, each in enumerate(ids)]
    named = [place for each, place in places if each == table_id]
    return next(iter(named or [place for each, place in places if fnmatchcase(table_id, each)]), (len(GROUPS), 0))


def repeats(tables: Iterable[Table]) -> dict[str, str]:
    """The tables that show a part of a whole table: the id of each, and the id of the table that has its figures.

    A part has the same columns by name, and each of its rows that has a figure is a row of the whole table.
    """
    tables = list(tables)
    whole = [table for table in tables if not _is_part(table.id)]
    found = {}
    for part in tables:
        if _is_part(part.id) and (rows := _rows(part, list(part.columns))):
            for other in whole:
                if set(part.columns) <= set(other.columns) and rows <= _rows(other, list(part.columns)):
                    found[part.id] = other.id
                    break
    return found


def _is_part(table_id: str) -> bool:
    return any(fnmatchcase(table_id, each) for each in _PARTS)


def _rows(table: Table, names: list[str]) -> set[tuple[object, ...]]:
    """The rows of a table that have a figure, with the columns ``names``, rounded."""
    numeric = [name for name in names if table.columns[name].decimals is not None]
    kept = table.frame[table.frame[numeric].notna().any(axis="columns")] if numeric else table.frame.head(0)
    columns = [
        [None if pd.isna(value) else float(f"{float(value):.{_DIGITS}g}") for value in kept[name]]
        if name in numeric
        else ["" if pd.isna(value) else str(value) for value in kept[name]]
        for name in names
    ]
    return set(zip(*columns, strict=True))
