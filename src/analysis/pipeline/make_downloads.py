"""Make the files of a report that readers take away: the tables, and the figures of all areas."""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from analysis.periods import month_label
from analysis.pipeline.downloads import TABLES
from analysis.pipeline.titles import DESCRIPTION, title_of
from analysis.publish.context import PageContext
from analysis.publish.dictionary import DictionaryEntry, table_entries, write_table_entries
from analysis.publish.downloads import MadeTable, write_tables
from analysis.publish.fact_files import fact_tables, write_fact_files
from analysis.publish.notebook_tables import shown_tables
from analysis.registers.roles import load_roles
from analysis.runs.open_report import open_report
from analysis.tables.table import Table

# The roles whose figures the files of all areas hold, beside the one that the report is about.
_ROLES_OF_AREAS = ("splw", "splw_all", "hwbc", "cc")


@dataclass(frozen=True)
class _TableWithWords:
    """A table, as it is written, with what the dictionary says of its columns."""

    table: Table
    made: MadeTable
    entries: list[DictionaryEntry]


class Downloads:
    """The tables of an analysis as they are written, and its figures of all areas; nothing is written yet."""

    def __init__(self, folder: Path) -> None:
        analysed = open_report(folder)
        self._folder, self._synthetic = folder, analysed.synthetic
        self._context = PageContext(
            title_of(analysed.role), DESCRIPTION, analysed.period, month_label(analysed.period), analysed.synthetic
        )
        self._role_names = load_roles().names
        self._tables = {table.id: self._make(table) for table in analysed.tables}
        roles = load_roles(about=analysed.role).with_focus(_ROLES_OF_AREAS)
        self._facts = fact_tables(analysed.facts, analysed.period, roles, synthetic=self._synthetic)

    def _make(self, table: Table) -> _TableWithWords:
        entries = table_entries(table, self._role_names, synthetic=self._synthetic)
        return _TableWithWords(table, MadeTable.of(table, synthetic=self._synthetic), [*entries])

    def write(self, sections: list[Path]) -> None:
        """Write them, and every other table that the executed ``sections`` show, which stands for one of its name."""
        tables = self._tables | {table.id: self._make(table) for table in shown_tables(sections)}
        folder, made = self._folder / TABLES, {name: each.made for name, each in tables.items()}
        write_tables([each.table for each in tables.values()], folder, context=self._context, made=made)
        write_table_entries([(each.table, each.entries) for each in tables.values()], folder)
        write_fact_files(self._facts, self._folder)


if __name__ == "__main__":
    gc.disable()  # as in measures_beside
    made = Downloads(Path(sys.argv[1]))
    with Path(sys.argv[2]).open(encoding="utf-8") as told:
        made.write([Path(name) for name in json.loads(told.readline())])
