"""What cannot be true of a history: rules that read a block of a report and say why it is false there.

None of them is a list of pages or of figures: each asks the frames and facts of the report itself.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator

import pandas as pd
from statements.told import Block

from analysis.assessment import TargetAssessment
from analysis.facts.fact import Status
from analysis.periods import FIRST_CENSUS, census_date, expected_censuses, long_date, months_between, shift
from analysis.report.report import Report

MONTHS = {name: number for number, name in enumerate(calendar.month_name) if number}
_MONTH = rf"(?:{'|'.join(MONTHS)}) \d{{4}}"
_FACT = r'<data value="([^"]*)" data-fact="([^"]*)"(?: data-size="")?>'
_UP, _DOWN = "rose|grew|risen|grown|increased", "fell|fallen|dropped|decreased"
Rule = Callable[["World", Block], Iterator[str]]


def census(words: str) -> str:
    """``census("June 2026")`` is ``"2026-06"``."""
    name, year = words.split()
    return f"{year}-{MONTHS[name]:02d}"


class World:
    """A report, and England's FTE by role and census, looked up at once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        totals = report.measures.totals
        england = totals[(totals["level"] == "england") & totals["fte"].notna()]
        columns = (england[name].astype("str") for name in ("role", "census"))
        self._fte = dict(zip(zip(*columns, strict=True), england["fte"], strict=True))
        self._held: dict[str, list[str]] = {}
        for role, at in sorted(self._fte):
            self._held.setdefault(role, []).append(at)
        changes = report.measures.decomposition.astype({"census": "str", "from_census": "str"})
        recent = changes[changes["from_census"] >= shift(report.period, -12)]
        pairs = set(zip(recent["from_census"], recent["census"], strict=True))
        self.spans = {months_between(start, end) for start, end in pairs}

    def held(self, role: str = "splw") -> list[str]:
        """The censuses of which England has a figure of the role, in order."""
        return self._held.get(role, [])

    def level(self, census: str, role: str = "splw") -> float:
        """England's FTE of a role at a census; zero where there is none."""
        return float(self._fte.get((role, census), 0.0))


def no_first_census_of_the_series(world: World, block: Block) -> Iterator[str]:
    """The series begins in March 2020, whatever a folder begins with."""
    report = world.report
    for words in re.findall(rf"({_MONTH}), the first census of the series", block.text):
        if census(words) != FIRST_CENSUS:
            yield f"{words} is not the first census of the series"
    if "the first census in the data" in block.text.lower() and report.period != world.held()[0]:
        named = re.findall(rf"({_MONTH}), the first census in the data", block.text)
        if not named or census(named[0]) != world.held()[0]:
            yield "it is not the first census in the data"


def no_first_to_reach_after_a_gap(world: World, block: Block) -> Iterator[str]:
    """Which census is the first to reach a number is known only where no earlier one is missing."""
    report = world.report
    for words in re.findall(rf"On the main reading, the number was first reached in ({_MONTH})", block.text):
        if not any(_all_before(world, assessed, census(words)) for assessed in report.assessment):
            yield f"before {words} a census is missing: it may have been the first"
    for words in re.findall(rf"reached the [\w ]*target in ({_MONTH})", block.text):
        before = [c for c in expected_censuses(FIRST_CENSUS, census(words)) if c < census(words)]
        if before and before[-1] not in world.held():
            yield f"{before[-1]} is not in the data: it may have been reached there"
    for words in re.findall(rf"at or above [^.]* first in ({_MONTH})", block.text):
        before = [c for c in expected_censuses(FIRST_CENSUS, census(words)) if c < census(words)]
        if before and before[-1] not in world.held():
            yield f"{before[-1]} is not in the data: it may have stood there already"


def no_date_after_the_report(world: World, block: Block) -> Iterator[str]:
    """Of what lies after the census of the report there are promises, projections, and a list of patients; no figures."""
    report = world.report
    allowed = {f"{assessed.target.deadline:%Y-%m}" for assessed in report.assessment}
    # Until when a target cannot be judged: the first census from its date on that the publisher takes.
    allowed |= {next(c for c in expected_censuses(FIRST_CENSUS, shift(due, 12)) if c >= due) for due in list(allowed)}
    allowed |= {
        month for a in report.assessment for p in a.paces for month in (p.reach_earliest, p.reach_latest) if month
    }
    lists = report.measures.places["list_date"].dropna() if len(report.measures.places) else pd.Series(dtype=object)
    allowed |= {f"{pd.Timestamp(date):%Y-%m}" for date in lists}
    # A target may have been announced since the census, in its own month.
    for stamp in re.findall(r'<time datetime="(\d{4}-\d{2})', block.html):
        if stamp > report.period and stamp not in allowed:
            yield f"{stamp} lies after the report's census"


