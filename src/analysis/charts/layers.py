"""What the building blocks share: layers over common data, places in pixels, numbers in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from analysis.charts.sizes import NARROW
from analysis.charts.text_alternative import amount
from analysis.charts.theme import INK
from analysis.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

# Not the colour and the dash of a series, which a layer would take from the chart.
PLAIN: dict[str, Any] = {"color": alt.ColorValue(INK), "strokeDash": alt.StrokeDashValue([1, 0])}
_PLACES: dict[str, Any] = {
    "x": alt.XValue,
    "x2": alt.X2Value,
    "y": alt.YValue,
    "y2": alt.Y2Value,
    "text": alt.TextValue,
}


def layered(layers: Sequence[alt.Chart], data: pd.DataFrame, **channels: Any) -> alt.LayerChart:
    """Lay the layers over each other; data and channels are shared by all that have none of their own."""
    chart: Any = alt.layer(*layers, data=data)
    shared: alt.LayerChart = chart.encode(**channels).properties(
        params=[alt.VariableParameter(name=NARROW, value=False)]
    )
    return shared


def rows(*values: dict[str, Any]) -> alt.Chart:
    """A layer with rows of its own, in the place of those of the chart."""
    return alt.Chart(alt.InlineData(values=list(values)))


def at(**expressions: str) -> dict[str, Any]:
    """Channels at the values of Vega expressions: ``at(x="0", x2="width + 10")``, in pixels of the plot."""
    # alt.value would do; but altair looks through its whole schema for the channel that such a value belongs to.
    return {channel: _PLACES[channel](alt.ExprRef(expression)) for channel, expression in expressions.items()}


def need(frame: pd.DataFrame, *columns: str | None) -> None:
    """Raise :class:`UsageError` when the frame lacks one of the columns, or has no rows."""
    absent = [column for column in columns if column is not None and column not in frame]
    if absent or frame.empty:
        what = f"has no column {', '.join(map(repr, absent))}" if absent else "has no rows"
        raise UsageError(
            f"The frame of the chart {what}.",
            f"It is drawn from them. The columns are: {', '.join(map(str, frame.columns))}.",
            "Pass a frame with one row for each thing that is drawn, and the names of its columns.",
        )


@dataclass(frozen=True)
class Writer:
    """How the values of a chart are written.

    ``unit`` follows the number; ``decimals`` are its places; ``signed`` puts a plus before gains.
    """

    unit: str
    decimals: int
    signed: bool = False

    def __call__(self, value: float) -> str:
        """With the unit."""
        return amount(value, self.unit, self.decimals, signed=self.signed)

    def short(self, value: float) -> str:
        """Without the unit, which stands over the axis; a percent sign stays."""
        return amount(value, "%" if self.unit == "%" else "", self.decimals, signed=self.signed)
