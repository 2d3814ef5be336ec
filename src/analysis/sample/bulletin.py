"""The bulletin tables workbook, with the drift of labels that the real editions show; and the definitions workbook."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.columns import STAFF
from analysis.periods import month_label
from analysis.sample.archives import workbook
from analysis.sample.genders import FEMALE, MALE, UNKNOWN, genders
from analysis.sample.geography import MARK
from analysis.sample.totals import NANO

if TYPE_CHECKING:
    import pandas as pd

    from analysis.registers.roles import Role, Roles

Cell = str | float | None
NOT_COLLECTED = ".."
ALL = "all"
NOTES = {
    8: "The collection tool was replaced before the September 2021 census.",
    9: "Gender is not recorded for contracted services, nor for a few staff.",
    11: "Roles of this kind may be counted in more than one row of the published tables.",
    12: "Role that may be reimbursed.",
    20: "Published by mental health and non-mental health practitioners since April 2023.",
}
# The real tables end row labels in notes, written now one way and now another: these take turns.
NOTE_SUFFIXES = ("", " [Note 12]", " [Notes 11,12]", " [Notes 12,20]", "  [Notes 11,12, 20]")
HEADER_NOTE = ("September 2021", {"Table 1a": "  [Note 8]", "Table 1b": ""})
GROUPS = (
    "Directors",
    "Other GPs",
    "Other Nurses",
    "Other Direct Patient Care staff",
    "Other Admin/Non-clinical staff",
)
# Each group of roles comes four times. The heading of all stands in the first column, those by gender in the second;
# the last is spelt now one way and now another.
UNKNOWN_HEADINGS = ("Other/Unknown Gender {} [Note 9]", "Other/ Unknown Gender  {}  [Note 9]")
# Before a role began the real gender rows print 0 for the older roles, and ".." for those that began later.
GENDER_ZEROS_BEFORE = "2022-03"
DEFINITIONS = (
    ("Data_source", "NWRS Staff, or NWRS contracted services: hours delivered by people another organisation employs"),
    ("FTE", "Full-time equivalent: 1.0 is 37.5 hours a week"),
    ("UNIQUE_IDENTIFIER", "Pseudonymous, reissued in each extract; none for contracted services"),
)


@dataclass(frozen=True)
class Table:
    """One of the two tables: what it counts by census, gender (or `ALL`) and role; and the PCNs that recorded it."""

    sheet: str
    title: str
    coverage: str
    figures: Mapping[tuple[str, str, str], float]
    pcns: Mapping[str, int]


def bulletin_workbook(rows: Mapping[str, pd.DataFrame], pcns_active: Mapping[str, int], roles: Roles) -> bytes:
    """The workbook of the last census in ``rows`` (census -> the rows of its extract), in the layout of the bulletin.

    The figures are counted from ``rows``; PCNs active, which no extract holds, are given.
    """
    censuses = sorted(rows)
    edition = month_label(censuses[-1])
    span = f"{month_label(censuses[0])} - {edition}, England"
    by_gender = {census: frame.assign(gender=genders(census, frame, roles)) for census, frame in rows.items()}
    people = {census: frame.loc[frame["data_source"] == STAFF] for census, frame in by_gender.items()}
    tables = (
        Table(
            "Table 1a",
            f"Table 1a: {MARK} Primary Care Network workforce by gender and role, full-time equivalent, {span}",
            "Staff or Contracted Services data",
            _figures({census: _fte(frame) for census, frame in by_gender.items()}),
            {census: frame["pcn"].nunique() for census, frame in rows.items()},
        ),
        Table(
            "Table 1b",
            f"Table 1b: {MARK} Primary Care Network workforce by gender and role, headcount, {span}",
            "Staff data",
            _figures({census: _headcount(frame) for census, frame in people.items()}),
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
    month, note = HEADER_NOTE
    header = [month_label(census) for census in censuses]
    lines: list[Sequence[Cell]] = [
        [table.title],
        ["This worksheet contains one table. Some cells refer to notes, which can be found on the Notes worksheet."],
        [None, None, *(name + note[table.sheet] if name == month else name for name in header)],
    ]
    for number, group in enumerate(GROUPS):
        listed = sorted((role.bulletin[-1], role) for role in roles.roles if role.group == group and role.bulletin)
        headings: dict[str, Sequence[Cell]] = {
            ALL: [f"All {group}"],
            MALE: [None, f"Male {group}"],
            FEMALE: [None, f"Female {group}"],
            UNKNOWN: [None, UNKNOWN_HEADINGS[number % len(UNKNOWN_HEADINGS)].format(group)],
        }
        for gender, heading in headings.items():
            lines.append(heading)
            lines += [_line(table, censuses, gender, role) for _, role in listed if _is_printed(table, gender, role)]
    reporting = [table.pcns[census] for census in censuses]
    active = [pcns_active[census] for census in censuses]
    shares = [part / whole for part, whole in zip(reporting, active, strict=True)]
    return [
        *lines,
        ["Total number of PCNs active", None, *active],
        [f"Total number of PCNs recording {table.coverage}", None, *reporting],
        [f"Percentage of PCNs recording {table.coverage}", None, *shares],
    ]


def _is_printed(table: Table, gender: str, role: Role) -> bool:
    """Whether a role has a row in a block: in that of all always, by gender where anybody was ever counted."""
    return gender == ALL or any(key[1:] == (gender, role.code) and value for key, value in table.figures.items())


def _line(table: Table, censuses: list[str], gender: str, role: Role) -> list[Cell]:
    suffix = NOTE_SUFFIXES[zlib.crc32(role.code.encode()) % len(NOTE_SUFFIXES)]
    return [None, role.bulletin[-1] + suffix, *(_figure(table, census, gender, role) for census in censuses)]


def _figure(table: Table, census: str, gender: str, role: Role) -> Cell:
    """What a cell shows: not collected before the role began, zero where it has begun and nobody holds it."""
    if census < role.starts and (gender == ALL or role.starts >= GENDER_ZEROS_BEFORE):
        return NOT_COLLECTED
    return table.figures.get((census, gender, role.code), 0)


def _figures(by_census: Mapping[str, Mapping[tuple[str, str], float]]) -> dict[tuple[str, str, str], float]:
    """The figures by gender and role of each census, with those of `ALL`, by census, gender and role."""
    figures: dict[tuple[str, str, str], float] = {}
    for census, found in by_census.items():
        for (gender, role), value in found.items():
            figures[census, gender, role] = value
            figures[census, ALL, role] = figures.get((census, ALL, role), 0) + value
    return {key: round(value, 10) for key, value in figures.items()}


def _fte(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    total = frame.groupby(["gender", "role"])["nano_fte"].sum()
    return {(gender, role): nano / NANO for (gender, role), nano in _pairs(total)}


def _headcount(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    people = frame.groupby(["gender", "role"])["person_id"].nunique()
    return {(gender, role): int(number) for (gender, role), number in _pairs(people)}


def _pairs(by_gender_and_role: pd.Series[Any]) -> list[tuple[Any, Any]]:
    return list(zip(by_gender_and_role.index.tolist(), by_gender_and_role.tolist(), strict=True))


def _write(sheet: Any, lines: Sequence[Sequence[Cell]]) -> None:
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
