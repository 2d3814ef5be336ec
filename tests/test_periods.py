"""When the publisher takes a census, and arithmetic on months: one place, which everything that compares asks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.periods import (
    FIRST_CENSUS,
    SPANS,
    expected_censuses,
    is_published,
    months_between,
    previous_census,
    quarters_until,
    shift,
)

PUBLISHED = expected_censuses(FIRST_CENSUS, "2030-12")
published = st.sampled_from(PUBLISHED)
months = st.builds(lambda n: shift(FIRST_CENSUS, n), st.integers(0, 130))


def test_the_publisher_takes_twelve_quarterly_censuses_and_then_one_a_month():
    """March 2020 to December 2022 every quarter; 54 censuses to June 2026."""
    assert [census for census in PUBLISHED if census < "2023-01"] == [
        f"{year}-{month}" for year in (2020, 2021, 2022) for month in ("03", "06", "09", "12")
    ]
    assert len(expected_censuses(FIRST_CENSUS, "2026-06")) == 54


@pytest.mark.parametrize(
    ("census", "before"),
    [
        ("2020-03", None),
        ("2020-06", "2020-03"),
        ("2022-12", "2022-09"),
        ("2023-01", "2022-12"),
        ("2026-06", "2026-05"),
        ("2021-05", "2021-03"),
    ],
)
def test_the_census_before_is_a_quarter_or_a_month_back(census, before):
    assert previous_census(census) == before


@given(published)
def test_every_census_but_the_first_has_one_before_it_and_none_lies_between(census):
    before = previous_census(census)
    if census == FIRST_CENSUS:
        assert before is None
    else:
        assert PUBLISHED[PUBLISHED.index(census) - 1] == before
        assert months_between(before, census) in (1, 3)


@given(months, st.integers(-60, 60), st.integers(-60, 60))
def test_months_add_up(census, one, other):
    """Shifting by two spans is shifting by their sum; the length between is what was shifted."""
    assert shift(shift(census, one), other) == shift(census, one + other)
    assert months_between(census, shift(census, one)) == one


@given(published, published)
def test_quarters_lead_up_to_a_census_without_overlap(one, other):
    """Each is three months between two published censuses; the last ends at the census if it can."""
    first, last = sorted((one, other))
    quarters = quarters_until(last, first)
    assert all(months_between(*quarter) == SPANS["quarter"] and all(map(is_published, quarter)) for quarter in quarters)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(quarters))
    if first <= (start := shift(last, -SPANS["quarter"])) and is_published(start):
        assert quarters[-1] == (start, last)
    assert not quarters or quarters[0][0] >= first


def test_quarters_change_their_months_where_the_cadence_changes():
    """Of May 2023 the quarters reach back to February; November 2022 had no census, so those of 2022 end in December."""
    assert quarters_until("2023-05", "2022-06") == [
        ("2022-06", "2022-09"),
        ("2022-09", "2022-12"),
        ("2023-02", "2023-05"),
    ]
