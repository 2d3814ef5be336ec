"""The texts of the notebooks, checked while the first of them runs: names, ids of facts, filters, typed numbers.

A wrong name would otherwise stop the report at its last notebook. What depends on the data is checked when it is shown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import TextError, UsageError
from analysis.facts.names import ANY, fault_of, nearest
from analysis.markup.text import ParsedText
from analysis.pipeline.notebooks import load
from analysis.report.text.cell import FIRST_LINE, MAGIC
from analysis.report.text.names import all_names, attributes_of

if TYPE_CHECKING:
    from analysis.registers.roles import Roles


def check_texts(paths: Iterable[Path], roles: Roles) -> None:
    """Check the texts of these notebooks as far as that is possible without data.

    Raises
    ------
    TextError
        With the notebook, the number of the cell and the line in it.
    """
    for path in paths:
        cells = load(path).cells
        code = [cell.source for cell in cells if cell.cell_type == "code" and not is_text(cell)]
        defined = _defined(code)
        for number, cell in enumerate(cells, start=1):
            if is_text(cell):
                try:
                    _check(cell.source, defined, roles)
                except UsageError as error:
                    raise TextError(f"{path.name}, cell {number}: {error.what}", error.why, error.fix) from error


def is_text(cell: Any) -> bool:
    """Whether a cell is text: its first line is ``%%text``."""
    first = cell.source.partition("\n")[0].split() if cell.cell_type == "code" else []
    return first[:1] == [f"%%{MAGIC}"]


def _check(source: str, defined: set[str], roles: Roles) -> None:
    text = ParsedText(source.partition("\n")[2], FIRST_LINE)
    text.refuse_typed_numbers()
    names = [*all_names(), *sorted(defined)]
    for use in text.names:
        if use.name not in names:
            raise text.no_such_name(use, names)
    for name, use in text.attributes:
        known = attributes_of(name)
        if known and use.name not in known:
            raise TextError(
                f"Line {use.line} of the cell: {name} has no {use.name!r}{nearest(use.name, known)}.",
                "The text would stop the report when it is shown.",
                f"Choose one of {', '.join(known[:12])}. Tab after `report.text.{name}.` lists all.",
            )
    for use in text.keys_of("facts", ANY):
        if fault := fault_of(use.name, roles):
            raise TextError(
                f"Line {use.line} of the cell: there is no fact {use.name!r}: {fault}.",
                "Facts are named measure.role.area.period, for example fte.splw.ENG.2022-09.",
                "Correct the id. Tab after `report.facts[` in a code cell lists the ids.",
            )


def _defined(code: Iterable[str]) -> set[str]:
    """The names that the code cells define."""
    found: set[str] = set()
    for node in _nodes(code):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
    return found


def _nodes(code: Iterable[str]) -> Iterator[ast.AST]:
    for source in code:
        try:
            yield from ast.walk(ast.parse(source))
        except SyntaxError:  # a cell with a command of IPython, or a fault that its run will tell
            continue
