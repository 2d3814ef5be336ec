"""What the figures say of each target: its wording, its readings, its pace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from analysis.assessment import Reading, TargetAssessment, Verdict
from analysis.assessment.dates import last_census_by
from analysis.assessment.pace import Pace
from analysis.columns import ENGLAND
from analysis.facts.analysis import Analysis
from analysis.facts.fact import Fact
from analysis.markup.prose import Prose, bullets, dated, day, joined, listed, month, panel, say
from analysis.periods import FIRST_CENSUS, census_date
from analysis.report.text.finding import Finding
from analysis.report.text.words import MEASURE_WORDS, known, reading_fact, unit_words, verdict_words


def main_verdict(analysis: Analysis, assessed: TargetAssessment) -> Finding:
    """The verdict of the main reading, with the figures that it rests on."""
    target, main = assessed.target, assessed.main
    if main.verdict is Verdict.NOT_ASSESSABLE:
        found = say("On the main reading the target is {verdict}.", verdict=verdict_words(main))
        return Finding(found, None, main.reason)
    found = say(
        "On the main reading the target is {verdict}: {figures}.",
        verdict=verdict_words(main),
        figures=_figures(analysis, assessed),
    )
    return Finding(found, reading_fact(analysis, target, main), target.main.reason)


def _figures(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """The figure that was judged, and what it is held against."""
    target, main = assessed.target, assessed.main
    value, unit = reading_fact(analysis, target, main), unit_words(main)
    at = listed([month(census) for census in main.censuses])
    if not target.rise:
        promised = analysis.facts[f"target.{target.id}"]
        return say("{value} {unit} of {promised}, at {at}", value=value, unit=unit, promised=promised, at=at)
    baseline = main.choice.baseline or ""
    before, after = (
        known(analysis, f"{main.choice.measure}.{main.choice.role}.{ENGLAND}.{census}")
        for census in (baseline, main.censuses[-1])
    )
    since = month(baseline)
    if before and after:
        words = "{after} {unit} at {at}, against {before} at {since}"
        return say(words, after=after, unit=unit, at=at, before=before, since=since)
    return say("{value} {unit} from {since} to {at}", value=value, unit=unit, since=since, at=at)


def first_reached(assessed: TargetAssessment) -> Finding:
    """When the number was first there: said of a number, and of a first census only where none before it is missing."""
    main = assessed.main
    if assessed.target.rise or main.figure is None:
        return Finding(say(""))
    if main.first_reached is None:
        return Finding(say("No census in the data reaches the number on that reading."))
    late = ", after the date" if census_date(main.first_reached) > assessed.target.deadline else ""
    if main.first_reached_certain:
        words = "The first census that reaches the number on that reading is {census}{late}."
    else:
        words = (
            "The first census in the data that reaches the number on that reading is {census}{late}. Not every earlier one "
            "is there."
        )
    return Finding(say(words, census=month(main.first_reached), late=late))


def readings_count(analysis: Analysis, assessed: TargetAssessment) -> Finding:
    """How the readings of a target come out."""
    target, facts = assessed.target, analysis.facts
    every = facts[f"readings.{target.id}"]
    if all(reading.verdict is Verdict.NOT_ASSESSABLE for reading in assessed.readings):
        return Finding(say("None of the {all} distinct readings can be assessed.", all=every), every)
    counts = say(
        "Of {all} distinct readings, {reached} {come} out as reached on reported data, {missed} as not reached and {open} "
        "as not assessable.",
        all=every,
        come="comes" if facts[f"readings.{target.id}.reached"].value == 1 else "come",
        reached=facts[f"readings.{target.id}.reached"],
        missed=facts[f"readings.{target.id}.not_reached"],
        open=facts[f"readings.{target.id}.not_assessable"],
    )
    return Finding(joined([counts, *_same_roles(analysis, assessed)]), every)


SAME_ROLES = "Readings with and without the mental health variant of the role give the same figures, and count once."
NO_SUCH_ROLE = (
    "Readings with and without the mental health variant of the role give the same figures, since that role had not begun, "
    "and count once."
)


def _same_roles(analysis: Analysis, assessed: TargetAssessment) -> list[Prose]:
    """Said where readings that differ in the roles counted alone give the same figures: no further evidence."""
    codes = assessed.target.readings.roles
    figures = {code: [r.figure for r in assessed.readings if r.choice.role == code] for code in codes}
    first = figures[codes[0]]
    if len(codes) == 1 or set(first) == {None} or any(found != first for found in figures.values()):
        return []
    members = [set(analysis.roles.members(code)) for code in codes]
    added = {role for some in members for role in some if any(role not in others for others in members)}
    used = {census for reading in assessed.readings for census in reading.censuses} or {analysis.period}
    begun = any(analysis.roles.starts(role) <= max(used) for role in added)
    return [say(SAME_ROLES if begun else NO_SUCH_ROLE)]


def by_measure(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """The main reading with each measure: which counting turns the verdict."""
    return bullets(
        [
            say(
                "{measure}: {value}{verdict}",
                measure=MEASURE_WORDS[reading.choice.measure],
                value=_value_then(analysis, assessed, reading),
                verdict=verdict_words(reading),
            )
            for reading in assessed.by_measure()
        ]
    )


def _value_then(analysis: Analysis, assessed: TargetAssessment, reading: Reading) -> Prose:
    """The figure of a reading before its verdict, where there is one; of one so far, when it was counted."""
    if reading.figure is None:
        return say("")
    value = reading_fact(analysis, assessed.target, reading)
    if reading.value is None:
        return say("{value} at {period}, ", value=value, period=month(analysis.period))
    return say("{value}, ", value=value)


def by_baseline(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """The main reading from each baseline, with the reason for the baseline."""
    reasons = {baseline.census: baseline.reason for baseline in assessed.target.baselines}
    return bullets(
        [
            say(
                "From {baseline} ({reason}): {found}",
                baseline=month(reading.choice.baseline or ""),
                reason=dated(reasons[reading.choice.baseline or ""]),
                found=_found_from(analysis, assessed, reading),
            )
            for reading in assessed.by_baseline()
        ]
    )


def _found_from(analysis: Analysis, assessed: TargetAssessment, reading: Reading) -> Prose:
    """The increase and its verdict; while the date lies ahead, the increase so far."""
    if reading.figure is None:
        return say("{verdict}", verdict=verdict_words(reading))
    judged = reading.value is not None
    found = say(
        "{value} {unit} by {census}{then}{verdict}",
        value=reading_fact(analysis, assessed.target, reading),
        unit=unit_words(reading),
        census=month(reading.censuses[-1] if judged else analysis.period),
        then=", " if judged else "; ",
        verdict=verdict_words(reading),
    )
    if not judged or reading.bound("grossed_pcns").value is None:
        return found
    grossed = reading_fact(analysis, assessed.target, reading, "grossed_pcns")
    return say("{found}; scaled up to all active PCNs, an estimated {grossed}", found=found, grossed=grossed)


def pace(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """What was needed a month, what came, and when the number would be reached at the recent pace.

    Presupposes a pace: see :func:`analysis.assessment.pace.pace`.
    """
    needed = bullets([_pace_item(analysis, assessed, entry) for entry in assessed.paces])
    return panel([needed, _projection(analysis, assessed)], css_class="pace")


def _pace_item(analysis: Analysis, assessed: TargetAssessment, entry: Pace) -> Prose:
    fact = _pace_facts(analysis, assessed, entry)
    parts = [
        say(
            "From {baseline}{first} to {deadline}: {needed} {unit} a month {were} needed.",
            were="are" if assessed.main.ahead else "were",
            baseline=month(entry.baseline),
            first="" if assessed.target.increase else f", the first census {_of_what(entry)},",
            deadline=day(assessed.target.deadline),
            needed=fact("needed"),
            unit=unit_words(assessed.main),
        )
    ]
    if entry.achieved is not None:
        parts.append(
            say(
                "Up to {census}, {achieved} a month came as reported, PCNs that began to report included.",
                achieved=fact("achieved"),
                census=month(entry.achieved_by),
            )
        )
    if entry.still_needed is not None and entry.baseline != analysis.period:
        parts.append(
            say(
                "From {period} on, {still} a month would still be needed.",
                period=month(analysis.period),
                still=fact("still_needed"),
            )
        )
    return joined(parts)


def _of_what(entry: Pace) -> str:
    return "of the series" if entry.baseline == FIRST_CENSUS else "in the data"


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
    grew = "grew" if (low.value or 0) >= 0 else "changed"
    return say(
        "Between {since} and {period}, PCNs that reported at both ends of a quarter {grew} by {pace} {unit} a month. If that "
        "went on, and coverage stayed as it is, the number would be reached {when} Nothing beyond a year is projected.",
        since=month(first.recent_since),
        period=month(analysis.period),
        grew=grew,
        pace=say("{low} to {high}", low=low, high=high) if low.text != high.text else low,
        unit=unit_words(assessed.main),
        when=_reached_when(assessed, open_yet),
    )


def _reached_when(assessed: TargetAssessment, entries: list[Pace]) -> Prose:
    """When, to follow "the number would be reached"; of an increase, a sentence for each baseline."""
    if not assessed.target.increase:
        return joined([say("{when}.", when=_when(entry)) for entry in entries])
    counted = [
        say("Counted from {month}: {when}.", month=month(entry.baseline), when=_when(entry)) for entry in entries
    ]
    return joined([say("as follows."), *counted])


def _told_of(assessed: TargetAssessment, entries: list[Pace], note: str) -> Prose:
    """A reason, and from which baselines it holds where it does not hold from all."""
    if len(entries) == len(assessed.paces):
        return Prose(dated(note))
    return say("from {months} {note}", months=listed([month(entry.baseline) for entry in entries]), note=dated(note))


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


def series_then(analysis: Analysis, assessed: TargetAssessment, date: dt.date) -> Finding:
    """The figure of the census before a claim, where the data hold that census: the claim may rest on another series."""
    census = last_census_by(date, analysis.censuses)
    fte = known(analysis, f"fte.{assessed.main.choice.role}.{ENGLAND}.{census}")
    if census is None or fte is None:
        return Finding(say(""))
    share = known(analysis, f"coverage.{ENGLAND}.{census}")
    sentence = say(
        "The census before, of {census}, has {fte} FTE in this series{coverage}. The claim does not say which figures it "
        "rests on.",
        census=month(census),
        fte=fte,
        coverage=say(", from {share} of PCNs", share=share) if share else "",
    )
    return Finding(sentence, fte)
