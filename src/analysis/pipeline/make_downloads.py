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
from analysis.publish.fact_files import fact_tables, write_fact_files
from analysis.publish.notebook_tables import shown_tables
from analysis.publish.prepared_tables import PreparedTables
from analysis.registers.roles import load_roles
from analysis.runs.open_report import open_report

# The roles whose figures the files of all areas hold, beside the one that the report is about.
_ROLES_OF_AREAS = ("splw", "splw_all", "hwbc", "cc")


class Downloads:
    """The tables of an analysis as they are written, and its figures of all areas; nothing is written yet."""

    def __init__(self, folder: Path) -> None:
        analysed = open_report(folder)
        context = PageContext(
            title_of(analysed.role), DESCRIPTION, analysed.period, month_label(analysed.period), analysed.synthetic
        )
        self._folder = folder
        self._tables = PreparedTables(analysed.tables, load_roles().names, context)
        roles = load_roles(about=analysed.role).with_focus(_ROLES_OF_AREAS)
        self._facts = fact_tables(analysed.facts, analysed.period, roles, synthetic=analysed.synthetic)

    def write(self, sections: list[Path]) -> None:
        """Write them, and every other table that the executed ``sections`` show, which stands for one of its name."""
        self._tables.write(shown_tables(sections), self._folder / TABLES)
        write_fact_files(self._facts, self._folder)


if __name__ == "__main__":
    gc.disable()  # as in measures_beside
    made = Downloads(Path(sys.argv[1]))
    with Path(sys.argv[2]).open(encoding="utf-8") as told:
        made.write([Path(name) for name in json.loads(told.readline())])
