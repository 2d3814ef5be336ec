"""How a role and a unit are called in a sentence, and the facts that sentences ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.readings import Reading
from analysis.facts.analysis import Analysis
from analysis.facts.fact import Fact, Status
from analysis.markup.prose import dated
from analysis.registers.measures import unit_of
from analysis.registers.targets import Target

if TYPE_CHECKING:
    from markupsafe import Markup


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


def an_estimated(fact: Fact | None) -> str:
    """What stands before an estimate in a sentence, and nothing before a count."""
    return "an estimated " if fact is not None and fact.status is Status.ESTIMATED else ""


def across_a_break(note: object) -> str:
    """What stands behind a change whose shorthand says that it crosses a break; else nothing."""
    return ", across a break in the series" if note == Status.BREAK.shorthand else ""


def reading_fact(analysis: Analysis, target: Target, reading: Reading, bound: str = "reported") -> Fact:
    """The figure of a reading at its date; while the date lies ahead, the figure so far."""
    choice = reading.choice
    key = ".".join(part for part in (choice.measure, choice.role, choice.baseline, choice.date) if part)
    name = "reading" if reading.value is not None else "so_far"
    return analysis.facts[f"{name}.{target.id}.{key}.{bound}"]


def unit_words(reading: Reading) -> str:
    """``people`` or ``FTE``."""
    return unit_of(reading.choice.measure)
