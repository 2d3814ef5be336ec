"""Run the notebooks of a report, those that have to be run, and make them ready to be published."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from analysis.errors import NotebookError
from analysis.file_digests import NAME as DIGESTS
from analysis.formats import ASSESSMENT, FACTS, INGEST, VALIDATION
from analysis.pipeline.current_run import CurrentRun
from analysis.pipeline.drawings import Drawings
from analysis.pipeline.executed_notebooks import tidy_notebook
from analysis.pipeline.failed_runs import without_mention
from analysis.pipeline.files_read import files_read
from analysis.pipeline.gate import require_gate
from analysis.pipeline.json_files import read_json
from analysis.pipeline.kernels import ReportKernelManager
from analysis.pipeline.notebooks import Notebook
from analysis.pipeline.present_text import put_present_text
from analysis.pipeline.raw_folder import resolve_raw
from analysis.pipeline.reports_folder import require_not_published
from analysis.pipeline.request import from_root, processed_as_given, raw_as_given
from analysis.pipeline.step_inputs import file_digest
from analysis.pipeline.step_store import NOTEBOOKS, READY, files_of_run, results_digest
from analysis.runs.folder import RunFolder
from analysis.settings import resolve

BeginCheck = Callable[[], Future[None]]

_VALIDATION_ENGINE = "analysis.quality.engine"
_MEASURES_BESIDE = "analysis.pipeline.measures_beside"


def run_notebooks(run: CurrentRun, kernels: contextlib.ExitStack, begin_check: BeginCheck) -> list[Path]:
    """Run the notebooks in their order; return those with sections for the page, as they will be kept.

    A notebook whose inputs are all as they were in an earlier run is not run again: its results are taken over, with
    its text as it is now. The kernels end with ``kernels``. ``begin_check`` begins the check of their texts, beside
    the first one that is run, and gives the same check later; those of a notebook that is taken over were checked when
    it was run.

    Raises
    ------
    TextError
        A text of a notebook names what there is not.
    StepFailedError
        A notebook did not come to its end.
    UserError
        Validation found a critical failure, or the notebooks did not say which census the report is of.
    """
    for name in (NOTEBOOKS, READY):
        (run.folder / name).mkdir()
    logged: set[str] = set()
    run.steps.store.clean()
    with Drawings(run.kept_drawings) as drawings:
        for notebook in run.plan.notebooks:
            entry = run.steps.find(notebook.name, run.period)
            if entry is not None:
                run.steps.store.restore(entry, run.folder)
                put_present_text(run.folder / NOTEBOOKS / notebook.path.name, notebook.path)
                run.steps.take(notebook.name, entry.results)
                run.unchanged(notebook.name)
            else:
                _run_notebook(run, notebook, kernels, begin_check, drawings)
                begin_check().result()
            _log_decisions(run, logged)
            require_gate(run.folder)
            _take_period(run)
    if not run.period:
        raise NotebookError(
            "The notebooks ended without saying which census the report is of.",
            "The first notebook writes it into ingest.json, and the report is named by it.",
            "Restore the first notebook, or give the period: `analysis report --period 2022-09`.",
        )
    return _made_ready(run)


def _run_notebook(
    run: CurrentRun, notebook: Notebook, kernels: contextlib.ExitStack, begin_check: BeginCheck, drawings: Drawings
) -> None:
    """Run one notebook, and keep its results for later runs."""
    from analysis.pipeline.execution import execute  # noqa: PLC0415 - papermill is slow to import, and not always needed

    begin_check()
    asked = run.period
    inputs = run.steps.inputs(notebook.name, asked)
    output = run.folder / NOTEBOOKS / notebook.path.name
    before = files_of_run(run.folder)
    with run.timed(notebook.name):
        manager = run.kernels(kernels)
        if manager.template and notebook is run.plan.notebooks[0]:
            # Great Expectations takes longer to import than to run. After a new ingest, validation runs in any case.
            manager.template.import_after_next(_VALIDATION_ENGINE)
        if notebook is not run.plan.notebooks[-1]:
            _begin_measures(run.folder, run.parameters_of(notebook), manager)
        if notebook.is_section:
            _begin_downloads(run, before, manager)
        connection = execute(
            notebook,
            output,
            run.parameters_of(notebook),
            manager,
            drawings,
            next_notebook=_after(run, notebook),
            timeout=run.plan.request.cell_timeout,
        )
    require_gate(run.folder)
    _take_period(run)
    written = {name: digest for name, digest in files_of_run(run.folder).items() if before.get(name) != digest}
    run.written.update(written)
    kept = run.folder / READY / output.name
    tidy_notebook(output, kept, _places(run))
    results = {name: run.folder / name for name in written} | {f"{NOTEBOOKS}/{output.name}": kept}
    executed = [run.folder.resolve() / name for name in (NOTEBOOKS, READY)]
    read = files_read(connection, _known(run, manager.home), but=[run.reports.resolve()], yet_below=executed)
    as_before = run.steps.stand(run.steps.shared) and run.steps.inputs(notebook.name, asked) == inputs
    if read is not None and as_before:
        run.steps.store.save(
            notebook.name, inputs, results, read=read, period=run.period, seconds=run.seconds[notebook.name]
        )
    run.steps.take(notebook.name, results_digest({name: file_digest(path) for name, path in results.items()}))


def _after(run: CurrentRun, notebook: Notebook) -> str:
    """The name of the notebook that comes after another; empty after the last."""
    later = run.plan.notebooks[run.plan.notebooks.index(notebook) + 1 :]
    return later[0].name if later else ""


def _begin_downloads(run: CurrentRun, results: Mapping[str, str], manager: type[ReportKernelManager]) -> None:
    """Begin with the files of an analysis that is new: those of an earlier one are most likely stored."""
    if ASSESSMENT in run.written and run.downloads is None:
        from analysis.pipeline.downloads import DownloadsProcess  # noqa: PLC0415 - imported beside the first notebook

        run.downloads = DownloadsProcess(run.folder, results, manager)


def _begin_measures(folder: Path, given: Mapping[str, object], kernels: type[ReportKernelManager]) -> None:
    """Have the measures worked out while the extracts are validated: when they are read, and nothing of them is known.

    ``given`` are the parameters. Where no process can be forked, the notebook that needs the measures works them out.
    """
    done = [(folder / name).exists() for name in (INGEST, VALIDATION, FACTS)]
    if done == [True, False, False] and RunFolder.at(folder):
        kernels.fork_module(_MEASURES_BESIDE, [str(folder.resolve()), json.dumps(dict(given))])


def _known(run: CurrentRun, home: Path) -> list[Path]:
    """Folders of which each file is an input already or is of this run alone, and a file that decides nothing."""
    package = Path(__file__).parents[1]
    processed = processed_as_given(run.plan.request)
    raw = resolve_raw(raw_as_given(run.plan.request), processed)
    return [home, run.folder.resolve(), raw, package, resolve(processed) / DIGESTS]


def _take_period(run: CurrentRun) -> None:
    catalogue = read_json(run.folder / INGEST)
    if not run.period and (period := catalogue.get("period")):
        run.take_period(str(period))
    if run.period and catalogue.get("synthetic"):
        require_not_published(run.reports / run.name)


def _log_decisions(run: CurrentRun, logged: set[str]) -> None:
    """Log what a notebook has decided about the extracts, once for each of the two that do."""
    for name, log in ((INGEST, run.log.inputs), (VALIDATION, run.log.validation)):
        if name not in logged and (result := read_json(run.folder / name)):
            logged.add(name)
            log(result)


def _made_ready(run: CurrentRun) -> list[Path]:
    """Make those ready to be kept that were taken over; return the notebooks with sections for the page."""
    executed, ready = (run.folder / name for name in (NOTEBOOKS, READY))
    for path in executed.iterdir():
        if not (ready / path.name).exists():
            tidy_notebook(path, ready / path.name, _places(run))
    return [ready / notebook.path.name for notebook in run.plan.notebooks if notebook.is_section]


def _places(run: CurrentRun) -> dict[str, str]:
    """What an executed notebook says of folders of this run alone, and what shall stand instead."""
    staging = run.folder
    return {str(staging.resolve()): run.period, from_root(staging): run.period, **without_mention(run.raw)}
