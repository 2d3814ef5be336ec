"""What a run is asked for, checked before anything is touched."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from analysis.errors import UsageError
from analysis.periods import parse_census
from analysis.pipeline.notebooks import Notebook, declared_parameters, discover
from analysis.pipeline.request import Request
from analysis.registers.anomalies import load_anomalies
from analysis.registers.breaks import load_breaks
from analysis.registers.roles import Roles, load_roles
from analysis.registers.targets import load_targets
from analysis.settings import RAW, Parameters, check_parameters, project_root, resolve


@dataclass(frozen=True)
class Plan:
    """A request found to be in order: the notebooks in their order, their parameters, typed, and the roles."""

    request: Request
    period: str
    notebooks: tuple[Notebook, ...]
    parameters: dict[str, str | float | bool]
    roles: Roles


def plan(request: Request) -> Plan:
    """Check all that can be checked at once, without touching a file of data.

    The texts of the notebooks are checked by :mod:`analysis.pipeline.text_cells`, which takes longer.

    Raises
    ------
    UsageError
        For a period that is no census month, or a parameter that is unknown, of the wrong type or not allowed.
    """
    period = parse_census(request.period) if request.period else ""
    _refuse_reports_in_raw(request)
    roles = _check_registers(request.role)
    taken = {"period": "--period", "raw": "--raw", "processed": "the project's data/processed", "results": "--reports"}
    taken["role"] = "--role"
    for name in taken.keys() & request.parameters.keys():
        raise UsageError(
            f"Parameter {name!r} cannot be given as a further parameter.",
            f"It is set for all notebooks together, by {taken[name]}.",
            "Leave it out of the further parameters.",
        )
    notebooks = tuple(discover(request.notebooks or project_root() / "notebooks"))
    declared = declared_parameters(list(notebooks))
    shared = Parameters.declared()
    for name in shared.keys() & declared.keys():
        if declared[name].type is not shared[name].type:
            raise UsageError(
                f"The notebooks declare {name!r} with the type {declared[name].type.__name__}.",
                f"The pipeline gives {name} to every notebook as text.",
                f'Declare it as `{name}: str = "{shared[name].default}"`.',
            )
    further = {name: parameter for name, parameter in declared.items() if name not in shared}
    for name in request.parameters.keys() - further.keys():
        if near := difflib.get_close_matches(name.lower(), [*further, *taken], n=1, cutoff=0.5):
            raise UsageError(
                f"There is no parameter {name!r}.",
                "A misspelt one would leave the report with a default instead of what was asked for.",
                f"Did you mean {taken.get(near[0], f'-p {near[0]}')}?",
            )
    parameters = check_parameters(request.parameters, further)
    return Plan(request, period, notebooks, parameters, roles)


def _refuse_reports_in_raw(request: Request) -> None:
    raw = resolve(RAW) if request.raw is None else request.raw.expanduser()
    if request.reports.expanduser().resolve().is_relative_to(raw.resolve()):
        raise UsageError(
            f"REPORTS ({request.reports.name}/) lies in RAW.",
            "Raw files are never written to, and what one report writes there the next would read as an extract.",
            "Give a REPORTS folder beside RAW, or a RAW folder that holds the extracts alone.",
        )


def _check_registers(role: str) -> Roles:
    """A register with a fault stops the run at once, and not after minutes of reading."""
    roles = load_roles(about=role)
    load_targets(roles=roles)
    load_breaks(roles=roles)
    load_anomalies()
    return roles
