"""Facts of the assessment: what was promised, what each reading gives, the pace, and how the checks came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment import Assessment, Reading, TargetAssessment, Verdict
from analysis.assessment.pace import Pace
from analysis.columns import ENGLAND
from analysis.facts.fact import Fact, Origin
from analysis.facts.labels import BOUND_LABELS, DATE_LABELS, MEASURE_LABELS
from analysis.facts.lineage import EXACT, ONE_PLACE, WHOLE, Inputs, count, make_fact
from analysis.periods import month_label, months_between
from analysis.quality import Validation
from analysis.registers.measures import unit_of
from analysis.registers.roles import Roles
from analysis.registers.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_PACE = {
    "needed": "needed a month from the baseline to the deadline",
    "achieved": "came a month, as reported, from the baseline to the census of the reading",
    "still_needed": "still needed a month from the report's census to the deadline",
    "remaining": "still missing at the report's census",
    "recent_low": "lowest growth a month between neighbouring censuses of the last year, PCNs that report at both",
    "recent_high": "highest growth a month between neighbouring censuses of the last year, PCNs that report at both",
}
_BACKTESTS = {"equal": "equal to the published precision", "differs": "different", "not available": "without ours"}


def reading_key(reading: Reading) -> str:
    """The part of a fact's id that names a reading."""
    choice = reading.choice
    return ".".join(part for part in (choice.measure, choice.role, choice.baseline, choice.date) if part)


