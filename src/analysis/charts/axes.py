"""The axes of charts by census. They know their pixels: labels can be kept apart before anything is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from analysis.charts.layout import TICK_PX, Size, tick_censuses, utc_ms
from analysis.periods import month_number, months_between, shift

if TYPE_CHECKING:
    from collections.abc import Sequence

INSET_PX = 8  # from the edges of the plot to the first and last census: a mark is not cut in half
_TICK_MONTH_OVER_YEAR = "[utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')]"


@dataclass(frozen=True)
class TimeAxis:
    """Censuses at their true distances, from the first to the last or to a date that is to be shown after it."""

    censuses: Sequence[str]
    until: str
    size: Size

    @property
    def _domain(self) -> tuple[int, int]:
        first, last = self.censuses[0], max(self.until, self.censuses[-1])
        # A single census stands at the right, beside its label.
        return utc_ms(first if first < last else shift(first, -1)), utc_ms(last)

    def px(self, census: str) -> float:
        """Where a census stands, from the left of the plot."""
        start, end = self._domain
        return INSET_PX + (utc_ms(census) - start) / (end - start) * (self.size.plot - 2 * INSET_PX)

    def covers(self, census: str) -> bool:
        """Whether a census lies after the first one drawn and not after the end of the axis."""
        return month_number(self.censuses[0]) < month_number(census) <= month_number(max(self.until, self.censuses[-1]))

    @property
    def named(self) -> list[str]:
        """The censuses with a label on the axis."""
        months = max(1, months_between(self.censuses[0], max(self.until, self.censuses[-1])))
        return tick_censuses(self.censuses, TICK_PX * months / (self.size.plot - 2 * INSET_PX))

    @property
    def channel(self) -> alt.X:
        """The x channel: a field ``when`` in milliseconds."""
        return alt.X(
            "when:T",
            scale=alt.Scale(
                type="utc", nice=False, domain=list(self._domain), range=[INSET_PX, self.size.plot - INSET_PX]
            ),
            axis=alt.Axis(
                values=[utc_ms(census) for census in self.named],
                labelExpr=_TICK_MONTH_OVER_YEAR,
                labelOverlap=False,
                labelFlush=False,
                title=None,
                domain=False,
            ),
        )


@dataclass(frozen=True)
class LevelAxis:
    """Round values that enclose all levels drawn, and zero."""

    ticks: Sequence[float]
    size: Size

    @classmethod
    def enclosing(cls, levels: Sequence[float], size: Size) -> LevelAxis:
        """The axis for these levels: it always holds zero, so that heights compare as amounts do."""
        low, high = min([0.0, *levels]), max([0.0, *levels])
        return cls(round_ticks(low, high if high > low else 1.0), size)

    def px(self, value: float) -> float:
        """Where a level stands, from the top of the plot."""
        low, high = self.ticks[0], self.ticks[-1]
        return (high - value) / (high - low) * self.size.height

    def channel(self, field: str = "value") -> alt.Y:
        """The y channel for a field."""
        return alt.Y(
            f"{field}:Q",
            scale=alt.Scale(domain=[self.ticks[0], self.ticks[-1]], nice=False),
            axis=number_axis(self.ticks),
        )


def round_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values that enclose ``low``–``high``: steps of 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in (1, 2, 2.5, 5, 10, 20):
        step = factor * power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= most:
            break
    return [round(step * i, 10) for i in range(first, last + 1)]


def number_axis(ticks: Sequence[float], **more: Any) -> alt.Axis:
    """An axis of numbers with commas, with only as many decimals as its steps need."""
    step = ticks[1] - ticks[0]
    decimals = next((d for d in range(6) if math.isclose(step * 10**d, round(step * 10**d))), 6)
    return alt.Axis(
        values=list(ticks), format=f",.{decimals}f", title=None, labelOverlap=False, labelFlush=False, **more
    )
