"""What the analysis of one period holds: the frames, the assessment, the facts, and the views made from them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.assessment import Assessment
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles
from analysis.results.facts import Facts

if TYPE_CHECKING:
    import pandas as pd

    from analysis.extracts import Catalogue
    from analysis.quality import Validation
    from analysis.results.charts import Charts
    from analysis.results.story import Story
    from analysis.results.views import Tables


@dataclass(frozen=True)
class Measures:
    """The frames of the measures; their columns are on the architecture page."""

    totals: pd.DataFrame = field(repr=False)
    coverage: pd.DataFrame = field(repr=False)
    growth: pd.DataFrame = field(repr=False)
    decomposition: pd.DataFrame = field(repr=False)
    panels: pd.DataFrame = field(repr=False)
    entrants: pd.DataFrame = field(repr=False)
    bounds: pd.DataFrame = field(repr=False)
    places: pd.DataFrame = field(repr=False)
    backtests: pd.DataFrame = field(repr=False)
    unknown_roles: pd.DataFrame = field(repr=False)

    @classmethod
    def names(cls) -> list[str]:
        """The names of the frames."""
        return [item.name for item in fields(cls)]


@dataclass(frozen=True)
class Analysis:
    """One period, analysed.

    Shows itself in Jupyter; ``analysis.facts[...]``, ``analysis.assessment[...]``, ``analysis.tables.…`` and
    ``analysis.charts.…`` complete with Tab.
    """

    period: str
    catalogue: Catalogue
    validation: Validation | None
    roles: Roles
    breaks: Breaks
    measures: Measures
    assessment: Assessment
    facts: Facts

    @property
    def national_only(self) -> bool:
        """Whether the period has national figures only, from the bulletin tables."""
        return self.catalogue.national_only

    @property
    def synthetic(self) -> bool:
        """Whether the figures come from the synthetic sample."""
        return self.catalogue.synthetic

    @cached_property
    def censuses(self) -> list[str]:
        """The censuses that have national figures, in order."""
        totals = self.measures.totals
        return sorted(totals.loc[totals["level"] == "england", "census"].astype("str").unique())

    @cached_property
    def area_censuses(self) -> list[str]:
        """The censuses that have figures for areas, in order: those with an individual-level extract."""
        totals = self.measures.totals
        return sorted(totals.loc[totals["level"] == "icb", "census"].astype("str").unique())

    @cached_property
    def tables(self) -> Tables:
        """The report's tables, by name."""
        from analysis.results.views import Tables  # noqa: PLC0415 - views import this module

        return Tables(self)

    @cached_property
    def charts(self) -> Charts:
        """The report's charts, by name."""
        from analysis.results.charts import Charts  # noqa: PLC0415 - altair is slow to import, and often not needed

        return Charts(self)

    @cached_property
    def story(self) -> Story:
        """The report's prose, by name."""
        from analysis.results.story import Story  # noqa: PLC0415 - the story imports this module

        return Story(self)

    def _repr_html_(self) -> str:
        return self.assessment._repr_html_()  # its own display
