"""The charts of real reports as a browser sets them: no label on another or on an axis, and text that can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("pages")

REPORTS = ["real", "national", "sample"]
INK = "rgb(61, 61, 61)"  # of axes: charts/theme.py
COLLISIONS = """(ink) => {
    const found = [], axes = [];
    for (const svg of document.querySelectorAll("figure.chart svg")) {
        if (!svg.checkVisibility() || svg.parentElement.closest("svg")) continue;
        const name = svg.closest("figure").id, edge = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
        const lines = [...svg.querySelectorAll("line")].filter((line) => getComputedStyle(line).stroke === ink)
            .map((line) => line.getBoundingClientRect());
        axes.push(...lines);
        texts.forEach(([words, box], place) => {
            if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1
                || box.bottom > edge.bottom + 1) found.push([name, words, "over the edge"]);
            // The box of a text has room above and below its letters; a line through the room touches none of them.
            if (lines.some((line) => line.right > box.left + 1 && line.left < box.right - 1
                && line.bottom >= box.top + 3 && line.top <= box.bottom - 4)) found.push([name, words, "on an axis"]);
            for (const [others, other] of texts.slice(0, place)) {
                const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
                const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
                if (across > 1 && down > 2) found.push([name, words, others]);
            }
        });
    }
    return { found, axes: axes.length };
}"""
# The lowest contrast of the text of any drawing to the page behind it, by the WCAG formula.
LOWEST_CONTRAST = """() => {
    const shade = (colour) => {
        const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const page = getComputedStyle(document.body).backgroundColor;
    const texts = [...document.querySelectorAll("figure.chart svg text")].filter((text) => text.checkVisibility());
    return Math.min(...texts.map((text) => {
        const [low, high] = [shade(getComputedStyle(text).fill), shade(page)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    }));
}"""


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("kind", REPORTS)
def test_no_label_lies_on_another_on_an_axis_or_over_the_edge(
    new_page: Callable, report_pages: dict[str, Path], kind: str, width: int
) -> None:
    found = new_page(report_pages[kind], width=width).page.evaluate(COLLISIONS, INK)
    assert found["found"] == []
    assert found["axes"] > 0


def test_a_label_on_another_and_one_on_an_axis_would_be_found(
    new_page: Callable, report_pages: dict[str, Path]
) -> None:
    page = new_page(report_pages["real"], width=1280).page
    page.evaluate(
        """() => {
            const svg = [...document.querySelectorAll("figure.chart svg")].find((each) => each.checkVisibility());
            const [first, second] = svg.querySelectorAll("text");
            const at = (text, box) => {
                const own = text.getBoundingClientRect();
                text.style.transform = `translate(${box.left - own.left}px, ${box.top - own.top - 5}px)`;
            };
            at(second, first.getBoundingClientRect());
            const axis = [...svg.querySelectorAll("line")]
                .find((line) => getComputedStyle(line).stroke === "rgb(61, 61, 61)");
            at([...svg.querySelectorAll("text")].at(-1), axis.getBoundingClientRect());
        }"""
    )
    told = {words[2] for words in page.evaluate(COLLISIONS, INK)["found"]}
    assert "on an axis" in told
    assert len(told) > 1


@pytest.mark.parametrize("width", [320, 640, 768, 900, 1100, 1280])
def test_the_text_of_charts_is_not_smaller_than_eleven_pixels(
    new_page: Callable, report_pages: dict[str, Path], width: int
) -> None:
    """A drawing is scaled to the room that it has; beside the tiles of the first screen that can be little."""
    sizes = new_page(report_pages["real"], width=width).page.evaluate(
        """() => [...document.querySelectorAll("figure.chart svg")].filter((svg) => svg.checkVisibility()).map((svg) => {
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            const sizes = [...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize));
            return Math.min(...sizes) * scale;
        })"""
    )
    assert len(sizes) > 5
    assert min(sizes) >= 11


@pytest.mark.parametrize(
    "how",
    [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}, {"forced_colors": "active", "color_scheme": "dark"}],
)
@pytest.mark.parametrize("kind", ["real", "national"])
def test_the_text_of_charts_can_be_read_in_every_scheme(
    new_page: Callable, report_pages: dict[str, Path], kind: str, how: dict[str, str]
) -> None:
    """In Windows high contrast it was 1.9 to 1."""
    assert new_page(report_pages[kind], **how).page.evaluate(LOWEST_CONTRAST) >= 4.5
