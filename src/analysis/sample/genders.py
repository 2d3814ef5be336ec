"""Staff by gender, for the tables of the bulletin: no extract holds it, so it is drawn for the roles as a whole."""

from __future__ import annotations

import numpy as np

from analysis.columns import CONTRACTED, STAFF
from analysis.registers.roles import Role
from analysis.sample.draws import uniforms_at
from analysis.sample.hours import staff_fte
from analysis.sample.totals import Totals

MALE, FEMALE, UNKNOWN = "male", "female", "unknown"
# Share of men among staff, about as in the published tables of 2022 to 2025. Of link workers 12% are men.
MEN_SHARE = {"Directors": 0.64, "Other GPs": 0.42, "Other Nurses": 0.02, "Other Direct Patient Care staff": 0.17}
MEN_SHARE_OF_LINK_WORKERS = 0.12
MEN_SHARE_OF_OTHERS = 0.14
UNKNOWN_SHARE = 0.008  # of staff; all contracted services are without gender, as they are without people


def by_gender(totals: Totals, census: str, role: Role) -> dict[str, tuple[int, int]]:
    """FTE (in nano-FTE, with contracted services) and people of a role at a census, by `MALE`, `FEMALE`, `UNKNOWN`."""
    staff, contracted = (totals.fte.get((census, role.code, source), 0) for source in (STAFF, CONTRACTED))
    people = totals.headcount.get((census, role.code), 0)
    fte = staff_fte(staff, people) if staff else np.zeros(0, dtype=np.int64)
    drawn = uniforms_at(np.arange(len(fte)), "gender", role.code)
    men = _men_share(role)
    genders = {
        MALE: (drawn >= UNKNOWN_SHARE) & (drawn < UNKNOWN_SHARE + men),
        FEMALE: drawn >= UNKNOWN_SHARE + men,
        UNKNOWN: drawn < UNKNOWN_SHARE,
    }
    found = {gender: (int(fte[flags].sum()), int(flags.sum())) for gender, flags in genders.items()}
    return found | {UNKNOWN: (found[UNKNOWN][0] + contracted, found[UNKNOWN][1])}


def _men_share(role: Role) -> float:
    if role.code.startswith("splw"):
        return MEN_SHARE_OF_LINK_WORKERS
    return MEN_SHARE.get(role.group, MEN_SHARE_OF_OTHERS)
