"""How facts are named: which measures there are, and what follows the name of each in an id.

A text names facts before any data are read. Whether a name can be right is told from its shape alone.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.registers.measures import load_measures

if TYPE_CHECKING:
    from analysis.registers.roles import Roles

# What stands in the place of a part that depends on the data, such as the census in ``"fte.cc.ENG." ~ period``.
ANY = "*"
_CENSUS = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_AREA = re.compile(r"[A-Z0-9]{3,6}")

_WHOLE = {
    "backtests": ("", "equal", "differs", "not_available"),
    "checks": ("", "passed", "failed", "explained", "not_assessed"),
    "constant": ("hours_per_fte", "rate_base"),
}
# Facts that no measure makes: of targets, and of the analyst's own (analysis.facts.own).
_OF_TARGETS = ("target", "readings", "reading", "so_far", "pace", "own")
# How a key column of the register of measures is called in an id.
_KINDS = {"area_code": "area", "from_census": "census"}
_DERIVED_FROM = ("fte", "fte_staff", "fte_contracted", "headcount")
_OF_ROLE = "role area census"
_OF_ANY_ROLE = "area census"


@functools.cache
def shapes() -> dict[str, tuple[str, ...]]:
    """What follows the name of each measure in an id, by the register of measures: ``role area census``."""
    found: dict[str, tuple[str, ...]] = {}
    for measure in load_measures():
        shape = " ".join(_KINDS.get(part, part) for part, _ in measure.parts)
        ways = tuple(shape.replace("measure", of, 1) for of in _DERIVED_FROM) if "measure" in measure.keys else (shape,)
        found[measure.name] = (*found.get(measure.name, ()), *ways)
    return found | _WHOLE


@functools.cache
def short_names() -> dict[str, str]:
    """What a text calls by the name alone: the figure of the report's role, of England, at its census."""
    return {
        name: next(shape for shape in (_OF_ROLE, _OF_ANY_ROLE) if shape in ways)
        for name, ways in shapes().items()
        if {_OF_ROLE, _OF_ANY_ROLE} & {*ways}
    }


@functools.cache
def derived() -> tuple[str, ...]:
    """Figures made of another one, whose name follows: ``change_year.fte.splw.ENG.2022-09``."""
    return tuple(name for name, ways in shapes().items() if f"fte {_OF_ROLE}" in ways)


def fault_of(fact_id: str, roles: Roles) -> str:
    """What is wrong with the name of a fact, whatever the data; empty where it can be right.

    A part ``*`` stands for anything.
    """
    measure, *parts = fact_id.split(".")
    if ANY in measure or measure in _OF_TARGETS:
        return ""
    if measure not in shapes():
        return f"there is no measure {measure!r}{nearest(measure, [*shapes(), *_OF_TARGETS])}"
    wanted = [shape.split() for shape in shapes()[measure]]
    faults = [_fault_of_parts(parts, shape, roles) for shape in wanted]
    if not all(faults):
        return ""
    fitting = [fault for fault, shape in zip(faults, wanted, strict=True) if len(shape) == len(parts)]
    shape_words = ", or ".join(".".join((measure, *shape)) for shape in wanted[:1])
    return fitting[0] if fitting else f"an id of {measure} is {shape_words}"


def _fault_of_parts(parts: list[str], shape: list[str], roles: Roles) -> str:
    if any(ANY in part for part in parts):  # it may stand for several parts
        pairs = list(zip(parts, shape, strict=False))
        pairs = pairs[: next(number for number, (part, _) in enumerate([*pairs, (ANY, "")]) if ANY in part)]
    elif len(parts) != len(shape):
        return f"it has {len(parts)} parts after the measure and not {len(shape)}"
    else:
        pairs = list(zip(parts, shape, strict=True))
    return next((fault for part, kind in pairs if (fault := _fault_of_part(part, kind, roles))), "")


def _fault_of_part(part: str, kind: str, roles: Roles) -> str:
    if kind == "role":
        codes = [*roles.codes, *roles.groups]
        return "" if part in codes else f"there is no role {part!r}{nearest(part, codes)}"
    if kind == "census":
        return "" if _CENSUS.fullmatch(part) else f"{part!r} is no census, which is written YYYY-MM"
    if kind == "area":
        return "" if _AREA.fullmatch(part) else f"{part!r} is no code of an area, such as ENG or QE1"
    return "" if part == kind else f"{part!r} stands where {kind!r} is meant"


def nearest(word: str, words: Iterable[str]) -> str:
    """``; did you mean 'fte'?`` for the nearest of ``words``, empty where none is near."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
