"""The months under a chart: the first and the last census are always named, the steps between are even, none collide."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.charts.figure import Figure
from analysis.charts.lines import Goal
from analysis.charts.time_axis import LABEL_PX, STEPS, months_on_axis
from analysis.periods import expected_censuses, months_between, shift, short_label

MONTHS = st.integers(0, 240)
GOAL = Goal("2019 target of link workers", 1000.0, "2021-03")
LABEL = re.compile(
    r'<text transform="translate\((?P<x>[-\d.]+),[-\d.]+\)"><tspan>(?P<month>[A-Z][a-z]{2})</tspan>'
    r"<tspan[^>]*>(?P<year>\d{4})</tspan>"
)
HISTORIES = {
    "the first census": ["2020-03"],
    "two quarters": ["2020-03", "2020-06"],
    "a year of quarters": expected_censuses("2020-03", "2021-03"),
    "quarters to December 2022": expected_censuses("2020-03", "2022-12"),
    "all to a month that no quarterly census had": expected_censuses("2020-03", "2025-11"),
    "all to June 2026": expected_censuses("2020-03", "2026-06"),
    "a gap of years": [*expected_censuses("2020-03", "2022-09"), "2026-06"],
    "a year of months": expected_censuses("2025-06", "2026-06"),
    "two months": ["2026-05", "2026-06"],
    "a month after a long gap": ["2020-03", "2026-05", "2026-06"],
    "twenty years": expected_censuses("2020-03", "2040-05"),
}


@given(MONTHS, st.floats(0.1, 100))
def test_both_ends_are_named_and_the_steps_between_are_even(length: int, room: float) -> None:
    last = "2040-05"
    named = months_on_axis(shift(last, -length), last, room)
    assert named[0] == shift(last, -length)
    assert named[-1] == last
    steps = [months_between(*pair) for pair in itertools.pairwise(named)]
    assert len(set(steps[1:])) <= 1
    assert all(step >= room for step in steps[1:])
    if len(steps) > 1:
        assert steps[1] in STEPS
        assert steps[0] >= room
        assert steps[0] < room + steps[1], "no month was left out that had room"


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("goal", [None, GOAL])
def test_every_history_names_its_first_and_last_census_without_collision(history: str, goal: Goal | None) -> None:
    """As drawn: in the drawing for wide screens and in the one for small screens."""
    censuses = HISTORIES[history]
    frame = pd.DataFrame({"census": censuses, "fte": [12_000.0 + n for n in range(len(censuses))]})
    frame["role"] = "All that was reported"
    chart = an.line(frame, "fte", series="role", unit="FTE", goal=goal)
    figure = Figure.of(an.figure(chart, title="A title", subtitle="A subtitle"))
    drawings = re.findall(r"<svg.*?</svg>", str(figure.svg), re.DOTALL)
    assert len(drawings) == 2
    for svg in drawings:
        labels = [(float(x), f"{month} {year}") for x, month, year in LABEL.findall(svg)]
        names = [name for _, name in labels]
        assert names[0] == short_label(censuses[0])
        assert names[-1] == short_label(censuses[-1])
        assert all(right - left >= LABEL_PX - 1 for (left, _), (right, _) in itertools.pairwise(labels))
