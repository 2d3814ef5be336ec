"""The house style of charts: colours, dashes, type and axes, as an Altair theme.

Palette and the most lines of one chart: Government Analysis Function, guidance on colours and charts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import altair.utils

from analysis.charts.sizes import HEIGHT_PX, ROW_PX, TEXT_PX

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25")
DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3))  # so that colour is never alone
INK = "#3D3D3D"
GRID = "#E3E3E3"
QUIET = "#767676"
BAND = "#E1E6EE"  # the first colour of the palette, much lightened: text stays readable on it

FONT = "Arial, Helvetica, sans-serif"
THEME = "link-worker-report"


@alt.theme.register(THEME, enable=False)
def house_style() -> alt.theme.ThemeConfig:
    """Plain axes on a light grid, text of 13 pixels, names in full, the palette in its order."""
    return {"config": config()}


def config() -> Any:
    """The Vega-Lite configuration of the house style."""
    text = {"labelFontSize": TEXT_PX, "titleFontSize": TEXT_PX, "titleFontWeight": "normal"}
    colours = {"labelColor": INK, "titleColor": INK}
    return {
        "font": FONT,
        "background": "white",
        "view": {"stroke": None, "continuousHeight": HEIGHT_PX, "discreteHeight": {"step": ROW_PX}},
        "range": {"category": list(PALETTE)},
        "axis": {**text, **colours, "labelPadding": 6, "labelLimit": 0, "gridColor": GRID, "domain": False}
        | {"ticks": False, "titleLimit": 0},
        "axisX": {
            "grid": False,
            "labelFlush": False,
            "domain": True,
            "ticks": True,
            "domainColor": INK,
            "tickColor": INK,
        },
        # The title of the y axis stands over it, to be read without turning the head.
        "axisY": {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": -40, "titleY": -10},
        "legend": {
            **text,
            **colours,
            "orient": "bottom",
            "columns": 1,
            "title": None,
            "labelLimit": 0,
            "symbolStrokeWidth": 2.5,
        },
        "header": {**text, **colours, "title": None},
        "text": {"font": FONT, "fontSize": TEXT_PX, "color": INK},
        "line": {"strokeWidth": 2.5},
        "point": {"filled": True, "size": 36, "opacity": 1},
        "rule": {"color": INK},
        "bar": {"color": PALETTE[0]},
    }


def in_house_style(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A specification with the house style under it: what the chart sets itself stands over that."""
    return {**spec, "config": altair.utils.update_nested(config(), spec.get("config", {}), copy=True)}
