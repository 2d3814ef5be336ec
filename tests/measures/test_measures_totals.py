"""Totals: plain sums as published, honest about what is missing."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from measures.measure_frames import bulletin, one, workforce

from analysis.measures.national import national_totals
from analysis.measures.totals import MEASURES, NOTES, totals
from analysis.registers.published import national_figures

# census: link worker FTE, headcount, coach FTE, care coordinator FTE, as published (bulletin tables 1a and 1b)
PUBLISHED = {
    "2020-03": (112.32, 117, None, None),
    "2020-06": (431.29, 428, None, None),
    "2020-09": (615.70, 613, None, None),
    "2020-12": (852.45, 854, 60.04, 132.33),
    "2021-03": (1093.33, 1066, 148.01, 498.24),
    "2021-06": (1260.77, 1258, 197.56, 682.34),
    "2021-09": (1427.49, 1252, 251.85, 888.16),
    "2021-12": (1611.98, 1329, 357.02, 1107.74),
    "2022-03": (1740.94, 1386, 438.17, 1418.10),
    "2022-06": (1902.75, 1513, 510.14, 1682.30),
    "2022-09": (2046.99, 1659, 577.76, 1894.50),
}


@pytest.mark.parametrize("census", PUBLISHED)
def test_national_totals_are_the_published_ones(real_totals, census):
    """FTE to the second decimal, people exactly; a role without rows yet is missing, not zero."""
    fte, headcount, coaches, coordinators = PUBLISHED[census]
    england = real_totals[(real_totals["level"] == "england") & (real_totals["census"] == census)]
    assert one(england, role="splw")["fte"] == pytest.approx(fte, abs=0.005)
    assert one(england, role="splw")["headcount"] == headcount
    for role, expected in (("hwbc", coaches), ("cc", coordinators)):
        found = one(england, role=role)
        if expected is None:
            assert math.isnan(found["fte"])
            assert found["note"] == "[z]"
        else:
            assert found["fte"] == pytest.approx(expected, abs=0.005)


def test_equal_rows_are_all_counted(real, real_totals):
    """De-duplicating would lose 153 link worker FTE in September 2022: the total has them."""
    rows = real.workforce[(real.workforce["census"] == "2022-09") & (real.workforce["role"] == "splw")]
    content = [column for column in rows.columns if column != "file_row"]
    lost = rows["fte"].sum() - rows.drop_duplicates(content)["fte"].sum()
    assert lost == pytest.approx(153, abs=0.5)
    total = one(real_totals, level="england", census="2022-09", role="splw")
    assert total["fte"] == pytest.approx(2046.99, abs=0.005)
    assert total["rows"] == len(rows)


def test_september_2021_breaks_the_parts_and_not_the_total(real_totals):
    """Contracted FTE doubled from 166 to 352 while staff FTE fell from 1,094.5 to 1,075.4: marked, with the values."""
    england = real_totals[(real_totals["level"] == "england") & (real_totals["role"] == "splw")]
    before, after = one(england, census="2021-06"), one(england, census="2021-09")
    assert round(before["fte_contracted"]), round(after["fte_contracted"]) == (166, 352)
    assert (round(before["fte_staff"], 1), round(after["fte_staff"], 1)) == (1094.5, 1075.4)
    assert [before[column] for column in NOTES] == ["", "", "", "", ""]
    assert [after[column] for column in NOTES] == ["", "[b]", "[b]", "[b]", ""]


def test_areas_add_up_to_england_in_fte(real_totals):
    """FTE of regions, ICBs and sub-ICBs each sum to England's, for every role and census."""
    england = real_totals[real_totals["level"] == "england"].set_index(["census", "role"])["fte"]
    for level in ("region", "icb", "sub_icb"):
        parts = real_totals[real_totals["level"] == level].groupby(["census", "role"])["fte"].sum(min_count=1)
        pd.testing.assert_series_equal(parts.reindex(england.index), england, check_names=False, atol=1e-9, rtol=0)


