"""What would change the answer of a target: what it waits for, or the single choices that turn its verdict."""

from __future__ import annotations

from analysis.assessment import TargetAssessment, Verdict
from analysis.assessment.readings import Turn
from analysis.assessment.sensitivity import BOUND_CLAUSES, MEASURE_CLAUSES, depends_on_baseline, not_judged
from analysis.facts.analysis import Analysis
from analysis.markup.prose import (
    Prose,
    dated,
    day,
    listed,
    month,
    say,
)
from analysis.report.text.finding import Finding
from analysis.report.text.words import (
    DATE_WORDS,
    reading_fact,
    unit_words,
)


def what_would_change(analysis: Analysis, assessed: TargetAssessment) -> Finding:
    """What would change the answer, in a sentence that begins with the name of the target."""
    target, facts = assessed.target, analysis.facts
    short = dated(target.short)
    if assessed.main.verdict is Verdict.NOT_ASSESSABLE:
        return Finding(say("{short}: {needed}.", short=short, needed=_needed(assessed)))
    if depends_on_baseline(assessed):
        turned = say("the baseline, and what is said above")
    elif assessed.turned_by:
        turned = say("{ways}", ways=listed([_turned(analysis, assessed, turn) for turn in assessed.turned_by]))
    else:
        judged = " that can be judged" if not_judged(assessed) else ""
        turned = say("no single choice{judged} turns the verdict", judged=judged)
    if assessed.settled:
        return Finding(say("{short}: no later census; {turned}.", short=short, turned=turned))
    counts = say(
        "Distinct readings: {reached} reached, {missed} not reached, {open} not to be judged.",
        reached=facts[f"readings.{target.id}.reached"],
        missed=facts[f"readings.{target.id}.not_reached"],
        open=facts[f"readings.{target.id}.not_assessable"],
    )
    return Finding(say("{short}: {turned}. {counts}", short=short, turned=turned, counts=counts))


def _needed(assessed: TargetAssessment) -> Prose:
    """What a target that is not assessable waits for, or lacks."""
    target, main = assessed.target, assessed.main
    if main.ahead:
        then = "; then the baseline chosen" if len(target.baselines) > 1 else ""
        return say("a census on or after {day}" + then, day=day(target.deadline))
    if main.missing:
        of = listed([month(census) for census in main.missing])
        return say("figures of {of}, which are not in the data", of=of)
    return say("figures of that reading, which the data lack")


def _turned(analysis: Analysis, assessed: TargetAssessment, turn: Turn) -> Prose:
    grossed = turn.reading.bound("grossed_pcns")
    # A floor that is not reached on reported data may still have been: the reader is told what scaling up would give.
    caveat = (
        say(
            " as reported (but an estimated {value} {words}, {verdict})",
            value=reading_fact(analysis, assessed.target, turn.reading, "grossed_pcns"),
            words=BOUND_CLAUSES["grossed_pcns"],
            verdict=grossed.verdict.short,
        )
        if turn.reading.bounds_disagree and grossed.value is not None
        else say("")
    )
    return say(
        "{how} it is {value} {unit}, {verdict}{caveat}",
        how=_axis_words(analysis, turn),
        value=reading_fact(analysis, assessed.target, turn.reading),
        unit=unit_words(turn.reading),
        verdict=turn.reading.verdict.short,
        caveat=caveat,
    )


def _axis_words(analysis: Analysis, turn: Turn) -> Prose:
    choice = turn.reading.choice
    if turn.axis == "measure":
        return say(MEASURE_CLAUSES[choice.measure])
    if turn.axis == "baseline":
        return say("counted from {month}", month=month(choice.baseline or ""))
    if turn.axis == "role":
        return say("counting {role}", role=dated(analysis.roles.plurals[choice.role]))
    return say("taken {date}", date=DATE_WORDS[choice.date])
