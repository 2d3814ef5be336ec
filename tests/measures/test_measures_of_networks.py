"""What networks have: how FTE is spread over them, who employs, which changed most."""

from __future__ import annotations

import csv
from collections import defaultdict
from fractions import Fraction
from statistics import quantiles
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures.measure_frames import ROLES, one, patients, workforce

from analysis.measures.distribution import DECILES, distribution, in_top_tenth
from analysis.measures.employment import KINDS, employment
from analysis.measures.largest_changes import largest_changes
from analysis.measures.network_fte import network_fte
from analysis.measures.patients import pcn_lists
from analysis.registers.breaks import Breaks

if TYPE_CHECKING:
    import pandas as pd

    from analysis.measures.compact_table import CompactTable

NO_BREAKS = Breaks(())
# Each example makes whole frames: an eighth of the examples of the profile in force.
few = settings(max_examples=max(12, settings().max_examples // 8))
AMOUNTS = st.lists(st.integers(0, 40).map(lambda quarters: quarters / 4), min_size=1, max_size=40)


def networks_of(table: CompactTable, listed: pd.DataFrame | None = None, codes=("splw",)) -> pd.DataFrame:
    lists = pcn_lists(patients([]) if listed is None else listed, table.censuses)
    return network_fte(table, lists, ROLES, codes)


def code(number: int) -> str:
    return f"U{number:05d}"


# ---- the compact table ----------------------------------------------------------------------------------------------


def test_a_network_that_reports_without_the_role_has_none_and_one_that_does_not_report_has_no_row():
    frame = workforce([("2022-06", "U1", "splw", 1), ("2022-06", "U2", "cc", 1), ("2022-09", "U1", "cc", 1)])
    found = networks_of(frame).set_index(["census", "pcn_code"])["fte"]
    assert found.to_dict() == {("2022-06", "U1"): 1.0, ("2022-06", "U2"): 0.0, ("2022-09", "U1"): 0.0}


def test_a_role_has_no_rows_before_it_starts():
    frame = workforce([("2022-09", "U1", "splw", 1), ("2023-04", "U1", "splw_mh", 1)])
    found = networks_of(frame, codes=("splw", "splw_mh"))
    assert set(zip(found["census"], found["role"], strict=True)) == {
        ("2022-09", "splw"),
        ("2023-04", "splw"),
        ("2023-04", "splw_mh"),
    }


# ---- distribution ---------------------------------------------------------------------------------------------------


@given(AMOUNTS)
def test_the_top_tenth_is_a_tenth_whatever_the_order(amounts):
    part = in_top_tenth(np.array(amounts))
    assert part.sum() == pytest.approx(len(amounts) / 10)
    assert ((part >= 0) & (part <= 1)).all()
    backwards = in_top_tenth(np.array(amounts[::-1]))[::-1]
    assert part == pytest.approx(backwards)


@few
@given(AMOUNTS)
def test_the_top_tenth_has_a_tenth_or_more(amounts):
    share = one(distribution(_each_its_own(amounts), ROLES, NO_BREAKS, ["splw"]), role="splw")
    if sum(amounts) > 0:
        assert 10 - 1e-9 <= share["top_tenth_fte_share_pct"] <= 100 + 1e-9
    else:
        assert share["top_tenth_note"] == "[z]"


def _each_its_own(amounts: list[float], people: int | None = 10_000) -> pd.DataFrame:
    rows = [("2022-09", code(number), "splw", amount) for number, amount in enumerate(amounts)]
    listed = [("2022-09-01", "pcn", code(number), people) for number in range(len(amounts))] if people else []
    return networks_of(workforce(rows), patients(listed))


def test_equal_networks_give_a_tenth_to_the_top_tenth():
    found = one(distribution(_each_its_own([2.0] * 13), ROLES, NO_BREAKS, ["splw"]))
    assert found["top_tenth_fte_share_pct"] == pytest.approx(10)
    assert found["top_tenth_patients_share_pct"] == pytest.approx(10)
    assert found[DECILES].astype(float).to_list() == pytest.approx([2.0] * 9)


def test_deciles_count_each_network_once_and_are_per_10_000_patients():
    found = one(distribution(_each_its_own([float(n) for n in range(11)], 20_000), ROLES, NO_BREAKS, ["splw"]))
    assert found[DECILES].astype(float).to_list() == pytest.approx([n / 2 for n in range(1, 10)])
    assert found["patients_without_share_pct"] == pytest.approx(100 / 11)


def test_networks_on_no_list_are_in_the_shares_of_fte_alone():
    frame = workforce([("2022-09", code(n), "splw", 1 + n) for n in range(10)])
    listed = patients([("2022-09-01", "pcn", code(n), 1000) for n in range(5)])
    found = one(distribution(networks_of(frame, listed), ROLES, NO_BREAKS, ["splw"]))
    assert found["top_tenth_fte_share_pct"] == pytest.approx(100 * 10 / 55)
    assert (found["pcns_reporting"], found["pcns_with_list"]) == (10, 5)


def test_without_a_list_rates_are_not_available():
    found = one(distribution(_each_its_own([1.0, 2.0], None), ROLES, NO_BREAKS, ["splw"]))
    assert found["rates_note"] == "[x]"
    assert found[[*DECILES, "patients_without_share_pct", "top_tenth_patients_share_pct"]].isna().all()
    assert found["top_tenth_note"] == ""


def test_a_negative_fte_is_nobody():
    found = one(distribution(_each_its_own([-0.03, 1.0]), ROLES, NO_BREAKS, ["splw"]))
    assert found["patients_without_share_pct"] == pytest.approx(50)


def test_before_its_start_a_role_is_not_applicable():
    found = one(distribution(_each_its_own([1.0]), ROLES, NO_BREAKS, ["splw_mh"]))
    assert (found["top_tenth_note"], found["rates_note"]) == ("[z]", "[z]")
    assert np.isnan(found["pcns_reporting"])


# ---- who employs ----------------------------------------------------------------------------------------------------


def test_networks_are_of_four_kinds():
    frame = workforce(
        [
            ("2022-09", "U1", "splw", 1, "staff"),
            ("2022-09", "U2", "splw", 1, "contracted"),
            ("2022-09", "U3", "splw", 1, "staff"),
            ("2022-09", "U3", "splw", 0.2, "contracted"),
            ("2022-09", "U4", "cc", 1, "staff"),
            ("2022-09", "U5", "splw", 0, "staff"),
            ("2022-09", "U6", "splw", -0.03, "contracted"),
            ("2022-09", "U6", "splw", 1, "staff"),
        ]
    )
    found = one(employment(networks_of(frame), frame, ROLES, NO_BREAKS, ["splw"]), level="england")
    assert found[KINDS].to_list() == [2, 1, 1, 2]
    assert found["pcns_reporting"] == 6


@few
@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(["splw", "cc"]), st.sampled_from(["staff", "contracted"])),
        min_size=1,
        max_size=30,
    )
)
def test_the_four_kinds_are_all_reporting_networks_at_each_level(rows):
    frame = workforce([("2022-09", f"U{n}", role, 1, source) for n, role, source in rows], {"U1": "QB2", "U2": "QC3"})
    found = employment(networks_of(frame), frame, ROLES, NO_BREAKS, ["splw"])
    assert found[KINDS].sum(axis=1).to_list() == found["pcns_reporting"].to_list()
    sums = found.groupby("level")[KINDS].sum()
    assert (sums == sums.loc["england"]).all(axis=None)


