"""Facts from measures: each figure the report may speak of, with its definition, expression and the rows behind it.

Ids are ``measure.role.area.period``; a change names both censuses: ``change.fte.splw.ENG.2021-12.2022-09``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.facts import changes, deprivation, networks, people, series, series_shape, verdicts
from analysis.facts.fact import Fact, Facts, Origin
from analysis.facts.lineage import EXACT, ONE_PLACE, Inputs, Register, count_rows, make_fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.assessment import Assessment
    from analysis.facts.analysis import Measures
    from analysis.quality import Validation
    from analysis.registers.roles import Roles

HOURS_PER_FTE = 37.5  # the publisher's definition of 1.0 FTE, in the notes of every edition
RATE_BASE = 10_000  # patients: the base that readers of primary care statistics know

__all__ = ["Inputs", "Register", "count_rows", "make_facts"]


def make_facts(
    measures: Measures, assessment: Assessment, validation: Validation | None, *, roles: Roles, inputs: Inputs
) -> Facts:
    """Make all facts of a report."""
    period = assessment.period
    return Facts(
        fact
        for made in (
            _constants(period),
            series.levels(measures.totals, roles, inputs),
            series.coverage(measures.coverage, inputs),
            series.growth(measures.growth, roles, inputs),
            series_shape.series_shape(measures.series_shape, roles, inputs),
            series_shape.usual_changes(measures.usual_changes, roles, inputs),
            series.bounds(measures.bounds, roles, inputs),
            series.entrants(measures.entrants, roles, inputs),
            changes.changes(measures.decomposition, roles, inputs),
            changes.places(measures.places, roles, inputs),
            networks.distribution(measures.distribution, roles, inputs),
            networks.employment(measures.employment, roles, inputs),
            networks.quarter_changes(measures.quarter_changes, roles, inputs),
            networks.area_growth(measures.area_growth, roles, inputs),
            people.hours(measures.hours, HOURS_PER_FTE, roles, inputs),
            people.additional_roles(measures.additional_roles, roles, inputs),
            people.gender(measures.gender, roles, inputs),
            deprivation.deprivation(measures.deprivation, measures.deprivation_fifths, roles, inputs),
            verdicts.assessed(assessment, roles, inputs),
            verdicts.checked(measures.backtests, validation, period),
        )
        for fact in made
    )


def _constants(period: str) -> Iterator[Fact]:
    yield make_fact(
        "constant.hours_per_fte",
        HOURS_PER_FTE,
        "hours a week",
        period,
        Origin("hours a week that make one full-time equivalent, as the publisher defines it", "constant", ONE_PLACE),
        decimals=1,
    )
    yield make_fact(
        "constant.rate_base",
        RATE_BASE,
        "patients",
        period,
        Origin("registered patients that a rate is given for", "constant", EXACT),
    )
