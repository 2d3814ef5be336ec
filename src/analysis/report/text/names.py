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
from analysis.periods import SPANS, shift
from analysis.registers.roles import BESIDE
from analysis.report.text import areas, breaks, change, checks, coverage, lists, people, trend
from analysis.report.text.fact_in_text import OWN, FactInText, in_text
from analysis.report.text.target_in_text import drawn, targets_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from analysis.markup.prose import Prose
    from analysis.registers.roles import Roles, RoleWords
    from analysis.report.report import Report


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


class ChartsInText:
    """The charts of a report, each drawn: ``{{ charts.coverage }}`` on a line of its own."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __getattr__(self, name: str) -> object:
        return drawn(getattr(self._report.charts, name))


class TextNames(Mapping[str, object]):
    """The names of a report's text. Each value is made when it is asked for."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __getitem__(self, name: str) -> object:
        if name in NAMES:
            return NAMES[name](self._report)
        if name in short_names():
            return self._figure(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(all_names())

    def __len__(self) -> int:
        return len(all_names())

    def __contains__(self, name: object) -> bool:
        return name in short_names() or name in NAMES

    def __call__(self, source: str, **further: object) -> Prose:
        """Fill a text in, as a cell ``%%text`` does: ``report.text("There are {{ fte }} FTE.")``."""
        return fill(source, NamesInCell(self, further, self._report.facts))

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name not in self:
            raise AttributeError(name)
        return self[name]

    def __dir__(self) -> list[str]:
        """What Tab offers after ``report.text.``: the names of a text."""
        return all_names()

    def _figure(self, name: str) -> FactInText:
        report = self._report
        of_role = short_names()[name].startswith("role")
        parts = (name, *([report.role] if of_role else []), ENGLAND, report.period)
        return in_text(".".join(parts), report.facts)


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
                "Only one of the two would be shown, and no reader would know which.",
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


def roles_beside(report: Report) -> list[RoleInText]:
    """The roles that are set beside the one that the report is about: none that it counts itself, none to come."""
    own = set(report.roles.members(report.role))
    begun = [code for code in BESIDE if report.roles.starts(code) <= report.period]
    codes = [code for code in begun if not own & set(report.roles.members(code))]
    return [RoleInText.of(report.roles.words[code]) for code in codes]


# How a text calls what is no figure of the report's role at its census. notebooks/README.md lists these names.
NAMES: dict[str, Callable[[Report], object]] = {
    # the report
    "period": lambda report: report.period,
    "quarter_ago": lambda report: shift(report.period, -SPANS["quarter"]),
    "year_ago": lambda report: shift(report.period, -SPANS["year"]),
    "first_census": lambda report: report.censuses[0],
    "census_before": trend.census_before,
    "area_censuses": lambda report: report.area_censuses,
    "national_only": lambda report: report.national_only,
    "from_register": lambda report: report.catalogue.from_register,
    "synthetic": lambda report: report.synthetic,
    "patients_counted": lambda report: any(entry.kind == "patients" for entry in report.catalogue.inputs),
    # what it is about
    "role": lambda report: RoleInText.of(report.roles.focus),
    "roles": lambda report: {code: RoleInText.of(words) for code, words in report.roles.words.items()},
    "roles_beside": roles_beside,
    # figures
    "facts": lambda report: FactsInText(report.facts, report.roles),
    "rate_base": lambda report: in_text("constant.rate_base", report.facts),
    "hours_per_fte": lambda report: in_text("constant.hours_per_fte", report.facts),
    # findings: sentences whose words depend on the figures
    "changes": trend.changes,
    "highest": trend.highest,
    "usual": trend.usual,
    "targets": targets_of,
    "decomposition": change.decomposition,
    "expected_basis": coverage.expected_basis,
    "unreported_networks": coverage.unreported_networks,
    "reporting_shares": coverage.reporting_shares,
    "reporting_share": coverage.reporting_share,
    "entrants": coverage.entrants,
    "area_growth": areas.area_growth,
    "gender_census": people.gender_census,
    "unknown_gender": people.unknown_gender,
    "list_date": lists.list_date,
    "list_side": lists.list_side,
    "distribution_list_date": lists.distribution_list_date,
    "practice_map_date": lists.practice_map_date,
    "deprivation_year": lists.deprivation_year,
    "checks": checks.checks,
    "last_published": checks.last_published,
    "experimental": checks.experimental,
    "breaks": breaks.breaks,
    "unknown_roles": breaks.unknown_roles,
    # charts and tables, each on a line of its own
    "charts": ChartsInText,
    "tables": lambda report: report.tables,
}

# What can be asked of a name, where that is known before there are data.
_ATTRIBUTES = {
    "role": tuple(item.name for item in fields(RoleInText)),
    **dict.fromkeys(short_names(), (*OWN, *derived())),
}


def attributes_of(name: str) -> tuple[str, ...]:
    """What a text can ask of a name after a dot; empty where it depends on the data."""
    return _ATTRIBUTES.get(name, ())
