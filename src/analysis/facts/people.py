"""Facts of the people in a role and of the roles beside it: hours, the thirteen additional roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.facts.columns import ColumnFact, facts_of_columns
from analysis.facts.fact import Fact, Origin
from analysis.facts.lineage import EXACT, ONE_PLACE, WHOLE, Inputs, area_roles, make_fact, national_roles
from analysis.measures.additional_roles import GROUP
from analysis.periods import month_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from analysis.registers.roles import Roles

_BY_PERSON = "sum of fte by person_id where data_source = NWRS Staff; role in ({roles})"
_HOURS = {
    "fte_per_person": ColumnFact(
        "FTE per person",
        2,
        "note",
        "mean FTE of the people in rows of NWRS Staff",
        f"mean over person_id of {_BY_PERSON}",
        measure="headcount",
    ),
    "hours_per_person": ColumnFact(
        "hours a week",
        1,
        "note",
        "mean weekly hours of the people in rows of NWRS Staff",
        "constant.hours_per_fte × fte_per_person.{key}",
        measure="headcount",
    ),
    "full_time_share_pct": ColumnFact(
        "%",
        1,
        "note",
        "share of people with 1.0 FTE or more (37.5 hours a week), the publisher's full time",
        f"100 × number of person_id with 1.0 or more / of all; {_BY_PERSON}",
        measure="headcount",
    ),
    "nearly_full_time_share_pct": ColumnFact(
        "%",
        1,
        "note",
        "share of people with 0.9 FTE or more",
        f"100 × number of person_id with 0.9 or more / of all; {_BY_PERSON}",
        measure="headcount",
    ),
}
_SHARE = {
    "share_pct": ColumnFact(
        "%",
        1,
        "share_note",
        "share in the FTE of the thirteen additional roles",
        f"100 × fte.{{key}} / fte.{GROUP}.{{area}}.{{census}}",
    )
}
_GENDERS = {"women": "women", "men": "men", "other_or_unknown": "people of other or unknown gender"}


def hours(frame: pd.DataFrame, hours_per_fte: float, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``fte_per_person``, ``hours_per_person`` and the shares who work full time or nearly so, England."""
    ours = frame[frame["role"].isin(area_roles(roles))]
    ours = ours.assign(hours_per_person=hours_per_fte * ours["fte_per_person"])
    return facts_of_columns(ours, _HOURS, roles, inputs)


def additional_roles(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``arrs13_share_pct`` of each of the thirteen roles, England."""
    ours = frame[frame["role"] != GROUP]
    return facts_of_columns(ours, _SHARE, roles, inputs, names={"share_pct": "arrs13_share_pct"})


def gender(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``fte_women``, ``headcount_women`` and so on, and ``women_share_pct`` of FTE, England: published figures."""
    for row in frame[frame["role"].isin(national_roles(roles))].to_dict("records"):
        role, census, measure = str(row["role"]), str(row["census"]), str(row["measure"])
        members = [member for member in roles.members(role) if roles.starts(member) <= census]
        name = f"{roles.names[role]}, England, {month_label(census)}"
        for column, who in _GENDERS.items():
            yield make_fact(
                f"{measure}_{column}.{role}.{ENGLAND}.{census}",
                row[column],
                "people" if measure == "headcount" else "FTE",
                census,
                Origin(
                    f"{name}: {measure} of {who}",
                    f"as published in the bulletin tables; role in ({', '.join(members)}), census = {census}",
                    EXACT if measure == "headcount" else WHOLE,
                    inputs.of_published(census, len(members)),
                ),
                note=row["note"],
            )
        if measure == "fte":
            key = f"{role}.{ENGLAND}.{census}"
            yield make_fact(
                f"women_share_pct.{key}",
                row["women_share_pct"],
                "%",
                census,
                Origin(
                    f"{name}: share of women in the FTE of women and men",
                    f"100 × fte_women.{key} / (fte_women.{key} + fte_men.{key})",
                    ONE_PLACE,
                    inputs.of_published(census, 2 * len(members)),
                ),
                note=row["share_note"],
                decimals=1,
            )
