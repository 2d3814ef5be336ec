"""The report's tables: each a view of a frame, with captions, units and the reasons of what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.results.prose import Prose, dated, panel, say
from analysis.results.views.area_growth import AreaGrowthTables
from analysis.results.views.base import disclosed
from analysis.results.views.changes import ChangeTables
from analysis.results.views.deprivation import DeprivationTables
from analysis.results.views.networks import NetworkTables
from analysis.results.views.people import PeopleTables
from analysis.results.views.places import PlaceTables
from analysis.results.views.quality import QualityTables
from analysis.results.views.series import SeriesTables
from analysis.results.views.targets import TargetTables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.results.tables import Table

__all__ = ["Tables", "disclosed"]


class Tables(
    SeriesTables,
    TargetTables,
    ChangeTables,
    PlaceTables,
    AreaGrowthTables,
    NetworkTables,
    PeopleTables,
    DeprivationTables,
    QualityTables,
):
    """The tables of a report, by name; each is made when it is asked for. Iterating gives them all."""

    def __iter__(self) -> Iterator[Table]:
        """Every table that the analysis has figures for."""
        for name in self.names():
            table = getattr(self, name)
            if len(table.frame):
                yield table

    @classmethod
    def names(cls) -> list[str]:
        """The names of the tables, in the order of the workbook."""
        members = [item for parent in cls.__bases__ for item in vars(parent).items()]
        return [name for name, member in members if isinstance(member, property) and not name.startswith("_")]

    def __dir__(self) -> list[str]:
        """What an analyst may ask for: the tables, and how to show them."""
        return [*self.names(), "names", "readings_of", "shown"]

    def shown(self, *names: str) -> Prose:
        """Tables under disclosures, each with the link to its CSV: for those too long to stand open on the page."""
        tables = [getattr(self, name) for name in names]
        return panel([disclosed(t) if len(t.frame) else _nothing_in(t) for t in tables], css_class="tables")


def _nothing_in(table: Table) -> Prose:
    """What stands in the place of an empty table: left out, the reader would have to guess."""
    return say("{title}: nothing to list.", css_class="note", title=dated(table.title))
