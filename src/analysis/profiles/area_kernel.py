"""A kernel in which the notebook of a profile is run for one area after another."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from analysis.errors import NotebookError, UserError
from analysis.pipeline.engine import BoundedOutput
from analysis.pipeline.execution import START_TIMEOUT_SECONDS, cell_name, first_line, kernel_did_not_start
from analysis.pipeline.kernels import ReportKernelManager
from analysis.profiles.notebook import AREA, NAME, ProfileNotebook, is_injected, is_of_all

# What a cell of one area defines is gone before the next: the notebook gives the same as if it were run for it alone.
_KEEP = "_shared_names = dict(globals())"
_RESTORE = """
for _name in [name for name in globals() if name not in _shared_names and name != "_shared_names"]:
    del globals()[_name]
globals().update(_shared_names)
Out.clear()
"""
_FIX = (
    f"Open {NAME} with `analysis lab`, write {AREA} = {{area!r}} into its first cell, correct it, and run this again."
)


class _Client(BoundedOutput, NotebookClient):
    """Runs cells one by one, and ends the kernel of one that prints without end."""


class AreaKernel:
    """The kernel of a batch: shared cells are run once, when it starts; the others anew for each area.

    Parameters
    ----------
    notebook
        What is run.
    parameters
        Those of the whole batch.
    kernels
        The manager class of the run.
    cwd
        The working directory of the cells.
    timeout
        Seconds that one cell may take.
    """

    def __init__(
        self,
        notebook: ProfileNotebook,
        parameters: dict[str, str],
        *,
        kernels: type[ReportKernelManager],
        cwd: Path,
        timeout: int,
    ) -> None:
        self._kernels, self._cwd, self._timeout = kernels.for_notebook(Path(NAME).stem), cwd, timeout
        self._notebook, self._parameters = notebook, parameters
        self._cell_numbers = notebook.cell_numbers()
        self._open = contextlib.ExitStack()
        self._client: _Client | None = None
        self._shared: Any = None

    def run(self, area: str) -> Any:
        """Run the notebook for one area, and return it as executed.

        Raises
        ------
        NotebookError
            A cell failed, took too long, or ended the kernel; the next area gets a new kernel where that is needed.
        """
        if self._client is None:
            self.start(area)
        client = self._client
        assert client is not None  # noqa: S101 - just started
        executed = self._notebook.with_parameters({**self._parameters, AREA: area})
        client.nb = executed
        for number, cell in enumerate(executed.cells):
            if cell.cell_type == "code" and not is_of_all(cell):
                self._execute(client, cell, number, area)
        self._hidden(client, _RESTORE)
        return executed

    def start(self, area: str) -> None:
        """Start a kernel and run in it what all areas share; ``area`` stands in a message.

        Raises
        ------
        NotebookError
            It does not start, or a shared cell failed: no area of the batch can have a page.
        """
        shared = self._notebook.with_parameters({**self._parameters, AREA: ""})
        client = _Client(
            shared,
            kernel_manager_class=self._kernels,
            timeout=self._timeout,
            startup_timeout=START_TIMEOUT_SECONDS,
            resources={"metadata": {"path": str(self._cwd)}},
        )
        try:
            self._open.enter_context(client.setup_kernel())
        except (RuntimeError, ImportError) as fault:
            raise kernel_did_not_start(NAME, fault) from fault
        self._client = client
        for number, cell in enumerate(shared.cells):
            if cell.cell_type == "code" and (is_of_all(cell) or is_injected(cell)):
                self._execute(client, cell, number, area)
        self._hidden(client, _KEEP)

    def _execute(self, client: _Client, cell: Any, number: int, area: str) -> None:
        number_in_source = self._cell_numbers.get(cell.get("id"))
        where = f"{NAME}, {cell_name(number_in_source)}"
        fix = _FIX.format(area=area)
        try:
            client.execute_cell(cell, number)
        except CellExecutionError as fault:
            self._end()  # whatever it had begun is gone with it
            error = UserError.from_text(fault.ename, fault.evalue)
            if error is not None:
                raise NotebookError(f"{error.what} ({where})", error.why, error.fix) from fault
            message = first_line(fault.evalue)
            raise NotebookError(
                f"{where} stopped with {fault.ename}{': ' if message else ''}{message}.",
                "A page is made only when every cell of its notebook has come to its end.",
                fix,
            ) from fault
        except CellTimeoutError as fault:
            self._end()
            raise NotebookError(
                f"{where} took longer than {self._timeout} seconds and was stopped.",
                "A cell that does not end would hold up every page after it.",
                fix,
            ) from fault
        except DeadKernelError as fault:
            self._end()
            raise NotebookError(
                f"{where} ended the kernel: its process died without an answer.",
                "Most often the machine ran out of memory; a crash in a library, or a cell that prints without end, "
                "are other causes.",
                fix,
            ) from fault
        if any(output.output_type == "error" for output in cell.outputs):
            self._end()
            raise NotebookError(
                f"{where} ended the notebook before its last cell.", "What stands after it was not run.", fix
            )

    def _hidden(self, client: _Client, source: str) -> None:
        """Run what is no cell of the notebook."""
        cell = nbformat.v4.new_code_cell(source)  # type: ignore[no-untyped-call]
        kept, client.nb = client.nb, nbformat.v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
        client.execute_cell(cell, 0, store_history=False)
        client.nb = kept

    def _end(self) -> None:
        """End the kernel; the next area gets another."""
        self._client = None
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