def no_date_to_come_that_has_passed(world: World, block: Block) -> Iterator[str]:
    """What is waited for lies ahead; what has passed is not waited for, needed or projected."""
    report = world.report
    end = census_date(report.period)
    for date in re.findall(r"a census on or after (\d{1,2} \w+ \d{4})", block.text):
        if date in {long_date(a.target.deadline) for a in report.assessment if a.target.deadline <= end}:
            yield f"a census on or after {date} is there"
    for date in re.findall(r"to (\d{1,2} \w+ \d{4}): \S+ \w+ a month are needed", block.text):
        if date in {long_date(a.target.deadline) for a in report.assessment if a.target.deadline <= end}:
            yield f"{date} has passed"
    for words, which in re.findall(rf"(?:By|in) ({_MONTH}), before (the target|a further rise) was due", block.text):
        open_yet = [
            assessed
            for assessed in report.assessment
            if assessed.target.rise == (which == "a further rise")
            and census_date(census(words)) < assessed.target.deadline
        ]
        if not open_yet:
            yield f"no such date was still to come in {words}"
    if re.search(r"would (?:be reached|still be needed)", block.text) and all(
        assessed.target.deadline <= end and assessed.settled for assessed in report.assessment
    ):
        yield "every target is settled"


def no_pace_that_runs_backwards(world: World, block: Block) -> Iterator[str]:
    """A pace lies between an earlier baseline and a later date."""
    for words, date in re.findall(rf"From ({_MONTH})[^:]* to \d{{1,2}} ({_MONTH}): \S+ \w+ a month", block.text):
        if census(words) >= census(date):
            yield f"{words} is not before {date}"
        if census(words) not in world.held():
            yield f"{words} is not in the data"


def no_projection_of_what_is_not_covered(world: World, block: Block) -> Iterator[str]:
    """Nothing is "there already" of a promise whose date has passed without being covered, or that is far from there."""
    report = world.report
    there = [
        assessed
        for assessed in report.assessment
        for pace in assessed.paces
        if pace.remaining == 0 and not pace.settled
    ]
    if re.search(r"the (?:promised )?number (?:is there already|has been reached)", block.text) and not there:
        yield "no open target has its number"


def no_census_that_is_missing_is_told(world: World, block: Block) -> Iterator[str]:
    """Each figure of a census is of one that the data hold; and what is said to be missing is missing."""
    for value, fact in re.findall(_FACT, block.html):
        months = re.findall(r"\.(\d{4}-\d{2})(?=\.|$)", fact)
        own = [month for month in months if fact.split(".")[0] not in ("reading", "so_far", "pace")]
        if value and fact.split(".")[0] in ("fte", "headcount") and not set(own) <= set(world.held(fact.split(".")[1])):
            yield f"{fact} is of a census that the data lack"
    for list_of in re.findall(rf"figures of ((?:{_MONTH}(?:, | and )?)+), which are not in the data", block.text):
        wrong = [words for words in re.findall(_MONTH, list_of) if census(words) in world.held()]
        if wrong:
            yield f"{wrong} are in the data"
    for words in re.findall(rf"[Tt]here is no figure (?:of [^.]* )?for ({_MONTH})", block.text):
        if census(words) in world.held():
            yield f"{words} is in the data"


def no_neighbour_that_is_far(world: World, block: Block) -> Iterator[str]:
    """The census before is the one that was taken before; the ends of a quarter are three months apart."""
    report = world.report
    for words in re.findall(rf"The census before, of ({_MONTH}), has", block.text):
        claims = [claim for assessed in report.assessment for claim in assessed.target.claims]
        near = [c for c in claims if 0 <= months_between(census(words), f"{c.date:%Y-%m}") <= 3]
        if not near:
            yield f"no claim was made within a quarter after {words}"
    for name, months in (("quarter", 3), ("month", 1)):
        if f"ends of a {name}" in block.text and months not in world.spans:
            yield f"no two censuses compared are a {name} apart"


def no_role_that_exists_is_denied(world: World, block: Block) -> Iterator[str]:
    """A role that has people at the census compared has begun."""
    report = world.report
    denied = re.search(r"that role (?:had not begun|does not exist)", block.text)
    judged = [census for a in report.assessment for census in a.main.censuses] or [report.period]
    if denied and world.level(min(judged), "splw_mh") > 0 and world.level(report.period, "splw_mh") > 0:
        yield "the role has people"


def no_share_of_what_is_not_known(_: World, block: Block) -> Iterator[str]:
    """A shorthand stands in tables and lists of figures; in a sentence nothing is counted out of it."""
    if re.search(r"\bof \[x\]|\(\[[xz]\]\)|\bfrom \[x\]|to \[x\]|\[[xz]\] (?:FTE|PCNs|people)\b", block.text):
        yield "it tells a figure that is not there"
    if re.search(r"\b(?:nan|None|NaN)\b", re.sub(r"None of", "", block.text)):
        yield "it prints a value of the program"


def _change_of(world: World, value: str, fact: str) -> float:
    """The change that a fact tells of, with its sign: of a size without one, that of the change it is the size of."""
    signed = {"size_of_change": "change", "below_peak": "since_peak"}
    for size, change in signed.items():
        if fact.startswith(size):
            return float(world.report.facts[fact.replace(size, change, 1)].value or 0)
    return float(value or 0)


