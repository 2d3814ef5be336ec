"""Patients Registered at a GP Practice: list sizes by organisation, all ages and sexes together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import ExtractError
from analysis.extracts.delimited import SHOWN, Records, clipped, read_records
from analysis.extracts.encoding import to_utf8
from analysis.extracts.limits import LARGEST_COUNT_DIGITS, MOST_ROWS
from analysis.extracts.list_dates import list_dates
from analysis.extracts.reading import Note, Reading, SetAside
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
# The network contract began on 1 July 2019: no list before it has a PCN, and no census needs it.
_FIRST_PCNS = dt.date(2019, 7, 1)
_COUNT = rf"^[0-9]{{1,{LARGEST_COUNT_DIGITS}}}$"
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
        count cannot be read; an organisation stands twice with one date.
    SetAside
        A date cannot be read with certainty, or every list is older than the first PCN.
    """
    content, encoding = to_utf8(file, data)
    records = _all_ages_and_sexes(read_records(file, content, NEEDED, most_rows=MOST_ROWS["patients"]))
    dates = list_dates(records)
    raw_types = records.text("ORG_TYPE").to_pylist()
    types = [ORG_TYPES.get("_".join(raw.upper().split())) for raw in raw_types]
    _set_early_aside(dates, types)
    codes = records.text("ORG_CODE").to_pylist()
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
            "org_code": records.text("ORG_CODE").filter(mask),
            "patients": counts.filter(mask),
        },
        schema=SCHEMA,
    )
    months = np.array([census_of(date.year, date.month) for date in dates])
    form = [Note(note) for note in records.notes]
    return Reading(
        kind="patients",
        table=table,
        rows=count_by_month(date for date, used in zip(dates, kept, strict=True) if used),
        encoding=encoding,
        synthetic=is_synthetic(records),
        notes=(
            *form,
            *_unallocated_notes(dates, counts, np.array(unallocated)),
            *_other_type_notes(raw_types, types, months),
        ),
    )


def _all_ages_and_sexes(records: Records) -> Records:
    sexes, ages = (records.where(column, lambda texts: pc.equal(texts, "ALL")) for column in ("SEX", "AGE_GROUP_5"))
    wanted = sexes & ages
    if not wanted.any():
        raise ExtractError(
            f"{records.file} has no row with SEX = ALL and AGE_GROUP_5 = ALL.",
            "List sizes are taken from these rows, not added up from ages and sexes, which may be suppressed.",
            "Download gp-reg-pat-prac-quin-age again, or move the file out of RAW.",
        )
    columns = {name: values.filter(pa.array(wanted)) for name, values in records.columns.items()}
    return Records(records.file, columns, records.lines[wanted], (), (), records.notes)


def _set_early_aside(dates: list[dt.date], types: list[str | None]) -> None:
    if max(dates) < _FIRST_PCNS:
        layout = "practices only, early layout" if set(types) == {"practice"} else "early layout"
        raise SetAside(
            f"it is Patients Registered at a GP Practice, {layout}: its list of {long_date(max(dates))} is from before "
            "there were Primary Care Networks"
        )


def count_by_month(dates: Iterable[dt.date]) -> dict[str, int]:
    """How many of the ``dates`` fall in each month ``YYYY-MM``, in order."""
    return dict(sorted(Counter(census_of(date.year, date.month) for date in dates).items()))


def _counts(records: Records) -> Any:
    wrong = ~records.matching("NUMBER_OF_PATIENTS", _COUNT)
    if wrong.any():
        raise ExtractError(
            f"{records.file}: NUMBER_OF_PATIENTS is not a count in {records.quote('NUMBER_OF_PATIENTS', wrong)}.",
            "A list size that is guessed or skipped changes every rate it divides.",
            "Download the file again and do not save it from a spreadsheet; or correct the cells.",
        )
    return records.text("NUMBER_OF_PATIENTS").cast(pa.int64())


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


def is_synthetic(records: Records) -> bool:
    """Whether a list says in its ``PUBLICATION`` that it is of the sample."""
    return all_synthetic(records, "PUBLICATION")


def all_synthetic(records: Records, column: str) -> bool:
    """Whether each text in a column says that it is of the sample; of a file without the column, none does."""
    return column in records.columns and bool(
        records.where(column, lambda texts: pc.starts_with(texts, "SYNTHETIC")).all()
    )


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
