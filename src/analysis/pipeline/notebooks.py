"""The notebooks of the pipeline: which there are, in which order, and what parameters each declares."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from analysis.errors import NotebookError, UsageError
from analysis.pipeline.code_cells import PARAMETERS_TAG, tags_of
from analysis.pipeline.step_inputs import step_paths
from analysis.settings import Parameter

SECTION_TAG = "report"
_TYPES: dict[str, type[str | int | float | bool]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
}


@dataclass(frozen=True)
class Notebook:
    """One step: its file, its declared parameters by name, and whether it has cells for the report's page."""

    path: Path
    parameters: dict[str, Parameter]
    is_section: bool

    @property
    def name(self) -> str:
        """The name without its suffix, such as ``2_validate``."""
        return self.path.stem


def discover(folder: Path) -> list[Notebook]:
    """The steps in ``folder``: notebooks named ``N_name.ipynb``, in the order of their numbers.

    Raises
    ------
    UsageError
        When there is none, when one is not a notebook, or when its parameters cannot be read.
    """
    paths = step_paths(folder)
    if not paths:
        raise UsageError(
            f"There is no notebook named like 1_ingest.ipynb in {folder.name}/.",
            "The numbered notebooks are the steps of the report.",
            "Restore them: `git checkout notebooks`.",
        )
    return [_read(path) for path in paths]


def declared_parameters(notebooks: list[Notebook]) -> dict[str, Parameter]:
    """All parameters of ``notebooks`` by name.

    Raises
    ------
    UsageError
        When two notebooks declare a name with different types, defaults or values: one value could not serve both.
    """
    declared: dict[str, Parameter] = {}
    for notebook in notebooks:
        for name, parameter in notebook.parameters.items():
            known = declared.setdefault(name, parameter)
            if (known.type, known.default, known.values) != (parameter.type, parameter.default, parameter.values):
                raise UsageError(
                    f"Parameter {name!r} of {notebook.path.name} is declared differently in an earlier notebook.",
                    "A run gives one value to all notebooks.",
                    f"Give {name} the same type and default in both, or another name in one of them.",
                )
    return declared


def load(path: Path) -> Any:
    """The notebook at ``path``.

    Raises
    ------
    NotebookError
        When the file is not a notebook.
    """
    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    except (nbformat.ValidationError, ValueError, AttributeError, KeyError, TypeError) as fault:
        raise NotebookError(
            f"{path.name} is not a readable notebook ({type(fault).__name__}).",
            "Every step of the report is a notebook in the Jupyter format.",
            f"Restore it (`git checkout {path.parent.name}/{path.name}`), or correct what a merge left in it.",
        ) from fault


def _read(path: Path) -> Notebook:
    cells = load(path).cells
    tagged = [cell for cell in cells if cell.cell_type == "code" and PARAMETERS_TAG in tags_of(cell)]
    if not tagged:
        raise UsageError(
            f"{path.name} has no code cell with the tag {PARAMETERS_TAG!r}.",
            "Without it the notebook would run on its defaults instead of what was asked for.",
            f"Give the tag back to its first code cell, or restore it: `git checkout {path.parent.name}/{path.name}`.",
        )
    return Notebook(
        path=path,
        parameters=read_parameters(tagged[0].source, path.name),
        is_section=any(SECTION_TAG in tags_of(cell) for cell in cells),
    )


def read_parameters(source: str, where: str) -> dict[str, Parameter]:
    """The parameters that a cell declares: ``name: type = default  # what it is for``.

    Types are ``str``, ``int``, ``float``, ``bool``, or ``Literal[...]`` for a choice; without one, the default's own.
    Read as Python and not by papermill's inspection, whose pattern cuts a default at a ``#`` and knows no ``Literal``.

    Raises
    ------
    UsageError
        When the cell is not Python, or a default is not a plain value of its type.
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError as fault:
        raise _undeclared(where, f"line {fault.lineno} of its parameters cell is not Python") from fault
    comments = _comments(source)
    declared = {}
    for statement in statements:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            name, annotation, value = statement.target.id, statement.annotation, statement.value
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name, annotation, value = statement.targets[0].id, None, statement.value
        else:
            continue
        parameter_help = comments.get(statement.end_lineno or 0, "")
        declared[name] = _declare(name, annotation, value, parameter_help, where)
    return declared


def _declare(name: str, annotation: ast.expr | None, value: ast.expr, text: str, where: str) -> Parameter:
    try:
        default = ast.literal_eval(value)
        values = _choices(annotation)
    except ValueError as fault:
        raise _undeclared(where, f"the default of {name!r} is computed") from fault
    type_name = type(default).__name__ if annotation is None or values else ast.unparse(annotation)
    if type_name not in _TYPES:
        raise _undeclared(where, f"{name!r} has the type {type_name}")
    parameter = Parameter(name, _TYPES[type_name], default, values, text)
    parameter.check(default)
    return parameter


def _choices(annotation: ast.expr | None) -> tuple[Any, ...]:
    if not isinstance(annotation, ast.Subscript) or ast.unparse(annotation.value).split(".")[-1] != "Literal":
        return ()
    choices = ast.literal_eval(annotation.slice)
    return choices if isinstance(choices, tuple) else (choices,)


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def _undeclared(where: str, fault: str) -> UsageError:
    return UsageError(
        f"The parameters of {where} cannot be read: {fault}.",
        "Parameters are checked by type before anything runs, so each needs a plain default that says its type.",
        'Write each as `name: type = default  # what it is for`, for example `period: str = ""`.',
    )
