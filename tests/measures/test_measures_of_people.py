"""What people and areas have: hours, the share of the additional roles, growth of areas."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from measures.measure_frames import ROLES, bulletin, one, workforce
from measures.test_measures_of_networks import networks_of

from analysis.measures.additional_roles import additional_roles
from analysis.measures.area_growth import area_growth
from analysis.measures.hours import hours
from analysis.measures.national import national_totals
from analysis.measures.totals import totals
from analysis.registers.breaks import Breaks

if TYPE_CHECKING:
    import pandas as pd

NO_BREAKS = Breaks(())
few = settings(max_examples=max(12, settings().max_examples // 8))


# ---- hours ----------------------------------------------------------------------------------------------------------


def test_the_rows_of_a_person_are_added_up_and_contracted_services_count_nobody():
    frame = workforce(
        [
            ("2022-09", "U1", "splw", 0.6, "staff", "ann"),
            ("2022-09", "U2", "splw", 0.4, "staff", "ann"),
            ("2022-09", "U1", "splw", 0.5, "staff", "ben"),
            ("2022-09", "U1", "splw", 0.92, "staff", "cat"),
            ("2022-09", "U1", "cc", 0.5, "staff", "ben"),
            ("2022-09", "U1", "splw", 9, "contracted"),
        ]
    )
    found = one(hours(frame, ROLES, NO_BREAKS, ["splw"]))
    assert (found["people"], found["people_full_time"], found["people_nearly_full_time"]) == (3, 1, 2)
    assert found["fte_per_person"] == pytest.approx((1 + 0.5 + 0.92) / 3)
    assert found["full_time_share_pct"] == pytest.approx(100 / 3)


def test_three_thirds_of_a_post_are_full_time():
    """The publisher gives nine decimals: three rows of 0.333333333 are one post."""
    frame = workforce([("2022-09", f"U{n}", "splw", 0.333333333, "staff", "ann") for n in range(3)])
    assert one(hours(frame, ROLES, NO_BREAKS, ["splw"]))["people_full_time"] == 1


def test_a_role_without_people_has_no_mean():
    frame = workforce([("2022-09", "U1", "splw", 1, "contracted"), ("2022-09", "U1", "cc", 1)])
    found = hours(frame, ROLES, NO_BREAKS, ["splw", "splw_mh"])
    contracted, later = one(found, role="splw"), one(found, role="splw_mh")
    assert (contracted["people"], contracted["note"]) == (0, "[z]")
    assert np.isnan(contracted["fte_per_person"])
    assert (np.isnan(later["people"]), later["note"]) == (True, "[z]")


def test_hours_are_marked_at_the_break_of_the_collection(breaks):
    frame = workforce([(census, "U1", "splw", 1) for census in ("2021-06", "2021-09", "2021-12")])
    assert hours(frame, ROLES, breaks, ["splw"])["note"].to_list() == ["", "[b]", ""]


@few
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 12)), min_size=1, max_size=25))
def test_dividing_a_row_of_a_person_changes_nothing(rows):
    """Full-time people are among those nearly so, those among all; and how hours are divided into rows is no matter."""
    whole = workforce([("2022-09", "U1", "splw", twelfths / 12, "staff", person) for person, twelfths in rows])
    halves = workforce(
        [("2022-09", pcn, "splw", twelfths / 24, "staff", person) for person, twelfths in rows for pcn in ("U1", "U2")]
    )
    found, again = (one(hours(frame, ROLES, NO_BREAKS, ["splw"])) for frame in (whole, halves))
    assert found["people_full_time"] <= found["people_nearly_full_time"] <= found["people"]
    numbers = ["people", "fte_per_person", "people_full_time", "people_nearly_full_time"]
    assert found[numbers].astype(float).to_list() == pytest.approx(again[numbers].astype(float).to_list())


def test_the_hours_of_september_2022(real, real_data, breaks):
    (path,) = (real_data / "pcn-workforce-individual").glob("*September 2022 Individual Level.csv")
    people: dict[str, Decimal] = defaultdict(Decimal)
    with path.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file):
            if row["STAFF_ROLE"] == "Social Prescribing Link Workers" and row["Data_source"] == "NWRS Staff":
                people[row["UNIQUE_IDENTIFIER"]] += Decimal(row["FTE"])
    found = one(hours(real.table, ROLES, breaks, ["splw"]), census="2022-09")
    tolerance = Decimal("0.0000005")
    assert found["people"] == len(people) == 1659
    assert found["people_full_time"] == sum(fte >= 1 - tolerance for fte in people.values()) == 921
    assert found["people_nearly_full_time"] == sum(fte >= Decimal("0.9") - tolerance for fte in people.values()) == 1110
    assert found["fte_per_person"] == pytest.approx(float(sum(people.values())) / 1659)
    assert round(found["fte_per_person"], 3) == 0.861


# ---- the additional roles -------------------------------------------------------------------------------------------


def test_the_shares_of_the_thirteen_roles_add_up():
    frame = workforce(
        [("2022-09", "U1", "splw", 1), ("2022-09", "U1", "pharmacist", 3), ("2022-09", "U1", "manager", 6)]
    )
    found = additional_roles(totals(frame, ROLES, NO_BREAKS), ROLES)
    assert len(found) == 14
    assert found.set_index("role")["share_pct"][["splw", "pharmacist", "cc", "arrs13"]].to_list() == [25, 75, 0, 100]


def test_a_share_is_not_available_where_one_of_the_thirteen_is_not():
    figures = [("fte", "2022-12", role, 1.0) for role in ROLES.members("arrs13")[1:]]
    summed = national_totals(
        totals(workforce([("2022-09", "U1", "cc", 1)]), ROLES, NO_BREAKS), bulletin(figures), ROLES, NO_BREAKS
    )
    found = additional_roles(summed, ROLES)
    assert set(found.loc[found["census"] == "2022-12", "share_note"]) == {"[x]"}


def test_the_thirteen_roles_of_september_2022(real_totals):
    """11,865 FTE in 1,089 networks, as Penfold et al. count them (domain facts); link workers are 17.3% of it."""
    found = additional_roles(real_totals, ROLES)
    found = found[found["census"] == "2022-09"].set_index("role")
    assert round(found.loc["arrs13", "fte"]) == 11_865
    assert found["fte"].drop("arrs13").sum() == pytest.approx(found.loc["arrs13", "fte"])
    assert one(real_totals, level="england", role="arrs13", census="2022-09")["pcns_with_role"] == 1089
    assert round(found.loc["splw", "share_pct"], 1) == 17.3


# ---- growth of areas ------------------------------------------------------------------------------------------------


def grown(frame: pd.DataFrame, codes=("splw",)) -> pd.DataFrame:
    summed = totals(frame, ROLES, NO_BREAKS)
    return area_growth(frame, ROLES, NO_BREAKS, codes, totals=summed, networks=networks_of(frame, codes=codes))


def test_an_area_is_compared_a_year_before_and_at_the_peak_of_england():
    rows = [("2021-09", "U1", "splw", 2), ("2021-09", "U2", "splw", 2)]
    rows += [("2022-06", "U1", "splw", 6), ("2022-06", "U2", "splw", 3)]
    rows += [("2022-09", "U1", "splw", 4), ("2022-09", "U2", "splw", 3)]
    found = grown(workforce(rows, {"U1": "QA1", "U2": "QC3"}))
    first = {since: one(found, level="icb", area_code="QA1", since=since) for since in ("year_ago", "peak")}
    assert [(row["from_census"], row["change_fte"], row["change_pct"]) for row in first.values()] == [
        ("2021-09", 2, 100),
        ("2022-06", -2, pytest.approx(-100 / 3)),
    ]


def test_networks_that_began_to_report_are_in_the_change_and_not_in_that_of_networks_in_both():
    rows = [("2021-09", "U1", "splw", 2), ("2022-09", "U1", "splw", 3), ("2022-09", "U2", "splw", 4)]
    found = one(grown(workforce(rows)), level="icb", since="year_ago")
    assert (found["change_fte"], found["in_both_change_fte"], found["pcns_in_both"]) == (5, 1, 1)


def test_a_divided_area_does_not_compare_but_its_networks_do():
    rows = [(census, pcn, "splw", fte) for census, fte in (("2021-09", 1), ("2022-09", 2)) for pcn in ("U1", "U2")]
    areas = {("U1", "2021-09"): "QA1", ("U2", "2021-09"): "QA1", ("U1", "2022-09"): "QB2", ("U2", "2022-09"): "QC3"}
    found = one(grown(workforce(rows, areas)), level="icb", area_code="QB2", since="year_ago")
    assert (found["change_note"], found["in_both_change_fte"]) == ("[x]", 1)
    assert "not they alone" in found["reason"]


def test_an_area_that_only_changed_its_code_compares():
    rows = [("2021-09", "U1", "splw", 1), ("2022-09", "U1", "splw", 2)]
    grew = grown(workforce(rows, {("U1", "2021-09"): "QA1", "U1": "QB2"}))
    found = one(grew, level="icb", area_code="QB2", since="year_ago")
    assert (found["from_code"], found["area_code"], found["change_fte"]) == ("QA1", "QB2", 1)


def test_without_an_extract_of_the_earlier_census_nothing_is_compared():
    found = grown(workforce([("2022-09", "U1", "splw", 1)]))
    assert set(found.loc[found["since"] == "year_ago", "change_note"]) == {"[x]"}
    assert set(found.loc[found["since"] == "peak", "change_note"]) == {"[z]"}


def test_a_peak_known_from_the_bulletin_alone_is_not_compared_by_area():
    frame = workforce([("2021-12", "U1", "splw", 1), ("2022-12", "U1", "splw", 2)])
    summed = national_totals(
        totals(frame, ROLES, NO_BREAKS), bulletin([("fte", "2022-06", "splw", 9.0)]), ROLES, NO_BREAKS
    )
    found = area_growth(frame, ROLES, NO_BREAKS, ["splw"], totals=summed, networks=networks_of(frame))
    peak = one(found, level="region", since="peak")
    assert (peak["from_census"], peak["change_note"], peak["in_both_note"]) == ("2022-06", "[x]", "[x]")
    assert "no individual-level extract" in peak["reason"]


def test_a_role_that_had_not_started_is_not_applicable():
    frame = workforce([("2022-04", "U1", "splw", 1), ("2023-04", "U1", "splw_mh", 1)])
    found = one(grown(frame, ("splw", "splw_mh")), level="region", role="splw_mh", since="year_ago")
    assert (found["change_note"], found["in_both_note"]) == ("[z]", "[z]")


def test_growth_of_areas_to_september_2022(real, real_totals, real_data, breaks):
    """London over the year, and every region summing to England, from the CSVs themselves."""
    then, now = defaultdict(float), defaultdict(float)
    for month, sums in (("September 2021", then), ("September 2022", now)):
        (path,) = (real_data / "pcn-workforce-individual").glob(f"*{month} Individual Level.csv")
        with path.open(encoding="cp1252", newline="") as file:
            for row in csv.DictReader(file):
                if row["STAFF_ROLE"] == "Social Prescribing Link Workers":
                    sums[row["COMM_REGION_CODE"]] += float(row["FTE"])
    networks = networks_of(real.table)
    found = area_growth(real.table, ROLES, breaks, ["splw"], totals=real_totals, networks=networks)
    regions = found[(found["level"] == "region") & (found["since"] == "year_ago")].set_index("area_code")
    assert regions["change_fte"].to_dict() == pytest.approx({code: now[code] - then[code] for code in now})
    assert round(regions.loc["Y56", "change_fte"], 1) == 79.1
    boards = found[(found["level"] == "icb") & (found["since"] == "year_ago")].set_index("area_code")
    assert set(boards.index[boards["change_note"] == "[x]"]) == {"QHL", "QUA"}  # one network moved between them
    assert boards["in_both_change_fte"].sum() == pytest.approx(regions["in_both_change_fte"].sum())
