"""In how many integrated care boards the role rose and fell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.report.text.fact_in_text import FactInText, in_text

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis


@dataclass(frozen=True)
class AreaGrowth:
    """A comparison of areas: since when, whether that is the census of the peak, and in how many boards it went how."""

    since: str
    is_peak: bool
    rose: FactInText
    fell: FactInText
    level: FactInText


def area_growth(analysis: Analysis) -> list[AreaGrowth]:
    """The comparisons with a year before and with the peak; those without an extract of then have no figures."""
    frame, period = analysis.measures.area_growth, analysis.period
    if period not in analysis.area_censuses:
        return []
    found = []
    for since in ("year_ago", "peak"):
        here = frame[(frame["since"] == since) & (frame["role"] == analysis.role)]
        start = next(iter(here["from_census"].dropna()), None)
        if start is None or start == period:
            continue
        rose, fell, level = (
            in_text(f"icbs_{went}_since_{since}.{analysis.role}.{ENGLAND}.{period}", analysis.facts)
            for went in ("rose", "fell", "level")
        )
        found.append(AreaGrowth(str(start), since == "peak", rose, fell, level))
    return found
