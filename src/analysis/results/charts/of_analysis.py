"""The charts of one analysed period, by name: ``analysis.charts.trend`` and so on, with the report's own choices."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.errors import UsageError
from analysis.results.charts import changes, contracted, funnels, growth, levels, places, reporting, uncertain
from analysis.results.charts.layout import Goal

if TYPE_CHECKING:
    import pandas as pd

    from analysis.registers.breaks import Break
    from analysis.registers.targets import Target
    from analysis.results.analysis import Analysis
    from analysis.results.figures import Figure

LINK_WORKERS = "splw"


class Charts:
    """The charts of an analysis; each is drawn when it is asked for, and once."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._measures = analysis.measures
        self._facts = analysis.facts

    @cached_property
    def trend(self) -> Figure:
        """Link workers as reported, of staff and of a matched panel, against the target for a number in place."""
        target = next((a.target for a in self._analysis.assessment if not a.target.increase), None)
        return levels.trend(
            self._measures.totals,
            facts=self._facts,
            goal=Goal.of(target) if target else None,
            panels=self._panel,
            breaks=self._breaks("fte_staff"),
        )

    @cached_property
    def increases(self) -> dict[str, Figure]:
        """For each target of an increase, by its id, the growth from each baseline."""
        targets = [a.target for a in self._analysis.assessment if a.target.increase]
        return {target.id: self._increase(target) for target in targets}

    @cached_property
    def coverage(self) -> Figure:
        """How many PCNs reported."""
        return reporting.coverage(self._measures.coverage, facts=self._facts)

    @cached_property
    def bounds(self) -> Figure:
        """What coverage leaves open."""
        return uncertain.bounds(self._measures.bounds, facts=self._facts, panels=self._panel)

    @cached_property
    def entrants(self) -> Figure:
        """Whether PCNs that begin to report are like the others."""
        return reporting.entrants(self._measures.entrants, facts=self._facts)

    @cached_property
    def decomposition(self) -> Figure:
        """Each change in link workers by who reported."""
        return changes.decomposition(self._measures.decomposition, facts=self._facts)

    @cached_property
    def direct_share(self) -> Figure:
        """Link workers employed by PCNs, and contracted."""
        return contracted.direct_share(self._measures.totals, facts=self._facts, breaks=self._breaks("fte_staff"))

    @cached_property
    def icb_rates(self) -> Figure:
        """Link workers for registered patients, by ICB."""
        return places.icb_rates(self._measures.places, census=self._area_census, facts=self._facts)

    @cached_property
    def funnel(self) -> Figure:
        """Sub-ICB areas against their size."""
        return funnels.funnel(self._measures.places, census=self._area_census, facts=self._facts)

    def area_trend(self, area_code: str) -> Figure:
        """Link workers in one area over time."""
        level = self._measures.totals.loc[self._measures.totals["area_code"] == area_code, "level"]
        return levels.area_trend(
            self._measures.totals,
            area_code=area_code,
            facts=self._facts,
            breaks=self._breaks("fte", "england" if level.empty else str(level.iloc[0])),
        )

    def _increase(self, target: Target) -> Figure:
        role = target.main.role
        return growth.increase(
            self._measures.totals,
            facts=self._facts,
            goal=Goal.of(target),
            baselines=[baseline.census for baseline in target.baselines],
            role=role,
            who=self._analysis.roles.plurals.get(role, role),
        )

    @cached_property
    def _panel(self) -> pd.DataFrame | None:
        """Link workers of the matched panel that begins latest among those that reach the last census drawn."""
        panels = self._measures.panels
        ours = panels[(panels["area_code"] == ENGLAND) & (panels["role"] == LINK_WORKERS)] if len(panels) else panels
        return ours[ours["since"] == self._panel_since(ours)] if len(ours) else None

    def _panel_since(self, panels: pd.DataFrame) -> str:
        """The panel since the month the target was due follows what came of it; else the longest there is."""
        due = [Goal.of(a.target).due for a in self._analysis.assessment if not a.target.increase]
        starts = sorted(panels["since"].astype("str").unique())
        return next((str(start) for start in due if start in starts), starts[0])

    @property
    def _area_census(self) -> str:
        censuses = self._analysis.area_censuses
        if not censuses:
            raise UsageError(
                f"There are no figures for areas up to {self._analysis.period}.",
                "The bulletin tables have national figures only.",
                "Put the individual-level extract of the period with the extracts.",
            )
        return censuses[-1]

    def _breaks(self, measure: str, level: str = "england") -> tuple[Break, ...]:
        censuses = self._analysis.censuses
        members = self._analysis.roles.members(LINK_WORKERS)
        return self._analysis.breaks.breaks_between(censuses[0], censuses[-1], measure, level, members)
