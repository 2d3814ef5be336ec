"""What the sample says about England is what was published."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean

import pandas as pd
import pytest

from analysis.columns import CONTRACTED, DATA_SOURCES, STAFF
from analysis.periods import expected_censuses
from analysis.registers.published import load_published
from analysis.registers.roles import UNKNOWN, load_roles
from analysis.sample.further_roles import load_further_totals
from analysis.sample.networks import make_networks
from analysis.sample.totals import NANO, load_totals
from analysis.sample.workforce import make_rows
from analysis.sample.write import extracts_of

EVERY_CENSUS = expected_censuses("2020-03", "2026-06")
CENSUSES = extracts_of(EVERY_CENSUS)
QUARTERS = [census for census in CENSUSES if census <= "2022-12"]
PUBLISHED_TO = "2025-11"
IN_REGISTER = [census for census in CENSUSES if census <= PUBLISHED_TO]
PUBLISHED = pd.concat([load_published(), load_further_totals()])


def published(measure: str, **where: str) -> pd.Series:
    rows = PUBLISHED.loc[PUBLISHED["measure"] == measure]
    for column, value in where.items():
        rows = rows.loc[rows[column] == value]
    return rows.set_index("role")["value"]


def test_every_census_of_the_series_is_there_once(extracts):
    """Those of the usual sample, one extract each."""
    assert list(extracts) == CENSUSES


@pytest.fixture(scope="module")
def whole() -> dict[str, dict[str, pd.Series | int]]:
    """FTE and people by role, PCNs and rows of each of the 54 censuses, summed from its rows before they are written."""
    totals = load_totals()
    networks, arrs = make_networks(totals), frozenset(load_roles().members("arrs13"))
    found = {}
    for census in totals.censuses:
        rows = make_rows(census, networks, totals, arrs)
        staff = rows[rows["data_source"] == STAFF]
        found[census] = {
            "fte": rows.groupby("role")["nano_fte"].sum(),
            "headcount": staff.groupby("role")["person_id"].nunique(),
            "pcns_reporting": rows["pcn"].nunique(),
            "pcns_reporting_staff": staff["pcn"].nunique(),
            "rows": len(rows),
        }
    return found


def test_every_census_of_the_whole_sample_is_the_published(whole):
    """All 47 censuses of the register: FTE to a millionth, people and PCNs exactly, of every role."""
    assert list(whole) == EVERY_CENSUS
    assert load_totals().published_to == PUBLISHED_TO
    for census in [census for census in whole if census <= PUBLISHED_TO]:
        fte = published("fte", census=census, data_source="all").drop("arrs13", errors="ignore")
        ours = whole[census]["fte"].reindex(fte.index).fillna(0) / NANO
        assert (ours - fte).abs().max() < 2e-6, census
        people = published("headcount", census=census)
        assert whole[census]["headcount"].reindex(people.index).fillna(0).eq(people).all(), census
        for count in ("pcns_reporting", "pcns_reporting_staff"):
            assert whole[census][count] == published(count, census=census)["all"], census


def test_the_whole_sample_has_a_million_and_a_half_rows(whole):
    """As many as the published headcounts ask for; 37,000 a census at the end, where the real one has 40,000."""
    assert 1_450_000 < sum(found["rows"] for found in whole.values()) < 1_800_000
    assert 36_000 < whole["2026-06"]["rows"] < 41_000


def test_past_the_register_figures_are_drawn_on(whole):
    """A month changes them by a twelfth of the last year's change; PCNs reporting stay below PCNs active."""
    totals = load_totals()
    for role in ("splw", "splw_mh", "cc", "hwbc"):
        then, now, drawn = (whole[census]["fte"][role] for census in ("2024-11", "2025-11", "2026-05"))
        assert drawn == pytest.approx(now + (now - then) / 2, abs=10)
    assert whole["2026-06"]["fte"]["splw"] / NANO == pytest.approx(2642, rel=0.02)  # that of the real extract
    for census in EVERY_CENSUS:
        assert totals.pcns_reporting_staff[census] < totals.pcns_reporting[census] < totals.pcns_active[census]
        if census >= "2023-06":
            assert 0.97 < totals.pcns_reporting[census] / totals.pcns_active[census] < 0.99


