"""An analysis with all that is shown of it: tables, charts and prose, by name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from analysis.results.analysis import Analysis
from analysis.results.story import Story
from analysis.results.views import Tables

if TYPE_CHECKING:
    from analysis.results.charts import Charts


class Report(Analysis):
    """One period, analysed, as a notebook shows it.

    Shows itself in Jupyter; ``report.facts[...]``, ``report.assessment[...]``, ``report.tables.…`` and
    ``report.charts.…`` complete with Tab.
    """

    @cached_property
    def tables(self) -> Tables:
        """The report's tables, by name."""
        return Tables(self)

    @cached_property
    def charts(self) -> Charts:
        """The report's charts, by name."""
        from analysis.results.charts import Charts  # noqa: PLC0415 - altair is slow to import, and often not needed

        return Charts(self)

    @cached_property
    def story(self) -> Story:
        """The report's prose, by name."""
        return Story(self, self.tables, lambda: self.charts)

    def _repr_html_(self) -> str:
        return self.assessment._repr_html_()  # its own display
