"""Papermill's engine, with a bound on what a cell may print. Charts are drawn beside the kernel.

The notebook is written once, at its end, and not twice for each cell.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.iorw import write_ipynb

from analysis.pipeline.drawings import DrawingError, Drawings

NAME = "report"
# A cell of the report gives less than 1 MB, the widest table in full; the page itself may have no more than a few.
# A hundred times that is no output anybody reads, and still far from what fills this machine's memory.
LARGEST_OUTPUT_BYTES = 100_000_000


class BoundedOutput:
    """For a client of nbclient: counts what the messages of a cell hold, and ends the kernel of one that goes on."""

    _cell_index = -1
    _bytes = 0
    km: Any

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take a message of the kernel, unless its cell has printed too much."""
        if cell_index != self._cell_index:
            self._cell_index, self._bytes = cell_index, 0
        content = msg["content"]
        self._bytes += len(content.get("text", "")) + sum(map(len, map(str, content.get("data", {}).values())))
        if self._bytes > LARGEST_OUTPUT_BYTES:
            if not self.km.flooded:
                self.km.stop_flood()
            return None
        return super().process_message(msg, cell, cell_index)  # type: ignore[misc]  # that of the client


class _ReportClient(BoundedOutput, PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Papermill's client with the bound; charts are drawn as soon as a cell asks for it."""

    drawings: Drawings | None = None

    def create_kernel_manager(self) -> Any:
        """The manager of the kernel: of one that was started before, or of a new one."""
        self.km = self.kernel_manager_class.take_begun() or super().create_kernel_manager()
        return self.km

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take a message of the kernel, and begin with the drawings that it asks for."""
        output = super().process_message(msg, cell, cell_index)
        if self.drawings is not None:
            self.drawings.begin(output)
        return output


class ReportEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """As papermill's own, with our client; it writes a notebook that fails to ``written_on_failure``."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        drawings: Drawings | None = None,
        written_on_failure: Path | None = None,
        **settings: Any,
    ) -> None:
        """Run the cells of a notebook, and draw their charts; the further settings are those of papermill's engine.

        Raises
        ------
        DrawingError
            A chart cannot be drawn.
        """
        settings.pop("input_path", None)
        client = _ReportClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=settings.pop("execution_timeout", None),
            startup_timeout=settings.pop("start_timeout"),
            **settings,
        )
        client.drawings = drawings
        try:
            client.execute()
            if drawings is not None:
                drawings.put_into(nb_man.nb.cells)
        except BaseException as fault:  # papermill writes a notebook with a failed cell, but not one that was stopped
            # After an interrupt nothing is kept, so no drawing is waited for.
            if drawings is not None and isinstance(fault, Exception) and not isinstance(fault, DrawingError):
                with contextlib.suppress(DrawingError):
                    drawings.put_into(nb_man.nb.cells)
            if written_on_failure is not None:
                write_ipynb(nb_man.nb, str(written_on_failure))
            raise


papermill_engines.register(NAME, ReportEngine)
