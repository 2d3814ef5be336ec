"""Facts by id, each looked up in the frames of the measures when it is asked for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.facts.fact import Fact, Origin, UnknownFactError
from analysis.facts.formula import evaluate
from analysis.facts.frames import FactFrames, Row
from analysis.facts.lineage import Inputs, make_fact, rounding_of, sources_of
from analysis.facts.tidy import tidy_facts
from analysis.facts.wording import Words, fill
from analysis.registers.measures import MeasureDefinition
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

_PUBLISHED = ("bulletin", "register")  # sources of figures that were published, and not summed here
_NEAREST = 3
KEY_FIELDS = ("role", "area_code", "from_census", "census")
_KEY_WORDS = {"role": "role", "area_code": "area", "census": "census", "from_census": "earlier census"}


class FactLookup:
    """Makes the fact of an id from the row of a frame, by the register of measures.

    Parameters
    ----------
    measures
        The register of measures.
    frames
        The frames, by area.
    roles
        The vocabulary of roles.
    inputs
        What the figures were counted from.
    constants
        Values of the constants that formulas name, by id.
    """

    def __init__(
        self,
        measures: Iterable[MeasureDefinition],
        frames: FactFrames,
        *,
        roles: Roles,
        inputs: Inputs,
        constants: Mapping[str, float],
    ) -> None:
        self.measures = tuple(measures)
        # Two measures may share a name: networks with contracted services only, of a role and of any.
        self._by_shape = {(measure.name, len(measure.parts)): measure for measure in self.measures}
        self.frames = frames
        self.roles = roles
        self.inputs = inputs
        self.constants = constants

    def find(self, fact_id: str) -> Fact | None:
        """The fact, or ``None`` where there is no such figure."""
        found = self._row_of(fact_id)
        return None if found is None else self._make(fact_id, *found)

    def has(self, fact_id: str) -> bool:
        """Whether there is such a figure; it is not made."""
        return self._row_of(fact_id) is not None

    def ids(self) -> Iterator[str]:
        """The ids of all figures."""
        for measure in self.measures:
            for area in self.frames.areas(measure.frame):
                for key in self.frames.rows_by_key(measure, area):
                    yield id_of(measure, key)

    def of_area(self, area: str) -> Iterator[tuple[MeasureDefinition, tuple[str, ...], Row]]:
        """Each figure of an area: its measure, the values in its id (see :func:`id_of`), and the row of its frame."""
        for measure in self.measures:
            for key, row in self.frames.rows_by_key(measure, area).items():
                yield measure, key, row

    def completions(self) -> Iterator[str]:
        """The ids of England's figures, which a notebook offers; those of areas are the same with another code."""
        return (id_of(measure, key) for measure, key, _ in self.of_area(ENGLAND))

    def tidy(self, **wanted: Iterable[str] | None) -> pd.DataFrame:
        """The figures as a frame: see :func:`analysis.facts.tidy.tidy_facts`."""
        return tidy_facts(self.measures, self.frames, self.constants, **wanted)

    def fields(self, fact_id: str) -> dict[str, str]:
        """What an id says, as fields: ``measure, role, area_code, area_name, level, from_census, census``."""
        found = self._row_of(fact_id)
        if found is None:
            return {"measure": fact_id.partition(".")[0]}
        measure, row = found
        keys = {name: str(row[name]) for name in KEY_FIELDS if name in measure.keys}
        return {"measure": measure.series(str(row.get("measure", ""))), **keys} | {
            "area_name": str(row["area_name"]),
            "level": str(row["level"]),
        }

    def explain_absence(self, fact_id: str, others: Iterable[str]) -> UnknownFactError:
        """The error that says which part of an id is wrong, and what there is instead."""
        name, *parts = fact_id.split(".")
        of_name = [measure for measure in self.measures if measure.name == name]
        if not of_name:
            return self._unknown_measure(fact_id, others)
        measure = self._by_shape.get((name, len(parts)), of_name[0])
        if len(parts) != len(measure.parts):
            return UnknownFactError(
                f"There is no fact {fact_id!r}.",
                f"A fact of {measure.name} has the parts {measure.pattern}.",
                f"Write it in that way, for example {self._example(measure)}.",
            )
        return self._wrong_part(fact_id, measure, parts)

    def _unknown_measure(self, fact_id: str, others: Iterable[str]) -> UnknownFactError:
        name, made = fact_id.partition(".")[0], [*others]
        names = {each.partition(".")[0] for each in made}
        if name in names:  # of facts that no measure makes, such as the figures of a target's readings
            what, near = "", difflib.get_close_matches(fact_id, made, n=_NEAREST, cutoff=0.5)
        else:
            names |= {measure.name for measure in self.measures}
            what, near = f": no measure is called {name!r}", difflib.get_close_matches(name, names, n=_NEAREST)
        return UnknownFactError(
            f"There is no fact {fact_id!r}{what}.",
            f"Facts are named measure.role.area.census, for example fte.splw.{ENGLAND}.2022-09.",
            f"Did you mean {' or '.join(near)}?" if near else "measures.csv lists the measures.",
        )

    def _wrong_part(self, fact_id: str, measure: MeasureDefinition, parts: list[str]) -> UnknownFactError:
        frame = self.frames.frame(measure.frame)
        for place, ((name, is_key), part) in enumerate(zip(measure.parts, parts, strict=True)):
            there = sorted(frame[name].astype("str").unique()) if is_key and len(frame) else [name]
            if part not in there:
                before, after = (measure.name, *parts[:place]), parts[place + 1 :]
                near = [".".join((*before, right, *after)) for right in nearest(part, there)]
                what = _KEY_WORDS.get(name, name) if is_key else "part"
                return UnknownFactError(
                    f"There is no fact {fact_id!r}: {measure.name} has no {what} {part!r}.",
                    f"Facts of {measure.name} are named {measure.pattern}.",
                    f"The nearest: {', '.join(near)}." if near else "This report has no figures of it.",
                )
        area = parts[[name for name, _ in measure.parts].index("area_code")]
        ids = [id_of(measure, key) for key in self.frames.rows_by_key(measure, area)]
        near = difflib.get_close_matches(fact_id, ids, n=_NEAREST, cutoff=0.5)
        return UnknownFactError(
            f"There is no fact {fact_id!r}: {measure.name} has no figure of these parts together.",
            "Each part is known, but this area has no such figure for this role and census.",
            f"The nearest: {', '.join(near)}." if near else f"{measure.name} has no figure of the area {area}.",
        )

    def _example(self, measure: MeasureDefinition) -> str:
        example = next((id_of(measure, key) for key in self.frames.rows_by_key(measure, ENGLAND)), "")
        return example or measure.pattern

    def _row_of(self, fact_id: str) -> tuple[MeasureDefinition, Row] | None:
        name, *parts = fact_id.split(".")
        measure = self._by_shape.get((name, len(parts)))
        if measure is None:
            return None
        key = []
        for (column, is_key), part in zip(measure.parts, parts, strict=True):
            if is_key:
                key.append(part)
            elif part != column:
                return None
        area = key[measure.keys.index("area_code")]
        row = self.frames.rows_by_key(measure, area).get(tuple(key))
        return None if row is None else (measure, row)

    def _make(self, fact_id: str, measure: MeasureDefinition, row: Row) -> Fact:
        words = Words(measure.frame, row, self.roles, self.inputs)
        formula = fill(measure.published_formula or measure.formula, words)
        if measure.published_formula and row.get("source") not in _PUBLISHED:
            formula = fill(measure.formula, words)
        value = row[measure.column] if measure.column else evaluate(formula, self._value)
        unit = fill(measure.unit, words)
        own = {"england": measure.decimals_of_england, "pcn": measure.decimals_of_pcns}
        decimals = own.get(str(row["level"]), measure.decimals)
        if value is not None and 0 < abs(value) < 1:
            decimals = max(decimals, measure.decimals_under_1)
        note = row[measure.note] if measure.note else ""
        return make_fact(
            fact_id,
            value,
            unit,
            str(row["census"]),
            Origin(
                fill(measure.definition, words),
                formula,
                rounding_of(unit, value, decimals),
                sources_of(measure, row, self.roles, self.inputs),
            ),
            note="" if note == measure.note_left_out else note,
            decimals=decimals,
            signed=measure.signed,
        )

    def _value(self, fact_id: str) -> float:
        if fact_id in self.constants:
            return self.constants[fact_id]
        fact = self.find(fact_id)
        return float("nan") if fact is None or fact.value is None else fact.value


def nearest(part: str, there: list[str]) -> list[str]:
    """The nearest of the values that there are: censuses by time, codes by their letters."""
    if re.fullmatch(r"\d{4}-\d{2}", part) and all(re.fullmatch(r"\d{4}-\d{2}", value) for value in there):
        before = [value for value in there if value < part][-2:]
        return before + [value for value in there if value > part][: _NEAREST - len(before)]
    return difflib.get_close_matches(part, there, n=_NEAREST, cutoff=0.3)


def id_of(measure: MeasureDefinition, key: tuple[str, ...]) -> str:
    """The id of a figure: the name of its measure, and the values of ``measure.keys``."""
    values = iter(key)
    return ".".join((measure.name, *[next(values) if is_key else name for name, is_key in measure.parts]))
