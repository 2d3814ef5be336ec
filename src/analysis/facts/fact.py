"""A fact: a number with its identity, unit, rounding and origin.

Every number in the prose of a report is one. ``analysis explain ID`` and the page show where each comes from.
"""

from __future__ import annotations

import difflib
import enum
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Protocol

from markupsafe import Markup

from analysis.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


class UnknownFactError(UsageError, KeyError):
    """There is no fact of this id: the message says which part of it is wrong, and what there is instead."""


class Status(enum.StrEnum):
    """Why a figure is as it is: the shorthand of official statistics, in words."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    BREAK = "break in series"
    PROVISIONAL = "provisional"
    REVISED = "revised"
    NOT_AVAILABLE = "not available"
    NOT_APPLICABLE = "not applicable"

    @property
    def shorthand(self) -> str:
        """``[e]`` and the like; empty for a figure simply reported."""
        return _SHORTHAND[self]


_SHORTHAND = {
    Status.REPORTED: "",
    Status.ESTIMATED: "[e]",
    Status.BREAK: "[b]",
    Status.PROVISIONAL: "[p]",
    Status.REVISED: "[r]",
    Status.NOT_AVAILABLE: "[x]",
    Status.NOT_APPLICABLE: "[z]",
}


@dataclass(frozen=True)
class Source:
    """One input of a fact: a file by name and sha256, and how many of its rows were counted."""

    file: str
    sha256: str
    census: str
    rows: int


@dataclass(frozen=True)
class Origin:
    """How a fact was made: what it means, the expression, the rounding, and the rows it came from."""

    definition: str
    expression: str
    rounding: str = "rounded to a whole number for print"
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A number with identity. ``value`` is unrounded; ``text`` is how it is printed.

    ``f"{fact}"`` gives the printed text; in HTML (``markupsafe``, Jinja, Jupyter) a fact becomes a
    ``<data>`` element that carries its id and its value.
    """

    id: str
    value: float | int | None
    unit: str
    period: str
    text: str
    status: Status
    origin: Origin = field(repr=False)

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        value = "" if self.value is None else repr(self.value)
        return Markup('<data value="{}" data-fact="{}">{}</data>').format(value, self.id, self.text)

    def _repr_html_(self) -> str:
        return Markup("<p>{} {} <small>({}, {}; {})</small></p>").format(
            self, self.unit, self.id, self.status.value, self.origin.definition
        )


_WITHOUT_DUST = Decimal("1e-9")  # an FTE of an extract has at most nine decimals (0.106666667)
_HALF_AWAY = Context(prec=400, rounding=ROUND_HALF_UP)  # a float has at most 309 digits before its point


def as_text(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """A number as print has it: commas over 999, half away from zero, a true minus sign.

    >>> as_text(1093.33), as_text(-0.72, 1), as_text(655.7, 1, signed=True)
    ('1,093', '−0.7', '+655.7')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "[x]"
    # Sums of figures with a few decimals carry dust from binary arithmetic far behind them: 0.285 may be held as
    # 0.28499999999999998. It goes first, or halves would round down.
    exact = Decimal(float(abs(value))).quantize(_WITHOUT_DUST, context=_HALF_AWAY)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), context=_HALF_AWAY)
    sign = "" if not rounded else "−" if value < 0 else "+" if signed else ""
    return f"{sign}{rounded:,.{decimals}f}"


class Lookup(Protocol):
    """Where facts that were not made yet are found: :class:`analysis.facts.lookup.FactLookup`."""

    def find(self, fact_id: str) -> Fact | None:
        """The fact, or ``None``."""

    def has(self, fact_id: str) -> bool:
        """Whether there is such a fact."""

    def ids(self) -> Iterator[str]:
        """The ids of all of them."""

    def completions(self) -> Iterator[str]:
        """The ids that a notebook offers: all of them would be too many to choose from."""

    def explain_absence(self, fact_id: str, others: Iterable[str]) -> UnknownFactError:
        """What is wrong with an id; ``others`` are ids of facts that no frame holds."""

    def tidy(self, **wanted: Iterable[str] | None) -> pd.DataFrame:
        """The figures as a frame, a row each: of the measures, levels, roles and censuses that are wanted."""


class Facts(Mapping[str, Fact]):
    """Facts by id. A fact of a measure is made when it is asked for; an id that is wrong names the nearest.

    Parameters
    ----------
    facts
        Facts that were made already: those that no frame holds, such as the figures of a target's readings.
    lookup
        Where the others are found.
    """

    def __init__(self, facts: Iterable[Fact] = (), lookup: Lookup | None = None) -> None:
        self._facts: dict[str, Fact] = {}
        self._lookup = lookup
        for fact in facts:
            self.add(fact)

    @property
    def made(self) -> Mapping[str, Fact]:
        """The facts that have been made, by id: those given at first, and those asked for since."""
        return self._facts

    @property
    def lookup(self) -> Lookup | None:
        """Where facts that were not made yet are found."""
        return self._lookup

    def add(self, fact: Fact) -> Fact:
        """Take a fact in. The same id twice with different content is an error in our code."""
        known = self._facts.get(fact.id)
        if known is not None and known != fact:
            raise ValueError(f"two different facts with the id {fact.id!r}: {known!r}, {fact!r}")
        self._facts[fact.id] = fact
        return fact

    def replace(self, fact: Fact) -> Fact:
        """Take a fact in, in the place of one with the same id, such as a cell that is run again makes it."""
        self._facts[fact.id] = fact
        return fact

    def __getitem__(self, fact_id: str) -> Fact:
        if fact_id in self._facts:
            return self._facts[fact_id]
        found = self._lookup.find(fact_id) if self._lookup else None
        if found is not None:
            return self.add(found)
        if self._lookup:
            raise self._lookup.explain_absence(fact_id, self._facts)
        near = difflib.get_close_matches(fact_id, self._facts, n=3, cutoff=0.5)
        raise UnknownFactError(
            f"There is no fact {fact_id!r}.",
            "Facts are named measure.role.area.census, for example fte.splw.ENG.2022-09.",
            f"Did you mean {', '.join(near)}?" if near else "See facts.json for the ids.",
        )

    def __contains__(self, fact_id: object) -> bool:
        if fact_id in self._facts:
            return True
        return self._lookup is not None and isinstance(fact_id, str) and self._lookup.has(fact_id)

    def __iter__(self) -> Iterator[str]:
        yield from self._facts
        for fact_id in self._lookup.ids() if self._lookup else ():
            if fact_id not in self._facts:
                yield fact_id

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def frame(
        self,
        *,
        measures: Iterable[str] | None = None,
        levels: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
        censuses: Iterable[str] | None = None,
        columns: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """The figures of measures as a tidy frame: all of them, or those of some measures, levels, roles and censuses.

        Columns: ``measure, role, area_code, area_name, level, from_census, census, value, unit, status, source, note``,
        or those of them that are asked for.
        ``value`` is unrounded. An id is the first three, the censuses, with dots between.

        Examples
        --------
        >>> run.facts.frame(measures=["fte"], levels=["icb"], roles=["cc"])  # doctest: +SKIP
        """
        if self._lookup is None:
            raise UsageError(
                "These facts were read from a file that has no frames beside it.",
                "A frame of all figures is made of the frames of the measures.",
                "Use the facts of a run: `an.run(...).facts.frame()`.",
            )
        return self._lookup.tidy(measures=measures, levels=levels, roles=roles, censuses=censuses, columns=columns)

    def _ipython_key_completions_(self) -> list[str]:
        return [*dict.fromkeys((*self._facts, *(self._lookup.completions() if self._lookup else ())))]
