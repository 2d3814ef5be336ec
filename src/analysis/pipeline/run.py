"""Make a report: check, run the notebooks in their order, publish, and put the whole in place or nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from analysis.errors import NotebookError, PageError, UserError
from analysis.pipeline import publication
from analysis.pipeline.bill_of_materials import write_bill_of_materials
from analysis.pipeline.checksums import write_checksums
from analysis.pipeline.execution import StepFailedError, execute
from analysis.pipeline.failed_run import READY, keep_failed, shown, without_mention
from analysis.pipeline.kept import read_json, tidy_notebook
from analysis.pipeline.kernels import report_kernels
from analysis.pipeline.manifest import write_manifest
from analysis.pipeline.notebooks import Notebook
from analysis.pipeline.place import FAILED, BusyError, Staging, open_reports, period_lock, storage_errors
from analysis.pipeline.provenance import CodeVersion, code_version
from analysis.pipeline.raw import resolve_raw
from analysis.pipeline.request import Made, Plan, Request, from_root, plan, processed_as_given, raw_as_given
from analysis.pipeline.run_log import RunLog
from analysis.pipeline.status import Standing
from analysis.publish.paths import without_machine_paths
from analysis.runs.store import INGEST_FILE, VALIDATION_FILE
from analysis.settings import RESULTS, project_root

Tell = Callable[[str], None]


class Publish(Protocol):
    """Turn a folder of results and executed notebooks into the report's pages; all that the pipeline knows of them."""

    def __call__(self, folder: Path, sections: list[Path], code: CodeVersion) -> publication.Published:
        """Write the pages into ``folder`` and say how the report stands."""


_NAMED = 3  # files: enough to see what was forgotten
_UNFORESEEN = "This was not foreseen; each report that is in place is whole."
_TELL = "Run again with --debug and send what it shows to whoever looks after the project."


