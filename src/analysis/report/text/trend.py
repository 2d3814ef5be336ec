"""What the figures say of time: changes over a month, a quarter and a year, the highest figure, runs, what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.columns import ENGLAND
from analysis.facts.analysis import Analysis
from analysis.markup.prose import Prose, dated, month, moved, say
from analysis.measures.series_shape import FALL, LEVEL, RISE
from analysis.measures.usual_changes import TOO_FEW, UNUSUAL
from analysis.periods import SPANS
from analysis.registers.roles import at_start
from analysis.report.text.finding import Finding
from analysis.report.text.words import across_a_break, known, who

if TYPE_CHECKING:
    import pandas as pd

# A role beside which a variant of it was opened, and the group of both: its highest figure is told, too.
_WITH_VARIANT = {"splw": "splw_all"}
# A run of two steps is what chance gives; the length of the run is said from a year's quarter on.
_RUN_MONTHS = 6
_SPAN_WORDS = {"month": "a month", "quarter": "three months", "year": "a year"}


def changes(analysis: Analysis) -> list[Finding]:
    """What changed over a month, a quarter and a year: those of them whose both censuses have figures."""
    return [change for span in SPANS if (change := _change(analysis, span)) is not None]


def highest(analysis: Analysis) -> list[Finding]:
    """The highest figure of the role, and of the role with its variant, and for how long they have risen or fallen."""
    found = [told for role in _followed(analysis) if (told := _highest(analysis, role)) is not None]
    return [*found, *_run(analysis)] if found and analysis.period != analysis.censuses[0] else []


def usual(analysis: Analysis) -> list[Finding]:
    """Whether each change is an ordinary one; none where there are too few earlier ones to compare it with."""
    return [told for span in SPANS if (told := _usual(analysis, span)) is not None]


def census_before(analysis: Analysis) -> str:
    """The last census in the data before that of the report; empty where it is the first."""
    return max((census for census in analysis.censuses if census < analysis.period), default="")


def _change(analysis: Analysis, span: str) -> Finding | None:
    """One change, where both of its censuses have figures."""
    facts, key = analysis.facts, f"fte.{analysis.role}.{ENGLAND}.{analysis.period}"
    row = _row(analysis.measures.usual_changes, analysis.period, analysis.role, span=span)
    if not row.get("direction"):
        return None
    census = str(row["from_census"])
    if row["direction"] == LEVEL:
        change = say("did not change")
    else:
        change = say(
            "{went} by {size} FTE ({pct})",
            went="rose" if row["direction"] == RISE else "fell",
            size=facts[f"size_of_change_{span}.{key}"],
            pct=facts[f"size_of_change_{span}_pct.{key}"],
        )
    sentence = say(
        "Since {census}, {span} before, the number of {who} {change}{broken}.{matched}{reporting}",
        span=_SPAN_WORDS[span],
        census=month(census),
        who=who(analysis),
        change=change,
        broken=across_a_break(row["change_note"]),
        matched=_matched(analysis, census),
        reporting=_reporting(analysis, census),
    )
    return Finding(sentence, known(analysis, f"change_{span}.{key}"), str(row["direction"]))


def _matched(analysis: Analysis, census: str) -> Prose:
    """The change in networks that reported at both ends, where it can be told."""
    matched = known(analysis, f"change_in_both.fte.{analysis.role}.{ENGLAND}.{census}.{analysis.period}")
    if not matched:
        return say("")
    return say(" In networks that reported at both dates it {both}.", both=moved(matched, "rose by", "fell by"))


def _reporting(analysis: Analysis, census: str) -> Prose:
    """How many PCNs reported at either end, where that is known."""
    before, after = (known(analysis, f"pcns_reporting.{ENGLAND}.{at}") for at in (census, analysis.period))
    if not before or not after:
        return say("")
    if before.value == after.value:
        return say(" {after} networks reported at each date.", after=after)
    return say(" {before} networks reported at the earlier date and {after} at the later.", before=before, after=after)


def _highest(analysis: Analysis, role: str) -> Finding | None:
    """The highest figure of a role and how far the present one is below it."""
    facts, period = analysis.facts, analysis.period
    row = _row(analysis.measures.series_shape, period, role)
    if not row or not row["figures"] > 1 or row["value"] != row["value"]:  # the last: there is no present figure
        return None
    key, peak = f"fte.{role}.{ENGLAND}.{period}", str(row["peak_census"])
    alone = dated(analysis.roles.words[role].short)
    gaps = ", among the censuses with a figure" if row["censuses_missing"] else ""
    if row["value"] == row["peak"]:
        none = f"No {'earlier' if peak == period else 'other'} census{' with a figure' if gaps else ''}"
        return Finding(say(f"{none} has more {{who}}.", who=alone))
    broken = across_a_break(row["since_peak_note"])
    sentence = say(
        f"{{who}} peaked in {{peak}}{gaps}, at {{highest}} FTE. By {{period}} they had fallen by {{size}} FTE "
        f"({{pct}}){broken}.",
        who=dated(at_start(analysis.roles.words[role].short)),
        peak=month(peak),
        highest=facts[f"peak.{key}"],
        period=month(period),
        size=facts[f"below_peak.{key}"],
        pct=facts[f"below_peak_pct.{key}"],
    )
    return Finding(sentence, facts[f"below_peak.{key}"], f"the highest was in {peak}")


def _followed(analysis: Analysis) -> list[str]:
    """The role, and the group of it and its variant once one of its members has begun later than the role."""
    role, group = analysis.role, _WITH_VARIANT.get(analysis.role)
    begun = group and all(analysis.roles.starts(code) <= analysis.period for code in analysis.roles.members(group))
    return [role, group] if group and begun else [role]


def _run(analysis: Analysis) -> list[Finding]:
    """For how long they have now risen, or fallen, at every census."""
    row = _row(analysis.measures.series_shape, analysis.period, analysis.role)
    if row.get("current_run") not in {RISE, FALL} or not row["current_run_months"] >= _RUN_MONTHS:
        return []
    went = "risen" if row["current_run"] == RISE else "fallen"
    start = month(str(row["current_run_from"]))
    return [Finding(say("They have {went} at every census since {start}.", went=went, start=start))]


def _usual(analysis: Analysis, span: str) -> Finding | None:
    """Whether the change over a span is an ordinary one; nothing is said where there are too few to compare with."""
    row = _row(analysis.measures.usual_changes, analysis.period, analysis.role, span=span)
    if not row.get("verdict") or row["verdict"] == TOO_FEW:
        return None
    facts, key = analysis.facts, f"fte.{analysis.role}.{ENGLAND}.{analysis.period}"
    sentence = say(
        "A change of this size over {span} is {verdict}. Half of {n} earlier changes lie between {low} and {high} FTE. We "
        "call a change unusual when it is below {least} or above {most} FTE.",
        span=_SPAN_WORDS[span],
        verdict="unusual" if row["verdict"] == UNUSUAL else "not unusual",
        n=facts[f"earlier_changes_{span}.{key}"],
        low=facts[f"lower_quartile_{span}.{key}"],
        high=facts[f"upper_quartile_{span}.{key}"],
        least=facts[f"usual_low_{span}.{key}"],
        most=facts[f"usual_high_{span}.{key}"],
    )
    return Finding(sentence, known(analysis, f"change_{span}.{key}"), str(row["verdict"]))


def _row(frame: pd.DataFrame, census: str, role: str, **where: str) -> dict[str, Any]:
    for column, value in {"level": "england", "role": role, "measure": "fte", "census": census, **where}.items():
        frame = frame[frame[column] == value]
    return {str(key): value for key, value in frame.iloc[0].items()} if len(frame) else {}
