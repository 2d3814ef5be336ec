"""What the figures say of one area: changes, its rate beside England's, who is missing, and what to keep in mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.columns import ENGLAND
from analysis.facts.analysis import Analysis
from analysis.markup.prose import Prose, dated, month, say
from analysis.periods import SPANS, shift
from analysis.report.text.finding import Finding
from analysis.report.text.words import across_a_break, an_estimated, known, who

if TYPE_CHECKING:
    from analysis.facts.fact import Fact
    from analysis.registers.breaks import Break

_SPANS = ("quarter", "year")
# Under so many PCNs one person more or less is a large part of the figure; as the interval of a rate
# (analysis.measures.funnel), which needs five PCNs.
_FEW_NETWORKS = 5


def changes(analysis: Analysis, area: str) -> list[Finding]:
    """The change of FTE over a quarter and a year, where both censuses have a figure."""
    key = f"fte.{analysis.role}.{area}"
    found = []
    for span in _SPANS:
        change = known(analysis, f"change_{span}.{key}.{analysis.period}")
        if change is None:
            continue
        before = shift(analysis.period, -SPANS[span])
        sentence = say(
            "Over the {span} since {before} the reported FTE {moved}{broken}.{matched}{reporting}",
            span=span,
            before=month(before),
            moved=_moved(change, known(analysis, f"change_{span}_pct.{key}.{analysis.period}")),
            broken=across_a_break(change.status.shorthand),
            matched=_matched(analysis, area, before),
            reporting=_reporting(analysis, area, before),
        )
        found.append(Finding(sentence, change))
    return found


def _moved(change: Fact, pct: Fact | None) -> Prose:
    if not change.value:
        return say("did not change")
    in_pct = say(" ({pct})", pct=pct) if pct is not None else ""
    return say("changed by {change} FTE{in_pct}", change=change, in_pct=in_pct)


def _matched(analysis: Analysis, area: str, before: str) -> Prose:
    both = known(analysis, f"change_in_both.fte.{analysis.role}.{area}.{before}.{analysis.period}")
    return say(" In PCNs that report at both censuses the change is {both} FTE.", both=both) if both else say("")


def _reporting(analysis: Analysis, area: str, before: str) -> Prose:
    then, now = (known(analysis, f"pcns_reporting.{area}.{at}") for at in (before, analysis.period))
    if then is None or now is None:
        return say("")
    if then.value == now.value:
        return say(" The number of PCNs reporting was {now} at each of them.", now=now)
    return say(" PCNs reporting went from {then} to {now}.", then=then, now=now)


def beside_england(analysis: Analysis, area: str, level: str) -> Finding:
    """The rate of the area beside England's, with what the funnel says of the difference."""
    key = f"{analysis.role}.{{}}.{analysis.period}"
    own = known(analysis, "rate_reporting." + key.format(area))
    england = known(analysis, "rate_reporting." + key.format(ENGLAND))
    if own is None or england is None:
        return Finding(
            say("A rate for registered patients cannot be given: the figure or the list of patients is missing.")
        )
    sentence = say(
        "For each {base} registered patients{whose} there are {own} FTE; in England there are {england}.{apart}",
        base=analysis.facts["constant.rate_base"],
        whose="" if level == "pcn" else " of the PCNs that reported",
        own=own,
        england=england,
        apart=_apart(_row(analysis, area), level),
    )
    return Finding(sentence, own)


def _apart(row: dict[str, Any], level: str) -> Prose:
    """Whether the difference is out of the ordinary: the limits of the funnel widen as areas get smaller."""
    rate, low, high = (row.get(name) for name in ("rate_reporting", "funnel_low_95", "funnel_high_95"))
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return say("")
    if low <= rate <= high:
        return say(
            " The difference is no larger than is usual among areas of this size: it lies within the funnel limits."
        )
    side = "above" if rate > high else "below"
    hint = "" if level == "pcn" else " That may be need, recording or who reported; the figures do not tell."
    return say(" It lies {side} the funnel limits, which hold most areas of this size.{hint}", side=side, hint=hint)


def missing_networks(analysis: Analysis, area: str) -> Finding:
    """How many PCNs of the area reported, of how many, and at the first census."""
    reporting = known(analysis, f"pcns_reporting.{area}.{analysis.period}")
    expected = known(analysis, f"pcns_expected.{area}.{analysis.period}")
    share = known(analysis, f"coverage.{area}.{analysis.period}")
    if reporting is None:
        return Finding(say("How many PCNs of the area reported is not known."))
    if expected is None or share is None:
        return Finding(say("{reporting} PCNs reported; how many could have is not known.", reporting=reporting))
    effect = (
        "The figures are of those alone: a PCN that did not report is missing, not zero."
        if (share.value or 0) < 100  # noqa: PLR2004 - per cent
        else "None is known to be missing."
    )
    sentence = say(
        "Of {estimated}{expected} PCNs, {reporting} reported ({share}). {effect}",
        estimated=an_estimated(expected),
        expected=expected,
        reporting=reporting,
        share=share,
        effect=effect,
    )
    return Finding(sentence, share)


def cautions(analysis: Analysis, row: dict[str, Any]) -> list[Finding]:
    """What to keep in mind, each as a sentence; only what holds of the area ``row`` of ``area_profiles``."""
    area, level = str(row["area_code"]), str(row["level"])
    found = [say("{own}", own=dated(str(row["cautions"])))] if row["cautions"] else []
    if level == "pcn":
        found.append(say("A PCN has few {who}: one person more or less is a large change.", who=who(analysis)))
    elif 0 < row["pcns_reporting"] < _FEW_NETWORKS:
        found.append(say("Few PCNs reported: one person more or less is a large part of the figure."))
    share = known(analysis, f"coverage.{area}.{analysis.period}")
    if level != "pcn" and share is not None and (share.value or 0) < 100:  # noqa: PLR2004 - per cent
        found.append(say("Growth includes PCNs that began to report, and a total is a lower bound."))
    if level != "region":
        found.append(
            say("The area is the one that the extracts give, which may be a later one than there was at the census.")
        )
    found.append(
        say("A rate is not a measure of need, nor of the work done: areas differ in need and in how they record.")
    )
    contracted = known(analysis, f"fte_contracted.{analysis.role}.{area}.{analysis.period}")
    if contracted is not None and contracted.value:
        found.append(
            say(
                "{fte} FTE are contracted services, which carry no identifier: they are in no count of people.",
                fte=contracted,
            )
        )
    found += [_break(entry.census, entry.reader) for entry in _breaks(analysis, level)]
    return [Finding(sentence) for sentence in found]


def _break(census: str, reader: str) -> Prose:
    return say("Break in the series at {census}: {words}", census=month(census), words=dated(reader))


def _breaks(analysis: Analysis, level: str) -> list[Break]:
    """The breaks that concern the FTE of every area in the role; those of areas stand among their own cautions."""
    members = analysis.roles.members(analysis.role)
    crossed = analysis.breaks.breaks_between(analysis.area_censuses[0], analysis.period, "fte", level, members)
    return [entry for entry in crossed if entry.kind != "geography"]


def _row(analysis: Analysis, area: str) -> dict[str, Any]:
    places = analysis.measures.places
    here = places[
        (places["area_code"] == area) & (places["role"] == analysis.role) & (places["census"] == analysis.period)
    ]
    return {str(key): value for key, value in here.iloc[0].items()} if len(here) else {}
