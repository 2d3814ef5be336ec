"""The verdict on a target in a sentence, and the figures that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from analysis.assessment.target_verdict import depends_on_baseline, judged_by_baseline, verdict_of
from analysis.assessment.verdicts import Verdict
from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, dated, joined, listed, month, say
from analysis.periods import census_date
from analysis.registers.roles import at_start
from analysis.report.text.finding import Finding
from analysis.report.text.words import known, reading_fact, unit_words

if TYPE_CHECKING:
    from analysis.assessment import Reading, TargetAssessment
    from analysis.facts.analysis import Analysis


def verdict(assessed: TargetAssessment) -> Finding:
    """The promise and the one verdict on it, in the words of :mod:`analysis.assessment.target_verdict`."""
    found = verdict_of(assessed)
    strong = Markup('<strong class="verdict">{}</strong>').format(found.words)
    return Finding(
        say("{promise}: {verdict}{more}.", promise=_promise(assessed), verdict=strong, more=dated(found.more))
    )


def _promise(assessed: TargetAssessment) -> Markup:
    """The promise in a few words, at the start of a sentence; quoted where the register has no such words."""
    brief = assessed.target.brief
    return dated(at_start(brief)) if brief else Markup("<q>{}</q>").format(escape(assessed.target.promise))


def figures(analysis: Analysis, assessed: TargetAssessment) -> Finding:
    """The figures that the verdict rests on, or what there is so far; nothing where there is no figure."""
    main = assessed.main
    if depends_on_baseline(assessed):
        return Finding(joined([_from_each(analysis, assessed, judged_by_baseline(assessed)), *_late(assessed)]))
    if main.verdict is Verdict.NOT_ASSESSABLE:
        return Finding(_so_far(analysis, assessed))
    judged = [_judged(analysis, assessed), *_late(assessed), *_exception(analysis, assessed)]
    return Finding(joined(judged), reading_fact(analysis, assessed.target, main), assessed.target.main.reason)


def _from_each(analysis: Analysis, assessed: TargetAssessment, readings: list[Reading]) -> Prose:
    """The increase from each baseline to the census that was judged."""
    return say(
        "The increase by {census} is {values}, against {promised} promised.",
        census=listed([month(census) for census in readings[0].censuses]),
        values=listed([_from(analysis, assessed, reading) for reading in readings]),
        promised=analysis.facts[f"target.{assessed.target.id}"],
    )


def _from(analysis: Analysis, assessed: TargetAssessment, reading: Reading) -> Prose:
    value = reading_fact(analysis, assessed.target, reading)
    since = month(reading.choice.baseline or "")
    return say("{value} {unit} from {since}", value=value, unit=unit_words(reading), since=since)


def _so_far(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """What there is at the report's own census, while the date lies ahead."""
    readings = [reading for reading in assessed.by_baseline() if reading.figure is not None]
    if not readings:
        return say("")
    at = month(analysis.period)
    if assessed.target.increase:
        values = listed([_from(analysis, assessed, reading) for reading in readings])
        return say("By {at} the increase is {values}.", at=at, values=values)
    value = reading_fact(analysis, assessed.target, readings[0])
    return say("In {at} there are {value} {unit} so far.", value=value, unit=unit_words(readings[0]), at=at)


def _judged(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """The figure of the main reading, and what it is held against."""
    target, main = assessed.target, assessed.main
    value, at = reading_fact(analysis, target, main), listed([month(census) for census in main.censuses])
    named: dict[str, Any] = {
        "value": value,
        "unit": unit_words(main),
        "at": at,
        "promised": analysis.facts[f"target.{target.id}"],
    }
    baseline = main.choice.baseline
    if baseline is None:
        return say("In {at} there were {value} {unit}, against {promised} promised.", **named)
    if not target.rise:
        words = "The increase from {since} to {at} is {value} {unit}, against {promised} promised."
        return say(words, **named, since=month(baseline))
    series = f"{main.choice.measure}.{main.choice.role}.{ENGLAND}"
    before, after = (known(analysis, f"{series}.{census}") for census in (baseline, main.censuses[-1]))
    if before and after:
        words = "In {at} there were {after} {unit}, against {before} in {since}."
        return say(words, **named, before=before, after=after, since=month(baseline))
    return say("The change from {since} to {at} is {value} {unit}.", **named, since=month(baseline))


def _exception(analysis: Analysis, assessed: TargetAssessment) -> list[Prose]:
    """The figure of what turns the verdict."""
    found = verdict_of(assessed)
    if found.turned_by is None:
        return []
    value = reading_fact(analysis, assessed.target, found.turned_by, found.bound)
    words = found.more.removeprefix(", but ").removeprefix("not ").removeprefix("reached ")
    return [
        say("There were {value} {unit} {words}.", words=dated(words), value=value, unit=unit_words(found.turned_by))
    ]


def _late(assessed: TargetAssessment) -> list[Prose]:
    """Said where the census that was judged lies after the day that was promised."""
    judged = [reading for reading in assessed.by_baseline() if reading.censuses]
    if not judged or census_date(judged[0].censuses[-1]) <= assessed.target.deadline:
        return []
    return [say("That census was taken after the date.")]
