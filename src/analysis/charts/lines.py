"""One builder for every chart by census: lines that break where a value is missing, and are labelled at their ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from analysis.charts.axes import LevelAxis, TimeAxis
from analysis.charts.drawing import DASHES, INK, PALETTE
from analysis.charts.labels import EndLabel, end_labels, moment_layers, moment_rows, pixel_text, unit_label
from analysis.charts.layout import WIDE, Goal, Moment, Size, plot, utc_ms
from analysis.charts.wording import amount
from analysis.errors import UsageError
from analysis.periods import month_label, months_between, short_label

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SERIES = 4  # Analysis Function guidance on charts: more lines than this cannot be told apart
MOST_MARKED = 40  # censuses; beyond, only quarters are marked, or points would hide the line and swell the page
GOAL_AHEAD_MONTHS = 12  # a goal due later than this would squeeze the data: its label says when, the axis does not
BAND_COLOUR = "#E1E6EE"  # the first colour of the palette, much lightened: ink stays readable on it
GOAL_DASH = (8, 4)
# Vega-Lite: a missing value ends the line, and its date stays on the axis.
_BREAK: Literal["break-paths-show-domains"] = "break-paths-show-domains"
_QUARTER_ENDS = ("03", "06", "09", "12")


@dataclass(frozen=True)
class Series:
    """One line: the column it draws, what it is called at its end, and how it looks.

    Parameters
    ----------
    column
        Of the rows drawn.
    label
        At its end, before its last value.
    colour, dash
        Places in the palette and among the dashes; by default those of the series' own place.
    words
        A column of text that is added to the value of each mark, such as "1,105 of 1,263 PCNs".
    beside
        A column of short text that is written beside the points that the axis names.
    """

    column: str
    label: str
    colour: int | None = None
    dash: int | None = None
    words: str | None = None
    beside: str | None = None


def line_chart(
    rows: pd.DataFrame,
    series: Sequence[Series],
    *,
    unit: str,
    decimals: int = 0,
    signed: bool = False,
    goal: Goal | None = None,
    moments: Sequence[Moment] = (),
    band: tuple[str, str] | None = None,
    reach: float = 0.0,
    size: Size = WIDE,
) -> alt.LayerChart:
    """Draw up to four series by census, y from zero.

    Parameters
    ----------
    rows
        As :func:`~analysis.charts.data.by_census` makes them: a column ``census`` and one for each series.
        A missing value breaks its line.
    series
        The lines, in the order of the palette.
    unit, decimals, signed
        How values are written.
    goal
        A promised level: a line across, with its month marked on it.
    moments
        Breaks and dates: upright lines, labelled above the plot.
    band
        Two columns; the area between them is shaded.
    reach
        A level that the y axis is to show whatever the data, such as 100 for a share.
    size
        :data:`~analysis.charts.layout.WIDE` or ``NARROW``.

    Raises
    ------
    UsageError
        More than four series.
    """
    if len(series) > MOST_SERIES:
        raise UsageError(
            f"The chart has {len(series)} series.",
            "More than four lines cannot be told apart, least of all without colour.",
            "Draw the four that carry the finding; the table can hold the rest.",
        )
    censuses = list(rows["census"])
    x = TimeAxis(censuses, _until(censuses, goal), size)
    moments = sorted((moment for moment in moments if x.covers(moment.census)), key=lambda moment: moment.census)
    over = moment_rows(moments, x)
    size = size.with_top_rows(max(over) + 1 if over else 0)
    known = [value for one in series for value in rows[one.column].astype(float).dropna()]
    levels = [*known, reach, *([goal.value] if goal else [])]
    plane = _Plane(replace(x, size=size), LevelAxis.enclosing(levels, size), _Writer(unit, decimals, signed))

    layers = [plane.axes(), *([plane.band(rows, *band)] if band else []), *moment_layers(moments, over, plane.x)]
    ends = []
    if goal:
        layers += plane.goal(goal)
        due = f" by {short_label(goal.due)}" if goal.due else ""
        ends.append(EndLabel(f"{goal.label}: {plane.write.short(goal.value)}{due}", goal.value, dash=GOAL_DASH))
    for place, one in enumerate(series):
        look = _Look.of(one, place)
        layers += plane.line(rows, one, look)
        layers += plane.beside(rows, one)
        ends += _end(rows, one, look, plane.write, at_edge=x.until <= censuses[-1])
    if not known:
        layers.append(pixel_text(["No value at any census"], size.plot / 2, size.height / 2, align="center"))
    layers += end_labels(ends, plane.y, size)
    layers.append(unit_label(unit, size))
    return size.layered(layers)


@dataclass(frozen=True)
class _Writer:
    unit: str
    decimals: int
    signed: bool

    def __call__(self, value: float) -> str:
        return amount(value, self.unit, self.decimals, signed=self.signed)

    def short(self, value: float) -> str:
        """Without the unit, which stands over the axis; a percent sign stays."""
        return amount(value, "%" if self.unit == "%" else "", self.decimals, signed=self.signed)


@dataclass(frozen=True)
class _Look:
    colour: str
    dash: list[int]

    @classmethod
    def of(cls, one: Series, place: int) -> _Look:
        colour, dash = (place if given is None else given for given in (one.colour, one.dash))
        return cls(PALETTE[colour], DASHES[dash])


def _until(censuses: Sequence[str], goal: Goal | None) -> str:
    last = censuses[-1]
    soon = goal is not None and goal.due is not None and 0 < months_between(last, goal.due) <= GOAL_AHEAD_MONTHS
    return goal.due if soon and goal is not None and goal.due is not None else last


@dataclass(frozen=True)
class _Plane:
    """Where values stand and how they are written: what every layer of one chart shares."""

    x: TimeAxis
    y: LevelAxis
    write: _Writer

    def axes(self) -> alt.Chart:
        """An unseen mark on both axes, so that they are drawn even when there is no value at all."""
        nothing = plot([{"when": utc_ms(self.x.censuses[-1]), "value": 0}])
        return self._on(nothing.mark_point(opacity=0, aria=False))

    def band(self, rows: pd.DataFrame, low: str, high: str) -> alt.Chart:
        """The area between two columns, where both have a value."""
        known = rows[low].notna() & rows[high].notna()
        values = [
            {"when": utc_ms(census), "value": _plain(lower), "upper": _plain(upper)}
            for census, lower, upper in zip(
                rows["census"], rows[low].where(known), rows[high].where(known), strict=True
            )
        ]
        area = plot(values).mark_area(color=BAND_COLOUR, opacity=1, invalid=_BREAK, aria=False)
        return self._on(area, alt.Y2("upper:Q"))

    def goal(self, goal: Goal) -> list[alt.Chart]:
        """A line across, and a diamond at the month it is due, if that is drawn."""
        rule = plot([{"value": goal.value}]).mark_rule(
            color=INK, strokeDash=list(GOAL_DASH), strokeWidth=1.5, aria=False
        )
        across: alt.Chart = rule.encode(y=self.y.channel())
        if goal.due is None or not (self.x.covers(goal.due) or goal.due == self.x.censuses[0]):
            return [across]
        words = f"{goal.label}: {self.write(goal.value)} by {month_label(goal.due)}"
        diamond = plot([{"when": utc_ms(goal.due), "value": goal.value, "words": words}]).mark_point(
            shape="diamond", size=110, filled=False, fill="white", stroke=INK, strokeWidth=2
        )
        return [across, self._on(diamond, alt.Description("words:N"))]

    def line(self, rows: pd.DataFrame, one: Series, look: _Look) -> list[alt.Chart]:
        """A series: its line, broken where a value is missing, and its marks."""
        values = [_datum(row, one, self.write) for row in rows.to_dict("records")]
        line = plot(values).mark_line(color=look.colour, strokeDash=look.dash, invalid=_BREAK, aria=False)
        marked = [values[place] for place in _marked(rows["census"].tolist(), values)]
        points = plot(marked).mark_point(color=look.colour, filled=True, size=36)
        return [self._on(line), *([self._on(points, alt.Description("words:N"))] if marked else [])]

    def beside(self, rows: pd.DataFrame, one: Series) -> list[alt.Chart]:
        """Words on the side of a point that its line does not take: below where it rises next, above where it falls."""
        if one.beside is None:
            return []
        layers = []
        values, following = rows[one.column], rows[one.column].shift(-1)
        for census, value, after, text in zip(rows["census"], values, following, rows[one.beside], strict=True):
            if census not in self.x.named or pd.isna(value) or pd.isna(after):
                continue  # the last point has its label in the margin
            below = 14 if after >= value else -14
            layers.append(pixel_text([str(text)], self.x.px(census) + 4, self.y.px(value) + below))
        return layers

    def _on(self, marks: Any, *more: Any) -> alt.Chart:
        encoded: alt.Chart = marks.encode(self.x.channel, self.y.channel(), *more)
        return encoded


def _datum(row: dict[Any, Any], one: Series, write: _Writer) -> dict[str, Any]:
    value = _plain(row[one.column])
    more = f" ({row[one.words]})" if one.words and isinstance(row[one.words], str) and row[one.words] else ""
    words = "" if value is None else f"{month_label(row['census'])}: {write(value)}{more}, {one.label}"
    return {"when": utc_ms(row["census"]), "value": value, "words": words}


def _marked(censuses: Sequence[str], values: Sequence[dict[str, Any]]) -> list[int]:
    """Which values get a mark: all; of many censuses the quarters, the last, and those without a neighbour to join."""
    there = [place for place, datum in enumerate(values) if datum["value"] is not None]
    if len(censuses) <= MOST_MARKED:
        return there
    return [
        place
        for place in there
        if censuses[place][-2:] in _QUARTER_ENDS or place == there[-1] or not {place - 1, place + 1} & set(there)
    ]


def _end(rows: pd.DataFrame, one: Series, look: _Look, write: _Writer, *, at_edge: bool) -> list[EndLabel]:
    known = rows[one.column].dropna()
    if known.empty:
        return []
    at_end = known.index[-1] == rows.index[-1]
    when = "" if at_end else f" in {short_label(str(known.index[-1]))}"
    more = rows[one.words].loc[known.index[-1]] if one.words else ""
    text = f"{one.label}: {write.short(float(known.iloc[-1]))}{when}" + (f" ({more})" if more else "")
    return [EndLabel(text, float(known.iloc[-1]), look.colour, look.dash, joined=at_end and at_edge)]


def _plain(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