@pytest.mark.parametrize("census", IN_REGISTER)
def test_fte_by_role_is_the_published(extracts, census):
    """For every role to a millionth of an FTE, and no role is there that was not published."""
    ours = extracts[census].groupby("role", observed=True)["fte"].sum()
    expected = published("fte", census=census, data_source="all").drop("arrs13", errors="ignore")
    assert UNKNOWN not in ours.index  # further roles are known to the sample
    pd.testing.assert_series_equal(
        ours.sort_index(),
        expected[expected > 0].sort_index(),
        check_names=False,
        check_index_type=False,
        rtol=0,
        atol=2e-6,
    )


@pytest.mark.parametrize("census", [census for census in QUARTERS if census < "2022-12"])
@pytest.mark.parametrize("source", DATA_SOURCES)
def test_fte_by_role_and_data_source_is_the_published(extracts, census, source):
    """For every role to a millionth of an FTE."""
    rows = extracts[census]
    ours = rows.loc[rows["Data_source"] == source].groupby("role", observed=True)["fte"].sum()
    expected = published("fte", census=census, data_source=source)
    pd.testing.assert_series_equal(
        ours.sort_index(),
        expected[expected > 0].sort_index(),
        check_names=False,
        check_index_type=False,
        rtol=0,
        atol=1e-6,
    )


def test_december_2022_is_split_by_data_source_as_september_was(extracts):
    """The split of December was not published: each role keeps its share of September."""
    shares = {}
    for census in ("2022-09", "2022-12"):
        fte = extracts[census].pivot_table(
            index="role", columns="Data_source", values="fte", aggfunc="sum", observed=True
        )
        shares[census] = (fte[CONTRACTED].fillna(0) / fte.sum(axis=1)).rename("share")
    both = pd.concat(shares, axis=1).dropna()
    assert len(both) > 20
    assert (both["2022-09"] - both["2022-12"]).abs().max() < 1e-6


@pytest.mark.parametrize("census", IN_REGISTER)
def test_headcount_by_role_is_the_published(extracts, census):
    """Distinct identifiers among staff rows, exactly."""
    staff = extracts[census].query("Data_source == @STAFF")
    ours = staff.groupby("role", observed=True)["UNIQUE_IDENTIFIER"].nunique()
    expected = published("headcount", census=census)
    assert ours.to_dict() == expected[expected > 0].to_dict()


@pytest.mark.parametrize("census", IN_REGISTER)
def test_pcns_reporting_are_as_many_as_published(extracts, census):
    """With any row, and with a row of staff; so contracted-only PCNs are as many too."""
    rows = extracts[census]
    any_row, staff = set(rows["PCN_CODE"]), set(rows.query("Data_source == @STAFF")["PCN_CODE"])
    assert len(any_row) == published("pcns_reporting", census=census)["all"]
    assert len(staff) == published("pcns_reporting_staff", census=census)["all"]


@pytest.mark.parametrize("census", ["2020-12", "2021-09"])
def test_contracted_only_pcns_are_as_many_as_published(extracts, census):
    """17 in December 2020, 32 in September 2021, from the register."""
    sources = extracts[census].groupby("PCN_CODE")["Data_source"].unique()
    assert (
        sum(list(found) == [CONTRACTED] for found in sources) == published("pcns_contracted_only", census=census)["all"]
    )


def test_pcns_with_a_reimbursed_role_are_as_many_as_published(extracts):
    """1,089 in September 2022 (Penfold et al.)."""
    rows = extracts["2022-09"]
    with_role = rows.loc[rows["role"].isin(load_roles().members("arrs13")), "PCN_CODE"].nunique()
    assert with_role == published("pcns_with_role", census="2022-09")["arrs13"]


