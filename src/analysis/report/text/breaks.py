"""The breaks in the series, and the roles that the vocabulary does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis
    from analysis.registers.breaks import Break


@dataclass(frozen=True)
class BreakInText:
    """A break: its census, what changed, who says so, and whether these extracts show nothing of it."""

    census: str
    words: str
    source: str
    unseen: bool


def breaks(analysis: Analysis) -> list[BreakInText]:
    """The breaks in the series up to the period."""
    return [
        BreakInText(entry.census, entry.reader, entry.source, _is_unseen(analysis, entry))
        for entry in analysis.breaks.breaks
        if entry.census <= analysis.period
    ]


def _is_unseen(analysis: Analysis, entry: Break) -> bool:
    """Whether there are extracts on both sides of a change of areas, and they show nothing of it."""
    if entry.kind != "geography" or not analysis.area_censuses:
        return False
    crossed = analysis.area_censuses[0] < entry.census <= analysis.area_censuses[-1]
    return crossed and not any(analysis.shows(entry, level) for level in entry.levels)


def unknown_roles(analysis: Analysis) -> list[str]:
    """The roles of this census that the vocabulary does not know, in the words of the extracts."""
    unknown = analysis.measures.unknown_roles
    return list(dict.fromkeys(unknown.loc[unknown["census"] == analysis.period, "staff_role"]))
