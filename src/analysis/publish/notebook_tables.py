"""The tables that notebooks show: each output carries its tables as data, so that what is shown can be downloaded."""

from __future__ import annotations

from pathlib import Path

from analysis.markup.notebook_output import TABLES_MIME
from analysis.publish.notebooks import read_notebook
from analysis.tables.table import Table


def shown_tables(notebooks: list[Path]) -> list[Table]:
    """Give the tables in the outputs of executed notebooks, each once, in the order in which they are shown."""
    found: dict[str, Table] = {}
    for path in notebooks:
        for cell in read_notebook(path).cells:
            for output in cell.get("outputs", []):
                for payload in output.get("data", {}).get(TABLES_MIME, []):
                    table = Table.from_payload(payload)
                    found.setdefault(table.id, table)
    return list(found.values())
