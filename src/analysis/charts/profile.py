"""The charts of one area: its trend, how its networks differ, and where it stands among the areas of its level."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.figure import figure
from analysis.charts.places import LEVEL_NAMES, measure_of, per_what, short_name
from analysis.charts.report_charts import Charts
from analysis.charts.rows import strip
from analysis.facts.fact import as_text
from analysis.markup.prose import Prose, dated, month, say
from analysis.periods import month_label
from analysis.tables.profile import networks_of
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import altair as alt

    from analysis.facts.analysis import Analysis

# One value has no spread.
_FEWEST = 2
# With more strokes than this the name of each is left out: they lie over each other, and the page would be too large.
_MOST_NAMED = 100


class ProfileCharts:
    """The charts of one area of an analysis; a note stands where the data do not have what a chart needs."""

    def __init__(self, analysis: Analysis, areas: pd.DataFrame, row: dict[str, Any]) -> None:
        self._analysis, self._areas, self._row = analysis, areas, row
        self._code, self._level, self._name = str(row["area_code"]), str(row["level"]), str(row["area_name"])

    @cached_property
    def trend(self) -> alt.LayerChart | Prose:
        """The reported FTE of the area by census."""
        return Charts(self._analysis).area_trend(self._code)

    @cached_property
    def networks(self) -> alt.LayerChart | Prose | None:
        """How the rate is spread over the networks of the area; none of a network."""
        if self._level == "pcn":
            return None
        places = self._places("pcn")
        codes = networks_of(self._areas, self._level, self._code)["area_code"]
        rows = places[places["area_code"].isin(codes)].assign(group=short_name(self._name))
        return self._strip(
            "profile-networks",
            rows,
            self._title_of_networks(),
            "networks",
        )

    @cached_property
    def place(self) -> alt.LayerChart | Prose:
        """The area, and all areas of its level beside it; a network is set beside those of its ICB."""
        places, others = self._places(self._level), f"All {LEVEL_NAMES[self._level].partition(' (')[0]}"
        if self._level == "pcn":
            codes = networks_of(self._areas, "icb", str(self._row["icb_code"]))["area_code"]
            places, others = places[places["area_code"].isin(codes)], "Networks of the same ICB"
        own = places[places["area_code"] == self._code]
        rows = pd.concat([own.assign(group=short_name(self._name)), places.assign(group=others)], ignore_index=True)
        if own.empty:
            rows = rows.iloc[:0]
        return self._strip(
            "profile-place",
            rows,
            self._title_of_place(),
            others.removeprefix("All ").replace("Networks", "networks"),
        )

    def _title_of_networks(self) -> Prose:
        analysis, key = self._analysis, f"{self._code}.{self._analysis.period}"
        return say(
            "{none} of {reporting} reporting PCNs in {name} have no {who}",
            none=analysis.facts[f"pcns_none.{analysis.role}.{key}"],
            reporting=analysis.facts[f"pcns_reporting.{key}"],
            name=dated(short_name(self._name)),
            who=dated(analysis.roles.focus.short),
        )

    def _title_of_place(self) -> Prose:
        analysis, column = self._analysis, measure_of(self._places(self._level))[0]
        fact = f"{column}.{analysis.role}.{self._code}.{analysis.period}"
        name, who = dated(short_name(self._name)), dated(analysis.roles.focus.short)
        if fact not in analysis.facts or analysis.facts[fact].value is None:
            return say("{name}: no figure of {who} for its patients", name=name, who=who)
        return say(
            "{name}: {rate} FTE of {who} per {base}",
            name=name,
            rate=analysis.facts[fact],
            who=who,
            base=per_what(column, analysis.facts, in_short=True),
        )

    def _places(self, level: str) -> pd.DataFrame:
        places, analysis = self._analysis.measures.places, self._analysis
        here = (places["level"] == level) & (places["census"] == analysis.period) & (places["role"] == analysis.role)
        return places[here].sort_values(["area_name", "area_code"])

    def _strip(self, chart_id: str, rows: pd.DataFrame, title: Prose, what: str) -> alt.LayerChart | Prose:
        analysis, who = self._analysis, self._analysis.roles.focus.short
        at = month(analysis.period)
        name, unit = measure_of(rows)
        if rows[name].notna().sum() < _FEWEST:
            return say(
                "No chart of the {what}: fewer than two of them have a figure at {at}.",
                css_class="note",
                what=what,
                at=at,
            )
        known = rows.dropna(subset=[name])
        shown = known[["area_name", "area_code", "group", name]].rename(columns={name: "value"})
        chart = strip(shown, "value", "group", name="area_name" if len(shown) <= _MOST_NAMED else None, unit=unit)
        missing = len(rows) - len(known)
        lacking = f" {missing} without a figure are not drawn." if missing else ""
        groups = " ".join(
            f"{group}: {len(part)} from {as_text(part['value'].min(), 2)} to {as_text(part['value'].max(), 2)}, "
            f"median {as_text(float(part['value'].median()), 2)}."
            for group, part in shown.groupby("group", sort=False)
        )
        return figure(
            chart,
            id=chart_id,
            title=title,
            subtitle=say(
                "FTE of {who} per {base}, {at}. Each fine stroke is one of the {what}, the thick one their median. "
                "Not a ranking: need and reporting differ.",
                who=dated(who),
                base=per_what(name, analysis.facts),
                at=at,
                what=what,
            ),
            alternative=f"Strip plot of {unit}, {month_label(analysis.period)}. {groups}{lacking}",
            table=Table(
                f"chart-{chart_id}",
                f"{unit}, {who}, {what}, {month_label(analysis.period)}",
                shown.reset_index(drop=True),
                {
                    "area_name": Column("Area", "name of the area"),
                    "area_code": Column("Code", "code of the area"),
                    "group": Column("Group", "the row of the chart"),
                    "value": Column("Rate", unit, unit, 2),
                },
            ),
        )