def no_direction_against_its_figure(world: World, block: Block) -> Iterator[str]:
    """What rose has a positive change, what fell a negative one; what went from one level to another went that way."""
    for verb, value, fact in re.findall(rf"\b({_UP}|{_DOWN}) by {_FACT}", block.html):
        change = _change_of(world, value, fact)
        if change and (change < 0) == bool(re.fullmatch(_UP, verb)):
            yield f"{verb} by {value}"
    for verb, first, _, second, _ in re.findall(rf"\b({_UP}|{_DOWN}) from {_FACT}[^<]*</data> to {_FACT}", block.html):
        if first and second and first != second and (float(second) < float(first)) == bool(re.fullmatch(_UP, verb)):
            yield f"{verb} from {first} to {second}"
    if block.text.startswith("Growth of"):
        changes = [float(value) for value, fact in re.findall(_FACT, block.html) if fact.startswith("change.")]
        if any(change <= 0 for change in changes):
            yield "growth that is none"


def no_flat_verdict(world: World, block: Block) -> Iterator[str]:
    """A verdict stands alone only where every measure can be judged: what is not known may turn it."""
    for assessed in world.report.assessment:
        promise = assessed.target.brief or assessed.target.promise
        alone = re.search(rf"(?i){re.escape(promise)}”?: (?:not )?reached on reported data\.", block.text)
        if alone and not all(reading.value is not None for reading in assessed.by_measure()):
            yield f"{promise}: a measure that is not judged may turn the verdict"


def no_area_where_there_is_none(world: World, block: Block) -> Iterator[str]:
    """National figures only is said of a report without areas, and of no other."""
    report = world.report
    if block.text.startswith("National figures only") and not report.national_only:
        yield "there are areas"
    if "no individual-level extract of this census" in block.text and not report.national_only:
        yield "there is an extract of this census"


def no_lack_of_people_who_are_counted(world: World, block: Block) -> Iterator[str]:
    """That the data hold no figure of people is said of no target that has a reading of people with a figure."""
    if "not known" not in block.text or "when people are counted" not in block.text:
        return
    for assessed in world.report.assessment:
        counted = [r for r in assessed.readings if r.choice.measure == "headcount" and r.value is not None]
        promise = assessed.target.brief or assessed.target.promise
        said = re.search(rf"(?i){re.escape(promise)}”?: [^:.]*not known [^:.]*when people are counted", block.text)
        if counted and said:
            yield f"{assessed.target.short}: a reading counts people: {counted[0].value:,.0f}"


def _facts_with(world: World, block: Block, status: Status) -> Iterator[str]:
    """The facts of a status that a block shows."""
    facts = world.report.facts
    shown = (fact for _, fact in re.findall(_FACT, block.html))
    return (fact for fact in shown if fact in facts and facts[fact].status is status)


def no_change_across_a_break_untold(world: World, block: Block) -> Iterator[str]:
    """A change over a census at which figures began to be made differently is not told without saying so."""
    if "break" in block.text:
        return
    for fact in _facts_with(world, block, Status.BREAK):
        if fact.startswith(("change.", "size_of_change")):
            yield f"{fact} is a change across a break"


def no_estimate_told_as_a_count(world: World, block: Block) -> Iterator[str]:
    """An estimate is told as one: as such, as what might or would be, or with its shorthand."""
    if re.search(r"estimat|might|would|\[e\]", block.text):
        return
    for fact in _facts_with(world, block, Status.ESTIMATED):
        yield f"{fact} is an estimate"


RULES: tuple[Rule, ...] = (
    no_first_census_of_the_series,
    no_first_to_reach_after_a_gap,
    no_date_after_the_report,
    no_date_to_come_that_has_passed,
    no_pace_that_runs_backwards,
    no_projection_of_what_is_not_covered,
    no_census_that_is_missing_is_told,
    no_neighbour_that_is_far,
    no_role_that_exists_is_denied,
    no_share_of_what_is_not_known,
    no_direction_against_its_figure,
    no_flat_verdict,
    no_area_where_there_is_none,
    no_lack_of_people_who_are_counted,
    no_change_across_a_break_untold,
    no_estimate_told_as_a_count,
)


def _all_before(world: World, assessed: TargetAssessment, first: str) -> bool:
    """Whether the data hold every census at which a target may have been reached before ``first``."""
    choice = assessed.main.choice
    begin = max(choice.baseline or FIRST_CENSUS, world.report.roles.starts(choice.role))
    return set(expected_censuses(begin, first)) <= set(world.held(choice.role))


def falsehoods(world: World, block: Block) -> list[str]:
    """Everything in a block that cannot be true of the report's history."""
    return [f"{block.where}: {why} <- {block.text}" for rule in RULES for why in rule(world, block)]


def misplaced_verdicts(world: World) -> Iterator[str]:
    """Readings judged by a census that the data lack, or that lies more than two months from the target's date."""
    for assessed in world.report.assessment:
        for reading in assessed.readings:
            used = [census for census in (reading.choice.baseline, *reading.censuses) if census]
            missing = set(used) - set(world.held(reading.choice.role))
            far = [c for c in reading.censuses if abs(months_between(c, f"{assessed.target.deadline:%Y-%m}")) > 2]
            if reading.value is not None and (missing or far):
                yield f"{assessed.target.id}: {missing or far}"
