"""The charts of one analysed period, by name: ``report.charts.trend`` and so on, with the report's own choices."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from analysis.charts import (
    bounds,
    contracted,
    decomposition,
    deprivation,
    distribution,
    funnel,
    increase,
    places,
    reporting,
    trend,
)
from analysis.charts.data import NothingToDrawError
from analysis.charts.lines import Goal
from analysis.columns import ENGLAND
from analysis.markup.left_out import item_left_out
from analysis.markup.prose import Prose, dated, month, say
from analysis.measures.funnel import PER_PATIENTS
from analysis.registers.roles import at_start

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt
    import pandas as pd

    from analysis.facts.analysis import Analysis
    from analysis.registers.breaks import Break
    from analysis.registers.roles import RoleWords

_NO_AREAS = "no chart, since there is no individual-level extract of {at}."


class Charts:
    """The charts of an analysis: Altair charts, each with its title, subtitle, text alternative and table.

    Shown in a notebook, they are drawn as on the page. Change them as any Altair chart, or with ``an.figure``.

    Where the extracts lack what a chart needs (areas, list sizes, a second census), a sentence says so in its place. On
    the page that sentence stands in the list of what the report leaves out.
    """

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._measures = analysis.measures
        self._facts = analysis.facts

    @property
    def _role(self) -> RoleWords:
        """The role that the report is about."""
        return self._analysis.roles.focus

    @cached_property
    def trend(self) -> alt.LayerChart | Prose:
        """The number in place over time, against the first target of the role that promises one."""
        return self._number("Number in place", self._role.code, goal=self._goal)

    @cached_property
    def in_brief(self) -> alt.LayerChart | Prose:
        """The number in place over time, small, for the first screen."""
        named = {"goal": self._goal, "role": self._role, "table_id": f"{self._role.slug}-by-census"}
        return _or_note("Trend", trend.trend_in_brief, self._measures.totals, **named)

    @property
    def _goal(self) -> Goal | None:
        """The first target of the role that promises a number in place."""
        targets = (assessed.target for assessed in self._analysis.assessment)
        stocks = (t for t in targets if t.main.role == self._role.code and not t.increase and not t.rise)
        return next((Goal.of(target) for target in stocks), None)

    def target(self, target_id: str) -> alt.LayerChart | Prose:
        """Draw one target: the number in place over time, the increase from each baseline, or the rise above one."""
        target = self._analysis.assessment[target_id].target
        role = target.main.role
        named: dict[str, Any] = {
            "facts": self._facts,
            "role": self._analysis.roles.words[role],
            "key": target.id,
        }
        if target.rise:
            named |= {"baseline": target.main.baseline, "due": f"{target.deadline:%Y-%m}"}
            return _or_note("Rise since the baseline", trend.rise, self._measures.totals, **self._marked(role), **named)
        named["goal"] = Goal.of(target)
        if target.increase:
            named["baselines"] = [baseline.census for baseline in target.baselines]
            breaks = self._breaks("fte", role=role)
            return _or_note(
                "Increase from each baseline", increase.increase, self._measures.totals, breaks=breaks, **named
            )
        return self._number("Number in place", role, goal=named["goal"], key=target.id)

    def _number(self, name: str, role: str, **named: Any) -> alt.LayerChart | Prose:
        """The number of a role in place over time."""
        return _or_note(
            name,
            trend.trend,
            self._measures.totals,
            facts=self._facts,
            role=self._analysis.roles.words[role],
            panels=self._panel(role),
            **self._marked(role),
            **named,
        )

    def _marked(self, role: str) -> dict[str, tuple[Break, ...]]:
        return {"breaks": self._breaks("fte", role=role), "breaks_of_staff": self._breaks("fte_staff", role=role)}

    @cached_property
    def coverage(self) -> alt.LayerChart | Prose:
        """How many PCNs reported."""
        return _or_note("PCNs that reported", reporting.coverage, self._measures.coverage, facts=self._facts)

    @cached_property
    def bounds(self) -> alt.LayerChart | Prose:
        """What coverage leaves open."""
        panels = self._panel(self._role.code)
        return _or_note(
            "Reported and scaled up",
            bounds.bounds,
            self._measures.bounds,
            facts=self._facts,
            panels=panels,
            breaks=self._breaks("fte"),
            role=self._role,
        )

    @cached_property
    def entrants(self) -> alt.LayerChart | Prose:
        """Whether PCNs that begin to report are like the others."""
        return self._of_role("PCNs that began to report", reporting.entrants, self._measures.entrants)

    @cached_property
    def decomposition(self) -> alt.LayerChart | Prose:
        """Each change by who reported."""
        named = {"role": self._role, "breaks": self._breaks("fte")}
        return _or_note("Changes by who reported", decomposition.decomposition, self._measures.decomposition, **named)

    @cached_property
    def direct_share(self) -> alt.LayerChart | Prose:
        """People employed by PCNs, and contracted."""
        return _or_note(
            "Staff and contracted services",
            contracted.direct_share,
            self._measures.totals,
            facts=self._facts,
            role=self._role,
            breaks=self._breaks("direct_share_pct"),
            breaks_of_fte=self._breaks("fte_staff"),
        )

    @cached_property
    def icb_rates(self) -> alt.LayerChart | Prose:
        """FTE for registered patients, by ICB."""
        return self._places("Rates of integrated care boards", places.icb_rates)

    @cached_property
    def funnel(self) -> alt.LayerChart | Prose:
        """Sub-ICB areas against their size."""
        return self._places("Funnel of sub-ICB areas", funnel.funnel)

    @cached_property
    def distribution(self) -> alt.LayerChart | Prose:
        """How many networks have how much."""
        shape = self._measures.series_shape
        here = (shape["area_code"] == ENGLAND) & (shape["role"] == self._role.code) & (shape["measure"] == "fte")
        highest = shape.loc[here & (shape["census"] == self._analysis.period), "peak_census"].dropna()
        peak = next(iter(highest.astype("str")), None)
        chart = partial(distribution.distribution, peak=peak)
        return self._of_networks("Networks by how much they have", chart, self._measures.distribution_bands)

    @cached_property
    def deprivation(self) -> alt.LayerChart | Prose:
        """FTE for registered patients, by the deprivation of patients."""
        fifths = self._measures.deprivation_fifths
        here = fifths[(fifths["census"] == self._analysis.period) & (fifths["role"] == self._role.code)]
        patients = here["patients"].sum()
        england = PER_PATIENTS * here["fte"].sum() / patients if patients else None
        chart = partial(deprivation.deprivation, england=england)
        return self._of_networks("Fifths of deprivation", chart, fifths)

    def area_trend(self, area_code: str) -> alt.LayerChart | Prose:
        """Draw the role in one area over time."""
        totals = self._measures.totals
        level = next(iter(totals.loc[totals["area_code"] == area_code, "level"].astype("str")), "england")
        breaks = self._breaks("fte", level)
        return _or_note(
            f"{at_start(self._role.short)} in {area_code}",
            trend.area_trend,
            totals,
            area_code=area_code,
            role=self._role,
            facts=self._facts,
            breaks=breaks,
        )

    def _places(self, name: str, chart: Callable[..., alt.LayerChart]) -> alt.LayerChart | Prose:
        return self._of_networks(name, chart, self._measures.places)

    def _of_networks(
        self, name: str, chart: Callable[..., alt.LayerChart], frame: pd.DataFrame
    ) -> alt.LayerChart | Prose:
        """A chart of the census of the report that needs an individual-level extract of it."""
        if self._analysis.period not in self._analysis.area_censuses:
            return item_left_out(name, say(_NO_AREAS, at=month(self._analysis.period)))
        return self._of_role(name, chart, frame, census=self._analysis.period)

    def _of_role(
        self, name: str, chart: Callable[..., alt.LayerChart], frame: pd.DataFrame, **named: Any
    ) -> alt.LayerChart | Prose:
        return _or_note(name, chart, frame, facts=self._facts, role=self._role, **named)

    def _panel(self, role: str) -> pd.DataFrame | None:
        """One matched panel of a role in England; a panel of one census matches nothing and is the total again."""
        panels = self._measures.panels
        ours = panels[(panels["area_code"] == ENGLAND) & (panels["role"] == role)] if len(panels) else panels
        panel = ours[ours["since"] == self._panel_since(ours)] if len(ours) else ours
        return panel if len(set(panel["census"])) > 1 else None

    def _panel_since(self, panels: pd.DataFrame) -> str:
        """The panel since the month the target was due follows what came of it; else the longest there is."""
        due = [Goal.of(a.target).due for a in self._analysis.assessment if not a.target.increase]
        starts = sorted(panels["since"].astype("str").unique())
        return next((str(start) for start in due if start in starts), starts[0])

    def _breaks(self, measure: str, level: str = "england", role: str = "") -> tuple[Break, ...]:
        censuses = self._analysis.censuses
        members = self._analysis.roles.members(role or self._role.code)
        found = self._analysis.breaks.breaks_between(censuses[0], censuses[-1], measure, level, members)
        return tuple(entry for entry in found if entry.kind != "geography" or self._analysis.shows(entry, level))


def _or_note(
    name: str, chart: Callable[..., alt.LayerChart], frame: pd.DataFrame, **named: Any
) -> alt.LayerChart | Prose:
    try:
        return chart(frame, **named)
    except NothingToDrawError as lack:
        return item_left_out(dated(name), say("no chart, since {lack}.", lack=dated(lack.reader)))