def assessed(assessment: Assessment, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``target``, ``readings``, ``reading``, ``so_far`` and ``pace`` of each target."""
    period = assessment.period
    for entry in assessment:
        target = entry.target
        yield make_fact(
            f"target.{target.id}",
            target.value,
            "in no stated unit",
            period,
            Origin(f"the number promised: “{target.wording}” ({target.source})", "register of targets", EXACT),
            note="[z]" if target.rise else "",
        )
        meaning = f"readings of the {target.name} that differ in their figures"
        yield count(f"readings.{target.id}", sum(entry.counts.values()), "readings", meaning, period)
        judged = sum(number for verdict, number in entry.counts.items() if verdict is not Verdict.NOT_ASSESSABLE)
        meaning = f"readings of the {target.name} that these data can judge"
        yield count(f"readings.{target.id}.judged", judged, "readings", meaning, period)
        for verdict, number in entry.counts.items():
            meaning = f"readings of the {target.name} that come out as {verdict.value}"
            yield count(f"readings.{target.id}.{verdict.name.lower()}", number, "readings", meaning, period)
        for reading in entry.readings:
            yield from _reading(entry, reading, period, roles, inputs)
        for pace in entry.paces:
            yield from _pace(entry, entry.paced(pace), pace, period, inputs)


def checked(backtests: pd.DataFrame, validation: Validation | None, period: str) -> Iterator[Fact]:
    """``backtests`` and ``checks``, in all and by outcome."""
    yield count("backtests", len(backtests), "figures", "published figures held against ours", period)
    for verdict, meaning in _BACKTESTS.items():
        number = int((backtests["verdict"] == verdict).sum())
        yield count(
            f"backtests.{verdict.replace(' ', '_')}",
            number,
            "figures",
            f"published figures against ours, {meaning}",
            period,
        )
    if validation is None:
        return
    yield count("checks", len(validation.checks), "checks", "checks run on the extracts", period)
    for outcome, number in validation.counts.items():
        yield count(
            f"checks.{outcome.replace(' ', '_')}", number, "checks", f"checks that came out as {outcome}", period
        )


def _reading(entry: TargetAssessment, reading: Reading, period: str, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    target, choice = entry.target, reading.choice
    what = "increase" if target.increase else "number in place"
    since = f", from {month_label(choice.baseline)}" if choice.baseline else ""
    unit = unit_of(choice.measure)
    spans = {
        "reading": (reading.bounds, reading.censuses, f"{DATE_LABELS[choice.date].lower()} ({target.deadline})"),
        "so_far": (reading.so_far_bounds, (period,), f"up to {month_label(period)}"),
    }
    for name, (figures, censuses, until) in spans.items():
        used = [census for census in (choice.baseline, *censuses) if census]
        taken_at = censuses[-1] if censuses else period
        for figure in figures:
            yield make_fact(
                f"{name}.{target.id}.{reading_key(reading)}.{figure.bound}",
                figure.value,
                unit,
                taken_at,
                Origin(
                    f"{target.name}: {what} read as {MEASURE_LABELS[choice.measure]} of "
                    f"{roles.names[choice.role]}{since}, {until}; {BOUND_LABELS[figure.bound]}",
                    _expression(reading, target, figure.bound, censuses),
                    WHOLE,
                    tuple(
                        dict.fromkeys(
                            inputs.of(used, role=choice.role, measure=choice.measure)
                            + inputs.of_bound(figure.bound, used)
                        )
                    ),
                ),
                note=figure.note,
                signed=target.increase,
            )


def _expression(reading: Reading, target: Target, bound: str, censuses: tuple[str, ...]) -> str:
    choice = reading.choice
    series = f"{choice.measure}.{choice.role}.{ENGLAND}"
    if bound == "matched" and not choice.baseline:
        return "a number in place has no earlier census, since which the same PCNs could be followed"
    if bound == "matched":
        spans = [f"change_in_both.{series}.{choice.baseline}.{census}" for census in censuses]
    else:
        series = series if bound == "reported" else f"{bound}.{series}"
        since = f" − {series}.{choice.baseline}" if choice.baseline else ""
        spans = [f"{series}.{census}{since}" for census in censuses]
    if len(spans) > 1:
        return f"straight line, read at {target.deadline}, from {spans[0]} to {spans[-1]}"
    return spans[0] if spans else "the date is not covered by the data"


def _pace(entry: TargetAssessment, reading: Reading, pace: Pace, period: str, inputs: Inputs) -> Iterator[Fact]:
    choice = reading.choice
    unit = unit_of(choice.measure)
    stock = not entry.target.increase
    for column, meaning in _PACE.items():
        value = getattr(pace, column)
        whole = column == "remaining"
        expression, censuses = _pace_origin(column, entry.target.id, reading, pace, period, stock=stock)
        if column.startswith("recent"):
            censuses = [
                census for census in sorted(inputs.workforce) if (pace.recent_since or period) <= census <= period
            ]
        yield make_fact(
            f"pace.{entry.target.id}.{pace.baseline}.{column}",
            value,
            unit if whole else f"{unit} a month",
            period,
            Origin(
                f"{entry.target.name}, from {month_label(pace.baseline)}: {unit} {meaning}",
                expression,
                WHOLE if whole else ONE_PLACE,
                inputs.of(censuses, role=choice.role, measure=choice.measure),
            ),
            note="" if value is not None else "[z]",
            decimals=0 if whole else 1,
        )


def _pace_origin(
    column: str, target_id: str, reading: Reading, pace: Pace, period: str, *, stock: bool
) -> tuple[str, list[str]]:
    """How a figure of the pace is worked out, and the censuses whose extracts it rests on."""
    series = f"{reading.choice.measure}.{reading.choice.role}.{ENGLAND}"
    baseline = f"{series}.{pace.baseline}"
    target = f"target.{target_id}"
    missing = f"{target} − {series}.{period}" if stock else f"{target} − ({series}.{period} − {baseline})"
    remaining = [period] if stock else [pace.baseline, period]
    if column == "needed":
        months = f" / {pace.months} months"
        return (f"({target} − {baseline}){months}", [pace.baseline]) if stock else (f"{target}{months}", [])
    if column == "achieved":
        elapsed = months_between(pace.baseline, pace.achieved_by)
        return f"({series}.{pace.achieved_by} − {baseline}) / {elapsed} months", [pace.baseline, pace.achieved_by]
    if column == "remaining":
        return f"{missing}, and not under nothing", remaining
    if column == "still_needed":
        return f"({missing}) / months from {period} to the deadline", remaining
    which = "smallest" if column == "recent_low" else "largest"
    since = pace.recent_since or period
    return f"{which} of change_in_both.{series} between neighbouring censuses from {since} to {period}, a month", []
