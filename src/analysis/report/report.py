"""An analysis with all that is shown of it: tables, charts and texts, by name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from analysis.facts.analysis import Analysis
from analysis.report.text.names import TextNames
from analysis.tables.area_finder import AreaFinder
from analysis.tables.area_profiles import area_profiles
from analysis.tables.icb_tiles import IcbTiles
from analysis.tables.report_tables import Tables

if TYPE_CHECKING:
    import pandas as pd

    from analysis.charts.report_charts import Charts
    from analysis.report.profile import Profile, Profiles


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
        from analysis.charts.report_charts import Charts  # noqa: PLC0415 - altair is slow to import, and often not needed

        return Charts(self)

    @cached_property
    def area_finder(self) -> AreaFinder:
        """The section in which a reader finds an ICB, sub-ICB or network; empty where there are no areas."""
        return AreaFinder(self, self._area_profiles)

    @cached_property
    def icb_tiles(self) -> IcbTiles:
        """ICBs as tiles, on a map of squares or in an order that the reader chooses; empty where there are no areas."""
        return IcbTiles(self, self._area_profiles)

    @cached_property
    def _area_profiles(self) -> pd.DataFrame:
        return area_profiles(self)

    @cached_property
    def text(self) -> TextNames:
        """The names that its texts use; ``report.text("There are {{ fte }} FTE.")`` fills a text in."""
        return TextNames(self)

    def profile(self, area: str = "") -> Profile:
        """One area, by its code: its figures, tables, charts and sentences; the first ICB where no code is given.

        Raises
        ------
        UsageError
            The report has no such area.
        """
        return self._profiles.of_area(area)

    @cached_property
    def _profiles(self) -> Profiles:
        """The areas, and what their profiles share."""
        from analysis.report.profile import Profiles  # noqa: PLC0415 - as above

        return Profiles.of(self)

    def _repr_html_(self) -> str:
        return self.assessment._repr_html_()  # its own display
