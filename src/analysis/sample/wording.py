"""What the extracts call a role, in both columns, and how that changed over time."""

from __future__ import annotations

from analysis.registers.roles import Role

DIRECTORS_RENAMED = "2022-09"  # NHS Digital renamed the clinical directors in the September 2022 extract
OTHERS_RENAMED = "2023-01"  # after the extracts held: the newer wording of any other role is used from here
# DETAILED_STAFF_ROLE where it is not the singular of STAFF_ROLE
DETAILED: dict[str, tuple[str, ...]] = {
    "clinical_director_dpc": ("Clinical Director – DPC",),
    "clinical_director_nurse": ("Clinical Director – Nurse",),
    "medical_clinical_director": ("Clinical Director – Medical",),
    "non_clinical_director": ("Other Director", "Finance Director"),
    "manager": ("Manager", "Senior Manager"),
    "other_admin": ("Other",),
    "other_dpc": ("Other",),
    "therapist": ("Therapist- Occupational Therapist", "Therapist- Other"),
}


def staff_role(role: Role, census: str) -> str:
    """The STAFF_ROLE of a role at a census."""
    renamed = DIRECTORS_RENAMED if role.group == "Directors" else OTHERS_RENAMED
    wording = role.raw[0 if census < renamed else -1]
    return wording.partition(" > ")[0]


def detailed_roles(role: Role, census: str) -> tuple[str, ...]:
    """The one or two DETAILED_STAFF_ROLEs of a role at a census, the commoner first."""
    return DETAILED.get(role.code, (singular(staff_role(role, census)),))


def singular(plural: str) -> str:
    """``singular("Health and Wellbeing Coaches")`` is ``"Health and Wellbeing Coach"``; a suffix in brackets stays."""
    words, bracket, rest = plural.partition(" (")
    for ending, instead in (("ies", "y"), ("ches", "ch"), ("s", "")):
        if words.endswith(ending):
            words = words.removesuffix(ending) + instead
            break
    return words + bracket + rest
