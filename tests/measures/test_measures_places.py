"""Bounds, places, funnels, areas over time, back-tests."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures.measure_frames import bulletin, compact_table, one, patients, workforce

from analysis.measures.backtests import backtests
from analysis.measures.bounds import bounds
from analysis.measures.coverage import coverage
from analysis.measures.funnel import MIN_AREAS, funnel_limits, ratio_interval
from analysis.measures.geography import one_to_one
from analysis.measures.national import national_totals
from analysis.measures.patients import nearest_date, pcn_lists, placed_pcns
from analysis.measures.places import BANDS, FUNNEL, places
from analysis.measures.totals import totals


def england_active(active, census="2022-03", role="all"):
    return bulletin([("pcns_active", census, role, active)])


# ---- bounds ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_bounds(real, real_totals, real_coverage, roles, breaks):
    every = national_totals(real_totals, real.bulletin, roles, breaks)
    return bounds(every, real_coverage, real.table, real.patients, roles=roles)


def test_grossing_by_pcns_is_reported_times_active_over_reporting(real_bounds):
    """March 2021, FTE: 1,093.33 × 1,253 / 855; people: 1,066 × 1,253 / 833, the PCNs recording staff."""
    march = real_bounds[(real_bounds["census"] == "2021-03") & (real_bounds["role"] == "splw")]
    fte, people = one(march, measure="fte"), one(march, measure="headcount")
    assert fte["grossed_pcns"] == pytest.approx(1093.331333 * 1253 / 855)
    assert people["grossed_pcns"] == pytest.approx(1066 * 1253 / 833)
    assert (fte["grossed_pcns_note"], people["grossed_pcns_note"]) == ("[e]", "[e]")


def test_grossing_by_patients_scales_what_the_pcns_on_the_list_reported(real, real_bounds):
    """FTE of PCNs that are not on the list stands as it is: their patients are on neither side of the ratio."""
    found = one(real_bounds, census="2022-09", role="splw", measure="fte")
    sizes = real.patients[real.patients["list_date"] == "2022-03-01"].set_index("org_code")["patients"]
    sizes = sizes[sizes.index.str.fullmatch(r"U\d{5}")]
    rows = real.workforce[real.workforce["census"] == "2022-09"]
    on_list = rows["pcn_code"].isin(sizes.index)
    fte = rows["fte"].where(rows["role"] == "splw", 0.0)
    ratio = sizes.sum() / sizes.reindex(rows.loc[on_list, "pcn_code"].astype("str").unique()).sum()
    assert fte[~on_list].sum() > 10
    assert found["grossed_patients"] == pytest.approx(fte[on_list].sum() * ratio + fte[~on_list].sum())


def test_the_nearest_list_serves_a_census(real_bounds):
    """Lists of 1 March 2021 and 2022, two months after December, are nearer to it than those of the March before."""
    fte = real_bounds[(real_bounds["role"] == "splw") & (real_bounds["measure"] == "fte")].set_index("census")
    assert fte.loc["2020-09", "grossed_patients_note"] == "[x]"
    assert math.isnan(fte.loc["2020-09", "grossed_patients"])
    dates = fte["list_date"].dropna().dt.strftime("%Y-%m-%d").to_dict()
    assert {dates[census] for census in ("2020-12", "2021-03", "2021-06", "2021-09")} == {"2021-03-01"}
    assert {dates[census] for census in ("2021-12", "2022-03", "2022-06", "2022-09")} == {"2022-03-01"}


@pytest.mark.parametrize(
    ("list_date", "serves"),
    [
        ("2021-03-31", False),
        ("2021-04-01", True),
        ("2022-03-31", True),
        ("2022-04-01", True),
        ("2022-07-01", True),
        ("2022-07-02", False),
    ],
)
def test_how_far_a_list_may_be_from_a_census(list_date, serves):
    """For the census of 31 March 2022: within 92 days on either side, and up to a year before."""
    found = pcn_lists(patients([(list_date, "pcn", "U00001", 1000)]), ["2022-03"])
    assert (len(found) == 1) is serves


@pytest.mark.parametrize(
    ("dates", "chosen"),
    [
        (["2026-04-01", "2026-07-01"], "2026-07-01"),  # the day after is nearer than three months before
        (["2026-06-01", "2026-08-01"], "2026-06-01"),
        (["2026-06-29", "2026-07-01"], "2026-06-29"),  # equally near: the earlier
        (["2025-09-01", "2026-01-01"], "2026-01-01"),  # none is near: the latest of the year before
        (["2025-09-01", "2026-12-01"], "2025-09-01"),  # none of the months after
        (["2025-06-30", "2026-12-01"], None),
    ],
)
def test_which_of_several_lists_serves(dates, chosen):
    """The nearest within three months on either side, else the latest within the year before."""
    found = nearest_date("2026-06", [pd.Timestamp(date) for date in dates])
    assert found == (pd.Timestamp(chosen) if chosen else None)


def test_patients_in_no_pcn_are_no_pcn():
    """The code U is "Unallocated"; the nearest list is taken."""
    rows = [
        ("2021-06-01", "pcn", "U00001", 900),
        ("2022-03-01", "pcn", "U00001", 1000),
        ("2022-03-01", "pcn", "U", 5000),
        ("2022-03-01", "practice", "A81001", 7000),
    ]
    found = pcn_lists(patients(rows), ["2022-03"])
    assert found[["pcn_code", "patients"]].to_numpy().tolist() == [["U00001", 1000]]


def test_reported_is_the_lowest_bound(real_bounds):
    """Both ways of grossing give at least what was reported, for every role, measure and census."""
    for column in ("grossed_pcns", "grossed_patients"):
        known = real_bounds.dropna(subset=["reported", column])
        assert len(known) > 100
        assert (known[column] >= known["reported"]).all()


def test_fewer_active_than_reporting_pcns_gross_nothing(real, roles, breaks):
    """Contradictory counts give [x], not a bound below what was reported."""
    frame = workforce([("2022-03", pcn, "splw", 1) for pcn in ("U00001", "U00002")])
    covered = coverage(frame, england_active(1), real.published.head(0), breaks)
    found = bounds(totals(frame, roles, breaks), covered, frame, patients([]), roles=roles)
    found = one(found, role="splw", measure="fte")
    assert math.isnan(found["grossed_pcns"])
    assert (found["grossed_pcns_note"], found["grossed_patients_note"]) == ("[x]", "[x]")


def test_a_census_of_the_bulletin_is_grossed_by_pcns_alone(real_bounds):
    """December 2022: 2,344.77 × 1,263 / 1,170; who reported is not known PCN by PCN."""
    december = one(real_bounds, census="2022-12", role="splw", measure="fte")
    assert december["grossed_pcns"] == pytest.approx(2344.7652 * 1263 / 1170)
    assert december["grossed_patients_note"] == "[x]"


# ---- places ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_places(real, real_totals, real_coverage, roles, breaks):
    return places(
        real.table,
        roles,
        breaks,
        totals=real_totals,
        coverage=real_coverage,
        patients=real.patients,
        censuses=["2020-03", "2022-03", "2022-09"],
    )


def test_pcns_with_link_workers_in_september_2022(real_places):
    """886 of 1,105 reporting PCNs have any, 796 have one FTE or more."""
    found = one(real_places, level="england", census="2022-09", role="splw")
    assert found["pcns_reporting"] == 1105
    assert found["pcns_reporting"] - found["pcns_none"] == 886
    assert found["pcns_1_to_2"] + found["pcns_2_plus"] == 796


def test_bands_hold_every_reporting_pcn_once(real_places):
    known = real_places[real_places["bands_note"] == ""]
    assert (known[["pcns_any", "pcns_none"]].sum(axis=1) == known["pcns_reporting"]).all()
    assert (known[["pcns_under_1", "pcns_1_to_2", "pcns_2_plus"]].sum(axis=1) == known["pcns_any"]).all()


def test_rows_without_fte_are_nobody(real_places):
    """March 2020: 106 PCNs have rows of link workers, in five of them all without any FTE."""
    found = one(real_places, level="england", census="2020-03", role="splw")
    assert found[BANDS].tolist() == [101, 87, 25, 68, 8]


def test_no_number_is_infinite_at_any_census(real_places):
    """Two PCNs of March 2022 are on the list with nobody left on it."""
    numbers = real_places.select_dtypes("number").to_numpy()
    assert not np.isinf(numbers).any()
    empty = real_places[(real_places["patients_all"] == 0) & (real_places["role"] == "splw")]
    assert {"U16896", "U97058"} <= set(empty["area_code"])
    assert set(empty["rate_all_note"]) == {"[x]"}


def test_the_national_rate_of_march_2022_has_its_denominators(real_places, real):
    """FTE and patients of the same 1,054 PCNs: 1,060 reported, six of them are not on the list."""
    found = one(real_places, level="england", census="2022-03", role="splw")
    sizes = real.patients[real.patients["list_date"] == "2022-03-01"].set_index("org_code")["patients"]
    rows = real.workforce[(real.workforce["census"] == "2022-03")]
    listed = rows[rows["pcn_code"].isin(sizes.index)]
    fte = listed.loc[listed["role"] == "splw", "fte"].sum()
    reporting = sizes.reindex(listed["pcn_code"].astype("str").unique())
    assert (found["pcns_reporting"], found["pcns_with_list"]) == (1060, 1054)
    assert found["fte_with_list"] == pytest.approx(fte)
    assert found["patients_reporting"] == reporting.sum()
    assert found["rate_reporting"] == pytest.approx(10_000 * fte / reporting.sum())
    assert found["patients_all"] == sizes.sum()
    assert found["rate_all"] < found["rate_reporting"]


def test_every_icb_has_a_rate_in_march_2022_and_none_in_march_2020(real_places):
    """42 ICBs with denominators; no list is within a year of March 2020."""
    icbs = real_places[(real_places["level"] == "icb") & (real_places["role"] == "splw")]
    march = icbs[icbs["census"] == "2022-03"]
    assert len(march) == 42
    assert march[["patients_reporting", "patients_all", "rate_reporting", "rate_all", *FUNNEL]].notna().all(axis=None)
    early = icbs[icbs["census"] == "2020-03"]
    assert early["rate_reporting"].isna().all()
    assert set(early["rate_reporting_note"]) == {"[x]"}


def test_every_missing_figure_of_a_place_has_its_reason(real_places):
    """Each note column says [x] or [z] exactly where a figure before it is missing."""
    spoken_of = {
        "note": ["fte", "fte_per_reporting_pcn"],
        "bands_note": BANDS,
        "direct_share_note": ["direct_share_pct"],
        "reporting_share_note": ["reporting_share_pct"],
        "rate_reporting_note": ["rate_reporting", "fte_with_list", "patients_reporting"],
        "rate_interval_note": ["rate_low", "rate_high"],
        "funnel_note": FUNNEL,
        "rate_all_note": ["rate_all"],
        "change_year_note": ["change_year_fte"],
    }
    for column, figures in spoken_of.items():
        missing = real_places[figures].isna().any(axis=1)
        pd.testing.assert_series_equal(missing, real_places[column].isin(["[x]", "[z]"]), check_names=False)


def test_nine_decimals_do_not_make_a_post_less_than_one(real, roles, breaks):
    """Three rows of 0.333333333 are one FTE; a negative FTE is nobody."""
    rows = [("2022-03", "U00001", "splw", 0.333333333)] * 3 + [("2022-03", "U00002", "splw", -0.026666667)]
    frame = workforce(rows)
    found = places(
        frame,
        roles,
        breaks,
        totals=totals(frame, roles, breaks),
        coverage=coverage(frame, bulletin([]), real.published.head(0), breaks),
        patients=patients([]),
        levels=["england"],
        codes=["splw"],
    )
    assert one(found)[BANDS].tolist() == [1, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("2022-03-01", "icb", "QA1", 9000)], (9000, "area")),
        ([("2022-03-01", "icb", "QX9", 9000)], (5000, "pcns_placed")),
        ([], (5000, "pcns_placed")),
    ],
)
def test_whole_areas_are_measured_by_the_list_or_by_their_pcns(real, roles, breaks, rows, expected):
    """By the list's own row when every area that reported is on it; else by the PCNs ever seen there."""
    frame = workforce([("2021-12", "U00002", "cc", 1), ("2022-03", "U00001", "splw", 1)])
    sizes = patients([*rows, ("2022-03-01", "pcn", "U00001", 2000), ("2022-03-01", "pcn", "U00002", 3000)])
    found = places(
        frame,
        roles,
        breaks,
        totals=totals(frame, roles, breaks),
        coverage=coverage(frame, bulletin([]), real.published.head(0), breaks),
        patients=sizes,
        levels=["icb"],
        codes=["splw"],
        censuses=["2022-03"],
    )
    found = one(found)
    assert (found["patients_all"], found["patients_all_basis"]) == expected
    assert (found["patients_reporting"], found["rate_reporting"]) == (2000, 5.0)
    assert found["rate_all"] == pytest.approx(10_000 / expected[0])


