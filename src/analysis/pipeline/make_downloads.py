"""Make the files of a report that readers take away: the tables, and the figures of all areas."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from analysis.periods import month_label
from analysis.pipeline.downloads import TABLES
from analysis.pipeline.titles import DESCRIPTION, title_of
from analysis.publish.context import PageContext
from analysis.publish.dictionary import write_table_entries
from analysis.publish.downloads import table_csv, write_tables
from analysis.publish.fact_files import fact_tables, write_fact_files
from analysis.publish.notebook_tables import shown_tables
from analysis.registers.roles import load_roles
from analysis.runs.open_report import open_report

# The roles whose figures the files of all areas hold, beside the one that the report is about.
_ROLES_OF_AREAS = ("splw", "splw_all", "hwbc", "cc")


class Downloads:
    """The tables of an analysis with their CSV files as texts, and its figures of all areas; nothing is written yet."""

    def __init__(self, folder: Path) -> None:
        analysed = open_report(folder)
        self._folder, self._synthetic = folder, analysed.synthetic
        self._context = PageContext(
            title_of(analysed.role), DESCRIPTION, analysed.period, month_label(analysed.period), analysed.synthetic
        )
        self._tables = {table.id: table for table in analysed.tables}
        self._csvs = {name: table_csv(table, synthetic=self._synthetic) for name, table in self._tables.items()}
        roles = load_roles(about=analysed.role).with_focus(_ROLES_OF_AREAS)
        self._facts = fact_tables(analysed.facts, analysed.period, roles, synthetic=self._synthetic)

    def write(self, sections: list[Path]) -> None:
        """Write them, and every other table that the executed ``sections`` show, which stands for one of its name."""
        shown = {table.id: table for table in shown_tables(sections)}
        tables = list({**self._tables, **shown}.values())
        csvs = {name: text for name, text in self._csvs.items() if name not in shown}
        write_tables(tables, self._folder / TABLES, context=self._context, csvs=csvs)
        write_table_entries(tables, load_roles().names, self._folder / TABLES, synthetic=self._synthetic)
        write_fact_files(self._facts, self._folder)


if __name__ == "__main__":
    gc.disable()  # as in measures_beside
    made = Downloads(Path(sys.argv[1]))
    with Path(sys.argv[2]).open(encoding="utf-8") as told:
        made.write([Path(name) for name in json.loads(told.readline())])
