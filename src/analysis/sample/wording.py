"""What the extracts call a role, in both columns, and how that changed over time."""

from __future__ import annotations

from analysis.registers.roles import Role

DIRECTORS_RENAMED = "2022-09"  # NHS Digital renamed the clinical directors in the September 2022 extract
# A role that was renamed between the extracts of December 2022 and June 2026 that are held; when, is not known.
OTHERS_RENAMED = {"health_support_worker": "2023-01"}
MENTAL_HEALTH = " (Mental Health Practitioners)"  # the detailed roles say of whom
# DETAILED_STAFF_ROLE where it is not the singular of STAFF_ROLE
DETAILED: dict[str, tuple[str, ...]] = {
    "clinical_director_dpc": ("Clinical Director – DPC",),
    "clinical_director_nurse": ("Clinical Director – Nurse",),
    "medical_clinical_director": ("Clinical Director – Medical",),
    "non_clinical_director": ("Other Director", "Finance Director"),
    "manager": ("Manager", "Senior Manager"),
    "other_admin": ("Other",),
    "other_dpc": ("Other",),
    "other_nurse": ("Other",),
    "salaried_gp": ("Salaried By PCN", "Salaried By Practice"),
    "therapist": ("Therapist- Occupational Therapist", "Therapist- Other"),
}


def staff_role(role: Role, census: str) -> str:
    """The STAFF_ROLE of a role at a census."""
    renamed = DIRECTORS_RENAMED if role.group == "Directors" else OTHERS_RENAMED.get(role.code)
    wording = role.raw[-1 if renamed and census >= renamed else 0]
    return wording.partition(" > ")[0]


def detailed_roles(role: Role, census: str) -> tuple[str, ...]:
    """The one or two DETAILED_STAFF_ROLEs of a role at a census, the commoner first."""
    words = staff_role(role, census)
    if words.endswith(MENTAL_HEALTH):
        plain = singular(words.removesuffix(MENTAL_HEALTH))
        return tuple(f"{plain} (Mental Health Practitioner - {who})" for who in ("Adult", "Children and Young People"))
    return DETAILED.get(role.code, (singular(words),))


def singular(plural: str) -> str:
    """``singular("Health and Wellbeing Coaches")`` is ``"Health and Wellbeing Coach"``; a suffix in brackets stays."""
    words, bracket, rest = plural.partition(" (")
    for ending, instead in (("ies", "y"), ("ches", "ch"), ("s", "")):
        if words.endswith(ending):
            words = words.removesuffix(ending) + instead
            break
    return words + bracket + rest
