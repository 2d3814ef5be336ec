"""The first screen: what was promised, what the data say, how sure that is, and what would change the answer."""

from __future__ import annotations

from analysis.assessment import TargetAssessment, Verdict
from analysis.assessment.readings import Reading, Turn
from analysis.columns import ENGLAND
from analysis.results.analysis import Analysis
from analysis.results.prose import (
    Prose,
    census_day,
    cited,
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
from analysis.results.story.words import (
    BOUND_LABELS,
    DATE_WORDS,
    MEASURE_WORDS,
    reading_fact,
    unit_words,
    verdict_words,
)

ROLE = "splw"


def headline(analysis: Analysis) -> Prose:
    """The panel at the top of the report."""
    targets = list(analysis.assessment)
    return panel(
        [
            _lead(analysis),
            definitions(
                [
                    ("What was promised", [_promise(analysis, assessed) for assessed in targets]),
                    ("What the data say", [_finding(analysis, assessed) for assessed in targets]),
                    ("How sure that is", [_certainty(analysis), *_bounds_that_disagree(analysis)]),
                    ("What would change the answer", [_change(analysis, assessed) for assessed in targets]),
                ]
            ),
        ],
        css_class="headline",
    )


def _lead(analysis: Analysis) -> Prose:
    period, facts = analysis.period, analysis.facts
    sentence = say(
        "At {day}, {reporting} of {active} Primary Care Networks (PCNs) reported {fte} full-time equivalent (FTE) social "
        "prescribing link workers.",
        day=census_day(period),
        reporting=facts[f"pcns_reporting.{ENGLAND}.{period}"],
        active=facts[f"pcns_active.{ENGLAND}.{period}"],
        fte=facts[f"fte.{ROLE}.{ENGLAND}.{period}"],
    )
    areas = (
        [say("The figures are national, from the bulletin tables: no area figures are available for this census.")]
        if analysis.national_only
        else []
    )
    return Prose(
        joined([sentence, *(_verdict_sentence(analysis, a) for a in analysis.assessment), *areas]).html,
        css_class="lead",
    )


def _verdict_sentence(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    main = assessed.main
    judged = [r for r in assessed.by_baseline() if r.verdict is not Verdict.NOT_ASSESSABLE]
    if len({reading.verdict for reading in judged}) > 1:
        parts = [
            say(
                "{value} from {baseline}",
                value=reading_fact(analysis, assessed.target, r),
                baseline=month(r.choice.baseline or ""),
            )
            for r in judged
        ]
        return say(
            "The {name}: the answer depends on the baseline ({parts}).",
            name=dated(assessed.target.name),
            parts=listed(list(parts)),
        )
    return say(
        "The {name}: {verdict}{bound}.",
        name=dated(assessed.target.name),
        verdict=verdict_words(main),
        bound=_bound_clause(analysis, assessed),
    )


def _bound_clause(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    """Where the treatment of coverage turns the verdict, that stands in the headline, not in a footnote."""
    main = assessed.main
    if not main.bounds_disagree:
        return say("")
    other = next(f for f in main.bounds if f.verdict not in (main.verdict, Verdict.NOT_ASSESSABLE))
    return say(
        ", but {words} would be {value}, {verdict}",
        words=BOUND_LABELS[other.bound].lower(),
        value=reading_fact(analysis, assessed.target, main, other.bound),
        verdict=other.verdict.value,
    )


def _promise(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    target = assessed.target
    return say(
        "{name}: {wording}, by {deadline} ({source}).",
        name=dated(target.name),
        wording=quoted(target.wording),
        deadline=day(target.deadline),
        source=cited(target.source),
    )


def _finding(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    target, main = assessed.target, assessed.main
    promised = analysis.facts[f"target.{target.id}"]
    if main.verdict is Verdict.NOT_ASSESSABLE:
        return _finding_so_far(analysis, assessed)
    first = (
        say(" It was first reached at the census of {census}.", census=month(main.first_reached))
        if main.first_reached and not target.increase
        else say("")
    )
    values = [
        say("{value} {unit}{since}", value=reading_fact(analysis, target, r), unit=unit_words(r), since=_since(r))
        for r in (assessed.by_baseline() if target.increase else [main])
    ]
    return say(
        "{name}: {verdict}. Reported at {census}: {values}, against {promised}.{first}",
        name=dated(target.name),
        verdict=verdict_words(main),
        census=listed([month(census) for census in main.censuses]),
        values=listed(list(values)),
        promised=promised,
        first=first,
    )


def _finding_so_far(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    target = assessed.target
    values = [
        say("{value} {unit}{since}", value=reading_fact(analysis, target, r), unit=unit_words(r), since=_since(r))
        for r in assessed.by_baseline()
        if r.so_far is not None
    ]
    if not values:
        return say("{name}: {verdict}.", name=dated(target.name), verdict=verdict_words(assessed.main))
    return say(
        "{name}: {verdict}. By {census}: {values}, against {promised}.",
        name=dated(target.name),
        verdict=verdict_words(assessed.main),
        census=month(analysis.period),
        values=listed(list(values)),
        promised=analysis.facts[f"target.{target.id}"],
    )


def _since(reading: Reading) -> Prose:
    return say(" since {baseline}", baseline=month(reading.choice.baseline)) if reading.choice.baseline else say("")


def _certainty(analysis: Analysis) -> Prose:
    facts, period = analysis.facts, analysis.period
    return say(
        "Nothing here is sampled, but PCNs that did not report are missing, not zero: {share} of PCNs reported at {census}. "
        "A number in place as reported is therefore a lower bound: “reached” is safe, “not reached” is not. An increase as "
        "reported is no bound, since part of it comes from PCNs that began to report.",
        share=facts[f"coverage.{ENGLAND}.{period}"],
        census=month(period),
    )


def _bounds_that_disagree(analysis: Analysis) -> list[Prose]:
    said = []
    for assessed in analysis.assessment:
        for reading in assessed.by_baseline():
            if reading.bounds_disagree:
                parts = [
                    say(
                        "{label}: {value}",
                        label=BOUND_LABELS[f.bound].lower(),
                        value=reading_fact(analysis, assessed.target, reading, f.bound),
                    )
                    for f in reading.bounds
                    if f.verdict is not Verdict.NOT_ASSESSABLE
                ]
                said.append(
                    say(
                        "The treatment of coverage turns the verdict on the {name}{since}: {parts}.",
                        name=dated(assessed.target.name),
                        since=_since(reading),
                        parts=listed(list(parts)),
                    )
                )
    return said


def _change(analysis: Analysis, assessed: TargetAssessment) -> Prose:
    target, facts = assessed.target, analysis.facts
    if assessed.main.verdict is Verdict.NOT_ASSESSABLE:
        return (
            say(
                "{name}: a census taken on or after {deadline}; then the baseline, which the wording leaves open.",
                name=dated(target.name),
                deadline=day(target.deadline),
            )
            if target.increase
            else say(
                "{name}: a census taken on or after {deadline}.", name=dated(target.name), deadline=day(target.deadline)
            )
        )
    counts = say(
        "Of {all} readings of the wording, {reached} come out as reached and {missed} as not reached.",
        all=facts[f"readings.{target.id}"],
        reached=facts[f"readings.{target.id}.reached"],
        missed=facts[f"readings.{target.id}.not_reached"],
    )
    turned = [
        say(
            "{how} it is {value}, {verdict}",
            how=_axis_words(turn),
            value=reading_fact(analysis, target, turn.reading),
            verdict=turn.reading.verdict.value,
        )
        for turn in assessed.turned_by
    ]
    if not turned:
        return say("{name}: no single choice turns the verdict. {counts}", name=dated(target.name), counts=counts)
    return say("{name}: {turned}. {counts}", name=dated(target.name), turned=listed(list(turned)), counts=counts)


def _axis_words(turn: Turn) -> Prose:
    choice = turn.reading.choice
    if turn.axis == "measure":
        return say("counted as {measure}", measure=MEASURE_WORDS[choice.measure])
    if turn.axis == "baseline":
        return say("counted from {month}", month=month(choice.baseline or ""))
    if turn.axis == "role":
        return say("counted for {role}", role=choice.role)
    return say("taken {date}", date=DATE_WORDS[choice.date])
