"""The shape of series: highest figures, runs, and what an ordinary change is."""

from __future__ import annotations

import itertools
import math
import statistics

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures.measure_frames import bulletin, one, workforce

from analysis.measures.growth import growth
from analysis.measures.national import national_totals
from analysis.measures.series_shape import runs, series_shape
from analysis.measures.totals import totals
from analysis.measures.usual_changes import MIN_EARLIER, usual_changes, usual_range
from analysis.periods import expected_censuses, months_between
from analysis.registers.breaks import load_breaks
from analysis.registers.published import load_published, national_figures
from analysis.registers.roles import load_roles

ROLES, BREAKS = load_roles(), load_breaks()


def england(values: dict[str, float], role: str = "cc") -> pd.DataFrame:
    """The measure ``growth`` of England, from published figures of one role by census."""
    frame = workforce([])
    published = bulletin([("fte", census, role, value) for census, value in values.items()])
    return growth(national_totals(totals(frame, ROLES, BREAKS), published, ROLES, BREAKS), frame, ROLES, BREAKS)


def shape(values: dict[str, float], role: str = "cc") -> pd.Series:
    return one(series_shape(england(values, role), ROLES, BREAKS), role=role, measure="fte", level="england")


def judged(values: dict[str, float], span: str, role: str = "cc") -> pd.Series:
    found = usual_changes(england(values, role), ROLES, BREAKS)
    return one(found, role=role, measure="fte", level="england", span=span)


def monthly(first: str, last: str, *changes: float) -> dict[str, float]:
    """Figures from 1,000 on, by month, with these changes over and over."""
    level, values = 1000.0, {}
    for place, census in enumerate(expected_censuses(first, last)):
        level += changes[place % len(changes)] if place else 0.0
        values[census] = level
    return values


# ---- the real series ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published_growth() -> pd.DataFrame:
    """England as the register of published totals has it, with the extract of June 2026 after it."""
    frame = workforce([("2026-06", "U00001", "splw", 2642.404533), ("2026-06", "U00001", "splw_mh", 110.099067)])
    register = national_figures(load_published())
    summed = national_totals(totals(frame, ROLES, BREAKS), bulletin([]), ROLES, BREAKS, register=register)
    return growth(summed, frame, ROLES, BREAKS)


@pytest.mark.parametrize(
    ("role", "highest", "fall", "fall_pct"), [("splw", 2870.4, -227.9, -7.9), ("splw_all", 2947.9, -195.4, -6.6)]
)
def test_link_workers_were_most_in_february_2024_and_fell_by_8_and_7_per_cent(
    published_growth, role, highest, fall, fall_pct
):
    """2,870.4 FTE, 2,947.9 with mental health practitioners; 8% and 7% below in June 2026."""
    found = one(series_shape(published_growth, ROLES, BREAKS), level="england", role=role, measure="fte")
    assert (found["census"], found["peak_census"]) == ("2026-06", "2024-02")
    assert [round(found[name], 1) for name in ("peak", "since_peak", "since_peak_pct")] == [highest, fall, fall_pct]
    assert found["since_peak_note"] == "", "no break lies between February 2024 and June 2026"


def test_no_month_and_no_quarter_is_told_where_the_census_before_is_missing(published_growth):
    """The register ends in November 2025: June 2026 has a year before it, and neither a month nor a quarter."""
    found = usual_changes(published_growth, ROLES, BREAKS)
    ours = found[(found["role"] == "splw") & (found["measure"] == "fte") & (found["level"] == "england")]
    assert dict(zip(ours["span"], ours["change"].notna(), strict=True)) == {
        "month": False,
        "quarter": False,
        "year": True,
    }
    assert round(one(ours, span="year")["change"], 1) == -88.3
    assert set(ours.loc[ours["change"].isna(), "change_note"]) == {"[x]"}


# ---- highest figures ------------------------------------------------------------------------------------------------


def test_the_highest_of_equals_is_the_last_and_at_it_there_is_no_change_since():
    found = shape({"2023-01": 9.0, "2023-02": 5.0, "2023-03": 9.0})
    assert (found["peak_census"], found["peak"]) == ("2023-03", 9.0)
    assert math.isnan(found["since_peak"])
    assert found["since_peak_note"] == "[z]"


def test_a_fall_since_a_peak_before_a_break_is_marked():
    """The first link worker role may have lost people in April 2023; the coordinators did not."""
    values = {"2023-02": 50.0, "2023-03": 60.0, "2023-04": 40.0}
    assert shape(values, "splw")["since_peak_note"] == "[b]"
    assert shape(values, "cc")["since_peak_note"] == ""


def test_censuses_without_a_figure_are_counted():
    found = shape({"2022-09": 5.0, "2022-12": 6.0, "2023-04": 4.0})
    assert (found["figures"], found["censuses_missing"]) == (3, 3)


def test_areas_that_a_merger_made_anew_have_no_peak_from_before_it():
    """QB2 keeps its code and loses half its networks: its figures before April 2026 are those of another area."""
    areas = {("U00001", "2026-03"): "QB2", ("U00002", "2026-03"): "QB2"}
    areas |= {("U00001", "2026-04"): "QB2", ("U00002", "2026-04"): "QC3", ("U00003", "2026-03"): "QA1"}
    areas |= {("U00003", "2026-04"): "QC3"}
    rows = [("2026-03", pcn, "cc", 9.0) for pcn in ("U00001", "U00002", "U00003")]
    rows += [("2026-04", pcn, "cc", 1.0) for pcn in ("U00001", "U00002", "U00003")]
    frame = workforce(rows, areas)
    grown = growth(totals(frame, ROLES, BREAKS), frame, ROLES, BREAKS)
    found = series_shape(grown, ROLES, BREAKS)
    assert one(found, level="icb", area_code="QB2", role="cc")["first_census"] == "2026-04"
    assert one(found, level="england", role="cc", measure="fte")["peak_census"] == "2026-03"


