"""Papermill's engine, with a bound on what a cell may print, and one writing of the notebook instead of two a cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.iorw import write_ipynb

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


class _BoundedClient(BoundedOutput, PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Papermill's client with the bound."""


class ReportEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """As papermill's own, with the bounded client; it writes a notebook that fails to ``written_on_failure``."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, written_on_failure: Path | None = None, **settings: Any
    ) -> Any:
        """Run the cells of a notebook; the further settings are those of papermill's engine."""
        settings.pop("input_path", None)
        client = _BoundedClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=settings.pop("execution_timeout", None),
            startup_timeout=settings.pop("start_timeout"),
            **settings,
        )
        try:
            return client.execute()
        except BaseException:  # papermill writes a notebook with a failed cell, but not one that was stopped
            if written_on_failure is not None:
                write_ipynb(nb_man.nb, str(written_on_failure))
            raise


papermill_engines.register(NAME, ReportEngine)