def test_three_icbs_without_returns_in_march_2020_are_not_available(real_totals):
    """39 of 42 ICBs had returns in March 2020; the other three are [x], not zero."""
    icbs = real_totals[
        (real_totals["level"] == "icb") & (real_totals["census"] == "2020-03") & (real_totals["role"] == "splw")
    ]
    assert len(icbs) == 42
    assert (icbs["note"] == "[x]").sum() == 3
    assert icbs.loc[icbs["note"] == "[x]", MEASURES].isna().all(axis=None)


def test_the_thirteen_roles_of_the_paper(real_totals):
    """11,864.6 FTE in 1,089 PCNs (Penfold et al. 2023) in September 2022."""
    found = one(real_totals, level="england", census="2022-09", role="arrs13")
    assert (round(found["fte"], 1), found["pcns_with_role"]) == (11864.6, 1089)


def test_a_pcn_that_reports_nobody_has_none_and_one_that_does_not_report_is_missing(roles, breaks):
    """Zero for the reporter without the role; [x] for the absent; [z] for a role that is not there yet."""
    frame = workforce(
        [("2021-03", "U00001", "splw", 1), ("2021-03", "U00002", "cc", 0.5), ("2021-06", "U00001", "splw", 1)]
    )
    found = totals(frame, roles, breaks, levels=["pcn"])
    reported = one(found, area_code="U00002", census="2021-03", role="splw")
    assert (reported["fte"], reported["headcount"], reported["note"]) == (0, 0, "")
    absent = one(found, area_code="U00002", census="2021-06", role="splw")
    assert math.isnan(absent["fte"])
    assert absent["note"] == "[x]"
    assert one(found, area_code="U00001", census="2021-06", role="splw_mh")["note"] == "[z]"


def test_headcount_counts_a_person_once_in_each_total_and_contracted_rows_never(roles, breaks):
    """A person in two PCNs and two roles: one each in both PCNs, one in the ICB, one in the group of both roles."""
    frame = workforce(
        [
            ("2021-03", "U00001", "splw", 0.5, "staff", "7"),
            ("2021-03", "U00002", "splw", 0.2, "staff", "7"),
            ("2021-03", "U00001", "hwbc", 0.3, "staff", "7"),
            ("2021-03", "U00001", "splw", 1.0, "contracted"),
        ]
    )
    found = totals(frame, roles, breaks)
    people = {code: one(found, area_code=code, role="splw")["headcount"] for code in ("U00001", "U00002", "QA1", "ENG")}
    assert people == {"U00001": 1, "U00002": 1, "QA1": 1, "ENG": 1}
    both = one(found, level="england", role="splw_hwbc")
    assert (both["headcount"], both["rows"], both["fte"]) == (1, 4, 2.0)


def test_areas_of_another_geography_are_not_listed_as_silent(roles, breaks):
    """After the 2026 merger the old ICB has no row, rather than one that says it did not report; nor the new one before."""
    areas = {("U00001", "2025-11"): "QA1", ("U00001", "2026-04"): "QC3", "U00002": "QB2"}
    frame = workforce(
        [(census, pcn, "splw", 1) for census in ("2025-11", "2026-04") for pcn in ("U00001", "U00002")], areas
    )
    found = totals(frame, roles, breaks, levels=["icb"])
    here = found.loc[found["role"] == "splw", ["area_code", "census", "note"]]
    assert sorted(here.itertuples(index=False, name=None)) == [
        ("QA1", "2025-11", ""),
        ("QB2", "2025-11", ""),
        ("QB2", "2026-04", "[b]"),
        ("QC3", "2026-04", "[b]"),
    ]