@pytest.mark.parametrize("census", CENSUSES)
def test_fte_of_a_row_is_possible(extracts, census):
    """Staff above 0 and at most 2, contracted services above 0 and at most 14.13: no anomaly is invented."""
    rows = extracts[census]
    staff = rows.loc[rows["Data_source"] == STAFF, "fte"]
    contracted = rows.loc[rows["Data_source"] == CONTRACTED, "fte"]
    assert staff.between(0, 2, inclusive="right").all()
    assert contracted.between(0, 14.13, inclusive="right").all()


def test_coverage_grows_as_in_the_real_series(extracts):
    """Most PCNs stay, a few drop out, some of those come back, and late ones report less than old ones."""
    present = {census: set(rows["PCN_CODE"]) for census, rows in extracts.items()}
    dropped, came_back, seen, of_new, of_old = set(), set(), set(), [], []
    for earlier, later in pairwise(QUARTERS):
        seen |= present[earlier]
        gone = present[earlier] - present[later]
        assert len(gone) <= 0.01 * len(present[earlier])
        came_back |= dropped & present[later]
        dropped |= gone
        link_workers = extracts[later].query("role == 'splw'").groupby("PCN_CODE")["fte"].sum()
        of_new += link_workers.reindex(sorted(present[later] - seen)).fillna(0).tolist()
        of_old += link_workers.reindex(sorted(present[later] & present[earlier])).fillna(0).tolist()
    assert len(dropped) > 10
    assert len(came_back) > 5
    assert len(of_new) > 900
    assert mean(of_new) < 0.75 * mean(of_old)


def test_some_reporting_pcns_have_no_link_worker(extracts):
    """Between a tenth and a third of them in September 2022; 219 of 1,105 in truth."""
    rows = extracts["2022-09"]
    share = 1 - rows.query("role == 'splw'")["PCN_CODE"].nunique() / rows["PCN_CODE"].nunique()
    assert 0.1 < share < 0.33


def test_identical_contracted_rows_occur(extracts):
    """They are real: who drops duplicates must see the total fall."""
    contracted = extracts["2022-09"].query("Data_source == @CONTRACTED")
    assert contracted.duplicated().sum() > 100


def test_one_person_can_hold_two_rows(extracts):
    """In two PCNs, or in two roles; headcount is then below the number of staff rows."""
    staff = extracts["2022-09"].query("Data_source == @STAFF").groupby("UNIQUE_IDENTIFIER")
    assert (staff["PCN_CODE"].nunique() == 2).sum() > 10
    assert (staff["role"].nunique() == 2).sum() > 10
    assert staff["fte"].sum().max() <= 2


def test_identifiers_are_reissued(extracts):
    """The same identifier in two extracts is another person, most often in another PCN: nothing follows people."""
    earlier, later = (
        extracts[census]
        .query("Data_source == @STAFF")
        .drop_duplicates("UNIQUE_IDENTIFIER")
        .set_index("UNIQUE_IDENTIFIER")["PCN_CODE"]
        for census in ("2022-06", "2022-09")
    )
    shared = earlier.index.intersection(later.index)
    assert len(shared) > 1000
    assert (earlier[shared] == later[shared]).mean() < 0.01


def test_totals_are_whole_billionths_of_an_fte():
    """So that the sums of the file are exact: both sources add up to what was published."""
    totals = load_totals()
    for census in [census for census in EVERY_CENSUS if census <= PUBLISHED_TO]:
        for role, value in published("fte", census=census, data_source="all").drop("arrs13", errors="ignore").items():
            parts = [totals.fte.get((census, role, source), 0) for source in DATA_SOURCES]
            assert (
                abs(sum(parts) - value * NANO) <= 2000
            )  # the register is rounded to six decimals, each part by itself
