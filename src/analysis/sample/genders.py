"""The gender of each row, for the tables by gender: no extract holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.sample.draws import uniforms
from analysis.sample.workforce import FIRST_ID, LAST_ID

if TYPE_CHECKING:
    from analysis.registers.roles import Roles

MALE, FEMALE, UNKNOWN = "male", "female", "unknown"
# Share of men among staff, about as in the published tables of 2022 to 2025. Of link workers 12% are men.
MEN_SHARE = {"Directors": 0.64, "Other GPs": 0.42, "Other Nurses": 0.02, "Other Direct Patient Care staff": 0.17}
MEN_SHARE_OF_OTHERS = 0.14
UNKNOWN_SHARE = 0.008  # of staff; all contracted services are without gender, as they are without people


def genders(census: str, rows: pd.DataFrame, roles: Roles) -> pd.Series[str]:
    """`MALE`, `FEMALE` or `UNKNOWN` for each of ``rows`` (columns: `analysis.sample.workforce`).

    One person has one gender, drawn by the staff group of the person's first row.
    """
    first = rows.drop_duplicates("person_id")
    group = first["role"].map({role.code: role.group for role in roles.roles})
    men = group.map(MEN_SHARE).fillna(MEN_SHARE_OF_OTHERS).to_numpy()
    drawn = uniforms(LAST_ID - FIRST_ID, "gender", census)[np.maximum(first["person_id"] - FIRST_ID, 0)]
    gender = np.select([drawn < UNKNOWN_SHARE, drawn < UNKNOWN_SHARE + men], [UNKNOWN, MALE], FEMALE)
    by_person = pd.Series(gender, index=first["person_id"])
    by_person[by_person.index == 0] = UNKNOWN
    return rows["person_id"].map(by_person)
