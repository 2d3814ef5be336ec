"""The role vocabulary (``roles.toml``): which words in the extracts mean which role."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import Field

from analysis.columns import DEFAULT_ROLE, ROLE
from analysis.errors import UsageError
from analysis.registers.files import Entry, check_unique, read_register

# The roles of personalised care that are read together: the others stand beside the one that a report is about.
BESIDE = ("hwbc", "cc")
UNKNOWN = "unknown"  # the code of a role that the vocabulary does not know
_CENSUS = r"^\d{4}-(0[1-9]|1[0-2])$"


class Role(Entry):
    """One role: how it is called by us, in the extracts (``raw``) and in the bulletin tables (``bulletin``)."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    plural: str
    short: str = ""
    singular: str
    group: str
    raw: tuple[str, ...] = Field(min_length=1)
    bulletin: tuple[str, ...] = ()
    starts: str = Field(pattern=_CENSUS)
    arrs: bool = False
    expected: bool = False


class RoleGroup(Entry):
    """A total over several roles, with its own code."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    plural: str
    short: str = ""
    singular: str
    roles: tuple[str, ...] | Literal["arrs"]


class _RolesFile(Entry):
    role: tuple[Role, ...]
    group: tuple[RoleGroup, ...] = ()


@dataclass(frozen=True)
class RoleWords:
    """A role or group, and how sentences call it: figure and noun come from the same place.

    Parameters
    ----------
    code
        As in ids and frames: ``splw``.
    name
        As in the bulletin tables: ``Social Prescribing Link Workers``.
    plural
        In a sentence, in full: ``social prescribing link workers``.
    short
        In a sentence, after the first time: ``link workers``.
    singular
        One of them: ``link worker``.
    """

    code: str
    name: str
    plural: str
    short: str
    singular: str

    @property
    def slug(self) -> str:
        """For ids of tables: ``link-workers``."""
        return re.sub(r"[^a-z0-9]+", "-", self.short.lower()).strip("-")

    @property
    def id_part(self) -> str:
        """The code for ids of charts, which have hyphens: ``splw-mh``."""
        return self.code.replace("_", "-")


def at_start(words: str) -> str:
    """``words`` at the start of a sentence: ``Link workers``, ``NHS …``."""
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Roles:
    """The vocabulary in force. ``about`` is the code of the role or group that the report is about."""

    roles: tuple[Role, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, RoleWords] = field(default_factory=dict)
    about: str = DEFAULT_ROLE

    @property
    def focus(self) -> RoleWords:
        """The role that the report is about, in words."""
        return self.words[self.about]

    def with_focus(self, codes: Iterable[str]) -> tuple[str, ...]:
        """``codes`` of the vocabulary, and the role that the report is about where it is not one of them."""
        there = {*self.codes, *self.groups}
        return tuple(code for code in dict.fromkeys((*codes, self.about)) if code in there)

    @cached_property
    def by_code(self) -> dict[str, Role]:
        """Each role by its code."""
        return {role.code: role for role in self.roles}

    @property
    def codes(self) -> list[str]:
        """The codes of the roles, in the order of the register."""
        return list(self.by_code)

    def members(self, code: str) -> tuple[str, ...]:
        """The roles that ``code``, of a role or a group, counts."""
        return self.groups.get(code, (code,))

    def starts(self, code: str) -> str:
        """The first census of a role; of a group, that of its earliest member."""
        return self._starts[code]

    @cached_property
    def _starts(self) -> dict[str, str]:
        return {
            code: min(self.by_code[one].starts for one in self.members(code)) for code in (*self.by_code, *self.groups)
        }

    @cached_property
    def _by_raw(self) -> dict[str, str]:
        return {words: role.code for role in self.roles for words in role.raw}

    @cached_property
    def _by_label(self) -> dict[str, str]:
        return {label: role.code for role in self.roles for label in role.bulletin}

    def with_role(self, workforce: pd.DataFrame) -> pd.DataFrame:
        """``workforce`` with the column ``role`` (category): the code, or ``unknown``. No row is dropped."""
        pairs = workforce[["staff_role", "detailed_staff_role"]].drop_duplicates()
        staff_role = pairs["staff_role"].astype("str").fillna("")
        detailed = pairs["detailed_staff_role"].astype("str").fillna("")
        code = (staff_role + " > " + detailed).map(self._by_raw).fillna(staff_role.map(self._by_raw)).fillna(UNKNOWN)
        lookup = pairs.assign(**{ROLE: pd.Categorical(code, categories=[*self.codes, UNKNOWN])})
        return workforce.merge(lookup, on=["staff_role", "detailed_staff_role"], how="left", validate="many_to_one")

    def with_bulletin_role(self, bulletin: pd.DataFrame) -> pd.DataFrame:
        """``bulletin`` with the column ``role``: the code by row label, ``unknown``, or ``all`` for counts of PCNs."""
        role = bulletin["label"].astype("str").map(self._by_label).fillna(UNKNOWN)
        return bulletin.assign(**{ROLE: role.where(~bulletin["measure"].astype("str").str.startswith("pcns_"), "all")})


def load_roles(path: Path | None = None, *, about: str = DEFAULT_ROLE) -> Roles:
    """Read the vocabulary, checked, for a report about the role or group ``about``.

    Raises
    ------
    RegisterError
        An unknown key, a code or wording used twice, a group with a role that is not there.
    UsageError
        ``about`` is no code of the vocabulary.
    """
    file, content = read_register("roles.toml", _RolesFile, path)
    entries: tuple[Role | RoleGroup, ...] = (*content.role, *content.group)
    check_unique(file, "code", [entry.code for entry in entries])
    check_unique(file, "raw", [words for role in content.role for words in role.raw])
    check_unique(file, "bulletin", [label for role in content.role for label in role.bulletin])
    codes = [role.code for role in content.role]
    groups = {
        group.code: tuple(role.code for role in content.role if role.arrs) if group.roles == "arrs" else group.roles
        for group in content.group
    }
    for code, members in groups.items():
        for member in members:
            if member not in codes:
                raise file.error(f"group {code!r} names a role {member!r} that no [[role]] defines", codes)
    words = {
        entry.code: RoleWords(entry.code, entry.name, entry.plural, entry.short or entry.plural, entry.singular)
        for entry in entries
    }
    if about not in words:
        near = difflib.get_close_matches(about, words, n=1, cutoff=0.5)
        raise UsageError(
            f"There is no role {about!r}.",
            f"A report is about a role or a group of roles of {file.path.name}: {', '.join(words)}.",
            f"Did you mean {near[0]!r}?" if near else "Use one of these codes, or leave the role out for link workers.",
        )
    return Roles(
        roles=content.role,
        groups=groups,
        names={entry.code: entry.name for entry in entries},
        plurals={entry.code: entry.plural for entry in entries},
        words=words,
        about=about,
    )
