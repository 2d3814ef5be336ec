"""A fact as a text uses it: what is printed, what it can be asked for, and a clear word where there is no figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from analysis.errors import UsageError
from analysis.facts.fact import Fact, Status
from analysis.facts.names import derived, nearest
from analysis.periods import SPANS, parse_census, shift

_AGO = {f"{span}_ago": months for span, months in SPANS.items()}
# What a fact can be asked for, besides the figures that are made of it (analysis.facts.names.derived).
OWN = ("value", "unit", "period", "census", "estimated", "after_break", "latest", *_AGO)
_LONGEST_LOOK_BACK = 120  # months: longer ago, the latest figure known says nothing of now


@dataclass(frozen=True)
class FactInText:
    """A figure by its id, whether the data have it or not.

    ``{% if fte.year_ago %}`` asks whether there is one; printing one that is not there is an error. ``.value`` is the
    unrounded number for comparisons. ``.year_ago``, ``.quarter_ago`` and ``.month_ago`` are the same figure earlier,
    ``.latest`` the one at the latest census that has one, ``.change_year`` and the like the figures that are made of it.
    """

    id: str
    fact: Fact | None = field(repr=False)
    _facts: Mapping[str, Fact] = field(repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.fact is not None and self.fact.value is not None

    @property
    def value(self) -> float:
        """The unrounded number.

        Raises
        ------
        UsageError
            There is none.
        """
        return self._known().value  # type: ignore[return-value]  # a known fact has one

    @property
    def unit(self) -> str:
        """Its unit, such as ``FTE``."""
        return self._known().unit

    @property
    def period(self) -> str:
        """The census that it is of."""
        return self._known().period

    census = period

    @property
    def estimated(self) -> bool:
        """Whether it is an estimate."""
        return self._known().status is Status.ESTIMATED

    @property
    def after_break(self) -> bool:
        """Whether it is across a break in the series."""
        return self._known().status is Status.BREAK

    def __html__(self) -> str:
        return Markup(self._known().__html__())  # noqa: S704 - a fact escapes what it holds

    def __str__(self) -> str:
        return self._known().text

    def __getattr__(self, name: str) -> FactInText:
        if name in _AGO:
            return in_text(self._earlier(_AGO[name]), self._facts)
        if name in derived():
            return in_text(f"{name}.{self.id}", self._facts)
        if name.startswith("_"):
            raise AttributeError(name)
        raise UsageError(
            f"The figure {self.id} has no {name!r}{nearest(name, [*OWN, *derived()])}.",
            "A text can ask a figure for its value and for the figures that are made of it.",
            f"It has {', '.join(OWN)}, and figures such as change_year, change_quarter_pct and peak.",
        )

    @property
    def latest(self) -> FactInText:
        """The same figure at the latest census that has one, up to this one."""
        earlier = (in_text(self._earlier(months), self._facts) for months in range(_LONGEST_LOOK_BACK + 1))
        return next((found for found in earlier if found), self)

    def _earlier(self, months: int) -> str:
        *parts, census = self.id.split(".")
        return ".".join((*parts, shift(parse_census(census), -months)))

    def _known(self) -> Fact:
        if not self or self.fact is None:
            raise UsageError(
                f"There is no figure {self.id}.",
                "A text must not print a figure that the data of this period lack.",
                "Put {% if … %} … {% endif %} around what depends on it, and say after {% else %} what holds without it.",
            )
        return self.fact


def in_text(fact_id: str, facts: Mapping[str, Fact]) -> FactInText:
    """The figure of that id; one that the data lack is asked for before it is printed."""
    return FactInText(fact_id, facts[fact_id] if fact_id in facts else None, facts)  # noqa: SIM401 - Facts.get names the nearest ids
