"""Facts of networks by the deprivation of their patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.facts.columns import ColumnFact, facts_of_columns
from analysis.facts.fact import Fact, Source
from analysis.facts.lineage import Inputs, area_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from analysis.registers.roles import Roles

_RATE = "FTE per 10,000 patients"
_ORDER = "PCNs in order of imd_score, the mean of their practices' IMD_SCORE by their NUMBER_OF_PATIENTS"
_COLUMNS = {
    **{
        column: ColumnFact(
            _RATE,
            2,
            "note",
            f"FTE per 10,000 registered patients of PCNs with the {which} deprived fifth of patients",
            f"10,000 × sum of fte / NUMBER_OF_PATIENTS over the {which} deprived fifth of patients; {_ORDER}; "
            "role in ({roles})",
            every_role=True,
            on_list=True,
        )
        for column, which in (("rate_most_deprived", "most"), ("rate_least_deprived", "least"))
    },
    "rate_difference": ColumnFact(
        _RATE,
        2,
        "note",
        "rate of the most deprived fifth of patients less that of the least deprived",
        "rate_most_deprived.{key} − rate_least_deprived.{key}",
        signed=True,
        every_role=True,
        on_list=True,
    ),
    "concentration_index": ColumnFact(
        "index",
        3,
        "index_note",
        "concentration index of FTE over patients from the most deprived PCN to the least: negative when FTE per "
        "patient is greater where deprivation is greater",
        f"2 × sum of fte × rank / sum of fte − 1; rank: share of patients up to the middle of the PCN; {_ORDER}",
        signed=True,
        every_role=True,
        on_list=True,
    ),
    "patients_scored_share_pct": ColumnFact(
        "%",
        2,  # nearly all have one: a whole that is not one would be printed
        "note",
        "share of the patients of the PCNs ranked whose practice has a deprivation score",
        "100 × NUMBER_OF_PATIENTS of practices with IMD_SCORE / of all practices of the PCNs",
        every_role=True,
        on_list=True,
    ),
    "pcns_ranked": ColumnFact(
        "PCNs",
        0,
        "note",
        "reporting PCNs on the list of patients with a deprivation score",
        "number of distinct pcn_code",
        every_role=True,
        on_list=True,
    ),
}
_FIFTH = {
    "rate": ColumnFact(
        _RATE,
        2,
        "note",
        "FTE per 10,000 registered patients in fifth {fifth} of patients, the first being the most deprived",
        f"10,000 × sum of fte / NUMBER_OF_PATIENTS over the fifth; {_ORDER}; role in ({{roles}})",
        every_role=True,
        on_list=True,
    )
}


def deprivation(summary: pd.DataFrame, fifths: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``rate_most_deprived``, ``rate_fifth_1`` and so on, ``concentration_index``, England, where there are any."""
    more = [Source(*entry) for entry in inputs.deprivation]
    ours = summary[summary["role"].isin(area_roles(roles)) & summary["pcns_ranked"].notna()]
    yield from facts_of_columns(ours, _COLUMNS, roles, inputs, more=more)
    in_focus = fifths[fifths["role"].isin(area_roles(roles))]
    dated = in_focus.merge(ours[["census", "role", "list_date"]], on=["census", "role"])
    for fifth, rows in dated.groupby("fifth"):
        column = {"rate": _FIFTH["rate"]._replace(meaning=_FIFTH["rate"].meaning.format(fifth=fifth))}
        yield from facts_of_columns(rows, column, roles, inputs, names={"rate": f"rate_fifth_{fifth}"}, more=more)