# ---- funnel ---------------------------------------------------------------------------------------------------------


def test_funnel_limits_are_the_poisson_ones_when_nothing_is_overdispersed():
    """Ten equal areas on target: φ is 1, limits 0.3 ± 1.96 and 3.09 × √(0.3 / 100)."""
    found = funnel_limits(np.full(MIN_AREAS, 0.3), np.full(MIN_AREAS, 100.0), 0.3)
    assert set(found["overdispersion"]) == {1.0}
    assert found["high_95"].iloc[0] == pytest.approx(0.3 + 1.959964 * np.sqrt(0.003))
    assert found["low_998"].iloc[0] == pytest.approx(0.3 - 3.090232 * np.sqrt(0.003))


def test_a_worked_overdispersion():
    """Half the areas at z = +2, half at −2: every squared z is 4, so φ is 4 and the funnel twice as wide."""
    error = np.sqrt(0.3 / 100)
    found = funnel_limits(0.3 + 2 * error * np.tile([1, -1], 10), np.full(20, 100.0), 0.3)
    assert found["overdispersion"].iloc[0] == pytest.approx(4)
    assert found["high_95"].iloc[0] == pytest.approx(0.3 + 2 * 1.959964 * error)


def test_limits_narrow_with_size_are_ordered_and_never_negative():
    sizes = np.linspace(1, 200, 30)
    found = funnel_limits(np.linspace(0.1, 0.6, 30), sizes, 0.35)
    assert (np.diff(found["high_95"]) < 0).all()
    assert (found["low_998"] <= found["low_95"]).all()
    assert (found["high_95"] < found["high_998"]).all()
    assert (found["low_998"] >= 0).all()


