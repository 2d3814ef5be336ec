"""What the sample says about England is what was published."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from analysis.columns import CONTRACTED, DATA_SOURCES, STAFF
from analysis.periods import expected_censuses
from analysis.registers.published import load_published
from analysis.registers.roles import UNKNOWN, load_roles
from analysis.sample.totals import NANO, load_totals

CENSUSES = expected_censuses("2020-03", "2022-12")
PUBLISHED = load_published().query("census <= '2022-12'")


def published(measure: str, **where: str) -> pd.Series:
    rows = PUBLISHED.loc[PUBLISHED["measure"] == measure]
    for column, value in where.items():
        rows = rows.loc[rows[column] == value]
    return rows.set_index("role")["value"]


def test_every_census_of_the_series_is_there_once(extracts):
    """From March 2020 to December 2022, one extract each."""
    assert list(extracts) == CENSUSES


@pytest.mark.parametrize("census", CENSUSES)
def test_fte_by_role_is_the_published(extracts, census):
    """For every role to a millionth of an FTE, and no role is there that was not published."""
    ours = extracts[census].groupby("role", observed=True)["fte"].sum()
    expected = published("fte", census=census, data_source="all").drop("arrs13", errors="ignore")
    assert UNKNOWN not in ours.index
    pd.testing.assert_series_equal(
        ours.sort_index(),
        expected[expected > 0].sort_index(),
        check_names=False,
        check_index_type=False,
        rtol=0,
        atol=2e-6,
    )


@pytest.mark.parametrize("census", [census for census in CENSUSES if census < "2022-12"])
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


@pytest.mark.parametrize("census", CENSUSES)
def test_headcount_by_role_is_the_published(extracts, census):
    """Distinct identifiers among staff rows, exactly."""
    staff = extracts[census].query("Data_source == @STAFF")
    ours = staff.groupby("role", observed=True)["UNIQUE_IDENTIFIER"].nunique()
    expected = published("headcount", census=census)
    assert ours.to_dict() == expected[expected > 0].to_dict()


@pytest.mark.parametrize("census", CENSUSES)
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
    dropped, came_back, seen = set(), set(), set()
    for earlier, later in pairwise(CENSUSES):
        seen |= present[earlier]
        gone = present[earlier] - present[later]
        assert len(gone) <= 0.01 * len(present[earlier])
        came_back |= dropped & present[later]
        dropped |= gone
    assert len(dropped) > 10
    assert len(came_back) > 5
    latest = extracts["2022-09"].query("role == 'splw'").groupby("PCN_CODE")["fte"].sum()
    new = present["2022-09"] - seen.difference(present["2022-09"]) - present["2022-06"]
    old = present["2022-09"] & present["2022-06"]
    assert latest.reindex(sorted(new)).fillna(0).mean() < 0.75 * latest.reindex(sorted(old)).fillna(0).mean()


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
    for census in CENSUSES:
        for role, value in published("fte", census=census, data_source="all").drop("arrs13", errors="ignore").items():
            parts = [totals.fte.get((census, role, source), 0) for source in DATA_SOURCES]
            assert (
                abs(sum(parts) - value * NANO) <= 2000
            )  # the register is rounded to six decimals, each part by itself
