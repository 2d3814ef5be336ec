"""Facts of changes, taken apart by who reported; and of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.columns import ENGLAND
from analysis.facts.fact import Fact, Origin, Source
from analysis.facts.labels import list_distance
from analysis.facts.lineage import (
    ALL,
    AREA_LEVELS,
    EXACT,
    ONE_PLACE,
    SUFFIX,
    THREE_PLACES,
    TWO_PLACES,
    WHOLE,
    Inputs,
    area_roles,
    make_fact,
    national_roles,
)
from analysis.measures.decomposition import NEW
from analysis.measures.patients import days_after
from analysis.periods import census_date, long_date, month_label
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# name of the fact -> (column, what it is, how it is made of the two censuses)
_PARTS = {
    "change": ("change_fte", "change as reported", "{later} − {earlier}"),
    "change_in_both": (
        "in_both_fte",
        "change in PCNs that report at both censuses",
        "{later} − {earlier}, over PCNs that report at both",
    ),
    "change_newly_reporting": (
        "newly_reporting_fte",
        "FTE of PCNs that report at the later census only",
        "{later}, over PCNs that do not report at {start}",
    ),
    "change_dropped_out": (
        "dropped_out_fte",
        "FTE lost with PCNs that report at the earlier census only",
        "−{earlier}, over PCNs that do not report at {end}",
    ),
}
# What is known of the PCNs that report at one of the two censuses only (analysis.measures.existence).
_KNOWN = {
    "began_reporting": "PCNs that report at the later census only, and were there before: on the list of registered "
    "patients near the earlier census, or seen before it",
    "newly_formed": "PCNs that report at the later census only, and are neither on the list near the earlier census "
    "nor seen before it: formed, or given another code",
    "only_later": "PCNs that report at the later census only, of which nothing tells whether they were there before",
    "stopped_reporting": "PCNs that report at the earlier census only, and are still there: on the list of registered "
    "patients near the later census, or seen after it",
    "closed": "PCNs that report at the earlier census only, and are neither on the list near the later census nor seen "
    "after it: closed, merged or given another code",
    "only_earlier": "PCNs that report at the earlier census only, of which nothing tells whether they are still there",
}
_PCNS = {
    "pcns_in_both": "PCNs that report at both censuses",
    "pcns_newly_reporting": "PCNs that report at the later census only",
    "pcns_dropped_out": "PCNs that report at the earlier census only",
    "pcns_followed": "PCNs that report at both censuses, under another code at the later one",
    **{f"pcns_{name}": meaning for name, meaning in _KNOWN.items()},
}


class _Place(NamedTuple):
    """A figure of a place: its unit and places, the note that speaks of it, what it is, and how it is made."""

    unit: str
    decimals: int
    note: str
    meaning: str
    expression: str
    every_role: bool = False  # whether rows of all roles are counted, and not those of the role alone


# England's two rates differ by the few PCNs that do not report: 0.425 and 0.417 in June 2026, which both print as 0.42.
_ENGLAND_RATE_DECIMALS = 3
_BAND = "number of distinct pcn_code among reporting PCNs where sum of fte {}; role in ({{role}})"
_PLACES = {
    "rate_reporting": _Place(
        "FTE per 10,000 patients",
        2,
        "rate_reporting_note",
        "per registered patients of reporting PCNs, FTE and patients of those on the list",
        "10,000 × sum of fte of reporting PCNs on the list / patients_reporting.{key}",
    ),
    "rate_all": _Place(
        "FTE per 10,000 patients",
        2,
        "rate_all_note",
        "per registered patients of the whole area, whether or not their PCN reported",
        "10,000 × sum of fte of {whose} / patients_all.{key}",
    ),
    "fte_per_reporting_pcn": _Place(
        "FTE per PCN",
        2,
        "note",
        "per reporting PCN, those with nobody in the role included",
        "fte.{key} / pcns_reporting.{area}.{census}",
        every_role=True,
    ),
    "patients_reporting": _Place(
        "patients",
        0,
        "rate_reporting_note",
        "registered patients of reporting PCNs",
        "sum of NUMBER_OF_PATIENTS of reporting PCNs on the list",
        every_role=True,
    ),
    "patients_all": _Place(
        "patients",
        0,
        "rate_all_note",
        "registered patients of the whole area",
        "sum of NUMBER_OF_PATIENTS of {basis}",
        every_role=True,
    ),
    "pcns_any": _Place(
        "PCNs", 0, "bands_note", "reporting PCNs with some FTE in the role", _BAND.format("> 0"), every_role=True
    ),
    "pcns_none": _Place(
        "PCNs", 0, "bands_note", "reporting PCNs with no FTE in the role", _BAND.format("is none or 0"), every_role=True
    ),
    "pcns_under_1": _Place(
        "PCNs", 0, "bands_note", "reporting PCNs with some and under one FTE", _BAND.format("> 0 and < 1")
    ),
    "pcns_1_to_2": _Place(
        "PCNs", 0, "bands_note", "reporting PCNs with one FTE and under two", _BAND.format("≥ 1 and < 2")
    ),
    "pcns_2_plus": _Place("PCNs", 0, "bands_note", "reporting PCNs with two FTE or more", _BAND.format("≥ 2")),
}
# Whose patients stand for a whole area (analysis.measures.patients.patients_of_areas).
_BASIS = {
    "area": "the area itself on the list",
    "pcns_on_list": "all PCNs on the list",
    "pcns_placed": "the PCNs on the list that are in a known area",
}
_ROUNDING = {0: EXACT, 1: ONE_PLACE, 2: TWO_PLACES, 3: THREE_PLACES}


def changes(decomposition: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``change…`` by measure, role and two censuses, and the PCNs concerned, England."""
    national = (decomposition["level"] == "england") & decomposition["role"].isin(national_roles(roles))
    for row in decomposition[national].to_dict("records"):
        role, start, end = str(row["role"]), str(row["from_census"]), str(row["census"])
        measure, span = SUFFIX[str(row["data_source"])], f"{month_label(start)} to {month_label(end)}"
        at = {when: f"{measure}.{role}.{ENGLAND}.{census}" for when, census in (("earlier", start), ("later", end))}
        for name, (column, meaning, expression) in _PARTS.items():
            yield make_fact(
                f"{name}.{measure}.{role}.{ENGLAND}.{start}.{end}",
                row[column],
                "FTE",
                end,
                Origin(
                    f"{roles.names[role]}, England, {span}: {meaning} ({measure})",
                    expression.format(**at, start=start, end=end),
                    WHOLE,
                    inputs.of([start, end], role=role, measure=measure),
                ),
                note=row["note"],
                signed=True,
            )
        if row["data_source"] == ALL and role in area_roles(roles):
            yield from _known_parts(row, roles, inputs)
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
                    inputs.of([start, end]) + _lists(start, end, inputs),
                ),
                note=row.get(f"{column}_note", ""),
            )


