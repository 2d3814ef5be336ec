"""Deprivation scores of practices: the Index of Multiple Deprivation, from OHID Fingertips (indicator 94240)."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import ExtractError
from analysis.extracts.delimited import Records, read_records
from analysis.extracts.encoding import to_utf8
from analysis.extracts.limits import MOST_ROWS
from analysis.extracts.patients import all_synthetic
from analysis.extracts.reading import Note, Reading
from analysis.extracts.workforce import STRICT_NUMBER

NEEDED = ("PRACTICE_CODE", "IMD_YEAR", "IMD_SCORE")
_MAX_SCORE = 100  # by the definition of the index
_YEAR = r"^20[0-9]{2}$"
_NO_SCORE = ["", "NULL", "NA", "..", "*", "-"]
SCHEMA = pa.schema([("practice_code", pa.string()), ("imd_year", pa.int64()), ("imd_score", pa.float64())])


def read_deprivation(file: str, data: bytes) -> Reading:
    """Read ``practice_code, imd_year, imd_score``: a row for each practice and year of the index.

    ``imd_score`` is the mean of the practice's patients, 0 to 100; higher is more deprived. Practices without a score
    are left out, and counted in a note.

    Raises
    ------
    ExtractError
        It cannot be decoded or split into rows; a year or a score cannot be read; a practice stands twice.
    """
    content, encoding = to_utf8(file, data)
    records = read_records(file, content, NEEDED, optional=("PRACTICE_NAME",), most_rows=MOST_ROWS["deprivation"])
    scored = ~records.where("IMD_SCORE", lambda texts: pc.is_in(texts, value_set=pa.array(_NO_SCORE)))
    wrong_year = ~records.matching("IMD_YEAR", _YEAR)
    wrong_score = scored & ~records.matching("IMD_SCORE", STRICT_NUMBER)
    for column, wrong, what in (("IMD_YEAR", wrong_year, "a year"), ("IMD_SCORE", wrong_score, "a number")):
        if wrong.any():
            raise _fault(records, f"{column} is not {what} in {records.quote(column, wrong)}")
    if not scored.any():
        raise _fault(records, "no practice has a score")
    kept = pa.array(scored)
    codes = records.text("PRACTICE_CODE").filter(kept)
    years = records.text("IMD_YEAR").filter(kept).cast(pa.int64())
    scores = records.text("IMD_SCORE").filter(kept).cast(pa.float64())
    out_of_range = np.zeros(len(records), dtype=bool)
    out_of_range[scored] = ~((scores.to_numpy() >= 0) & (scores.to_numpy() <= _MAX_SCORE))
    if out_of_range.any():
        raise _fault(records, f"IMD_SCORE is not between 0 and 100 in {records.quote('IMD_SCORE', out_of_range)}")
    twice = [key for key, times in Counter(zip(codes.to_pylist(), years.to_pylist(), strict=True)).items() if times > 1]
    if twice:
        raise _fault(records, f"the practice {twice[0][0]!r} has more than one score for {twice[0][1]}")
    notes = [Note(note) for note in records.notes]
    if not scored.all():
        count = int((~scored).sum())
        words = "practice without a score, which is" if count == 1 else "practices without a score, which are"
        notes.append(Note(f"has {count:,} {words} left out."))
    table = pa.table({"practice_code": codes, "imd_year": years, "imd_score": scores}, schema=SCHEMA)
    rows = dict(sorted(Counter(str(year) for year in years.to_pylist()).items()))
    return Reading("deprivation", table, rows, encoding, all_synthetic(records, "PRACTICE_NAME"), tuple(notes))


def _fault(records: Records, what: str) -> ExtractError:
    return ExtractError(
        f"{records.file}: {what}.",
        "Networks would be put in the wrong fifth of deprivation.",
        "Download the scores again, or move the file out of RAW: a report can be made without it.",
    )
