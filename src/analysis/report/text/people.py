"""What the figures say of the people in the role: hours, and the other additional roles beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, joined, month, say
from analysis.periods import shift
from analysis.report.text.words import find_fact, who

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis


def hours(analysis: Analysis) -> Prose:
    """How many hours people work."""
    facts, period = analysis.facts, analysis.period
    key = f"{analysis.role}.{ENGLAND}.{period}"
    mean = find_fact(analysis, f"fte_per_person.{key}")
    if mean is None or mean.value is None:
        return say("Hours of single people are not available for this census.")
    return say(
        "The {people} people on the networks’ own returns work {mean} FTE each on average, {hours} hours a week. Full time "
        "is {full} hours: {share} work that or more, and {nearly} at least nine tenths of it. Contracted services name no "
        "people, and are not counted here.",
        people=facts[f"headcount.{key}"],
        mean=mean,
        hours=facts[f"hours_per_person.{key}"],
        full=facts["constant.hours_per_fte"],
        share=facts[f"full_time_share_pct.{key}"],
        nearly=facts[f"nearly_full_time_share_pct.{key}"],
    )


def gender(analysis: Analysis) -> Prose:
    """FTE by gender, as the bulletin tables publish it, at the latest census of which they do."""
    facts, frame = analysis.facts, analysis.measures.gender
    known = frame.loc[(frame["role"] == analysis.role) & (frame["measure"] == "fte") & frame["women"].notna(), "census"]
    if known.empty:
        return say(
            "No bulletin tables among the inputs give gender up to this census, and the extracts do not hold it."
        )
    census = str(known.max())
    key = f"{analysis.role}.{ENGLAND}.{census}"
    unknown = facts[f"fte_other_or_unknown.{key}"]
    opening = say(
        "At {census} the bulletin tables count {women} FTE of women, {men} of men and {unknown} of other or unknown "
        "gender.{missing}",
        census=month(census),
        missing=""
        if census == analysis.period
        else say(" They give none for {period}.", period=month(analysis.period)),
        women=facts[f"fte_women.{key}"],
        men=facts[f"fte_men.{key}"],
        unknown=unknown,
    )
    share = facts[f"women_share_pct.{key}"]
    parts = [opening]
    if share.value is not None:
        parts.append(say("Of women and men, women have {share}.", share=share))
    contracted = facts[f"fte_contracted.{key}"]
    if contracted.value and unknown.value and contracted.value <= unknown.value:
        parts.append(
            say(
                "Contracted services, which name nobody, are {contracted} FTE: that they make up most of the unknown is "
                "inferred from the two amounts, and not published.",
                contracted=contracted,
            )
            if contracted.value > unknown.value / 2
            else say("Contracted services, which name nobody, are {contracted} FTE.", contracted=contracted)
        )
    return joined(parts)


def additional_roles(analysis: Analysis) -> Prose:
    """The share of the role in the thirteen additional roles."""
    facts, period = analysis.facts, analysis.period
    share = find_fact(analysis, f"arrs13_share_pct.{analysis.role}.{ENGLAND}.{period}")
    if share is None or share.value is None:
        return say("The FTE of the thirteen additional roles is not available for this census.")
    opening = say(
        "Thirteen roles of the Additional Roles Reimbursement Scheme are followed as one group. They come to {all} FTE, of "
        "which {who} are {share}",
        all=facts[f"fte.arrs13.{ENGLAND}.{period}"],
        who=who(analysis),
        share=share,
    )
    year_ago = find_fact(analysis, f"arrs13_share_pct.{analysis.role}.{ENGLAND}.{shift(period, -12)}")
    if year_ago is None or year_ago.value is None:
        return joined([opening, say(".")], "")
    return joined([opening, say(", and were {share} in {then}.", share=year_ago, then=month(shift(period, -12)))], "")
