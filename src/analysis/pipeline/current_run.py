"""The run that is being made: where it works, what it has done, and the locks and the staging folder that it holds."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.pipeline.drawings import FOLDER as DRAWINGS
from analysis.pipeline.failed_runs import shown
from analysis.pipeline.kernels import ReportKernelManager, Surroundings, report_kernels
from analysis.pipeline.lookup import report_name
from analysis.pipeline.notebooks import Notebook
from analysis.pipeline.plan import Plan
from analysis.pipeline.provenance import CodeVersion, code_version
from analysis.pipeline.raw_folder import resolve_raw
from analysis.pipeline.reports_folder import Staging, open_reports, period_lock, storage_errors
from analysis.pipeline.request import from_root, processed_as_given, raw_as_given
from analysis.pipeline.run_log import RunLog
from analysis.pipeline.steps import Steps
from analysis.settings import project_root, resolve

if TYPE_CHECKING:
    from analysis.pipeline.downloads import DownloadsProcess

Tell = Callable[[str], None]


@dataclass
class CurrentRun:
    """One run on its way.

    Parameters
    ----------
    plan
        What is to be done.
    staging
        The folder in which it is done.
    raw
        The folder of extracts, in the words of a notebook parameter.
    code
        The version of the code.
    tell
        Is given a line for each step that is done.
    locks
        What the run holds until its end.
    period
        The census; empty until ingest has found which is the latest.
    steps
        What each step depends on, and the store of those done before.
    around
        The surroundings of its kernels, where they are there already.
    """

    plan: Plan
    staging: Staging
    raw: str
    code: CodeVersion
    tell: Tell
    locks: contextlib.ExitStack
    period: str
    steps: Steps
    around: Surroundings | None = None
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    seconds: dict[str, float] = field(default_factory=dict)
    log: RunLog = field(init=False)
    written: set[str] = field(default_factory=set)  # the results that its notebooks have written, by name
    downloads: DownloadsProcess | None = None  # the one that was begun beside the last notebook
    _kernels: type[ReportKernelManager] | None = None

    def __post_init__(self) -> None:
        """Begin the log, with what is asked for."""
        self.log = RunLog(self.folder)
        asked = {
            "period": self.plan.request.period,
            "raw": shown(self.raw),
            "role": self.plan.request.role,
            **self.plan.parameters,
        }
        try:
            self.log.event("run started", code=self.code.text, parameters=asked)
        except OSError:
            self.log.close()
            raise

    @property
    def folder(self) -> Path:
        """The staging folder."""
        return self.staging.folder

    @property
    def name(self) -> str:
        """The name of the report's folder in ``REPORTS``: see :func:`analysis.pipeline.lookup.report_name`."""
        return report_name(self.period, self.plan.request.role)

    @property
    def reports(self) -> Path:
        """The folder of the reports."""
        return self.plan.request.reports

    @property
    def kept_drawings(self) -> Path | None:
        """Where drawings of earlier runs lie; nowhere when every step was asked for."""
        request = self.plan.request
        return None if request.fresh else resolve(processed_as_given(request)) / DRAWINGS

    def take_period(self, period: str) -> None:
        """Make the report of ``period`` and of no other, and let no other run make it.

        Raises
        ------
        BusyError
            When another run is making it.
        """
        self.locks.enter_context(period_lock(self.reports, report_name(period, self.plan.request.role)))
        self.period = period

    def parameters_of(self, notebook: Notebook) -> dict[str, object]:
        """The run's parameters, those that the notebook declares."""
        given: dict[str, object] = {
            "period": self.period,
            "raw": self.raw,
            "processed": processed_as_given(self.plan.request),
            "results": from_root(self.folder),
            "role": self.plan.request.role,
            **self.plan.parameters,
        }
        return {name: value for name, value in given.items() if name in notebook.parameters}

    @contextlib.contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Take the time of a step, and tell it when it is done."""
        begun = time.perf_counter()
        self.log.event("step started", step=step)
        yield
        self.seconds[step] = time.perf_counter() - begun
        self.log.event("step ended", step=step, seconds=round(self.seconds[step], 3))
        self.tell(f"{step}: {self.seconds[step]:.1f} s")

    def unchanged(self, step: str) -> None:
        """Tell that a step need not be done: its results of an earlier run are used."""
        self.log.event("step unchanged", step=step, decision="the results of an earlier run are used")
        self.tell(f"{step}: unchanged")

    def kernels(self, until: contextlib.ExitStack) -> type[ReportKernelManager]:
        """The manager class for the kernels of this run, made when the first is needed; they end with ``until``."""
        if self._kernels is None:
            self._kernels = until.enter_context(report_kernels(self.around))
        return self._kernels

    def discard(self) -> None:
        """Leave nothing of the run."""
        self.log.close()
        self.staging.remove()


@contextlib.contextmanager
def open_run(plan: Plan, tell: Tell, around: Surroundings | None = None) -> Iterator[CurrentRun]:
    """Begin a run: put the reports folder in order, lock the period, find the extracts, make a staging folder.

    Raises
    ------
    UserError
        The folder cannot be used, the period is being made by another run, or there are no extracts.
    """
    request = plan.request
    open_reports(request.reports)
    with contextlib.ExitStack() as locks:
        if plan.period:
            locks.enter_context(period_lock(request.reports, report_name(plan.period, request.role)))
        raw = resolve_raw(raw_as_given(request), processed_as_given(request))
        code = code_version(project_root(), request.reports)
        raw_text = raw_as_given(request) if request.raw is not None else from_root(raw)
        with storage_errors(request.reports):
            staging = Staging(request.reports, plan.period)
            try:
                run = CurrentRun(plan, staging, raw_text, code, tell, locks, plan.period, Steps.of(request), around)
            except BaseException:
                staging.remove()
                raise
        yield run
