"""More than five hundred corruptions of extracts, and what becomes of each: read, read with a note, or refused.

Each is read by the reader of its kind, or as one file of a folder. None ends in an error of another kind, none changes
a figure in silence, and no message holds what a terminal would obey.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from extracts.extract_files import (
    COLUMNS,
    MAP_ROW,
    PATIENT_ROW,
    READERS,
    SCORE_ROW,
    bulletin_xlsx,
    census_csv,
    csv_bytes,
    deprivation_csv,
    patients_csv,
    practice_map_csv,
    raw_folder,
    simple_bulletin,
    zip_bytes,
)

from analysis.errors import ExtractError
from analysis.extracts import ingest
from analysis.extracts.reading import SetAside

READ, NOTED, REFUSED, ASIDE = "read", "read with a note", "refused", "set aside"


@dataclass(frozen=True)
class Corruption:
    """A file with a fault, the reader that is given it, and what must become of it.

    ``says``: what the note or the message must hold.
    """

    name: str
    kind: str
    data: bytes
    outcome: str
    says: str = ""


WHOLE = csv_bytes([{"FTE": "1"}, {"FTE": "0.5"}, {"FTE": "0.25"}], encoding="utf-8")
LISTS: dict[str, tuple[Callable[..., bytes], dict[str, str], tuple[str, ...]]] = {
    "patients": (patients_csv, PATIENT_ROW, ("EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_5")),
    "practice_map": (practice_map_csv, MAP_ROW, ("EXTRACT_DATE", "PRACTICE_CODE", "PCN_CODE")),
    "deprivation": (deprivation_csv, SCORE_ROW, ("PRACTICE_CODE", "IMD_YEAR", "IMD_SCORE")),
}
TEXTS = ("Data_source", "PCN_CODE", "PCN_NAME", "SUB_ICB_CODE", "SUB_ICB_NAME", "ICB_CODE", "ICB_NAME")
TEXTS += ("COMM_REGION_CODE", "COMM_REGION_NAME", "STAFF_GROUP", "STAFF_ROLE", "DETAILED_STAFF_ROLE")
NO_NUMBER = [
    "",
    "NULL",
    "-",
    "..",
    "*",
    "1,0",
    "1.263,5",
    "1,263",
    "£1",
    "1%",
    "one",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "1e",
    "e5",
]
NO_NUMBER += [
    "0x1F",
    "1_000",
    "1 000",
    "1.0.0",
    "--1",
    "+1",
    "½",
    "\uff11",
    "\u0663",
    "1e400",
    "9" * 400,
    "true",
    "#REF!",
    "=1+1",
]
NO_YEAR = ["", "22", "1999", "2122", "2022.0", "2,022", "MMXXII", "\uff12\uff10\uff12\uff12", "-2022", "20 22", "NULL"]
NO_MONTH = ["", "0", "13", "00", "9.0", "Sep", "September", "\uff19", "-9", "NULL", "1 2"]
SEEN_NOT = ["\u200b", "\u200d", "\u202e", "\u2066", "\u2060", "\ufeff", "\u00ad"]
SPACING = ["\t", "\x0b", "\x0c", "\x85", "\u00a0", "\u2003", "\u2028", "\u3000"]
NO_TEXT = ["\x01", "\x08", "\x1b", "\x7f", "\x81", "\ufdd0", "\ufffe", "\uffff", "\U0010ffff"]


def with_header(data: bytes, column: str, other: str) -> bytes:
    """The CSV with another name for one of its columns."""
    header, _, rest = data.partition(b"\r\n")
    names = [other if name == column else name for name in header.decode().split(",")]
    return ",".join(names).encode() + b"\r\n" + rest


def workforce_cells() -> Iterator[Corruption]:
    """One cell of an individual-level CSV."""
    for column, characters in itertools.product(TEXTS, (SEEN_NOT, SPACING, NO_TEXT)):
        for character in characters:
            data = csv_bytes([{}, {column: f"A{character}B"}], encoding="utf-8")
            outcome = REFUSED if characters is NO_TEXT else NOTED
            where = f"{column} holds" if characters is NO_TEXT else f"in {column}, line 3"
            yield Corruption(f"{column} with U+{ord(character):04X}", "workforce", data, outcome, where)
    for column, values, says in (
        ("FTE", NO_NUMBER, "FTE is not a number in line 3"),
        ("CENSUS_YEAR", NO_YEAR, "CENSUS_YEAR is not a year in line 3"),
        ("CENSUS_MONTH", NO_MONTH, "CENSUS_MONTH is not a month in line 3"),
    ):
        for value in values:
            data = csv_bytes([{}, {column: value}], encoding="utf-8")
            yield Corruption(f"{column} of {value[:9]!r}", "workforce", data, REFUSED, says)
    for column in TEXTS:
        data = csv_bytes([{column: "x" * 1_001}])
        yield Corruption(f"{column} of 1,001 characters", "workforce", data, REFUSED, f"{column} has a cell of 1,001")


def workforce_forms() -> Iterator[Corruption]:
    """The columns, rows and bytes of an individual-level CSV."""
    for column in COLUMNS:
        others = [name for name in COLUMNS if name != column]
        yield Corruption(
            f"without {column}", "workforce", csv_bytes(columns=others), REFUSED, f"lacks the column {column}"
        )
        twice = csv_bytes(columns=[*COLUMNS, column])
        yield Corruption(f"{column} twice", "workforce", twice, REFUSED, f"the column {column} more than once")
        for other in (column.lower(), f" {column} "):
            changed = with_header(csv_bytes(), column, other)
            if other != column:
                yield Corruption(f"{column} as {other!r}", "workforce", changed, NOTED, "in another way")
        hidden = with_header(csv_bytes(encoding="utf-8"), column, f"{column}\u200b")
        yield Corruption(
            f"{column} with a zero-width space", "workforce", hidden, REFUSED, f"lacks the column {column}"
        )
    rows = WHOLE.split(b"\r\n")
    for line in (1, 2, 3):
        for name, change, says in (
            ("a cell more", lambda row: row + b",x", "do not match its 16 columns"),
            ("a cell less", lambda row: row.rpartition(b",")[0], "do not match its 16 columns"),
            ("a stray quotation mark", lambda row: row.replace(b"NIGHT", b'"NIGHT'), "odd number of quotation marks"),
            ("a zero byte", lambda row: row.replace(b"NIGHT", b"NI\x00GHT"), "holds a zero byte"),
            ("another encoding", lambda row: row.replace(b"NIGHT", "é".encode() + b"\x81"), "neither UTF-8 nor"),
            ("two encodings", lambda row: row.replace(b"NIGHT", "–".encode() + b"\x96"), "mixes UTF-8"),
            ("another census", lambda row: row.replace(b",2022,9,", b",2022,6,"), "holds 2 censuses"),
            ("another year", lambda row: row.replace(b",2022,9,", b",2021,9,"), "holds 2 censuses"),
            ("a synthetic name", lambda row: row.replace(b"NIGHT", b"SYNTHETIC NIGHT"), "mixes 1 synthetic"),
        ):
            changed = [change(row) if i == line else row for i, row in enumerate(rows)]
            yield Corruption(f"{name} in row {line}", "workforce", b"\r\n".join(changed), REFUSED, says)
    for name, data, outcome, says in (
        ("no last line break", WHOLE.rstrip(), NOTED, "does not end with a line break"),
        ("a line of commas", WHOLE + b"," * 15 + b"\r\n", NOTED, "a line of commas"),
        ("no rows", rows[0] + b"\r\n", REFUSED, "a header and no rows"),
        ("a header alone", rows[0], REFUSED, "a header and no rows"),
        ("UTF-8 with a mark", b"\xef\xbb\xbf" + WHOLE, READ, ""),
        ("line feeds", WHOLE.replace(b"\r\n", b"\n"), READ, ""),
        ("carriage returns", WHOLE.replace(b"\r\n", b"\r"), READ, ""),
        ("empty lines at the end", WHOLE + b"\r\n\r\n", READ, ""),
        ("a mark of UTF-8 and then Windows-1252", b"\xef\xbb\xbf" + WHOLE.replace(b"NIGHT", b"N\x96"), REFUSED, "is not UTF-8"),
        ("a header of 6,000 characters", csv_bytes(columns=[*COLUMNS, "x" * 6_000]), REFUSED, "The first line of"),
        ("201 columns", csv_bytes(columns=[*COLUMNS, *(f"c{i}" for i in range(185))]), REFUSED, "201 columns"),
        ("a column more", csv_bytes(columns=[*COLUMNS, "AGE"]), NOTED, "columns that its layout does not have"),
        ("a census before the first", csv_bytes([{"CENSUS_YEAR": "2019"}]), REFUSED, "before the series begins"),
    ):  # fmt: skip
        yield Corruption(name, "workforce", data, outcome, says)
    for cut in range(20, len(WHOLE) - 2, 23):  # cut anywhere: stopped, unless the cut is at the end of a line
        at_end = WHOLE[:cut].endswith((b"\r\n", b"\r")) or WHOLE[cut : cut + 2] == b"\r\n"
        if cut > len(rows[0]) + 2 and not at_end:
            yield Corruption(f"cut after {cut} bytes", "workforce", WHOLE[:cut], "cut", "")


def lists() -> Iterator[Corruption]:
    """Lists of patients, maps of practices, deprivation scores."""
    for kind, (write, row, needed) in LISTS.items():
        good = write()
        for column in needed:
            others = [name for name in row if name != column]
            yield Corruption(f"{kind} without {column}", kind, write(columns=others), REFUSED, f"the column {column}")
            for character in (*NO_TEXT[:4], *NO_TEXT[6:8]):
                changed = write([{}, {column: f"{row[column]}{character}"}])
                name = f"{kind}: {column} with U+{ord(character):04X}"
                yield Corruption(name, kind, changed, REFUSED, f"{column} holds U+{ord(character):04X}")
            long = write([{}, {column: "9" * 1_001}])
            yield Corruption(
                f"{kind}: {column} of 1,001 characters", kind, long, REFUSED, f"{column} has a cell of 1,001"
            )
        yield Corruption(f"{kind} without rows", kind, good.split(b"\r\n")[0], REFUSED, "a header and no rows")
        yield Corruption(f"{kind} with a zero byte", kind, good[:-4] + b"\x00" + good[-4:], REFUSED, "zero byte")
        yield Corruption(f"{kind} with a stray mark", kind, good[:-4] + b'"' + good[-4:], REFUSED, "odd number")
        yield Corruption(f"{kind} with a cell more", kind, good.rstrip() + b",x\r\n", REFUSED, "do not match its")
        yield Corruption(f"{kind} cut", kind, good[: good.rindex(b",")] + b"\r\n", REFUSED, "do not match its")
    for date in (
        "01/07/2022",
        "",
        "NULL",
        "2022-13-01",
        "2022-02-30",
        "yesterday",
        "1656633600",
        "2022-7-1",
        "07-2022",
    ):
        for kind in ("patients", "practice_map"):
            data = LISTS[kind][0]([{"EXTRACT_DATE": date}])
            yield Corruption(f"{kind}: date {date!r}", kind, data, ASIDE, "cannot be read with certainty")
    for count in (*NO_NUMBER, "1.5", "-1", "9" * 20, "1e3", "12345678901"):
        data = patients_csv([{}, {"NUMBER_OF_PATIENTS": count, "ORG_CODE": "U2"}])
        yield Corruption(f"patients: {count[:9]!r}", "patients", data, REFUSED, "is not a count in line 3")
    for score in ("one", "1,5", "nan", "inf", "1e400", "-1", "100.1", "\uff19"):
        data = deprivation_csv([{}, {"IMD_SCORE": score, "PRACTICE_CODE": "B"}])
        yield Corruption(f"deprivation: {score!r}", "deprivation", data, REFUSED, "IMD_SCORE is not")
    for year in NO_YEAR:
        data = deprivation_csv([{}, {"IMD_YEAR": year, "PRACTICE_CODE": "B"}])
        yield Corruption(
            f"deprivation: year {year!r}", "deprivation", data, REFUSED, "IMD_YEAR is not a year in line 3"
        )
    yield Corruption("patients: twice", "patients", patients_csv([{}, {}]), REFUSED, "twice: lines 2 and 3")
    yield Corruption("map: twice", "practice_map", practice_map_csv([{}, {}]), REFUSED, "a practice twice")
    yield Corruption(
        "map: no code", "practice_map", practice_map_csv([{"PRACTICE_CODE": ""}]), REFUSED, "is missing in line 2"
    )
    yield Corruption("scores: twice", "deprivation", deprivation_csv([{}, {}]), REFUSED, "more than one score")
    yield Corruption(
        "patients: ages alone", "patients", patients_csv([{"AGE_GROUP_5": "0_4"}]), REFUSED, "no row with SEX = ALL"
    )


def workbooks() -> Iterator[Corruption]:
    """Cells and headings of the bulletin tables, and bytes of the workbook."""
    for cell in ("n/a", "12.5.1", "1,0", "#REF!", "1e", "nan", "inf", "9" * 400, "1e400", True, "12.5 FTE", "½"):
        rows = [["Role", "June 2022", "September 2022"], ["Managers", 1.0, cell]]
        yield Corruption(
            f"cell {str(cell)[:9]!r}", "bulletin", bulletin_xlsx(rows, rows), NOTED, "is no figure and is not read"
        )
    for cell, says in (("1,263", "a comma for thousands"), ("12.5 [r]", "[r] beside figures"), ("*", "'*' in place")):
        rows = [["Role", "September 2022"], ["Managers", 1.0], ["Directors", cell]]
        yield Corruption(f"cell {cell!r}", "bulletin", bulletin_xlsx(rows, rows), NOTED, says)
    for heading in ("Q2 2022", "Quarter 2022", "2022", "13/2022", "Total 2022"):
        rows = [["Role", "March 2022", heading, "September 2022"], ["Managers", 1.0, 2.0, 3.0]]
        yield Corruption(f"heading {heading!r}", "bulletin", bulletin_xlsx(rows, rows), REFUSED, "names no month")
    twice = [["Role", "June 2022", "June 2022"], ["Managers", 1.0, 2.0]]
    yield Corruption("a month twice", "bulletin", bulletin_xlsx(twice, twice), REFUSED, "more than one column")
    empty = [["Role", "June 2022"], ["Managers", ".."]]
    yield Corruption("no figure", "bulletin", bulletin_xlsx(empty, empty), REFUSED, "without a single figure")
    none = [["Role", "One"], ["Managers", 1.0]]
    yield Corruption("no months", "bulletin", bulletin_xlsx(none, none), REFUSED, "has no row of months")
    whole = simple_bulletin({"June 2022": 1.0, "September 2022": 2.0})
    for cut in range(200, len(whole) - 25, max(1, len(whole) // 40)):
        yield Corruption(
            f"workbook cut after {cut} bytes", "bulletin", whole[:cut], REFUSED, "cannot be read as a workbook"
        )
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    for part in ("xl/workbook.xml", "xl/worksheets/sheet2.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        for name, content in (
            ("empty", b""),
            ("no XML", b"<a><b></a>"),
            ("half", parts[part][: len(parts[part]) // 2]),
        ):
            changed = zip_bytes(parts | {part: content})
            yield Corruption(f"{part} {name}", "bulletin", changed, REFUSED, "cannot be read as a workbook")


ALL = [*workforce_cells(), *workforce_forms(), *lists(), *workbooks()]


def test_there_are_five_hundred():
    assert len({corruption.name for corruption in ALL}) >= 500


def outcome_of(corruption: Corruption) -> tuple[str, str]:
    """What became of it, and what was said. Any other error is let through: it is a fault of the reader."""
    try:
        reading = READERS[corruption.kind]("f", corruption.data)
    except ExtractError as error:
        return (REFUSED if error.why and error.fix else "refused in less than three parts"), error.what
    except SetAside as error:
        return ASIDE, str(error)
    said = " ".join(note.text for note in reading.notes)
    return (NOTED if said else READ), said


@pytest.mark.parametrize("corruption", ALL, ids=lambda corruption: re.sub(r"[^\w ,.+-]", "_", corruption.name))
def test_a_corruption_ends_as_it_should(corruption):
    outcome, said = outcome_of(corruption)
    if corruption.outcome == "cut":
        assert outcome == REFUSED or "does not end with a line break" in said
        return
    assert (outcome, corruption.says in said) == (corruption.outcome, True), said
    assert said.replace("\n", "").isprintable()


FLIPPED = [(name, data) for name, data in (
    ("a.csv", WHOLE),
    ("p.csv", patients_csv()),
    ("b.xlsx", simple_bulletin({"September 2022": 2.0})),
    ("a.zip", zip_bytes({"a.csv": WHOLE})),
)]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), FLIPPED, ids=[name for name, _ in FLIPPED])
def test_a_byte_that_is_another_ends_in_no_error_of_another_kind(name, data, tmp_path):
    """Sixty bytes of each kind of file, spread over it: read, left out, or refused in three parts."""
    for number, at in enumerate(range(0, len(data), max(1, len(data) // 60))):
        changed = bytearray(data)
        changed[at] ^= 0x5A
        raw = raw_folder(tmp_path / str(number), {"good.csv": census_csv("2022-12"), name: bytes(changed)})
        try:
            catalogue = ingest(raw, tmp_path / "processed")
        except ExtractError as error:
            shown = str(error)
        else:
            shown = catalogue.to_json()
        assert name in shown
        assert shown.replace("\n", "").isprintable()
