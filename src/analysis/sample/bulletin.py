"""The bulletin tables workbook, with the drift of labels that the real editions show; and the definitions workbook."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.periods import month_label
from analysis.sample.archives import workbook
from analysis.sample.genders import FEMALE, MALE, UNKNOWN, by_gender
from analysis.sample.geography import MARK
from analysis.sample.totals import NANO, Totals

if TYPE_CHECKING:
    from analysis.registers.roles import Role, Roles

Cell = str | float | None
Figures = dict[tuple[str, str, str], float]
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
    figures: Figures
    pcns: Mapping[str, int]


def bulletin_workbook(totals: Totals, censuses: list[str], roles: Roles) -> bytes:
    """The workbook of the last of ``censuses``, in the layout of the bulletin, with the figures of all of them."""
    edition = month_label(censuses[-1])
    span = f"{month_label(censuses[0])} - {edition}, England"
    fte, people = _figures(totals, censuses, roles)
    tables = (
        Table(
            "Table 1a",
            f"Table 1a: {MARK} Primary Care Network workforce by gender and role, full-time equivalent, {span}",
            "Staff or Contracted Services data",
            fte,
            totals.pcns_reporting,
        ),
        Table(
            "Table 1b",
            f"Table 1b: {MARK} Primary Care Network workforce by gender and role, headcount, {span}",
            "Staff data",
            people,
            totals.pcns_reporting_staff,
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
            _write(book.add_worksheet(table.sheet), _lines(table, censuses, totals.pcns_active, roles))
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


def _figures(totals: Totals, censuses: list[str], roles: Roles) -> tuple[Figures, Figures]:
    """FTE and people by census, gender or `ALL`, and role."""
    fte, people = {}, {}
    for census in censuses:
        for role in roles.roles:
            found = by_gender(totals, census, role)
            found[ALL] = (sum(nano for nano, _ in found.values()), sum(number for _, number in found.values()))
            for gender, (nano, number) in found.items():
                fte[census, gender, role.code] = nano / NANO
                people[census, gender, role.code] = float(number)
    return fte, people


def _write(sheet: Any, lines: Sequence[Sequence[Cell]]) -> None:
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
