"""What a change between two censuses is made of: PCNs that report at both, and those that report at one of them only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, day, joined, month, say
from analysis.periods import SPANS, expected_censuses, months_between, shift
from analysis.report.text.finding import Finding
from analysis.report.text.words import known

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis

# From here on the change of who reports is small beside the change itself, and the time before it is history: the
# report tells the quarter and the year. Below it, most of the rise since the first census is more PCNs reporting.
_REPORTING_SETTLED_PCT = 95.0
_OVER = {SPANS["quarter"]: "Over the quarter from", SPANS["year"]: "Over the year from"}


def decomposition(analysis: Analysis) -> list[Finding]:
    """Divide the changes over a quarter and over a year by which PCNs report; a longer span only with its reason.

    None where there are no two censuses with an individual-level extract each.
    """
    period, censuses = analysis.period, analysis.area_censuses
    if analysis.national_only or len(censuses) < 2:  # noqa: PLR2004 - a change needs two
        return []
    starts = [shift(period, -SPANS[span]) for span in ("quarter", "year")]
    told = [_divided(analysis, start) for start in starts if start in censuses]
    if not told:
        why = "There is no extract of a quarter or a year before, and so the comparison is with the latest one before. "
        told = [_divided(analysis, censuses[-2], say(why))]
    first = censuses[0]
    if first not in (*starts, censuses[-2]) and _reporting_grew(analysis, first):
        why = "More PCNs report than at the first extract, and so the whole time is told as well. "
        told.append(_divided(analysis, first, say(why)))
    return told


def _reporting_grew(analysis: Analysis, first: str) -> bool:
    """Whether reporting is not settled yet, and every census since the first extract is there to see it grow."""
    share = known(analysis, f"coverage.{ENGLAND}.{analysis.period}")
    rose = f"{ENGLAND}.{first}.{analysis.period}"
    new, gone = (analysis.facts[f"pcns_{name}.{rose}"].value or 0 for name in ("newly_reporting", "dropped_out"))
    whole = new > gone and set(expected_censuses(first, analysis.period)) <= set(analysis.area_censuses)
    return share is not None and (share.value or 0) < _REPORTING_SETTLED_PCT and whole


def _divided(analysis: Analysis, start: str, reason: Prose | None = None) -> Finding:
    facts, end = analysis.facts, analysis.period
    span = f"{ENGLAND}.{start}.{end}"
    followed = facts[f"pcns_followed.{span}"]
    opening = say(
        "{reason}{over} {start} to {end} the change in the reported total is {change} FTE. Of that, {both} FTE are in "
        "{n_both} PCNs that report at both{followed}. {new}. {gone}.",
        reason=reason or "",
        start=month(start),
        end=month(end),
        over=_OVER.get(months_between(start, end), "From"),
        change=facts[f"change.fte.{analysis.role}.{span}"],
        both=facts[f"change_in_both.fte.{analysis.role}.{span}"],
        n_both=facts[f"pcns_in_both.{span}"],
        followed=say(" ({n} of them followed through a change of code)", n=followed) if followed.value else "",
        new=_of_those(analysis, "newly_reporting", span, "later"),
        gone=_of_those(analysis, "dropped_out", span, "earlier"),
    )
    sentence = joined([opening, *_at_one_census_only(analysis, start)])
    return Finding(sentence, facts[f"change.fte.{analysis.role}.{span}"], reason.text if reason else "")


def _of_those(analysis: Analysis, name: str, span: str, side: str) -> Prose:
    """What is in PCNs that report at one census only, or that there are none."""
    count = analysis.facts[f"pcns_{name}.{span}"]
    if not count.value:
        return say("No PCN reports at the {side} census only", side=side)
    return say(
        "{fte} FTE come from {count} {pcns} only at the {side} census",
        pcns="PCN that reports" if count.value == 1 else "PCNs that report",
        fte=analysis.facts[f"change_{name}.fte.{analysis.role}.{span}"],
        count=count,
        side=side,
    )


# The list that tells of the PCNs at one census only, and what is said of each part of them.
_PARTS = (
    (
        "from_list_date",
        "Of those at the later census only, ",
        {
            "began_reporting": "{n} ({fte} FTE) {were} there before and began to report.",
            "newly_formed": "{n} ({fte} FTE) {are} not on the list of registered patients of {listed}: formed, or given "
            "another code, since.",
            "only_later": "{n} ({fte} FTE) may have been there before: nothing in the data tells.",
        },
    ),
    (
        "list_date",
        "Of those at the earlier census only, ",
        {
            "stopped_reporting": "{n} ({fte} FTE) {are} still there and did not report.",
            "closed": "{n} ({fte} FTE) {are} not on the list of registered patients of {listed}: closed, merged or given "
            "another code.",
            "only_earlier": "{n} ({fte} FTE) may still be there: nothing in the data tells.",
        },
    ),
)


def _at_one_census_only(analysis: Analysis, start: str) -> list[Prose]:
    """What is known of the PCNs that report at one of the two censuses only; nothing where there are none."""
    facts, end = analysis.facts, analysis.period
    frame = analysis.measures.decomposition
    here = (frame["level"] == "england") & (frame["from_census"] == start) & (frame["census"] == end)
    lists = frame[here].iloc[0]
    told = []
    for listed, opening, parts in _PARTS:
        items = [
            say(
                words,
                n=n,
                fte=facts[f"change_{name}.fte.{analysis.role}.{ENGLAND}.{start}.{end}"],
                were="was" if n.value == 1 else "were",
                are="is" if n.value == 1 else "are",
                listed=day(pd.Timestamp(lists[listed]).date()) if pd.notna(lists[listed]) else "",
            )
            for name, words in parts.items()
            if (n := facts[f"pcns_{name}.{ENGLAND}.{start}.{end}"]).value
        ]
        if items:
            told.append(say(opening + "{parts}", parts=joined(items)))
    return told
