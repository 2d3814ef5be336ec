"""Run the notebooks of a report, one after the other, and make them ready to be published."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import NotebookError
from analysis.pipeline.current_run import CurrentRun
from analysis.pipeline.executed_notebooks import tidy_notebook
from analysis.pipeline.execution import execute
from analysis.pipeline.failed_runs import READY, without_mention
from analysis.pipeline.json_files import read_json
from analysis.pipeline.kernels import report_kernels
from analysis.pipeline.plan import from_root
from analysis.pipeline.publication import require_gate
from analysis.runs.store import INGEST_FILE, VALIDATION_FILE


def run_notebooks(run: CurrentRun) -> list[Path]:
    """Run the notebooks in their order; return those with sections for the page, as they will be kept.

    Raises
    ------
    StepFailedError
        A notebook did not come to its end.
    UserError
        Validation found a critical failure, or the notebooks did not say which census the report is of.
    """
    executed = run.folder / "notebooks"
    executed.mkdir()
    logged: set[str] = set()
    with report_kernels() as kernels:
        for notebook in run.plan.notebooks:
            with run.timed(notebook.name):
                output = executed / notebook.path.name
                execute(notebook, output, run.parameters_of(notebook), kernels, run.plan.request.cell_timeout)
            _log_decisions(run, logged)
            require_gate(run.folder)
            if not run.period and (period := read_json(run.folder / INGEST_FILE).get("period")):
                run.take_period(str(period))
    if not run.period:
        raise NotebookError(
            "The notebooks ended without saying which census the report is of.",
            "The first notebook writes it into ingest.json, and the report is named by it.",
            "Restore the first notebook, or give the period: `analysis report --period 2022-09`.",
        )
    return _tidied(run, executed)


def _log_decisions(run: CurrentRun, logged: set[str]) -> None:
    """Log what a notebook has decided about the extracts, once for each of the two that do."""
    for name, log in ((INGEST_FILE, run.log.inputs), (VALIDATION_FILE, run.log.validation)):
        if name not in logged and (result := read_json(run.folder / name)):
            logged.add(name)
            log(result)


def _tidied(run: CurrentRun, executed: Path) -> list[Path]:
    ready = run.folder / READY
    ready.mkdir()
    staging = run.folder
    places = {str(staging.resolve()): run.period, from_root(staging): run.period, **without_mention(run.raw)}
    for path in executed.iterdir():
        tidy_notebook(path, ready / path.name, places)
    return [ready / notebook.path.name for notebook in run.plan.notebooks if notebook.is_section]
