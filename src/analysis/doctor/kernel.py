"""The folder for temporary files and the kernel: a notebook of one cell is run as those of a report are."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from analysis.doctor.findings import Finding, fault, ok, warning
from analysis.pipeline.kernels import report_kernels

_START_SECONDS = 120
_CELL = "import analysis.api, analysis.report"
_SLOW_SECONDS = 30  # three on an idle machine
_AGAIN = (
    "Create the environment again: `make clean report`. "
    "If that does not help, send this to whoever looks after the project."
)


def check_kernel() -> Iterator[Finding]:
    """Whether temporary files find a place, and a notebook runs; :func:`report_kernels` raises when none is found."""
    with report_kernels() as kernels:
        named = os.environ.get("TMPDIR") or tempfile.gettempdir()
        place = kernels.home.parent
        if str(place) == named:
            yield ok("temporary folder", f"{place} can be used.")
        else:
            yield warning(
                "temporary folder",
                f"{named} is full, is not writable, or has too long a path; {place} is used instead.",
                "Set TMPDIR to a short path of a folder with free space, for example TMPDIR=/tmp.",
            )
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_CELL)])  # type: ignore[no-untyped-call]
        client = NotebookClient(
            notebook, kernel_name="python3", startup_timeout=_START_SECONDS, kernel_manager_class=kernels
        )
        begun = time.perf_counter()
        try:
            client.execute()
        except (CellExecutionError, DeadKernelError, RuntimeError, TimeoutError) as error:
            last = str(error).strip().splitlines()[-1:] or [type(error).__name__]
            yield fault("kernel", f"A notebook of one cell did not run: {last[0]}.", _AGAIN)
            return
        seconds = time.perf_counter() - begun
        message = f"A notebook started and loaded the package in {seconds:.0f} seconds."
        if seconds > _SLOW_SECONDS:
            yield warning("kernel", message, "Wait until the machine is less busy, or look for a slow disk.")
        else:
            yield ok("kernel", message)
