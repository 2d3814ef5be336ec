"""One builder for charts of a few named amounts: horizontal bars from zero, each with its name and its number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt

from analysis.charts.axes import number_axis, round_ticks
from analysis.charts.drawing import INK, PALETTE
from analysis.charts.labels import pixel_rule, pixel_text, pixels
from analysis.charts.layout import NARROW, WIDE, Size, plot, text_px
from analysis.facts.fact import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROW_PX = {WIDE.total: 30, NARROW.total: 46}  # narrow: the name has a line of its own over its bar
_BAR_PX = 18
_VALUE_PX = 50
# A bar of nothing is drawn as a line: a mark without width could not be seen when the keyboard reaches it.
_LEAST_PX = 1.5


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its value, and what it says when it is heard or pointed at."""

    name: str
    value: float
    words: str


def bar_chart(
    bars: Sequence[Bar],
    *,
    unit: str,
    decimals: int,
    across: tuple[str, float] | None = None,
    size: Size = WIDE,
) -> alt.LayerChart:
    """Draw bars in the order given, from zero.

    Parameters
    ----------
    bars
        At least one; values of any sign.
    unit, decimals
        The unit stands over the numbers, which are written to so many decimals.
    across
        A label and a value that all bars are compared with: a dashed line through them.
    size
        :data:`~analysis.charts.layout.WIDE` or ``NARROW``.
    """
    narrow = size.total == NARROW.total
    names = max(text_px(bar.name) for bar in bars)
    size = replace(
        size,
        left=14 if narrow else int(names) + 20,
        right=_VALUE_PX + 8,
        height=_ROW_PX[size.total] * len(bars),
        top=44,
        bottom=28,
    )
    levels = [0.0, *(bar.value for bar in bars), *([across[1]] if across else [])]
    ticks = round_ticks(min(levels), max(levels) if max(levels) > min(levels) else 1.0, most=4 if narrow else 5)
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)
    x = partial(alt.X, scale=scale, axis=number_axis(ticks, orient="top", grid=True, domain=False))
    y = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(range(len(bars))), padding=0))
    least = _LEAST_PX / size.plot * (ticks[-1] - ticks[0])
    down, name_x = (9, 0) if narrow else (0, -12)
    values = [
        {"place": place, "name": bar.name, "end": bar.value or least, "zero": 0.0, "words": bar.words}
        | {"number": as_text(bar.value, decimals)}
        for place, bar in enumerate(bars)
    ]
    text: dict[str, Any] = {"baseline": "middle", "color": INK, "aria": False}
    layers = [
        plot(values)
        .mark_bar(color=PALETTE[0], height=_BAR_PX, yOffset=down)
        .encode(x("end:Q"), y, alt.X2("zero:Q"), alt.Description("words:N")),
        plot(values)
        .mark_text(align="left" if narrow else "right", dy=-down, **text)
        .encode(y, pixels(alt.XValue, name_x), alt.Text("name:N")),
        plot(values)
        .mark_text(align="right", dy=down, **text)
        .encode(y, pixels(alt.XValue, size.plot + _VALUE_PX), alt.Text("number:N")),
        pixel_text([unit], size.plot + size.right - 8, 12.0 - size.top, align="right"),
    ]
    if across is not None:
        name, value = across
        at = (value - ticks[0]) / (ticks[-1] - ticks[0]) * size.plot
        label = f"{name} {as_text(value, decimals)}"
        middle = min(max(at, text_px(label) / 2), size.plot - text_px(label) / 2)
        layers.append(pixel_rule((at, 0), (at, size.height + 4), colour=PALETTE[2], dash=(4, 3), width=1.5))
        layers.append(pixel_text([label], middle, size.height + 15, align="center"))
    return size.layered(layers)
