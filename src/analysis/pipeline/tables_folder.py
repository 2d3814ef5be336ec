"""The folder ``tables/`` of a report. It is written while the pages are, by a process of its own."""

from __future__ import annotations

import contextlib
import json
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
from analysis.publish.downloads import write_tables
from analysis.publish.notebook_tables import shown_tables, table_payloads
from analysis.registers.roles import load_roles
from analysis.runs.store import open_report

if TYPE_CHECKING:
    from analysis.pipeline.current_run import CurrentRun

TABLES = "tables"


def write_tables_folder(folder: Path, sections: list[Path]) -> None:
    """Write every table of the analysis in ``folder``, and every other that the executed ``sections`` show."""
    analysed = open_report(folder)
    tables = {table.id: table for table in (*analysed.tables, *shown_tables(sections))}
    context = PageContext(
        title_of(analysed.role), DESCRIPTION, analysed.period, month_label(analysed.period), analysed.synthetic
    )
    write_tables(list(tables.values()), folder / TABLES, context=context)
    write_table_entries(list(tables.values()), load_roles().names, folder / TABLES, synthetic=analysed.synthetic)


@contextlib.contextmanager
def tables_at_once(folder: Path, sections: list[Path]) -> Iterator[None]:
    """Write the tables before the pages, in this process."""
    write_tables_folder(folder, sections)
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
        arguments = [str(path.resolve()) for path in (folder, *sections)]
        process = run.kernels(until).fork_module(__name__, arguments)
        yield
        if process is None or process.wait() != 0:
            write_tables_folder(folder, sections)
    if steps.stand(steps.shared):
        written = {f"{TABLES}/{path.name}": path for path in (folder / TABLES).iterdir()}
        steps.store.save(TABLES, inputs, written, read={}, period=run.period, seconds=run.seconds[TABLES])


def _inputs(run: CurrentRun, folder: Path, sections: list[Path]) -> Inputs:
    """All that the tables depend on: what each step depends on, the analysis, and the tables that notebooks show."""
    analysed = {f"the result {name}": digest for name, digest in files_of_run(folder).items()}
    shown = digest_of(json.dumps(payload, sort_keys=True) for payload in table_payloads(sections))
    return {**(run.steps.shared or {}), **analysed, "the tables that the notebooks show": shown}


if __name__ == "__main__":
    write_tables_folder(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
