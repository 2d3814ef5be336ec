"""Pace: what was needed a month, what was achieved, and when the target would be reached at the recent pace.

No model is fitted: eleven quarterly points carry none. The projection is arithmetic on the last four quarters of growth
in PCNs that reported at both ends of each quarter, given as a range, and never beyond a year ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.readings import Reading
from analysis.assessment.series import SOURCE_OF, NationalSeries
from analysis.columns import ENGLAND
from analysis.periods import months_between, shift
from analysis.registers.targets import Target

if TYPE_CHECKING:
    import pandas as pd

RECENT_MONTHS = 12  # four quarters: a year averages out the seasons of recruitment and of the financial year
HORIZON_MONTHS = 12  # beyond a year a straight line says nothing that a publisher could stand by


@dataclass(frozen=True)
class Pace:
    """The pace towards a target from one baseline, in the reading's unit a month.

    ``needed`` is over the whole time to the deadline; ``achieved`` from the baseline to ``achieved_by``, the census of
    the reading, which may lie after the deadline, or the report's own while the date is not covered; ``still_needed``
    from the report's census to the deadline, where that lies ahead. ``recent_low`` and ``recent_high`` are of the
    intervals between neighbouring censuses from ``recent_since`` on. ``reach_earliest`` and ``reach_latest`` are
    months; ``None`` with ``reach_note`` when there is nothing to project or the line does not get there within a year.
    """

    baseline: str
    months: int
    needed: float
    achieved: float | None
    achieved_by: str
    still_needed: float | None
    remaining: float | None
    recent_low: float | None
    recent_high: float | None
    recent_since: str | None
    reach_earliest: str | None
    reach_latest: str | None
    reach_note: str


def pace(target: Target, reading: Reading, series: NationalSeries, decomposition: pd.DataFrame, period: str) -> Pace:
    """Work out the pace of one reading (frame ``decomposition``: consecutive censuses, see the architecture page).

    For a stock the baseline is the first census of the series, and what is needed is what was missing then.
    """
    choice = reading.choice
    deadline = f"{target.deadline:%Y-%m}"
    baseline = choice.baseline or series.censuses[0]
    start = 0.0 if target.increase else (series.level(choice.measure, choice.role, baseline).value or 0.0)
    now = reading.so_far
    end = reading.value if reading.value is not None else now
    end_census = reading.censuses[-1] if reading.censuses else period
    elapsed = months_between(baseline, end_census)
    months = months_between(baseline, deadline)
    left = months_between(period, deadline)
    remaining = None if now is None else max(target.value - now, 0.0)
    low, high, since = recent_matched_growth(decomposition, choice.measure, choice.role, period)
    earliest, latest, note = _reach(remaining, low, high, period)
    return Pace(
        baseline=baseline,
        months=months,
        needed=(target.value - start) / months,
        achieved=None if end is None or elapsed <= 0 else (end - start) / elapsed,
        achieved_by=end_census,
        still_needed=None if remaining is None or left <= 0 else remaining / left,
        remaining=remaining,
        recent_low=low,
        recent_high=high,
        recent_since=since,
        reach_earliest=earliest,
        reach_latest=latest,
        reach_note=note,
    )


def recent_matched_growth(
    decomposition: pd.DataFrame, measure: str, role: str, period: str
) -> tuple[float | None, float | None, str | None]:
    """Give the lowest and highest matched growth a month over the last four quarters, and the census they begin at.

    Each interval lies between neighbouring censuses; the longer spans that ``decomposition`` holds would average them,
    and are left out. ``None`` when the last interval does not end at ``period``.
    """
    source = SOURCE_OF.get(measure)  # type: ignore[call-overload]
    frame = decomposition[
        (decomposition["area_code"] == ENGLAND)
        & (decomposition["role"] == role)
        & (decomposition["data_source"] == source)
        & (decomposition["census"] <= period)
    ].astype({"census": "str", "from_census": "str"})
    neighbours = frame["from_census"] == frame.groupby("census")["from_census"].transform("max")
    recent = frame["from_census"] >= shift(period, -RECENT_MONTHS)
    frame = frame[neighbours & recent & frame["in_both_fte"].notna()].sort_values("census")
    if frame.empty or frame["census"].iloc[-1] != period:
        return None, None, None
    months = [months_between(start, end) for start, end in zip(frame["from_census"], frame["census"], strict=True)]
    rates = frame["in_both_fte"].to_numpy() / months
    return float(rates.min()), float(rates.max()), str(frame["from_census"].iloc[0])


def _reach(
    remaining: float | None, low: float | None, high: float | None, period: str
) -> tuple[str | None, str | None, str]:
    if remaining is None:
        return None, None, "there is no figure to project from"
    if remaining == 0:
        return None, None, "the number has been reached"
    if low is None or high is None:
        return None, None, "growth in PCNs that report at both ends of a quarter is not known at this census"
    earliest, latest = _months_to(remaining, high), _months_to(remaining, low)
    if earliest is None:
        return None, None, "not within a year at that pace"
    note = "" if latest is not None else "at the slowest of these quarters not within a year"
    return shift(period, earliest), shift(period, latest) if latest is not None else None, note


def _months_to(remaining: float, monthly: float) -> int | None:
    if monthly <= 0:
        return None
    months = -int(-remaining // monthly)  # rounded up to a whole month
    return months if months <= HORIZON_MONTHS else None
