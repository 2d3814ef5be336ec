"""The first screen: what was promised, what the data say, how sure that is, and what would change the answer.

It is kept short enough to be read without scrolling; the sections below it say the rest.
"""

from __future__ import annotations

from analysis.assessment import TargetAssessment, Verdict
from analysis.assessment.readings import Turn
from analysis.assessment.sensitivity import BOUND_CLAUSES, MEASURE_CLAUSES, depends_on_baseline, not_judged
from analysis.columns import ENGLAND
from analysis.facts.analysis import Analysis
from analysis.facts.fact import Status
from analysis.markup.prose import (
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
from analysis.report.text import verdicts
from analysis.report.text.words import (
    DATE_WORDS,
    known,
    reading_fact,
    unit_words,
    who,
)


def headline(analysis: Analysis) -> Prose:
    """The panel at the top of the report."""
    targets = list(analysis.assessment)
    if not targets:
        return panel([_lead(analysis), no_target(analysis), _certainty(analysis)], css_class="headline")
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


def no_target(analysis: Analysis) -> Prose:
    """What is said where no target is of the role."""
    return say("The register has no target for {who} that was announced by then.", who=who(analysis))


def _lead(analysis: Analysis) -> Prose:
    period = analysis.period
    fte, reporting, expected = (
        known(analysis, f"{measure}.{ENGLAND}.{period}")
        for measure in (f"fte.{analysis.role}", "pcns_reporting", "pcns_expected")
    )
    name = "Primary Care Networks (PCNs)"
    if reporting and expected and (expected.value or 0) >= (reporting.value or 0):
        about = "an estimated " if expected.status is Status.ESTIMATED else ""
        networks = say("{reporting} of {about}{expected} " + name, reporting=reporting, about=about, expected=expected)
    else:
        networks = say("{reporting} " + name, reporting=reporting) if reporting else say(name)
    opening = (
        say(
            "{networks} reported {fte} full-time equivalent (FTE) {who} at {day}.",
            networks=networks,
            who=dated(analysis.roles.focus.plural),
            fte=fte,
            day=census_day(period),
        )
        if fte
        else say(
            "There is no figure of {who} at {day}.",
            who=dated(analysis.roles.focus.plural),
            day=census_day(period),
        )
    )
    national = say(
        "National figures only, {source}: without an individual-level extract there are no areas.",
        source="from the register of published totals"
        if analysis.catalogue.from_register
        else "from the bulletin tables",
    )
    parts = [opening, *_changes(analysis), *([national] if analysis.national_only else [])]
    return Prose(joined(parts).html, css_class="lead")


def _changes(analysis: Analysis) -> list[Prose]:
    """The change since three months before and since a year before, where there is a figure of then."""
    spans = {"quarter": "three months", "year": "a year"}
    told = [
        say("{change} FTE over {words}" + (" [b]" if fact.status is Status.BREAK else ""), change=fact, words=words)
        for span, words in spans.items()
        if (fact := known(analysis, f"change_{span}.fte.{analysis.role}.{ENGLAND}.{analysis.period}"))
    ]
    return [say("That is a change of {changes}.", changes=listed(list(told)))] if told else []


def _promise(assessed: TargetAssessment) -> Prose:
    target = assessed.target
    open_yet = " and from no stated date" if target.increase else ""
    return say(
        "{short}: {promise} by {deadline}, {number}.",
        short=dated(target.short),
        promise=quoted(target.promise),
        deadline=day(target.deadline),
        number="with no stated number or unit" if target.rise else f"in no stated unit{open_yet}",
    )


def _certainty(analysis: Analysis) -> Prose:
    # A verdict is as sure as the census that it rests on, which need not be the report's own.
    censuses = sorted(
        {census for assessed in analysis.assessment for census in assessed.main.censuses} | {analysis.period}
    )
    coverage = {census: known(analysis, f"coverage.{ENGLAND}.{census}") for census in censuses}
    shares = [
        say("{share} of PCNs at {census}", share=share, census=month(at)) for at, share in coverage.items() if share
    ]
    came = say("Reports came from {shares}; the rest are missing, not zero.", shares=listed(list(shares)))
    missing = say("PCNs that did not report are missing, not zero.")
    judged = [assessed for assessed in analysis.assessment if assessed.verdict is not Verdict.NOT_ASSESSABLE]
    stocks = [assessed for assessed in judged if not assessed.target.increase]
    return joined(
        [
            came if shares else missing,
            say("A number in place is therefore a lower bound{so}.", so=SAFE if stocks else ""),
            *([say(NO_BOUND)] if any(assessed.target.increase for assessed in analysis.assessment) else []),
        ]
    )


SAFE = ": “reached” is safe, “not reached” is not"
NO_BOUND = "An increase is no bound: part of it can be PCNs that began to report."


def _change(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    target, facts = assessed.target, analysis.facts
    short = dated(target.short)
    if assessed.main.verdict is Verdict.NOT_ASSESSABLE:
        return say("{short}: {needed}.", short=short, needed=_needed(assessed))
    if depends_on_baseline(assessed):
        turned = say("the baseline, and what is said above")
    elif assessed.turned_by:
        turned = say("{ways}", ways=listed([_turned(analysis, assessed, turn) for turn in assessed.turned_by]))
    else:
        judged = " that can be judged" if not_judged(assessed) else ""
        turned = say("no single choice{judged} turns the verdict", judged=judged)
    if assessed.settled:
        return say("{short}: no later census; {turned}.", short=short, turned=turned)
    counts = say(
        "Distinct readings: {reached} reached, {missed} not reached, {open} not to be judged.",
        reached=facts[f"readings.{target.id}.reached"],
        missed=facts[f"readings.{target.id}.not_reached"],
        open=facts[f"readings.{target.id}.not_assessable"],
    )
    return say("{short}: {turned}. {counts}", short=short, turned=turned, counts=counts)


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
