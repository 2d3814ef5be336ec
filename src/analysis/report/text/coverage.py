"""What the figures say of who reported: of how many, at which censuses a verdict rests, and whether late reporters differ."""

from __future__ import annotations

import pandas as pd

from analysis.columns import ENGLAND
from analysis.facts.analysis import Analysis
from analysis.markup.prose import Prose, day, month, say
from analysis.registers.roles import at_start
from analysis.report.text.finding import Finding
from analysis.report.text.words import an_estimated, known, one

# How the PCNs that could have reported are known where the publisher's number is not (analysis.measures.coverage).
_EXPECTED = {
    "list": "The publisher gives no number of networks for {census}. We use {expected}, the networks on the list of "
    "registered patients of {listed}. That is an estimate: networks formed or closed between the two dates are miscounted.",
    "published_before": "The publisher gives no number of networks for {census}. We use {expected}, the number for "
    "{latest}, as an estimate.",
    "seen": "The publisher gives no number of networks for {census}. We use {expected}, the networks seen in an extract of "
    "the year to it. That is an estimate: it counts some that have closed, and none that never reported.",
}


def expected_basis(analysis: Analysis) -> Finding:
    """Where the number of PCNs that could have reported is an estimate: of what; else nothing."""
    census = analysis.period
    row = _row(analysis.measures.coverage, level="england", census=census)
    words = _EXPECTED.get(str(row.get("pcns_expected_basis")), "")
    if not words:
        return Finding(say(""))
    active = analysis.measures.coverage.dropna(subset="pcns_active")
    latest = max(active.loc[active["census"] < census, "census"].astype("str"), default="")
    listed = row.get("list_date")
    expected = analysis.facts[f"pcns_expected.{ENGLAND}.{census}"]
    sentence = say(
        words,
        expected=expected,
        census=month(census),
        latest=month(latest) if latest else "",
        listed=day(pd.Timestamp(str(listed)).date()) if listed is not None and pd.notna(listed) else "",  # type: ignore[call-overload]  # a cell of a frame
    )
    return Finding(sentence, expected, str(row.get("pcns_expected_basis")))


def unreported_networks(analysis: Analysis) -> Finding:
    """How many networks the chart of their spread leaves out, because they did not report or are on no list."""
    reporting = known(analysis, f"pcns_reporting.{ENGLAND}.{analysis.period}")
    if reporting is None:
        return Finding(say(""))
    expected = known(analysis, f"pcns_expected.{ENGLAND}.{analysis.period}")
    some_missing = expected is not None and (expected.value or 0) > (reporting.value or 0)
    bands = analysis.measures.distribution_bands
    here = bands[(bands["census"] == analysis.period) & (bands["role"] == analysis.role)]
    listed = here.loc[here["measure"] == "rate", "pcns"].sum()
    unlisted = 0 < listed < (reporting.value or 0)
    sentence = say(
        (
            "Of {estimated}{expected} networks, {reporting} reported. "
            if some_missing
            else "{reporting} networks reported. "
        )
        + "A network that did not report is not in the chart, and is not counted as having none."
        + (" A network on no list of patients is not in it either." if unlisted else ""),
        reporting=reporting,
        expected=expected or "",
        estimated=an_estimated(expected),
    )
    return Finding(sentence, reporting)


def reporting_shares(analysis: Analysis) -> list[Prose]:
    """The share of PCNs that reported at each census that a verdict rests on, and at that of the report, where known."""
    # A verdict is as sure as the census that it rests on, which need not be the report's own.
    judged = {census for assessed in analysis.assessment for census in assessed.main.censuses}
    shares = {census: known(analysis, f"coverage.{ENGLAND}.{census}") for census in sorted(judged | {analysis.period})}
    return [
        say("{estimated}{share} in {census}", estimated=an_estimated(share), share=share, census=month(census))
        for census, share in shares.items()
        if share
    ]


