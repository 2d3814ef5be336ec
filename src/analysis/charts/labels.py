"""Words on a drawing: at the ends of lines instead of a legend, over upright lines, beside marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from analysis.charts.drawing import INK
from analysis.charts.layout import LABEL_GAP_PX, LINE_PX, Moment, Size, dodge, plot, text_px, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.charts.axes import LevelAxis, TimeAxis

UPRIGHT_DASH = [2, 3]


@dataclass(frozen=True)
class EndLabel:
    """A label in the right margin, after a stroke in the look of its line: a leader to it where that ends there.

    With ``diamond``, a fill, a diamond stands in place of the stroke.
    """

    text: str
    value: float
    colour: str = INK
    dash: Sequence[float] = (1, 0)
    joined: bool = True
    diamond: str = ""


def pixels(channel: Any, place: float) -> Any:
    """A position channel (``alt.XValue`` …) at a place in pixels of the plot; altair's own constructors are untyped."""
    return channel(place)


def pixel_text(
    lines: Sequence[str], x: float, y: float, *, align: Literal["left", "center", "right"] = "left", colour: str = INK
) -> alt.Chart:
    """Lines of text at pixels of the plot, their middle at ``y``."""
    text = plot([{}]).mark_text(
        text=list(lines), align=align, baseline="middle", lineHeight=LINE_PX, color=colour, aria=False
    )
    placed: alt.Chart = text.encode(pixels(alt.XValue, x), pixels(alt.YValue, y))
    return placed


def pixel_rule(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str = INK,
    dash: Sequence[float] = (1, 0),
    width: float = 1,
) -> alt.Chart:
    """A straight line between two points, in pixels of the plot."""
    rule = plot([{}]).mark_rule(color=colour, strokeDash=list(dash), strokeWidth=width, aria=False)
    placed: alt.Chart = rule.encode(
        pixels(alt.XValue, start[0]),
        pixels(alt.YValue, start[1]),
        pixels(alt.X2Value, end[0]),
        pixels(alt.Y2Value, end[1]),
    )
    return placed


def _pixel_diamond(x: float, y: float, label: EndLabel) -> alt.Chart:
    diamond = plot([{}]).mark_point(
        shape="diamond", size=70, filled=True, fill=label.diamond, stroke=label.colour, strokeWidth=1.5, aria=False
    )
    placed: alt.Chart = diamond.encode(pixels(alt.XValue, x), pixels(alt.YValue, y))
    return placed


def end_labels(labels: Sequence[EndLabel], axis: LevelAxis, size: Size) -> list[alt.Chart]:
    """Labels at the right of the plot, kept apart, each with its leader."""
    wrapped = [wrap(label.text, size.label_px) for label in labels]
    heights = [len(lines) * LINE_PX + 4.0 for lines in wrapped]
    aims = [axis.px(label.value) for label in labels]
    # The labels may use the height of the margins too, where the plot alone is too low for them.
    places = dodge(aims, heights, -size.top / 2, size.height + size.bottom)
    layers = []
    for label, lines, aim, place in zip(labels, wrapped, aims, places, strict=True):
        right = size.plot + LABEL_GAP_PX - 5.0
        start = (size.plot - 2.0, aim) if label.joined else (right - 12.0, place)
        if label.diamond:
            layers.append(_pixel_diamond(right - 6.0, place, label))
        else:
            layers.append(pixel_rule(start, (right, place), colour=label.colour, dash=label.dash, width=1.5))
        layers.append(pixel_text(lines, size.plot + LABEL_GAP_PX, place - (len(lines) - 1) * LINE_PX / 2))
    return layers


def moment_rows(moments: Sequence[Moment], axis: TimeAxis) -> list[int]:
    """The row above the plot for the label of each moment, so that no label lies on another, or on another's line."""
    spans = [_label_span(moment, axis) for moment in moments]
    lines = [axis.px(moment.census) for moment in moments]
    rows: dict[int, int] = {}
    for place in reversed(range(len(moments))):  # each label flies to the right, over the lines that come later

        def clashes(row: int, place: int = place) -> bool:
            left, right = spans[place]
            return any(
                (row == other_row and left < spans[other][1] and spans[other][0] < right)
                or (other_row >= row and left < lines[other] < right)
                or (row >= other_row and spans[other][0] < lines[place] < spans[other][1])
                for other, other_row in rows.items()
            )

        rows[place] = next((row for row in range(len(moments)) if not clashes(row)), len(moments))
    return [rows[place] for place in range(len(moments))]


def moment_layers(moments: Sequence[Moment], rows: Sequence[int], axis: TimeAxis) -> list[alt.Chart]:
    """An upright line through the plot for each moment, with its label above like a flag."""
    layers = []
    for moment, row in zip(moments, rows, strict=True):
        x, y = axis.px(moment.census), -10.0 - row * LINE_PX
        layers.append(pixel_rule((x, axis.size.height), (x, y - LINE_PX / 2), dash=UPRIGHT_DASH))
        layers.append(pixel_text([moment.label], _label_span(moment, axis)[0], y))
    return layers


def unit_label(text: str, size: Size) -> alt.Chart:
    """What the numbers of the y axis are, over them; a long text over any labels of upright lines, too."""
    x = 6.0 - size.left
    return pixel_text([text], x, -15.0 if x + text_px(text) < 0 else 9.0 - size.top)


def _label_span(moment: Moment, axis: TimeAxis) -> tuple[float, float]:
    """From where to where the label runs: to the right of its line, or to the left where end labels would be met."""
    line, width = axis.px(moment.census), text_px(moment.label)
    left = line + 4 if line + 4 + width <= axis.size.plot + LABEL_GAP_PX else line - 4 - width
    return left, left + width
