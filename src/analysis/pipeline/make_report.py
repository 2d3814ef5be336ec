"""Make a report: plan, run the notebooks, publish, put in place; the whole or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from analysis.pipeline import publication
from analysis.pipeline.current_run import Tell, open_run
from analysis.pipeline.failed_runs import keep_failure
from analysis.pipeline.finished_report import FinishedReport
from analysis.pipeline.plan import plan
from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.put_in_place import list_report, put_in_place
from analysis.pipeline.request import Request
from analysis.pipeline.run_notebooks import run_notebooks


class Publish(Protocol):
    """Turn a folder of results and executed notebooks into the report's pages; all that the pipeline knows of them."""

    def __call__(self, folder: Path, sections: list[Path], code: CodeVersion) -> publication.Publication:
        """Write the pages into ``folder`` and say what they say in short."""


def make_report(
    request: Request, *, tell: Tell = lambda _: None, publish: Publish = publication.publish
) -> FinishedReport:
    """Make the report that ``request`` asks for and put it in place.

    The notebooks run in the order of their numbers, except those of which nothing has changed. A failure keeps what was
    made under ``REPORTS/failed/<period>`` and leaves earlier reports as they were. ``tell`` is given a line for each
    step that is done.

    Raises
    ------
    UserError
        Of the kind that fits: wrong use, extract, validation, notebook or page, each with its exit code.
    """
    with open_run(plan(request), tell) as run:
        with keep_failure(run):
            sections = run_notebooks(run)
            with run.timed("publish"):
                published = publish(run.folder, sections, run.code)
            report = put_in_place(run, published)
        list_report(run)
    return report
