"""The axis of months under a chart: the first and the last census named, and even steps of time between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from analysis.charts.sizes import NARROW
from analysis.periods import months_between, shift

if TYPE_CHECKING:
    from collections.abc import Sequence

# A quarter shows where a year begins; the longer steps keep the month of the last census.
STEPS = (3, 6, 12, 24, 36, 60, 120)
# A label is a year of four digits, 29 pixels wide, with 7 more as its distance from the next. From the first census to
# the last a plot has at least so many pixels in each drawing, also where long labels stand at the ends of its lines.
LABEL_PX = 36
LEAST_NARROW_PX, LEAST_WIDE_PX = 124, 385
_MONTH_OVER_YEAR = "[utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')]"


def time_axis(x: str, censuses: Sequence[str], until: str | None = None) -> alt.X:
    """An axis of time for the column ``x`` of censuses ``YYYY-MM``, from the first to the last of ``censuses``.

    ``until`` is the last month that is drawn, where that is later: of a goal, for example. The months named are those
    of :func:`months_on_axis`, fewer of them in the drawing for small screens.
    """
    first, last = min(censuses), max(censuses)
    length = months_between(first, until or last)
    narrow, wide = (
        _as_expression(months_on_axis(first, last, length * LABEL_PX / plot_px))
        for plot_px in (LEAST_NARROW_PX, LEAST_WIDE_PX)
    )
    return alt.X(
        f"{x}:T",
        title=None,
        scale=alt.Scale(type="utc", nice=False, padding=8),
        axis=alt.Axis(
            values=alt.ExprRef(f"{NARROW} ? {narrow} : {wide}"),
            labelExpr=_MONTH_OVER_YEAR,
            labelOverlap=False,
            labelFlush=False,
            domain=False,
        ),
    )


def months_on_axis(first: str, last: str, room: float) -> list[str]:
    """The months to name on an axis from the census ``first`` to the census ``last``.

    ``room`` is how many months a label takes up. Both ends are named. Between them the steps are even, counted back
    from ``last``; a month too near to ``first`` is left out. Which censuses were taken, or are in the data, is not
    asked: an axis of time has the same distances whatever it shows.
    """
    length = months_between(first, last)
    step = next((step for step in STEPS if step >= room), max(1, length))
    months = [n for n in range(0, length, step) if length - n >= room]
    return list(dict.fromkeys([first, *(shift(last, -n) for n in reversed(months)), last]))


def _as_expression(months: Sequence[str]) -> str:
    """A list of moments in the language of Vega, in the time zone of the axis."""
    return "[" + ", ".join(f"utc({month[:4]}, {int(month[5:]) - 1})" for month in months) + "]"
