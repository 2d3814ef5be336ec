"""The files of a report that readers take away: when they are made, and when they are taken over.

A process (:mod:`analysis.pipeline.make_downloads`) makes them beside the last notebook, and writes them after it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.pipeline.step_inputs import Inputs, digest_of
from analysis.pipeline.step_store import files_of_run
from analysis.publish.fact_files import FACT_FILES
from analysis.publish.notebook_tables import table_payloads

if TYPE_CHECKING:
    from analysis.pipeline.current_run import CurrentRun
    from analysis.pipeline.kernels import ReportKernelManager

TABLES = "tables"
STEP = "downloads"
_MODULE = "analysis.pipeline.make_downloads"


class DownloadsProcess:
    """A process that makes the files of an analysis, and writes them when it is told which notebooks show tables.

    So it can begin while the last notebook runs. ``results`` are the digests of what it begins with, by name.
    """

    def __init__(self, folder: Path, results: Mapping[str, str], kernels: type[ReportKernelManager]) -> None:
        self._results = results
        self._told = kernels.home / f"{STEP}-{secrets.token_hex(4)}"
        self._process = None
        if sys.platform != "win32":  # which has no named pipes, and forks no process either
            os.mkfifo(self._told)
            self._process = kernels.fork_module(_MODULE, [str(folder.resolve()), str(self._told)])

    def stands(self, results: Mapping[str, str]) -> bool:
        """Whether what it began with is among ``results`` as it was: the last notebook may have written others."""
        return self._results.items() <= results.items()

    def write(self, sections: list[Path]) -> None:
        """Tell it which notebooks there are: it writes now."""
        if self._process is not None:
            # Opened for both, so that it does not wait for a process that may have died.
            self._pipe = os.open(self._told, os.O_RDWR)
            os.write(self._pipe, json.dumps([str(path.resolve()) for path in sections]).encode() + b"\n")

    def succeeded(self) -> bool:
        """Wait for its end, and say whether everything was written."""
        if self._process is None:
            return False
        code = self._process.wait()
        os.close(self._pipe)
        return code == 0


@contextlib.contextmanager
def downloads_at_once(folder: Path, sections: list[Path]) -> Iterator[None]:
    """Write them before the pages, in this process."""
    _write(folder, sections)
    yield


@contextlib.contextmanager
def downloads_beside(
    run: CurrentRun, until: contextlib.ExitStack, folder: Path, sections: list[Path]
) -> Iterator[None]:
    """Have them written while the body of the ``with`` statement runs; they are there at its end.

    They are taken over from an earlier run that showed the same tables of the same analysis. A process that fails is
    no matter: they are then written here, and what is wrong is raised here.
    """
    steps, results = run.steps, files_of_run(folder)
    inputs = _inputs(run, results, sections)
    if entry := steps.stored(STEP, inputs):
        steps.store.restore(entry, folder)
        run.unchanged(STEP)
        yield
        return
    with run.timed(STEP):
        process = run.downloads
        if process is None or not process.stands(results):
            process = DownloadsProcess(folder, results, run.kernels(until))
        process.write(sections)
        yield
        if not process.succeeded():
            _write(folder, sections)
    if steps.stand(steps.shared):
        paths = [*(folder / TABLES).iterdir(), *(folder / name for name in FACT_FILES)]
        written = {path.relative_to(folder).as_posix(): path for path in paths}
        steps.store.save(STEP, inputs, written, read={}, period=run.period, seconds=run.seconds[STEP])


def _write(folder: Path, sections: list[Path]) -> None:
    from analysis.pipeline.make_downloads import Downloads  # noqa: PLC0415 - mostly another process needs it

    Downloads(folder).write(sections)


def _inputs(run: CurrentRun, results: Mapping[str, str], sections: list[Path]) -> Inputs:
    """All that they depend on: what each step depends on, the analysis, and the tables that notebooks show."""
    analysed = {f"the result {name}": digest for name, digest in results.items()}
    shown = digest_of(json.dumps(payload, sort_keys=True) for payload in table_payloads(sections))
    return {**(run.steps.shared or {}), **analysed, "the tables that the notebooks show": shown}
