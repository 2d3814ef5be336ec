"""Facts of the columns of a measure: one description for a column, one fact for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.columns import ENGLAND
from analysis.facts.fact import Fact, Origin, Source
from analysis.facts.lineage import ALL, EXACT, ONE_PLACE, THREE_PLACES, TWO_PLACES, WHOLE, Inputs, make_fact
from analysis.periods import long_date, month_label

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from analysis.registers.roles import Roles

_ROUNDING = {0: WHOLE, 1: ONE_PLACE, 2: TWO_PLACES, 3: THREE_PLACES}
_COUNTS = {"PCNs", "people", "patients"}


class ColumnFact(NamedTuple):
    """What a column of a measure becomes as a fact.

    Parameters
    ----------
    unit, decimals, signed
        As the fact is printed.
    note
        The column with the shorthand that speaks of this one.
    meaning
        What the figure is, after role, area and month.
    expression
        How it is made; ``{roles}``, ``{key}`` (role, area, census), ``{census}`` and ``{start}`` are filled in.
    measure
        Which rows it counts: those of ``fte`` (all), ``fte_staff``, ``headcount``.
    every_role
        Whether rows of all roles are counted, and not those of the role alone.
    on_list
        Whether it rests on the list of registered patients, too.
    """

    unit: str
    decimals: int
    note: str
    meaning: str
    expression: str
    signed: bool = False
    measure: str = "fte"
    every_role: bool = False
    on_list: bool = False


def facts_of_columns(
    rows: pd.DataFrame,
    columns: Mapping[str, ColumnFact],
    roles: Roles,
    inputs: Inputs,
    *,
    names: Mapping[str, str] | None = None,
    more: Iterable[Source] = (),
) -> Iterator[Fact]:
    """Make ``<column>.<role>.<area>.<census>`` of each row and column.

    ``rows`` has ``area_code, area_name, census, role``, and ``from_census`` where figures are changes. ``names`` gives
    facts another name than that of their column; ``more`` are sources of all of them.
    """
    for row in rows.to_dict("records"):
        role, area, census = str(row["role"]), str(row["area_code"]), str(row["census"])
        start = row.get("from_census")
        censuses = [start, census] if isinstance(start, str) else [census]
        when = f"{month_label(start)} to {month_label(census)}" if isinstance(start, str) else month_label(census)
        words = {
            "roles": ", ".join(roles.members(role)),
            "key": f"{role}.{area}.{census}",
            "role": role,
            "area": area,
            "census": census,
            "start": start,
        }
        for column, fact in columns.items():
            sources = inputs.of(censuses, role=ALL if fact.every_role else role, area=area, measure=fact.measure)
            listed = ""
            if fact.on_list:
                sources += inputs.of_patients(census)
                if pd.notna(row.get("list_date")):
                    listed = f"; list of {long_date(pd.Timestamp(row['list_date']).date())}"
            yield make_fact(
                f"{(names or {}).get(column, column)}.{role}.{area}.{census}",
                row[column],
                fact.unit,
                census,
                Origin(
                    f"{roles.names[role]}, {'England' if area == ENGLAND else row['area_name']}, {when}: "
                    f"{fact.meaning}{listed}",
                    fact.expression.format(**words),
                    EXACT if fact.unit in _COUNTS else _ROUNDING[fact.decimals],
                    sources + tuple(more),
                ),
                note=_note_of(row, fact),
                decimals=fact.decimals,
                signed=fact.signed,
            )


def _note_of(row: Mapping[Hashable, Any], fact: ColumnFact) -> str:
    """The shorthand of a figure. A count of networks whatever the role has no part in a break of the role's figures."""
    note = str(row[fact.note])
    return "" if note == "[b]" and fact.every_role and fact.unit == "PCNs" else note
