"""The names that a text may use: figures of the report's role at its census, any fact by id, the role, the targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.errors import UsageError
from analysis.facts.fact import Fact
from analysis.facts.names import derived, fault_of, short_names
from analysis.markup.marks import dated
from analysis.markup.text import fill
from analysis.report.text.fact_in_text import OWN, FactInText, in_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from analysis.facts.analysis import Analysis
    from analysis.markup.prose import Prose
    from analysis.registers.roles import Roles, RoleWords


@dataclass(frozen=True)
class RoleInText:
    """How a text calls a role. Number and noun come from one place, the register of roles.

    Parameters
    ----------
    code
        As in ids: ``splw``.
    plural
        In full: ``social prescribing link workers``.
    short
        After the first time: ``link workers``.
    singular
        One of them: ``link worker``.
    name
        As in the bulletin tables.
    """

    code: str
    plural: Markup
    short: Markup
    singular: Markup
    name: Markup

    @classmethod
    def of(cls, words: RoleWords) -> RoleInText:
        """A role of the register."""
        shown = {item.name: dated(getattr(words, item.name)) for item in fields(cls) if item.name != "code"}
        return cls(words.code, **shown)


@dataclass(frozen=True)
class FactsInText:
    """Any fact by id: ``{{ facts["fte.cc.QHM.2022-09"] }}``. A name that cannot be right is refused."""

    _facts: Mapping[str, Fact]
    _roles: Roles

    def __getitem__(self, fact_id: str) -> FactInText:
        found = in_text(fact_id, self._facts)
        if found.fact is None and (fault := fault_of(fact_id, self._roles)):
            raise UsageError(
                f"There is no fact {fact_id!r}: {fault}.",
                "Facts are named measure.role.area.period, for example fte.splw.ENG.2022-09.",
                "Correct the id. Tab lists the ids after `report.facts[` in a code cell.",
            )
        return found

    def __contains__(self, fact_id: object) -> bool:
        return bool(in_text(str(fact_id), self._facts))


class TextNames(Mapping[str, object]):
    """The names of a report's text. Each value is made when it is asked for."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    def __getitem__(self, name: str) -> object:
        if name in short_names():
            return self._figure(name)
        if name in NAMES:
            return NAMES[name](self._analysis)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(all_names())

    def __len__(self) -> int:
        return len(all_names())

    def __contains__(self, name: object) -> bool:
        return name in short_names() or name in NAMES

    def __call__(self, source: str, **further: object) -> Prose:
        """Fill a text in, as a cell ``%%text`` does: ``report.text("There are {{ fte }} FTE.")``."""
        return fill(source, NamesInCell(self, further, self._analysis.facts))

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name not in self:
            raise AttributeError(name)
        return self[name]

    def __dir__(self) -> list[str]:
        """What Tab offers after ``report.text.``: the names of a text."""
        return all_names()

    def _figure(self, name: str) -> FactInText:
        analysis = self._analysis
        of_role = short_names()[name].startswith("role")
        parts = (name, *([analysis.role] if of_role else []), ENGLAND, analysis.period)
        return in_text(".".join(parts), analysis.facts)


class NamesInCell(Mapping[str, object]):
    """The names of a report, and after them what the notebook's own cells have defined."""

    def __init__(self, names: Mapping[str, object], defined: Mapping[str, object], facts: Mapping[str, Fact]) -> None:
        self._names, self._defined, self._facts = names, defined, facts

    def __getitem__(self, name: str) -> object:
        own = self._defined.get(name)
        if name not in self._names:
            own = self._defined[name]
            return FactInText(own.id, own, self._facts) if isinstance(own, Fact) else own
        if isinstance(own, Fact):
            raise UsageError(
                f"{name!r} is a figure of the report and a figure that a cell of this notebook defines.",
                "A name with two meanings would show one of them without a word.",
                f"Give your own figure another name, such as my_{name}.",
            )
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._names), **dict.fromkeys(self._defined)})

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, name: object) -> bool:
        return name in self._names or name in self._defined


def all_names() -> list[str]:
    """Every name that a text may use, the most general first."""
    return [*NAMES, *short_names()]


# Name: what it is, of an analysis. A docstring of the notebooks' README lists them; a test holds the list to this one.
NAMES: dict[str, Callable[[Analysis], object]] = {
    "period": lambda analysis: analysis.period,
    "role": lambda analysis: RoleInText.of(analysis.roles.focus),
    "roles": lambda analysis: {code: RoleInText.of(words) for code, words in analysis.roles.words.items()},
    "facts": lambda analysis: FactsInText(analysis.facts, analysis.roles),
    "rate_base": lambda analysis: in_text("constant.rate_base", analysis.facts),
    "hours_per_fte": lambda analysis: in_text("constant.hours_per_fte", analysis.facts),
    "censuses": lambda analysis: analysis.censuses,
    "area_censuses": lambda analysis: analysis.area_censuses,
    "national_only": lambda analysis: analysis.national_only,
    "from_register": lambda analysis: analysis.catalogue.from_register,
    "synthetic": lambda analysis: analysis.synthetic,
}

# What can be asked of a name, where that is known before there are data.
_ATTRIBUTES = {
    "role": tuple(item.name for item in fields(RoleInText)),
    **dict.fromkeys(short_names(), (*OWN, *derived())),
}


def attributes_of(name: str) -> tuple[str, ...]:
    """What a text can ask of a name after a dot; empty where it depends on the data."""
    return _ATTRIBUTES.get(name, ())
