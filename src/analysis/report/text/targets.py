"""What the figures say of each target: its wording, its readings, its pace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from analysis.assessment import TargetAssessment
from analysis.assessment.dates import census_calendar
from analysis.assessment.pace import Pace
from analysis.columns import ENGLAND
from analysis.facts.analysis import Analysis
from analysis.facts.fact import Fact
from analysis.markup.prose import Prose, bullets, dated, day, joined, listed, month, panel, say, without_sign
from analysis.periods import FIRST_CENSUS, census_after, census_date, census_on_or_before
from analysis.report.text.finding import Finding
from analysis.report.text.words import an_estimated, known, unit_words


def first_reached(assessed: TargetAssessment) -> Finding:
    """When a number in place was first there; "the first census" only where none before it is missing."""
    main = assessed.main
    if assessed.target.increase or main.figure is None:
        return Finding(say(""))
    if main.first_reached is None:
        return Finding(say("On the main reading, no census in the data reaches the number."))
    late = ", after the date" if census_date(main.first_reached) > assessed.target.deadline else ""
    if main.first_reached_certain:
        words = "On the main reading, the number was first reached in {census}{late}."
    else:
        words = (
            "On the main reading, {census}{late} is the first census in the data that reaches the number. The data do not have "
            "every earlier census."
        )
    return Finding(say(words, census=month(main.first_reached), late=late))


def readings_count(analysis: Analysis, assessed: TargetAssessment) -> Finding:
    """How many of the readings that can be judged count as kept."""
    facts, key = analysis.facts, f"readings.{assessed.target.id}"
    judged, reached = facts[f"{key}.judged"], facts[f"{key}.reached"]
    if not judged.value:
        return Finding(say("These data cannot check any way of reading the promise."), judged)
    if judged.value == 1:
        kept = "counts" if reached.value else "does not count"
        return Finding(say(f"These data can check one way of reading the promise, and it {kept} as kept."), judged)
    counts = say(
        "Of {judged} ways of reading the promise that these data can check, {reached} as kept.",
        judged=judged,
        reached={
            0: "none counts",
            1: "one counts",
            judged.value: "both count" if judged.value == 2 else "all count",  # noqa: PLR2004 - English
        }.get(reached.value or 0, say("{n} count", n=reached)),
    )
    return Finding(joined([counts, *_same_roles(analysis, assessed)]), judged)


SAME_ROLES = "Counting the mental health role or leaving it out gives the same figures. The two count as one way."
NO_SUCH_ROLE = "The mental health role had not begun, so counting it or leaving it out makes no difference."


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
                "Up to {census} the reported number {moved} a month, counting networks that began to report.",
                moved=_moved(fact("achieved"), unit_words(assessed.main)),
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


def _moved(achieved: Fact, unit: str) -> Prose:
    """What came a month, with its direction: ``rose by 92.7 FTE``."""
    if not achieved.value:
        return say("did not change")
    verb = "rose" if achieved.value > 0 else "fell"
    return say("{verb} by {size} {unit}", verb=verb, size=without_sign(achieved), unit=unit)


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
        "went on and no more networks reported, the number would be reached {when} Nothing beyond a year is projected.",
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
    """The figures of the census before a claim and of the one after it, where the data hold them."""
    role = assessed.main.choice.role
    calendar = census_calendar(date, analysis.censuses)
    beside = (census_on_or_before(date, calendar), census_after(date, calendar))
    levels = [
        say("{fte} FTE in {census}{share}", fte=fte, census=month(census), share=_share_then(analysis, census))
        for census in dict.fromkeys(beside)
        if census and census <= analysis.period and (fte := known(analysis, f"fte.{role}.{ENGLAND}.{census}"))
    ]
    if not levels:
        return Finding(say(""))
    figures = listed(list(levels))
    sentence = say("This series has {figures}. The claim does not say which figures it rests on.", figures=figures)
    return Finding(sentence, known(analysis, f"fte.{role}.{ENGLAND}.{beside[0]}"))


def _share_then(analysis: Analysis, census: str) -> Prose:
    share = known(analysis, f"coverage.{ENGLAND}.{census}")
    words = " ({estimated}{share} of networks reporting)"
    return say(words, estimated=an_estimated(share), share=share) if share else say("")
