"""Where things go in a drawing: sizes, wrapped and dodged labels, round axis values.

The report's charts set their whole geometry here instead of leaving it to measured text, so that the same data
give the same bytes on machines with different fonts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import altair as alt
from markupsafe import Markup

from analysis.charts.drawing import NARROW_PX, TEXT_PX, WIDE_PX, figure
from analysis.errors import UsageError
from analysis.markup.prose import month
from analysis.periods import census_date, census_of, month_label, month_number, short_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from analysis.charts.figure import Figure
    from analysis.registers.breaks import Break
    from analysis.registers.targets import Target

LINE_PX = 16  # from one line of text to the next
TICK_PX = 38  # a year in 13 pixels, and air
LABEL_GAP_PX = 22  # from the end of a line to its label: room for the leader between them

# Advance widths of Arial (Helvetica and Liberation Sans have the same), in thousandths of its size.
_ADVANCE = {
    **dict.fromkeys("ijl'", 222),
    **dict.fromkeys(" !,./:;ftI|[]", 278),
    **dict.fromkeys("()-r", 333),
    **dict.fromkeys("ckszvxyJ", 500),
    **dict.fromkeys("abdeghnopquL0123456789_+", 556),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM", 833),
    "%": 889,
    "W": 944,
    "…": 1000,
    "—": 1000,
}
_ADVANCE_OTHER = 800  # other letters and scripts: rather too wide than cut off
_MARGIN = 1.03  # the reader's own font may be a little wider
_EPOCH = dt.date(1970, 1, 1)
_TICK_MONTHS = (1, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Size:
    """The geometry of one drawing, in pixels: the plot, and the margins round it."""

    total: int
    left: int
    right: int
    height: int
    top: int = 24
    bottom: int = 46

    @property
    def plot(self) -> int:
        """Width of the plot itself."""
        return self.total - self.left - self.right

    @property
    def label_px(self) -> int:
        """Room for a label at the right of the plot."""
        return self.right - LABEL_GAP_PX - 2

    def layered(self, layers: Sequence[alt.Chart]) -> alt.LayerChart:
        """Lay the charts over each other in this geometry."""
        padding = {"left": self.left, "right": self.right, "top": self.top, "bottom": self.bottom}
        whole: Any = alt.layer(*layers)
        placed: alt.LayerChart = whole.properties(width=self.plot, height=self.height, padding=padding, autosize="none")
        return placed

    def with_top_rows(self, rows: int) -> Size:
        """The same with room for more rows of text above the plot."""
        return replace(self, top=self.top + rows * LINE_PX)


WIDE = Size(total=WIDE_PX, left=50, right=160, height=280)
NARROW = Size(total=NARROW_PX, left=46, right=100, height=260)


@dataclass(frozen=True)
class Goal:
    """A level that was promised: drawn as a line across, with the month it was due marked.

    ``label`` is how the goal is called, such as "2019 target"; ``value`` is in the unit of the chart; ``due`` is a
    month ``YYYY-MM``, or ``None`` when no date was set.
    """

    label: str
    value: float
    due: str | None = None

    @classmethod
    def of(cls, target: Target) -> Goal:
        """Make the goal of a target of the register: its name before the colon, its value, the month it was due.

        Raises :class:`UsageError` for a rise, which promises no number.
        """
        if target.value is None:
            raise UsageError(
                f"{target.name} is a rise: it has no number to draw.",
                "A line across the chart stands for a number that was promised.",
                "Draw it with charts.rise, which draws the number at the baseline.",
            )
        due = census_of(target.deadline.year, target.deadline.month)
        return cls(target.name.partition(":")[0], float(target.value), due)


@dataclass(frozen=True)
class Moment:
    """A census that something happens at (a break in the series, a deadline): drawn as a labelled upright line."""

    census: str
    label: str


def text_px(text: str, size: int = TEXT_PX) -> float:
    """About how wide a text is in Arial."""
    return _MARGIN * size * sum(_ADVANCE.get(letter, _ADVANCE_OTHER) for letter in text) / 1000


def wrap(text: str, room_px: float) -> list[str]:
    """The text in lines no wider than ``room_px``, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_px(f"{lines[-1]} {word}") <= room_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def dodge(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Move boxes of the given heights apart, as little as need be, within ``low``–``high`` where they fit.

    Boxes that would overlap form a block, which stands where its members' moves cancel out.
    """
    order = sorted(range(len(centres)), key=lambda place: centres[place])
    blocks: list[tuple[float, float, list[int]]] = []  # top, height, members
    for place in order:
        top, height, members = centres[place] - heights[place] / 2, heights[place], [place]
        while blocks and blocks[-1][0] + blocks[-1][1] > top:
            above = blocks.pop()
            count = len(above[2])
            top = (above[0] * count + (top - above[1]) * len(members)) / (count + len(members))
            height, members = above[1] + height, [*above[2], *members]
        blocks.append((top, height, members))
    placed, edge = [0.0] * len(centres), high
    for top, height, members in reversed(blocks):
        start = min(top, edge - height)
        edge = start
        for place in members:
            placed[place] = start + heights[place] / 2
            start += heights[place]
    edge = low
    for place in order:
        placed[place] = max(placed[place], edge + heights[place] / 2)
        edge = placed[place] + heights[place] / 2
    return placed


def tick_censuses(censuses: Sequence[str], months_apart: float) -> list[str]:
    """The censuses to name on an axis: a round number of months apart, at least ``months_apart``.

    Of the months of the year that would do, those are taken that have most censuses, the last one's own before others.
    """
    step = next((step for step in _TICK_MONTHS if step >= months_apart), _TICK_MONTHS[-1])
    phases = Counter(month_number(census) % step for census in reversed(censuses))
    phase = phases.most_common(1)[0][0]  # of equals the first counted, that of the latest census
    return [census for census in censuses if month_number(census) % step == phase]


def utc_ms(census: str) -> int:
    """The day of a census as Vega counts time: milliseconds since 1970, UTC."""
    return (census_date(census) - _EPOCH).days * 86_400_000


def plot(values: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """A chart of rows given as they are: nothing is inferred, nothing left out."""
    return alt.Chart(alt.Data(values=list(values)))  # type: ignore[no-untyped-call]


def drawn(chart: Callable[..., alt.LayerChart], **words: Any) -> Figure:
    """The figure of a chart function that takes a ``size``: drawn in both; ``words`` as for ``figure``."""
    return figure(chart(size=WIDE), narrow=chart(size=NARROW), **words)


def between(first: str, last: str) -> Markup:
    """``March 2020 to September 2022``, or the one month that there is."""
    return month(first) if first == last else Markup("{} to {}").format(month(first), month(last))


def breaks_within(breaks: Iterable[Break], rows: pd.DataFrame) -> tuple[Break, ...]:
    """The breaks that fall between the first and the last census of ``rows``, in order of time."""
    if rows.empty:
        return ()
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    return tuple(sorted((entry for entry in breaks if first < entry.census <= last), key=lambda entry: entry.census))


def break_moments(breaks: Iterable[Break]) -> list[Moment]:
    """How breaks of the register are marked."""
    return [Moment(entry.census, f"[b] {short_label(entry.census)}") for entry in breaks]


def break_notes(breaks: Iterable[Break]) -> tuple[str, ...]:
    """What stands under the table about them."""
    return tuple(f"[b] {month_label(entry.census)}: {entry.reader}" for entry in breaks)