def test_too_few_areas_have_no_funnel():
    assert funnel_limits(np.full(MIN_AREAS - 1, 0.3), np.full(MIN_AREAS - 1, 100.0), 0.3).isna().all(axis=None)


def ratio_sums(fte, size):
    fte, size = np.array(fte, dtype=float), np.array(size, dtype=float)
    return pd.DataFrame(
        {
            "pcns_with_list": [len(fte)],
            "fte_with_list": [fte.sum()],
            "patients_reporting": [size.sum()],
            "fte_squared": [(fte**2).sum()],
            "fte_times_patients": [(fte * size).sum()],
            "patients_squared": [(size**2).sum()],
        }
    )


def test_an_interval_worked_by_hand():
    """Six PCNs of 40,000 patients with 0, 1, 2, 2, 3, 4 FTE: 0.5 per 10,000; s = 1.4142, t(5) = 2.571, ± 0.371."""
    found = ratio_interval(ratio_sums([0, 1, 2, 2, 3, 4], [40_000] * 6)).iloc[0]
    reach = 2.570582 * np.std([0, 1, 2, 2, 3, 4], ddof=1) / np.sqrt(6) / 4
    assert found["rate_high"] - 0.5 == pytest.approx(reach, rel=3e-3), "the quantile of t is an expansion"
    assert found["rate_low"] + found["rate_high"] == pytest.approx(1)


