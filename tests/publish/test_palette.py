"""The contrast of the palette, by the WCAG 2 formula: text at least 4.5 to 1, edges and marks at least 3 to 1.

axe measures text on its background, and neither edges, nor focus rings, nor what a state alone shows.
"""

from __future__ import annotations

import re
from importlib import resources

import pytest

from analysis.charts import theme

STYLES = resources.files("analysis.publish") / "templates/style"
SCHEMES = {"light": "base.css", "dark": "dark.css"}
TEXT = 4.5  # WCAG 1.4.3, text under 24 px
GRAPHICS = 3.0  # WCAG 1.4.11, edges of controls, focus rings, states
PAIRS = [
    *((front, back, TEXT) for front in ("text", "quiet", "link", "visited") for back in ("paper", "tint")),
    ("text", "warn-paper", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "warn-edge", TEXT),
    ("focus", "paper", GRAPHICS),
    ("focus", "tint", GRAPHICS),
    ("focus", "glow", GRAPHICS),  # on the dark header the ring is seen by its glow
    ("glow", "brand", GRAPHICS),
    ("control", "paper", GRAPHICS),
    ("control", "tint", GRAPHICS),
    ("warn-edge", "paper", GRAPHICS),
]
# Of drawings: a line has the colour of its label, so that each is also text.
DRAWN = [(front, "paper", TEXT) for front in ("series-a", "series-b", "series-c", "series-d", "ink", "faint")]
LINEAR_UP_TO = 0.04045  # where the sRGB curve begins (IEC 61966-2-1)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2 definition)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= LINEAR_UP_TO else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colours_of(scheme: str) -> dict[str, str]:
    text = (STYLES / SCHEMES[scheme]).read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})\b", text))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back", "at_least"), PAIRS)
def test_each_pair_of_the_palette_has_its_contrast(scheme: str, front: str, back: str, at_least: float) -> None:
    colours = colours_of(scheme)
    assert ratio(colours[front], colours[back]) >= at_least


@pytest.mark.parametrize(("front", "back", "at_least"), [*DRAWN, ("ink", "band", TEXT)])
def test_drawings_can_be_read_on_a_dark_page(front: str, back: str, at_least: float) -> None:
    colours = colours_of("dark")
    assert ratio(colours[front], colours[back]) >= at_least


def test_every_colour_of_the_light_palette_has_its_like_on_a_dark_page() -> None:
    assert set(colours_of("light")) <= set(colours_of("dark"))


@pytest.mark.parametrize("sheet", ["dark.css", "forced_colours.css"])
def test_no_colour_of_the_charts_is_left_out(sheet: str) -> None:
    """A colour that is added to the house style of charts needs its like in each style sheet."""
    text = (STYLES / sheet).read_text(encoding="utf-8")
    for colour in (*theme.PALETTE, theme.INK, theme.QUIET):
        assert f'[fill="{colour}"]' in text
        assert f'[stroke="{colour}"]' in text
    assert f'[stroke="{theme.GRID}"]' in text
    assert f'[fill="{theme.BAND}"]' in text


def test_contrast_is_that_of_the_wcag_formula() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known grey that just fails
