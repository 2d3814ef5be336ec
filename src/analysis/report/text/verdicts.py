"""The verdict on a target in a sentence of the headline, with the figures of all that turns it."""

from __future__ import annotations

from markupsafe import Markup

from analysis.assessment import Reading, TargetAssessment, Verdict
from analysis.assessment.sensitivity import (
    Sensitivity,
    depends_on_baseline,
    judged_by_baseline,
    not_judged,
    sensitivities,
)
from analysis.facts.analysis import Analysis
from analysis.markup.prose import Prose, census_day, dated, joined, listed, month, say
from analysis.periods import census_date
from analysis.report.text.finding import Finding
from analysis.report.text.words import reading_fact, unit_words, verdict_words


def verdict(analysis: Analysis, assessed: TargetAssessment) -> Finding:
    """The verdict; where baseline, date, measure or the treatment of coverage turns it, that stands beside it."""
    target, main = assessed.target, assessed.main
    short = dated(target.short)
    if depends_on_baseline(assessed):
        depends = say(
            "{short}: depends on the baseline, which the wording leaves open. {at}: {parts}.",
            short=short,
            at=_counted_to(assessed, main),
            parts=joined(
                [_judged_from(analysis, assessed, readings) for readings in judged_by_baseline(assessed)],
                separator="; ",
            ),
        )
        return Finding(depends, None, "the wording leaves the baseline open")
    if main.verdict is Verdict.NOT_ASSESSABLE:
        so_far = _so_far(analysis, assessed)
        waits = say("{short}: {verdict}{so_far}.", short=short, verdict=verdict_words(main), so_far=so_far)
        return Finding(waits, None, main.reason)
    judged = say(
        "{short}: {verdict} ({value} {unit} {span}{late}){but}{open_yet}.",
        short=short,
        verdict=verdict_words(main),
        value=reading_fact(analysis, target, main),
        unit=unit_words(main),
        span=_span(main),
        late=", after the date" if _is_late(assessed, main) else "",
        but=_but(analysis, assessed, main),
        open_yet=f"; {not_judged(assessed)}" if not_judged(assessed) else "",
    )
    return Finding(judged, reading_fact(analysis, target, main), target.main.reason)


def _span(reading: Reading) -> Prose:
    """The census that a number in place is of, or those that a change lies between."""
    censuses = listed([month(census) for census in reading.censuses])
    baseline = reading.choice.baseline
    if baseline is None:
        return say("at {censuses}", censuses=censuses)
    return say("from {baseline} to {censuses}", baseline=month(baseline), censuses=censuses)


def _so_far(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """What there is at the report's own census, while the date lies ahead."""
    readings = [reading for reading in assessed.by_baseline() if reading.figure is not None]
    if not readings:
        return say("")
    values = [
        say(
            "{value} {unit}{since}",
            value=reading_fact(analysis, assessed.target, reading),
            unit=unit_words(reading),
            since=say(" since {month}", month=month(reading.choice.baseline)) if reading.choice.baseline else "",
        )
        for reading in readings
    ]
    return say("; by {period}, {values}", period=month(analysis.period), values=listed(list(values)))


def _is_late(assessed: TargetAssessment, reading: Reading) -> bool:
    """Whether the census of a reading lies after the day that was promised."""
    return bool(reading.censuses) and census_date(reading.censuses[-1]) > assessed.target.deadline


def _counted_to(assessed: TargetAssessment, reading: Reading) -> Prose:
    after = ", after the date" if _is_late(assessed, reading) else ""
    return say("On reported data to {day}" + after, day=census_day(reading.censuses[-1]))


def _judged_from(analysis: Analysis, assessed: TargetAssessment, readings: list[Reading]) -> Prose:
    baselines = [
        say(
            "{baseline} ({value}){but}",
            baseline=month(reading.choice.baseline or ""),
            value=reading_fact(analysis, assessed.target, reading),
            but=_but(analysis, assessed, reading),
        )
        for reading in readings
    ]
    verdict = Markup('<strong class="verdict">{}</strong>').format(readings[0].verdict.short)
    return say("{verdict} from {baselines}", verdict=verdict, baselines=listed(list(baselines)))


def _but(analysis: Analysis, assessed: TargetAssessment, reading: Reading) -> Prose:
    found = sensitivities(assessed, reading)
    if not found:
        return say("")
    ways = [_way(analysis, assessed, sensitivity) for sensitivity in found]
    return say(", but {verdict} {ways}", verdict=reading.verdict.other.short, ways=listed(list(ways), last="or"))


def _way(analysis: Analysis, assessed: TargetAssessment, sensitivity: Sensitivity) -> Prose:
    return say(
        "{words} ({estimated}{value}{unit})",
        words=dated(sensitivity.words),
        estimated="an estimated " if sensitivity.estimated else "",
        value=reading_fact(analysis, assessed.target, sensitivity.reading, sensitivity.bound),
        unit="" if assessed.target.increase else f" {unit_words(sensitivity.reading)}",
    )
