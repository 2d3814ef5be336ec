"""What the figures say of coverage, growth, places and quality."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.columns import ENGLAND
from analysis.facts.analysis import Analysis
from analysis.facts.fact import Fact, Status
from analysis.markup.prose import Prose, bullets, cited, code, dated, day, definitions, joined, listed, month, say
from analysis.measures.patients import days_after
from analysis.registers.breaks import Break
from analysis.registers.roles import at_start
from analysis.report.text.words import known, one, who

# The roles of personalised care that are read together: the others stand beside the one that the report is about.
_BESIDE = ("hwbc", "cc")
# How the PCNs that could have reported are known where the publisher's number is not (analysis.measures.coverage).
_EXPECTED = {
    "list": " No number of active PCNs is published for {census}: {expected} [e] are those on the list of registered "
    "patients of {listed}. PCNs formed or closed between the two days are miscounted.",
    "published_before": " No number of active PCNs is published for {census}: {expected} [e] is the number published "
    "for {latest}.",
    "seen": " No number of active PCNs is published for {census}: {expected} [e] are those seen in an extract of the year "
    "to it, closed ones among them, and those that never reported not.",
}


def key_figures(analysis: Analysis) -> Prose:
    """The figures that a reader looks for first."""
    facts, period = analysis.facts, analysis.period
    own, words = analysis.roles.focus, analysis.roles.words
    beside = [code for code in _BESIDE if not set(analysis.roles.members(own.code)) & set(analysis.roles.members(code))]
    items = [
        (f"{at_start(own.short)}, FTE", f"fte.{own.code}.{ENGLAND}.{period}"),
        (f"{at_start(own.short)}, people (staff only)", f"headcount.{own.code}.{ENGLAND}.{period}"),
        *((f"{at_start(words[code].short)}, FTE", f"fte.{code}.{ENGLAND}.{period}") for code in beside),
        ("PCNs reporting", f"pcns_reporting.{ENGLAND}.{period}"),
        ("Share of PCNs reporting", f"coverage.{ENGLAND}.{period}"),
    ]
    return definitions(
        [(label, [say("{fact}", fact=facts[fact_id])]) for label, fact_id in items], css_class="key-figures"
    )


def coverage(analysis: Analysis) -> Prose:
    """How many PCNs reported, of how many, first and last."""
    told: list[Prose] = []
    for census in dict.fromkeys((analysis.censuses[0], analysis.period)):
        reporting, expected, share = (
            known(analysis, f"{measure}.{ENGLAND}.{census}")
            for measure in ("pcns_reporting", "pcns_expected", "coverage")
        )
        if reporting is None:
            continue
        told.append(
            say(
                "{reporting}{expected}{pcns} at {census}{share}",
                reporting=reporting,
                expected=say(" of {expected}", expected=expected) if expected and share else "",
                pcns="" if told else " PCNs reported",
                census=month(census),
                share=say(" ({share})", share=share) if share else "",
            )
        )
    if not told:
        return say("The data do not say how many PCNs reported.")
    return say(
        "{told}. A PCN that did not report is not available, which is not the same as none.{basis}",
        told=joined(told, separator=", "),
        basis=_expected(analysis, analysis.period),
    )


def _expected(analysis: Analysis, census: str) -> Prose:
    """How many PCNs could have reported is known as published; where it is an estimate, the reader is told of what."""
    row = _row(analysis.measures.coverage, level="england", census=census)
    active = analysis.measures.coverage.dropna(subset="pcns_active")
    latest = max(active.loc[active["census"] < census, "census"].astype("str"), default="")
    listed = row.get("list_date")
    return say(
        _EXPECTED.get(str(row.get("pcns_expected_basis")), ""),
        expected=analysis.facts[f"pcns_expected.{ENGLAND}.{census}"],
        census=month(census),
        latest=month(latest) if latest else "",
        listed=day(pd.Timestamp(str(listed)).date()) if listed is not None and pd.notna(listed) else "",  # type: ignore[call-overload]  # a cell of a frame
    )


def bounds(analysis: Analysis) -> Prose:
    """The reported total and what it would be if the missing were like the reporters."""
    facts, period = analysis.facts, analysis.period
    grossed = _available(
        [
            ("by the number of PCNs active", facts[f"grossed_pcns.fte.{analysis.role}.{ENGLAND}.{period}"]),
            ("by registered patients", facts[f"grossed_patients.fte.{analysis.role}.{ENGLAND}.{period}"]),
        ]
    )
    opening = say(
        "As reported there were {fte} FTE at {period}, a lower bound.",
        fte=facts[f"fte.{analysis.role}.{ENGLAND}.{period}"],
        period=month(period),
    )
    if not grossed:
        return opening
    scaled = [say("{value} scaled up {how} [e]", value=fact, how=how) for how, fact in grossed]
    return joined(
        [
            opening,
            say(
                "If PCNs that did not report were like those that did, there were {scaled}.",
                scaled=listed(list(scaled)),
            ),
        ]
    )


# Above this share hardly anybody is left to begin: the doubt that the test is about is small by then, and the few that
# begin are mostly networks that were formed or recoded (from 2023 on about 98% report).
_TESTED_BELOW_PCT = 98.0


def entrants(analysis: Analysis) -> Prose:
    """The test of that assumption: are PCNs that begin to report like those that report already."""
    facts, period = analysis.facts, analysis.period
    if analysis.national_only:
        return say("The assumption cannot be tested at this census: there is no individual-level extract of it.")
    share = facts.get(f"coverage.{ENGLAND}.{period}")
    if share is not None and (share.value or 0) >= _TESTED_BELOW_PCT:
        return say(
            "With {share} of PCNs reporting, too few are left to begin for a test of the assumption.", share=share
        )
    key = f"{analysis.role}.{ENGLAND}.{period}"
    if f"median_newly_reporting.{key}" not in facts:
        return say("The assumption cannot be tested at this census: there is no extract of the quarter before it.")
    new, old = (facts[f"median_{who}.{key}"] for who in ("newly_reporting", "incumbent"))
    if new.value is None or old.value is None:
        return say("The assumption cannot be tested at this census: no PCN began to report.")
    start = _row(analysis.measures.entrants, role=analysis.role, census=period)["from_census"]
    fewer = new.value < old.value
    formed = known(analysis, f"pcns_newly_formed.{ENGLAND}.{start}.{period}")
    return say(
        "The assumption can be tested on PCNs that begin to report. Of {count} that did so by {period}, {none} had no "
        "{one}{formed}; the median is {new} FTE, against {old} in PCNs that reported before. If those that still do not report "
        "are like them, scaling up {so}.",
        count=facts[f"pcns_newly_reporting.{ENGLAND}.{start}.{period}"],
        one=one(analysis),
        none=facts[f"pcns_newly_reporting_none.{key}"],
        formed=say(", and {n} may be new networks, not being on the list of registered patients before", n=formed)
        if formed and formed.value
        else "",
        period=month(period),
        new=new,
        old=old,
        so="overstates" if fewer else "does not overstate",
    )


def sources_split(analysis: Analysis) -> Prose:
    """Direct employment against contracted services."""
    facts, period = analysis.facts, analysis.period
    share = f"direct_share_pct.{analysis.role}.{ENGLAND}.{period}"
    if share not in facts or facts[share].value is None:
        return say("The split between direct employment and contracted services is not available for this census.")
    return say(
        "Of {fte} FTE, {staff} are staff on the PCNs’ own returns ({share}) and {contracted} are contracted services: people "
        "another organisation employs, recorded as hours, without an identifier.",
        fte=facts[f"fte.{analysis.role}.{ENGLAND}.{period}"],
        staff=facts[f"fte_staff.{analysis.role}.{ENGLAND}.{period}"],
        share=facts[share],
        contracted=facts[f"fte_contracted.{analysis.role}.{ENGLAND}.{period}"],
    )


def places(analysis: Analysis) -> Prose:
    """How many reporting PCNs have how many people in the role, and the national rate."""
    facts, period = analysis.facts, analysis.period
    key = f"{analysis.role}.{ENGLAND}.{period}"
    if analysis.national_only or f"pcns_none.{key}" not in facts:
        return say("There is no individual-level extract of this census, and so no figure of an area or a network.")
    parts = [
        say("The areas are those that the extracts give, which may be later ones than there were at the census."),
        say(
            "Of {reporting} PCNs reporting, {any} have any FTE of {who} and {none} have none; {under} have under one, "
            "{one} have one and under two, {two} have two or more.",
            reporting=facts[f"pcns_reporting.{ENGLAND}.{period}"],
            who=who(analysis),
            any=facts[f"pcns_any.{key}"],
            none=facts[f"pcns_none.{key}"],
            under=facts[f"pcns_under_1.{key}"],
            one=facts[f"pcns_1_to_2.{key}"],
            two=facts[f"pcns_2_plus.{key}"],
        ),
    ]
    rate = facts[f"rate_reporting.{key}"]
    if rate.value is not None:
        parts.append(
            say(
                "For each {base} registered patients of reporting PCNs there are {rate} FTE; for each {base} of all, {all}, "
                "which counts PCNs that did not report as if they had none and so understates. The list of registered "
                "patients is that of {listed}, {distance}.",
                base=facts["constant.rate_base"],
                rate=rate,
                all=facts[f"rate_all.{key}"],
                listed=day(_list_date(analysis)),
                distance=_list_distance(analysis),
            )
        )
    else:
        parts.append(
            say(
                "The extracts hold no list of registered patients of the three months around the census or the year before "
                "it. Rates for each patient cannot be given."
            )
        )
    return joined(parts)


def _list_date(analysis: Analysis) -> dt.date:
    """The date of the list of registered patients that the rates rest on."""
    places = analysis.measures.places
    return pd.Timestamp(places.loc[places["level"] == "england", "list_date"].iloc[0]).date()


def _list_distance(analysis: Analysis) -> Prose:
    """How far that list is from the census."""
    period = analysis.period
    days = days_after(period, pd.Timestamp(_list_date(analysis)))
    if not days:
        return say("the day of the census")
    return say(
        "{days} {unit} {side} the census",
        days=analysis.facts[f"list_distance.{ENGLAND}.{period}"],
        unit="day" if abs(days) == 1 else "days",
        side="after" if days > 0 else "before",
    )


def breaks(analysis: Analysis) -> Prose:
    """The breaks in the series up to the period."""
    told = [entry for entry in analysis.breaks.breaks if entry.census <= analysis.period]
    if not told:
        return say("There is no known break in the series up to this census.")
    return bullets(
        [
            say(
                "{census}: {what} {source}{here}",
                census=month(entry.census),
                what=dated(entry.reader),
                source=cited(entry.source),
                here=_in_these_extracts(analysis, entry),
            )
            for entry in told
        ]
    )


def _in_these_extracts(analysis: Analysis, entry: Break) -> str:
    """Whether a break of geography is to be seen: extracts that were published again carry the later areas throughout."""
    totals = analysis.measures.totals
    icbs = totals[(totals["level"] == "icb") & totals["fte"].notna()]
    before, after = (
        set(icbs.loc[side, "area_code"]) for side in (icbs["census"] < entry.census, icbs["census"] >= entry.census)
    )
    if entry.kind != "geography" or not before or not after or before - after:
        return ""
    return " In the extracts of this report no code of an integrated care board ends there, and nothing is marked."


def unknown_roles(analysis: Analysis) -> Prose:
    """Roles that the vocabulary does not know, in the words of the extracts."""
    if analysis.national_only:
        return say("There is no individual-level extract of this census whose roles could be unknown.")
    unknown = analysis.measures.unknown_roles
    names = list(dict.fromkeys(unknown.loc[unknown["census"] == analysis.period, "staff_role"]))
    if not names:
        return say("Every role in the extract of this census is in the vocabulary.")
    return say(
        "Roles that the vocabulary does not know, kept and counted as rows but in none of the totals by role: {names}. To "
        "map them, edit {file}.",
        names=listed([code(name) for name in names]),
        file=code("src/analysis/registers/roles.toml"),
    )


def _row(frame: pd.DataFrame, **where: str) -> dict[str, object]:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return {str(key): value for key, value in frame.iloc[0].items()} if len(frame) else {}


def _available(pairs: list[tuple[str, Fact]]) -> list[tuple[str, Fact]]:
    return [
        (words, fact) for words, fact in pairs if fact.status is not Status.NOT_AVAILABLE and fact.value is not None
    ]
