"""Networks by the deprivation of their patients: scores, fifths, the concentration index."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from measures.measure_frames import ROLES, one, patients, workforce
from measures.test_measures_of_networks import code, networks_of

from analysis.measures.deprivation import deprivation, network_scores
from analysis.registers.breaks import Breaks

NO_BREAKS = Breaks(())
few = settings(max_examples=max(12, settings().max_examples // 8))
LIST = pd.Timestamp("2026-03-01")
CHOSEN = pd.DataFrame({"census": ["2026-03"], "map_date": [LIST], "list_date": [LIST]})


def scores_of(practices, year=2025, chosen=CHOSEN):
    """``practices``: (code, network, patients, score or None)."""
    mapped = pd.DataFrame(
        [(LIST, name, pcn) for name, pcn, *_ in practices], columns=["list_date", "practice_code", "pcn_code"]
    )
    counted = patients([("2026-03-01", "practice", name, size) for name, _, size, _ in practices])
    scored = [(name, year, score) for name, _, _, score in practices if score is not None]
    return network_scores(
        chosen, mapped, counted, pd.DataFrame(scored, columns=["practice_code", "imd_year", "imd_score"])
    )


def measured(networks):
    """The two frames for networks given as (FTE, patients, score), one practice each."""
    frame = workforce([("2026-03", code(n), "splw", fte) for n, (fte, _, _) in enumerate(networks)])
    listed = patients([("2026-03-01", "pcn", code(n), size) for n, (_, size, _) in enumerate(networks)])
    scores = scores_of([(f"P{n}", code(n), size, score) for n, (_, size, score) in enumerate(networks)])
    return deprivation(networks_of(frame, listed), scores, ROLES, NO_BREAKS, ["splw"])


# ---- scores ---------------------------------------------------------------------------------------------------------


def test_the_score_of_a_network_is_the_mean_of_its_practices_by_their_patients():
    found = one(scores_of([("P1", "U1", 3000, 10.0), ("P2", "U1", 1000, 30.0)]))
    assert found["imd_score"] == pytest.approx(15)
    assert (found["patients_of_practices"], found["patients_scored"]) == (4000, 4000)


def test_practices_without_a_score_are_counted_as_not_covered():
    found = scores_of([("P1", "U1", 3000, 10.0), ("P2", "U1", 1000, None), ("P3", "U2", 500, None)])
    assert found["pcn_code"].to_list() == ["U1"]
    assert (one(found)["imd_score"], one(found)["patients_scored"]) == (10, 3000)


def test_scores_of_a_year_after_the_census_are_not_used():
    assert scores_of([("P1", "U1", 3000, 10.0)], year=2027).empty


# ---- fifths and index -----------------------------------------------------------------------------------------------


def test_the_first_fifth_is_the_most_deprived_and_each_has_a_fifth_of_patients():
    summary, fifths = measured([(1.0 + n, 10_000, 10.0 * n) for n in range(5)])
    assert fifths["fifth"].to_list() == [1, 2, 3, 4, 5]
    assert fifths["imd_score_mean"].to_list() == [40, 30, 20, 10, 0]
    assert fifths["rate"].to_list() == pytest.approx([5, 4, 3, 2, 1])
    found = one(summary)
    assert found["rate_difference"] == pytest.approx(4)
    assert found["concentration_index"] < 0  # more FTE where deprivation is greater


def test_the_concentration_index_by_hand():
    """Ranks 0.1 to 0.9, FTE 5 to 1 of 15: 2 × (0.5 + 1.2 + 1.5 + 1.4 + 0.9) / 15 − 1 = −0.2667."""
    summary, _ = measured([(1.0 + n, 10_000, 10.0 * n) for n in range(5)])
    assert one(summary)["concentration_index"] == pytest.approx(2 * 5.5 / 15 - 1)


def test_fifths_are_of_patients_and_not_of_networks():
    """Four networks of 20,000 and many small ones: the small ones share one fifth."""
    small = [(0.1, 1000, 50.0 + n) for n in range(20)]
    _, fifths = measured([*small, *[(1.0, 20_000, 10.0 * n) for n in range(4)]])
    assert fifths["pcns"].to_list() == [20, 1, 1, 1, 1]
    assert fifths["patients"].to_list() == [20_000] * 5


def test_networks_without_score_or_list_are_left_out_and_counted():
    frame = workforce([("2026-03", code(n), "splw", 1) for n in range(8)])
    listed = patients([("2026-03-01", "pcn", code(n), 1000) for n in range(7)])
    scores = scores_of([(f"P{n}", code(n), 1000, float(n)) for n in range(6)])
    found = one(deprivation(networks_of(frame, listed), scores, ROLES, NO_BREAKS, ["splw"])[0])
    assert (found["pcns_ranked"], found["pcns_left_out"]) == (6, 2)


@pytest.mark.parametrize("networks", [[(1.0, 1000, 1.0)] * 12, [(1.0, 1000, float(n)) for n in range(3)]])
def test_without_five_fifths_nothing_is_said(networks):
    """Equal scores cannot be put in order, and three networks cannot be cut into five parts."""
    summary, fifths = measured(networks)
    assert one(summary)["note"] == "[x]"
    assert fifths.empty


def test_without_a_map_or_scores_it_is_not_available():
    frame = workforce([("2026-03", "U1", "splw", 1)])
    none = scores_of([("P1", "U1", 10, 1.0)], chosen=CHOSEN.iloc[:0])
    summary, fifths = deprivation(networks_of(frame), none, ROLES, NO_BREAKS, ["splw"])
    assert set(summary["note"]) == {"[x]"}
    assert fifths.empty


def test_where_nobody_is_in_the_role_there_is_no_index():
    summary, _ = measured([(0.0, 10_000, 10.0 * n) for n in range(5)])
    found = one(summary)
    assert (found["rate_difference"], found["note"], found["index_note"]) == (0, "", "[z]")


some_networks = st.lists(
    st.tuples(
        st.integers(0, 20).map(lambda q: q / 4),
        st.integers(100, 900).map(lambda n: n * 100),
        st.integers(0, 60).map(float),
    ),
    min_size=5,
    max_size=25,
)


@few
@given(some_networks)
def test_fifths_hold_every_network_once_and_the_index_is_between_bounds(networks):
    summary, fifths = measured(networks)
    if fifths.empty:
        return
    found = one(summary)
    assert fifths["fte"].sum() == pytest.approx(sum(fte for fte, _, _ in networks))
    assert fifths["patients"].sum() == sum(size for _, size, _ in networks)
    assert (fifths["imd_score_low"].to_numpy()[:-1] > fifths["imd_score_high"].to_numpy()[1:]).all()
    if sum(fte for fte, _, _ in networks):
        assert -1 <= found["concentration_index"] <= 1


@few
@given(some_networks)
def test_the_same_rate_everywhere_is_an_index_of_nothing_and_order_does_not_matter(networks):
    equal, _ = measured([(size / 10_000, size, score) for _, size, score in networks])
    found = one(equal)
    if found["note"] == "":
        assert found["concentration_index"] == pytest.approx(0, abs=1e-12)
        assert found["rate_difference"] == pytest.approx(0, abs=1e-12)
    forwards, backwards = measured(networks)[0], measured(networks[::-1])[0]
    assert forwards["concentration_index"].to_list() == pytest.approx(
        backwards["concentration_index"].to_list(), nan_ok=True
    )


@few
@given(some_networks)
def test_turning_the_scores_round_turns_the_sign(networks):
    here, there = measured(networks)[0], measured([(fte, size, -score) for fte, size, score in networks])[0]
    if one(here)["index_note"] == one(there)["index_note"] == "":
        assert one(here)["concentration_index"] == pytest.approx(-one(there)["concentration_index"])


# ---- June 2026, by other code ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def june_2026(real_data):
    """FTE of link workers and patients of reporting networks, and their scores, straight from the files."""

    def records(folder, name):
        path = real_data / folder / name
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                (member,) = (one for one in archive.namelist() if one.endswith(".csv"))
                yield from csv.DictReader(io.TextIOWrapper(archive.open(member), encoding="utf-8-sig"))
        else:
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from csv.DictReader(file)

    fte: dict[str, float] = defaultdict(float)
    for row in records("pcn-workforce-individual", "PCNWFIndividualCSV.062026.zip"):
        fte[row["PCN_CODE"]] += float(row["FTE"]) if row["STAFF_ROLE"] == "Social Prescribing Link Workers" else 0
    sizes = {
        (row["ORG_TYPE"], row["ORG_CODE"]): int(row["NUMBER_OF_PATIENTS"])
        for row in records("patients", "gp-reg-pat-prac-quin-age.zip")
        if row["SEX"] == "ALL" and row["AGE_GROUP_5"] == "ALL"
    }
    network = {
        row["PRACTICE_CODE"]: row["PCN_CODE"] for row in records("patients/practice-map", "gp-reg-pat-prac-map.zip")
    }
    score = {
        row["PRACTICE_CODE"]: float(row["IMD_SCORE"])
        for row in records("deprivation", "fingertips-imd-2025-gp-practice.csv")
    }
    return fte, sizes, network, score


def test_the_deprivation_of_june_2026(june_2026):
    fte, sizes, network, score = june_2026
    whole, scored, weighted = defaultdict(int), defaultdict(int), defaultdict(float)
    for practice, pcn in network.items():
        size = sizes["GP", practice]
        whole[pcn] += size
        if practice in score:
            scored[pcn] += size
            weighted[pcn] += size * score[practice]
    order = sorted((pcn for pcn in fte if scored[pcn]), key=lambda pcn: -weighted[pcn] / scored[pcn])
    everyone, before, area, rates = sum(sizes["PCN", pcn] for pcn in order), 0, 0.0, [[0.0, 0] for _ in range(5)]
    for pcn in order:
        middle = (before + sizes["PCN", pcn] / 2) / everyone
        area += fte[pcn] * middle
        rates[int(5 * middle)][0] += fte[pcn]
        rates[int(5 * middle)][1] += sizes["PCN", pcn]
        before += sizes["PCN", pcn]

    frame = workforce([("2026-06", pcn, "splw", amount) for pcn, amount in fte.items()])
    listed = patients(
        [("2026-06-01", kind.lower(), organisation, size) for (kind, organisation), size in sizes.items()]
    )
    when = pd.Timestamp("2026-06-01")
    found, fifths = deprivation(
        networks_of(frame, listed),
        network_scores(
            pd.DataFrame({"census": ["2026-06"], "map_date": [when], "list_date": [when]}),
            pd.DataFrame({"list_date": when, "practice_code": list(network), "pcn_code": list(network.values())}),
            listed[listed["org_type"] == "gp"],
            pd.DataFrame({"practice_code": list(score), "imd_year": 2025, "imd_score": list(score.values())}),
        ),
        ROLES,
        NO_BREAKS,
        ["splw"],
    )
    assert fifths["rate"].to_list() == pytest.approx([10_000 * amount / size for amount, size in rates])
    summary = one(found)
    assert summary["concentration_index"] == pytest.approx(2 * area / sum(fte.values()) - 1)
    assert summary["patients_scored_share_pct"] == pytest.approx(
        100 * sum(scored[pcn] for pcn in order) / sum(whole[pcn] for pcn in order)
    )
    assert np.round(fifths["rate"], 3).to_list() == [0.485, 0.442, 0.402, 0.415, 0.381]
    assert (round(summary["concentration_index"], 3), summary["pcns_ranked"]) == (-0.05, 1271)