def test_an_area_that_did_not_report_is_not_available_and_is_no_zero():
    frame = workforce([("2022-06", "U1", "splw", 1), ("2022-09", "U2", "splw", 1)], {"U1": "QA1", "U2": "QC3"})
    found = employment(networks_of(frame), frame, ROLES, NO_BREAKS, ["splw"])
    silent = one(found, level="icb", area_code="QA1", census="2022-09")
    assert silent["note"] == "[x]"
    assert silent[KINDS].isna().all()


# ---- the largest changes --------------------------------------------------------------------------------------------


def test_the_largest_changes_are_up_or_down_in_networks_that_reported_at_both():
    then = {"U1": 1.0, "U2": 5.0, "U3": 1.0, "U4": 0.0, "U5": 2.0, "U6": 1.0, "U7": 3.0, "U9": 50.0}
    now = {"U1": 1.5, "U2": 1.0, "U3": 4.0, "U4": 2.0, "U5": 3.0, "U6": 1.25, "U7": 3.0, "U8": 70.0}
    frame = workforce(
        [("2022-06", pcn, "splw", fte) for pcn, fte in then.items()]
        + [("2022-09", pcn, "splw", fte) for pcn, fte in now.items()]
    )
    summary, networks = largest_changes(networks_of(frame), ROLES, NO_BREAKS, ["splw"])
    found = one(summary, census="2022-09")
    assert (found["pcns_in_both"], found["pcns_changed"]) == (7, 6)
    assert (found["gains_fte"], found["losses_fte"], found["change_fte"]) == (6.75, -4.0, 2.75)
    assert found["largest_change_fte"] == -4 + 3 + 2 + 1 + 0.5
    assert found["largest_share_pct"] == pytest.approx(100 * 10.5 / 10.75)
    assert networks["pcn_code"].to_list() == ["U2", "U3", "U4", "U5", "U1"]
    assert networks["rank"].to_list() == [1, 2, 3, 4, 5]
    assert one(summary, census="2022-06")["note"] == "[x]"


def test_a_quarter_is_three_months_and_nothing_else():
    frame = workforce([("2022-12", "U1", "splw", 1), ("2023-01", "U1", "splw", 2), ("2026-06", "U1", "splw", 3)])
    summary, networks = largest_changes(networks_of(frame), ROLES, NO_BREAKS, ["splw"])
    assert set(summary["note"]) == {"[x]"}
    assert networks.empty


def test_where_nothing_changed_there_is_no_share():
    frame = workforce([("2022-06", "U1", "splw", 1), ("2022-09", "U1", "splw", 1)])
    summary, networks = largest_changes(networks_of(frame), ROLES, NO_BREAKS, ["splw"])
    found = one(summary, census="2022-09")
    assert (found["note"], found["share_note"], found["change_fte"]) == ("", "[z]", 0)
    assert networks.empty


