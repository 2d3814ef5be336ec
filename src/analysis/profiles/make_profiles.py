"""Make the pages of the areas of a report: the report first, then the pages that are missing or not current."""

from __future__ import annotations

import concurrent.futures
import math
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import NotebookError, PageError, UsageError, UserError, first_few
from analysis.pipeline.checksums import write_checksums
from analysis.pipeline.finished_report import FinishedReport
from analysis.pipeline.json_files import read_json, write_json
from analysis.pipeline.make_report import make_report
from analysis.pipeline.manifest import NAME as MANIFEST
from analysis.pipeline.pages_beside import write_front, write_profiles_list
from analysis.pipeline.processes import end_with_worker
from analysis.pipeline.profile_folders import RECORD, LevelFolder
from analysis.pipeline.provenance import code_version
from analysis.pipeline.raw_folder import resolve_raw
from analysis.pipeline.reports_folder import Staging, period_lock, storage_errors
from analysis.pipeline.request import Request, processed_as_given, raw_as_given
from analysis.pipeline.step_inputs import digest_of, notebooks_folder
from analysis.pipeline.steps import report_in_place
from analysis.profiles.areas import Area, areas_of, chosen
from analysis.profiles.batch import STOP, Batch, Cause, Outcome, forget_records, make_pages, record_of, recorded
from analysis.profiles.executors import Workers, workers
from analysis.profiles.notebook import ProfileNotebook
from analysis.profiles.progress import Progress
from analysis.profiles.reasons import PagePlan, plan_pages
from analysis.publish.profile_page import LEVELS, page_name
from analysis.registers.roles import load_roles
from analysis.settings import project_root, resolve

Tell = Callable[[str], None]

# A batch starts a kernel and opens the report once, which takes as long as some ten pages; larger batches than this
# save little, and a worker that is killed loses the pages of its batch that are not written yet: none but one.
_LARGEST_BATCH = 64
_POLL_SECONDS = 0.25
_NAMED = 3  # failed areas in a message
_KILLED = "KilledWorker"  # of distributed: the worker of a batch was ended, and that of each further attempt


@dataclass(frozen=True)
class ProfilesRequest:
    """Pages asked for.

    Parameters
    ----------
    report
        The report that they belong to.
    level
        ``region``, ``icb``, ``sub_icb`` or ``pcn``.
    areas
        Codes of the areas; all of the level when empty.
    scheduler
        The address of a Dask scheduler; this machine when empty.
    workers
        How many pages are made at once on this machine; one for each core when 0.
    """

    report: Request
    level: str = "icb"
    areas: tuple[str, ...] = ()
    scheduler: str = ""
    workers: int = 0


@dataclass
class MadeProfiles:
    """What came of it: where the pages lie, which were made, which were current, and which failed."""

    folder: Path
    total: int
    made: list[Outcome] = field(default_factory=list)
    unchanged: int = 0
    failed: list[Outcome] = field(default_factory=list)

    def error(self) -> UserError | None:
        """The error that names the areas that have no page; ``None`` where all have one."""
        if not self.failed:
            return None
        causes = [outcome.error for outcome in self.failed if outcome.error]
        named = first_few([f"{o.area.code} ({o.area.name}): {o.error.what}" for o in self.failed if o.error], _NAMED)
        kind = PageError if all(cause.kind == PageError.__name__ for cause in causes) else NotebookError
        others = self.total - len(self.failed)
        return kind(
            f"{len(self.failed)} of {self.total} areas have no new page: {named}",
            f"{causes[0].why} The pages of the {others} others are in place.",
            f"{causes[0].fix} Pages that are in place are not made again.",
        )


def make_profiles(request: ProfilesRequest, *, tell: Tell = lambda _: None) -> MadeProfiles:
    """Make the pages that ``request`` asks for, and put those that came out in place.

    The report is made first where it is not in place. A page is not made again while nothing that it depends on has
    changed. An area that fails leaves the others standing: see :meth:`MadeProfiles.error`.

    Raises
    ------
    UserError
        The report cannot be made, there is no such area, or no worker.
    """
    notebook = _notebook(request)
    report = report_in_place(request.report) or make_report(request.report, tell=tell)
    areas = areas_of(report.folder, request.level, period=report.period, role=request.report.role)
    wanted = chosen(areas, request.areas, request.level)
    with storage_errors(request.report.reports), period_lock(request.report.reports, report.folder.name):
        try:
            made = _Level(request, report, notebook, areas).make(wanted, tell)
        finally:  # after an interrupt, too, there are new pages
            write_profiles_list(report.folder)
    write_front(request.report.reports)
    return made


def plan_profiles(request: ProfilesRequest) -> list[PagePlan] | None:
    """What :func:`make_profiles` would do for each area; ``None`` where it would first make the report.

    Raises
    ------
    UserError
        There is no such area or level, or the notebook cannot be run.
    """
    notebook = _notebook(request)
    report = report_in_place(request.report)
    if report is None:
        return None
    areas = areas_of(report.folder, request.level, period=report.period, role=request.report.role)
    return _Level(request, report, notebook, areas).plan(chosen(areas, request.areas, request.level))


def _notebook(request: ProfilesRequest) -> ProfileNotebook:
    if request.level not in LEVELS:
        raise UsageError(
            f"There is no level {request.level!r}.",
            "Pages are made for the areas of one level.",
            f"Choose one of {', '.join(LEVELS)}.",
        )
    return ProfileNotebook.read(notebooks_folder(request.report), load_roles(about=request.report.role))


