"""Facts of how networks differ: distribution, who employs, which changed most, how areas grew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.facts.columns import ColumnFact, facts_of_columns
from analysis.facts.fact import Fact, Origin
from analysis.facts.lineage import EXACT, Inputs, area_roles, make_fact
from analysis.measures.area_growth import PEAK, YEAR_AGO
from analysis.measures.distribution import DECILES
from analysis.periods import month_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from analysis.registers.roles import Roles

_RATE = "FTE per 10,000 patients"
_SPREAD = {
    "top_tenth_fte_share_pct": ColumnFact(
        "%",
        1,
        "top_tenth_note",
        "share of FTE that the tenth of reporting PCNs with the most FTE has",
        "100 × sum of fte of the tenth of PCNs with the most / fte.{key}; PCNs at the edge count in part",
    ),
}
_BY_PATIENTS = {
    **{
        column: ColumnFact(
            _RATE,
            2,
            "rates_note",
            f"decile {tenth} of FTE per 10,000 registered patients over reporting PCNs on the list, each counted once",
            "quantile of 10,000 × sum of fte by PCN / NUMBER_OF_PATIENTS, linear between neighbours; role in ({roles})",
            every_role=True,
            on_list=True,
        )
        for tenth, column in enumerate(DECILES, start=1)
    },
    "patients_without_share_pct": ColumnFact(
        "%",
        1,
        "rates_note",
        "share of registered patients of reporting PCNs that are in PCNs without FTE in the role",
        "100 × NUMBER_OF_PATIENTS of PCNs where sum of fte is none or 0 / of all; role in ({roles})",
        every_role=True,
        on_list=True,
    ),
    "top_tenth_patients_share_pct": ColumnFact(
        "%",
        1,
        "rates_note",
        "share of registered patients that the tenth of PCNs with the most FTE has, of PCNs on the list",
        "100 × NUMBER_OF_PATIENTS of the tenth of PCNs with the most fte / of all; role in ({roles})",
        every_role=True,
        on_list=True,
    ),
}
_KINDS = {
    column: ColumnFact(
        "PCNs",
        0,
        "note",
        f"reporting PCNs with {meaning}",
        f"number of distinct pcn_code where sum of fte is {condition}; role in ({{roles}})",
        every_role=True,
    )
    for column, meaning, condition in (
        ("pcns_staff_only", "FTE of their own staff only", "> 0 in NWRS Staff and not in NWRS contracted services"),
        ("pcns_contracted_only", "contracted services only", "> 0 in NWRS contracted services and not in NWRS Staff"),
        ("pcns_both", "FTE of their own staff and of contracted services", "> 0 in both data sources"),
    )
}
_QUARTER = {
    column: ColumnFact(
        unit,
        0 if unit == "FTE" else 1,
        note,
        f"{meaning}, of PCNs that reported at both",
        f"{made}; role in ({{roles}})",
        signed=unit == "FTE",
    )
    for column, unit, note, meaning, made in (
        ("change_fte", "FTE", "note", "change", "sum over PCNs of fte at {census} − fte at {start}"),
        ("gains_fte", "FTE", "note", "change in PCNs that gained", "sum over PCNs of gains of fte since {start}"),
        ("losses_fte", "FTE", "note", "change in PCNs that lost", "sum over PCNs of losses of fte since {start}"),
        (
            "largest_change_fte",
            "FTE",
            "note",
            "change in the five PCNs with the largest changes, up or down",
            "sum of the five largest changes since {start} by size, with their signs",
        ),
        (
            "largest_share_pct",
            "%",
            "share_note",
            "share of the five PCNs with the largest changes in all movement, up and down",
            "100 × sum of the sizes of the five largest changes since {start} / of all changes",
        ),
    )
}
# Other measures have changes, too, of all that was reported: these are of networks at both censuses of a quarter.
_QUARTER_NAMES = {
    "change_fte": "quarter_change_in_both",
    "gains_fte": "quarter_gains",
    "losses_fte": "quarter_losses",
    "largest_change_fte": "largest_five_change",
    "largest_share_pct": "largest_five_share_pct",
}
_QUARTER_PCNS = {
    "pcns_in_both": ColumnFact(
        "PCNs",
        0,
        "note",
        "PCNs that reported at both censuses of the quarter",
        "number of distinct pcn_code",
        every_role=True,
    )
}
_SINCE = {YEAR_AGO: "a year before", PEAK: "England's peak"}
_DIRECTIONS = {"rose": "rose", "fell": "fell", "level": "did not change"}


def distribution(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``top_tenth_…``, ``rate_decile_…`` and ``patients_without_share_pct``, England; rates where there is a list."""
    ours = frame[frame["role"].isin(area_roles(roles))]
    yield from facts_of_columns(ours, _SPREAD, roles, inputs)
    yield from facts_of_columns(ours[ours["list_date"].notna()], _BY_PATIENTS, roles, inputs)


def employment(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``pcns_staff_only``, ``pcns_contracted_only``, ``pcns_both``, England; PCNs with none are a fact of places."""
    ours = frame[(frame["level"] == "england") & frame["role"].isin(area_roles(roles))]
    return facts_of_columns(ours, _KINDS, roles, inputs)


def quarter_changes(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``quarter_…`` and ``largest_five_…``, England, of each quarter with both of its censuses."""
    ours = frame[frame["role"].isin(area_roles(roles)) & frame["pcns_in_both"].notna()]
    yield from facts_of_columns(ours, _QUARTER, roles, inputs, names=_QUARTER_NAMES)
    yield from facts_of_columns(ours, _QUARTER_PCNS, roles, inputs, names={"pcns_in_both": "quarter_pcns_in_both"})


def area_growth(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``icbs_rose.year_ago`` and so on: in how many ICBs FTE rose, fell, did not change, in networks in both."""
    boards = frame[(frame["level"] == "icb") & frame["role"].isin(area_roles(roles))]
    boards = boards[boards["in_both_change_fte"].notna()]
    for (role, since, start, census), part in boards.groupby(["role", "since", "from_census", "census"]):
        change = part["in_both_change_fte"].round(6)
        counts = {"rose": (change > 0).sum(), "fell": (change < 0).sum(), "level": (change == 0).sum()}
        for direction, words in _DIRECTIONS.items():
            yield make_fact(
                f"icbs_{direction}_since_{since}.{role}.{ENGLAND}.{census}",
                int(counts[direction]),
                "ICBs",
                str(census),
                Origin(
                    f"{roles.names[str(role)]}: integrated care boards in which FTE {words} from "
                    f"{month_label(str(start))} ({_SINCE[str(since)]}) to {month_label(str(census))}, in PCNs that "
                    "reported at both",
                    "number of icb_code by the sign of the sum over PCNs of fte now − fte then",
                    EXACT,
                    inputs.of([str(start), str(census)], role=str(role)),
                ),
            )
