"""The tables that notebooks show: each output carries its tables as data, so that what is shown can be downloaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.markup.notebook_output import TABLES_MIME
from analysis.tables.table import Table


def shown_tables(notebooks: list[Path]) -> list[Table]:
    """Give the tables in the outputs of executed notebooks, each once, in the order in which they are shown."""
    found: dict[str, Table] = {}
    for payload in table_payloads(notebooks):
        table = Table.from_payload(payload)
        found.setdefault(table.id, table)
    return list(found.values())


def table_payloads(notebooks: list[Path]) -> Iterator[dict[str, Any]]:
    """The tables in the outputs of executed notebooks, as they stand there."""
    for path in notebooks:
        # Papermill has checked the notebook when it wrote it; nbformat would check these large outputs once more.
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                yield from output.get("data", {}).get(TABLES_MIME, [])
