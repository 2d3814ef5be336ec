"""Make a report: plan, run the notebooks, publish, put in place; the whole or nothing."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from analysis.pipeline.current_run import Tell, open_run
from analysis.pipeline.failed_runs import keep_failure
from analysis.pipeline.finished_report import FinishedReport
from analysis.pipeline.kernels import Surroundings
from analysis.pipeline.plan import Plan, plan
from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.request import Request
from analysis.pipeline.run_notebooks import BeginCheck, run_notebooks
from analysis.pipeline.steps import PUBLISH

if TYPE_CHECKING:
    from analysis.pipeline.publication import Publication, WriteDownloads


class Publish(Protocol):
    """Turn a folder of results and executed notebooks into the report's pages; all that the pipeline knows of them."""

    def __call__(
        self, folder: Path, sections: list[Path], code: CodeVersion, *, downloads: WriteDownloads
    ) -> Publication:
        """Write the pages and the ``downloads`` into ``folder`` and say what they say in short."""


def make_report(
    request: Request,
    *,
    tell: Tell = lambda _: None,
    publish: Publish | None = None,
    around: Surroundings | None = None,
) -> FinishedReport:
    """Make the report that ``request`` asks for and put it in place.

    The notebooks run in the order of their numbers, except those of which nothing has changed. A failure keeps what was
    made under ``REPORTS/failed/<period>`` and leaves earlier reports as they were. ``tell`` is given a line for each
    step that is done. ``publish`` is :func:`analysis.pipeline.publication.publish`, unless a test gives another.
    ``around`` are surroundings of kernels that are there already.

    Raises
    ------
    UserError
        Of the kind that fits: wrong use, extract, validation, notebook or page, each with its exit code.
    """
    planned = plan(request)
    with _check_of_texts(planned) as begin_check, open_run(planned, tell, around) as run:
        with keep_failure(run), contextlib.ExitStack() as processes:
            sections = run_notebooks(run, processes, begin_check)
            from analysis.pipeline import downloads, publication, put_in_place  # noqa: PLC0415 - see _check

            with run.timed(PUBLISH):
                beside = functools.partial(downloads.downloads_beside, run, processes)
                published = (publish or publication.publish)(run.folder, sections, run.code, downloads=beside)
            report = put_in_place.put_in_place(run, published)
        put_in_place.list_report(run)
    return report


@contextlib.contextmanager
def _check_of_texts(planned: Plan) -> Iterator[BeginCheck]:
    """What begins the check of the notebooks' texts, once, in a thread: the first notebook does not wait for it."""
    with ThreadPoolExecutor(1) as thread:
        yield functools.cache(lambda: thread.submit(_check, planned))


def _check(planned: Plan) -> None:
    """Check the texts, and import what publishing needs: both take seconds, in which a notebook can run."""
    from analysis.pipeline import publication, put_in_place  # noqa: F401, PLC0415
    from analysis.pipeline.text_cells import check_texts  # noqa: PLC0415

    check_texts([notebook.path for notebook in planned.notebooks], planned.roles)
