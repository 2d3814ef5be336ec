"""Charts of series by census: a tidy frame in, an Altair chart out, each line labelled at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from analysis.charts.labels import OVER_PX, EndLabel, end_labels, uprights
from analysis.charts.layers import PLAIN, Writer, at, layered, need, rows
from analysis.charts.sizes import LINE_PX
from analysis.charts.theme import BAND, DASHES
from analysis.charts.time_axis import time_axis
from analysis.errors import UsageError
from analysis.periods import census_of, month_label, months_between, short_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.registers.targets import Target

MOST_SERIES = 4  # Analysis Function guidance on charts: more lines than this cannot be told apart
MOST_MARKED = 40  # censuses; beyond, only quarters are marked, or points would hide the line and swell the page
# A goal due later than this would squeeze the data into a corner: its label says when, and the axis ends before.
GOAL_AHEAD_MONTHS = 12
GOAL_AHEAD_SPANS = 2  # of the data: they keep a third of the axis, which the names of their first and last month need
_GOAL: dict[str, Any] = {**PLAIN, "strokeDash": alt.StrokeDashValue([8, 4])}
# Vega-Lite: a missing value ends the line, and its date stays on the axis.
_BREAK: Literal["break-paths-show-domains"] = "break-paths-show-domains"
_QUARTER_ENDS = ("03", "06", "09", "12")


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
                "A line across the chart shows a number that was promised.",
                "Draw it with report.charts.target(id), which draws the number at the baseline.",
            )
        due = census_of(target.deadline.year, target.deadline.month)
        return cls(target.name.partition(":")[0], float(target.value), due)


def line(
    frame: pd.DataFrame,
    y: str,
    *,
    x: str = "census",
    series: str | None = None,
    unit: str = "",
    decimals: int = 0,
    signed: bool = False,
    goal: Goal | None = None,
    moments: Sequence[tuple[str, str]] = (),
    band: tuple[str, str] | None = None,
    beside: str | None = None,
) -> alt.LayerChart:
    """Draw up to four series by census, y from zero, each labelled at its end.

    Parameters
    ----------
    frame
        A row for each census and series. A missing value breaks its line.
    y, x, series
        Columns: the value, the month ``YYYY-MM``, and the name of the series. The order of the series is that in which
        they appear.
    unit, decimals, signed
        How values are written.
    goal
        A promised level: a line across, with its month marked on it.
    moments
        Months and labels, such as breaks in the series: upright lines, labelled over the plot.
    band
        Two names of series; the area between them is shaded where both have a value.
    beside
        A column of text that is added to each value, such as "1,105 of 1,263 PCNs".

    Raises
    ------
    UsageError
        More than four series, or a column that is not there.

    Examples
    --------
    >>> import analysis as an
    >>> totals = report.measures.totals.query("area_code == 'ENG' and role in ['cc', 'splw']")  # doctest: +SKIP
    >>> an.line(totals, "fte", series="role", unit="FTE")  # doctest: +SKIP
    """
    need(frame, y, x, series, beside)
    name = series or "series"
    given = frame.assign(**{x: frame[x].astype(str), name: frame[series].astype(str) if series else ""})
    drawn = _Lines(given, x, y, name, beside, Writer(unit, decimals, signed), goal)
    names = list(dict.fromkeys(given[name]))
    if len(names) > MOST_SERIES:
        raise UsageError(
            f"The chart has {len(names)} series.",
            "Readers cannot tell more than four lines apart, least of all without colour.",
            "Draw the four that carry the finding; the table can hold the rest.",
        )
    over = [moment for moment in moments if drawn.censuses[0] < moment[0] <= drawn.until]
    points = alt.Chart().transform_filter("datum.marked").mark_point()
    layers = [
        *([drawn.band(band)] if band else []),
        *drawn.goal_line(),
        alt.Chart().mark_line(invalid=_BREAK, aria=False),
        points.encode(description="description:N", strokeDash=alt.StrokeDashValue([1, 0])),
        *drawn.goal_month(),
        *uprights(over),
        *end_labels([label for one in names for label in drawn.end(one)] + drawn.goal_label()),
    ]
    if given[y].isna().all():
        nothing = rows({}).mark_text(text="No value at any census", aria=False)
        layers.append(nothing.encode(**at(x="width / 2", y="height / 2"), **PLAIN))
    dashes = [list(dash) for dash in DASHES[: len(names)]]
    dash_scale = alt.Scale(domain=names, range=dashes)
    return layered(
        layers,
        drawn.data(),
        x=time_axis(x, drawn.censuses, drawn.until),
        # The unit stands over the labels of the moments.
        y=alt.Y(
            f"{y}:Q",
            title=unit or None,
            axis=alt.Axis(tickCount=5, titleY=-OVER_PX + 8 - LINE_PX * len(over) if over else -10),
        ),
        color=alt.Color(f"{name}:N", legend=None, scale=alt.Scale(domain=names)),
        strokeDash=alt.StrokeDash(f"{name}:N", legend=None, scale=dash_scale),
    )


@dataclass(frozen=True)
class _Lines:
    """The rows of a chart of lines, and what is drawn and written for each."""

    rows: pd.DataFrame
    x: str
    y: str
    series: str
    beside: str | None
    write: Writer
    goal: Goal | None

    @property
    def censuses(self) -> list[str]:
        return sorted(set(self.rows[self.x]))

    @property
    def until(self) -> str:
        """The end of the axis: the last census, or the month of a goal that is due soon."""
        first, last = self.censuses[0], self.censuses[-1]
        due = self.goal.due if self.goal else None
        span = months_between(first, last)
        most = min(GOAL_AHEAD_MONTHS, GOAL_AHEAD_SPANS * span) if span else GOAL_AHEAD_MONTHS
        return due if due and 0 < months_between(last, due) <= most else last

    def data(self) -> pd.DataFrame:
        """The columns that are drawn, with what each mark says, and which values have a mark."""
        data = self.rows[[self.x, self.y, self.series]].copy()
        data["description"] = [self._words(row) for row in self.rows.to_dict("records")]
        data["marked"] = self._marked()
        return data

    def _words(self, row: dict[Any, Any]) -> str:
        if pd.isna(row[self.y]):
            return ""
        name = f", {row[self.series]}" if row[self.series] else ""
        return f"{month_label(row[self.x])}: {self.write(row[self.y])}{self._more(row)}{name}"

    def _more(self, row: Any) -> str:
        more = row[self.beside] if self.beside else ""
        return f" ({more})" if isinstance(more, str) and more else ""

    def _marked(self) -> pd.Series:
        """All values; of many censuses the quarters, the last, and those without a neighbour to join."""
        known = self.rows[self.y].notna()
        if len(self.censuses) <= MOST_MARKED:
            return known
        ordered = self.rows.assign(known=known).sort_values(self.x, kind="stable")
        by_series = ordered.groupby(self.series, sort=False)["known"]
        alone = ~by_series.shift(1, fill_value=False) & ~by_series.shift(-1, fill_value=False)
        is_last = ~ordered[ordered["known"]].duplicated(self.series, keep="last")
        quarter = ordered[self.x].str[-2:].isin(_QUARTER_ENDS)
        marked = quarter | alone | is_last.reindex(ordered.index, fill_value=False)
        return (marked & ordered["known"]).reindex(self.rows.index)

    def end(self, name: str) -> list[EndLabel]:
        """The label of a series: its name and its last value."""
        own = self.rows[self.rows[self.series] == name]
        known = own.dropna(subset=[self.y]).sort_values(self.x)
        if known.empty:
            return []
        last = known.iloc[-1]
        when = "" if last[self.x] == own[self.x].max() else f" in {short_label(str(last[self.x]))}"
        value, words = float(last[self.y]), f"{name}: " if name else ""
        text = f"{words}{self.write.short(value)}{when}{self._more(last)}"
        return [EndLabel(text, value, {self.series: name}, joined=last[self.x] == self.until)]

    def goal_label(self) -> list[EndLabel]:
        """The label of the goal, if there is one."""
        if self.goal is None:
            return []
        due = f" by {short_label(self.goal.due)}" if self.goal.due else ""
        return [EndLabel(f"{self.goal.label}: {self.write.short(self.goal.value)}{due}", self.goal.value, look=_GOAL)]

    def goal_line(self) -> list[alt.Chart]:
        """A line across."""
        if self.goal is None:
            return []
        rule = rows({self.y: self.goal.value}).mark_rule(strokeWidth=1.5, aria=False)
        return [rule.encode(**at(x="0", x2="width"), **_GOAL)]

    def goal_month(self) -> list[alt.Chart]:
        """A diamond at the month the goal is due, if that is drawn."""
        goal = self.goal
        if goal is None or goal.due is None or not self.censuses[0] <= goal.due <= self.until:
            return []
        words = f"{goal.label}: {self.write(goal.value)} by {month_label(goal.due)}"
        due = rows({self.y: goal.value, self.x: goal.due, "description": words})
        diamond = due.mark_point(shape="diamond", size=110, filled=False, fill="white", strokeWidth=2)
        return [diamond.encode(description="description:N", **PLAIN)]

    def band(self, names: tuple[str, str]) -> alt.Chart:
        """The area between two series, where both have a value."""
        wide = self.rows.pivot_table(index=self.x, columns=self.series, values=self.y, aggfunc="first")
        both = wide[list(names)].dropna().reindex(self.censuses)
        data = both.set_axis([self.y, "upper"], axis=1).rename_axis(self.x).reset_index()
        area: alt.Chart = alt.Chart(data).mark_area(opacity=1, invalid=_BREAK, aria=False)
        return area.encode(y2="upper:Q", **{**PLAIN, "color": alt.ColorValue(BAND)})