@dataclass
class _Run:
    """One run on its way: where it works and what it has done."""

    request: Request
    plan: Plan
    staging: Staging
    raw: str
    code: CodeVersion
    tell: Tell
    period: str
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    seconds: dict[str, float] = field(default_factory=dict)
    log: RunLog = field(init=False)
    decided: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin the log, with what is asked for."""
        self.log = RunLog(self.folder)
        asked = {"period": self.request.period, "raw": shown(self.raw), **self.plan.parameters}
        try:
            self.log.event("run started", code=self.code.text, parameters=asked)
        except OSError:
            self.log.close()
            raise

    @property
    def folder(self) -> Path:
        return self.staging.folder

    def parameters_of(self, notebook: Notebook) -> dict[str, object]:
        """The run's parameters, those that the notebook declares."""
        given: dict[str, object] = {
            "period": self.period,
            "raw": self.raw,
            "processed": processed_as_given(self.request),
            "results": from_root(self.folder),
            **self.plan.parameters,
        }
        return {name: value for name, value in given.items() if name in notebook.parameters}

    def keep_failed(self, failed: StepFailedError) -> UserError:
        """Keep what was made, and return the error to raise."""
        reports = self.request.reports
        error = failed.error
        with contextlib.suppress(OSError):  # on a full disk the error that stopped the run is the one to tell
            self.log.event(
                "run failed",
                step=failed.notebook or None,
                cell=failed.cell_number,
                kind=error.kind,
                exit_code=error.exit_code,
                what=without_machine_paths(error.what),
                decision="no report is put in place; what was made is kept",
            )
        self.log.close()
        return keep_failed(self.staging, failed, reports=reports, period=self.period, raw=self.raw, planned=self.plan)

    @contextlib.contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Take the time of a step, and tell it when it is done."""
        begun = time.perf_counter()
        self.log.event("step started", step=step)
        yield
        self.seconds[step] = time.perf_counter() - begun
        self.log.event("step ended", step=step, seconds=round(self.seconds[step], 3))
        self.tell(f"{step}: {self.seconds[step]:.1f} s")


def make_report(request: Request, *, tell: Tell = lambda _: None, publish: Publish = publication.publish) -> Made:
    """Make the report that ``request`` asks for and put it in place.

    The notebooks run in the order of their numbers; a failure keeps what was made under ``REPORTS/failed/<period>`` and
    leaves earlier reports as they were. ``tell`` is given a line for each step that is done.

    Raises
    ------
    UserError
        Of the kind that fits: wrong use, extract, validation, notebook or page, each with its exit code.
    """
    planned = plan(request)
    reports = request.reports
    open_reports(reports)
    with contextlib.ExitStack() as locks:
        if planned.period:
            locks.enter_context(period_lock(reports, planned.period))
        raw = resolve_raw(raw_as_given(request), processed_as_given(request))
        code = code_version(project_root(), reports)
        raw_text = raw_as_given(request) if request.raw is not None else from_root(raw)
        with storage_errors(reports):
            staging = Staging(reports, planned.period)
            try:
                run = _Run(request, planned, staging, raw_text, code, tell, planned.period)
            except BaseException:
                staging.remove()
                raise
        try:
            with storage_errors(reports):
                _run_notebooks(run, locks)
                made = _put_in_place(run, publish)
        except StepFailedError as failed:
            raise run.keep_failed(failed) from failed
        except BusyError:
            run.log.close()
            staging.remove()
            raise
        except UserError as error:
            raise run.keep_failed(StepFailedError(error, notebook="")) from error
        except Exception as bug:
            told = UserError(f"A bug in this program: {type(bug).__name__}: {bug}", _UNFORESEEN, _TELL)
            run.keep_failed(StepFailedError(told, notebook=""))
            raise
        except BaseException:
            run.log.close()
            staging.remove()
            raise
        with storage_errors(reports):
            publication.write_front(reports)
            _forget_failed(reports, run.period)
        return made


def _run_notebooks(run: _Run, locks: contextlib.ExitStack) -> None:
    executed = run.folder / "notebooks"
    executed.mkdir()
    with report_kernels() as kernels:
        for notebook in run.plan.notebooks:
            with run.timed(notebook.name):
                output = executed / notebook.path.name
                execute(notebook, output, run.parameters_of(notebook), kernels, run.request.cell_timeout)
            _log_decisions(run)
            publication.require_gate(run.folder)
            if not run.period and (found := read_json(run.folder / "ingest.json").get("period")):
                run.period = str(found)
                locks.enter_context(period_lock(run.request.reports, run.period))
    if not run.period:
        raise NotebookError(
            "The notebooks ended without saying which census the report is of.",
            "The first notebook hands it on in ingest.json, and the report is named by it.",
            "Restore the first notebook, or give the period: `analysis report --period 2022-09`.",
        )


def _log_decisions(run: _Run) -> None:
    """Log what a notebook has decided about the extracts, once for each of the two that do."""
    for name, log in ((INGEST_FILE, run.log.inputs), (VALIDATION_FILE, run.log.validation)):
        if name not in run.decided and (result := read_json(run.folder / name)):
            run.decided.add(name)
            log(result)


def _put_in_place(run: _Run, publish: Publish) -> Made:
    reports, folder = run.request.reports, run.folder
    executed, ready = folder / "notebooks", folder / READY
    ready.mkdir()
    places = {str(folder.resolve()): RESULTS, from_root(folder): RESULTS, **without_mention(run.raw)}
    for path in executed.iterdir():
        tidy_notebook(path, ready / path.name, places)
    sections = [ready / notebook.path.name for notebook in run.plan.notebooks if notebook.is_section]
    with run.timed("publish"):
        published = publish(folder, sections, run.code)
    _require_final(run, published.standing)
    shutil.rmtree(executed)
    ready.rename(executed)
    write_bill_of_materials(folder, run.code)
    write_manifest(
        folder,
        period=run.period,
        catalogue=read_json(folder / "ingest.json"),
        standing=published.standing,
        code=run.code,
        parameters={"period": run.request.period, "raw": run.raw, **run.plan.parameters},
        seconds=run.seconds,
        started=run.started,
        finished=dt.datetime.now(dt.UTC),
        verdicts=published.verdicts,
    )
    target = reports / run.period
    run.log.event("report made", period=run.period, status=published.standing.kind, decision="put in place")
    run.log.close()
    write_checksums(folder)
    run.staging.move_to(target)
    page = target / "index.html"
    return Made(
        period=run.period,
        folder=target,
        page=page,
        page_bytes=page.stat().st_size,
        status=published.standing.kind,
        status_reasons=published.standing.reasons,
        synthetic=published.synthetic,
        verdicts=published.verdicts,
        warnings=published.warnings,
        seconds=run.seconds,
    )


def _require_final(run: _Run, standing: Standing) -> None:
    if run.request.strict and standing.kind != "final":
        changed = run.code.changed or ()
        more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
        named = f" Not committed: {', '.join(changed[:_NAMED])}{more}." if changed else ""
        raise PageError(
            f"The report {run.period} is a draft, and a strict run makes final reports only.",
            " ".join(standing.reasons) + named,
            "Correct what is named (real extracts, a committed working tree), or run without --strict for a draft.",
        )


def _forget_failed(reports: Path, period: str) -> None:
    """What an earlier failed run of this period left is of no more use once the report is made."""
    shutil.rmtree(reports / FAILED / period, ignore_errors=True)
    with contextlib.suppress(OSError):
        (reports / FAILED).rmdir()
