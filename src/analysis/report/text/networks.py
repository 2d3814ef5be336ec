"""What the figures say of how networks and areas differ: spread, who employs, which changed most, growth of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, bullets, day, joined, month, say
from analysis.periods import shift
from analysis.report.text.words import find_fact, who

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis

_NO_EXTRACT = "There is no individual-level extract of this census, and so no figure of an area or a network."
# In the order in which they are told: what ``since`` is called.
_SINCE = {"year_ago": "a year before", "peak": "the census with the most {who} in England"}


def distribution(analysis: Analysis) -> Prose:
    """How evenly FTE is spread over networks."""
    facts, key = analysis.facts, f"{analysis.role}.{ENGLAND}.{analysis.period}"
    top = find_fact(analysis, f"top_tenth_fte_share_pct.{key}")
    if top is None:
        return say(_NO_EXTRACT)
    if top.value is None:
        return say("No network recorded any FTE of {who} at this census.", who=who(analysis))
    patients, median = (
        find_fact(analysis, f"top_tenth_patients_share_pct.{key}"),
        find_fact(analysis, f"rate_decile_5.{key}"),
    )
    if patients is None or median is None:
        return joined(
            [
                say("The tenth of networks with the most FTE of {who} have {top} of it.", top=top, who=who(analysis)),
                say("No list of registered patients serves this census: how many patients that is for is not known."),
            ]
        )
    return joined(
        [
            say(
                "The tenth of networks with the most FTE of {who} have {top} of it, and {patients} of the "
                "registered patients.",
                who=who(analysis),
                top=top,
                patients=patients,
            ),
            say(
                "The middle network has {median} FTE for each {base} patients, and one in ten has {high} or more.",
                median=median,
                base=facts["constant.rate_base"],
                high=facts[f"rate_decile_9.{key}"],
            ),
            say(
                "Networks with no FTE of {who} have {without} of the patients. Only networks that reported are "
                "counted; patients are those of the list of {listed}.",
                who=who(analysis),
                without=facts[f"patients_without_share_pct.{key}"],
                listed=_list_day(analysis),
            ),
        ]
    )


def employment(analysis: Analysis) -> Prose:
    """Who employs the people in the role, in how many networks."""
    facts, key = analysis.facts, f"{analysis.role}.{ENGLAND}.{analysis.period}"
    if f"pcns_staff_only.{key}" not in facts:
        return say(_NO_EXTRACT)
    return say(
        "Of {reporting} networks reporting, {staff} have {who} on their own returns only, {contracted} have "
        "contracted services only, {both} have both and {none} have neither.",
        who=who(analysis),
        reporting=facts[f"pcns_reporting.{ENGLAND}.{analysis.period}"],
        staff=facts[f"pcns_staff_only.{key}"],
        contracted=facts[f"pcns_contracted_only.{key}"],
        both=facts[f"pcns_both.{key}"],
        none=facts[f"pcns_none.{key}"],
    )


def quarter_changes(analysis: Analysis) -> Prose:
    """How much of the change over three months came from the five networks that changed most."""
    facts, period = analysis.facts, analysis.period
    key, start = f"{analysis.role}.{ENGLAND}.{period}", shift(period, -3)
    if period not in analysis.area_censuses:
        return say(_NO_EXTRACT)
    change = find_fact(analysis, f"quarter_change_in_both.{key}")
    if change is None or change.value is None:
        return say(
            "Which networks changed most in three months cannot be told: there is no individual-level extract of {start}.",
            start=month(start),
        )
    opening = say(
        "From {start} to {end}, the FTE of {who} changed by {change} in the {pcns} networks that reported at both: "
        "{gains} in networks that gained and {losses} in networks that lost.",
        who=who(analysis),
        start=month(start),
        end=month(period),
        change=change,
        pcns=facts[f"quarter_pcns_in_both.{key}"],
        gains=facts[f"quarter_gains.{key}"],
        losses=facts[f"quarter_losses.{key}"],
    )
    share = facts[f"largest_five_share_pct.{key}"]
    if share.value is None:
        return opening
    return joined(
        [
            opening,
            say(
                "The five largest changes, up or down, make {share} of all gains and losses; set off against each other "
                "they come to {five}.",
                share=share,
                five=facts[f"largest_five_change.{key}"],
            ),
        ]
    )


def area_growth(analysis: Analysis) -> Prose:
    """In how many integrated care boards FTE rose and fell."""
    facts, period, frame = analysis.facts, analysis.period, analysis.measures.area_growth
    if period not in analysis.area_censuses:
        return say(_NO_EXTRACT)
    told = []
    for since, wording in _SINCE.items():
        words = say(wording, who=who(analysis))
        here = frame[(frame["since"] == since) & (frame["role"] == analysis.role)]
        start = next(iter(here["from_census"].dropna()), None)
        if start is None or start == period:
            continue
        rose = find_fact(analysis, f"icbs_rose_since_{since}.{analysis.role}.{ENGLAND}.{period}")
        if rose is None:
            told.append(
                say(
                    "Since {start} ({words}): areas cannot be compared, as there is no individual-level extract of it.",
                    start=month(start),
                    words=words,
                )
            )
            continue
        told.append(
            say(
                "Since {start} ({words}): in networks that reported at both censuses, FTE of {who} rose in {rose} "
                "integrated care boards, fell in {fell} and did not change in {level}.",
                who=who(analysis),
                start=month(start),
                words=words,
                rose=rose,
                fell=facts[f"icbs_fell_since_{since}.{analysis.role}.{ENGLAND}.{period}"],
                level=facts[f"icbs_level_since_{since}.{analysis.role}.{ENGLAND}.{period}"],
            )
        )
    return bullets(told) if told else say("There is no earlier census that areas could be compared with.")


def _list_day(analysis: Analysis) -> Prose:
    """The date of the list of registered patients that the distribution rests on."""
    frame = analysis.measures.distribution
    listed = frame.loc[(frame["census"] == analysis.period) & (frame["role"] == analysis.role), "list_date"].iloc[0]
    return say("{listed}", listed=day(pd.Timestamp(listed).date()))
