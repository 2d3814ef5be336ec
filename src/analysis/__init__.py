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
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext analysis`` offers the cell magic ``%%text``; ``import analysis`` in a notebook does so, too."""
    from analysis.report.text.cell import offer  # noqa: PLC0415 - the console command needs none of it

    offer(shell)


def __dir__() -> list[str]:
    return sorted(__all__)


if "IPython" in sys.modules and (_shell := sys.modules["IPython"].get_ipython()) is not None:
    load_ipython_extension(_shell)