def test_the_bulletin_gives_a_census_without_extracts_to_england_alone(real, real_totals, roles, breaks):
    """December 2022: 2,344.77 link worker FTE and 3,081.1 with coaches; no parts, no areas, no headcount of a sum."""
    found = national_totals(real_totals, real.bulletin, roles, breaks)
    december = found[found["census"] == "2022-12"]
    assert set(december["level"]) == {"england"}
    splw, both = one(december, role="splw"), one(december, role="splw_hwbc")
    assert (round(splw["fte"], 2), splw["headcount"], splw["source"]) == (2344.77, 1912, "bulletin")
    assert (splw["note"], splw["split_note"], splw["rows_note"]) == ("", "[x]", "[x]")
    assert splw[["fte_staff", "fte_contracted", "rows", "pcns_with_role"]].isna().all()
    assert round(both["fte"], 1) == 3081.1
    assert math.isnan(both["headcount"])
    assert both["headcount_note"] == "[x]"
    assert one(december, role="splw_all")["headcount"] == 1912, "of the two roles of the group only one had started"
    assert one(december, role="splw_mh")["note"] == "[z]"


def test_bulletin_figures_never_replace_those_of_an_extract(roles, breaks):
    """A census with an extract keeps the sums of its rows, whatever the workbook says."""
    summed = totals(workforce([("2021-03", "U00001", "splw", 1)]), roles, breaks)
    found = national_totals(summed, bulletin([("fte", "2021-03", "splw", 99)]), roles, breaks)
    pd.testing.assert_frame_equal(found, summed)


def test_the_series_takes_extract_then_workbook_then_register(roles, breaks):
    """Each figure once, from the nearest source to the returns that has its census, and it says which."""
    summed = totals(workforce([("2021-03", "U00001", "splw", 1)]), roles, breaks)
    workbook = bulletin([("fte", "2021-03", "splw", 20), ("fte", "2021-06", "splw", 30)])
    register = bulletin([("fte", census, "splw", 99) for census in ("2021-03", "2021-06", "2021-09")])
    found = national_totals(summed, workbook, roles, breaks, register=register)
    england = found[(found["level"] == "england") & (found["role"] == "splw")]
    assert england[["census", "fte", "source"]].to_numpy().tolist() == [
        ["2021-03", 1.0, "extract"],
        ["2021-06", 30.0, "bulletin"],
        ["2021-09", 99.0, "register"],
    ]


def test_the_register_has_the_national_series_from_its_first_census_to_its_last(real, roles, breaks):
    """47 censuses; the peak of February 2024; and never a figure of another publication than the bulletin tables."""
    figures = national_figures(real.published)
    nothing = totals(workforce([]), roles, breaks)
    found = national_totals(nothing, bulletin([]), roles, breaks, register=figures)
    both = found[found["role"] == "splw_all"].set_index("census")["fte"]
    assert (len(both), both.idxmax(), round(both.max(), 1)) == (47, "2024-02", 2947.9)
    assert found.loc[(found["role"] == "arrs13") & (found["census"] == "2022-09"), "fte"].round().tolist() == [11865]
    latest = found[found["census"] == "2025-11"].set_index("role")["fte"]
    assert latest["arrs13"] == pytest.approx(latest[list(roles.members("arrs13"))].sum())
    assert round(latest["arrs13"]) == 21666
    assert set(found["source"]) == {"register"}


def test_a_role_missing_from_the_bulletin_leaves_its_groups_unknown(roles, breaks):
    """Coaches without a published figure: the total of link workers and coaches is [x], not that of link workers."""
    summed = totals(workforce([("2021-03", "U00001", "splw", 1)]), roles, breaks)
    found = national_totals(summed, bulletin([("fte", "2021-06", "splw", 5)]), roles, breaks)
    both = one(found, census="2021-06", role="splw_hwbc")
    assert math.isnan(both["fte"])
    assert both["note"] == "[x]"


def test_every_missing_figure_has_its_reason(real, real_totals, roles, breaks):
    """No measure is missing without [x] or [z] in its note, and no such note stands beside a figure."""
    found = national_totals(real_totals, real.bulletin, roles, breaks)
    for column, measures in NOTES.items():
        missing = found[measures].isna().any(axis=1)
        pd.testing.assert_series_equal(missing, found[column].isin(["[x]", "[z]"]), check_names=False)
