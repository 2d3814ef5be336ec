"""Readings, bounds, verdicts and pace on a series small enough to work out by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.assessment.pace import NO_GROWTH, RecentGrowth, pace, recent_matched_growth
from analysis.assessment.readings import Reading, choices, count_verdicts, read_all, turns
from analysis.assessment.series import NationalSeries
from analysis.assessment.verdicts import DATE_NOT_COVERED, Verdict, judge
from analysis.registers.targets import Target

CENSUSES = ["2021-12", "2022-03", "2022-06", "2022-09", "2022-12"]


def series(fte: dict[str, float], *, staff: float = 0.8, grossed: float = 1.25, both: float = 0.5) -> NationalSeries:
    """FTE by census; staff, heads, grossed figures and matched growth are fixed shares of it."""
    totals = pd.DataFrame(
        [
            {
                "area_code": "ENG",
                "role": "splw",
                "census": census,
                "fte": value,
                "fte_staff": value * staff,
                "headcount": round(value),
                "note": "",
                "split_note": "",
                "headcount_note": "",
            }
            for census, value in fte.items()
        ]
    )
    bounds = pd.DataFrame(
        [
            {
                "area_code": "ENG",
                "measure": measure,
                "role": "splw",
                "census": row["census"],
                "grossed_pcns": row[measure] * grossed,
                "grossed_pcns_note": "[e]",
                "grossed_patients": float("nan"),
                "grossed_patients_note": "[x]",
            }
            for row in totals.to_dict("records")
            for measure in ("fte", "fte_staff", "headcount")
        ]
    )
    return NationalSeries(totals, bounds, changes(fte, both))


def changes(fte: dict[str, float], both: float = 0.5) -> pd.DataFrame:
    """Every pair of censuses; the part of PCNs in both is a fixed share of the change."""
    return pd.DataFrame(
        [
            {
                "area_code": "ENG",
                "role": "splw",
                "data_source": source,
                "from_census": start,
                "census": end,
                "in_both_fte": (fte[end] - fte[start]) * both,
                "note": "",
            }
            for start in fte
            for end in fte
            if start < end
            for source in ("all", "NWRS Staff")
        ],
        columns=["area_code", "role", "data_source", "from_census", "census", "in_both_fte", "note"],
    )


def target(kind: str = "increase", **changed: object) -> Target:
    base: dict[str, object] = {
        "id": "t",
        "name": "a target",
        "short": "target",
        "kind": kind,
        "role": "splw",
        "value": 100,
        "announced": dt.date(2022, 1, 1),
        "deadline": dt.date(2022, 11, 30),
        "wording": "w",
        "promise": "w",
        "source": "s",
        "readings": {
            "measures": ["fte", "fte_staff", "headcount"],
            "roles": ["splw"],
            "dates": ["on_or_before", "after", "between"],
        },
        "main": {"measure": "fte", "role": "splw", "date": "after", "reason": "because it is the main one"},
    }
    if kind == "increase":
        base["baselines"] = [{"census": "2022-06", "reason": "r"}, {"census": "2021-12", "reason": "r"}]
        base["main"] = {**base["main"], "baseline": "2022-06"}  # type: ignore[dict-item]
    return Target.model_validate(base | changed)


GROWING = dict(zip(CENSUSES, [400.0, 430.0, 460.0, 520.0, 570.0], strict=True))


def test_every_combination_of_choices_is_a_reading() -> None:
    """Three measures, one role, two baselines, three dates make eighteen."""
    assert len(set(choices(target()))) == 3 * 1 * 2 * 3


@pytest.mark.parametrize(
    ("date", "censuses", "value"),
    [
        ("on_or_before", ("2022-09",), 520.0 - 460.0),
        ("after", ("2022-12",), 570.0 - 460.0),
        # 30 November is 61 of the 92 days from 30 September to 31 December.
        ("between", ("2022-09", "2022-12"), 60.0 * (31 / 92) + 110.0 * (61 / 92)),
    ],
)
def test_each_date_reading_uses_its_own_census(date: str, censuses: tuple[str, ...], value: float) -> None:
    """On or before, after, and the straight line between, which is marked as an estimate."""
    readings = read_all(target(), series(GROWING), "2022-12")
    reading = next(
        r for r in readings if r.choice.date == date and r.choice.measure == "fte" and r.choice.baseline == "2022-06"
    )
    assert reading.censuses == censuses
    assert reading.value == pytest.approx(value, abs=1e-9)
    assert reading.note == ("[e]" if date == "between" else "")


def test_nothing_is_judged_while_the_data_end_before_the_deadline() -> None:
    """Even a reading on or before the deadline waits until the data cover it; what there is so far is told."""
    short = {census: value for census, value in GROWING.items() if census <= "2022-09"}
    readings = read_all(target(), series(short), "2022-09")
    assert {reading.verdict for reading in readings} == {Verdict.NOT_ASSESSABLE}
    assert {reading.reason for reading in readings} == {"the date is not covered by the data"}
    main = next(reading for reading in readings if reading.main)
    assert (main.value, main.so_far) == (None, 60.0)


def test_a_deadline_on_the_day_of_a_census_is_covered_by_it() -> None:
    """The target of March 2021 is judged on the census of 31 March 2021."""
    readings = read_all(target("stock", deadline=dt.date(2022, 9, 30), value=500), series(GROWING), "2022-09")
    assert {reading.censuses for reading in readings} == {("2022-09",)}
    assert next(reading for reading in readings if reading.main).verdict is Verdict.REACHED


def test_the_choice_that_turns_the_verdict_is_named() -> None:
    """From June 110 is reached; staff only it is 88, and by September it was 60: each turns it alone."""
    found = turns(read_all(target(), series(GROWING), "2022-12"))
    assert {(turn.axis, turn.reading.choice.measure, turn.reading.choice.date) for turn in found} == {
        ("measure", "fte_staff", "after"),
        ("date", "fte", "on_or_before"),
        ("date", "fte", "between"),
    }


def test_bounds_of_an_increase_and_their_verdicts() -> None:
    """Reported 110, in PCNs in both 55, scaled up 137.5; patients not to be had."""
    main = next(reading for reading in read_all(target(), series(GROWING), "2022-12") if reading.main)
    assert {f.bound: (f.value, f.note, f.verdict) for f in main.bounds} == {
        "reported": (110.0, "", Verdict.REACHED),
        "matched": (55.0, "", Verdict.NOT_REACHED),
        "grossed_pcns": (137.5, "[e]", Verdict.REACHED),
        "grossed_patients": (None, "[x]", Verdict.NOT_ASSESSABLE),
    }


def test_a_level_has_no_matched_bound_and_headcount_none_for_changes() -> None:
    """A matched panel says nothing of a level, and people cannot be matched: [z], not a number."""
    stock = read_all(target("stock"), series(GROWING), "2022-12")
    assert {r.bound("matched").note for r in stock} == {"[z]"}
    heads = [r for r in read_all(target(), series(GROWING), "2022-12") if r.choice.measure == "headcount"]
    assert {r.bound("matched").note for r in heads} == {"[z]"}


def test_a_baseline_that_the_data_lack_is_said_not_guessed() -> None:
    """Without the baseline census the reading is not assessable, and says why."""
    missing = {census: value for census, value in GROWING.items() if census != "2022-06"}
    readings = read_all(target(), series(missing), "2022-12")
    main = next(reading for reading in readings if reading.main)
    assert (main.verdict, main.value, main.note) == (Verdict.NOT_ASSESSABLE, None, "[x]")
    assert main.reason == "the baseline census is not in the data"


def main_of(wanted: Target, fte: dict[str, float], period: str) -> Reading:
    return next(reading for reading in read_all(wanted, series(fte), period) if reading.main)


@pytest.mark.parametrize(
    ("held", "period", "missing"),
    [
        (["2022-06", "2026-06"], "2026-06", ("2022-12",)),
        (["2026-06"], "2026-06", ("2022-06", "2022-12")),
        (["2022-06", "2022-09", "2023-03"], "2023-03", ("2022-12",)),
    ],
)
def test_a_census_that_is_missing_is_not_replaced_by_a_later_one(
    held: list[str], period: str, missing: tuple[str, ...]
) -> None:
    """June 2026 says nothing of November 2022, though it is the first census in the data from that day on."""
    fte = {census: 400.0 + 100 * place for place, census in enumerate(held)}
    reading = main_of(target(), fte, period)
    assert (reading.verdict, reading.reason) == (Verdict.NOT_ASSESSABLE, DATE_NOT_COVERED)
    assert (reading.missing, reading.ahead, reading.figure) == (missing, False, None)


def test_nor_is_one_before_the_date_by_an_earlier_one() -> None:
    """The census of March 2020 is the last in the data by March 2021, and a year too early."""
    changed = {"deadline": dt.date(2021, 3, 31), "announced": dt.date(2019, 1, 7)}
    stock = target("stock", **changed, main={**target("stock").main.model_dump(), "date": "on_or_before"})
    assert main_of(stock, {"2020-03": 112.0, "2026-06": 2642.0}, "2026-06").missing == ("2021-03",)
    assert main_of(stock, {"2020-03": 112.0, "2021-03": 1093.0}, "2021-03").verdict is Verdict.REACHED


def rising() -> Target:
    """More than in December 2021, by the census of September 2022."""
    main = {**target().main.model_dump(), "baseline": "2021-12", "date": "on_or_before"}
    baselines = [{"census": "2021-12", "reason": "r"}]
    return target("rise", value=None, deadline=dt.date(2022, 9, 30), baselines=baselines, main=main)


@pytest.mark.parametrize(
    ("then", "verdict"), [(400.1, Verdict.REACHED), (400.0, Verdict.NOT_REACHED), (399.0, Verdict.NOT_REACHED)]
)
def test_a_rise_is_reached_by_any_growth_and_not_by_standing_still(then: float, verdict: Verdict) -> None:
    """It promises no number: more than at the baseline is enough."""
    found = main_of(rising(), GROWING | {"2022-09": then}, "2022-12")
    assert (found.verdict, found.censuses) == (verdict, ("2022-09",))


def test_there_is_no_pace_towards_a_rise() -> None:
    """So much a month towards any growth at all is no number."""
    numbers = series(GROWING)
    assert pace(rising(), main_of(rising(), GROWING, "2022-06"), numbers, changes(GROWING), "2022-06") is None


def test_when_a_number_was_first_reached_is_certain_only_where_every_earlier_census_is_there() -> None:
    """Without March 2022 and June 2022 it may have been reached before September."""
    whole = main_of(target(value=110), GROWING, "2022-12")
    assert (whole.first_reached, whole.first_reached_certain) == ("2022-12", True)
    stock = target("stock", value=500)
    some = {census: fte for census, fte in GROWING.items() if census not in ("2022-03", "2022-06")}
    assert main_of(stock, some, "2022-12").first_reached == "2022-09"
    assert not main_of(stock, some, "2022-12").first_reached_certain


def test_first_reached_is_the_first_census_that_reaches_it() -> None:
    """From December 2021, 120 in September 2022 is the first of 100 or more."""
    readings = read_all(target(), series(GROWING), "2022-12")
    first = {r.choice.baseline: r.first_reached for r in readings if r.choice.measure == "fte"}
    assert first == {"2021-12": "2022-09", "2022-06": "2022-12"}


@given(st.floats(0, 5000), st.integers(1, 5000))
def test_a_verdict_is_reached_exactly_from_the_number_on(value: float, promised: int) -> None:
    """Unrounded: 999.6 of 1,000 is not reached, though it is printed as 1,000."""
    assert (judge(value, promised) is Verdict.REACHED) == (value >= promised)


@given(st.lists(st.floats(1, 4000), min_size=5, max_size=5))
def test_verdict_counts_add_up_to_the_readings(values: list[float]) -> None:
    """Every reading has one verdict."""
    readings = read_all(target(), series(dict(zip(CENSUSES, values, strict=True))), "2022-12")
    assert sum(count_verdicts(readings).values()) == len(readings)


def pace_at(period: str, value: int = 200) -> object:
    until = {census: fte for census, fte in GROWING.items() if census <= period}
    wanted = target(value=value)
    numbers = series(until)
    main = next(reading for reading in read_all(wanted, numbers, period) if reading.main)
    return pace(wanted, main, numbers, changes(until), period)


def test_pace_by_hand() -> None:
    """200 from June to November: 40 a month needed; 60 came in three months; 140 in the two left; matched 5 to 10."""
    found = pace_at("2022-09")
    assert (found.months, found.needed, found.achieved, found.still_needed) == (5, 40.0, 20.0, 70.0)
    assert (found.remaining, found.recent_low, found.recent_high) == (140.0, 5.0, 10.0)
    # 140 at 10 a month is 14 months: beyond a year nothing is said.
    assert (found.reach_earliest, found.reach_latest) == (None, None)
    assert found.reach_note == "not within a year at that pace"


def test_there_is_no_pace_where_the_baseline_does_not_lie_before_the_date_or_the_date_is_not_covered() -> None:
    """A first census of 2026 is no baseline of a promise for 2021, and a passed date without a census has no pace."""
    stock = target("stock", deadline=dt.date(2021, 3, 31), announced=dt.date(2019, 1, 7))
    late = {"2026-06": 2642.0}
    assert pace(stock, main_of(stock, late, "2026-06"), series(late), changes(late), "2026-06") is None
    gap = {"2022-06": 460.0, "2026-06": 900.0}
    assert pace(target(), main_of(target(), gap, "2026-06"), series(gap), changes(gap), "2026-06") is None


def test_a_settled_verdict_has_a_pace_and_no_projection() -> None:
    """The report of March 2023 rests on December 2022: what was needed and what came stand, and nothing remains to do."""
    later = GROWING | {"2023-03": 900.0}
    wanted = target(value=200)
    found = pace(wanted, main_of(wanted, later, "2023-03"), series(later), changes(later), "2023-03")
    assert (found.settled, found.needed, found.achieved_by) == (True, 40.0, "2022-12")
    assert (found.remaining, found.still_needed, found.recent_low, found.reach_earliest) == (None, None, None, None)


def test_pace_within_a_year_is_a_range() -> None:
    """110 at 10 a month is 5 months after 60 came; at 5 a month it is 10."""
    found = pace_at("2022-09", value=110)
    assert (found.reach_earliest, found.reach_latest) == ("2023-02", "2023-07")


def test_a_number_already_reached_is_not_projected() -> None:
    """Nothing remains."""
    found = pace_at("2022-12", value=100)
    assert (found.remaining, found.still_needed) == (0.0, None)
    assert found.reach_note == "the promised number is there already"


def test_the_recent_pace_is_that_of_quarters() -> None:
    """Changes over other spans are in the frame, too: a longer one averages what came in between, a month is noise."""
    pairs = _pairs([("2021-09", "2021-12", 30), ("2021-12", "2022-03", 60)])
    assert recent_matched_growth(pairs, "fte", "splw", "2022-03") == RecentGrowth(10.0, 20.0, "2021-09")
    monthly = _pairs([("2023-01", "2023-02", 1), ("2023-02", "2023-03", 2), ("2023-03", "2023-04", 3)])
    assert recent_matched_growth(monthly, "fte", "splw", "2023-04") == RecentGrowth(2.0, 2.0, "2023-01")


def test_no_pace_is_known_where_the_last_interval_does_not_end_at_the_period() -> None:
    """As for a census of which only national totals are there."""
    pairs = _pairs([("2021-06", "2021-09", 30), ("2021-09", "2021-12", 60)])
    assert recent_matched_growth(pairs, "fte", "splw", "2022-03") == NO_GROWTH


def _pairs(neighbours: list[tuple[str, str, float]]) -> pd.DataFrame:
    """Changes between neighbours, and over the whole span."""
    whole = (neighbours[0][0], neighbours[-1][1], sum(change for *_, change in neighbours))
    frame = pd.DataFrame([*neighbours, whole], columns=["from_census", "census", "in_both_fte"])
    return frame.assign(area_code="ENG", role="splw", data_source="all")
