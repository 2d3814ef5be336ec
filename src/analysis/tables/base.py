"""What all tables share: columns that stand in many of them, and how a frame becomes a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.facts.labels import MEASURE_LABELS
from analysis.markup.prose import Prose, dated
from analysis.periods import month_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd

    from analysis.facts.analysis import Analysis
    from analysis.registers.roles import Roles, RoleWords

# What stands beside the role that the report is about: all forty roles in all areas would be long, and unread.
FOCUS_ROLES = ("splw", "splw_all", "hwbc", "cc", "splw_hwbc")
SOURCE = "Primary Care Network Workforce, NHS England, Open Government Licence v3.0; secondary analysis."
SYNTHETIC_SOURCE = "SYNTHETIC DATA: invented figures, made to test the report. Do not quote them."

# Counts of networks that have any row of any role, whatever the role of the table.
_ANY_ROLE = frozenset({"pcns_reporting", "pcns_in_both", "pcns_with_list", "pcns_newly_reporting", "pcns_dropped_out"})

UNIT = Column("Unit", "unit of the figures of the row")
CENSUS = Column("Census", "month of the census, the last day of which is counted")
AREA = Column("Area", "name of the area")
CODE = Column("Code", "organisation code of the area")
ROLE_NAME = Column("Role", "name of the role or role group")
ROLE_CODE = Column("Role code", "code of the role or role group")
MEASURE_NAME = Column("Measure", "FTE of all rows, FTE of the networks’ own staff, or people (headcount)")
MEASURE_CODE = Column(
    "Measure code", "fte: full-time equivalents of all rows; fte_staff: of the networks’ own staff; headcount: people"
)


def fte(label: str, description: str, note: str | None = "note", *, signed: bool = False, decimals: int = 1) -> Column:
    """A column of full-time equivalents, one decimal on the page."""
    return Column(label, description, "FTE", decimals, note, signed)


def count(label: str, description: str, unit: str, note: str | None = "note") -> Column:
    """A column of whole numbers."""
    return Column(label, description, unit, 0, note)


def share(label: str, description: str, note: str | None = "note", *, signed: bool = False) -> Column:
    """A column of percentages, one decimal on the page."""
    return Column(label, description, "%", 1, note, signed)


# Of a series in a table beside others: a year of monthly censuses, or three of quarterly ones. Downloads have all.
CENSUSES_ON_PAGE = 13
# Of tables with many rows for each census the page has a year of quarters, or the latest months.
CENSUSES_OF_A_YEAR = 4


class TableMaker:
    """Makes tables from an analysis; its children group them by what they are about."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._measures = analysis.measures

    @property
    def _period(self) -> str:
        return self._analysis.period

    @property
    def _role(self) -> str:
        return self._analysis.role

    @property
    def _words(self) -> RoleWords:
        """How the role that the report is about is called."""
        return self._analysis.roles.focus

    @property
    def _who(self) -> str:
        return self._words.short

    @property
    def _until(self) -> str:
        return month_label(self._period)

    @property
    def _areas_at(self) -> str:
        """The latest census that has areas: a period may have national figures alone."""
        return month_label((self._analysis.area_censuses[-1:] or [self._period])[0])

    def _national_or_latest(self, frame: pd.DataFrame) -> pd.DataFrame:
        """England at every census, areas at the latest: the frames under ``measures/`` hold all of it."""
        latest = self._analysis.area_censuses[-1:] or [self._period]
        return frame[(frame["level"] == "england") | (frame["census"] == latest[0])]

    def _table(
        self,
        table_id: str,
        title: str,
        frame: pd.DataFrame,
        columns: dict[str, Column],
        *,
        index: list[str] | None = None,
    ) -> Table:
        """A table of the columns described, their notes, and what identifies a row.

        A count of networks whatever the role carries no mark of a break, which is one of the role's figures. Columns
        with the codes of roles and measures stand beside their names; the page shows the names.
        """
        coded = {
            "role": (ROLE_CODE, "role_name", ROLE_NAME, self._analysis.roles.names),
            "measure": (MEASURE_CODE, "measure_name", MEASURE_NAME, MEASURE_LABELS),
        }
        coded = {name: of for name, of in coded.items() if columns.get(name) is of[0]}
        for name, (_, beside, column, names) in coded.items():
            frame = frame.assign(**{beside: [names.get(str(code), str(code)) for code in frame[name]]})
            columns = {
                each: its
                for old, given in columns.items()
                for each, its in (((beside, column),) if old == name else ()) + ((old, given),)
            }
        on_page = tuple(name for name in columns if name not in coded) if coded else ()
        for name in [name for name in columns if name in _ANY_ROLE and columns[name].note]:
            note = f"{name}_count_note"
            frame = frame.assign(**{note: frame[columns[name].note].where(frame[columns[name].note] != "[b]", "")})
            columns = {**columns, name: replace(columns[name], note=note)}
        notes = [column.note for column in columns.values() if column.note]
        wanted = list(dict.fromkeys([*columns, *notes, *(index or [])]))
        kept = frame.reindex(columns=wanted) if not len(frame) else frame[wanted]
        source = SYNTHETIC_SOURCE if self._analysis.catalogue.synthetic else SOURCE
        return Table(table_id, title, kept.reset_index(drop=True), columns, source=source, on_page=on_page)


def newest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows by census, the latest first, otherwise in their order: the page shows the first ones."""
    return frame.sort_values("census", ascending=False, kind="stable")


def rows_of_latest(frame: pd.DataFrame, censuses: int) -> int:
    """How many rows of ``frame`` are of the latest so many censuses that it has."""
    latest = sorted(frame["census"].unique())[-censuses:]
    return int(frame["census"].isin(latest).sum())


def disclosed(table: Table) -> Prose:
    """Give a table under a disclosure, with the link to its CSV."""
    html = Markup(
        '<details class="table"><summary>{title}</summary>{table}'
        '<p class="download"><a href="tables/{csv}" download>Download the table</a> as <code>{csv}</code></p></details>'
    ).format(title=dated(table.title), table=table.to_html(), csv=table.csv_name)
    return Prose(html, "div", "disclosed", (table,))


def in_focus(frame: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """The roles in focus in England, regions and ICBs; the frames under ``measures/`` hold every role and area."""
    return frame[frame["role"].isin(roles.with_focus(FOCUS_ROLES)) & frame["level"].isin(("england", "region", "icb"))]


def where(frame: pd.DataFrame, **values: str) -> pd.DataFrame:
    """The rows in which each column has the value given."""
    for column, value in values.items():
        frame = frame[frame[column] == value]
    return frame
