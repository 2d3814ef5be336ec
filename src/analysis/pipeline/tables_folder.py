"""The folder ``tables/`` of a report. A process makes the tables beside the last notebook, and writes them after it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.periods import month_label
from analysis.pipeline.step_inputs import Inputs, digest_of
from analysis.pipeline.step_store import files_of_run
from analysis.pipeline.titles import DESCRIPTION, title_of
from analysis.publish.context import PageContext
from analysis.publish.dictionary import write_table_entries
from analysis.publish.downloads import table_csv, write_tables
from analysis.publish.notebook_tables import shown_tables, table_payloads
from analysis.registers.roles import load_roles
from analysis.runs.store import open_report

if TYPE_CHECKING:
    from analysis.pipeline.current_run import CurrentRun
    from analysis.pipeline.kernels import ReportKernelManager

TABLES = "tables"


class AnalysisTables:
    """The tables of the analysis in a folder, and their CSV files as texts; nothing is written yet."""

    def __init__(self, folder: Path) -> None:
        analysed = open_report(folder)
        self._folder, self._synthetic = folder / TABLES, analysed.synthetic
        self._context = PageContext(
            title_of(analysed.role), DESCRIPTION, analysed.period, month_label(analysed.period), analysed.synthetic
        )
        self._tables = {table.id: table for table in analysed.tables}
        self._csvs = {name: table_csv(table, synthetic=self._synthetic) for name, table in self._tables.items()}

    def write(self, sections: list[Path]) -> None:
        """Write them, and every other table that the executed ``sections`` show, which stands for one of its name."""
        shown = {table.id: table for table in shown_tables(sections)}
        tables = list({**self._tables, **shown}.values())
        csvs = {name: text for name, text in self._csvs.items() if name not in shown}
        write_tables(tables, self._folder, context=self._context, csvs=csvs)
        write_table_entries(tables, load_roles().names, self._folder, synthetic=self._synthetic)


class TablesProcess:
    """A process that makes the tables of an analysis, and writes them when it is told which notebooks show tables.

    So it can begin while the last notebook runs.
    """

    def __init__(self, folder: Path, kernels: type[ReportKernelManager]) -> None:
        self._told = kernels.home / f"{TABLES}-{secrets.token_hex(4)}"
        self._process = None
        if sys.platform != "win32":  # which has no named pipes, and forks no process either
            os.mkfifo(self._told)
            self._process = kernels.fork_module(__name__, [str(folder.resolve()), str(self._told)])

    def write(self, sections: list[Path]) -> None:
        """Tell it which notebooks there are: it writes now."""
        if self._process is not None:
            # Opened for both, so that it does not wait for a process that may have died.
            self._pipe = os.open(self._told, os.O_RDWR)
            os.write(self._pipe, json.dumps([str(path.resolve()) for path in sections]).encode() + b"\n")

    def succeeded(self) -> bool:
        """Wait for its end, and say whether everything was written."""
        if self._process is None:
            return False
        code = self._process.wait()
        os.close(self._pipe)
        return code == 0


@contextlib.contextmanager
def tables_at_once(folder: Path, sections: list[Path]) -> Iterator[None]:
    """Write the tables before the pages, in this process."""
    AnalysisTables(folder).write(sections)
    yield


@contextlib.contextmanager
def tables_beside(run: CurrentRun, until: contextlib.ExitStack, folder: Path, sections: list[Path]) -> Iterator[None]:
    """Have the tables written while the body of the ``with`` statement runs; they are there at its end.

    They are taken over from an earlier run that showed the same tables of the same analysis. A process that fails is
    no matter: the tables are then written here, and what is wrong is raised here.
    """
    steps, inputs = run.steps, _inputs(run, folder, sections)
    if entry := steps.stored(TABLES, inputs):
        steps.store.restore(entry, folder)
        run.unchanged(TABLES)
        yield
        return
    with run.timed(TABLES):
        process = run.tables or TablesProcess(folder, run.kernels(until))
        process.write(sections)
        yield
        if not process.succeeded():
            AnalysisTables(folder).write(sections)
    if steps.stand(steps.shared):
        written = {f"{TABLES}/{path.name}": path for path in (folder / TABLES).iterdir()}
        steps.store.save(TABLES, inputs, written, read={}, period=run.period, seconds=run.seconds[TABLES])


def _inputs(run: CurrentRun, folder: Path, sections: list[Path]) -> Inputs:
    """All that the tables depend on: what each step depends on, the analysis, and the tables that notebooks show."""
    analysed = {f"the result {name}": digest for name, digest in files_of_run(folder).items()}
    shown = digest_of(json.dumps(payload, sort_keys=True) for payload in table_payloads(sections))
    return {**(run.steps.shared or {}), **analysed, "the tables that the notebooks show": shown}


if __name__ == "__main__":
    made = AnalysisTables(Path(sys.argv[1]))
    with Path(sys.argv[2]).open(encoding="utf-8") as told:
        made.write([Path(name) for name in json.loads(told.readline())])
