"""The notebook of a profile: which of its cells all areas share, and what its parameters are."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from papermill.translators import papermill_translators

from analysis.errors import UsageError
from analysis.pipeline.code_cells import INJECTED_TAG, PARAMETERS_TAG, tags_of
from analysis.pipeline.notebooks import load, read_parameters
from analysis.pipeline.text_cells import check_texts, is_text
from analysis.registers.roles import Roles

NAME = "profile.ipynb"
SHARED_TAG = "shared"
AREA = "area"


@dataclass(frozen=True)
class ProfileNotebook:
    """The notebook as text, which can be handed to another process or machine."""

    source: str

    @classmethod
    def read(cls, folder: Path, roles: Roles) -> ProfileNotebook:
        """The notebook in ``folder``, checked as far as that is possible without data.

        Raises
        ------
        UsageError
            There is none, it declares no parameter ``area``, a text names what there is not, or a shared cell is not
            shared.
        """
        path = folder / NAME
        if not path.is_file():
            raise UsageError(
                f"There is no notebook {NAME} in {folder.name}/.",
                "It is what the page of each area is made from.",
                f"Restore it: `git checkout {folder.name}/{NAME}`.",
            )
        cells = load(path).cells
        tagged = [cell for cell in cells if PARAMETERS_TAG in tags_of(cell)]
        if not tagged or AREA not in read_parameters(tagged[0].source, NAME):
            raise UsageError(
                f"{NAME} does not declare the parameter {AREA!r}.",
                "Every page would be of the same area.",
                f'Write `{AREA}: str = ""` into its first code cell, which has the tag {PARAMETERS_TAG!r}.',
            )
        check_texts([path], roles)
        _check_shared(cells)
        return cls(path.read_text(encoding="utf-8"))

    def cell_numbers(self) -> dict[str, int]:
        """The place of each cell, from 1, by its id."""
        cells = nbformat.reads(self.source, as_version=4).cells  # type: ignore[no-untyped-call]
        return {str(cell.get("id")): number for number, cell in enumerate(cells, start=1)}

    def with_parameters(self, parameters: dict[str, str]) -> Any:
        """The notebook with a cell that sets ``parameters``, written and placed as papermill does it."""
        notebook = nbformat.reads(self.source, as_version=4)  # type: ignore[no-untyped-call]
        source = papermill_translators.find_translator("python3", "python").codify(parameters, "Parameters")
        cell = nbformat.v4.new_code_cell(source, id=INJECTED_TAG, metadata={"tags": [INJECTED_TAG]})  # type: ignore[no-untyped-call]
        after = next(number for number, each in enumerate(notebook.cells) if PARAMETERS_TAG in tags_of(each))
        notebook.cells.insert(after + 1, cell)
        return notebook


def is_of_all(cell: Any) -> bool:
    """Whether a cell is run once for many areas: the defaults of the parameters, and those tagged ``shared``."""
    return bool({PARAMETERS_TAG, SHARED_TAG} & tags_of(cell))


def is_injected(cell: Any) -> bool:
    """Whether a cell is the one that sets the parameters."""
    return INJECTED_TAG in tags_of(cell)


def _check_shared(cells: list[Any]) -> None:
    """A shared cell is run before the others and once: it must need nothing of them, and not the area."""
    own_before = False
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type != "code":
            continue
        if SHARED_TAG not in tags_of(cell):
            own_before = own_before or PARAMETERS_TAG not in tags_of(cell)
            continue
        if own_before:
            raise _not_shared(number, "it stands after a cell that is run for each area")
        if is_text(cell) or _names_area(cell.source):
            raise _not_shared(number, "it shows a text" if is_text(cell) else f"it uses {AREA!r}")


def _names_area(source: str) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a command of IPython: its text is all there is to look at
        return AREA in source
    return any(isinstance(node, ast.Name) and node.id == AREA for node in nodes)


def _not_shared(number: int, fault: str) -> UsageError:
    return UsageError(
        f"{NAME}, cell {number}, has the tag {SHARED_TAG!r}, but {fault}.",
        "A shared cell is run once for many areas: the pages of all but one would show the wrong area.",
        f"Take the tag {SHARED_TAG!r} off the cell, or move what is of one area into another cell.",
    )
