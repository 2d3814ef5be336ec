"""Small extracts in the publisher's layouts, built for a test."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

from analysis.columns import INDIVIDUAL_TO_TIDY, PATIENTS_RAW
from analysis.extracts.bulletin import read_bulletin
from analysis.extracts.examine import _READERS
from analysis.extracts.workbook import Workbook

# How a file of each kind is read, by its name and content.
READERS = {**_READERS, "bulletin": lambda file, data: read_bulletin(Workbook(file, data))}

COLUMNS = list(INDIVIDUAL_TO_TIDY)
ROW = {
    "Data_source": "NWRS Staff",
    "CENSUS_YEAR": "2022",
    "CENSUS_MONTH": "9",
    "PCN_CODE": "U02454",
    "PCN_NAME": "NIGHTINGALE PCN",
    "SUB_ICB_CODE": "36L",
    "SUB_ICB_NAME": "NHS South West London ICB - 36L ",
    "ICB_CODE": "QWE",
    "ICB_NAME": "NHS South West London ICB",
    "COMM_REGION_CODE": "Y56",
    "COMM_REGION_NAME": "London",
    "STAFF_GROUP": "Other Direct Patient Care staff",
    "STAFF_ROLE": "Social Prescribing Link Workers",
    "DETAILED_STAFF_ROLE": "Social Prescribing Link Worker",
    "FTE": "0.986666667",
    "UNIQUE_IDENTIFIER": "106228",
}


def csv_bytes(
    rows: Iterable[Mapping[str, str]] = ({},),
    *,
    columns: Sequence[str] = COLUMNS,
    default: Mapping[str, str] = ROW,
    line_end: str = "\r\n",
    encoding: str = "cp1252",
    delimiter: str = ",",
) -> bytes:
    """A CSV whose rows differ from ``default`` by what they give."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows([{**default, **row}.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode(encoding)


def census_csv(census: str, rows: int = 1, **changes: str) -> bytes:
    """An individual-level CSV of one census with ``rows`` rows."""
    year, month = census.split("-")
    return csv_bytes([{"CENSUS_YEAR": year, "CENSUS_MONTH": str(int(month)), **changes}] * rows)


PATIENT_ROW = {
    "PUBLICATION": "GP_PRAC_PAT_LIST",
    "EXTRACT_DATE": "2022-07-01",
    "ORG_TYPE": "PCN",
    "ORG_CODE": "U02454",
    "SEX": "ALL",
    "AGE_GROUP_5": "ALL",
    "NUMBER_OF_PATIENTS": "41000",
}


def patients_csv(rows: Iterable[Mapping[str, str]] = ({},), columns: Sequence[str] = PATIENTS_RAW) -> bytes:
    """A CSV of registered patients."""
    return csv_bytes(rows, columns=columns, default=PATIENT_ROW, encoding="utf-8")


MAP_ROW = {
    "PUBLICATION": "GP_PRAC_PAT_LIST",
    "EXTRACT_DATE": "01Jul2022",
    "PRACTICE_CODE": "A81001",
    "PRACTICE_NAME": "THE DENSHAM SURGERY",
    "PCN_CODE": "U89141",
    "PCN_NAME": "STOCKTON PCN",
    "SUB_ICB_LOCATION_CODE": "16C",
    "ICB_CODE": "QHM",
    "COMM_REGION_CODE": "Y63",
}


def practice_map_csv(rows: Iterable[Mapping[str, str]] = ({},), columns: Sequence[str] = tuple(MAP_ROW)) -> bytes:
    """A map of practices."""
    return csv_bytes(rows, columns=columns, default=MAP_ROW, encoding="utf-8")


SCORE_ROW = {"PRACTICE_CODE": "A81001", "PRACTICE_NAME": "Densham", "IMD_YEAR": "2025", "IMD_SCORE": "33.519"}


def deprivation_csv(rows: Iterable[Mapping[str, str]] = ({},), columns: Sequence[str] = tuple(SCORE_ROW)) -> bytes:
    """Deprivation scores of practices."""
    return csv_bytes(rows, columns=columns, default=SCORE_ROW, encoding="utf-8")


def bulletin_xlsx(
    table_1a: Sequence[Sequence[object]] | None,
    table_1b: Sequence[Sequence[object]] | None = None,
    title: str = "Primary Care Network Workforce, England",
    others: Sequence[str] = (),
    heading: str = "{name}: Primary Care Network workforce, March 2020 - September 2022, England",
) -> bytes:
    """A bulletin tables workbook: a title sheet, then the tables, each under a title row and a note row."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "Title and Contents"
    workbook.active.append([title])
    for name, rows in (("Table 1a", table_1a), ("Table 1b", table_1b), *((name, ()) for name in others)):
        if rows is not None:
            sheet = workbook.create_sheet(name)
            sheet.append([heading.format(name=name)])
            sheet.append(["Some cells refer to notes."])
            for row in rows:
                sheet.append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def simple_bulletin(figures: Mapping[str, float], title: str = "Primary Care Network Workforce, England") -> bytes:
    """A workbook with one role: heading -> FTE."""
    label = "Care Coordinators [Note 12]"
    not_collected = [".." for _ in figures]
    return bulletin_xlsx(
        [["Role", *figures], [label, *figures.values()]], [["Role", *figures], [label, *not_collected]], title
    )


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A zip archive, as Python writes it (UTF-8 names)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def raw_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A RAW folder that holds these files."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