# ---- runs -----------------------------------------------------------------------------------------------------------


def test_runs_by_hand():
    """Up from September 2022 over the change of cadence to February, down in March and April, up in May."""
    values = pd.Series(
        {"2022-09": 1, "2022-12": 2, "2023-01": 3, "2023-02": 4, "2023-03": 3, "2023-04": 2, "2023-05": 5}, dtype=float
    )
    assert [(run.direction, run.start, run.end, run.months) for run in runs(values.to_dict())] == [
        ("rise", "2022-09", "2023-02", 5),
        ("fall", "2023-02", "2023-04", 2),
        ("rise", "2023-04", "2023-05", 1),
    ]


def test_a_missing_census_and_a_break_end_a_run():
    rising = pd.Series({"2023-01": 1, "2023-02": 2, "2023-04": 3, "2023-05": 4}, dtype=float)
    assert [(run.start, run.end) for run in runs(rising.to_dict())] == [("2023-01", "2023-02"), ("2023-04", "2023-05")]
    whole = pd.Series({"2023-02": 1, "2023-03": 2, "2023-04": 3, "2023-05": 4}, dtype=float)
    assert [(run.start, run.end) for run in runs(whole.to_dict(), ["2023-04"])] == [
        ("2023-02", "2023-03"),
        ("2023-04", "2023-05"),
    ]


def test_over_a_gap_of_years_there_is_no_run():
    found = shape({"2022-09": 5.0, "2026-06": 4.0})
    assert math.isnan(found["longest_fall_months"])
    assert {found[f"{run}_note"] for run in ("longest_rise", "longest_fall", "current_run")} == {"[x]"}


def test_a_series_that_only_rises_has_no_run_of_falls():
    found = shape({"2023-01": 1.0, "2023-02": 2.0})
    assert (found["longest_rise_months"], found["longest_fall_note"]) == (1, "[z]")
    assert (found["current_run"], found["current_run_from"]) == ("rise", "2023-01")


@given(st.lists(st.integers(0, 5), min_size=2, max_size=40))
def test_runs_make_up_the_whole_time_without_overlap(levels):
    """They follow one another, change direction each time, and last as long as the series together."""
    censuses = expected_censuses("2022-03", "2030-12")[: len(levels)]
    found = runs(dict(zip(censuses, map(float, levels), strict=True)))
    assert (found[0].start, found[-1].end) == (censuses[0], censuses[-1])
    assert all(one.end == other.start for one, other in itertools.pairwise(found))
    assert all(one.direction != other.direction for one, other in itertools.pairwise(found))
    assert sum(run.months for run in found) == months_between(censuses[0], censuses[-1])


# ---- ordinary changes -----------------------------------------------------------------------------------------------


def test_an_ordinary_month_is_usual_and_one_like_no_other_is_not():
    values = monthly("2023-04", "2024-06", 4.0, -2.0, 1.0)
    usual = judged(values, "month")
    assert (usual["verdict"], usual["earlier_changes"]) == ("usual", 14 - 1)
    values["2024-06"] += 100
    assert judged(values, "month")["verdict"] == "unusual"


def test_fewer_than_eight_earlier_changes_are_too_few_to_say():
    """Nine months have seven changes before the latest; ten have eight."""
    few = judged(monthly("2023-04", "2023-12", 1.0, 2.0), "month")
    assert (few["verdict"], few["earlier_changes"], few["usual_note"]) == ("too few to say", 7, "[x]")
    assert judged(monthly("2023-04", "2024-01", 1.0, 2.0), "month")["verdict"] == "usual"


def test_quarters_that_are_compared_do_not_overlap():
    """Thirty months hold nine quarters before the latest one, and not twenty-six."""
    assert judged(monthly("2023-04", "2025-10", 1.0, 2.0, 4.0), "quarter")["earlier_changes"] == 9


def test_changes_from_before_a_break_and_from_another_cadence_are_not_compared():
    values = monthly("2022-03", "2024-06", 1.0, 2.0)
    assert judged(values, "month", "splw")["earlier_changes"] == 13, "from April 2023 on"
    assert judged(values, "month")["earlier_changes"] == 17, "from December 2022 on"
    assert judged(values, "quarter")["earlier_changes"] == 5, "the quarters of 2022 were another cadence's"


def test_the_quarters_of_2022_are_judged_by_those_before():
    values = dict(zip(expected_censuses("2020-03", "2022-12"), range(1, 13), strict=True))
    found = judged({census: float(value**2) for census, value in values.items()}, "quarter", "splw")
    assert (found["earlier_changes"], found["verdict"]) == (10, "usual")
    assert (found["lower_quartile"], found["upper_quartile"]) == (7.5, 16.5)


def test_where_there_is_no_change_nothing_is_judged():
    found = judged({"2022-09": 5.0, "2026-06": 4.0}, "quarter")
    assert (found["verdict"], found["usual_note"], found["change_note"]) == ("", "[z]", "[x]")


@given(st.lists(st.floats(-500, 500), min_size=MIN_EARLIER, max_size=60))
def test_the_range_encloses_the_quartiles_and_the_median(changes):
    found = usual_range(changes)
    assert found is not None
    assert found.usual_low <= found.lower_quartile <= statistics.median(changes)
    assert statistics.median(changes) <= found.upper_quartile <= found.usual_high
    assert usual_range(changes[: MIN_EARLIER - 1]) is None
