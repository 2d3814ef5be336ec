"""The one verdict on a target, with the one thing that turns it: what every page, file and command says of the target.

The rule, of which ``docs/methodology.md`` gives the reasons:

1. Where the main reading, counted from each baseline, is reached from some and not from others, the target *depends on
   the baseline*.
2. Else the verdict is that of the main reading.
3. The exception is the first of these that alone turns that verdict: measure, roles and date, which the wording leaves
   open, in the order of the register; then the treatment of coverage, in the order of ``COVERAGE``. What the data
   cannot tell is passed over; where nothing turns the verdict, the measures of which there is no figure are named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.assessment.dates import census_weights
from analysis.assessment.readings import AXES, Reading
from analysis.assessment.series import Bound
from analysis.assessment.target_assessment import TargetAssessment
from analysis.assessment.verdicts import Verdict
from analysis.periods import long_date, month_label

DEPENDS = "depends on the baseline"
COVERAGE: tuple[Bound, ...] = ("grossed_pcns", "matched", "grossed_patients")
COVERAGE_CLAUSES: dict[Bound, str] = {
    "grossed_pcns": "if every network had reported (an estimate)",
    "matched": "in networks that reported at both censuses",
    "grossed_patients": "if the networks of every patient had reported (an estimate)",
}
MEASURE_CLAUSES = {
    "fte": "with contracted services",
    "fte_staff": "without contracted services",
    "headcount": "when people are counted",
}


@dataclass(frozen=True)
class TargetVerdict:
    """The verdict on a target.

    Parameters
    ----------
    words
        The verdict: one of :class:`Verdict`, or :data:`DEPENDS`.
    more
        What follows in the same breath, with the mark before it; empty where there is nothing to add.
    turned_by
        The reading that the exception rests on, if it rests on one.
    bound
        The treatment of coverage under which that reading turns.
    """

    words: str
    more: str = ""
    turned_by: Reading | None = None
    bound: Bound = "reported"

    @property
    def line(self) -> str:
        """The verdict in a line, without figures."""
        return self.words + self.more


def verdict_of(assessed: TargetAssessment) -> TargetVerdict:
    """The one verdict on a target, by the rule of this module."""
    main = assessed.main
    if depends_on_baseline(assessed):
        return TargetVerdict(DEPENDS, f": {_reached_from(assessed)}")
    if main.verdict is Verdict.NOT_ASSESSABLE:
        return TargetVerdict(main.verdict.value, _why_not(assessed))
    return _exception(assessed) or TargetVerdict(main.verdict.value, _not_known(assessed))


def judged_by_baseline(assessed: TargetAssessment) -> list[Reading]:
    """The main reading from each baseline from which it is judged, in order of time."""
    return [reading for reading in assessed.by_baseline() if reading.verdict is not Verdict.NOT_ASSESSABLE]


def depends_on_baseline(assessed: TargetAssessment) -> bool:
    """Whether the baseline, which the wording leaves open, decides."""
    return len({reading.verdict for reading in judged_by_baseline(assessed)}) > 1


def _reached_from(assessed: TargetAssessment) -> str:
    """From which baselines it is reached: one month with "or earlier" where they are the earliest of all."""
    judged = judged_by_baseline(assessed)
    reached = [reading.choice.baseline or "" for reading in judged if reading.verdict is Verdict.REACHED]
    months, more = [month_label(census) for census in reached], len(reached) > 1
    if judged[: len(reached)] == [reading for reading in judged if reading.verdict is Verdict.REACHED]:
        counted = f"{months[-1]}{' or earlier' if more else ''}"
    elif judged[-len(reached) :] == [reading for reading in judged if reading.verdict is Verdict.REACHED]:
        counted = f"{months[0]}{' or later' if more else ''}"
    else:
        counted = f"{', '.join(months[:-1])} or {months[-1]}" if more else months[0]
    return f"reached only from {counted}"


def _why_not(assessed: TargetAssessment) -> str:
    """Why a target cannot be judged: what it waits for, or what the data lack."""
    main = assessed.main
    if main.ahead:
        awaited = max(census_weights(main.choice.date, assessed.target.deadline, []))
        return f" until {month_label(awaited)}"
    if main.missing:
        months = [month_label(census) for census in main.missing]
        return f": the data lack the census of {' and of '.join(months)}"
    return f": {main.reason}" if main.reason else ""


def _exception(assessed: TargetAssessment) -> TargetVerdict | None:
    """The first thing that alone turns the verdict of the main reading."""
    main = assessed.main
    opposite = "reached" if main.verdict is Verdict.NOT_REACHED else "not"
    for words, reading, bound in _ways(assessed):
        verdict = reading.verdict if bound == "reported" else reading.bound(bound).verdict
        if verdict not in (main.verdict, Verdict.NOT_ASSESSABLE):
            return TargetVerdict(main.verdict.value, f", but {opposite} {words}", reading, bound)
    return None


def _ways(assessed: TargetAssessment) -> list[tuple[str, Reading, Bound]]:
    """What is changed alone, in the order of the rule: in words, with the reading and the treatment of coverage."""
    target, main = assessed.target, assessed.main
    deadline = long_date(target.deadline)
    dates = {
        "on_or_before": f"at the last census up to {deadline}",
        "after": f"at the first census from {deadline} on",
        "between": f"on a straight line to {deadline}",
    }
    words: dict[str, dict[str, str]] = {
        "measure": MEASURE_CLAUSES,
        "role": dict.fromkeys(target.readings.roles, "with the roles counted otherwise"),
        "date": dates,
    }
    readings = {reading.choice: reading for reading in assessed.readings}
    ways: list[tuple[str, Reading, Bound]] = []
    for axis in (axis for axis in AXES if axis in words):
        for value in getattr(target.readings, f"{axis}s"):
            changed = replace(main.choice, **{axis: value})
            if changed != main.choice:
                ways.append((words[axis][value], readings[changed], "reported"))
    return ways + [(COVERAGE_CLAUSES[bound], main, bound) for bound in COVERAGE]


def _not_known(assessed: TargetAssessment) -> str:
    """The measures by which a judged target cannot be judged: what they would give may turn the verdict.

    People of several roles are published for each role alone: a measure that can be judged for one of the target's
    roles is not missing.
    """
    main = assessed.main
    judged = {
        replace(reading.choice, role=main.choice.role)
        for reading in assessed.readings
        if reading.verdict is not Verdict.NOT_ASSESSABLE
    }
    unknown = [reading.choice.measure for reading in assessed.by_measure() if reading.choice not in judged]
    return f", not known {' or '.join(MEASURE_CLAUSES[measure] for measure in unknown)}" if unknown else ""
