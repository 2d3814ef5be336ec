"""What turns a verdict, one thing at a time, and the verdict in a line with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from analysis.assessment.readings import Reading
from analysis.assessment.series import Bound
from analysis.assessment.target_assessment import TargetAssessment
from analysis.assessment.verdicts import Verdict
from analysis.periods import long_date, month_label

MEASURE_CLAUSES = {
    "fte": "when all hours are counted",
    "fte_staff": "when contracted services are left out",
    "headcount": "when people are counted, which leaves out contracted services",
}
# What a reading counts, where the data hold no such figure.
COUNTED = {"fte": "of all hours", "fte_staff": "of staff alone", "headcount": "of people"}
BOUND_CLAUSES: dict[Bound, str] = {
    "reported": "as reported",
    "matched": "when only PCNs that report at both censuses count",
    "grossed_pcns": "when scaled up to all active PCNs",
    "grossed_patients": "when scaled up to all registered patients",
}


@dataclass(frozen=True)
class Sensitivity:
    """Another treatment of coverage, date or measure under which a reading comes out the other way.

    ``words`` say which; ``reading`` and ``bound`` give its figure; ``estimated`` whether that is an estimate.
    """

    words: str
    reading: Reading
    bound: Bound = "reported"
    estimated: bool = False


def sensitivities(assessed: TargetAssessment, reading: Reading) -> list[Sensitivity]:
    """What turns the verdict of a reading: coverage, date and measure; of coverage and date the first that does."""
    found = [
        Sensitivity(BOUND_CLAUSES[figure.bound], reading, figure.bound, estimated=figure.bound.startswith("grossed"))
        for figure in reading.bounds
        if figure.verdict not in (reading.verdict, Verdict.NOT_ASSESSABLE)
    ][:1]  # one treatment says that coverage matters; the table of readings has all of them
    turned = {
        other.choice: other
        for other in assessed.readings
        if other.verdict not in (reading.verdict, Verdict.NOT_ASSESSABLE)
    }
    choice, deadline = reading.choice, long_date(assessed.target.deadline)
    by_date = [
        (replace(choice, date="between"), f"on a straight line to {deadline}", True),
        (replace(choice, date="on_or_before"), f"at the last census up to {deadline}", False),
        (replace(choice, date="after"), f"at the first census from {deadline} on", False),
    ]
    found += [Sensitivity(words, turned[c], estimated=estimated) for c, words, estimated in by_date if c in turned][:1]
    by_measure = ((measure, replace(choice, measure=measure)) for measure in assessed.target.readings.measures)
    return found + [Sensitivity(MEASURE_CLAUSES[measure], turned[c]) for measure, c in by_measure if c in turned]


def not_judged(assessed: TargetAssessment) -> str:
    """The measures by which a judged target cannot be judged, as they end a sentence; empty where there is none.

    What they would give is not known: a verdict that they may turn must not stand alone. People of several roles are
    published for each role alone: a measure that can be judged for one of the target's roles is not missing.
    """
    main = assessed.main
    if main.verdict is Verdict.NOT_ASSESSABLE:
        return ""
    judged = {
        replace(reading.choice, role=main.choice.role)
        for reading in assessed.readings
        if reading.verdict is not Verdict.NOT_ASSESSABLE
    }
    measures = [COUNTED[reading.choice.measure] for reading in assessed.by_measure() if reading.choice not in judged]
    return f"the data hold no figure {_listed(measures, last='or')}" if measures else ""


def judged_by_baseline(assessed: TargetAssessment) -> list[list[Reading]]:
    """The main reading from each baseline, where it was judged; those together of which the same is to be said."""
    judged = [reading for reading in assessed.by_baseline() if reading.verdict is not Verdict.NOT_ASSESSABLE]
    same = groupby(
        judged,
        key=lambda reading: (reading.verdict, [sensitivity.words for sensitivity in sensitivities(assessed, reading)]),
    )
    return [list(readings) for _, readings in same]


def depends_on_baseline(assessed: TargetAssessment) -> bool:
    """Whether the baseline, which the wording leaves open, decides."""
    return len({readings[0].verdict for readings in judged_by_baseline(assessed)}) > 1


def in_short(assessed: TargetAssessment) -> str:
    """The verdict in a line without figures, for lists of reports and for those who read files."""
    main = assessed.main
    if depends_on_baseline(assessed):
        parts = [
            f"from {_listed([month_label(reading.choice.baseline or '') for reading in readings])} "
            f"{readings[0].verdict.value}{_but(assessed, readings[0])}"
            for readings in judged_by_baseline(assessed)
        ]
        return f"depends on the baseline: {'; '.join(parts)}"
    if main.verdict is Verdict.NOT_ASSESSABLE:
        return f"{main.verdict.value}: {main.reason}" if main.reason else main.verdict.value
    open_yet = not_judged(assessed)
    return main.verdict.value + _but(assessed, main) + (f"; {open_yet}" if open_yet else "")


def _but(assessed: TargetAssessment, reading: Reading) -> str:
    words = [sensitivity.words for sensitivity in sensitivities(assessed, reading)]
    return f", but {reading.verdict.other.short} {_listed(words, last='or')}" if words else ""


def _listed(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
