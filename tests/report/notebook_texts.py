"""The texts of the report's notebook, filled in for a report: as the page has them, without running a notebook."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from analysis.markup.prose import Prose, say
from analysis.pipeline.text_cells import is_text
from analysis.report.text.cell import text_cell

if TYPE_CHECKING:
    from analysis.report.report import Report

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "4_report.ipynb"


@cache
def text_cells() -> dict[str, tuple[str, str]]:
    """The cells of text by name: the style behind ``%%text``, and what stands below it."""
    found = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if is_text(cell):
            first, _, source = cell.source.partition("\n")
            found[cell.id.removeprefix("text-")] = (first.partition(" ")[2], source)
    return found


def text_of(report: Report, name: str) -> Prose:
    """One of the texts, such as ``headline``; empty where it has nothing to say."""
    style, source = text_cells()[name]
    return text_cell(style, source, {"report": report}) or say("")


def texts_of(report: Report) -> dict[str, Prose]:
    """Every text of the notebook."""
    return {name: text_of(report, name) for name in text_cells()}
