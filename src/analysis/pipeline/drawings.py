"""The drawings of the charts of notebooks, made by a process beside their kernels, and kept for later runs.

A kernel asks for drawings in its outputs (:mod:`analysis.charts.drawing_requests`). The process begins with each as
soon as the output is there, while the kernel goes on. Drawings are kept in ``data/processed/drawings``, each under the
digest of its request, of the code that draws, and of the versions of the libraries that it calls.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from analysis.charts.drawing_requests import draw_request, requests_in, with_drawings
from analysis.folders import write_whole
from analysis.pipeline.processes import end_with_worker, process_pool
from analysis.pipeline.step_inputs import digest_of, file_digest

FOLDER = "drawings"  # under the folder of processed data
_CODE = Path(__file__).parents[1] / "charts"
_LIBRARIES = ("altair", "vl-convert-python")
# A report has some thirty, of 30 KB each: those of about twenty reports are kept.
_KEPT = 600


class DrawingError(Exception):
    """A chart that cannot be drawn: what was said of it, and the cell that shows it."""

    def __init__(self, cell: Any, fault: BaseException) -> None:
        super().__init__(str(fault))
        self.cell, self.name = cell, type(fault).__name__


class Drawings:
    """The drawings of the notebooks of a run. At the end of its context the process that makes them ends.

    Parameters
    ----------
    kept
        The folder in which drawings are kept; without one, all are made and none is kept.
    """

    def __init__(self, kept: Path | None) -> None:
        self._kept = kept
        self._asked: dict[str, Future[str]] = {}
        self._made: set[str] = set()
        self._processes: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._processes is not None:
            self._processes.shutdown(cancel_futures=True)

    def begin(self, output: Any) -> None:
        """Begin with the drawings that an output of a cell asks for."""
        for request in requests_in(_html_of(output)):
            if request not in self._asked:
                self._asked[request] = self._found(request) or self._begun(request)

    def put_into(self, cells: Iterable[Any]) -> None:
        """Put the drawings into the outputs of cells, once they are made.

        Raises
        ------
        DrawingError
            A chart cannot be drawn. All others are in their places.
        """
        failed: DrawingError | None = None
        for cell in cells:
            for output in cell.get("outputs", []):
                drawn: dict[str, str] = {}
                for request in requests_in(html := _html_of(output)):
                    try:
                        drawn[request] = self._drawn(request)
                    except Exception as fault:  # noqa: BLE001 - whatever the library raises
                        failed = failed or DrawingError(cell, fault)
                if (filled := with_drawings(html, drawn)) != html:
                    output["data"]["text/html"] = filled
        self._keep()
        if failed is not None:
            raise failed

    def _begun(self, request: str) -> Future[str]:
        if self._processes is None:
            self._processes = process_pool(1)
        self._made.add(request)
        try:
            return self._processes.submit(end_with_worker, draw_request, request)
        except BrokenProcessPool as fault:  # it died before; told where the drawing is wanted
            broken: Future[str] = Future()
            broken.set_exception(fault)
            return broken

    def _drawn(self, request: str) -> str:
        """The drawings of a request; those of a process that died are made here."""
        try:
            return str(self._asked[request].result())
        except BrokenProcessPool:
            return str(draw_request(request))

    def _found(self, request: str) -> Future[str] | None:
        """The drawings that are kept for a request, if they are whole."""
        if self._kept is None:
            return None
        path = self._kept / _name(request)
        try:
            checksum, _, drawing = path.read_text(encoding="utf-8").partition("\n")
            if checksum != digest_of([drawing]):
                return None
            os.utime(path)  # used last; only for the order in which drawings are removed
        except (OSError, ValueError):  # none, or not one of ours
            return None
        found: Future[str] = Future()
        found.set_result(drawing)
        return found

    def _keep(self) -> None:
        """Keep what was made, and remove what was not used for longest. No room is no fault: it is drawn again."""
        if self._kept is None:
            return
        with contextlib.suppress(OSError):
            self._kept.mkdir(parents=True, exist_ok=True)
            for request in self._made:
                if self._asked[request].done() and not self._asked[request].exception():
                    drawing = str(self._asked[request].result())
                    write_whole(self._kept / _name(request), f"{digest_of([drawing])}\n{drawing}")
            by_use = sorted(self._kept.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for old in by_use[_KEPT:]:
                old.unlink(missing_ok=True)


def _name(request: str) -> str:
    return f"{digest_of([_what_draws(), request])[:24]}.html"


@functools.cache
def _what_draws() -> str:
    """A digest of the code that draws, and the versions of the libraries that it calls."""
    code = [f"{path.name} {file_digest(path)}" for path in sorted(_CODE.glob("*.py"))]
    return digest_of([*code, *(f"{name} {metadata.version(name)}" for name in _LIBRARIES)])


def _html_of(output: Any) -> str:
    html = (output or {}).get("data", {}).get("text/html", "")
    return html if isinstance(html, str) else "".join(html)
