"""Words beside marks: at the ends of lines instead of a legend, and over upright lines.

Vega draws text where it is told and lets it overlap. The places are told as Vega expressions of the chart's own scale,
worked out when it is drawn: labels follow when an analyst changes a scale or a size.
"""

from __future__ import annotations

import itertools
import json
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import altair as alt

from analysis.charts.layers import PLAIN, at, rows
from analysis.charts.sizes import LINE_PX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LETTERS = (14, 24)  # in a line of a label, narrow and wide: about 90 and 160 pixels
_LEADER_PX = 16  # from the edge of the plot to a label
_GAP_PX = 4  # between two labels
OVER_PX = 34  # labels over the plot: a label of three lines at the end of a line may reach 24 pixels above it
_UPRIGHT_DASH = [2, 3]


@dataclass(frozen=True)
class EndLabel:
    """A label at the right of the plot, at the height of ``value``.

    ``datum`` is the row that its leader is drawn from, so that it takes the colour of its series. ``look`` is the
    encoding of the leader in its place. A label that is not ``joined`` has a short stroke beside it instead.
    """

    text: str
    value: float
    datum: Mapping[str, Any] = field(default_factory=dict)
    look: Mapping[str, Any] = field(default_factory=dict)
    joined: bool = True


def end_labels(labels: Sequence[EndLabel], y: str = "y") -> list[alt.Chart]:
    """Layers with each label and its leader; labels that would meet stand apart. ``y`` is the name of the scale."""
    ordered = sorted(labels, key=lambda label: -label.value)
    lines = [[textwrap.wrap(label.text, letters) or [""] for letters in _LETTERS] for label in ordered]
    layers = []
    for label, own, place in zip(ordered, lines, _places(ordered, lines, y), strict=True):
        narrow, wide = own
        own_row = rows({**label.datum})
        start = f"scale('{y}', {label.value})" if label.joined else place
        edges = ("width", f"width + {_LEADER_PX}") if label.joined else ("width + 4", f"width + {_LEADER_PX}")
        leader = own_row.mark_rule(strokeWidth=1.5, aria=False)
        text = own_row.mark_text(align="left", baseline="middle", lineHeight=LINE_PX, aria=False)
        layers += [
            leader.encode(**at(x=edges[0], x2=edges[1], y=start, y2=place), **label.look),
            text.encode(
                **at(
                    x=f"width + {_LEADER_PX + 4}",
                    # Vega takes the first line of a text for its middle.
                    y=f"{place} - {_either(*((len(own) - 1) * LINE_PX // 2 for own in (narrow, wide)))}",
                    text=_either(json.dumps(narrow), json.dumps(wide)),
                ),
                **PLAIN,
            ),
        ]
    return layers


def _places(labels: Sequence[EndLabel], lines: Sequence[Sequence[list[str]]], y: str) -> list[str]:
    """For each label, from the highest value down, an expression of where its middle stands.

    Pushed down from the top, a label stands no higher than each above it allows; pushed up from the bottom, no lower
    than each below it allows. The mean of the two keeps the same distances, and moves each as little either way.
    """
    heights = [[len(own) * LINE_PX + _GAP_PX for own in label] for label in lines]
    steps = [[(a + b) / 2 for a, b in zip(*pair, strict=True)] for pair in itertools.pairwise(heights)]
    sums = [[0.0, 0.0]]
    for step in steps:
        sums.append([total + more for total, more in zip(sums[-1], step, strict=True)])
    own = [f"scale('{y}', {label.value})" for label in labels]

    def moved(place: int, other: int) -> str:
        return f"{own[other]} + {_either(*(a - b for a, b in zip(sums[place], sums[other], strict=True)))}"

    down = [f"max({', '.join(moved(i, j) for j in range(i + 1))})" for i in range(len(own))]
    up = [f"min({', '.join(moved(i, j) for j in range(i, len(own)))})" for i in range(len(own))]
    return [f"({one} + {other}) / 2" for one, other in zip(down, up, strict=True)]


def uprights(labels: Sequence[tuple[str, str]]) -> list[alt.Chart]:
    """Upright lines through the plot, each a month ``YYYY-MM`` with its label over the plot.

    Each label has a row of its own, the earliest the highest: none lies on another, and no line crosses one.
    """
    flags = [
        {"when": when, "label": label, "top": -OVER_PX - LINE_PX * (len(labels) - 1 - place)}
        for place, (when, label) in enumerate(sorted(labels))
    ]
    if not flags:
        return []
    data, x, top = rows(*flags), alt.X("when:T"), at(y="datum.top")
    rule = data.mark_rule(aria=False)
    text = data.mark_text(align="left", baseline="middle", dx=4, aria=False)
    dashed = PLAIN | {"strokeDash": alt.StrokeDashValue(_UPRIGHT_DASH)}
    return [
        rule.encode(x=x, **at(y="datum.top - 8", y2="height"), **dashed),
        text.encode(x=x, **top, text="label:N", **PLAIN),
    ]


def _either(narrow: object, wide: object) -> str:
    return str(wide) if narrow == wide else f"(narrow ? {narrow} : {wide})"