@few
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=15))
def test_gains_and_losses_are_the_change_and_the_share_is_one_of_all_movement(pairs):
    frame = workforce(
        [
            (census, code(n), "splw", pair[side])
            for n, pair in enumerate(pairs)
            for side, census in enumerate(["2022-06", "2022-09"])
        ]
    )
    summary, networks = largest_changes(networks_of(frame), ROLES, NO_BREAKS, ["splw"])
    found = one(summary, census="2022-09")
    assert found["gains_fte"] + found["losses_fte"] == pytest.approx(found["change_fte"])
    assert found["change_fte"] == pytest.approx(sum(now - then for then, now in pairs))
    assert found["largest_change_fte"] == pytest.approx(networks["change_fte"].sum())
    moved = sorted((abs(now - then) for then, now in pairs), reverse=True)
    if sum(moved):
        assert found["largest_share_pct"] == pytest.approx(100 * sum(moved[:5]) / sum(moved))


# ---- the real extracts, by other code -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_network(real_data) -> dict[str, dict[str, dict[str, Fraction]]]:
    """FTE of link workers by census, network and data source, straight from the CSVs; networks without any included."""
    found: dict[str, dict[str, dict[str, Fraction]]] = {}
    for month in ("June", "September"):
        (path,) = (real_data / "pcn-workforce-individual").glob(f"*{month} 2022 Individual Level.csv")
        networks: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        with path.open(encoding="cp1252", newline="") as file:
            for row in csv.DictReader(file):
                amount = Fraction(row["FTE"]) if row["STAFF_ROLE"] == "Social Prescribing Link Workers" else Fraction(0)
                networks[row["PCN_CODE"]][row["Data_source"]] += amount
        found[month] = networks
    return found


@pytest.fixture(scope="module")
def real_networks(real) -> pd.DataFrame:
    return network_fte(real.table, pcn_lists(real.patients, real.table.censuses), ROLES, ["splw"])


def test_the_distribution_of_september_2022(real, real_networks, by_network, breaks):
    found = one(distribution(real_networks, ROLES, breaks, ["splw"]), census="2022-09")
    fte = {pcn: sum(sources.values()) for pcn, sources in by_network["September"].items()}
    top = sorted(fte.values(), reverse=True)
    assert len(fte) == found["pcns_reporting"] == 1105
    # A tenth of 1,105 networks: 110 of them, and half of the next.
    share = 100 * (sum(top[:110]) + top[110] / 2) / sum(top)
    assert found["top_tenth_fte_share_pct"] == pytest.approx(float(share))
    assert round(found["top_tenth_fte_share_pct"], 2) == 31.81

    march = real.patients[(real.patients["list_date"] == "2022-03-01") & (real.patients["org_type"] == "pcn")]
    sizes = {pcn: size for pcn, size in zip(march["org_code"], march["patients"], strict=True) if pcn in fte}
    rates = [float(10_000 * fte[pcn] / int(size)) for pcn, size in sizes.items()]
    assert found[DECILES].astype(float).to_list() == pytest.approx(quantiles(rates, n=10, method="inclusive"))
    without = sum(int(size) for pcn, size in sizes.items() if fte[pcn] <= 0)
    assert found["patients_without_share_pct"] == pytest.approx(100 * without / sum(int(s) for s in sizes.values()))
    assert found["pcns_with_list"] == len(sizes) == 1096
    assert round(found["rate_decile_5"], 3) == 0.322


def test_who_employed_in_september_2022(real, real_networks, by_network, breaks):
    found = one(employment(real_networks, real.table, ROLES, breaks, ["splw"]), level="england", census="2022-09")
    kinds = [
        (sources["NWRS Staff"] > 0, sources["NWRS contracted services"] > 0)
        for sources in by_network["September"].values()
    ]
    assert found[KINDS].to_list() == [
        kinds.count(kind) for kind in ((True, False), (False, True), (True, True), (False, False))
    ]
    assert found[KINDS].to_list() == [567, 260, 59, 219]


def test_the_largest_changes_to_september_2022(real_networks, by_network, breaks):
    summary, networks = largest_changes(real_networks, ROLES, breaks, ["splw"])
    found, (then, now) = one(summary, census="2022-09"), (by_network[month] for month in ("June", "September"))
    changes = {pcn: float(sum(now[pcn].values()) - sum(then[pcn].values())) for pcn in then.keys() & now.keys()}
    largest = sorted(changes, key=lambda pcn: (-round(abs(changes[pcn]), 6), pcn))[:5]
    assert found["pcns_in_both"] == len(changes) == 1077
    assert found["change_fte"] == pytest.approx(sum(changes.values()))
    assert found["largest_change_fte"] == pytest.approx(sum(changes[pcn] for pcn in largest))
    assert found["largest_share_pct"] == pytest.approx(
        100 * sum(abs(changes[pcn]) for pcn in largest) / sum(map(abs, changes.values()))
    )
    assert networks.loc[networks["census"] == "2022-09", "pcn_code"].to_list() == largest
    assert round(found["largest_share_pct"], 1) == 10.1
