"""The report's charts under test, each as the figure that the page shows."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from analysis.charts import (
    bounds as _bounds,
)
from analysis.charts import (
    contracted as _contracted,
)
from analysis.charts import (
    decomposition as _decomposition,
)
from analysis.charts import (
    deprivation as _deprivation,
)
from analysis.charts import (
    distribution as _distribution,
)
from analysis.charts import (
    funnel as _funnel,
)
from analysis.charts import (
    increase as _increase,
)
from analysis.charts import (
    places as _places,
)
from analysis.charts import (
    reporting as _reporting,
)
from analysis.charts import (
    trend as _trend,
)
from analysis.charts.decomposition import decomposition_rows
from analysis.charts.figure import Figure
from analysis.charts.lines import Goal, line

if TYPE_CHECKING:
    import altair as alt


def _as_figure(chart: Callable[..., alt.LayerChart]) -> Callable[..., Figure]:
    @functools.wraps(chart)
    def make(*given: Any, **named: Any) -> Figure:
        return Figure.of(chart(*given, **named))

    return make


area_trend = _as_figure(_trend.area_trend)
bounds = _as_figure(_bounds.bounds)
coverage = _as_figure(_reporting.coverage)
decomposition = _as_figure(_decomposition.decomposition)
deprivation = _as_figure(_deprivation.deprivation)
distribution = _as_figure(_distribution.distribution)
direct_share = _as_figure(_contracted.direct_share)
entrants = _as_figure(_reporting.entrants)
funnel = _as_figure(_funnel.funnel)
icb_rates = _as_figure(_places.icb_rates)
increase = _as_figure(_increase.increase)
trend = _as_figure(_trend.trend)

__all__ = [
    "Goal",
    "area_trend",
    "bounds",
    "coverage",
    "decomposition",
    "decomposition_rows",
    "deprivation",
    "direct_share",
    "distribution",
    "entrants",
    "funnel",
    "icb_rates",
    "increase",
    "line",
    "trend",
]
