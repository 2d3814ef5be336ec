"""Each national figure that nothing published guards, against the one before and the register."""

from __future__ import annotations

import math

from analysis.quality.gx import ExpectColumnValuesToBeBetween
from analysis.quality.history import CRITICAL, WARNING, Margin
from analysis.quality.results import Severity
from analysis.quality.rules import Rule

# Published figures are revised by little. Rounding in six months of the bulletin makes half an FTE.
_ROUNDING = 0.5 + 1e-6
_REVISION_PCT = 5.0


def change_rules() -> list[Rule]:
    """Whether each figure is where the figures before it lead one to expect it."""

    def rule(rule_id: str, column: str, severity: Severity, margin: Margin, what: str) -> Rule:
        return Rule(
            id=rule_id,
            subject=f"National figures without a published total, against those before: {what}",
            severity=severity,
            expectation=f"No figure falls by {1 - math.exp(-margin.fall):.0%} of itself in a quarter, nor rises by "
            f"{math.exp(margin.rise) - 1:.0%}, beyond the changes published in the two years before.",
            why="A new census has no published total yet. It differs from the one before by about as much as earlier "
            "ones did: rows that are missing, doubled or renamed make a larger change.",
            items="figures",
            demands=(ExpectColumnValuesToBeBetween(column=column, max_value=0),),
            unassessed="Each figure is in the register of published totals, or has none before it within a year.",
            shows="value",
            decided=severity is Severity.CRITICAL,
        )

    return [
        rule("change-possible", "beyond_critical", Severity.CRITICAL, CRITICAL, "too large"),
        rule("change-usual", "beyond_warning", Severity.WARNING, WARNING, "unusual"),
    ]


def revision_rules() -> list[Rule]:
    """Whether the workbook says what was published before."""

    def rule(rule_id: str, what: str, expectation: str, severity: Severity, **limit: float) -> Rule:
        ((column, most),) = limit.items()
        return Rule(
            id=rule_id,
            subject=f"Bulletin tables against the register of published totals: {what}",
            severity=severity,
            expectation=expectation,
            why="The workbook carries every earlier census again. A small difference is a revision, of which the "
            "reader must know; a large one is a cell that was misread or overwritten.",
            items="figures",
            demands=(ExpectColumnValuesToBeBetween(column=column, max_value=most),),
            unassessed="The bulletin tables and the register have no figure in common.",
            shows="value",
            decided=severity is Severity.CRITICAL,
        )

    return [
        rule(
            "bulletin-near-register",
            "large differences",
            f"No figure of PCNs or of a role of the targets differs from the register by over {_REVISION_PCT:g}%.",
            Severity.CRITICAL,
            large_pct=_REVISION_PCT,
        ),
        rule(
            "bulletin-as-registered",
            "revisions",
            "Each figure of the workbook is that of the register, to half an FTE.",
            Severity.WARNING,
            difference=_ROUNDING,
        ),
    ]
