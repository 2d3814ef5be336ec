"""The report's charts: each a function of measures and facts that gives a figure, and one that gives the altair chart.

To make one of your own from any altair chart: :func:`figure`.
"""

from __future__ import annotations

from analysis.charts.bars import Bar, bar_chart
from analysis.charts.changes import decomposition, decomposition_chart, decomposition_rows
from analysis.charts.contracted import direct_chart, direct_share
from analysis.charts.drawing import figure
from analysis.charts.funnels import funnel, funnel_chart, funnel_rows
from analysis.charts.growth import increase, increase_chart, increase_rows
from analysis.charts.layout import NARROW, WIDE, Goal, Moment, Size
from analysis.charts.levels import (
    area_chart,
    area_trend,
    rise,
    trend,
    trend_chart,
    trend_rows,
)
from analysis.charts.lines import Series, line_chart
from analysis.charts.networks import deciles, deprivation
from analysis.charts.places import (
    icb_rates,
    icb_rates_chart,
    place_rows,
)
from analysis.charts.report_charts import Charts
from analysis.charts.reporting import (
    coverage,
    coverage_chart,
    entrants,
    entrants_chart,
)
from analysis.charts.uncertain import bounds, bounds_chart, bounds_rows

__all__ = [
    "NARROW",
    "WIDE",
    "Bar",
    "Charts",
    "Goal",
    "Moment",
    "Series",
    "Size",
    "area_chart",
    "area_trend",
    "bar_chart",
    "bounds",
    "bounds_chart",
    "bounds_rows",
    "coverage",
    "coverage_chart",
    "deciles",
    "decomposition",
    "decomposition_chart",
    "decomposition_rows",
    "deprivation",
    "direct_chart",
    "direct_share",
    "entrants",
    "entrants_chart",
    "figure",
    "funnel",
    "funnel_chart",
    "funnel_rows",
    "icb_rates",
    "icb_rates_chart",
    "increase",
    "increase_chart",
    "increase_rows",
    "line_chart",
    "place_rows",
    "rise",
    "trend",
    "trend_chart",
    "trend_rows",
]
