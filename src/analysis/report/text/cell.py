"""The cell magic ``%%text``: a cell of prose, which shows in JupyterLab what the page will show.

``import analysis as an`` and ``an.run(…)`` in a notebook offer it; ``%load_ext analysis`` does so, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.errors import TextError
from analysis.markup.text import fill
from analysis.report.report import Report
from analysis.report.text.names import NamesInCell

if TYPE_CHECKING:
    from analysis.markup.prose import Prose

MAGIC = "text"
FIRST_LINE = 2  # of the text in its cell: the first line is %%text
_CLASS = re.compile(r"[a-z][a-z-]*")


def text_cell(line: str, source: str, defined: Mapping[str, object]) -> Prose | None:
    """Fill a cell of text in. ``line`` may name a style of the page; ``defined`` is what the notebook has defined.

    Raises
    ------
    TextError
        Before a report was opened, and for whatever is wrong with the text.
    """
    report = _report_in(defined)
    css_class = line.strip()
    if css_class and not _CLASS.fullmatch(css_class):
        raise TextError(
            f"%%{MAGIC} does not know what to do with {css_class!r}.",
            "Write nothing after it, or the name of a style of the page.",
            f"Write %%{MAGIC} alone on the first line, and the text below it.",
        )
    prose = fill(source, NamesInCell(report.text, defined, report.facts), FIRST_LINE)
    return replace(prose, css_class=css_class or prose.css_class) if prose.html else None


def _report_in(defined: Mapping[str, object]) -> Report:
    """The report of a notebook: ``report``, else that of ``run``."""
    for name in ("report", "run"):
        found = defined.get(name)
        if isinstance(found, Report):
            return found
        if callable(opened := getattr(found, "report", None)) and isinstance(report := opened(), Report):
            return report
    raise TextError(
        f"%%{MAGIC} finds no report in this notebook.",
        "A text is filled with the figures of a report.",
        "First run the cells above it, which contain `report = run.report()`.",
    )
