"""The report's tables: each a view of a frame, with captions, units and the reasons of what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.markup.left_out import item_left_out
from analysis.markup.prose import Prose, dated, panel
from analysis.tables.area_growth import AreaGrowthTables
from analysis.tables.base import disclosed
from analysis.tables.changes import ChangeTables
from analysis.tables.deprivation import DeprivationTables
from analysis.tables.networks import NetworkTables
from analysis.tables.people import PeopleTables
from analysis.tables.places import PlaceTables
from analysis.tables.quality import QualityTables
from analysis.tables.series import SeriesTables
from analysis.tables.targets import TargetTables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.tables.table import Table

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
        return [*self.names(), "names", "place", "filled", "readings_of", "shown"]

    def shown(self, *names: str) -> Prose:
        """Tables under disclosures, each with the link to its CSV: for those too long to stand open on the page."""
        tables = [getattr(self, name) for name in names]
        return panel([disclosed(t) if len(t.frame) else _nothing_in(t) for t in tables], css_class="tables")

    def filled(self, *names: str) -> Prose:
        """The same, without the tables that have no row: where a text says why there is none."""
        return self.shown(*(name for name in names if len(getattr(self, name).frame)))


def _nothing_in(table: Table) -> Prose:
    """What stands in the place of an empty table; on the page, in the list of what is left out."""
    return item_left_out(dated(table.title), "nothing to list.")
