"""PCNs in the data at one of two censuses only: did they begin to report, or are they new; did they stop, or close."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import example, given, settings
from measures.measure_frames import ROLES, one, patients, practice_map, workforce

from analysis.measures.decomposition import PCN_COUNTS, decomposition
from analysis.measures.panels import entrants
from analysis.measures.successors import SAME_NETWORK_SHARE, Successors
from analysis.registers.breaks import load_breaks

BREAKS = load_breaks()
START, END = "2022-03", "2022-06"
PARTS = {
    "newly_reporting": ("began_reporting", "newly_formed", "only_later"),
    "dropped_out": ("stopped_reporting", "closed", "only_earlier"),
}


def split(frame, pair=(START, END), **lists):
    """The one row of England: link workers, both data sources."""
    return one(
        decomposition(frame, ROLES, BREAKS, [pair], levels=["england"], codes=["splw"], **lists), data_source="all"
    )


def listed(**codes):
    """A list of registered patients for each date: ``listed(d20220301=["U00001"])``."""
    rows = [(f"{day[1:5]}-{day[5:7]}-{day[7:]}", "pcn", code, 30_000) for day, held in codes.items() for code in held]
    return patients(rows)


ROWS = [
    (START, "U00001", "splw", 1),
    (END, "U00001", "splw", 3),
    (END, "U00002", "splw", 2),
    (END, "U00003", "splw", 0.5),
    (START, "U00004", "splw", 4),
    (START, "U00005", "splw", 0.25),
]
ONE_EACH = workforce(ROWS)


def test_lists_tell_newcomers_from_new_networks_and_closed_ones_from_silent_ones():
    """U2 was listed before and began; U3 was formed; U4 is still listed and silent; U5 is gone from the list."""
    lists = listed(d20220401=["U00001", "U00002", "U00004", "U00005"], d20220701=["U00001", "U00002", "U00004"])
    found = split(ONE_EACH, patients=lists)
    assert (found["began_reporting_fte"], found["newly_formed_fte"], found["only_later_fte"]) == (2, 0.5, 0)
    assert (found["stopped_reporting_fte"], found["closed_fte"], found["only_earlier_fte"]) == (-4, -0.25, 0)
    assert (found["newly_reporting_fte"], found["dropped_out_fte"], found["in_both_fte"]) == (2.5, -4.25, 2)
    assert [found[f"pcns_{name}"] for name in (*PARTS["newly_reporting"], *PARTS["dropped_out"])] == [1, 1, 0, 1, 1, 0]
    assert (found["from_list_date"], found["list_date"]) == (pd.Timestamp("2022-04-01"), pd.Timestamp("2022-07-01"))


def test_where_nothing_tells_it_is_not_known_and_not_none():
    """Without a list: in the data at one census only, and how many were formed or closed is [x]."""
    found = split(ONE_EACH)
    assert (found["only_later_fte"], found["only_earlier_fte"]) == (2.5, -4.25)
    assert math.isnan(found["newly_formed_fte"])
    assert math.isnan(found["pcns_closed"])
    notes = ["newly_formed_note", "closed_note", "pcns_newly_formed_note", "pcns_closed_note"]
    assert set(found[notes]) == {"[x]"}


def test_a_code_seen_before_and_after_was_there_in_between():
    """Of extracts alone: U2 reported in December 2021 and again in June; U4 does so again in September."""
    found = split(workforce([*ROWS, ("2021-12", "U00002", "cc", 1), ("2022-09", "U00004", "cc", 1)]))
    assert (found["pcns_began_reporting"], found["pcns_only_later"]) == (1, 1)
    assert (found["pcns_stopped_reporting"], found["pcns_only_earlier"]) == (1, 1)


@pytest.mark.parametrize("day", ["d20220630", "d20220701"])
def test_a_list_at_or_after_the_later_census_tells_nothing_of_the_earlier_one(day):
    """U2 and U3 report at the later census: that a list of that time has them is no news of the time before."""
    found = split(ONE_EACH, patients=listed(**{day: ["U00001", "U00002", "U00003"]}))
    assert found["pcns_only_later"] == 2
    assert pd.isna(found["from_list_date"])


def test_backwards_began_and_stopped_change_places():
    lists = listed(d20220401=["U00001", "U00002", "U00004", "U00005"], d20220701=["U00001", "U00002", "U00004"])
    forth, back = split(ONE_EACH, patients=lists), split(ONE_EACH, (END, START), patients=lists)
    pairs = [("began_reporting", "stopped_reporting"), ("newly_formed", "closed"), ("only_later", "only_earlier")]
    for one_way, other_way in [*pairs, *((b, a) for a, b in pairs)]:
        assert forth[f"{one_way}_fte"] == -back[f"{other_way}_fte"]
        assert forth[f"pcns_{one_way}"] == back[f"pcns_{other_way}"]


# ---- one network under two codes ------------------------------------------------------------------------------------

OLD_MAP = [(f"P{n}", "U00004") for n in range(5)] + [("Q1", "U00001"), ("Q2", "U00005")]


def maps(after, before=OLD_MAP):
    dated = {"2022-04-01": before, "2022-07-01": after}
    return practice_map([(date, practice, pcn) for date, rows in dated.items() for practice, pcn in rows])


def test_a_network_is_followed_through_a_change_of_code():
    """U4's five practices are U2's: U2's FTE less U4's is a change in both, and nobody is new or closed of the two."""
    after = [(practice, "U00002" if pcn == "U00004" else pcn) for practice, pcn in OLD_MAP]
    found = split(ONE_EACH, practice_map=maps(after))
    assert (found["pcns_in_both"], found["pcns_followed"]) == (2, 1)
    assert found["in_both_fte"] == (3 - 1) + (2 - 4)
    assert (found["newly_reporting_fte"], found["dropped_out_fte"]) == (0.5, -0.25)
    assert found["change_fte"] == 5.5 - 5.25
    changes = decomposition(ONE_EACH, ROLES, BREAKS, practice_map=maps(after))
    newcomers = one(entrants(ONE_EACH, changes, ROLES, ["splw"], practice_map=maps(after)))
    assert (newcomers["pcns_newly_reporting"], newcomers["median_newly_reporting"]) == (1, 0.5)
    assert (newcomers["pcns_incumbent"], newcomers["median_incumbent"]) == (2, 2.5)


@pytest.mark.parametrize(
    ("after", "followed"),
    [
        pytest.param([(f"P{n}", "U00002") for n in range(4)], {"U00004": "U00002"}, id="four of five practices"),
        pytest.param([(f"P{n}", "U00002") for n in range(3)], {}, id="three of five: it was divided"),
        pytest.param([(f"P{n}", "U00002") for n in range(5)] + [("Q2", "U00002"), ("Q1", "U00002")], {}, id="merged"),
        pytest.param(
            [(f"P{n}", "U00002") for n in range(4)] + [("P4", "U00004")], {}, id="the old code is still there"
        ),
        pytest.param([(f"P{n}", "U00001") for n in range(5)], {}, id="taken in by a network that was there"),
        pytest.param([("P0", "U00004")], {}, id="the same code"),
    ],
)
def test_a_successor_has_most_of_the_practices_and_few_others(after, followed):
    assert Successors(maps(after), None).between(START, END) == followed


def test_patients_weigh_where_the_list_of_the_day_has_the_practices():
    """Two practices of five that have nearly all the patients make the network."""
    sizes = {"P0": 9_000, "P1": 9_000, "P2": 100, "P3": 100, "P4": 100}
    rows = [(date, "practice", code, n) for date in ("2022-04-01", "2022-07-01") for code, n in sizes.items()]
    assert Successors(maps([("P0", "U00002"), ("P1", "U00002")]), patients(rows)).between(START, END) == {
        "U00004": "U00002"
    }
    assert Successors(maps([("P2", "U00002"), ("P3", "U00002")]), patients(rows)).between(START, END) == {}


def test_one_map_alone_follows_nobody():
    assert Successors(maps([]), None).between(START, END) == {}
    assert Successors(None, None).between(START, END) == {}


def test_the_share_leaves_one_successor_at_most():
    assert SAME_NETWORK_SHARE > 0.5


# ---- what holds for any history -------------------------------------------------------------------------------------

CODES = [f"U0000{n}" for n in range(8)]
CENSUSES = ("2021-12", START, END, "2022-09")
histories = st.lists(
    st.tuples(
        st.sampled_from(CENSUSES),
        st.sampled_from(CODES),
        st.sampled_from(["splw", "cc"]),
        st.integers(0, 400).map(lambda hundredths: hundredths / 100),
    ),
    min_size=2,
    max_size=40,
)
lists_of = st.dictionaries(
    st.sampled_from(["2021-03-01", "2022-04-01", "2022-06-01", "2022-10-01"]), st.sets(st.sampled_from(CODES))
)
maps_of = st.dictionaries(
    st.sampled_from(["2022-04-01", "2022-07-01"]),
    st.dictionaries(st.sampled_from([f"P{n}" for n in range(6)]), st.sampled_from(CODES), min_size=1),
)


@settings(max_examples=max(12, settings().max_examples // 8))
@given(histories, lists_of, maps_of)
@example(  # two maps of practices without a practice in common
    [("2021-12", "U00000", "splw", 0.0), ("2022-06", "U00000", "splw", 0.0)],
    {},
    {"2022-04-01": {"P0": "U00000"}, "2022-07-01": {"P1": "U00000"}},
)
def test_the_parts_add_up_whatever_is_known(rows, lists, mapped):
    """In both, and the six parts of the rest: to the change, to its totals, and to the PCNs of either census."""
    frame = workforce(rows)
    held = frame.censuses
    pairs = [(held[0], held[-1]), (held[-1], held[0]), (held[0], held[len(held) // 2])]
    found = decomposition(
        frame,
        ROLES,
        BREAKS,
        pairs,
        patients=patients([(day, "pcn", code, 1) for day, codes in lists.items() for code in codes]),
        practice_map=practice_map([(day, p, pcn) for day, at in mapped.items() for p, pcn in at.items()]),
        levels=("england", "icb"),
        codes=["splw", "cc"],
    )
    known = found[found["note"] != "[z]"]
    for unit in ("{}_fte", "pcns_{}"):
        for total, names in PARTS.items():
            parts = known[[unit.format(name) for name in names]].fillna(0).sum(axis=1)
            assert ((parts - known[unit.format(total)]).abs() < 1e-9).all()
    parts = known[["in_both_fte", *(f"{name}_fte" for names in PARTS.values() for name in names)]].fillna(0).sum(axis=1)
    assert ((parts - known["change_fte"]).abs() < 1e-9).all()
    assert ((known["to_fte"] - known["from_fte"] - known["change_fte"]).abs() < 1e-9).all()
    reported = frame.networks.groupby("census").size()
    england = found[found["level"] == "england"].drop_duplicates(["from_census", "census"])
    now, then = (england["pcns_in_both"] + england[f"pcns_{name}"] for name in PARTS)
    assert now.tolist() == reported.reindex(england["census"]).tolist()
    assert then.tolist() == reported.reindex(england["from_census"]).tolist()
    assert (found["pcns_followed"] <= found["pcns_in_both"]).all()
    assert (found[PCN_COUNTS].fillna(0) >= 0).all(axis=None)


# ---- the real extracts ----------------------------------------------------------------------------------------------


def test_of_the_networks_new_and_gone_in_june_2026(real_to_2026):
    """58 of the 190 that are new since September 2022 have new codes, and all 24 that went have closed."""
    given = real_to_2026
    found = split(given.table, ("2022-09", "2026-06"), patients=given.patients, practice_map=given.practice_map)
    assert found["pcns_in_both"] == 1081
    assert [found[f"pcns_{name}"] for name in PARTS["newly_reporting"]] == [132, 58, 0]
    assert [found[f"pcns_{name}"] for name in PARTS["dropped_out"]] == [0, 24, 0]
    assert (found["from_list_date"], found["list_date"]) == (pd.Timestamp("2022-03-01"), pd.Timestamp("2026-07-01"))
