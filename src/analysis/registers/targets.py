"""The register of targets (``targets.toml``): what was promised, by whom, and every way it can be read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import Field

from analysis.periods import census_date
from analysis.registers.files import Entry, RegisterFile, check_unique, read_register
from analysis.registers.roles import Roles, load_roles

Measure = Literal["fte", "fte_staff", "headcount"]
DateReading = Literal["on_or_before", "after", "between"]
_CENSUS = r"^\d{4}-(0[1-9]|1[0-2])$"


class Baseline(Entry):
    """A census that an increase can be counted from."""

    census: str = Field(pattern=_CENSUS)
    reason: str


class Readings(Entry):
    """The choices whose combinations, with the baselines, are the readings of a target."""

    measures: tuple[Measure, ...] = Field(min_length=1)
    roles: tuple[str, ...] = Field(min_length=1)
    dates: tuple[DateReading, ...] = Field(min_length=1)


class MainReading(Entry):
    """The reading that the headline uses, with the reason."""

    measure: Measure
    role: str
    date: DateReading
    baseline: str | None = None
    reason: str = Field(min_length=20)


class Claim(Entry):
    """What somebody in office said of the target."""

    date: dt.date
    by: str
    words: str
    source: str


class Part(Entry):
    """What is promised for one date: the number, the date, and how both can be read.

    A target is such a part itself, its first. ``value`` is the number promised; a ``rise`` has none, since it promises
    more than at its baseline, by any amount. ``brief`` is the promise in a few plain words, for the first screen.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    short: str
    kind: Literal["stock", "increase", "rise"]
    role: str
    value: int | None = Field(default=None, gt=0)
    deadline: dt.date
    promise: str
    brief: str = ""
    vague: tuple[str, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    readings: Readings
    main: MainReading
    claims: tuple[Claim, ...] = ()

    @property
    def increase(self) -> bool:
        """Whether it is a change since a baseline that is judged, not a number in place."""
        return self.kind != "stock"

    @property
    def rise(self) -> bool:
        """Whether any growth since the baseline is enough."""
        return self.kind == "rise"


class Target(Part):
    """One target: wording and source verbatim, its first part, and the further ``parts`` of the same wording.

    ``part_of`` is the id of the target where this is a further part of it, else empty. ``beside`` has the roles whose
    reports show it, too, though it counts none of them.
    """

    announced: dt.date
    wording: str
    source: str
    link: str = Field(default="", pattern=r"^(https://.*)?$")
    shown: bool = True
    beside: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    part_of: str = ""

    def is_of(self, roles: Roles) -> bool:
        """Whether a report about ``roles.about`` shows it: it counts that role, or all its members, or is beside it."""
        if roles.about in {self.role, *self.readings.roles, *self.beside}:
            return True
        return set(roles.members(roles.about)) <= set(roles.members(self.role))

    def further_parts(self) -> tuple[Target, ...]:
        """The further parts as targets, each with the wording and source of the whole."""
        whole = {
            **{name: getattr(self, name) for name in ("announced", "wording", "source", "link", "shown", "beside")},
            "part_of": self.id,
        }
        return tuple(
            Target(**whole, **{name: getattr(part, name) for name in Part.model_fields}) for part in self.parts
        )


class _TargetsFile(Entry):
    target: tuple[Target, ...] = Field(min_length=1)


def load_targets(path: Path | None = None, roles: Roles | None = None) -> tuple[Target, ...]:
    """Read the register of targets, checked; the further parts of a target follow it, as targets of their own.

    ``shown`` is false of those that a report about ``roles.about`` does not show.

    Raises
    ------
    RegisterError
        An unknown key, value or role; a baseline that is missing or too many for the kind; a number missing, or one
        given for a rise; a deadline before the announcement; a main reading that is none of the readings.
    """
    file, content = read_register("targets.toml", _TargetsFile, path)
    roles = roles or load_roles()
    for target in content.target:
        if target.part_of:
            raise file.error(f"target {target.id!r} has part_of; write it under its target, as [[target.parts]]")
    targets = tuple(every for target in content.target for every in (target, *target.further_parts()))
    check_unique(file, "id", [target.id for target in targets])
    for target in targets:
        _check(file, target, [*roles.codes, *roles.groups])
    shown = {target.id for target in content.target if target.shown and target.is_of(roles)}
    return tuple(target.model_copy(update={"shown": (target.part_of or target.id) in shown}) for target in targets)


def announced_by(targets: tuple[Target, ...], period: str) -> tuple[Target, ...]:
    """Give the targets to show in a report for ``period``: those announced by then, without later claims about them."""
    end = census_date(period)
    return tuple(
        target.model_copy(update={"claims": tuple(claim for claim in target.claims if claim.date <= end)})
        for target in targets
        if target.shown and target.announced <= end
    )


def _check(file: RegisterFile, target: Target, role_codes: list[str]) -> None:
    named = f"target {target.id!r}"
    for role in (target.role, target.main.role, *target.readings.roles, *target.beside):
        if role not in role_codes:
            raise file.error(f"{named} names a role {role!r} that roles.toml does not define", role_codes)
    if target.promise not in target.wording:
        raise file.error(f"{named} has a promise that does not stand word for word in its wording")
    if target.deadline < target.announced:
        raise file.error(f"{named} has a deadline before its announcement")
    if target.rise != (target.value is None):
        raise file.error(
            f"{named} has " + ("a value, and is a rise, which promises none" if target.rise else "no value")
        )
    censuses = _checked_baselines(file, target)
    if target.brief and target.value is not None and f"{target.value:,}" not in target.brief:
        raise file.error(f"{named} has a brief that does not hold the number promised, {target.value:,}")
    allowed = {
        "measure": target.readings.measures,
        "role": target.readings.roles,
        "date": target.readings.dates,
        "baseline": tuple(censuses) or (None,),
    }
    for choice, values in allowed.items():
        if getattr(target.main, choice) not in values:
            raise file.error(
                f"the main reading of {named} has {choice} {getattr(target.main, choice)!r}, which its readings lack",
                [str(value) for value in values],
            )


def _checked_baselines(file: RegisterFile, target: Target) -> list[str]:
    named = f"target {target.id!r}"
    censuses = [baseline.census for baseline in target.baselines]
    check_unique(file, f"baseline of {named}", censuses)
    if target.increase and not censuses:
        raise file.error(f"{named} is counted from a baseline, being of kind {target.kind!r}, and has no baselines")
    if not target.increase and censuses:
        raise file.error(f"{named} is a stock and has baselines")
    for census in censuses:
        if census_date(census) >= target.deadline:
            raise file.error(f"{named} has a baseline {census} that is not before its deadline")
    return censuses
