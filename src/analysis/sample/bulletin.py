"""The bulletin tables workbook, with the drift of labels that the real editions show; and the definitions workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.columns import STAFF
from analysis.periods import month_label
from analysis.sample.archives import workbook
from analysis.sample.geography import MARK
from analysis.sample.totals import NANO

if TYPE_CHECKING:
    import pandas as pd

    from analysis.registers.roles import Role, Roles

Cell = str | float
NOT_COLLECTED = ".."
NOTES = {
    8: "The collection tool was replaced before the September 2021 census.",
    9: "Gender is not synthesised.",
    11: "Roles of this kind may be counted in more than one row of the published tables.",
    12: "Role that may be reimbursed.",
    20: "Published by mental health and non-mental health practitioners since April 2023.",
}
# The real tables end row labels in notes, written now one way and now another: these take turns.
NOTE_SUFFIXES = ("", " [Note 12]", " [Notes 11,12]", " [Notes 12,20]", "  [Notes 11,12, 20]")
HEADER_NOTE = ("September 2021", {"Table 1a": "  [Note 8]", "Table 1b": ""})
# Rows without figures, as in the real tables: a reader must not take them for roles.
GENDER_ROWS: tuple[tuple[str, str], ...] = (
    ("Female Directors", NOT_COLLECTED),
    ("Male Directors", NOT_COLLECTED),
    ("Other/Unknown Gender Directors [Note 9]", "-"),
)
DEFINITIONS = (
    ("Data_source", "NWRS Staff, or NWRS contracted services: hours delivered by people another organisation employs"),
    ("FTE", "Full-time equivalent: 1.0 is 37.5 hours a week"),
    ("UNIQUE_IDENTIFIER", "Pseudonymous, reissued in each extract; none for contracted services"),
)


@dataclass(frozen=True)
class Table:
    """One of the two tables: what it counts, by role, and the PCNs that recorded it."""

    sheet: str
    title: str
    coverage: str
    by_role: Mapping[str, Mapping[str, float]]
    pcns: Mapping[str, int]


def bulletin_workbook(rows: Mapping[str, pd.DataFrame], pcns_active: Mapping[str, int], roles: Roles) -> bytes:
    """The workbook of the last census in ``rows`` (census -> the rows of its extract), in the layout of the bulletin.

    The figures are counted from ``rows``; PCNs active, which no extract holds, are given.
    """
    censuses = sorted(rows)
    edition = month_label(censuses[-1])
    span = f"{month_label(censuses[0])} - {edition}, England"
    people = {census: frame.loc[frame["data_source"] == STAFF] for census, frame in rows.items()}
    tables = (
        Table(
            "Table 1a",
            f"Table 1a: {MARK} Primary Care Network workforce: staff and contracted services, "
            f"by gender and role, full-time equivalent, {span}",
            "Staff or Contracted Services data",
            {census: _fte(frame) for census, frame in rows.items()},
            {census: frame["pcn"].nunique() for census, frame in rows.items()},
        ),
        Table(
            "Table 1b",
            f"Table 1b: {MARK} Primary Care Network workforce: staff by gender and role, headcount, {span}",
            "Staff data",
            {census: _headcount(frame) for census, frame in people.items()},
            {census: frame["pcn"].nunique() for census, frame in people.items()},
        ),
    )
    with workbook(f"{MARK} Primary Care Network Workforce, {edition}") as (book, result):
        _write(
            book.add_worksheet("Title and Contents"),
            [
                [f"{MARK} Primary Care Network Workforce, England"],
                [f"Bulletin Tables, {span}"],
                ["Invented PCNs and people; national totals as published. Not official statistics."],
                *([table.sheet, table.title] for table in tables),
            ],
        )
        notes: list[Sequence[Cell]] = [[f"Note {number}", text] for number, text in NOTES.items()]
        _write(book.add_worksheet("Notes"), [["Note number", "Note text"], *notes])
        for table in tables:
            _write(book.add_worksheet(table.sheet), _lines(table, censuses, pcns_active, roles))
    return result.content


def definitions_workbook() -> bytes:
    """``0.Primary Care Network Individual-Level CSV overall definitions.xlsx``: no data, as in the real zips."""
    with workbook(f"{MARK} overall definitions") as (book, result):
        _write(book.add_worksheet("Definitions"), [[f"{MARK} Individual-Level CSV"], *map(list, DEFINITIONS)])
    return result.content


def _lines(table: Table, censuses: list[str], pcns_active: Mapping[str, int], roles: Roles) -> list[Sequence[Cell]]:
    header = [month_label(census) for census in censuses]
    month, note = HEADER_NOTE
    listed = sorted(((role.bulletin[-1], role) for role in roles.roles if role.bulletin), key=lambda pair: pair[0])
    lines: list[Sequence[Cell]] = [
        [table.title],
        ["This worksheet contains one table. Some cells refer to notes, which can be found on the Notes worksheet."],
        ["Staff group and role", *(name + note[table.sheet] if name == month else name for name in header)],
        *([label, *(nothing for _ in censuses)] for label, nothing in GENDER_ROWS),
    ]
    for number, (label, role) in enumerate(listed):
        suffix = NOTE_SUFFIXES[number % len(NOTE_SUFFIXES)]
        lines.append([label + suffix, *(_figure(table, census, role) for census in censuses)])
    reporting = [table.pcns[census] for census in censuses]
    active = [pcns_active[census] for census in censuses]
    shares = [part / whole for part, whole in zip(reporting, active, strict=True)]
    return [
        *lines,
        ["Total number of PCNs active", *active],
        [f"Total number of PCNs recording {table.coverage}", *reporting],
        [f"Percentage of PCNs recording {table.coverage}", *shares],
    ]


def _fte(frame: pd.DataFrame) -> dict[str, float]:
    total = frame.groupby("role")["nano_fte"].sum()
    return {str(role): round(nano / NANO, 10) for role, nano in total.items()}


def _headcount(frame: pd.DataFrame) -> dict[str, float]:
    people = frame.groupby("role")["person_id"].nunique()
    return {str(role): int(number) for role, number in people.items()}


def _figure(table: Table, census: str, role: Role) -> Cell:
    """What a cell shows: not collected before the role began, zero where it has begun and nobody holds it."""
    return NOT_COLLECTED if census < role.starts else table.by_role[census].get(role.code, 0)


def _write(sheet: Any, lines: Sequence[Sequence[Cell]]) -> None:
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
