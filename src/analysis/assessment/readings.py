"""The readings of a target: every way its wording can be taken, each with its figure, bounds and verdict."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.assessment.series import BOUNDS, Bound, Figure, NationalSeries
from analysis.assessment.verdicts import DATE_NOT_COVERED, Verdict, judge
from analysis.periods import census_after, census_date, census_on_or_before
from analysis.registers.targets import DateReading, Measure, Target

AXES = ("measure", "role", "baseline", "date")


@dataclass(frozen=True)
class Choice:
    """One combination of what the wording leaves open. ``baseline`` is ``None`` for a stock."""

    measure: Measure
    role: str
    baseline: str | None
    date: DateReading


@dataclass(frozen=True)
class BoundedFigure:
    """A reading's figure under one treatment of coverage, with the verdict it would give."""

    bound: Bound
    value: float | None
    note: str
    verdict: Verdict


@dataclass(frozen=True)
class Reading:
    """A choice evaluated.

    ``value`` is what is compared with the number promised: the number in place, or the increase. ``so_far`` is the same
    at the report's own census, which is all there is while the date is not covered. ``censuses`` are those used.
    """

    choice: Choice
    main: bool
    censuses: tuple[str, ...]
    value: float | None
    note: str
    verdict: Verdict
    reason: str
    bounds: tuple[BoundedFigure, ...]
    so_far: float | None
    so_far_note: str
    so_far_bounds: tuple[BoundedFigure, ...]
    first_reached: str | None

    def bound(self, name: Bound) -> BoundedFigure:
        """The figure under one treatment of coverage."""
        return next(figure for figure in self.bounds if figure.bound == name)

    @property
    def bounds_disagree(self) -> bool:
        """Whether the treatment of coverage turns the verdict."""
        verdicts = {figure.verdict for figure in self.bounds if figure.verdict is not Verdict.NOT_ASSESSABLE}
        return len(verdicts) > 1


@dataclass(frozen=True)
class Turn:
    """A choice that, taken alone, changes the main reading's verdict: the axis it lies on, and the reading it gives."""

    axis: str
    reading: Reading


def choices(target: Target) -> Iterator[Choice]:
    """Every combination that the register allows, in its order."""
    baselines: list[str | None] = [baseline.census for baseline in target.baselines] or [None]
    for measure, role, baseline, date in itertools.product(
        target.readings.measures, target.readings.roles, baselines, target.readings.dates
    ):
        yield Choice(measure, role, baseline, date)


def read(target: Target, choice: Choice, series: NationalSeries, period: str) -> Reading:
    """Evaluate one choice on the censuses up to ``period``.

    While the data end before the deadline, nothing is judged: whatever was counted, the date is not covered.
    """
    main = target.main
    is_main = choice == Choice(main.measure, main.role, main.baseline, main.date)
    so_far = tuple(_at(target, choice, series, period, bound) for bound in BOUNDS)
    weights = _census_weights(choice.date, target.deadline, series.censuses)
    if census_date(period) < target.deadline or weights is None:
        reason = DATE_NOT_COVERED
        bounds = tuple(BoundedFigure(bound, None, "[z]", Verdict.NOT_ASSESSABLE) for bound in BOUNDS)
        weights = {}
    else:
        bounds = tuple(_weighted(target, choice, series, weights, bound) for bound in BOUNDS)
        reason = "" if bounds[0].value is not None else _why_missing(choice, series)
    return Reading(
        choice=choice,
        main=is_main,
        censuses=tuple(weights),
        value=bounds[0].value,
        note=bounds[0].note,
        verdict=bounds[0].verdict,
        reason=reason,
        bounds=bounds,
        so_far=so_far[0].value,
        so_far_note=so_far[0].note,
        so_far_bounds=so_far,
        first_reached=_first_reached(target, choice, series),
    )


def read_all(target: Target, series: NationalSeries, period: str) -> tuple[Reading, ...]:
    """Every reading of a target."""
    return tuple(read(target, choice, series, period) for choice in choices(target))


def distinct(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Give the readings without those that differ from an earlier one in the roles counted and not in any figure.

    While a role does not exist, counting it or not is one reading, not two: it would be counted twice as evidence.
    """
    kept: dict[tuple[object, ...], Reading] = {}
    for reading in readings:
        choice = reading.choice
        key = (choice.measure, choice.baseline, choice.date, reading.value, reading.so_far)
        kept.setdefault(key, reading)
    return tuple(kept.values())


def count_verdicts(readings: tuple[Reading, ...]) -> dict[Verdict, int]:
    """How many readings give which verdict."""
    counts = Counter(reading.verdict for reading in readings)
    return {verdict: counts[verdict] for verdict in Verdict}


def turns(readings: tuple[Reading, ...]) -> tuple[Turn, ...]:
    """Each choice that turns the main reading's verdict when nothing else is changed."""
    main = next(reading for reading in readings if reading.main)
    found = []
    for reading in readings:
        differing = [axis for axis in AXES if getattr(reading.choice, axis) != getattr(main.choice, axis)]
        judged = Verdict.NOT_ASSESSABLE not in (reading.verdict, main.verdict)
        if len(differing) == 1 and judged and reading.verdict is not main.verdict:
            found.append(Turn(differing[0], reading))
    return tuple(found)


def _census_weights(date: DateReading, deadline: dt.date, censuses: list[str]) -> dict[str, float] | None:
    """The censuses a date reading uses, with their weights; ``None`` when the data do not hold them."""
    before, after = census_on_or_before(deadline, censuses), census_after(deadline, censuses)
    if date == "on_or_before":
        return {before: 1.0} if before else None
    if date == "after":
        return {after: 1.0} if after else None
    if before is None or after is None:
        return None
    if before == after:
        return {before: 1.0}
    span = (census_date(after) - census_date(before)).days
    share = (deadline - census_date(before)).days / span
    return {before: 1 - share, after: share}


def _at(target: Target, choice: Choice, series: NationalSeries, census: str, bound: Bound) -> BoundedFigure:
    if choice.baseline is None:
        figure = series.level(choice.measure, choice.role, census, bound)
    elif census <= choice.baseline:
        figure = Figure(None, "[z]")
    else:
        figure = series.change(choice.measure, choice.role, choice.baseline, census, bound)
    return BoundedFigure(bound, figure.value, figure.note, judge(figure.value, target.value))


def _weighted(
    target: Target, choice: Choice, series: NationalSeries, weights: dict[str, float], bound: Bound
) -> BoundedFigure:
    parts = [(weight, _at(target, choice, series, census, bound)) for census, weight in weights.items()]
    missing = next((part for _, part in parts if part.value is None), None)
    if missing is not None:
        return missing
    value = sum(weight * part.value for weight, part in parts if part.value is not None)
    note = "[e]" if len(parts) > 1 else parts[0][1].note
    return BoundedFigure(bound, value, note, judge(value, target.value))


def _why_missing(choice: Choice, series: NationalSeries) -> str:
    if choice.baseline is not None and choice.baseline not in series.censuses:
        return "the baseline census is not in the data"
    return "the data hold no such figure"


def _first_reached(target: Target, choice: Choice, series: NationalSeries) -> str | None:
    for census in series.censuses:
        if _at(target, choice, series, census, "reported").verdict is Verdict.REACHED:
            return census
    return None