# Above this share hardly anybody is left to begin: the doubt that the test is about is small by then, and the few that
# begin are mostly networks that were formed or recoded (from 2023 on about 98% report).
_TESTED_BELOW_PCT = 98.0


def entrants(analysis: Analysis) -> Finding:
    """Whether PCNs that begin to report are like those that report already; without a value, why that is not known."""
    facts, period = analysis.facts, analysis.period
    if analysis.national_only:
        return Finding(say("This needs an individual-level extract of {period}.", period=month(period)))
    share = facts.get(f"coverage.{ENGLAND}.{period}")
    if share is not None and (share.value or 0) >= _TESTED_BELOW_PCT:
        few = say(
            "{estimated}{share} of networks report. Few are left that could begin to report, so whether they are like the rest "
            "hardly changes the total.",
            estimated=at_start(an_estimated(share)),
            share=share,
        )
        return Finding(few, None, "too few are left to begin")
    key = f"{analysis.role}.{ENGLAND}.{period}"
    if f"median_newly_reporting.{key}" not in facts:
        return Finding(say("This needs an individual-level extract of the quarter before."))
    new, old = (facts[f"median_{who}.{key}"] for who in ("newly_reporting", "incumbent"))
    if new.value is None or old.value is None:
        return Finding(say("No network began to report since the quarter before."))
    start = _row(analysis.measures.entrants, role=analysis.role, census=period)["from_census"]
    fewer = new.value < old.value
    began = facts[f"pcns_newly_reporting.{ENGLAND}.{start}.{period}"]
    formed = known(analysis, f"pcns_newly_formed.{ENGLAND}.{start}.{period}")
    sentence = say(
        "Of {count} that began to report by {period}, {none} had no {one}.{formed} If the networks still missing are like "
        "these, the scaled-up figure is {so}.",
        count=say("{n} {networks}", n=began, networks="network" if began.value == 1 else "networks"),
        one=one(analysis),
        none=facts[f"pcns_newly_reporting_none.{key}"],
        formed=say(" {n} may be new, because the list of registered patients before does not have them.", n=formed)
        if formed and formed.value
        else "",
        period=month(period),
        so="too high" if fewer else "not too high",
    )
    return Finding(sentence, new, "late reporters have fewer" if fewer else "late reporters do not have fewer")


def _row(frame: pd.DataFrame, **where: str) -> dict[str, object]:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return {str(key): value for key, value in frame.iloc[0].items()} if len(frame) else {}


# Fractions that a reader takes in at once: how many of how many.
_OF_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FRACTIONS = (
    *(("half", 1 / 2), ("a quarter", 1 / 4), ("a third", 1 / 3)),
    *(("two thirds", 2 / 3), ("three quarters", 3 / 4), ("seven in eight", 7 / 8)),
    *((f"one in {_OF_TEN[of - 1]}", 1 / of) for of in (5, 6, 7, 8, 9, 10)),
    *((f"{_OF_TEN[tenths - 1]} in ten", tenths / 10) for tenths in (3, 4, 6, 7, 8, 9)),
)
_NEARLY_ALL, _ABOUT = 0.965, 0.005  # from here on; within half a per cent


def reporting_share(analysis: Analysis) -> Finding:
    """What share of networks reported, in words: ``about seven in eight``; nothing where it is not known."""
    found = known(analysis, f"coverage.{ENGLAND}.{analysis.period}")
    if found is None or found.value is None:
        return Finding(say(""))
    share = found.value / 100
    if share >= 1:
        return Finding(say("all of them"), found)
    if share >= _NEARLY_ALL:
        return Finding(say("nearly all"), found)
    words, nearest = min(_FRACTIONS, key=lambda fraction: abs(fraction[1] - share))
    how = "about" if abs(share - nearest) <= _ABOUT else "over" if share > nearest else "nearly"
    return Finding(say(f"{how} {words}"), found)
