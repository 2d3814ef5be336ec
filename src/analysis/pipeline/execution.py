"""Run one notebook, and say plainly what went wrong when it fails."""

from __future__ import annotations

import errno
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from analysis.charts.drawing_requests import LATER, VARIABLE
from analysis.errors import NotebookError, RegisterError, UsageError, UserError
from analysis.pipeline import engine
from analysis.pipeline.drawings import DrawingError, Drawings
from analysis.pipeline.failure import StepFailedError
from analysis.pipeline.kernels import ReportKernelManager
from analysis.pipeline.notebooks import Notebook, load
from analysis.pipeline.request import CELL_TIMEOUT_SECONDS
from analysis.settings import project_root

# A loaded machine may take long to start Python; a minute more than papermill's default has never been needed.
START_TIMEOUT_SECONDS = 120
_TRACEBACK_LINES = 15
_LONGEST_MESSAGE = 400
# Parameters that the pipeline sets itself; in a message they would only hide those that were asked for.
_OUR_FOLDERS = ("processed", "results")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def execute(
    notebook: Notebook,
    output: Path,
    parameters: Mapping[str, object],
    kernels: type[ReportKernelManager],
    drawings: Drawings,
    *,
    next_notebook: str = "",
    timeout: int = CELL_TIMEOUT_SECONDS,
) -> str:
    """Run ``notebook`` with papermill and save it, as executed, to ``output``; return the kernel's connection file.

    Its charts are drawn by ``drawings``, while the kernel goes on. When it ends, the kernel of ``next_notebook`` is
    started.

    Success is judged by what papermill raises, never by what it writes into the notebook: after the death of a kernel
    or a timeout that says ``completed``.

    Raises
    ------
    StepFailedError
        When a cell raised, the kernel died or did not start, a chart could not be drawn, or a cell took longer than
        ``timeout`` seconds.
    """
    kernels = kernels.for_notebook(notebook.name, {VARIABLE: LATER})
    kernels.next_notebook = next_notebook
    # What these would log is told by the errors below in plainer words, or is of a kernel that an interrupt has ended.
    for library in ("papermill", "asyncio"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        papermill.execute_notebook(
            notebook.path,
            output,
            parameters=dict(parameters),
            engine_name=engine.NAME,
            kernel_name="python3",
            language="python",
            cwd=notebook.path.parent,
            progress_bar=False,
            start_timeout=START_TIMEOUT_SECONDS,
            execution_timeout=timeout,
            kernel_manager_class=kernels,
            # Else papermill writes the whole notebook before and after each cell: a tenth of the time of a report.
            request_save_on_cell_execute=False,
            written_on_failure=output,
            drawings=drawings,
        )
    except PapermillExecutionError as fault:
        raise _cell_failed(notebook, output, fault, parameters) from fault
    except DrawingError as fault:
        number = _number_in_source(notebook, fault.cell)
        raise StepFailedError(
            NotebookError(
                f"{notebook.path.name}, {cell_name(number)} shows a chart that cannot be drawn: "
                f"{fault.name}: {first_line(str(fault))}.",
                "A report is made only when every chart is there.",
                "Open the notebook with `analysis lab`, correct the chart in that cell, and run the report again.",
            ),
            notebook.path.name,
            number,
            fault.cell.source,
        ) from fault
    except CellTimeoutError as fault:
        raise _stopped(
            notebook,
            output,
            what=f"took longer than {timeout} seconds and was stopped",
            why="A cell that does not end would hold up every report after it.",
            fix="Open the kept notebook with `analysis lab --failed` and see what the cell waits for.",
        ) from fault
    except DeadKernelError as fault:
        if kernels.own and kernels.own[-1].flooded:
            raise _stopped(
                notebook,
                output,
                what=f"printed more than {engine.LARGEST_OUTPUT_BYTES // 1_000_000} MB and was stopped",
                why="All output of a cell is kept in its notebook; so much of it fills the memory and can't be read.",
                fix="Show a part of it, with .head() for example, and look for a loop that does not end.",
            ) from fault
        raise _stopped(
            notebook,
            output,
            what="ended the kernel: its process died without an answer",
            why="Most often the machine ran out of memory; a crash in a library is the other cause.",
            fix="Free memory and run again; if it dies again, run that cell with `analysis lab --failed`.",
            last_words=kernels.log_file().read_text(encoding="utf-8", errors="replace").splitlines(),
        ) from fault
    except OSError:
        raise  # the disk's, not the notebook's: told by analysis.pipeline.reports_folder
    except (RuntimeError, ImportError) as fault:
        raise StepFailedError(
            kernel_did_not_start(notebook.path.name, fault),
            notebook.path.name,
        ) from fault
    _refuse_early_end(notebook, output)
    return str(kernels.own[-1].connection_file)


def kernel_did_not_start(notebook: str, fault: Exception) -> NotebookError:
    """The error for a notebook, by its file name, whose kernel gave no answer."""
    return NotebookError(
        f"The kernel for {notebook} did not start: {first_line(str(fault))}.",
        "Each notebook runs in its own Python process, and that process did not answer.",
        "Create the environment again (`make clean report`); if that does not help, run again with --debug.",
    )


def _refuse_early_end(notebook: Notebook, output: Path) -> None:
    """Refuse what passes for success with papermill: ``sys.exit(0)`` in a cell, after which no other was run.

    Raises
    ------
    StepFailedError
        When a cell ended so.
    """
    cell = next((cell for cell in load(output).cells if _has_error(cell)), None)
    if cell is None:
        return
    number = _number_in_source(notebook, cell)
    raise StepFailedError(
        NotebookError(
            f"{notebook.path.name}, {cell_name(number)} ended the notebook before its last cell.",
            "What stands after it, the gate of the validation for one, was not run.",
            "Take the exit out of the cell, and run the report again.",
        ),
        notebook.path.name,
        number,
        cell.source,
    )


def _cell_failed(notebook: Notebook, output: Path, fault: Any, parameters: Mapping[str, object]) -> StepFailedError:
    failed_cell = next((cell for cell in load(output).cells if _has_error(cell)), None)
    number = _number_in_source(notebook, failed_cell)
    source = failed_cell.source if failed_cell is not None else fault.source
    error = _user_error(fault.ename, fault.evalue)
    if isinstance(error, UsageError) and not isinstance(error, RegisterError):
        # The notebook's wrong use, not the publisher's.
        error = NotebookError(error.what, error.why, error.fix)
    where = f"{notebook.path.name}, {cell_name(number)}"
    if error is not None:
        return StepFailedError(
            type(error)(f"{error.what} ({where})", error.why, error.fix), notebook.path.name, number, source
        )
    message = first_line(fault.evalue)
    asked = {name: value for name, value in parameters.items() if name not in _OUR_FOLDERS}
    given = ", ".join(f"{name}={value!r}" for name, value in asked.items()) or "no parameters"
    return StepFailedError(
        NotebookError(
            f"{where} stopped with {fault.ename}{': ' if message else ''}{message} (run with {given}).",
            "A report is made only when every notebook has finished.",
            "Open the kept notebook with `analysis lab --failed`, correct the cell, and run the report again.",
        ),
        notebook.path.name,
        number,
        source,
        traceback_tail(fault.traceback),
    )


def _user_error(name: str, text: str) -> UserError | None:
    import analysis.extracts  # noqa: F401, PLC0415 - its kinds of error are known by name once it is imported

    error = UserError.from_text(name, text)
    if error is None and name == "OSError" and text.startswith(f"[Errno {errno.ENOSPC}]"):
        return NotebookError(
            "There is no space left on the disk.",
            "What a notebook could not write, the report cannot show.",
            "Free some space and run again.",
        )
    return error


def _stopped(
    notebook: Notebook, output: Path, *, what: str, why: str, fix: str, last_words: Sequence[str] = ()
) -> StepFailedError:
    # The cell at fault is the last that was started: papermill marks it "completed" all the same.
    started = [cell for cell in load(output).cells if cell.metadata.get("papermill", {}).get("start_time")]
    cell = started[-1] if started else None
    number = _number_in_source(notebook, cell)
    error = NotebookError(f"{notebook.path.name}, {cell_name(number)} {what}.", why, fix)
    source = cell.source if cell is not None else ""
    return StepFailedError(error, notebook.path.name, number, source, traceback_tail(last_words))


def _has_error(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _number_in_source(notebook: Notebook, cell: Any) -> int | None:
    """The cell's place, from 1, in the notebook that the analyst edits; papermill's own cells have none."""
    if cell is None:
        return None
    for number, original in enumerate(load(notebook.path).cells, start=1):
        if original.get("id") == cell.get("id") and original.source == cell.source:
            return number
    return None


def cell_name(number: int | None) -> str:
    """A cell as a message calls it, by its place in the notebook that the analyst edits."""
    return f"cell {number}" if number is not None else "the cell of parameters"


def first_line(text: str) -> str:
    """The first line of a message, without colours, not longer than a message can be."""
    line = _COLOURS.sub("", text).strip().split("\n", 1)[0].rstrip(".")
    return line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "…"


def traceback_tail(lines: Sequence[str]) -> str:
    """The end of a kernel's traceback, without colours and without the places of this machine."""
    text = _COLOURS.sub("", "\n".join(lines))
    for folder, name in ((str(project_root()), "."), (sys.prefix, "environment"), (str(Path.home()), "~")):
        text = text.replace(folder, name)
    return "\n".join(text.splitlines()[-_TRACEBACK_LINES:])
