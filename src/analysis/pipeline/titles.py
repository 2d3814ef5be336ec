"""How a report about a role is called."""

from __future__ import annotations

from analysis.registers.roles import RoleWords, at_start, load_roles

DESCRIPTION = "Full-time equivalents, headcount and coverage in Primary Care Networks, and the targets announced."


def words_of(role: str) -> RoleWords:
    """How a role or group is called; one that the register no longer has, by its code."""
    return load_roles().words.get(role, RoleWords(role, role, role, role, role))


def title_of(role: str) -> str:
    """The title of a report about ``role``."""
    return f"{at_start(words_of(role).plural)} in England"
