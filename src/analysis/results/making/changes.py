"""Facts of changes, taken apart by who reported; and of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import ENGLAND
from analysis.periods import month_label
from analysis.registers.roles import Roles
from analysis.results.facts import Fact, Origin
from analysis.results.making.base import (
    AREA_LEVELS,
    EXACT,
    NATIONAL_ROLES,
    ONE_PLACE,
    SUFFIX,
    TWO_PLACES,
    WHOLE,
    Inputs,
    make_fact,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = {
    "change": ("change_fte", "change as reported"),
    "change_in_both": ("in_both_fte", "change in PCNs that report at both censuses"),
    "change_newly_reporting": ("newly_reporting_fte", "FTE of PCNs that report at the later census only"),
    "change_dropped_out": ("dropped_out_fte", "FTE lost with PCNs that report at the earlier census only"),
}
_PCNS = {
    "pcns_in_both": "PCNs that report at both censuses",
    "pcns_newly_reporting": "PCNs that report at the later census only",
    "pcns_dropped_out": "PCNs that report at the earlier census only",
}
# column -> (unit, decimals, note column, what it is)
_PLACES = {
    "rate_reporting": (
        "FTE per 10,000 patients",
        2,
        "rate_reporting_note",
        "per registered patients of reporting PCNs",
    ),
    "rate_all": ("FTE per 10,000 patients", 2, "rate_all_note", "per registered patients of the whole area"),
    "fte_per_reporting_pcn": ("FTE per PCN", 2, "note", "per reporting PCN, those with nobody in the role included"),
    "patients_reporting": ("patients", 0, "rate_reporting_note", "registered patients of reporting PCNs"),
    "patients_all": ("patients", 0, "rate_all_note", "registered patients of the whole area"),
    "pcns_none": ("PCNs", 0, "bands_note", "reporting PCNs with nobody in the role"),
    "pcns_under_1": ("PCNs", 0, "bands_note", "reporting PCNs with some and under one FTE"),
    "pcns_1_to_2": ("PCNs", 0, "bands_note", "reporting PCNs with one FTE and under two"),
    "pcns_2_plus": ("PCNs", 0, "bands_note", "reporting PCNs with two FTE or more"),
}
_ROUNDING = {0: EXACT, 1: ONE_PLACE, 2: TWO_PLACES}


def changes(decomposition: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``change…`` by measure, role and two censuses, and the PCNs concerned, England."""
    national = (decomposition["level"] == "england") & decomposition["role"].isin(NATIONAL_ROLES)
    for row in decomposition[national].to_dict("records"):
        role, start, end = str(row["role"]), str(row["from_census"]), str(row["census"])
        measure, span = SUFFIX[str(row["data_source"])], f"{month_label(start)} to {month_label(end)}"
        for name, (column, meaning) in _PARTS.items():
            yield make_fact(
                f"{name}.{measure}.{role}.{ENGLAND}.{start}.{end}",
                row[column],
                "FTE",
                end,
                Origin(
                    f"{roles.names[role]}, England, {span}: {meaning} ({measure})",
                    f"{measure} at {end} − {measure} at {start}, over those PCNs",
                    WHOLE,
                    inputs.of([start, end], role=role, measure=measure),
                ),
                note=row["note"],
                signed=True,
            )
    # The PCNs of a pair of censuses are the same whatever the role and the data source.
    pairs = decomposition[decomposition["level"] == "england"].drop_duplicates(["from_census", "census"])
    for row in pairs.to_dict("records"):
        start, end = str(row["from_census"]), str(row["census"])
        for column, meaning in _PCNS.items():
            yield make_fact(
                f"{column}.{ENGLAND}.{start}.{end}",
                row[column],
                "PCNs",
                end,
                Origin(
                    f"England, {month_label(start)} to {month_label(end)}: {meaning} (any row of any role)",
                    "number of distinct pcn_code",
                    EXACT,
                    inputs.of([start, end]),
                ),
            )


def places(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """Rates, shares and counts of PCNs by size: England, regions and ICBs at the latest census that has areas."""
    national = frame["level"] == "england"
    areas = frame["level"].isin(AREA_LEVELS) & (frame["role"] == "splw")
    for row in frame[national | areas].to_dict("records"):
        role, area, census = str(row["role"]), str(row["area_code"]), str(row["census"])
        for column, (unit, decimals, note, meaning) in _PLACES.items():
            sources = inputs.of([census], role=role, area=area)
            rests_on_list = column.startswith(("rate_", "patients_"))
            listed = f"; list of {row['list_date']:%d %B %Y}" if rests_on_list and pd.notna(row["list_date"]) else ""
            yield make_fact(
                f"{column}.{role}.{area}.{census}",
                row[column],
                unit,
                census,
                Origin(
                    f"{roles.names[role]}, {row['area_name']}, {month_label(census)}: {meaning}{listed}",
                    column,
                    _ROUNDING[decimals],
                    sources + inputs.of_patients(census) if rests_on_list else sources,
                ),
                note=row[note],
                decimals=decimals,
            )
