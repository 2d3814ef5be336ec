"""The first screen: what was promised, what the data say, how sure that is, and what would change the answer.

It is kept short enough to be read without scrolling; the sections below it say the rest.
"""

from __future__ import annotations

from analysis.assessment import TargetAssessment, Verdict
from analysis.assessment.doubts import BOUND_CLAUSES, MEASURE_CLAUSES, depends_on_baseline
from analysis.assessment.readings import Turn
from analysis.columns import ENGLAND
from analysis.results.analysis import Analysis
from analysis.results.prose import (
    Prose,
    census_day,
    dated,
    day,
    definitions,
    joined,
    listed,
    month,
    panel,
    quoted,
    say,
)
from analysis.results.story import verdicts
from analysis.results.story.words import (
    DATE_WORDS,
    reading_fact,
    unit_words,
)

ROLE = "splw"


def headline(analysis: Analysis) -> Prose:
    """The panel at the top of the report."""
    targets = list(analysis.assessment)
    return panel(
        [
            _lead(analysis),
            definitions(
                [("What the data say", [verdicts.sentence(analysis, assessed) for assessed in targets])],
                css_class="lead",
            ),
            definitions(
                [
                    ("What was promised", [_promise(assessed) for assessed in targets]),
                    ("How sure that is", [_certainty(analysis)]),
                    ("What would change the answer", [_change(analysis, assessed) for assessed in targets]),
                ]
            ),
        ],
        css_class="headline",
    )


def _lead(analysis: Analysis) -> Prose:
    period, facts = analysis.period, analysis.facts
    opening = say(
        "{reporting} of {active} Primary Care Networks (PCNs) reported {fte} full-time equivalent (FTE) social prescribing "
        "link workers at {day}.",
        day=census_day(period),
        reporting=facts[f"pcns_reporting.{ENGLAND}.{period}"],
        active=facts[f"pcns_active.{ENGLAND}.{period}"],
        fte=facts[f"fte.{ROLE}.{ENGLAND}.{period}"],
    )
    national = say(
        "National figures only, {source}: without an individual-level extract there are no areas.",
        source="from the register of published totals"
        if analysis.catalogue.from_register
        else "from the bulletin tables",
    )
    return Prose(joined([opening, *([national] if analysis.national_only else [])]).html, css_class="lead")


def _promise(assessed: TargetAssessment) -> Prose:
    target = assessed.target
    return say(
        "{short}: {promise} by {deadline}, in no stated unit{open}.",
        short=dated(target.short),
        promise=quoted(target.promise),
        deadline=day(target.deadline),
        open=" and from no stated date" if target.increase else "",
    )


def _certainty(analysis: Analysis) -> Prose:
    facts = analysis.facts
    increases = any(assessed.target.increase for assessed in analysis.assessment)
    # A verdict is as sure as the census that it rests on, which need not be the report's own.
    censuses = sorted(
        {census for assessed in analysis.assessment for census in assessed.main.censuses} | {analysis.period}
    )
    shares = [
        say("{share} of PCNs at {census}", share=facts[f"coverage.{ENGLAND}.{census}"], census=month(census))
        for census in censuses
    ]
    return say(
        "Reports came from {shares}; the rest are missing, not zero. A number in place is therefore a lower bound: “reached” "
        "is safe, “not reached” is not.{increase}",
        shares=listed(list(shares)),
        increase=" An increase is no bound: part of it is PCNs that began to report." if increases else "",
    )


def _change(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    target, facts = assessed.target, analysis.facts
    short = dated(target.short)
    if assessed.main.verdict is Verdict.NOT_ASSESSABLE:
        then = "; then the baseline chosen" if target.increase else ""
        return say("{short}: a census on or after {day}{then}.", short=short, day=day(target.deadline), then=then)
    counts = say(
        "Distinct readings: {reached} reached, {missed} not reached, {open} not to be judged.",
        reached=facts[f"readings.{target.id}.reached"],
        missed=facts[f"readings.{target.id}.not_reached"],
        open=facts[f"readings.{target.id}.not_assessable"],
    )
    if depends_on_baseline(assessed):
        return say("{short}: the baseline, and what is said above. {counts}", short=short, counts=counts)
    turned = [_turned(analysis, assessed, turn) for turn in assessed.turned_by]
    if not turned:
        return say("{short}: no single choice turns the verdict. {counts}", short=short, counts=counts)
    return say("{short}: {turned}. {counts}", short=short, turned=listed(list(turned)), counts=counts)


def _turned(analysis: Analysis, assessed: TargetAssessment, turn: Turn) -> Prose:
    grossed = turn.reading.bound("grossed_pcns")
    # A floor that is not reached on reported data may still have been: the reader is told what scaling up would give.
    caveat = (
        say(
            " as reported (but {value} {words} [e], {verdict})",
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
