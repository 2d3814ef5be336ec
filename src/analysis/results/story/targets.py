"""What the figures say of each target: its wording, its readings, its pace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from analysis.assessment import TargetAssessment, Verdict
from analysis.assessment.pace import Pace
from analysis.columns import ENGLAND
from analysis.periods import census_on_or_before
from analysis.results.analysis import Analysis
from analysis.results.facts import Fact
from analysis.results.prose import Prose, bullets, cited, dated, day, joined, listed, month, panel, quoted, say
from analysis.results.story.words import MEASURE_WORDS, reading_fact, unit_words, verdict_words


def wording(assessed: TargetAssessment) -> Prose:
    """The target as it was worded, and what that leaves open."""
    target = assessed.target
    opening = say(
        "Announced {announced}: {words} ({source}). The date is read as {deadline}.",
        announced=day(target.announced),
        words=quoted(target.wording),
        source=cited(target.source),
        deadline=day(target.deadline),
    )
    return joined([opening, *(say("{text}", text=dated(text)) for text in target.vague)])


def verdict(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """The verdict of the main reading, the reason for that reading, and how the others come out."""
    target, main, facts = assessed.target, assessed.main, analysis.facts
    value = reading_fact(analysis, target, main)
    if main.verdict is Verdict.NOT_ASSESSABLE:
        found = say("On the main reading the target is {verdict}.", verdict=verdict_words(main))
    else:
        found = say(
            "On the main reading the target is {verdict}: {value} {unit} of {promised}, at {census}.",
            verdict=verdict_words(main),
            value=value,
            unit=unit_words(main),
            promised=facts[f"target.{target.id}"],
            census=listed([month(census) for census in main.censuses]),
        )
    why = say("Why this reading: {reason}", reason=dated(target.main.reason))
    return joined([found, _first(assessed), why, _spread(analysis, assessed)])


def _first(assessed: TargetAssessment) -> Prose:
    main = assessed.main
    if main.first_reached is None:
        return say("No census up to the period of this report reaches the number on that reading.")
    return say(
        "The first census that reaches the number on that reading is {census}.", census=month(main.first_reached)
    )


def _spread(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    target, facts = assessed.target, analysis.facts
    counts = say(
        "Distinct readings: {all}; reached on reported data: {reached}; not reached: {missed}; not assessable: {open}.",
        all=facts[f"readings.{target.id}"],
        reached=facts[f"readings.{target.id}.reached"],
        missed=facts[f"readings.{target.id}.not_reached"],
        open=facts[f"readings.{target.id}.not_assessable"],
    )
    return joined([counts, say(SAME_ROLES)]) if _roles_make_no_difference(assessed) else counts


SAME_ROLES = (
    "Readings with and without the mental health variant of the role give the same figures while that role does not exist, "
    "and count once."
)


def _roles_make_no_difference(assessed: TargetAssessment) -> bool:
    """Whether readings that differ in the roles counted alone give the same figures: then they are no further evidence."""
    roles = assessed.target.readings.roles
    values = {
        role: [(reading.value, reading.so_far) for reading in assessed.readings if reading.choice.role == role]
        for role in roles
    }
    return len(roles) > 1 and all(found == values[roles[0]] for found in values.values())


def by_measure(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """The main reading with each measure: which counting turns the verdict."""
    return bullets(
        [
            say(
                "{measure}: {value}, {verdict}",
                measure=MEASURE_WORDS[reading.choice.measure],
                value=reading_fact(analysis, assessed.target, reading),
                verdict=verdict_words(reading),
            )
            for reading in assessed.by_measure()
        ]
    )


def by_baseline(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """The main reading from each baseline, with the reason for the baseline."""
    reasons = {baseline.census: baseline.reason for baseline in assessed.target.baselines}
    items = []
    for reading in assessed.by_baseline():
        baseline = reading.choice.baseline or ""
        if reading.verdict is Verdict.NOT_ASSESSABLE:
            items.append(
                say(
                    "From {baseline} ({reason}): {value} {unit} by {period}; {verdict}",
                    baseline=month(baseline),
                    reason=dated(reasons[baseline]),
                    value=reading_fact(analysis, assessed.target, reading),
                    unit=unit_words(reading),
                    period=month(analysis.period),
                    verdict=verdict_words(reading),
                )
            )
        else:
            items.append(
                say(
                    "From {baseline} ({reason}): {value} {unit} by {census}, {verdict}; scaled up to all active PCNs "
                    "[e], {grossed}",
                    baseline=month(baseline),
                    reason=dated(reasons[baseline]),
                    value=reading_fact(analysis, assessed.target, reading),
                    unit=unit_words(reading),
                    census=month(reading.censuses[-1]),
                    verdict=verdict_words(reading),
                    grossed=reading_fact(analysis, assessed.target, reading, "grossed_pcns"),
                )
            )
    return bullets(items)


def pace(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """What was needed a month, what came, and when the number would be reached at the recent pace."""
    needed = bullets([_pace_item(analysis, assessed, entry) for entry in assessed.paces])
    return panel([needed, _projection(analysis, assessed)], css_class="pace")


def _pace_item(analysis: Analysis, assessed: TargetAssessment, entry: Pace) -> Prose:
    fact = _pace_facts(analysis, assessed, entry)
    parts = [
        say(
            "From {baseline}{first} to {deadline}: {needed} {unit} a month were needed",
            baseline=month(entry.baseline),
            first="" if assessed.target.increase else ", the first census of the series,",
            deadline=day(assessed.target.deadline),
            needed=fact("needed"),
            unit=unit_words(assessed.main),
        )
    ]
    if entry.achieved is not None:
        parts.append(
            say(
                "; {achieved} came as reported up to {census}, PCNs that began to report included",
                achieved=fact("achieved"),
                census=month(entry.achieved_by),
            )
        )
    if entry.still_needed is not None and entry.baseline != analysis.period:
        parts.append(
            say(
                "; from {period} on {still} a month would still be needed",
                period=month(analysis.period),
                still=fact("still_needed"),
            )
        )
    return joined([*parts, say(".")], separator="")


def _projection(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """When the number would be reached if the pace of the last year went on: one pace for all baselines."""
    open_yet = [entry for entry in assessed.paces if entry.remaining != 0]
    first = next(iter(open_yet or assessed.paces))
    if not open_yet or first.recent_since is None:
        notes = list(dict.fromkeys(entry.reach_note for entry in assessed.paces))
        said = [_told_of(assessed, [e for e in assessed.paces if e.reach_note == note], note) for note in notes]
        return say("Nothing is projected: {said}.", said=joined(said, separator="; "))
    fact = _pace_facts(analysis, assessed, first)
    low, high = fact("recent_low"), fact("recent_high")
    parts = [say("{since}{when}", since=_counted_from(assessed, entry), when=_when(entry)) for entry in open_yet]
    return say(
        "Between {since} and {period}, PCNs that reported at both ends of a quarter grew by {pace} {unit} a month. If that "
        "went on, and coverage stayed as it is, the number would be reached {parts}. Nothing beyond a year is projected.",
        since=month(first.recent_since),
        period=month(analysis.period),
        pace=say("{low} to {high}", low=low, high=high) if low.text != high.text else low,
        unit=unit_words(assessed.main),
        parts=joined(parts, separator="; "),
    )


def _told_of(assessed: TargetAssessment, entries: list[Pace], note: str) -> Prose:
    """A reason, and from which baselines it holds where it does not hold from all."""
    if len(entries) == len(assessed.paces):
        return Prose(dated(note))
    return say("from {months} {note}", months=listed([month(entry.baseline) for entry in entries]), note=dated(note))


def _counted_from(assessed: TargetAssessment, entry: Pace) -> Prose:
    return say("counted from {month} ", month=month(entry.baseline)) if assessed.target.increase else say("")


def _when(entry: Pace) -> Prose:
    if entry.reach_earliest is None:
        return Prose(dated(entry.reach_note))
    if entry.reach_latest is None:
        return say(
            "in {first} at the earliest, and {note}", first=month(entry.reach_earliest), note=dated(entry.reach_note)
        )
    if entry.reach_latest == entry.reach_earliest:
        return say("in {month}", month=month(entry.reach_earliest))
    return say("between {first} and {last}", first=month(entry.reach_earliest), last=month(entry.reach_latest))


def _pace_facts(analysis: Analysis, assessed: TargetAssessment, entry: Pace) -> Callable[[str], Fact]:
    return lambda column: analysis.facts[f"pace.{assessed.target.id}.{entry.baseline}.{column}"]


def claims(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """What officials said of the target, beside what this series had by then."""
    return bullets(
        [
            say(
                "{by}, {date}: {words} ({source}).{then}",
                by=dated(claim.by),
                date=day(claim.date),
                words=quoted(claim.words),
                source=cited(claim.source),
                then=_series_then(analysis, assessed, claim.date),
            )
            for claim in assessed.target.claims
        ]
    )


def _series_then(analysis: Analysis, assessed: TargetAssessment, date: dt.date) -> Prose:
    """The figure of the last census before a claim: the claim may rest on another series."""
    census = census_on_or_before(date, analysis.censuses)
    if census is None:
        return say("")
    return say(
        " The census before, of {census}, has {fte} FTE in this series, from {share} of PCNs; the claim does not say which "
        "figures it rests on.",
        census=month(census),
        fte=analysis.facts[f"fte.{assessed.main.choice.role}.{ENGLAND}.{census}"],
        share=analysis.facts[f"coverage.{ENGLAND}.{census}"],
    )