def _known_parts(row: Mapping[Any, Any], roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """The FTE of PCNs at one of two censuses only, by what is known of them."""
    role, start, end = str(row["role"]), str(row["from_census"]), str(row["census"])
    for name, meaning in _KNOWN.items():
        sign, at = ("", end) if name in NEW.values() else ("−", start)
        yield make_fact(
            f"change_{name}.fte.{role}.{ENGLAND}.{start}.{end}",
            row[f"{name}_fte"],
            "FTE",
            end,
            Origin(
                f"{roles.names[role]}, England, {month_label(start)} to {month_label(end)}: FTE of {meaning}",
                f"{sign}fte.{role}.{ENGLAND}.{at}, over these PCNs",
                WHOLE,
                inputs.of([start, end], role=role) + _lists(start, end, inputs),
            ),
            note=row.get(f"{name}_note", row["note"]),
            signed=True,
        )


def _lists(start: str, end: str, inputs: Inputs) -> tuple[Source, ...]:
    """The lists of registered patients near two censuses, each once."""
    return tuple(dict.fromkeys((*inputs.of_patients(start), *inputs.of_patients(end))))


def places(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """Rates, shares and counts of PCNs by size: England, regions and ICBs at the latest census that has areas."""
    national = frame["level"] == "england"
    areas = frame["level"].isin(AREA_LEVELS) & (frame["role"] == roles.about)
    for row in frame[national | areas].to_dict("records"):
        role, area, census = str(row["role"]), str(row["area_code"]), str(row["census"])
        wording = {
            "key": f"{role}.{area}.{census}",
            "area": area,
            "census": census,
            "role": ", ".join(roles.members(role)),
            "basis": _BASIS.get(str(row["patients_all_basis"]), "the area"),
            "whose": "all rows" if row["patients_all_basis"] == "area" else "reporting PCNs on the list",
        }
        for column, place in _PLACES.items():
            of_england = column.startswith("rate_") and area == ENGLAND
            decimals = _ENGLAND_RATE_DECIMALS if of_england else place.decimals
            sources = inputs.of([census], role=ALL if place.every_role else role, area=area)
            rests_on_list = column.startswith(("rate_", "patients_"))
            listed = ""
            if rests_on_list and pd.notna(row["list_date"]):
                listed = f"; list of {long_date(row['list_date'])}, {list_distance(census, row['list_date'])}"
            yield make_fact(
                f"{column}.{role}.{area}.{census}",
                row[column],
                place.unit,
                census,
                Origin(
                    f"{roles.names[role]}, {row['area_name']}, {month_label(census)}: {place.meaning}{listed}",
                    place.expression.format(**wording),
                    _ROUNDING[decimals],
                    sources + inputs.of_patients(census) if rests_on_list else sources,
                ),
                note=row[place.note],
                decimals=decimals,
            )
    with_list = frame[national & (frame["role"] == roles.about)].dropna(subset="list_date")
    for row in with_list.to_dict("records"):
        census = str(row["census"])
        yield make_fact(
            f"list_distance.{ENGLAND}.{census}",
            abs(days_after(census, row["list_date"])),
            "days",
            census,
            Origin(
                f"days between the census of {long_date(census_date(census))} and the list of registered patients that "
                f"serves it, of {long_date(row['list_date'])}",
                "EXTRACT_DATE − last day of the census month",
                EXACT,
                inputs.of_patients(census),
            ),
        )
