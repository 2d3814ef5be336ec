"""The register of breaks (``breaks.toml``): from which census figures are no longer made as before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from analysis.registers.files import Entry, check_unique, read_register
from analysis.registers.roles import Roles, load_roles

Measure = Literal["fte", "fte_staff", "fte_contracted", "headcount", "direct_share_pct"]
Level = Literal["england", "region", "icb", "sub_icb", "pcn"]
MEASURES: tuple[str, ...] = get_args(Measure)


class Break(Entry):
    """One break: ``census`` is the first after it; ``reader`` is the sentence that goes beside figures."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    census: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    kind: Literal["collection", "roles", "geography"]
    measures: tuple[Measure, ...] = Field(min_length=1)
    levels: tuple[Level, ...] = Field(min_length=1)
    roles: tuple[str, ...] = ()
    reader: str = Field(min_length=20)
    source: str = Field(min_length=10)

    def affects(self, measure: str, level: str, members: Iterable[str] = ()) -> bool:
        """Whether it affects a measure at a level, for the total over the roles ``members`` (none given: any role).

        A total is affected when rows may have moved into it or out of it: when it counts some of ``roles``, not all.
        """
        if measure not in self.measures or level not in self.levels:
            return False
        counted = set(members)
        if not self.roles or not counted:
            return True
        return bool(counted & set(self.roles)) and not set(self.roles) <= counted


class _BreaksFile(Entry):
    break_: tuple[Break, ...] = Field(default=(), alias="break")


@dataclass(frozen=True)
class Breaks:
    """The breaks in force, by census."""

    breaks: tuple[Break, ...] = ()

    def breaks_between(
        self, since: str, until: str, measure: str, level: str = "england", members: Iterable[str] = ()
    ) -> tuple[Break, ...]:
        """The breaks that a comparison of ``since`` with ``until`` crosses: after the earlier, not after the later.

        The order of the two censuses does not matter. ``members`` are the roles that the compared total counts
        (``Roles.members``); without them a break in any role counts.
        """
        first, last = sorted((since, until))
        members = tuple(members)
        return tuple(
            entry for entry in self.breaks if first < entry.census <= last and entry.affects(measure, level, members)
        )

    def censuses(self, measure: str, level: str, code: str, roles: Roles) -> tuple[str, ...]:
        """The first censuses after the breaks in the series of a role or group, in order.

        Those are the breaks of the register that concern it, and each census from which the group counts a role that
        began later than others of it. Where the register has a break of such a role at that census, the register
        decides: both link worker roles together run on over April 2023.
        """
        members = roles.members(code)
        registered = {(entry.census, role) for entry in self.breaks for role in entry.roles}
        begun = {(roles.starts(member), member) for member in members if roles.starts(member) > roles.starts(code)}
        of_register = {entry.census for entry in self.breaks if entry.affects(measure, level, members)}
        return tuple(sorted(of_register | {census for census, _ in begun - registered}))

    def geography(self, level: str) -> tuple[Break, ...]:
        """The breaks in the areas of a level."""
        return tuple(entry for entry in self.breaks if entry.kind == "geography" and level in entry.levels)


def load_breaks(path: Path | None = None, roles: Roles | None = None) -> Breaks:
    """Read the register of breaks, checked and in order of time.

    Raises
    ------
    RegisterError
        An unknown key, kind, measure, level or role; an id twice; roles given for a break of another kind, or none for
        a break in roles.
    """
    file, content = read_register("breaks.toml", _BreaksFile, path)
    check_unique(file, "id", [entry.id for entry in content.break_])
    codes = (roles or load_roles()).codes
    for entry in content.break_:
        if (entry.kind == "roles") != bool(entry.roles):
            raise file.error(f"break {entry.id!r} is of kind {entry.kind!r}: roles belong to the kind 'roles' alone")
        for role in entry.roles:
            if role not in codes:
                raise file.error(f"break {entry.id!r} names a role {role!r} that roles.toml does not define", codes)
    return Breaks(tuple(sorted(content.break_, key=lambda entry: (entry.census, entry.id))))
