"""A fact: a number with its identity, unit, rounding and origin.

Every number in the prose of a report is one. ``facts.json`` holds them all; ``analysis explain ID`` and the
page show where each comes from.
"""

from __future__ import annotations

import difflib
import enum
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from markupsafe import Markup

from analysis.errors import UsageError


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

    def to_json(self) -> dict[str, Any]:
        """The fact as ``facts.json`` holds it, without its id (the key)."""
        return {
            "value": self.value,
            "unit": self.unit,
            "period": self.period,
            "text": self.text,
            "status": self.status.value,
            "origin": asdict(self.origin),
        }

    @classmethod
    def from_json(cls, fact_id: str, data: Mapping[str, Any]) -> Fact:
        """The inverse of :meth:`to_json`."""
        origin = dict(data["origin"])
        sources = tuple(Source(**source) for source in origin.pop("sources", ()))
        return cls(
            id=fact_id,
            value=data["value"],
            unit=data["unit"],
            period=data["period"],
            text=data["text"],
            status=Status(data["status"]),
            origin=Origin(**origin, sources=sources),
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


class Facts(Mapping[str, Fact]):
    """Facts by id. Asking for one that is not there names the nearest ids."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> Fact:
        """Take a fact in. The same id twice with different content is an error in our code."""
        known = self._facts.get(fact.id)
        if known is not None and known != fact:
            raise ValueError(f"two different facts with the id {fact.id!r}: {known!r}, {fact!r}")
        self._facts[fact.id] = fact
        return fact

    def __getitem__(self, fact_id: str) -> Fact:
        try:
            return self._facts[fact_id]
        except KeyError:
            near = difflib.get_close_matches(fact_id, self._facts, n=3, cutoff=0.5)
            raise UsageError(
                f"There is no fact {fact_id!r}.",
                "Facts are named measure.role.area.period, for example fte.splw.ENG.2022-09.",
                f"Did you mean {', '.join(near)}?" if near else "See facts.json for all ids.",
            ) from None

    def __contains__(self, fact_id: object) -> bool:
        return fact_id in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._facts)

    def to_json(self) -> str:
        """All facts as JSON text, sorted by id: the same facts give the same bytes."""
        ordered = {key: self._facts[key].to_json() for key in sorted(self._facts)}
        return json.dumps(ordered, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Facts:
        """Read what :meth:`to_json` wrote."""
        return cls(Fact.from_json(key, data) for key, data in json.loads(text).items())
