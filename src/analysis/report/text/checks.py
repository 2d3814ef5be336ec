"""What the report says of its checks and of published figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.markup.prose import Prose, code, dated, month, say

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis

_FIRST_OFFICIAL = "2020-09"  # March and June 2020 were "Experimental statistics" at source


@dataclass(frozen=True)
class ChecksInText:
    """The checks of the extracts: how many came out how, the warnings, and what was let through by a decision."""

    counts: list[Prose]
    warnings: list[Prose]
    decisions: list[Prose]


def checks(analysis: Analysis) -> ChecksInText | None:
    """The checks that were run, where they were."""
    found = analysis.validation
    if found is None:
        return None
    return ChecksInText(
        counts=[
            say("{number} {outcome}", number=analysis.facts[f"checks.{outcome.replace(' ', '_')}"], outcome=outcome)
            for outcome in found.counts
        ],
        warnings=[say("{subject} ({id})", subject=dated(check.subject), id=code(check.id)) for check in found.warnings],
        decisions=[
            say(
                "{subject} ({id}) would have stopped the report. It was let through by a decision: {reason}",
                subject=dated(check.subject),
                id=code(check.id),
                reason=dated(check.explanation),
            )
            for check in found.decisions
        ],
    )


def last_published(analysis: Analysis) -> str:
    """The last census of which a published figure was held against ours; empty where none was."""
    censuses = analysis.measures.backtests["census"]
    return str(censuses.max()) if len(censuses) else ""


def experimental(analysis: Analysis) -> list[object]:
    """The censuses in the data that were experimental statistics at source."""
    return [month(census) for census in analysis.censuses if census < _FIRST_OFFICIAL]
