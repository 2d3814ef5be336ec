"""The readings of a target: every way its wording can be taken, each with its figure, bounds and verdict."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.assessment.dates import census_weights
from analysis.assessment.series import BOUNDS, Bound, Figure, NationalSeries
from analysis.assessment.verdicts import BASELINE_MISSING, DATE_NOT_COVERED, FIGURE_MISSING, Verdict, judge
from analysis.periods import FIRST_CENSUS, census_date, expected_censuses
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

    ``value`` is what is compared with the number promised: the number in place, or the increase. ``censuses`` are those
    that it was taken at; ``missing`` are those up to the report's own that it needs and the data lack. While the date
    lies ahead of the report (``ahead``), ``so_far`` is all there is: the same at the report's own census.
    ``first_reached`` is the first census in the data that reaches the number; ``first_reached_certain`` says that no
    earlier census can have reached it.
    """

    choice: Choice
    main: bool
    censuses: tuple[str, ...]
    missing: tuple[str, ...]
    ahead: bool
    value: float | None
    note: str
    verdict: Verdict
    reason: str
    bounds: tuple[BoundedFigure, ...]
    so_far: float | None
    so_far_note: str
    so_far_bounds: tuple[BoundedFigure, ...]
    first_reached: str | None
    first_reached_certain: bool

    @property
    def figure(self) -> float | None:
        """The figure at the date; while that lies ahead, the one so far."""
        return self.so_far if self.value is None and self.ahead else self.value

    def bound(self, name: Bound) -> BoundedFigure:
        """The figure under one treatment of coverage."""
        return next(figure for figure in self.bounds if figure.bound == name)


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

    While the date lies ahead of the report, nothing is judged, whatever was counted; nor where the data lack a census
    that the reading rests on.
    """
    main = target.main
    is_main = choice == Choice(main.measure, main.role, main.baseline, main.date)
    so_far = tuple(_at(target, choice, series, period, bound) for bound in BOUNDS)
    weights = census_weights(choice.date, target.deadline, series.censuses)
    needed = (choice.baseline, *weights)
    missing = [census for census in needed if census and census <= period and census not in series.censuses]
    ahead = census_date(period) < target.deadline
    if ahead or not weights or not set(weights) <= set(series.censuses):
        reason, weights = DATE_NOT_COVERED, {}
        bounds = tuple(BoundedFigure(bound, None, "[z]", Verdict.NOT_ASSESSABLE) for bound in BOUNDS)
    else:
        bounds = tuple(_weighted(target, choice, series, weights, bound) for bound in BOUNDS)
        reason = "" if bounds[0].value is not None else BASELINE_MISSING if missing else FIGURE_MISSING
    first = _first_reached(target, choice, series)
    return Reading(
        choice=choice,
        main=is_main,
        censuses=tuple(weights),
        missing=tuple(missing),
        ahead=ahead,
        value=bounds[0].value,
        note=bounds[0].note,
        verdict=bounds[0].verdict,
        reason=reason,
        bounds=bounds,
        so_far=so_far[0].value,
        so_far_note=so_far[0].note,
        so_far_bounds=so_far,
        first_reached=first,
        first_reached_certain=first is not None and _none_before(choice, series, first),
    )


def read_all(target: Target, series: NationalSeries, period: str) -> tuple[Reading, ...]:
    """Every reading of a target."""
    return tuple(read(target, choice, series, period) for choice in choices(target))


def distinct(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Give the readings without those that differ from an earlier one in the roles counted and not in any figure.

    Before a role begins, counting it or not is one reading, not two: it would be counted twice as evidence. Where there
    is a figure at the date, those at other censuses do not matter.
    """
    kept: dict[tuple[object, ...], Reading] = {}
    for reading in readings:
        choice = reading.choice
        # Without a figure there is nothing in which two readings could agree.
        alike = choice.role if reading.figure is None else reading.figure
        kept.setdefault((choice.measure, choice.baseline, choice.date, alike), reading)
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


def _first_reached(target: Target, choice: Choice, series: NationalSeries) -> str | None:
    for census in series.censuses:
        if _at(target, choice, series, census, "reported").verdict is Verdict.REACHED:
            return census
    return None


def _none_before(choice: Choice, series: NationalSeries, first: str) -> bool:
    """Whether no census before ``first`` can have reached the number: each that was taken is in the data."""
    earlier = [c for c in expected_censuses(choice.baseline or FIRST_CENSUS, first) if c < first]
    figures = [series.level(choice.measure, choice.role, census) for census in earlier]
    return all(figure.value is not None or figure.note == "[z]" for figure in figures)
