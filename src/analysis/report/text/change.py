"""What a change between two censuses is made of: PCNs that report at both, and those that report at one of them only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, day, joined, month, moved, say, without_sign
from analysis.periods import SPANS, expected_censuses, months_between, shift
from analysis.report.text.finding import Finding
from analysis.report.text.words import across_a_break, known

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis

# From here on the change of who reports is small beside the change itself, and the time before it is history: the
# report tells the quarter and the year. Below it, most of the rise since the first census is more PCNs reporting.
_REPORTING_SETTLED_PCT = 95.0
_OVER = {SPANS["quarter"]: "Over the three months from", SPANS["year"]: "Over the year from"}


def decomposition(analysis: Analysis) -> list[Finding]:
    """Divide the changes over a quarter and over a year by which PCNs report; a longer span only with its reason.

    None where there are no two censuses with an individual-level extract each.
    """
    period, censuses = analysis.period, analysis.area_censuses
    if analysis.national_only or len(censuses) < 2:  # noqa: PLR2004 - a change needs two
        return []
    starts = [shift(period, -SPANS[span]) for span in ("quarter", "year")]
    sentences = [_divided(analysis, start) for start in starts if start in censuses]
    if not sentences:
        why = "There is no extract of three months or a year before, so we compare with the latest one. "
        sentences = [_divided(analysis, censuses[-2], say(why))]
    first = censuses[0]
    if first not in (*starts, censuses[-2]) and _reporting_grew(analysis, first):
        why = "Fewer networks reported at first, so we also look at the whole time. "
        sentences.append(_divided(analysis, first, say(why)))
    return sentences


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
    whole, followed = facts[f"change.fte.{analysis.role}.{span}"], facts[f"pcns_followed.{span}"]
    opening = say(
        "{reason}{over} {start} to {end}, the total {change}{broken}. {n_both} networks reported at both dates{followed}: "
        "they {both}. {new}. {gone}.",
        reason=reason or "",
        start=month(start),
        end=month(end),
        over=_OVER.get(months_between(start, end), "From"),
        change=moved(whole, "rose by", "fell by"),
        broken=across_a_break(whole.status.shorthand),
        both=moved(facts[f"change_in_both.fte.{analysis.role}.{span}"], "gained", "lost"),
        n_both=facts[f"pcns_in_both.{span}"],
        followed=say(" ({n} of them under a new code)", n=followed) if followed.value else "",
        new=_of_those(analysis, "newly_reporting", span, "later"),
        gone=_of_those(analysis, "dropped_out", span, "earlier"),
    )
    sentence = joined([opening, *_at_one_census_only(analysis, start)])
    return Finding(sentence, whole, reason.text if reason else "")


def _of_those(analysis: Analysis, name: str, span: str, side: str) -> Prose:
    """What is in PCNs that report at one census only, or that there are none."""
    count = analysis.facts[f"pcns_{name}.{span}"]
    if not count.value:
        return say("No network reported only at the {side} date", side=side)
    return say(
        "{count} {networks} reported only at the {side} date, with {fte} FTE",
        networks="network" if count.value == 1 else "networks",
        fte=without_sign(analysis.facts[f"change_{name}.fte.{analysis.role}.{span}"]),
        count=count,
        side=side,
    )


# The list that tells of the PCNs at one census only, and what is said of each part of them.
_PARTS = (
    (
        "from_list_date",
        "Of those that reported only at the later date: ",
        {
            "began_reporting": "{n} existed before and began to report ({fte} FTE).",
            "newly_formed": "{n} {are} not on the list of registered patients of {listed}, so {are} new or under a new "
            "code ({fte} FTE).",
            "only_later": "{n} may have existed before, as the files do not say ({fte} FTE).",
        },
    ),
    (
        "list_date",
        "Of those that reported only at the earlier date: ",
        {
            "stopped_reporting": "{n} still existed but did not report ({fte} FTE).",
            "closed": "{n} {are} not on the list of registered patients of {listed}, so {are} closed, merged or under a "
            "new code ({fte} FTE).",
            "only_earlier": "{n} may still exist, as the files do not say ({fte} FTE).",
        },
    ),
)


def _at_one_census_only(analysis: Analysis, start: str) -> list[Prose]:
    """What is known of the PCNs that report at one of the two censuses only; nothing where there are none."""
    facts, end = analysis.facts, analysis.period
    frame = analysis.measures.decomposition
    here = (frame["level"] == "england") & (frame["from_census"] == start) & (frame["census"] == end)
    lists = frame[here].iloc[0]
    sentences = []
    for listed, opening, parts in _PARTS:
        items = [
            say(
                words,
                n=n,
                fte=without_sign(facts[f"change_{name}.fte.{analysis.role}.{ENGLAND}.{start}.{end}"]),
                are="is" if n.value == 1 else "are",
                listed=day(pd.Timestamp(lists[listed]).date()) if pd.notna(lists[listed]) else "",
            )
            for name, words in parts.items()
            if (n := facts[f"pcns_{name}.{ENGLAND}.{start}.{end}"]).value
        ]
        if items:
            sentences.append(say(opening + "{parts}", parts=joined(items)))
    return sentences
