"""Census months: the text ``YYYY-MM``, which sorts as time does, and arithmetic on it.

A census is taken on the last day of its month. This module alone knows when the publisher takes one (``CADENCE``):
every quarter from March 2020 to December 2022, and every month since January 2023. What compares censuses asks here.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re

from analysis.errors import UsageError

FIRST_CENSUS = "2020-03"  # the first Primary Care Network Workforce census (domain source: series page)
# From which census on the publisher takes one how often: the months from the census before to this one.
# Source: the publisher's series page. A change of cadence is one more line here.
CADENCE: tuple[tuple[str, int], ...] = ((FIRST_CENSUS, 3), ("2023-01", 1))
# The spans over which changes are told, in months. A report may be quarterly while its data are monthly.
SPANS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
# How far a list of registered patients may lie from a census and be near it. Three months, in days, so that both sides
# are equally long (months are not). Lists grow by a quarter of a per cent in that time, and few networks are formed or
# closed: less than what else is uncertain in a rate.
NEAR_DAYS = 92
_PATTERN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def parse_census(text: str) -> str:
    """Return ``text`` when it is a census month ``YYYY-MM`` from March 2020 on.

    Raises
    ------
    UsageError
        When it is not a month, or is before the series begins.
    """
    if not isinstance(text, str) or not _PATTERN.fullmatch(text):
        raise UsageError(
            f"PERIOD {text!r} is not a census month.",
            "A report is made for one census, named by year and month.",
            "Write PERIOD as YYYY-MM, for example PERIOD=2022-09.",
        )
    if text < FIRST_CENSUS:
        raise UsageError(
            f"PERIOD {text} is before the series begins.",
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


@functools.cache
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


@functools.cache
def cadence_at(census: str) -> tuple[str, int]:
    """The cadence in force at a census: the first census it holds for, and the months between two of its censuses."""
    return max((era for era in CADENCE if era[0] <= census), default=CADENCE[0])


@functools.cache
def is_published(census: str) -> bool:
    """Whether the publisher took a census in that month, by the cadence; not whether its figures are at hand."""
    since, step = cadence_at(census)
    return census >= FIRST_CENSUS and months_between(since, census) % step == 0


@functools.cache
def previous_census(census: str) -> str | None:
    """The publisher's last census before that month: a quarter or a month earlier; ``None`` before the second one.

    Which census a folder happens to hold before another one is not asked here: it may lie years back.
    """
    longest = max(step for _, step in CADENCE)
    earlier = (shift(census, -months) for months in range(1, longest + 1))
    return next((month for month in earlier if is_published(month)), None)


def expected_censuses(first: str, last: str) -> list[str]:
    """Every census the publisher took from ``first`` to ``last``; ``first`` is among them, whatever the cadence."""
    months = range(months_between(first, last) + 1)
    return [month for month in (shift(first, n) for n in months) if month == first or is_published(month)]


def quarters_until(last: str, first: str) -> list[tuple[str, str]]:
    """The quarters that lead up to a census, without overlap, as pairs of published censuses three months apart.

    In order of time, none before ``first``. Where the cadence changes, a quarter has only one of its two censuses: then
    the quarters before are those that end at the publisher's last census before it.
    """
    found: list[tuple[str, str]] = []
    end: str | None = last
    while end is not None and (start := shift(end, -SPANS["quarter"])) >= first:
        whole = is_published(start)
        if whole:
            found.append((start, end))
        end = start if whole else previous_census(end)
    return found[::-1]


def long_date(date: dt.date) -> str:
    """``31 March 2021``."""
    return f"{date.day} {calendar.month_name[date.month]} {date.year}"
