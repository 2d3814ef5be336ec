"""Facts of the assessment: what was promised, what each reading gives, the pace, and how the checks came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment import Assessment, Reading, TargetAssessment
from analysis.assessment.pace import Pace
from analysis.periods import month_label
from analysis.quality import Validation
from analysis.registers.roles import Roles
from analysis.results.facts import Fact, Origin
from analysis.results.labels import MEASURE_LABELS
from analysis.results.making.base import EXACT, ONE_PLACE, WHOLE, Inputs, count, make_fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_PACE = {
    "needed": "FTE a month needed from the baseline to the deadline",
    "achieved": "FTE a month that came, as reported, from the baseline to the census of the reading",
    "still_needed": "FTE a month still needed from the report's census to the deadline",
    "remaining": "FTE still missing at the report's census",
    "recent_low": "lowest matched growth a month in the last four quarters",
    "recent_high": "highest matched growth a month in the last four quarters",
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
        )
        meaning = f"readings of the {target.name} that differ in their figures"
        yield count(f"readings.{target.id}", sum(entry.counts.values()), "readings", meaning, period)
        for verdict, number in entry.counts.items():
            meaning = f"readings of the {target.name} that come out as {verdict.value}"
            yield count(f"readings.{target.id}.{verdict.name.lower()}", number, "readings", meaning, period)
        for reading in entry.readings:
            yield from _reading(entry, reading, period, roles, inputs)
        for pace in entry.paces:
            yield from _pace(entry, pace, period, inputs)


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
    unit = "people" if choice.measure == "headcount" else "FTE"
    spans = {
        "reading": (reading.bounds, reading.censuses, f"census {choice.date.replace('_', ' ')} {target.deadline}"),
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
                    f"{roles.names[choice.role]}{since}, {until}; coverage: {figure.bound.replace('_', ' ')}",
                    _expression(reading, figure.bound, censuses),
                    WHOLE,
                    inputs.of(used, role=choice.role, measure=choice.measure),
                ),
                note=figure.note,
                signed=target.increase,
            )


def _expression(reading: Reading, bound: str, censuses: tuple[str, ...]) -> str:
    choice = reading.choice
    figure = (
        f"{choice.measure}.{choice.role}.ENG" if bound == "reported" else f"{bound}.{choice.measure}.{choice.role}.ENG"
    )
    at = " and ".join(censuses) or "the date"
    if bound == "matched":
        return f"change of {choice.measure} in PCNs that report at {choice.baseline} and at {at}"
    line = " (straight line between them)" if len(censuses) > 1 else ""
    return f"{figure} at {at}{line}" + (f" − {figure}.{choice.baseline}" if choice.baseline else "")


def _pace(entry: TargetAssessment, pace: Pace, period: str, inputs: Inputs) -> Iterator[Fact]:
    role = entry.main.choice.role
    for column, meaning in _PACE.items():
        value = getattr(pace, column)
        whole = column == "remaining"
        yield make_fact(
            f"pace.{entry.target.id}.{pace.baseline}.{column}",
            value,
            "FTE" if whole else "FTE a month",
            period,
            Origin(
                f"{entry.target.name}, from {month_label(pace.baseline)}: {meaning}",
                "see docs/methodology.md, Pace",
                WHOLE if whole else ONE_PLACE,
                inputs.of([pace.baseline, period], role=role),
            ),
            note="" if value is not None else "[z]",
            decimals=0 if whole else 1,
        )