class _Level:
    """The pages of one level of a report, being made."""

    def __init__(
        self, request: ProfilesRequest, report: FinishedReport, notebook: ProfileNotebook, areas: Sequence[Area]
    ) -> None:
        self._request, self._report, self._notebook, self._areas = request, report, notebook, areas
        self._before = LevelFolder.read(report.folder, request.level)
        self._manifest = read_json(report.folder / MANIFEST)
        publication = str(self._manifest.get("publication_key", ""))
        self._key = digest_of([publication, notebook.source]) if publication else ""

    def plan(self, wanted: Sequence[Area]) -> list[PagePlan]:
        """Which pages of ``wanted`` are to be made, and why."""
        return plan_pages(self._before, self._key, wanted, fresh=self._request.report.fresh)

    def make(self, wanted: Sequence[Area], tell: Tell) -> MadeProfiles:
        """Make what is missing, and put the level in place."""
        made = MadeProfiles(self._before.folder, len(wanted))
        missing = [page.area for page in self.plan(wanted) if page.reason]
        made.unchanged = len(wanted) - len(missing)
        if made.unchanged:
            tell(f"{made.unchanged} of {len(wanted)} pages are unchanged")
        if not missing:
            return made
        staging = Staging(self._request.report.reports, f"{self._report.folder.name}-{self._request.level}")
        try:
            self._run(missing, staging.folder, tell, made)
        finally:
            # What is finished is put in place after an interrupt, too: the next run goes on from there.
            self._put_in_place(staging, missing)
        return made

    def _run(self, missing: Sequence[Area], staging: Path, tell: Tell, made: MadeProfiles) -> None:
        count = min(self._request.workers, len(missing))
        with workers(self._request.scheduler, count) as having:
            batches = self._batches(missing, staging, having)
            waiting = {having.executor.submit(end_with_worker, make_pages, batch): batch for batch in batches}
            progress, done = Progress(len(missing), tell), set[str]()

            def take(areas: Sequence[Area]) -> None:
                for area in recorded(staging, (area for area in areas if area.code not in done)):
                    if (outcome := record_of(staging, area)) is not None:
                        done.add(area.code)
                        (made.made if outcome.error is None else made.failed).append(outcome)
                        progress.take(outcome)

            try:
                while waiting:
                    ended, _ = concurrent.futures.wait(
                        waiting, timeout=_POLL_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED
                    )
                    take(missing)
                    for future in ended:
                        batch = waiting.pop(future)
                        take(batch.areas)
                        without = [area for area in batch.areas if area.code not in done]
                        made.failed += _lost(without, future)
            except BaseException:
                (staging / STOP).touch()
                for future in waiting:
                    future.cancel()
                having.executor.shutdown(wait=True)
                raise

    def _batches(self, missing: Sequence[Area], staging: Path, having: Workers) -> list[Batch]:
        """The areas in parts, neighbours by turns: large areas lie together in some orders."""
        request = self._request.report
        raw = resolve_raw(raw_as_given(request), processed_as_given(request))
        parameters = {
            "period": self._report.period,
            "raw": str(raw),
            "processed": str(resolve(processed_as_given(request))),
            "role": request.role,
        }
        number = max(min(having.at_once, len(missing)), math.ceil(len(missing) / _LARGEST_BATCH))
        code = code_version(project_root(), request.reports)
        return [
            Batch(
                report=os.path.abspath(self._report.folder),  # noqa: PTH100 - a link that workers share stays a link
                staging=os.path.abspath(staging),  # noqa: PTH100
                project=str(project_root()),
                run=str(self._manifest["run"]),
                notebook=self._notebook,
                parameters=parameters,
                areas=tuple(missing[start::number]),
                generator=code.text,
                cell_timeout=request.cell_timeout,
            )
            for start in range(number)
        ]

    def _put_in_place(self, staging: Staging, missing: Sequence[Area]) -> None:
        """Make the staging folder the folder of the level: new pages, and those from before that were not replaced."""
        folder, target = staging.folder, self._before.folder
        outcomes = {area.code: record_of(folder, area) for area in missing}
        new = {code for code, outcome in outcomes.items() if outcome is not None and outcome.error is None}
        if not new:
            staging.remove()
            return
        forget_records(folder)
        for leftover in folder.glob(".*"):  # of a worker that was killed
            leftover.unlink()
        keys = {}
        for area in self._areas:
            name = page_name(area.code)
            if area.code in new:
                keys[area.code] = self._key
            elif area.code in self._before.keys and (target / name).is_file():
                shutil.copy2(target / name, folder / name)
                keys[area.code] = self._before.keys[area.code]
        listed = [[area.code, area.name, keys[area.code]] for area in self._areas if area.code in keys]
        write_json(folder / RECORD, {"areas": listed})
        write_checksums(folder)
        target.parent.mkdir(exist_ok=True)
        staging.move_to(target)


def _lost(areas: Sequence[Area], future: Future[None]) -> list[Outcome]:
    """The areas of a batch that ended without them, each with the reason.

    Raises
    ------
    Exception
        What the batch raised, if that is no error of a user's and no worker's end: it is a bug.
    """
    fault = future.exception()
    if fault is None or not areas:
        return []
    if isinstance(fault, UserError):
        cause = Cause.of(fault)
    elif isinstance(fault, BrokenExecutor) or type(fault).__name__ == _KILLED:
        cause = Cause(
            NotebookError.__name__,
            "the process that made its page was ended.",
            "Most often the machine ran out of memory, or somebody ended the worker.",
            "Run the same command again: it goes on where it stopped.",
        )
    else:
        raise fault
    return [Outcome(area, 0.0, error=cause) for area in areas]
