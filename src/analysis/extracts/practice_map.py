"""Map of practices: the PCN, sub-ICB, ICB and region of each practice at the date of a list of patients.

The file ``gp-reg-pat-prac-map.csv`` of Patients Registered at a GP Practice. It has no numbers of patients: those are
in the practice rows of the list of the same date.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import ExtractError
from analysis.extracts.delimited import Records, read_records
from analysis.extracts.encoding import to_utf8
from analysis.extracts.limits import MOST_ROWS
from analysis.extracts.list_dates import list_dates
from analysis.extracts.patients import UNALLOCATED, count_by_month, is_synthetic
from analysis.extracts.reading import Note, Reading

NEEDED = ("EXTRACT_DATE", "PRACTICE_CODE", "PCN_CODE")
# Editions before July 2022 have CCGs and STPs in the place of sub-ICBs and ICBs, which are other organisations.
_AREAS = {"sub_icb_code": "SUB_ICB_LOCATION_CODE", "icb_code": "ICB_CODE", "region_code": "COMM_REGION_CODE"}
SCHEMA = pa.schema(
    [
        ("list_date", pa.timestamp("us")),
        ("practice_code", pa.string()),
        ("pcn_code", pa.string()),
        *((name, pa.string()) for name in _AREAS),
    ]
)


def read_practice_map(file: str, data: bytes) -> Reading:
    """Read ``list_date, practice_code, pcn_code, sub_icb_code, icb_code, region_code``: a row for each practice.

    ``pcn_code`` is missing for a practice that is in no PCN; an area is missing where the edition does not have it.

    Raises
    ------
    ExtractError
        It cannot be decoded or split into rows; a practice has no code, or stands twice with one date.
    SetAside
        Its date cannot be read with certainty.
    """
    content, encoding = to_utf8(file, data)
    optional = ("PUBLICATION", *_AREAS.values())
    records = read_records(file, content, NEEDED, optional, most_rows=MOST_ROWS["practice_map"])
    dates = list_dates(records)
    _refuse_practices(records, dates)
    pcn = records.present("PCN_CODE").dictionary_decode()
    missing = pa.nulls(len(records), pa.string())
    table = pa.table(
        {
            "list_date": pa.array(dates, pa.date32()).cast(pa.timestamp("us")),
            "practice_code": records.text("PRACTICE_CODE"),
            "pcn_code": pc.if_else(pc.equal(pcn, UNALLOCATED), pa.scalar(None, pa.string()), pcn),
            **{
                name: records.present(raw).dictionary_decode() if raw in records.columns else missing
                for name, raw in _AREAS.items()
            },
        },
        schema=SCHEMA,
    )
    absent = [raw for raw in _AREAS.values() if raw not in records.columns]
    notes = [Note(note) for note in records.notes]
    if absent:
        notes.append(Note(f"has no column {', '.join(absent)}: it places no practice in these areas."))
    return Reading("practice_map", table, count_by_month(dates), encoding, is_synthetic(records), tuple(notes))


def _refuse_practices(records: Records, dates: Sequence[object]) -> None:
    blank = records.where("PRACTICE_CODE", lambda codes: pc.equal(codes, ""))
    if blank.any():
        raise ExtractError(
            f"{records.file}: PRACTICE_CODE is missing in {records.quote('PRACTICE_CODE', blank)}.",
            "A practice without a code cannot be followed.",
            "Download gp-reg-pat-prac-map again, or move the file out of RAW.",
        )
    twice = pd.DataFrame({"date": dates, "code": records.text("PRACTICE_CODE").to_pylist()}).duplicated().to_numpy()
    if twice.any():
        raise ExtractError(
            f"{records.file} has a practice twice with one date: {records.quote('PRACTICE_CODE', twice)}.",
            "There is no way to tell which row says where the practice belongs.",
            "Download gp-reg-pat-prac-map again, or delete one of the rows.",
        )
