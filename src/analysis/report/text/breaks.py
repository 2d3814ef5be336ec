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
    """Whether no code of an area ends there: extracts that were published again carry the later areas throughout."""
    if entry.kind != "geography":
        return False
    totals = analysis.measures.totals
    icbs = totals.loc[(totals["level"] == "icb") & totals["fte"].notna(), ["census", "area_code"]].drop_duplicates()
    is_before = icbs["census"] < entry.census
    before, after = set(icbs.loc[is_before, "area_code"]), set(icbs.loc[~is_before, "area_code"])
    return bool(before) and bool(after) and not before - after


def unknown_roles(analysis: Analysis) -> list[str]:
    """The roles of this census that the vocabulary does not know, in the words of the extracts."""
    unknown = analysis.measures.unknown_roles
    return list(dict.fromkeys(unknown.loc[unknown["census"] == analysis.period, "staff_role"]))
