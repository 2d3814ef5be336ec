"""What holds for any extracts, however small or odd: checked on arbitrary ones."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from measures.measure_frames import ROLES, bulletin, one, patients, workforce

from analysis.measures.bounds import bounds
from analysis.measures.coverage import coverage
from analysis.measures.decomposition import decomposition
from analysis.measures.growth import growth
from analysis.measures.national import national_totals
from analysis.measures.panels import balanced_panel, entrants
from analysis.measures.patients import nearest_date
from analysis.measures.places import places
from analysis.measures.totals import MEASURES, NOTES, totals
from analysis.periods import NEAR_DAYS, census_date
from analysis.registers.breaks import load_breaks

BREAKS = load_breaks()
# Each example makes whole frames, a tenth of a second and more: an eighth of the examples of the profile in force.
few = settings(max_examples=max(12, settings().max_examples // 8))
CENSUSES = ("2021-03", "2021-06", "2021-09", "2022-06")
PCNS = tuple(f"U0000{number}" for number in range(6))
LEVELS = ("england", "region", "icb", "sub_icb")

rows = st.lists(
    st.tuples(
        st.sampled_from(CENSUSES),
        st.sampled_from(PCNS),
        st.sampled_from(("splw", "hwbc", "manager")),
        st.integers(0, 200).map(lambda hundredths: hundredths / 100),
        st.sampled_from(("staff", "contracted")),
    ),
    min_size=1,
    max_size=30,
)
areas = st.dictionaries(st.sampled_from(PCNS), st.sampled_from(("QA1", "QB2", "QC3")))
moves = st.dictionaries(
    st.tuples(st.sampled_from(PCNS), st.sampled_from(CENSUSES)), st.sampled_from(("QA1", "QB2", "QC3")), max_size=4
)
frames = st.builds(lambda rows, areas, moves: workforce(rows, areas | moves), rows, areas, moves)


def ends(frame):
    seen = frame.censuses
    assume(len(seen) > 1)
    return seen[0], seen[-1]


@few
@given(frames)
def test_the_parts_of_a_change_add_up(frame):
    """Change = in both + newly reporting + dropped out, and PCNs likewise, at every level, even when PCNs move."""
    ends(frame)
    found = decomposition(frame, ROLES, BREAKS, levels=LEVELS)
    parts = found["in_both_fte"] + found["newly_reporting_fte"] + found["dropped_out_fte"]
    assert ((found["change_fte"] - parts).abs().dropna() < 1e-9).all()
    england = found[found["level"] == "england"].drop_duplicates(["census"])
    reported = frame.networks.groupby("census").size()
    now = england["pcns_in_both"] + england["pcns_newly_reporting"]
    before = england["pcns_in_both"] + england["pcns_dropped_out"]
    assert now.tolist() == reported.reindex(england["census"]).tolist()
    assert before.tolist() == reported.reindex(england["from_census"]).tolist()


@few
@given(frames)
def test_a_change_backwards_is_the_change_forwards_with_its_sign_turned(frame):
    """In both: the negative. Newly reporting and dropped out change places. The matched levels swap."""
    first, last = ends(frame)
    forth, back = (
        decomposition(frame, ROLES, BREAKS, [pair], levels=["england"], codes=["splw"]).set_index("data_source")
        for pair in ((first, last), (last, first))
    )
    for left, right, sign in (
        ("in_both_fte", "in_both_fte", -1),
        ("newly_reporting_fte", "dropped_out_fte", -1),
        ("in_both_from_fte", "in_both_to_fte", 1),
        ("pcns_newly_reporting", "pcns_dropped_out", 1),
    ):
        np.testing.assert_allclose(forth[left], sign * back[right], atol=1e-9)


@few
@given(frames)
def test_a_census_compared_with_itself_has_not_changed(frame):
    census = ends(frame)[0]
    found = decomposition(frame, ROLES, BREAKS, [(census, census)], codes=["splw"])
    values = ["change_fte", "in_both_fte", "newly_reporting_fte", "dropped_out_fte"]
    assert (found[values] == 0).all(axis=None)
    assert (found[["pcns_newly_reporting", "pcns_dropped_out", "pcns_moved"]] == 0).all(axis=None)


@few
@given(frames)
def test_fte_and_rows_of_areas_add_up_and_people_never_fall_short(frame):
    """FTE, rows and PCNs of each level sum to England's; the headcounts of areas sum to at least England's."""
    found = totals(frame, ROLES, BREAKS, levels=LEVELS)
    sums = found.groupby(["level", "census", "role"])[MEASURES].sum()
    england = sums.loc["england"]
    for level in LEVELS[1:]:
        np.testing.assert_allclose(sums.loc[level, "fte"], england["fte"], atol=1e-9)
        assert (sums.loc[level, ["rows", "pcns_with_role"]] == england[["rows", "pcns_with_role"]]).all(axis=None)
        assert (sums.loc[level, "headcount"] >= england["headcount"]).all()
    np.testing.assert_allclose(found["fte_staff"] + found["fte_contracted"], found["fte"], atol=1e-9)


@few
@given(frames)
def test_no_figure_is_missing_without_a_reason(frame):
    found = totals(frame, ROLES, BREAKS)
    for column, measures in NOTES.items():
        missing = found[measures].isna().any(axis=1)
        pd.testing.assert_series_equal(missing, found[column].isin(["[x]", "[z]"]), check_names=False)


@few
@given(frames)
def test_a_group_is_at_least_each_of_its_roles(frame):
    """Link workers and coaches: FTE is the sum; people at most the sum, at least the larger."""
    england = totals(frame, ROLES, BREAKS, levels=["england"])
    for census in england["census"].unique():
        link, coach, both = (one(england, census=census, role=role) for role in ("splw", "hwbc", "splw_hwbc"))
        assert abs(both["fte"] - link["fte"] - coach["fte"]) < 1e-9
        assert max(link["headcount"], coach["headcount"]) <= both["headcount"]
        assert both["headcount"] <= link["headcount"] + coach["headcount"]


@few
@given(frames, st.integers(len(PCNS), 50), st.lists(st.integers(1, 10**6), min_size=len(PCNS), max_size=len(PCNS)))
def test_bounds_are_in_order(frame, active, sizes):
    """With at least as many active PCNs as reporting ones, and all on the list: reported is the lowest."""
    counts = bulletin([("pcns_active", census, "all", active) for census in CENSUSES])
    lists = patients(("2021-03-01", "pcn", pcn, size) for pcn, size in zip(PCNS, sizes, strict=True))
    nothing = pd.DataFrame(columns=["measure", "census", "role", "value"])
    covered = coverage(frame, counts, nothing, BREAKS, levels=["england"])
    found = bounds(totals(frame, ROLES, BREAKS, levels=["england"]), covered, frame, lists, roles=ROLES)
    for column in ("grossed_pcns", "grossed_patients"):
        known = found.dropna(subset=["reported", column])
        assert (known[column] >= known["reported"] - 1e-9).all()
        assert set(found.loc[found[column].notna(), f"{column}_note"]) <= {"[e]"}


@few
@given(frames, st.sets(st.sampled_from(PCNS)), st.sampled_from(["2021-02-01", "2021-04-01", "2021-07-01"]))
def test_shares_are_between_nothing_and_all(frame, on_list, date):
    """Whatever the list holds: who reported of those expected is a part of them, at every level and census."""
    nothing = pd.DataFrame(columns=["measure", "census", "role", "value"])
    sizes = patients((date, "pcn", pcn, 1000) for pcn in sorted(on_list))
    found = coverage(frame, bulletin([]), nothing, BREAKS, patients=sizes)
    known = found.dropna(subset="reporting_share_pct")
    assert known["reporting_share_pct"].between(0, 100).all()
    assert (known["pcns_expected_reporting"] <= known[["pcns_expected", "pcns_reporting"]].min(axis=1)).all()


@given(st.sampled_from(CENSUSES), st.lists(st.integers(-400, 400), min_size=1, max_size=6, unique=True))
def test_the_nearest_list_is_nearest_on_either_side(census, days):
    """No list within three months is nearer than the one chosen; which side it is on does not matter."""
    day = pd.Timestamp(census_date(census))
    chosen = nearest_date(census, [day + pd.Timedelta(days=d) for d in days])
    mirrored = nearest_date(census, [day - pd.Timedelta(days=d) for d in days])
    near = [abs(d) for d in days if abs(d) <= NEAR_DAYS]
    if near:
        assert chosen is not None
        assert mirrored is not None
        assert abs((chosen - day).days) == abs((mirrored - day).days) == min(near)
    elif chosen is not None:
        assert (chosen - day).days == max(d for d in days if d < 0)


@few
@given(frames)
def test_a_balanced_panel_is_within_the_matched_pair_of_its_ends(frame):
    """Who reported at every census reported at both ends: no more PCNs, and no more FTE."""
    first, last = ends(frame)
    panel = balanced_panel(frame, ROLES, BREAKS, ["splw"], since=first, until=last)
    pair = decomposition(frame, ROLES, BREAKS, [(first, last)], levels=["england"], codes=["splw"])
    pair = one(pair, data_source="all")
    if panel.empty:
        return
    assert panel["pcns"].iloc[0] <= pair["pcns_in_both"]
    assert panel["fte"].iloc[0] <= pair["in_both_from_fte"] + 1e-9
    assert panel["fte"].iloc[-1] <= pair["in_both_to_fte"] + 1e-9


@pytest.mark.parametrize("rows", [[], [("2021-03", "U00001", "splw", 1)]], ids=["no census", "one census"])
def test_every_measure_bears_having_nothing_to_compare(rows):
    """Without extracts, or with a single one, there is no change: empty frames with their columns, and no error."""
    frame = workforce(rows)
    given_bulletin = bulletin([("fte", "2020-12", "splw", 5), ("pcns_reporting", "2020-12", "all", 9)])
    published = pd.DataFrame(columns=["measure", "census", "role", "data_source", "value", "source"])
    summed = national_totals(totals(frame, ROLES, BREAKS), given_bulletin, ROLES, BREAKS)
    covered = coverage(frame, given_bulletin, published, BREAKS)
    changes = decomposition(frame, ROLES, BREAKS)
    newcomers = entrants(frame, changes, ROLES, ["splw"])
    described = places(frame, ROLES, BREAKS, totals=summed, coverage=covered, patients=patients([]))
    assert one(summed, census="2020-12", role="splw")["fte"] == 5
    assert one(covered, census="2020-12", level="england")["pcns_reporting"] == 9
    assert (
        one(
            bounds(summed, covered, frame, patients([]), roles=ROLES),
            census="2020-12",
            role="splw",
            measure="fte",
        )["reported"]
        == 5
    )
    assert {"change_fte", "note"} <= set(changes.columns)
    assert {"ratio", "note"} <= set(newcomers.columns)
    assert len(changes) == len(newcomers) == 0
    assert set(described["census"]) == {row[0] for row in rows}
    first = growth(summed, frame, ROLES, BREAKS)
    assert set(first.loc[first["census"] == "2020-12", "change_quarter_note"]) <= {"[x]", "[z]"}
