"""The palette's contrast, by the WCAG 2 formula: text at least 4.5 to 1, edges and marks at least 3 to 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from analysis.publish.checks.fault import Fault

TEXT = 4.5  # WCAG 1.4.3, text under 24 px
GRAPHICS = 3.0  # WCAG 1.4.11, edges of controls, focus rings, states


@dataclass(frozen=True)
class Pair:
    """Two custom properties of the style, one seen on the other."""

    front: str
    back: str
    at_least: float


PAIRS = (
    *(Pair(front, back, TEXT) for front in ("text", "quiet", "link", "visited") for back in ("paper", "tint")),
    Pair("text", "warn-paper", TEXT),
    Pair("on-brand", "brand", TEXT),
    Pair("on-brand", "warn-edge", TEXT),
    Pair("focus", "paper", GRAPHICS),
    Pair("focus", "tint", GRAPHICS),
    Pair("focus", "glow", GRAPHICS),  # on the dark header the ring is seen by its glow
    Pair("glow", "brand", GRAPHICS),
    Pair("control", "paper", GRAPHICS),
    Pair("control", "tint", GRAPHICS),
    Pair("warn-edge", "paper", GRAPHICS),
)
_LINEAR_UP_TO = 0.04045  # where the sRGB curve begins (IEC 61966-2-1)
_PROPERTY = re.compile(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})\b")


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2 definition)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= _LINEAR_UP_TO else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours.

    >>> ratio("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast(soup: BeautifulSoup) -> Iterator[Fault]:
    """Each pair of the palette has the contrast it needs."""
    style = soup.find("style")
    text = style.get_text() if isinstance(style, Tag) else ""
    line = (style.sourceline or 1) if isinstance(style, Tag) else 1
    colours = dict(_PROPERTY.findall(text))
    for pair in PAIRS:
        if pair.front not in colours or pair.back not in colours:
            yield Fault("contrast", "<style>", line, f"the style does not define --{pair.front} and --{pair.back}")
            continue
        found = ratio(colours[pair.front], colours[pair.back])
        if found < pair.at_least:
            yield Fault(
                "contrast",
                f"--{pair.front} {colours[pair.front]} on --{pair.back} {colours[pair.back]}",
                line,
                f"the contrast is {found:.2f} to 1; it must be {pair.at_least} to 1",
            )


RULES = (contrast,)
