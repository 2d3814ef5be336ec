"""The output of a notebook cell: HTML with the style of JupyterLab, and the tables in it as data.

JupyterLab has styles of its own and none of the page's. Each output begins with this style; the page takes it off
again, since its policy allows its own style sheet alone.
"""

from __future__ import annotations

from typing import Any, Protocol

from markupsafe import Markup

# The kind of notebook output that carries tables; nothing displays it.
TABLES_MIME = "application/vnd.link-worker-report.tables+json"

# Without it JupyterLab floats terms and figures side by side, so that a figure stands beside another's term; it shows
# the drawing for small screens under the one for large ones, and aligns words to the right.
NOTEBOOK_STYLE = Markup("""<style>
.narrow-only { display: none; }
.jp-OutputArea-output.jp-RenderedHTMLCommon {
  & dt, & dd { float: none; display: block; width: auto; }
  & dd { margin: 0 0 .3em 1.5em; }
  & figure { margin: 1em 0; }
  & figure svg { display: block; width: 100%; max-width: 52rem; background: white; }
  & figure svg.narrow-only { display: none; }
  & caption { text-align: left; font-weight: bold; }
  & .table-scroll { overflow-x: auto; }
  & .table-scroll th:not(.number), & .table-scroll td:not(.number) { text-align: left; }
  & .table-scroll table { margin-left: 0; }
}
</style>""")


class TableData(Protocol):
    """A table as far as an output needs it: :class:`analysis.tables.table.Table`."""

    def payload(self) -> dict[str, Any]:
        """Give the table as JSON data."""


def shown(html: Markup, tables: tuple[TableData, ...]) -> dict[str, Any]:
    """A notebook output: the styled HTML, and the tables in it as data, so that what is shown can be downloaded."""
    return {"text/html": NOTEBOOK_STYLE + html, TABLES_MIME: [table.payload() for table in tables]}
