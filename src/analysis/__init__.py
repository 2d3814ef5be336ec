"""Social prescribing link workers in England: from published extracts to one accessible report.

``import analysis as an``, then ``run = an.run("2022-09")``. A name is imported when it is first used: the console
command imports this package, too, and should answer at once.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.api import change, run, table_of

    __version__: str
    from analysis.charts.figure import figure
    from analysis.charts.lines import Goal, line
    from analysis.charts.rows import bars, dots, strip
    from analysis.markup.prose import month, say
    from analysis.tables.table import Column, Table

_HOME = {
    **dict.fromkeys(("change", "run", "table_of"), "analysis.api"),
    **dict.fromkeys(("Goal", "line"), "analysis.charts.lines"),
    **dict.fromkeys(("bars", "dots", "strip"), "analysis.charts.rows"),
    "figure": "analysis.charts.figure",
    "month": "analysis.markup.prose",
    "say": "analysis.markup.prose",
    "Column": "analysis.tables.table",
    "Table": "analysis.tables.table",
}

__all__ = [
    "Column",
    "Goal",
    "Table",
    "__version__",
    "bars",
    "change",
    "dots",
    "figure",
    "line",
    "month",
    "run",
    "say",
    "strip",
    "table_of",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - as slow as the rest of this file together

        return version("link-worker-report")
    if name in _HOME:
        _offer_text_cells()
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext analysis`` offers the cell magic ``%%text``, as the first use of this package in a notebook does."""

    def text(line: str, cell: str) -> Any:
        from analysis.report.text.cell import text_cell  # noqa: PLC0415 - most notebooks have no text

        return text_cell(line, cell, shell.user_ns)

    shell.register_magic_function(text, "cell", "text")


def _offer_text_cells() -> None:
    # Not when this file is run: a kernel may be forked from a process that has imported it before there was a shell.
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and "text" not in shell.magics_manager.magics["cell"]:
        load_ipython_extension(shell)