def test_pcns_of_one_rate_leave_no_doubt_and_four_of_them_too_much():
    """FTE in proportion to patients: the interval is a point. Under five PCNs there is none."""
    found = ratio_interval(ratio_sums([1, 2, 3, 4, 5], [10_000, 20_000, 30_000, 40_000, 50_000])).iloc[0]
    assert (found["rate_low"], found["rate_high"]) == (pytest.approx(1, abs=1e-6), pytest.approx(1, abs=1e-6))
    assert ratio_interval(ratio_sums([1, 2, 3, 4], [10_000] * 4)).isna().all(axis=None)


# ---- areas over time ------------------------------------------------------------------------------------------------


def test_areas_are_matched_by_the_pcns_in_them():
    """QA1 becomes QC3 whole; QB2 divides; QE5 has nobody in common."""
    areas = {("U00001", "2025-11"): "QA1", ("U00001", "2026-04"): "QC3"}
    areas |= {("U00002", "2025-11"): "QB2", ("U00002", "2026-04"): "QB2"}
    areas |= {("U00003", "2025-11"): "QB2", ("U00003", "2026-04"): "QD4", "U00004": "QE5"}
    rows = [(census, f"U0000{n}", "cc", 1) for census in ("2025-11", "2026-04") for n in (1, 2, 3)]
    found = one_to_one(workforce([*rows, ("2026-04", "U00004", "cc", 1)], areas), "icb", "2025-11", "2026-04")
    matched = found[found["note"] == ""]
    assert matched[["old_code", "area_code", "pcns"]].to_numpy().tolist() == [["QA1", "QC3", 1]]
    reasons = {
        (row.old_code, row.area_code): row.reason for row in found[found["note"] == "[x]"].fillna("").itertuples()
    }
    assert len(reasons) == 4
    assert "divided between QB2, QD4" in reasons["QB2", ""]
    assert reasons["", "QB2"].endswith("in QB2, but not they alone")
    assert reasons["", "QE5"] == "none of its PCNs reported at both censuses"


