"""Census months: the text ``YYYY-MM``, which sorts as time does, and arithmetic on it.

A census is taken on the last day of its month.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from analysis.errors import UsageError

FIRST_CENSUS = "2020-03"  # the first Primary Care Network Workforce census (domain source: series page)
_PATTERN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def parse_census(text: str) -> str:
    """Return ``text`` when it is a census month ``YYYY-MM`` from March 2020 on.

    Raises
    ------
    UsageError
        When it is not a month, or lies before the series begins.
    """
    if not isinstance(text, str) or not _PATTERN.fullmatch(text):
        raise UsageError(
            f"PERIOD {text!r} is not a census month.",
            "A report is made for one census, named by year and month.",
            "Write PERIOD as YYYY-MM, for example PERIOD=2022-09.",
        )
    if text < FIRST_CENSUS:
        raise UsageError(
            f"PERIOD {text} lies before the series begins.",
            f"The first Primary Care Network Workforce census is {month_label(FIRST_CENSUS)}.",
            f"Choose a census from {FIRST_CENSUS} on.",
        )
    return text


def census_of(year: int, month: int) -> str:
    """``census_of(2022, 9)`` is ``"2022-09"``."""
    return f"{year:04d}-{month:02d}"


def month_label(census: str) -> str:
    """``month_label("2022-09")`` is ``"September 2022"``."""
    year, month = census.split("-")
    return f"{calendar.month_name[int(month)]} {year}"


def short_label(census: str) -> str:
    """``short_label("2022-09")`` is ``"Sep 2022"``."""
    year, month = census.split("-")
    return f"{calendar.month_abbr[int(month)]} {year}"


def month_number(census: str) -> int:
    """Months since year 0: differences are lengths in months."""
    year, month = census.split("-")
    return int(year) * 12 + int(month) - 1


def shift(census: str, months: int) -> str:
    """The census month ``months`` later (earlier when negative)."""
    year, month = divmod(month_number(census) + months, 12)
    return census_of(year, month + 1)


def months_between(earlier: str, later: str) -> int:
    """Whole months from ``earlier`` to ``later``; negative when they are the other way round."""
    return month_number(later) - month_number(earlier)


def census_date(census: str) -> dt.date:
    """The day the census was taken: the last day of its month."""
    year, month = (int(part) for part in census.split("-"))
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def census_on_or_before(date: dt.date, censuses: list[str]) -> str | None:
    """The last of ``censuses`` taken on or before ``date``."""
    return max((c for c in censuses if census_date(c) <= date), default=None)


def census_after(date: dt.date, censuses: list[str]) -> str | None:
    """The first of ``censuses`` taken on or after ``date``."""
    return min((c for c in censuses if census_date(c) >= date), default=None)


def expected_step(census: str) -> int:
    """Months from ``census`` to the next: quarterly to December 2022, monthly from January 2023."""
    return 3 if census < "2022-12" else 1


def expected_censuses(first: str, last: str) -> list[str]:
    """Every census the publisher took from ``first`` to ``last``, both included."""
    found = [first]
    while found[-1] < last:
        found.append(shift(found[-1], expected_step(found[-1])))
    return [c for c in found if c <= last]


def long_date(date: dt.date) -> str:
    """``31 March 2021``."""
    return f"{date.day} {calendar.month_name[date.month]} {date.year}"
