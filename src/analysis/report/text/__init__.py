"""The report's prose: what the figures say, in words that change with them. Every number in it is a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.charts.figure import Figure
from analysis.markup.prose import Prose, dated, panel, say
from analysis.report.text import change, context, deprivation, headline, method, networks, people, targets, trend

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

    from analysis.charts.report_charts import Charts
    from analysis.facts.analysis import Analysis
    from analysis.tables.report_tables import Tables
    from analysis.tables.table import Table


class ReportText:
    """The pieces of prose of a report, by name: ``report.text.headline()``. Each shows itself in Jupyter."""

    def __init__(self, analysis: Analysis, tables: Tables, charts: Callable[[], Charts]) -> None:
        self._analysis = analysis
        self._tables = tables
        self._charts = charts  # asked for only where a chart stands in the prose: altair is slow to import

    def headline(self) -> Prose:
        """Tell what was promised, what the data say, how sure that is, and what would change the answer."""
        return headline.headline(self._analysis)

    def key_figures(self) -> Prose:
        """Give the figures that a reader looks for first."""
        return context.key_figures(self._analysis)

    def growth(self) -> Prose:
        """Say what changed over a quarter and a year, and where that stands in the whole series."""
        return trend.growth(self._analysis)

    def targets(self) -> Prose:
        """Go through the targets one by one: wording, verdict, readings, pace, chart, table."""
        if not len(self._analysis.assessment):
            return headline.no_target(self._analysis)
        return panel([self.target(assessed.target.id) for assessed in self._analysis.assessment], css_class="targets")

    def target(self, target_id: str) -> Prose:
        """Assess one target by its id in the register."""
        analysis = self._analysis
        assessed = analysis.assessment[target_id]
        chart = _ready(self._charts().target(target_id))
        parts: list[Prose | Figure | Table] = [
            Prose(dated(assessed.target.name), tag="h3"),
            targets.wording(assessed),
            targets.verdict(analysis, assessed),
            (targets.by_baseline if assessed.target.increase else targets.by_measure)(analysis, assessed),
            chart.under(3) if isinstance(chart, Figure) else chart,
        ]
        if assessed.paces and not assessed.settled:
            parts += [say("The pace towards it:"), targets.pace(analysis, assessed)]
        if assessed.target.claims:
            parts += [say("Public statements:"), targets.claims(analysis, assessed)]
        parts.append(self._tables.shown_readings(target_id))
        return panel(parts, css_class="target")

    def decomposition(self) -> Prose:
        """Divide the changes over a quarter and over a year by which PCNs report."""
        return change.decomposition(self._analysis)

    def coverage(self) -> Prose:
        """Say how many PCNs reported, first and last."""
        return context.coverage(self._analysis)

    def bounds(self) -> Prose:
        """Give the reported total and what it would be if the missing were like the reporters."""
        return context.bounds(self._analysis)

    def entrants(self) -> Prose:
        """Test that assumption on PCNs that begin to report."""
        return context.entrants(self._analysis)

    def sources_split(self) -> Prose:
        """Split direct employment from contracted services."""
        return context.sources_split(self._analysis)

    def places(self) -> Prose:
        """Say how many reporting PCNs have how many people in the role, and the national rate."""
        return context.places(self._analysis)

    def area_growth(self) -> Prose:
        """Say in how many integrated care boards the role rose and fell."""
        return self._shown_with(networks.area_growth(self._analysis), "area_growth")

    def distribution(self) -> Prose:
        """Say how evenly the role is spread over networks."""
        return self._shown_with(networks.distribution(self._analysis), "distribution", chart="deciles")

    def employment(self) -> Prose:
        """Say in how many networks the role is staff, contracted, both or neither."""
        return self._shown_with(networks.employment(self._analysis), "employment")

    def quarter_changes(self) -> Prose:
        """Say how much of the change over three months came from the five networks that changed most."""
        return self._shown_with(networks.quarter_changes(self._analysis), "largest_changes")

    def hours(self) -> Prose:
        """Say how many hours people work."""
        return self._shown_with(people.hours(self._analysis), "hours")

    def gender(self) -> Prose:
        """Give the role by gender, as published."""
        return self._shown_with(people.gender(self._analysis), "gender")

    def deprivation(self) -> Prose:
        """Compare networks of the most and the least deprived patients."""
        return self._shown_with(deprivation.deprivation(self._analysis), "deprivation", chart="deprivation")

    def additional_roles(self) -> Prose:
        """Give the share of the role in the thirteen additional roles."""
        return self._shown_with(people.additional_roles(self._analysis), "additional_roles")

    def validation(self) -> Prose:
        """Say what was checked and what came of it."""
        return method.validation(self._analysis)

    def backtests(self) -> Prose:
        """Say how the figures compare with those published."""
        return method.backtests(self._analysis)

    def quality(self) -> Prose:
        """Describe quality under the headings for administrative data."""
        return method.quality(self._analysis)

    def breaks(self) -> Prose:
        """List the breaks in the series up to the period."""
        return context.breaks(self._analysis)

    def unknown_roles(self) -> Prose:
        """Name the roles that the vocabulary does not know."""
        return context.unknown_roles(self._analysis)

    def definitions(self) -> Prose:
        """Define the terms."""
        return method.definitions_of_terms(self._analysis)

    def sources(self) -> Prose:
        """Attribute the sources and say what this analysis is and is not."""
        return method.sources(self._analysis)

    def _shown_with(self, prose: Prose, *tables: str, chart: str = "") -> Prose:
        """Prose with the chart and the tables that there is something in: without data the prose alone says why."""
        parts: list[Prose | Figure] = [prose]
        drawing = _ready(getattr(self._charts(), chart)) if chart else None
        if isinstance(drawing, Figure):
            parts.append(drawing)
        parts += [self._tables.shown(name) for name in tables if len(getattr(self._tables, name).frame)]
        return panel(parts, css_class="finding")


def _ready(chart: alt.TopLevelMixin | Prose) -> Figure | Prose:
    """A chart as a figure, to be put between other things; a note in its place as it is."""
    return chart if isinstance(chart, Prose) else Figure.of(chart)
