"""Pace: what was needed a month, what was achieved, and when the target would be reached at the recent pace.

No model is fitted: a few quarterly points carry none. The projection is arithmetic on the last four quarters of growth
in PCNs that reported at both ends of each quarter, given as a range, and never beyond a year ahead. A quarter is three
months between two censuses, whether the publisher takes one every quarter or every month.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from analysis.assessment.readings import Reading
from analysis.assessment.series import SOURCE_OF, NationalSeries
from analysis.columns import ENGLAND
from analysis.periods import months_between, quarters_until, shift
from analysis.registers.targets import Target

if TYPE_CHECKING:
    import pandas as pd

RECENT_MONTHS = 12  # a year averages out the seasons of recruitment and of the financial year
HORIZON_MONTHS = 12  # beyond a year a straight line says nothing that a publisher could stand by


@dataclass(frozen=True)
class Pace:
    """The pace towards a target from one baseline, in the reading's unit a month.

    ``needed`` is over the whole time to the deadline; ``achieved`` from the baseline to ``achieved_by``, the census of
    the reading, which may lie after the deadline, or the report's own while the date lies ahead. ``still_needed`` is
    from the report's census to the deadline, where that lies ahead. ``remaining`` is what is missing at the report's
    census. ``recent_low`` and ``recent_high`` are of the quarters from ``recent_since`` to
    the report's census. ``reach_earliest`` and ``reach_latest`` are months; ``None`` with ``reach_note`` when there is
    nothing to project or the line does not get there within a year. Of a settled verdict (``settled``) nothing is left
    to be done.
    """

    baseline: str
    months: int
    needed: float
    achieved: float | None
    achieved_by: str
    settled: bool
    still_needed: float | None
    remaining: float | None
    recent_low: float | None
    recent_high: float | None
    recent_since: str | None
    reach_earliest: str | None
    reach_latest: str | None
    reach_note: str


def pace(
    target: Target, reading: Reading, series: NationalSeries, decomposition: pd.DataFrame, period: str
) -> Pace | None:
    """Work out the pace of one reading (frame ``decomposition``: consecutive censuses, see the architecture page).

    For a stock the baseline is the first census in the data that has a figure, and what is needed is what was missing
    then. There is no pace towards a rise, which has no number, none without a figure at the baseline, none where the
    baseline does not lie before the deadline, and none where the date has passed and the data do not cover it.
    """
    choice = reading.choice
    deadline = f"{target.deadline:%Y-%m}"
    baseline, level = _baseline(reading, series)
    judged = reading.value is not None
    if target.value is None or level is None or not baseline < deadline or not (reading.ahead or judged):
        return None
    start = 0.0 if target.increase else level
    end, end_census = (reading.value, reading.censuses[-1]) if judged else (reading.so_far, period)
    elapsed = months_between(baseline, end_census)
    months = months_between(baseline, deadline)
    left = months_between(period, deadline)
    settled = judged and end_census < period
    remaining = None if settled or reading.so_far is None else max(target.value - reading.so_far, 0.0)
    recent = NO_GROWTH if settled else recent_matched_growth(decomposition, choice.measure, choice.role, period)
    earliest, latest, note = _reach(remaining, recent.low, recent.high, period)
    return Pace(
        baseline=baseline,
        months=months,
        needed=(target.value - start) / months,
        achieved=None if end is None or elapsed <= 0 else (end - start) / elapsed,
        achieved_by=end_census,
        settled=settled,
        still_needed=None if remaining is None or left <= 0 else remaining / left,
        remaining=remaining,
        recent_low=recent.low,
        recent_high=recent.high,
        recent_since=recent.since,
        reach_earliest=earliest,
        reach_latest=latest,
        reach_note="the verdict rests on an earlier census" if settled else note,
    )


def _baseline(reading: Reading, series: NationalSeries) -> tuple[str, float | None]:
    """The census that the pace is counted from, and the number in place then."""
    choice = reading.choice
    levels = (
        (census, series.level(choice.measure, choice.role, census).value)
        for census in ([choice.baseline] if choice.baseline else series.censuses)
    )
    return next(((census, level) for census, level in levels if level is not None), ("", None))


@dataclass(frozen=True)
class RecentGrowth:
    """The lowest and highest growth a month of the quarters since ``since``."""

    low: float | None
    high: float | None
    since: str | None


NO_GROWTH = RecentGrowth(None, None, None)


def recent_matched_growth(decomposition: pd.DataFrame, measure: str, role: str, period: str) -> RecentGrowth:
    """Give the lowest and highest matched growth a month over the last year, and the census it begins at.

    The quarters are those that lead up to ``period`` one after another, each with an extract at both ends; where one
    lacks that, the quarters before it are not recent. :data:`NO_GROWTH` when the last quarter, which ends at
    ``period``, does.
    """
    source = SOURCE_OF.get(measure)  # type: ignore[call-overload]
    frame = decomposition[
        (decomposition["area_code"] == ENGLAND)
        & (decomposition["role"] == role)
        & (decomposition["data_source"] == source)
        & decomposition["in_both_fte"].notna()
    ]
    grown = {
        (str(start), str(end)): float(change)
        for start, end, change in zip(frame["from_census"], frame["census"], frame["in_both_fte"], strict=True)
    }
    quarters = reversed(quarters_until(period, shift(period, -RECENT_MONTHS)))
    held = list(takewhile(grown.__contains__, quarters))
    if not held or held[0][1] != period:
        return NO_GROWTH
    rates = [grown[quarter] / months_between(*quarter) for quarter in held]
    return RecentGrowth(min(rates), max(rates), held[-1][0])


def _reach(
    remaining: float | None, low: float | None, high: float | None, period: str
) -> tuple[str | None, str | None, str]:
    if remaining is None:
        return None, None, "there is no figure to project from"
    if remaining == 0:
        return None, None, "the promised number is there already"
    if low is None or high is None:
        return None, None, "growth in the same networks is not known at this census"
    earliest, latest = _months_to(remaining, high), _months_to(remaining, low)
    if earliest is None:
        return None, None, "not within a year at that pace"
    note = "" if latest is not None else "at the slowest of these rates not within a year"
    return shift(period, earliest), shift(period, latest) if latest is not None else None, note


def _months_to(remaining: float, monthly: float) -> int | None:
    if monthly <= 0:
        return None
    months = -int(-remaining // monthly)  # rounded up to a whole month
    return months if months <= HORIZON_MONTHS else None
