"""Which censuses stand for the date of a target: those that the publisher took, whether the data hold them or not.

A census that is missing is not replaced by the next one that is there: that may lie years from the date.
"""

from __future__ import annotations

import datetime as dt

from analysis.periods import (
    FIRST_CENSUS,
    census_after,
    census_date,
    census_of,
    census_on_or_before,
    expected_censuses,
    shift,
)
from analysis.registers.targets import DateReading

_LONGEST_STEP = 3  # months: the series is quarterly or monthly, so that the next census is no further off


def census_calendar(date: dt.date, held: list[str]) -> list[str]:
    """The censuses that the publisher took up to the first one on or after ``date``, with those held by the data."""
    until = shift(census_of(date.year, date.month), _LONGEST_STEP)
    return sorted({*expected_censuses(FIRST_CENSUS, until), *held})


def census_weights(date: DateReading, deadline: dt.date, held: list[str]) -> dict[str, float]:
    """The censuses that a date reading rests on, with their weights; none when the series had not begun by then."""
    calendar = census_calendar(deadline, held)
    before, after = census_on_or_before(deadline, calendar), census_after(deadline, calendar)
    if date == "on_or_before":
        return {before: 1.0} if before else {}
    if date == "after":
        return {after: 1.0} if after else {}
    if before is None or after is None:
        return {}
    if before == after:
        return {before: 1.0}
    span = (census_date(after) - census_date(before)).days
    share = (deadline - census_date(before)).days / span
    return {before: 1 - share, after: share}
