"""Where the project lies, and the typed parameters that notebooks are run with.

Relative paths in parameters are relative to the project's root, whatever the working directory: JupyterLab runs a
notebook in ``notebooks/``, the pipeline may be started from anywhere.
"""

from __future__ import annotations

import difflib
import functools
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from analysis.columns import DEFAULT_ROLE
from analysis.errors import UsageError
from analysis.periods import parse_census

PROJECT = "link-worker-report"
# Stands in a working folder, and says which release of the package made it.
WORKING_FOLDER_MARK = "analysis.toml"
# Within the package: what an installed package brings along of the project. In a clone it holds the Makefile alone.
PROVIDED = "project"
RAW, PROCESSED = "data/raw", "data/processed"
# What `analysis lab` was given, for the kernels of that JupyterLab; a batch run takes no notice of them.
LAB_VARIABLES = {"period": "ANALYSIS_LAB_PERIOD", "raw": "ANALYSIS_LAB_RAW"}
# In the environment of each process of a batch run: the name of the folder for its temporary files.
RUN_MARK = "ANALYSIS_RUN"
# The words people and YAML use for yes and no; anything else is refused rather than guessed.
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def project_root() -> Path:
    """The folder of the project: a clone, or a working folder made by ``analysis new``.

    It is looked for above the working directory, then above this package.

    Raises
    ------
    UsageError
        When neither lies inside the project.
    """
    for start in (Path.cwd(), Path(__file__).resolve()):
        for folder in (start, *start.parents):
            if _is_project(folder):
                return folder
    raise UsageError(
        f"The project {PROJECT!r} was not found above {Path.cwd()}.",
        f"Notebooks and data are looked for beside its pyproject.toml, or {WORKING_FOLDER_MARK} in a working folder.",
        "Start the command inside the project's folder, or make a working folder first: `analysis new FOLDER`.",
    )


def _is_project(folder: Path) -> bool:
    if (folder / WORKING_FOLDER_MARK).is_file():
        return True
    settings = folder / "pyproject.toml"
    try:
        state = settings.stat()
    except OSError:
        return False
    return _is_of_project(settings, state.st_mtime_ns, state.st_size)


@functools.lru_cache
def _is_of_project(settings: Path, _modified: int, _size: int) -> bool:
    """Whether a ``pyproject.toml`` is the project's; asked for each register, and read again when it has changed."""
    try:
        read = tomllib.loads(settings.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    return bool(read.get("project", {}).get("name") == PROJECT)


def resolve(path: str | Path) -> Path:
    """``path`` as a full path; a relative one starts at the project's root, and a full path needs no project."""
    given = Path(path).expanduser()
    return (given if given.is_absolute() else project_root() / given).resolve()


def provided(name: str) -> Path:
    """A file or folder that the package provides to a project, such as ``notebooks`` or ``docs/methodology.md``.

    In a clone it is that of the clone this package runs from; an installed package brings its own copy.
    """
    packaged = Path(__file__).parent / PROVIDED / name
    return packaged if packaged.exists() else Path(__file__).resolve().parents[2] / name


@dataclass(frozen=True)
class Parameter:
    """A declared parameter: its name, type, default, the values it may take (empty: any), and what it is for."""

    name: str
    type: type[str | int | float | bool]
    default: str | float | bool
    values: tuple[str | float | bool, ...] = ()
    help: str = ""

    def check(self, value: object) -> str | float | bool:
        """``value`` as this parameter's type; text from the command line is converted.

        Raises
        ------
        UsageError
            When it is of another type, or not among the allowed values.
        """
        typed = self._typed(value)
        if self.values and typed not in self.values:
            raise self._refusal(value, "it is not one of the values it may take")
        return typed

    def _typed(self, value: object) -> str | float | bool:
        # bool is an int to Python, but True FTE or year True is a mistake to a reader.
        if isinstance(value, self.type) and (self.type is bool or not isinstance(value, bool)):
            return value
        if self.type is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str):
            try:
                return _TRUTHS[value.strip().lower()] if self.type is bool else self.type(value)
            except (ValueError, KeyError):
                pass
        raise self._refusal(value, f"it is not {_KINDS[self.type]}")

    def _refusal(self, value: object, reason: str) -> UsageError:
        allowed = f"one of {', '.join(map(repr, self.values))}" if self.values else _KINDS[self.type]
        return UsageError(
            f"Parameter {self.name!r} was given {value!r}.",
            f"The notebooks cannot use it: {reason}.",
            f"Give {self.name} {allowed}, or leave it out for its default {self.default!r}.",
        )


_KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def check_parameters(given: Mapping[str, object], allowed: Mapping[str, Parameter]) -> dict[str, str | float | bool]:
    """The parameters given, each checked by name, type and allowed values.

    Papermill only warns about an unknown parameter and lets the notebook run on its defaults (nteract/papermill#818);
    a report made with defaults instead of what was asked for would mislead, so here it is an error.

    Raises
    ------
    UsageError
        For an unknown name (with the nearest right one), a wrong type, or a value that is not allowed.
    """
    for name in given:
        if name not in allowed:
            near = difflib.get_close_matches(name.lower(), allowed, n=1, cutoff=0.5)
            names = ", ".join(allowed) or "none"
            raise UsageError(
                f"There is no parameter {name!r}.",
                f"The notebooks declare these parameters: {names}.",
                f"Did you mean {near[0]!r}?"
                if near
                else "Use one of these names; `analysis parameters` explains them.",
            )
    return {name: allowed[name].check(value) for name, value in given.items()}


class Parameters(BaseModel):
    """The parameters that every notebook of the report shares.

    Parameters
    ----------
    period
        Census month ``YYYY-MM``; empty for the latest census in ``raw``.
    raw
        The folder with the extracts; only ever read.
    processed
        The folder for typed pieces, the folders of runs and, where there are no extracts, the synthetic sample.
    results
        The folder of the run; empty for the one that the run's identity names, under ``processed``.
    role
        What the report is about: code of a role or group of ``roles.toml``.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    period: str = ""
    raw: str = RAW
    processed: str = PROCESSED
    results: str = ""
    role: str = DEFAULT_ROLE

    @field_validator("period")
    @classmethod
    def _is_census(cls, value: str) -> str:
        return parse_census(value) if value else value

    @classmethod
    def declared(cls) -> dict[str, Parameter]:
        """These parameters as declarations, by name."""
        return {name: Parameter(name, str, field.default) for name, field in cls.model_fields.items()}

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Parameters:
        """Check untrusted parameters.

        Raises
        ------
        UsageError
            For an unknown name, a wrong type, or a period that is no census month.
        """
        return cls(**check_parameters(given, cls.declared()))  # type: ignore[arg-type]  # all are text by declaration

    def in_lab(self) -> Parameters:
        """These parameters in JupyterLab: one left at its default is that of ``make lab PERIOD=... RAW=...``."""
        asked = {name: os.environ.get(variable, "") for name, variable in LAB_VARIABLES.items()}
        given = dict(self)
        defaults = dict(type(self)())
        return self.parse(
            given | {name: value for name, value in asked.items() if value and given[name] == defaults[name]}
        )

    def of_figures(self) -> dict[str, str]:
        """The parameters that change a figure: all but the folders. The period is told with the inputs."""
        return {name: value for name, value in self if name not in {"period", "raw", "processed", "results"}}

    @property
    def processed_folder(self) -> Path:
        """``processed`` as a full path."""
        return resolve(self.processed)

    @property
    def results_folder(self) -> Path | None:
        """``results`` as a full path; ``None`` when it is left to the run's identity."""
        return resolve(self.results) if self.results else None
