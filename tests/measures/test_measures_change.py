"""Coverage, growth, decomposition, panels and entrants."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from measures.measure_frames import bulletin, one, patients, workforce

from analysis.errors import UsageError
from analysis.measures.compact_table import CompactTable
from analysis.measures.coverage import coverage
from analysis.measures.decomposition import decomposition
from analysis.measures.growth import growth
from analysis.measures.national import national_totals
from analysis.measures.panels import balanced_panel, entrants
from analysis.measures.totals import totals

REPORTING = {
    "2020-03": (188, 1252),
    "2020-06": (497, 1250),
    "2020-09": (632, 1256),
    "2020-12": (758, 1253),
    "2021-03": (855, 1253),
    "2021-06": (920, 1254),
    "2021-09": (984, 1255),
    "2021-12": (1029, 1255),
    "2022-03": (1060, 1255),
    "2022-06": (1077, 1261),
    "2022-09": (1105, 1263),
    "2022-12": (1170, 1263),
}
# census: change in link worker FTE since the census before, of it in PCNs in both, newly reporting, dropped out
DECOMPOSED = {
    "2020-06": (319.0, 42.6, 187, 276.4, 310, 0.0, 1),
    "2020-09": (184.4, 48.4, 495, 136.6, 137, -0.7, 2),
    "2020-12": (236.8, 112.1, 628, 127.5, 130, -2.9, 4),
    "2021-03": (240.9, 137.9, 756, 103.5, 99, -0.5, 2),
    "2021-06": (167.4, 100.7, 846, 77.8, 74, -11.1, 9),
    "2021-09": (166.7, 98.9, 918, 68.5, 66, -0.7, 2),
    "2021-12": (184.5, 137.4, 984, 47.1, 45, 0.0, 0),
    "2022-03": (129.0, 102.4, 1029, 26.5, 31, 0.0, 0),
    "2022-06": (161.8, 156.2, 1048, 23.7, 29, -18.1, 12),
    "2022-09": (144.2, 114.4, 1077, 29.8, 28, 0.0, 0),
}
# What each later census adds to the baselines of the 2022 target: (baseline, December 2022) -> coaches too, coordinators
TARGET_GROWTH = {"2021-12": (1112.1, 1340.0), "2022-03": (902.0, 1029.6), "2022-06": (668.2, 765.4)}


# ---- coverage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("census", REPORTING)
def test_reporting_and_active_pcns_are_the_published_ones(real_coverage, census):
    """For December 2022, which no extract covers, both come from the bulletin."""
    found = one(real_coverage, level="england", census=census)
    assert (found["pcns_reporting"], found["pcns_active"]) == REPORTING[census]
    assert found["source"] == ("bulletin" if census == "2022-12" else "extract")


@pytest.mark.parametrize(("census", "expected"), [("2020-12", 17), ("2021-09", 32)])
def test_pcns_with_contracted_staff_alone_are_the_published_ones(real_coverage, census, expected):
    assert one(real_coverage, level="england", census=census)["pcns_contracted_only"] == expected


def test_the_share_reporting_in_march_2022_is_the_published_one(real_coverage):
    """84.5% of 1,255."""
    assert round(one(real_coverage, level="england", census="2022-03")["reporting_share_pct"], 1) == 84.5


def test_active_pcns_are_not_known_below_england(real_coverage):
    """[x] for active PCNs of areas; their share is of PCNs seen so far, an estimate."""
    areas = real_coverage[real_coverage["level"] != "england"]
    assert areas["pcns_active"].isna().all()
    assert set(areas["pcns_active_note"]) == {"[x]"}
    assert set(areas.loc[areas["reporting_share_pct"].notna(), "reporting_share_note"]) == {"[e]"}


def test_active_pcns_come_from_the_register_when_there_is_no_workbook(real, breaks):
    """Without a bulletin the published totals give them; without either they are [x], and so is the share."""
    cells = real.table.cells
    frame = CompactTable(cells[cells["census"] == "2022-09"].reset_index(drop=True), real.table.people.head(0))
    with_register = coverage(frame, bulletin([]), real.published, breaks, levels=["england"])
    assert one(with_register, census="2022-09")["pcns_active"] == 1263
    alone = one(coverage(frame, bulletin([]), real.published.head(0), breaks, levels=["england"]), census="2022-09")
    assert (alone["pcns_active_note"], alone["reporting_share_note"]) == ("[x]", "[x]")
    assert math.isnan(alone["reporting_share_pct"])


NOTHING = pd.DataFrame(columns=["measure", "census", "role", "value"])


def test_without_a_list_a_pcn_is_expected_for_a_year_where_it_was_last_seen(breaks):
    """U00001 moved from QA1 to QC3 and fell silent: it is expected there for a year, and then no more."""
    frame = workforce(
        [
            ("2021-03", "U00001", "splw", 1),
            ("2021-03", "U00002", "splw", 1),
            ("2021-06", "U00001", "splw", 1),
            ("2021-09", "U00002", "splw", 1),
            ("2022-09", "U00002", "splw", 1),
        ],
        {("U00001", "2021-06"): "QC3"},
    )
    found = coverage(frame, bulletin([]), NOTHING, breaks)
    icbs = found[found["level"] == "icb"].set_index(["area_code", "census"])
    expected = icbs["pcns_expected"].fillna(-1).astype(int).to_dict()
    assert expected == {
        ("QA1", "2021-03"): -1,
        ("QA1", "2021-06"): 1,
        ("QA1", "2021-09"): 1,
        ("QA1", "2022-09"): 1,
        ("QC3", "2021-03"): -1,
        ("QC3", "2021-06"): 1,
        ("QC3", "2021-09"): 1,
        ("QC3", "2022-09"): 0,
    }
    assert icbs.loc[("QC3", "2021-09"), "reporting_share_pct"] == 0
    assert icbs.loc[("QC3", "2021-03"), "reporting_share_note"] == "[x]"
    assert set(icbs.loc[icbs["pcns_expected"].notna(), "pcns_expected_basis"]) == {"seen"}
    england = found[found["level"] == "england"].set_index("census")
    assert england.loc["2021-09", ["pcns_expected", "pcns_expected_basis"]].tolist() == [2, "seen"]
    assert england.loc["2021-03", ["pcns_expected_basis", "pcns_expected_note"]].tolist() == ["", "[x]"]


def listed(*pcns, date="2022-04-01"):
    return patients([(date, "pcn", pcn, 1000) for pcn in pcns])


def placed_by_map(date="2022-04-01", **icbs):
    rows = [(pd.Timestamp(date), pcn, icb.lower(), icb, "Y56") for pcn, icb in icbs.items()]
    return pd.DataFrame(rows, columns=["list_date", "pcn_code", "sub_icb_code", "icb_code", "region_code"])


def test_the_list_tells_who_could_have_reported(breaks):
    """U00002 is listed and silent, U00003 reports and is on no list: one of two, in England and where they lie."""
    frame = workforce([("2022-03", "U00001", "splw", 1), ("2022-03", "U00003", "splw", 1)])
    sizes, where = listed("U00001", "U00002"), placed_by_map(U00001="QA1", U00002="QA1")
    found = coverage(frame, bulletin([]), NOTHING, breaks, patients=sizes, practice_map=where)
    for level in ("england", "region", "icb"):
        row = one(found, level=level)
        counts = row[["pcns_reporting", "pcns_expected", "pcns_expected_reporting", "pcns_unplaced"]].tolist()
        assert counts == [2, 2, 1, 0], level
        assert (row["pcns_expected_basis"], row["reporting_share_pct"], row["reporting_share_note"]) == (
            "list",
            50,
            "[e]",
        )


def test_a_list_whose_silent_pcns_are_nowhere_tells_of_england_alone(breaks):
    """Without a map of practices nobody knows where a PCN that never reported lies: [x] by area, and not 100%."""
    frame = workforce([("2022-03", "U00001", "splw", 1)])
    found = coverage(frame, bulletin([]), NOTHING, breaks, patients=listed("U00001", "U00002"))
    assert one(found, level="england")["reporting_share_pct"] == 50
    icb = one(found, level="icb")
    assert (icb["reporting_share_note"], icb["pcns_expected_note"]) == ("[x]", "[x]")


def test_the_publishers_number_goes_before_the_list_and_one_of_the_year_before_after_it(breaks):
    """As published; else the list, else the latest number of the year before, each but the first an estimate."""
    frame = workforce([("2022-03", "U00001", "splw", 1)])

    def england(active, sizes):
        counts = bulletin([("pcns_active", census, "all", value) for census, value in active.items()])
        row = one(coverage(frame, counts, NOTHING, breaks, patients=sizes, levels=["england"]), census="2022-03")
        return row["pcns_expected"], row["pcns_expected_basis"], row["pcns_expected_note"]

    sizes = listed("U00001", "U00002", "U00003")
    assert england({"2022-03": 5, "2021-12": 4}, sizes) == (5, "published", "")
    assert england({"2021-12": 4}, sizes) == (3, "list", "[e]")
    assert england({"2021-12": 4, "2021-09": 6}, patients([])) == (4, "published_before", "[e]")
    assert england({"2020-12": 4}, patients([]))[1:] == ("", "[x]")


# ---- growth ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_growth(real, real_totals, roles, breaks):
    every = national_totals(real_totals, real.bulletin, roles, breaks)
    return growth(every, real.table, roles, breaks)


def test_growth_over_a_quarter_and_over_a_year(real_growth):
    """September 2022: +144.2 FTE since June, +619.5 since September 2021, 43.4%."""
    found = one(real_growth, level="england", role="splw", measure="fte", census="2022-09")
    assert (found["quarter_ago_census"], found["year_ago_census"]) == ("2022-06", "2021-09")
    assert round(found["change_quarter"], 1) == 144.2
    assert round(found["change_year"], 1) == 619.5
    assert round(found["change_year_pct"], 1) == 43.4


def test_people_over_september_2021_are_compared_with_a_mark(real_growth):
    """The headcount of December 2021 over a year crosses the collection break; total FTE does not."""
    england = real_growth[(real_growth["level"] == "england") & (real_growth["role"] == "splw")]
    assert one(england, measure="headcount", census="2021-12")["change_year_note"] == "[b]"
    assert one(england, measure="headcount", census="2021-12")["change_quarter_note"] == ""
    assert one(england, measure="fte", census="2021-12")["change_year_note"] == ""


def test_there_is_no_growth_from_before_a_role_began_or_before_the_series(real_growth):
    """Coaches began in December 2020: their first change is [z], and so is that of a first census."""
    england = real_growth[(real_growth["level"] == "england") & (real_growth["measure"] == "fte")]
    begun = one(england, role="hwbc", census="2020-12")
    assert math.isnan(begun["change_quarter"])
    assert (begun["change_quarter_note"], begun["change_year_note"]) == ("[z]", "[z]")
    assert one(england, role="hwbc", census="2021-03")["change_quarter_note"] == ""
    assert one(england, role="splw", census="2020-03")["change_quarter_note"] == "[z]"


@pytest.mark.parametrize("baseline", TARGET_GROWTH)
def test_growth_to_december_2022_from_each_baseline_of_the_target(real, real_totals, roles, breaks, baseline):
    every = national_totals(real_totals, real.bulletin, roles, breaks)
    england = every[every["level"] == "england"]
    for role, expected in zip(("splw_hwbc", "cc"), TARGET_GROWTH[baseline], strict=True):
        change = one(england, role=role, census="2022-12")["fte"] - one(england, role=role, census=baseline)["fte"]
        assert round(change, 1) == expected


def test_growth_of_nothing_has_no_percentage(roles, breaks):
    """From 0 to 2 FTE is +2 and no per cent."""
    frame = workforce([("2021-03", "U00001", "cc", 1), ("2021-06", "U00001", "splw", 2)])
    found = growth(totals(frame, roles, breaks), frame, roles, breaks, levels=["england"])
    found = one(found, role="splw", measure="fte", census="2021-06")
    assert (found["change_quarter"], found["change_quarter_note"]) == (2, "")
    assert math.isnan(found["change_quarter_pct"])
    assert found["change_quarter_pct_note"] == "[z]"


def test_areas_are_compared_over_the_merger_only_where_they_are_the_same(roles, breaks):
    """QA1 renamed QC3 with all its PCNs is compared; QB2, which divides, is not, though a code of it goes on."""
    before = {"U00001": "QA1", "U00002": "QB2", "U00003": "QB2"}
    after = {"U00001": "QC3", "U00002": "QB2", "U00003": "QD4"}
    areas = {("U" + pcn[1:], "2026-03"): icb for pcn, icb in before.items()}
    areas |= {(pcn, "2026-04"): icb for pcn, icb in after.items()}
    rows = [("2026-03", pcn, "cc", 1) for pcn in before] + [("2026-04", pcn, "cc", 1.5) for pcn in before]
    frame = workforce(rows, areas)
    found = growth(totals(frame, roles, breaks), frame, roles, breaks, levels=["icb"])
    found = found[(found["measure"] == "fte") & (found["role"] == "cc") & (found["census"] == "2026-04")]
    changes = {row.area_code: (row.change_month, row.change_month_note) for row in found.itertuples()}
    assert changes["QC3"] == (0.5, "[b]")
    assert {code: text for code, (_, text) in changes.items()} == {"QC3": "[b]", "QB2": "[x]", "QD4": "[x]"}


# ---- decomposition --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_decomposition(real, roles, breaks):
    return decomposition(real.table, roles, breaks)


@pytest.mark.parametrize("census", DECOMPOSED)
def test_the_split_of_each_quarter_is_the_known_one(real_decomposition, census):
    found = one(real_decomposition, level="england", role="splw", data_source="all", census=census)
    numbers = (
        round(found["change_fte"], 1),
        round(found["in_both_fte"], 1),
        found["pcns_in_both"],
        round(found["newly_reporting_fte"], 1),
        found["pcns_newly_reporting"],
        round(found["dropped_out_fte"], 1),
        found["pcns_dropped_out"],
    )
    assert numbers == DECOMPOSED[census]


def test_the_parts_add_up_for_every_area_role_and_source(real_decomposition):
    """To 1e-9, in real extracts."""
    frame = real_decomposition
    parts = frame["in_both_fte"] + frame["newly_reporting_fte"] + frame["dropped_out_fte"]
    assert (frame["change_fte"] - parts).abs().max() < 1e-9
    assert (frame["to_fte"] - frame["from_fte"] - frame["change_fte"]).abs().max() < 1e-9
    assert set(frame.loc[frame["change_fte"].isna(), "note"]) == {"[z]"}


def test_the_change_is_that_of_the_totals(real_decomposition, real_totals):
    """For England and every role, the decomposed levels are the published ones."""
    england = real_decomposition[
        (real_decomposition["level"] == "england") & (real_decomposition["data_source"] == "all")
    ].dropna(subset="to_fte")
    joined = england.merge(real_totals, on=["level", "census", "role"])
    assert len(joined) == len(england) > 0
    assert (joined["to_fte"] - joined["fte"]).abs().max() < 1e-9


def test_areas_and_sources_add_up_in_the_decomposition(real_decomposition):
    """Regions and ICBs sum to England; staff and contracted to all."""
    frame = real_decomposition[real_decomposition["role"].isin(["splw", "cc"])].dropna(subset="change_fte")
    key = ["census", "role", "data_source"]
    values = ["change_fte", "in_both_fte", "newly_reporting_fte", "dropped_out_fte", "pcns_in_both"]
    england = frame[frame["level"] == "england"].set_index(key)[values].sort_index().astype("float64")
    for level in ("region", "icb"):
        summed = frame[frame["level"] == level].groupby(key)[values].sum().astype("float64")
        pd.testing.assert_frame_equal(summed, england, atol=1e-9, rtol=0)
    everyone = england.xs("all", level="data_source")[values[:4]]
    parts = england.drop("all", level="data_source").groupby(["census", "role"])[values[:4]].sum()
    pd.testing.assert_frame_equal(parts, everyone, atol=1e-9, rtol=0)


def test_any_two_censuses_can_be_compared(real, roles, breaks):
    """March 2020 to September 2022: 183 PCNs or more in both ends, and the sum is the whole change."""
    found = decomposition(real.table, roles, breaks, [("2020-03", "2022-09")], levels=["england"], codes=["splw"])
    found = one(found, data_source="all")
    assert round(found["change_fte"], 2) == round(2046.99053 - 112.3248, 2)
    assert found["pcns_in_both"] + found["pcns_dropped_out"] == 188
    assert found["pcns_in_both"] + found["pcns_newly_reporting"] == 1105


def test_a_pcn_that_changed_area_counts_in_its_later_area_at_both_ends(roles, breaks):
    """U00001 moves to QC3 and grows from 1 to 3: QC3 gains 2 in both; QA1 has no change, and nobody is new or gone."""
    frame = workforce(
        [
            ("2021-03", "U00001", "splw", 1),
            ("2021-06", "U00001", "splw", 3),
            ("2021-03", "U00002", "splw", 1),
            ("2021-06", "U00002", "splw", 1),
        ],
        {("U00001", "2021-06"): "QC3"},
    )
    found = decomposition(frame, roles, breaks, levels=["icb"], codes=["splw"])
    found = found[found["data_source"] == "all"].set_index("area_code")
    assert found["in_both_fte"].to_dict() == {"QA1": 0, "QC3": 2}
    assert found["pcns_moved"].to_dict() == {"QA1": 0, "QC3": 1}
    assert not found[["pcns_newly_reporting", "pcns_dropped_out"]].any(axis=None)


def test_staff_and_contracted_changes_over_september_2021_are_marked(real_decomposition):
    england = real_decomposition[(real_decomposition["level"] == "england") & (real_decomposition["role"] == "splw")]
    across = england[england["census"] == "2021-09"].set_index("data_source")["note"].to_dict()
    assert across == {"all": "", "NWRS Staff": "[b]", "NWRS contracted services": "[b]"}


# ---- panels and entrants --------------------------------------------------------------------------------------------


def test_the_balanced_panel_since_march_2021(real, roles, breaks):
    """836 PCNs: 1,073.1 to 1,645.9 link worker FTE."""
    found = balanced_panel(real.table, roles, breaks, ["splw"], since="2021-03", until="2022-09")
    assert set(found["pcns"]) == {836}
    assert found["fte"].round(1).tolist() == [1073.1, 1169.2, 1240.2, 1350.0, 1429.0, 1554.0, 1645.9]


def test_the_panel_of_all_eleven_extracts_grew_three_fold(real, roles, breaks):
    """183 PCNs, times 3.2, where the reported total grew eighteen-fold."""
    found = balanced_panel(real.table, roles, breaks, ["splw"], since="2020-03", until="2022-09")
    assert set(found["pcns"]) == {183}
    assert round(found["fte"].iloc[-1] / found["fte"].iloc[0], 1) == 3.2


def test_panels_of_areas_add_up(real, roles, breaks):
    """The ICBs' members and FTE are England's."""
    found = balanced_panel(
        real.table, roles, breaks, ["splw"], since="2021-03", until="2022-09", levels=["england", "icb"]
    )
    sums = found.groupby(["level", "census"])[["pcns", "fte"]].sum()
    pd.testing.assert_frame_equal(sums.loc["icb"], sums.loc["england"], atol=1e-9, rtol=0)


@pytest.mark.parametrize(("since", "until"), [("2022-09", "2021-03"), ("2021-04", "2022-09"), ("2021-03", "2022-12")])
def test_a_panel_needs_two_censuses_of_the_extracts_in_order(real, roles, breaks, since, until):
    with pytest.raises(UsageError, match=f"from {since} to {until}"):
        balanced_panel(real.table, roles, breaks, ["splw"], since=since, until=until)


def test_late_reporters_record_less_than_incumbents(real, roles, breaks):
    """September 2022: 28 newcomers with 29.83 FTE against 1,077 incumbents with 1.87 each: grossing overstates."""
    changes = decomposition(real.table, roles, breaks, levels=["england"], codes=["splw"])
    found = one(entrants(real.table, changes, roles, ["splw"]), census="2022-09")
    assert (found["pcns_newly_reporting"], found["pcns_incumbent"]) == (28, 1077)
    assert found["fte_per_newly_reporting_pcn"] * 28 == pytest.approx(29.83, abs=0.005)
    assert round(found["fte_per_newly_reporting_pcn"], 3) == 1.065
    assert round(found["fte_per_incumbent_pcn"], 2) == 1.87
    assert found["ratio"] == pytest.approx(1.065 / 1.873, abs=0.001)


def test_without_newcomers_there_is_nothing_to_compare(roles, breaks):
    frame = workforce([("2021-03", "U00001", "splw", 1), ("2021-06", "U00001", "splw", 2)])
    found = one(entrants(frame, decomposition(frame, roles, breaks), roles, ["splw"]))
    assert math.isnan(found["ratio"])
    assert (found["fte_per_incumbent_pcn"], found["note"]) == (2, "[z]")
