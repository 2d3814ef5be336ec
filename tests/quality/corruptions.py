"""Corruptions of a real extract, list or workbook that stands for the newest: one that nothing published guards yet.

September 2022 is rewritten as October 2022, of which the register of published totals has nothing: the publisher took
no census in that month. The list of patients of March 2022 is rewritten as that of October, and the workbook of November
2025 is held against a register without that month. What is done to them is small Python on rows and cells, so that a
reader can judge it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

HEADER = 0
LINK_WORKERS = "Social Prescribing Link Workers"
CONTRACTED = "NWRS contracted services"
Rows = list[list[str]]
Change = Callable[[Rows], Rows]


@dataclass(frozen=True)
class Corruption:
    """What was done, how much of it, and the function that does it to the rows (the first is the header)."""

    what: str
    size: str
    change: Change


BookChange = Callable[[Workbook], None]


@dataclass(frozen=True)
class BookCorruption:
    """The same for a workbook, which the function changes in place; ``census`` is the last that it has then."""

    what: str
    size: str
    change: BookChange
    census: str = "2025-11"


def column(rows: Rows, name: str) -> int:
    return rows[HEADER].index(name)


def read(path: Path, encoding: str = "cp1252") -> Rows:
    return list(csv.reader(io.StringIO(path.read_text(encoding=encoding))))


def written(rows: Rows) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode("cp1252")


def without_negatives(rows: Rows) -> Rows:
    """Without the sign of the one negative FTE, which the register of anomalies explains at its own census alone."""
    fte = column(rows, "FTE")
    return [rows[HEADER], *(with_values(row, {fte: row[fte].lstrip("-")}) for row in rows[1:])]


def dated(year: str, month: str) -> Change:
    """The same rows as another census."""

    def change(rows: Rows) -> Rows:
        at = column(rows, "CENSUS_YEAR"), column(rows, "CENSUS_MONTH")
        return [rows[HEADER], *(with_values(row, {at[0]: year, at[1]: month}) for row in rows[1:])]

    return change


def with_values(row: list[str], values: dict[int, str]) -> list[str]:
    return [values.get(place, cell) for place, cell in enumerate(row)]


def first_again(number: int) -> Change:
    return lambda rows: [*rows, *rows[1 : number + 1]]


def all_again(rows: Rows) -> Rows:
    return [*rows, *rows[1:]]


def contracted_again(rows: Rows) -> Rows:
    return [*rows, *(row for row in rows[1:] if row[0] == CONTRACTED)]


def first_share(share: float) -> Change:
    """The first part of the rows, as of a file that was cut at the end of a line."""
    return lambda rows: rows[: 1 + round(share * (len(rows) - 1))]


def without(name: str, value: str, *, every: int = 1) -> Change:
    """Without every so manyth row that has a value in a column."""

    def change(rows: Rows) -> Rows:
        at = column(rows, name)
        found = [number for number, row in enumerate(rows) if row[at] == value]
        gone = set(found[::every])
        return [row for number, row in enumerate(rows) if number not in gone]

    return change


def swapped(one: str, other: str) -> Change:
    """The content of two columns, the header left as it is."""

    def change(rows: Rows) -> Rows:
        a, b = column(rows, one), column(rows, other)
        return [rows[HEADER], *(with_values(row, {a: row[b], b: row[a]}) for row in rows[1:])]

    return change


def renamed(new: str, *, every: int = 1, old: str = LINK_WORKERS) -> Change:
    """Every so manyth row of a role under another name."""

    def change(rows: Rows) -> Rows:
        role, detailed = column(rows, "STAFF_ROLE"), column(rows, "DETAILED_STAFF_ROLE")
        found = [number for number, row in enumerate(rows) if row[role] == old][::every]
        chosen = set(found)
        return [
            with_values(row, {role: new, detailed: new}) if number in chosen else row for number, row in enumerate(rows)
        ]

    return change


def one_fte(value: str) -> Change:
    """One row of contracted link workers with another FTE."""

    def change(rows: Rows) -> Rows:
        role, fte = column(rows, "STAFF_ROLE"), column(rows, "FTE")
        at = next(n for n, row in enumerate(rows) if row[0] == CONTRACTED and row[role] == LINK_WORKERS)
        return [with_values(row, {fte: value}) if number == at else row for number, row in enumerate(rows)]

    return change


def every_fte(factor: float) -> Change:
    """Every FTE of contracted link workers multiplied: hours in the place of FTE, for instance."""

    def change(rows: Rows) -> Rows:
        role, fte = column(rows, "STAFF_ROLE"), column(rows, "FTE")
        return [
            with_values(row, {fte: str(float(row[fte]) * factor)})
            if row[0] == CONTRACTED and row[role] == LINK_WORKERS
            else row
            for row in rows
        ]

    return change


def total_row(fte: str, code: str = "U99999") -> Change:
    """A total that was left in the file, under a code of its own."""

    def change(rows: Rows) -> Rows:
        model = next(row for row in rows if row[0] == CONTRACTED and row[column(rows, "STAFF_ROLE")] == LINK_WORKERS)
        return [*rows, with_values(model, {column(rows, "PCN_CODE"): code, column(rows, "FTE"): fte})]

    return change


def patients_times(factor: int) -> Change:
    """Every number of patients multiplied."""

    def change(rows: Rows) -> Rows:
        at = column(rows, "NUMBER_OF_PATIENTS")
        return [rows[HEADER], *(with_values(row, {at: str(int(row[at]) * factor)}) for row in rows[1:])]

    return change


def list_dated(date: str) -> Change:
    """The same list of patients on another day."""

    def change(rows: Rows) -> Rows:
        at = column(rows, "EXTRACT_DATE")
        return [rows[HEADER], *(with_values(row, {at: date}) for row in rows[1:])]

    return change


def unchanged(rows: Rows) -> Rows:
    return rows


def latest_figure(value: float) -> BookChange:
    """The last cell of the first row of link workers in Table 1a: FTE of all genders in November 2025."""

    def change(book: Workbook) -> None:
        row = next(row for row in book["Table 1a"].iter_rows() if str(row[1].value).startswith(LINK_WORKERS))
        row[-1].value = value

    return change


def latest_heading(text: str) -> BookChange:
    """The last heading of Tables 1a and 1b."""

    def change(book: Workbook) -> None:
        for name in ("Table 1a", "Table 1b"):
            book[name].cell(row=3, column=book[name].max_column).value = text

    return change


def figure_of(heading: str, value: float) -> BookChange:
    """The first figure of link workers of an earlier month."""

    def change(book: Workbook) -> None:
        sheet = book["Table 1a"]
        at = next(cell.column for cell in sheet[3] if cell.value == heading)
        row = next(row for row in sheet.iter_rows() if str(row[1].value).startswith(LINK_WORKERS))
        row[at - 1].value = value

    return change


def book_unchanged(_: Workbook) -> None:
    return None


NOTHING = "nothing"
WORKFORCE = (
    Corruption(NOTHING, "", unchanged),
    Corruption("rows of the file repeated", "the first 50", first_again(50)),
    Corruption("rows of the file repeated", "the first 500", first_again(500)),
    Corruption("rows of the file repeated", "the first 5,000", first_again(5_000)),
    Corruption("rows of the file repeated", "all", all_again),
    Corruption("rows of contracted services repeated", "all", contracted_again),
    Corruption("rows missing at the end", "one in twenty", first_share(0.95)),
    Corruption("rows missing at the end", "one in five", first_share(0.8)),
    Corruption("rows missing at the end", "half", first_share(0.5)),
    Corruption("rows of link workers missing", "one in twenty", without("STAFF_ROLE", LINK_WORKERS, every=20)),
    Corruption("rows of link workers missing", "one in five", without("STAFF_ROLE", LINK_WORKERS, every=5)),
    Corruption("rows of link workers missing", "one in two", without("STAFF_ROLE", LINK_WORKERS, every=2)),
    Corruption("rows of a region missing", "London", without("COMM_REGION_NAME", "London")),
    Corruption("columns swapped", "ICB and sub-ICB codes", swapped("ICB_CODE", "SUB_ICB_CODE")),
    Corruption("columns swapped", "region and ICB codes", swapped("COMM_REGION_CODE", "ICB_CODE")),
    Corruption("a total row under a new code", "5 FTE", total_row("5")),
    Corruption("a total row under a new code", "12 FTE", total_row("12")),
    Corruption("a total row under a new code", "30.5 FTE", total_row("30.5")),
    Corruption("FTE of one contracted row", "14", one_fte("14")),
    Corruption("FTE of one contracted row", "20", one_fte("20")),
    Corruption("FTE of one contracted row", "500", one_fte("500")),
    Corruption("FTE of one contracted row", "1e300", one_fte("1e300")),
    Corruption("hours in the place of FTE", "contracted link workers", every_fte(37.5)),
    Corruption("FTE of contracted link workers doubled", "all rows", every_fte(2)),
    Corruption("link workers under another name", "one in ten as Link Worker", renamed("Link Worker", every=10)),
    Corruption("link workers under another name", "half as Link Worker", renamed("Link Worker", every=2)),
    Corruption(
        "link workers under another name",
        "one in ten as Community Navigators",
        renamed("Community Navigators", every=10),
    ),
    Corruption(
        "link workers under another name", "half as Community Navigators", renamed("Community Navigators", every=2)
    ),
    Corruption("census of another time", "December 2099", dated("2099", "12")),
)
LISTS = (
    Corruption(NOTHING, "", unchanged),
    Corruption("patients in another unit", "× 1,000", patients_times(1_000)),
    Corruption("patients in another unit", "18 digits", patients_times(10**13)),
    Corruption("patients all zero", "", patients_times(0)),
    Corruption("one network only", "", lambda rows: rows[:2]),
    Corruption("networks missing at the end", "one in fifty", first_share(0.98)),
    Corruption("networks missing at the end", "one in ten", first_share(0.9)),
    Corruption("networks missing at the end", "half", first_share(0.5)),
)
WORKBOOKS = (
    BookCorruption(NOTHING, "", book_unchanged),
    BookCorruption("latest FTE of link workers", "0", latest_figure(0)),
    BookCorruption("latest FTE of link workers", "350,000", latest_figure(350_000)),
    BookCorruption("latest FTE of link workers", "2,400 in the place of 2,699", latest_figure(2_400)),
    BookCorruption("latest FTE of link workers", "2,690 in the place of 2,699", latest_figure(2_690)),
    BookCorruption("FTE of link workers in March 2024", "0", figure_of("March 2024", 0)),
    BookCorruption("FTE of link workers in March 2024", "1 more", figure_of("March 2024", 2_863.4)),
    BookCorruption("latest heading", "November 2099", latest_heading("November 2099"), "2099-11"),
)
