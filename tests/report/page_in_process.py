"""The page of a report, made in this process from its notebook's cells: no kernel, no drawing, the same words."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING
from unittest import mock

import nbformat
from bs4 import BeautifulSoup
from markupsafe import Markup, escape
from report.notebook_texts import NOTEBOOK

from analysis.charts.figure import Figure, is_figure
from analysis.pipeline.text_cells import is_text
from analysis.publish.context import PageContext
from analysis.publish.notebooks import LEFT_OUT_TAG, notebook_body
from analysis.publish.page import render_body
from analysis.report.text.cell import text_cell

if TYPE_CHECKING:
    from analysis.report.report import Report

# Cells that need more than the report: what came before it in a folder of reports.
_OF_THE_RUN = "run."
_NO_OUTPUT = {LEFT_OUT_TAG, "parameters"}


def page_of(report: Report) -> BeautifulSoup:
    """The page of a report, with the words of its charts and without its comparison with an earlier one."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith(_OF_THE_RUN)]
    with mock.patch.object(Figure, "to_html", _words_of_chart):
        for cell in notebook.cells:
            if cell.cell_type == "code" and not _NO_OUTPUT & set(cell.metadata.get("tags", [])):
                cell.outputs = _outputs(report, cell)
    context = PageContext("Report", "A report", report.period, facts=report.facts)
    return BeautifulSoup(render_body(notebook_body(notebook, NOTEBOOK.name), context), "html.parser")


def _words_of_chart(chart: Figure) -> Markup:
    """Title, subtitle and text alternative: a drawing takes seconds, and no word of it is elsewhere."""
    words = Markup('<figure id="figure-{id}"><figcaption><h3>{title}</h3>{subtitle}</figcaption>{drawing}</figure>')
    drawing = Markup('<svg role="img"><desc>{}</desc></svg>').format(chart.alternative)
    return words.format(id=chart.id, title=escape(chart.title), subtitle=chart.subtitle.to_html(), drawing=drawing)


def _outputs(report: Report, cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    if is_text(cell):
        first, _, below = cell.source.partition("\n")
        shown = text_cell(first.removeprefix("%%text"), below, {"report": report})
    elif isinstance(ast.parse(cell.source).body[-1], ast.Expr):
        shown = eval(cell.source, {"report": report})  # noqa: S307 - a cell of our own notebook
    else:
        shown = None
    if shown is None:
        return []
    html = Figure.of(shown).to_html() if is_figure(shown) else shown._repr_mimebundle_().get("text/html")
    if html is None:  # a part that has nothing to show at this census
        return []
    return [nbformat.v4.new_output("execute_result", data={"text/html": str(html)})]
