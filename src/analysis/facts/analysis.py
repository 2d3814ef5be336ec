"""What the analysis of one period holds: the frames, the assessment and the facts, and what it starts from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.assessment import Assessment
from analysis.columns import LEVELS
from analysis.facts.fact import Facts
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.extracts import Catalogue
    from analysis.measures.compact_table import CompactTable
    from analysis.quality import Validation
    from analysis.registers.breaks import Break


@dataclass(frozen=True)
class Extracts:
    """The tidy frames of the extracts up to a period (columns: the architecture page).

    ``table`` is the individual-level extracts added up, from which the measures are made, and ``workforce`` are their
    rows. Either is read when it is asked for (``read_table``, ``read_workforce``).
    """

    catalogue: Catalogue
    read_table: Callable[[], CompactTable] = field(repr=False)
    read_workforce: Callable[[], pd.DataFrame] = field(repr=False)
    bulletin: pd.DataFrame = field(repr=False)
    patients: pd.DataFrame = field(repr=False)
    practice_map: pd.DataFrame = field(repr=False)
    deprivation: pd.DataFrame = field(repr=False)
    roles: Roles = field(repr=False)

    @cached_property
    def table(self) -> CompactTable:
        """The individual-level extracts, added up."""
        return self.read_table()

    @cached_property
    def workforce(self) -> pd.DataFrame:
        """The rows of the individual-level extracts, with the role of each."""
        return self.read_workforce()

    @property
    def period(self) -> str:
        """The census of the report."""
        return self.catalogue.period


@dataclass(frozen=True)
class Measures:
    """The frames of the measures; their columns are on the architecture page."""

    totals: pd.DataFrame = field(repr=False)
    coverage: pd.DataFrame = field(repr=False)
    growth: pd.DataFrame = field(repr=False)
    series_shape: pd.DataFrame = field(repr=False)
    usual_changes: pd.DataFrame = field(repr=False)
    decomposition: pd.DataFrame = field(repr=False)
    panels: pd.DataFrame = field(repr=False)
    entrants: pd.DataFrame = field(repr=False)
    bounds: pd.DataFrame = field(repr=False)
    places: pd.DataFrame = field(repr=False)
    backtests: pd.DataFrame = field(repr=False)
    unknown_roles: pd.DataFrame = field(repr=False)
    distribution: pd.DataFrame = field(repr=False)
    distribution_bands: pd.DataFrame = field(repr=False)
    hours: pd.DataFrame = field(repr=False)
    employment: pd.DataFrame = field(repr=False)
    additional_roles: pd.DataFrame = field(repr=False)
    area_growth: pd.DataFrame = field(repr=False)
    quarter_changes: pd.DataFrame = field(repr=False)
    largest_changes: pd.DataFrame = field(repr=False)
    gender: pd.DataFrame = field(repr=False)
    deprivation: pd.DataFrame = field(repr=False)
    deprivation_fifths: pd.DataFrame = field(repr=False)
    row_counts: pd.DataFrame = field(repr=False)

    @property
    def by_name(self) -> dict[str, pd.DataFrame]:
        """The frames by their names."""
        return {name: getattr(self, name) for name in self.names()}

    @classmethod
    def names(cls) -> list[str]:
        """The names of the frames."""
        return [item.name for item in fields(cls)]


@dataclass(frozen=True)
class Analysis:
    """One period, analysed. What is shown of it is made by :class:`analysis.report.report.Report`."""

    period: str
    catalogue: Catalogue
    validation: Validation | None
    roles: Roles
    breaks: Breaks
    measures: Measures
    assessment: Assessment
    facts: Facts

    @property
    def role(self) -> str:
        """The code of the role or group that the report is about."""
        return self.roles.about

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
    def placements(self) -> pd.DataFrame:
        """Where each network lay at each census: ``census`` and the codes of region, ICB, sub-ICB and network."""
        columns = ["census", *(code for code, _ in LEVELS.values())]
        return self.measures.row_counts[columns].drop_duplicates().astype("str")

    def shows(self, change: Break, level: str) -> bool:
        """Whether these extracts show a change of areas: a code of the level goes, and networks of it carry on.

        Extracts published again after a change carry the later areas at every census, and show nothing of it. It is
        what :func:`analysis.measures.base.codes_change` finds in the extracts, found in what is saved of them.
        """
        placed, code = self.placements, LEVELS[level][0]
        after = placed[placed["census"] >= change.census]
        gone = placed[~placed[code].isin(after[code])]
        return bool(gone[LEVELS["pcn"][0]].isin(after[LEVELS["pcn"][0]]).any())
