"""An executed notebook as HTML, by our own nbconvert template: prose and outputs, no code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.errors import NotebookError, PageError
from analysis.markup.notebook_output import NOTEBOOK_STYLE
from analysis.publish.shell import TEMPLATES

LEFT_OUT_TAG = "notebook-only"
# What a page can show, best first. Text alone (a tuple left at the end of a cell) is for the notebook, not for readers.
SHOWN = ["text/html", "text/markdown", "image/svg+xml"]
# These would be lost without a word on a page that runs no library: better refused.
_NOT_PRINTABLE = ("application/vnd.vega", "application/javascript", "application/vnd.jupyter.widget", "image/png")


def read_notebook(path: Path) -> NotebookNode:
    """Read an executed notebook."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def notebook_body(notebook: NotebookNode, name: str) -> str:
    """Render a notebook's prose and outputs as an HTML fragment.

    Markdown becomes prose; HTML, Markdown and SVG outputs pass through; printed text, warnings and code do not appear;
    cells tagged ``notebook-only`` are left out.

    Raises
    ------
    NotebookError
        When a cell holds an error output.
    PageError
        When an output has no form that a page without scripts can show.
    """
    kept = [cell for cell in notebook.cells if LEFT_OUT_TAG not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            _refuse_error(output, name, number)
            if cell in kept:
                _refuse_unprintable(output, name, number)
    shown = nbformat.from_dict({**notebook, "cells": [_shown_outputs(cell) for cell in kept]})  # type: ignore[no-untyped-call]
    body, _ = _exporter().from_notebook_node(shown)
    return str(body)


class _FragmentExporter(HTMLExporter):
    """Without what nbconvert does to the HTML of a page of its own, which has cells to focus on and images to name.

    It reads the whole page for that, as :mod:`analysis.publish.page` does after it, and as long.
    """

    def from_notebook_node(  # type: ignore[override]  # as nbconvert does it
        self, nb: NotebookNode, resources: Any = None, **given: Any
    ) -> tuple[str, Any]:
        """Convert by the template alone."""
        converted: tuple[str, Any] = super(HTMLExporter, self).from_notebook_node(nb, resources, **given)
        return converted


@cache  # its template is read and compiled once
def _exporter() -> HTMLExporter:
    config = Config({"NbConvertBase": {"display_data_priority": SHOWN}})
    return _FragmentExporter(  # type: ignore[no-untyped-call]
        config=config,
        template_name="bulletin",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_anchor_links=True,
    )


def _shown_outputs(cell: NotebookNode) -> NotebookNode:
    """Leave out outputs that have nothing to show, which nbconvert would warn of one by one, and JupyterLab's style."""
    if cell.cell_type != "code":
        return cell
    outputs = [
        NotebookNode({**output, "data": _without_style(output.data)})  # type: ignore[no-untyped-call]
        for output in cell.outputs
        if any(kind in output.get("data", {}) for kind in SHOWN)
    ]
    return NotebookNode({**cell, "outputs": outputs})  # type: ignore[no-untyped-call]


def _without_style(data: NotebookNode) -> dict[str, object]:
    """What an output shows, without the style of our own results; any other is left for the page's checks to find."""
    shown = {kind: data[kind] for kind in SHOWN if kind in data}
    html = shown.get("text/html")
    return {**shown, "text/html": html.removeprefix(NOTEBOOK_STYLE)} if isinstance(html, str) else shown


def _refuse_error(output: NotebookNode, name: str, number: int) -> None:
    if output.output_type == "error":
        raise NotebookError(
            f"{name}, cell {number}, holds an error: {output.ename}: {output.evalue}",
            "A page made from a notebook that failed would show half of its results.",
            "Correct the cell, run the notebook again from the top, and make the page again.",
        )


def _refuse_unprintable(output: NotebookNode, name: str, number: int) -> None:
    kinds = output.get("data", {})
    if any(kind in kinds for kind in SHOWN):
        return
    for kind in kinds:
        if kind.startswith(_NOT_PRINTABLE):
            raise PageError(
                f"{name}, cell {number}, shows {kind}, which a page without scripts cannot show.",
                "The page is one offline file; a chart in it is a drawing with a text alternative and its data.",
                "Make it a figure (title, subtitle, alternative, table), or tag the cell notebook-only.",
            )
