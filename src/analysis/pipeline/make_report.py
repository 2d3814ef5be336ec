"""Make a report: plan, run the notebooks, publish, put in place; the whole or nothing."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import Protocol

from analysis.pipeline import publication
from analysis.pipeline.current_run import Tell, open_run
from analysis.pipeline.failed_runs import keep_failure
from analysis.pipeline.finished_report import FinishedReport
from analysis.pipeline.kernels import Surroundings
from analysis.pipeline.plan import plan
from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.put_in_place import list_report, put_in_place
from analysis.pipeline.request import Request
from analysis.pipeline.run_notebooks import run_notebooks
from analysis.pipeline.steps import PUBLISH
from analysis.pipeline.tables_folder import tables_beside


class Publish(Protocol):
    """Turn a folder of results and executed notebooks into the report's pages; all that the pipeline knows of them."""

    def __call__(
        self, folder: Path, sections: list[Path], code: CodeVersion, *, tables: publication.WriteTables
    ) -> publication.Publication:
        """Write the pages and the ``tables`` into ``folder`` and say what they say in short."""


def make_report(
    request: Request,
    *,
    tell: Tell = lambda _: None,
    publish: Publish = publication.publish,
    around: Surroundings | None = None,
) -> FinishedReport:
    """Make the report that ``request`` asks for and put it in place.

    The notebooks run in the order of their numbers, except those of which nothing has changed. A failure keeps what was
    made under ``REPORTS/failed/<period>`` and leaves earlier reports as they were. ``tell`` is given a line for each
    step that is done. ``around`` are surroundings of kernels that are there already.

    Raises
    ------
    UserError
        Of the kind that fits: wrong use, extract, validation, notebook or page, each with its exit code.
    """
    with open_run(plan(request), tell, around) as run:
        with keep_failure(run), contextlib.ExitStack() as processes:
            sections = run_notebooks(run, processes)
            with run.timed(PUBLISH):
                tables = functools.partial(tables_beside, run, processes)
                published = publish(run.folder, sections, run.code, tables=tables)
            report = put_in_place(run, published)
        list_report(run)
    return report
