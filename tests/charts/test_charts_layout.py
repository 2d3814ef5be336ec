"""Labels do not overlap, and words are computed from values."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET

import altair as alt
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.charts.labels import EndLabel, end_labels, uprights
from analysis.charts.layers import layered
from analysis.charts.lines import Goal
from analysis.charts.text_alternative import describe, describe_crossing, named_months, span
from analysis.periods import expected_censuses
from analysis.registers.targets import load_targets

LABELS = st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 50)), min_size=1, max_size=6)


def boxes(svg: str) -> list[tuple[float, float]]:
    """From where to where each end label of a drawing reaches, downwards: lines of 16 pixels."""
    found = []
    root = ET.fromstring(svg)  # noqa: S314 - our own
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        move = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", text.get("transform", ""))
        lines = [line for line in text.itertext() if line.strip()]
        if move and lines[0].startswith("label"):
            found.append((float(move[2]) - 12, float(move[2]) - 12 + 16 * len(lines)))
    return sorted(found)


@given(LABELS, st.booleans())
@settings(max_examples=8, deadline=None)
def test_labels_at_the_ends_of_lines_never_overlap(drawn: list[tuple[int, int]], narrow: bool) -> None:
    """Whatever their values and lengths, in either drawing; Vega works out their places."""
    labels = [EndLabel("label " + "word " * (length // 5), float(value)) for value, length in drawn]
    frame = pd.DataFrame({"x": [0, 1], "value": [0.0, 1000.0]})
    layers = [alt.Chart().mark_point(), *end_labels(labels)]
    chart = layered(layers, frame, x="x:Q", y="value:Q").properties(height=280, width=200)
    spec = chart.to_dict()
    spec["params"][0]["value"] = narrow
    places = boxes(vl_convert.vegalite_to_svg(spec))
    assert len(places) == len(labels)
    assert all(lower[1] <= upper[0] + 0.6 for lower, upper in itertools.pairwise(places))


def test_labels_with_room_are_left_where_they_are() -> None:
    labels = [EndLabel(f"label {value}", value) for value in (100.0, 500.0, 900.0)]
    frame = pd.DataFrame({"x": [0, 1], "value": [0.0, 1000.0]})
    layers = [alt.Chart().mark_point(), *end_labels(labels)]
    chart = layered(layers, frame, x="x:Q", y="value:Q").properties(height=200, width=200)
    tops = [top for top, _ in boxes(vl_convert.vegalite_to_svg(chart.to_dict()))]
    assert [round(lower - upper) for upper, lower in itertools.pairwise(tops)] == [80, 80]


def test_a_label_of_a_break_is_never_crossed_by_another_line() -> None:
    """Each has its row, and a later line, which would cross a longer label, ends below it."""
    layers = uprights([(census, f"[b] {census}") for census in ("2023-04", "2021-09", "2022-06", "2022-09")])
    flags = layers[0].data.to_dict()["values"]
    assert [flag["when"] for flag in flags] == ["2021-09", "2022-06", "2022-09", "2023-04"]
    tops = [flag["top"] for flag in flags]
    assert tops == sorted(set(tops))
    assert all(later - 8 >= earlier + 8 for earlier, later in itertools.pairwise(tops))


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
