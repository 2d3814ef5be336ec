"""The facts of a report: those of measures, looked up when asked for, and those of the targets and checks.

Ids are ``measure.role.area.census``; a change names both censuses: ``change.fte.splw.ENG.2021-12.2022-09``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from analysis.facts import verdicts
from analysis.facts.fact import Fact, Facts, Origin
from analysis.facts.frames import FactFrames
from analysis.facts.lineage import EXACT, ONE_PLACE, Inputs, make_fact
from analysis.facts.lookup import FactLookup
from analysis.registers.measures import load_measures

if TYPE_CHECKING:
    import pandas as pd

    from analysis.assessment import Assessment
    from analysis.quality import Validation
    from analysis.registers.roles import Roles

HOURS_PER_FTE = 37.5  # the publisher's definition of 1.0 FTE, in the notes of every edition
RATE_BASE = 10_000  # patients: the base that readers of primary care statistics know
CONSTANTS = {"constant.hours_per_fte": HOURS_PER_FTE, "constant.rate_base": float(RATE_BASE)}


def make_facts(
    frames: Mapping[str, pd.DataFrame],
    assessment: Assessment,
    validation: Validation | None,
    *,
    roles: Roles,
    inputs: Inputs,
) -> Facts:
    """The facts of a report. ``frames`` are those of the measures, by name."""
    period = assessment.period
    backtests = frames["backtests"]
    made = (
        *_constants(period),
        *verdicts.assessed(assessment, roles, inputs),
        *verdicts.checked(backtests, validation, period),
    )
    return Facts(made, lookup_in(frames, roles, inputs))


def lookup_in(frames: Mapping[str, pd.DataFrame], roles: Roles, inputs: Inputs) -> FactLookup:
    """Where the facts of measures are found: in ``frames``, by the register of measures."""
    return FactLookup(load_measures(), FactFrames(frames), roles=roles, inputs=inputs, constants=CONSTANTS)


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
