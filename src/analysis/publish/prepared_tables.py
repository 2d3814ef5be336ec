"""The tables of a report, made ready to be written before it is known which of them the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.publish.context import PageContext
from analysis.publish.dictionary import DictionaryEntry, table_entries, write_table_entries
from analysis.publish.downloads import MadeTable, write_tables
from analysis.tables.table import Table


@dataclass(frozen=True)
class _Prepared:
    """A table, as it is written, and what the dictionary says of its columns."""

    table: Table
    made: MadeTable
    entries: list[DictionaryEntry]


class PreparedTables:
    """The tables of an analysis: CSV and sheet of each, and the meanings of its columns; nothing is written yet.

    Parameters
    ----------
    tables
        The tables.
    role_names
        The names of roles by code.
    context
        What the report is of.
    """

    def __init__(self, tables: Iterable[Table], role_names: Mapping[str, str], context: PageContext) -> None:
        self._role_names, self._context = role_names, context
        self._tables = self._prepare(tables)

    def write(self, shown: Iterable[Table], folder: Path) -> None:
        """Write them, and those that a page has ``shown``: each of these stands for the one of its name."""
        tables = self._tables | self._prepare(shown)
        made = {name: each.made for name, each in tables.items()}
        write_tables([each.table for each in tables.values()], folder, context=self._context, made=made)
        write_table_entries([(each.table, each.entries) for each in tables.values()], folder)

    def _prepare(self, tables: Iterable[Table]) -> dict[str, _Prepared]:
        synthetic = self._context.synthetic
        return {
            table.id: _Prepared(
                table,
                MadeTable.of(table, synthetic=synthetic),
                [*table_entries(table, self._role_names, synthetic=synthetic)],
            )
            for table in tables
        }
