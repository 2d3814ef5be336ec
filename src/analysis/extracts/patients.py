"""Patients Registered at a GP Practice: list sizes by organisation, all ages and sexes together."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import ExtractError
from analysis.extracts.delimited import SHOWN, Records, clipped, read_records
from analysis.extracts.encoding import decode
from analysis.extracts.months import MONTHS
from analysis.extracts.reading import Note, Reading
from analysis.periods import census_of, long_date

NEEDED = ("PUBLICATION", "EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_5", "NUMBER_OF_PATIENTS")
# CCG and STP, of editions before July 2022, were other organisations than today's: they are left out and counted.
ORG_TYPES = {
    "COMM_REGION": "region",
    "ICB": "icb",
    "SUB_ICB_LOCATION_CODE": "sub_icb",
    "SUB_ICB_LOCATION": "sub_icb",
    "PCN": "pcn",
    "GP": "practice",
}
UNALLOCATED = "U"  # ORG_CODE of patients whose practice is in no PCN
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([A-Za-z]{3})(\d{4})")  # 01Jul2026
_COUNT = r"^[0-9]+$"
SCHEMA = pa.schema(
    [
        ("list_date", pa.timestamp("us")),
        ("org_type", pa.dictionary(pa.int32(), pa.string())),
        ("org_code", pa.string()),
        ("patients", pa.int64()),
    ]
)


def read_patients(file: str, data: bytes) -> Reading:
    """Read the rows of all ages and sexes into ``list_date, org_type, org_code, patients``.

    Patients in no PCN (``ORG_CODE`` ``U``) and organisations of other times are left out, and counted in a note.

    Raises
    ------
    ExtractError
        It cannot be decoded or split into rows; a column is missing; there is no row of all ages and sexes; a
        date or a count cannot be read; an organisation stands twice with one date.
    """
    text, encoding = decode(file, data)
    records = _all_ages_and_sexes(read_records(file, text, NEEDED))
    dates = _dates(records)
    raw_types = records.columns["ORG_TYPE"].to_pylist()
    types = [ORG_TYPES.get("_".join(raw.upper().split())) for raw in raw_types]
    codes = records.columns["ORG_CODE"].to_pylist()
    counts = _counts(records)
    unallocated = [kind == "pcn" and code == UNALLOCATED for kind, code in zip(types, codes, strict=True)]
    kept = np.array([kind is not None for kind in types]) & ~np.array(unallocated)
    if not kept.any():
        others = sorted({clipped(name) for name in raw_types})[:SHOWN]
        raise ExtractError(
            f"{file} has no organisation of a type that is used, but {', '.join(others)}.",
            f"Rates need the patients of {', '.join(ORG_TYPES)}.",
            "Download gp-reg-pat-prac-quin-age, or move the file out of RAW.",
        )
    _refuse_twice(records, [dates, types, codes], kept)
    mask = pa.array(kept)
    table = pa.table(
        {
            "list_date": pa.array(dates, pa.date32()).cast(pa.timestamp("us")).filter(mask),
            "org_type": pa.array(types, pa.string()).dictionary_encode().filter(mask),
            "org_code": records.columns["ORG_CODE"].filter(mask),
            "patients": counts.filter(mask),
        },
        schema=SCHEMA,
    )
    months = np.array([census_of(date.year, date.month) for date in dates])
    return Reading(
        kind="patients",
        table=table,
        rows=dict(sorted(Counter(months[kept].tolist()).items())),
        encoding=encoding,
        synthetic=_synthetic(records),
        notes=(*_unallocated_notes(dates, counts, np.array(unallocated)), *_other_type_notes(raw_types, types, months)),
    )


def _all_ages_and_sexes(records: Records) -> Records:
    wanted = pc.and_(pc.equal(records.columns["SEX"], "ALL"), pc.equal(records.columns["AGE_GROUP_5"], "ALL"))
    if not pc.any(wanted).as_py():
        raise ExtractError(
            f"{records.file} has no row with SEX = ALL and AGE_GROUP_5 = ALL.",
            "List sizes are taken from these rows, not added up from ages and sexes, which may be suppressed.",
            "Download gp-reg-pat-prac-quin-age again, or move the file out of RAW.",
        )
    columns = {name: values.filter(wanted) for name, values in records.columns.items()}
    return Records(records.file, columns, records.lines[wanted.to_numpy(zero_copy_only=False)], (), ())


def _dates(records: Records) -> list[dt.date]:
    column = records.columns["EXTRACT_DATE"].to_pylist()
    by_text = {text: _date(text) for text in set(column)}
    wrong = np.array([by_text[text] is None for text in column])
    if wrong.any():
        raise ExtractError(
            f"{records.file}: EXTRACT_DATE is not a date in {records.quote('EXTRACT_DATE', wrong)}.",
            "List sizes of one date must not be used for another.",
            "Write it as 2026-07-01 or 01Jul2026, or download the file again.",
        )
    return [date for text in column if (date := by_text[text])]


def _date(text: str) -> dt.date | None:
    try:
        if match := _ISO.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_MONTH_YEAR.fullmatch(text):
            month = [name[:3] for name in MONTHS].index(match[2].lower()) + 1
            return dt.date(int(match[3]), month, int(match[1]))
    except ValueError:  # no such day or month
        return None
    return None


def _counts(records: Records) -> Any:
    column = records.columns["NUMBER_OF_PATIENTS"]
    wrong = ~pc.match_substring_regex(column, _COUNT).to_numpy(zero_copy_only=False).astype(bool)
    if wrong.any():
        raise ExtractError(
            f"{records.file}: NUMBER_OF_PATIENTS is not a count in {records.quote('NUMBER_OF_PATIENTS', wrong)}.",
            "A list size that is guessed or skipped changes every rate it divides.",
            "Download the file again and do not save it from a spreadsheet; or mend the cells.",
        )
    return column.cast(pa.int64())


def _refuse_twice(records: Records, keys: list[list[Any]], kept: npt.NDArray[np.bool_]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for i, key in enumerate(zip(*keys, strict=True)):
        if not kept[i]:
            continue
        first = seen.setdefault(key, i)
        if first != i:
            raise ExtractError(
                f"{records.file} has {key[2]!r} ({key[1]}, {long_date(key[0])}) twice: lines "
                f"{records.lines[first]:,} and {records.lines[i]:,}.",
                "Its patients would be counted twice.",
                "Download the file again, or delete one of the rows.",
            )


def _synthetic(records: Records) -> bool:
    return bool(pc.all(pc.starts_with(records.columns["PUBLICATION"], "SYNTHETIC")).as_py())


def _unallocated_notes(dates: list[dt.date], counts: Any, unallocated: npt.NDArray[np.bool_]) -> list[Note]:
    people: Counter[dt.date] = Counter()
    for i in np.flatnonzero(unallocated):
        people[dates[i]] += counts[int(i)].as_py()
    return [
        Note(
            f"has {count:,} patients on {long_date(date)} whose practice is in no PCN (code {UNALLOCATED}): "
            "they are in no PCN's figures.",
            census_of(date.year, date.month),
        )
        for date, count in sorted(people.items())
    ]


def _other_type_notes(raw: list[str], types: list[str | None], months: npt.NDArray[np.str_]) -> list[Note]:
    others = Counter((str(months[i]), raw[i]) for i, kind in enumerate(types) if kind is None)
    return [
        Note(f"has {count:,} organisations of the type {clipped(name)!r}, which are not used.", census)
        for (census, name), count in sorted(others.items())
    ]