def test_republished_extracts_have_the_same_icbs_throughout(real):
    """All eleven carry the areas of July 2022: from March to June 2022 each of 42 ICBs is itself."""
    found = one_to_one(real.table, "icb", "2022-03", "2022-06")
    assert len(found) == 42
    assert (found["old_code"] == found["area_code"]).all()


# ---- back-tests -----------------------------------------------------------------------------------------------------


def test_every_published_figure_is_reproduced(real, real_totals, real_coverage):
    """All of the register that the eleven extracts can be held against, the paper's and contracted-only PCNs among it."""
    found = backtests(real_totals, real_coverage, real.published)
    assert len(found) > 400
    assert set(found["verdict"]) == {"equal"}
    paper = one(found, measure="fte", role="arrs13")
    assert (paper["published"], round(paper["ours"], 1)) == (11865, 11864.6)
    assert one(found, measure="pcns_with_role", role="arrs13")["ours"] == 1089
    contracted = found[found["measure"] == "pcns_contracted_only"].set_index("census")["ours"].to_dict()
    assert contracted == {"2020-12": 17, "2021-09": 32}


def test_a_lost_row_fails_the_back_test(real, roles, breaks):
    """Without one link worker row of September 2022 the figures of that census differ, and no others."""
    rows = real.workforce
    first = rows.index[(rows["census"] == "2022-09") & (rows["role"] == "splw") & (rows["fte"] > 0.5)][0]
    fewer = compact_table(rows.drop(index=first), roles)
    summed = totals(fewer, roles, breaks, levels=["england"])
    covered = coverage(fewer, real.bulletin, real.published, breaks, levels=["england"])
    found = backtests(summed, covered, real.published)
    differing = found[found["verdict"] == "differs"]
    assert set(differing["census"]) == {"2022-09"}
    assert "splw" in set(differing["role"])
    assert (differing["difference"] < 0).all()


def test_a_bulletin_figure_is_not_held_against_itself(real, real_totals, real_coverage, roles, breaks):
    """December 2022, known from the bulletin alone, has no back-test."""
    every = national_totals(real_totals, real.bulletin, roles, breaks)
    assert backtests(every, real_coverage, real.published)["census"].max() == "2022-09"


CENSUSES = ("2021-12", "2022-03", "2022-06")
SIGHTINGS = st.dictionaries(
    st.tuples(st.sampled_from(CENSUSES), st.sampled_from(["U00001", "U00002", "U00003"])), st.sampled_from(["A", "B"])
)


@given(SIGHTINGS)
def test_a_network_lies_where_it_was_seen_last_up_to_the_census(seen):
    """Said once more, network by network."""
    rows = [(census, code, f"sub {place}", f"icb {place}", f"region {place}") for (census, code), place in seen.items()]
    areas = ["sub_icb_code", "icb_code", "region_code"]
    reports = pd.DataFrame(rows, columns=["census", "pcn_code", *areas], dtype="str")
    wanted = [(census, code) for census in CENSUSES for code in ("U00001", "U00002", "U00003", "U00004")]

    placed = placed_pcns(pd.DataFrame(wanted, columns=["census", "pcn_code"]), reports)

    found = {(row["census"], row["pcn_code"]): row["icb_code"] for row in placed.to_dict("records")}
    assert list(found) == wanted
    for census, code in wanted:
        before = [seen[at, other] for at, other in sorted(seen) if other == code and at <= census]
        assert found[census, code] == f"icb {before[-1]}" if before else pd.isna(found[census, code])
