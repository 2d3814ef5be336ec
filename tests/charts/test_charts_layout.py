"""Labels do not overlap, ticks are round and named at even distances, and words are computed from values."""

from __future__ import annotations

import itertools
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts.axes import LevelAxis, TimeAxis, round_ticks
from analysis.charts.labels import moment_rows
from analysis.charts.layout import NARROW, WIDE, Goal, Moment, dodge, text_px, tick_censuses, wrap
from analysis.charts.wording import describe, describe_crossing, named_months, span
from analysis.periods import expected_censuses, months_between
from analysis.registers.targets import load_targets

boxes = st.lists(st.tuples(st.floats(0, 300), st.floats(10, 40)), min_size=1, max_size=6)


@given(boxes)
def test_dodged_labels_do_not_overlap_and_stay_inside(placed: list[tuple[float, float]]) -> None:
    centres, heights = zip(*placed, strict=True)
    moved = dodge(centres, heights, 0, 300)
    spans = sorted((centre - height / 2, centre + height / 2) for centre, height in zip(moved, heights, strict=True))
    assert all(lower[1] <= upper[0] + 1e-6 for lower, upper in itertools.pairwise(spans))
    assert spans[0][0] >= -1e-6
    assert spans[-1][1] <= 300 + 1e-6 or sum(heights) > 300


def test_labels_with_room_are_left_where_they_are() -> None:
    assert dodge([50, 150, 250], [20, 20, 20], 0, 300) == [50, 150, 250]


def test_labels_that_meet_move_apart_evenly() -> None:
    assert dodge([100, 100], [20, 20], 0, 300) == [90, 110]


@given(st.floats(-1e6, 0), st.floats(0, 1e6).filter(lambda high: high > 1e-3))
def test_ticks_enclose_the_data_with_few_round_steps(low: float, high: float) -> None:
    ticks = round_ticks(low, high)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + 1e-9 * (high - low)
    assert ticks[-1] >= high - 1e-9 * (high - low)
    assert len(ticks) <= 7
    leading = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(leading, nice, rel_tol=1e-6) for nice in (1, 2, 2.5, 5, 10))


def test_a_level_axis_always_shows_zero() -> None:
    assert LevelAxis.enclosing([900.0, 1000.0], WIDE).ticks[0] == 0
    assert LevelAxis.enclosing([], WIDE).ticks[-1] == 1


@pytest.mark.parametrize("apart", [1, 3.4, 5, 11])
def test_named_censuses_are_evenly_apart_across_the_change_from_quarters_to_months(apart: float) -> None:
    censuses = expected_censuses("2020-03", "2025-11")
    named = tick_censuses(censuses, apart)
    gaps = {months_between(*pair) for pair in itertools.pairwise(named)}
    assert len(named) >= 4
    assert min(gaps) >= apart
    if apart > 3:
        assert len(gaps) == 1


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_label_of_a_break_is_never_crossed_by_another_line(size: object) -> None:
    moments = [Moment(census, f"[b] {census}") for census in ("2021-09", "2022-06", "2022-09", "2023-04")]
    axis = TimeAxis(expected_censuses("2020-03", "2025-11"), "2025-11", size)
    rows = moment_rows(moments, axis)
    for place, moment in enumerate(moments):
        left = axis.px(moment.census) + 4
        right = left + text_px(moment.label)
        for other, later in enumerate(moments):
            if other > place and left < axis.px(later.census) < right:
                assert rows[other] < rows[place]


@given(st.text(alphabet="abc DEF.,", max_size=60), st.integers(40, 200))
def test_wrapped_lines_keep_every_word_and_fit(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert " ".join(lines).split() == text.split()
    assert all(text_px(line) <= room for line in lines if " " in line)


def test_the_goal_of_a_target_of_the_register_has_its_number_and_month() -> None:
    target = next(target for target in load_targets() if target.id == "splw-2019")
    assert Goal.of(target) == Goal("2019 target", 1000.0, "2021-03")


VALUES = pd.Series([10.0, 30.0, 20.0], index=["2021-12", "2022-03", "2022-06"])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (VALUES, "X: 10 FTE in December 2021, 20 FTE in June 2022; highest 30 FTE in March 2022; of 2 steps, it rises at 1 and falls at 1."),
        (VALUES.cummax(), "X: 10 FTE in December 2021, 30 FTE in June 2022; of 2 steps, it rises at 1 and is level at 1."),
        (VALUES.iloc[:2], "X: 10 FTE in December 2021, 30 FTE in March 2022; it rises."),
        (VALUES.iloc[:1], "X: 10 FTE in December 2021, the only value."),
        (VALUES * math.nan, "X: no value at any census."),
        (VALUES.mask(VALUES == 30), "X: 10 FTE in December 2021, 20 FTE in June 2022; it rises; no value for March 2022."),
    ],
)  # fmt: skip
def test_a_description_follows_the_values(values: pd.Series, words: str) -> None:
    assert describe(values, "X", "FTE") == words


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (40, "It stays below the line."),
        (5, "It stands at or above the line at every census drawn that has a value."),
        (20, "It stands at or above the line first in March 2022."),
        (25, "It stands at or above the line first in March 2022, and below it again in June 2022."),
    ],
)
def test_a_description_says_when_a_goal_is_crossed(goal: float, words: str) -> None:
    assert describe_crossing(VALUES, goal, "the line") == words


def test_many_months_are_counted_instead_of_named() -> None:
    assert named_months(expected_censuses("2023-01", "2023-06")) == "6 censuses between January 2023 and June 2023"
    assert span("2022-09", "2022-09") == "September 2022"
