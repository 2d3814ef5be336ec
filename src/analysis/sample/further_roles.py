"""Roles that the extracts have and the vocabulary lacks: the sample has the largest, so that a report meets some."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.registers.roles import Role, Roles, load_roles

TOTALS = Path(__file__).parent / "further_roles.csv"
PATIENT_CARE, NURSES, OFFICE = "Other Direct Patient Care staff", "Other Nurses", "Other Admin/Non-clinical staff"
MENTAL_HEALTH, NOT_MENTAL_HEALTH = "(Mental Health Practitioners)", "(Non-Mental Health Practitioners)"


def _role(code: str, group: str, raw: str, bulletin: str, starts: str) -> Role:
    return Role(
        code=code,
        name=bulletin,
        plural=raw.lower(),
        singular=raw.lower().removesuffix("s"),
        group=group,
        raw=(raw,),
        bulletin=(bulletin,),
        starts=starts,
    )


_NURSES, _PRACTITIONERS = "Community Mental Health Nurses", "Mental Health and Wellbeing Practitioners"
FURTHER_ROLES = (
    _role("gp_assistant", PATIENT_CARE, "General Practice Assistants", "General Practice Assistant", "2023-04"),
    _role("wellbeing", PATIENT_CARE, _PRACTITIONERS, f"{_PRACTITIONERS} {NOT_MENTAL_HEALTH}", "2023-04"),
    _role("wellbeing_mh", PATIENT_CARE, *2 * (f"{_PRACTITIONERS} {MENTAL_HEALTH}",), "2023-04"),
    _role("community_nurse", NURSES, _NURSES, f"{_NURSES} {NOT_MENTAL_HEALTH}", "2023-04"),
    _role("community_nurse_mh", NURSES, *2 * (f"{_NURSES} {MENTAL_HEALTH}",), "2023-04"),
    _role("enhanced_nurse", NURSES, "Enhanced Practice Nurses", "Enhanced Practice Nurse", "2025-01"),
    _role("digital_lead", OFFICE, *2 * ("Digital and Transformation Leads",), "2023-11"),
)


def roles_of_sample() -> Roles:
    """The vocabulary, and of `FURTHER_ROLES` those whose words it does not know."""
    vocabulary = load_roles()
    known = {words for role in vocabulary.roles for words in role.raw}
    further = tuple(role for role in FURTHER_ROLES if not known & set(role.raw) and role.code not in vocabulary.by_code)
    return replace(vocabulary, roles=vocabulary.roles + further)


def load_further_totals() -> pd.DataFrame:
    """The published totals of `FURTHER_ROLES`: ``measure, census, role, data_source, value``, as `load_published`.

    Source: bulletin tables 1a and 1b, Primary Care Network Workforce, NHS England, November 2025 (Open Government
    Licence v3.0).
    """
    return pd.read_csv(TOTALS, dtype={"value": "float64"}).assign(data_source="all")
