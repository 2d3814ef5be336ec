"""What all makers of facts share: how a figure becomes a fact, and which rows of which inputs it came from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.columns import CONTRACTED, ENGLAND, STAFF
from analysis.facts.fact import Fact, Origin, Source, Status, as_text
from analysis.facts.row_counts import RowCounts
from analysis.periods import month_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.facts.frames import Row
    from analysis.registers.measures import MeasureDefinition
    from analysis.registers.roles import Roles

EXACT = "a count: not rounded"
WHOLE = "printed as a whole number, half away from zero; held unrounded"
ONE_PLACE = "printed to one decimal, half away from zero; held unrounded"
_ROUNDING = (
    WHOLE,
    ONE_PLACE,
    "printed to two decimals, half away from zero; held unrounded",
    "printed to three decimals, half away from zero; held unrounded",
)
ALL = "all"
# Which rows a measure counts: by data source.
DATA_SOURCE = {"fte_staff": STAFF, "headcount": STAFF, "fte_contracted": CONTRACTED}

_COUNTED_UNITS = {
    "people",
    "days",
    "PCNs",
    "checks",
    "readings",
    "patients",
    "figures",
    "months",
    "changes",
    "in no stated unit",
}
_STATUS = {status.shorthand: status for status in Status if status.shorthand}


@dataclass(frozen=True)
class Register:
    """The register of published totals as a source: its file, and the edition that each census was taken from."""

    name: str
    sha256: str
    editions: Mapping[str, str]


@dataclass(frozen=True)
class Inputs:
    """The inputs a fact can name, and how many of their rows it counts.

    Parameters
    ----------
    workforce
        File name and sha256 of the individual-level extract of each census.
    bulletin
        File name and sha256 of the workbook that each census is taken from.
    register
        The register of published totals, ``published.csv``.
    patients
        The lists of registered patients that serve each census.
    rows
        How many rows of the extracts each figure counts.
    deprivation
        File names and sha256 of the maps of practices and of their deprivation scores, their month or year, and rows.
    """

    workforce: Mapping[str, tuple[str, str]]
    bulletin: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    register: Register = field(default_factory=lambda: Register("", "", {}))
    patients: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    rows: RowCounts = field(default_factory=RowCounts, repr=False)
    deprivation: tuple[tuple[str, str, str, int], ...] = ()

    def of(
        self, censuses: Iterable[str], *, role: str = ALL, area: str = ENGLAND, measure: str = "fte", cells: int = 1
    ) -> tuple[Source, ...]:
        """The sources of a figure: for each census its extract, or where there is none ``cells`` published figures."""
        source = DATA_SOURCE.get(measure, ALL)
        found: list[Source] = []
        for census in dict.fromkeys(censuses):
            if census in self.workforce:
                file, sha256 = self.workforce[census]
                found.append(Source(file, sha256, census, self.rows.of(census, area, role, source)))
            else:
                found.extend(self.of_published(census, cells))
        return tuple(found)

    def of_published(self, census: str, cells: int = 1) -> tuple[Source, ...]:
        """What a published figure was read from: the workbook that has the census, else the register of the package.

        ``cells`` is 1 for a figure that is one cell of a table, and more where several were added up.
        """
        if census in self.bulletin:
            file, sha256 = self.bulletin[census]
            return (Source(file, sha256, census, cells),)
        if census in self.register.editions:
            return (Source(self.register.name, self.register.sha256, census, cells),)
        return ()

    def as_published(self, census: str) -> str:
        """Where a published figure of ``census`` stands, in words."""
        edition = self.register.editions.get(census)
        if census in self.bulletin or edition is None:
            return "as published in the bulletin tables"
        return (
            f"as published in the bulletin tables of {month_label(edition)}, from the register of published totals, "
            f"{self.register.name}"
        )

    def of_bound(self, bound: str, censuses: Iterable[str]) -> tuple[Source, ...]:
        """What a figure rests on beside its own rows when it is scaled up: active PCNs, or lists of patients."""
        of_census = {"grossed_pcns": self.of_published, "grossed_patients": self.of_patients}.get(bound)
        return tuple(
            source for census in dict.fromkeys(censuses) for source in (of_census(census) if of_census else ())
        )

    def of_patients(self, census: str) -> tuple[Source, ...]:
        """The list of registered patients that a rate at ``census`` rests on."""
        return self.patients.get(census, ())

    def of_expected(self, census: str, basis: str) -> tuple[Source, ...]:
        """What tells how many PCNs could have reported at ``census``, beside the extracts themselves."""
        if basis == "published_before":
            earlier = [there for there in {*self.bulletin, *self.register.editions} if there < census]
            return self.of_published(max(earlier)) if earlier else ()
        return {"published": self.of_published, "list": self.of_patients}.get(basis, lambda _: ())(census)


def sources_of(measure: MeasureDefinition, row: Row, roles: Roles, inputs: Inputs) -> tuple[Source, ...]:
    """What the figure of ``measure`` in a row of its frame was counted from, each input once."""
    censuses = [str(row[name]) for name in measure.censuses if isinstance(row[name], str)]
    role, area, census = str(row.get("role", ALL)), str(row["area_code"]), str(row["census"])
    cells = len(begun_members(role, census, roles)) if role != ALL else 1
    of_row = {"staff": "fte_staff", "contracted": "fte_contracted"}
    found: list[Source] = []
    for source in measure.sources:
        kind, _, which = source.partition(":")
        if kind == "rows" and which == "any":
            found.extend(inputs.of(censuses, area=area))
        elif kind == "rows":
            counted = of_row.get(which, str(row.get("measure", "fte")))
            found.extend(inputs.of(censuses, role=role, area=area, measure=counted, cells=cells))
        elif kind == "published":
            found.extend(inputs.of_published(census, 1 if which == "pcns" else cells * int(which or 1)))
        elif kind == "lists":
            found.extend(listed for at in censuses for listed in inputs.of_patients(at))
        elif kind == "expected":
            found.extend(inputs.of_expected(census, str(row["pcns_expected_basis"])) or inputs.of([census], area=area))
        else:
            found.extend(Source(*entry) for entry in inputs.deprivation)
    return tuple(dict.fromkeys(found))


def begun_members(role: str, census: str, roles: Roles) -> tuple[str, ...]:
    """The roles that a role or group counts, of those that there were at the census: the others are in no table."""
    return tuple(member for member in roles.members(role) if roles.starts(member) <= census)


def status_of(note: object, *, missing: bool) -> Status:
    """The status of a figure by its shorthand; a missing figure without one is not available."""
    if isinstance(note, str) and note in _STATUS:
        return _STATUS[note]
    return Status.NOT_AVAILABLE if missing else Status.REPORTED


def rounding_of(unit: str, value: float | None, decimals: int) -> str:
    """How a figure is printed, in words."""
    whole = value is None or math.isnan(value) or float(value).is_integer()
    return EXACT if unit in _COUNTED_UNITS and whole else _ROUNDING[decimals]


def make_fact(
    fact_id: str,
    value: float | None,
    unit: str,
    period: str,
    origin: Origin,
    *,
    note: object = "",
    decimals: int = 0,
    signed: bool = False,
) -> Fact:
    """Make one fact; a missing value is printed as its shorthand."""
    if value is None or math.isnan(value):
        status = status_of(note, missing=True)
        return Fact(fact_id, None, unit, period, status.shorthand or "[x]", status, origin)
    number = int(value) if unit in _COUNTED_UNITS and float(value).is_integer() else float(value)
    text = as_text(number, decimals, signed=signed) + ("%" if unit == "%" else "")
    return Fact(fact_id, number, unit, period, text, status_of(note, missing=False), origin)


def count(fact_id: str, number: int, unit: str, meaning: str, period: str) -> Fact:
    """Make a fact of something counted by this report itself."""
    return make_fact(fact_id, number, unit, period, Origin(meaning, "a count", EXACT))
