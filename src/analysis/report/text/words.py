"""How measures, verdicts and coverage treatments are called in a sentence."""

from __future__ import annotations

from markupsafe import Markup

from analysis.assessment.readings import Reading
from analysis.facts.analysis import Analysis
from analysis.facts.fact import Fact
from analysis.markup.prose import dated
from analysis.registers.targets import Target

MEASURE_WORDS = {
    "fte": "FTE of staff and contracted services",
    "fte_staff": "FTE of staff only, without contracted services",
    "headcount": "People (headcount, which cannot count contracted services)",
}
DATE_WORDS = {
    "on_or_before": "at the last census by the date",
    "after": "at the first census from the date on",
    "between": "on a straight line between the two censuses",
}


def who(analysis: Analysis) -> Markup:
    """The role that the report is about, in the plural, in the middle of a sentence: ``link workers``."""
    return dated(analysis.roles.focus.short)


def one(analysis: Analysis) -> Markup:
    """One person in the role: ``link worker``."""
    return dated(analysis.roles.focus.singular)


def known(analysis: Analysis, fact_id: str) -> Fact | None:
    """The fact, where there is one with a value: what a sentence presupposes is asked for before it is said."""
    if fact_id not in analysis.facts:
        return None
    fact = analysis.facts[fact_id]
    return fact if fact.value is not None else None


def verdict_words(reading: Reading) -> Markup:
    """The verdict in the agreed words, marked so that it stands out; never by colour alone."""
    words = reading.verdict.value + (f": {reading.reason}" if reading.reason else "")
    return Markup('<strong class="verdict">{}</strong>').format(words)


def reading_fact(analysis: Analysis, target: Target, reading: Reading, bound: str = "reported") -> Fact:
    """The figure of a reading at its date; while the date lies ahead, the figure so far."""
    choice = reading.choice
    key = ".".join(part for part in (choice.measure, choice.role, choice.baseline, choice.date) if part)
    name = "reading" if reading.value is not None else "so_far"
    return analysis.facts[f"{name}.{target.id}.{key}.{bound}"]


def unit_words(reading: Reading) -> str:
    """``people`` or ``FTE``."""
    return "people" if reading.choice.measure == "headcount" else "FTE"
