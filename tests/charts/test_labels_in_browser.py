"""Words on the drawings as a browser sets them: none on another, none over the edge, at each width of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from charts import chart_frames as made
from charts import figures as charts
from charts.chart_frames import FactsByShape

from analysis.charts.figure import Figure
from analysis.charts.trend import trend
from analysis.periods import expected_censuses
from analysis.registers.breaks import load_breaks
from analysis.registers.roles import load_roles

FACTS, SPLW = FactsByShape(), load_roles().words["splw"]
BOTH = ("2020-12", "2021-03", "2022-03")
LONG = expected_censuses("2020-03", "2026-06")
COLLISIONS = """() => {
    const found = [];
    for (const svg of document.querySelectorAll("svg")) {
        const edge = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
        texts.forEach(([words, box], place) => {
            if (box.left < edge.left - 1 || box.right > edge.right + 1) found.push([svg.id, words, "over the edge"]);
            for (const [others, other] of texts.slice(0, place)) {
                const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
                const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
                if (across > 1 && down > 2) found.push([svg.id, words, others]);
            }
        });
    }
    return found;
}"""


def long_trend() -> Figure:
    """Six years with a peak, three lines close to each other, a target and four breaks."""
    totals = made.totals(
        [100 + 60 * min(n, 40) - 20 * max(0, n - 40) for n in range(len(LONG))], LONG, staff_share=0.99
    )
    breaks = load_breaks().breaks
    goal = charts.Goal("2019 target: in place", 1050.0, "2021-03")
    return Figure.of(trend(totals, facts=FACTS, goal=goal, breaks=breaks, breaks_of_staff=breaks, role=SPLW))


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of chart on one page, each drawing as wide as the page shows it."""
    name = "NHS Bath and North East Somerset, Swindon and Wiltshire {} ICB"
    figures = [
        long_trend(),
        charts.bounds(made.bounds(), facts=FACTS, role=SPLW),
        charts.decomposition(made.decomposition(), role=SPLW),
        charts.icb_rates(made.places(12, name=name), census="2022-03", facts=FACTS, role=SPLW),
        charts.deprivation(made.deprivation_fifths(), census="2022-03", facts=FACTS, england=0.42, role=SPLW),
        charts.entrants(made.entrants(), facts=FACTS, role=SPLW),
        charts.distribution(made.distribution_bands(BOTH), census="2022-03", peak="2020-12", facts=FACTS, role=SPLW),
        charts.distribution(made.distribution_bands(BOTH, "fte"), census="2022-03", facts=FACTS, role=SPLW),
    ]
    drawings = (re.findall(r"<svg.*?</svg>", str(figure.svg), re.DOTALL) for figure in figures)
    boxes = pd.DataFrame(drawings, columns=["wide", "narrow"])
    page = "".join(
        f'<div style="width:{width}px">{svg.replace("<svg ", "<svg width=100% ", 1)}</div>'
        for svgs, widths in ((boxes["wide"], (610, 832)), (boxes["narrow"], (288, 416)))
        for width in widths
        for svg in svgs
    )
    path = tmp_path_factory.mktemp("charts") / "sheet.html"
    path.write_text(f"<!doctype html><html lang=en><meta charset=utf-8><title>Charts</title>{page}", encoding="utf-8")
    return path


def test_no_label_lies_on_another_or_over_the_edge(new_page: Callable, sheet: Path) -> None:
    """At the widths that a drawing has on screens of 320, 640, 768 and 1280 pixels."""
    assert new_page(sheet).page.evaluate(COLLISIONS) == []
