"""Individual-level CSV: one row for each person, PCN and role, or for hours another organisation delivers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.columns import INDIVIDUAL_TO_TIDY, WORKFORCE
from analysis.errors import ExtractError
from analysis.extracts.delimited import SHOWN, Records, clipped, read_records
from analysis.extracts.encoding import to_utf8
from analysis.extracts.limits import MOST_ROWS
from analysis.extracts.reading import Note, Reading
from analysis.periods import FIRST_CENSUS, census_of, month_label

# A point as decimal sign, no thousands separator, an exponent if need be. Words such as "nan" and "inf", which
# readers of numbers like to accept, are not figures.
STRICT_NUMBER = r"^-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_YEAR, _MONTH = r"^20[0-9]{2}$", r"^(0?[1-9]|1[0-2])$"
_EXTRA_SHOWN = 10  # a line or two of a message
# Each code of an organisation, with the column of its name.
AREA_NAMES = {f"{level}_code": f"{level}_name" for level in ("pcn", "sub_icb", "icb", "region")}
SYNTHETIC_PREFIX = "SYNTHETIC "
_CATEGORY = pa.dictionary(pa.int32(), pa.string())
_ARROW_TYPES = {"category": _CATEGORY, "float64": pa.float64(), "str": pa.string(), "int64": pa.int64()}
SCHEMA = pa.schema([(name, _ARROW_TYPES[dtype]) for name, dtype in WORKFORCE.items()])


def read_workforce(file: str, data: bytes) -> Reading:
    """Read an individual-level CSV into the columns of ``columns.WORKFORCE``.

    Raises
    ------
    ExtractError
        It cannot be decoded or split into rows; a column is missing; it does not hold exactly one census; an FTE
        is not a number; real and synthetic PCNs stand side by side.
    """
    content, encoding = to_utf8(file, data)
    records = read_records(file, content, list(INDIVIDUAL_TO_TIDY), most_rows=MOST_ROWS["workforce"])
    census = _single_census(records)
    columns: dict[str, Any] = {
        tidy: records.present(raw) for raw, tidy in INDIVIDUAL_TO_TIDY.items() if tidy in WORKFORCE and tidy != "fte"
    }
    notes = list(_notes(records, content, census))
    for code, name in AREA_NAMES.items():
        columns[name], note = _named(records, columns[code], columns[name], name)
        notes += [Note(note, census)] if note else []
    everywhere = pa.array(np.zeros(len(records), dtype=np.int32))
    columns["census"] = pa.DictionaryArray.from_arrays(everywhere, pa.array([census]))
    columns["fte"] = _fte(records)
    columns["file_row"] = pa.array(records.lines)
    table = pa.table({field.name: columns[field.name].cast(field.type) for field in SCHEMA}, schema=SCHEMA)
    return Reading(
        kind="workforce",
        table=table,
        rows={census: len(records)},
        encoding=encoding,
        synthetic=_synthetic(records),
        notes=tuple(notes),
    )


def _single_census(records: Records) -> str:
    for column, pattern in (("CENSUS_YEAR", _YEAR), ("CENSUS_MONTH", _MONTH)):
        wrong = ~records.matching(column, pattern)
        if wrong.any():
            raise ExtractError(
                f"{records.file}: {column} is not a {'year' if column == 'CENSUS_YEAR' else 'month'} in "
                f"{records.quote(column, wrong)}.",
                "The census is taken from these two columns; a row without one belongs to no census.",
                "Download the file again, or correct the rows.",
            )
    year, month = (_numbers(records.columns[column], pa.int32()) for column in ("CENSUS_YEAR", "CENSUS_MONTH"))
    months = 100 * year.to_numpy() + month.to_numpy()
    found, counts = np.unique(months, return_counts=True)
    if len(found) > 1:
        parts = []
        for month, count in zip(found, counts, strict=True):
            lines = ", ".join(f"{line:,}" for line in records.lines[months == month][:SHOWN])
            row_lines = f"from line {lines}" if count == 1 else f"from lines {lines}{'' if count <= SHOWN else ', ...'}"
            parts.append(f"{_census(month)} in {count:,} row{'s' if count > 1 else ''} ({row_lines})")
        raise ExtractError(
            f"{records.file} holds {len(found)} censuses: {'; '.join(parts)}.",
            "An individual-level extract holds one census; two in one file are counted twice, or a row is misdated.",
            "Download the file again, or split it into one file for each census.",
        )
    census = _census(found[0])
    if census < FIRST_CENSUS:
        raise ExtractError(
            f"{records.file} is dated {month_label(census)}, before the series begins.",
            f"The first Primary Care Network Workforce census is {month_label(FIRST_CENSUS)}.",
            "Check CENSUS_YEAR and CENSUS_MONTH in the file, or move it out of RAW.",
        )
    return census


def _census(year_month: int) -> str:
    return census_of(*divmod(int(year_month), 100))


def _fte(records: Records) -> Any:
    wrong = ~records.matching("FTE", STRICT_NUMBER)
    if not wrong.any():
        numbers = _numbers(records.columns["FTE"], pa.float64())
        wrong = ~_mask(pc.is_finite(numbers))
        if not wrong.any():
            return numbers
    raise ExtractError(
        f"{records.file}: FTE is not a number in {records.quote('FTE', wrong)}.",
        "A figure that is guessed or skipped changes every total it belongs to.",
        "Download the file again and do not save it from a spreadsheet; or correct the cells (1.0, not 1,0).",
    )


def _numbers(values: Any, kind: pa.DataType) -> Any:
    """The numbers that the texts of a dictionary array stand for."""
    return values.dictionary.cast(kind).take(values.indices)


def _named(records: Records, codes: Any, names: Any, column: str) -> tuple[Any, str]:
    """The names with none missing, and a note where any was: it is the name that its code has elsewhere in the file.

    Where the code has none, it is the code itself: a table or a chart shows every organisation under some name.
    """
    if not names.null_count:
        return names, ""
    missing = _mask(names.is_null())
    pairs = list(zip(codes.to_pylist(), names.to_pylist(), strict=True))
    known = {code: name for code, name in pairs if name is not None}
    given = [known.get(code, code) if name is None else name for code, name in pairs]
    raw = next(raw for raw, tidy in INDIVIDUAL_TO_TIDY.items() if tidy == column)
    count = int(missing.sum())
    note = (
        f"has no {raw} in {count:,} row{'s' if count > 1 else ''} (from line {records.lines[missing.argmax()]:,}): the "
        "name that the code has in other rows stands there, or the code."
    )
    return pa.array(given, pa.string()).dictionary_encode(), note


def _synthetic(records: Records) -> bool:
    marked = records.where("PCN_NAME", lambda names: pc.starts_with(names, SYNTHETIC_PREFIX))
    if marked.any() and not marked.all():
        raise ExtractError(
            f"{records.file} mixes {int(marked.sum()):,} synthetic rows with {int((~marked).sum()):,} others "
            f"(PCN_NAME in {records.quote('PCN_NAME', ~marked)}).",
            "Invented figures beside real ones would be published as real.",
            "Make the sample again, or take the synthetic rows out of the real file.",
        )
    return bool(marked.all())


def _notes(records: Records, content: bytes, census: str) -> tuple[Note, ...]:
    notes = list(records.notes)
    if records.extra:
        names = ", ".join(clipped(name) or "(no name)" for name in records.extra[:_EXTRA_SHOWN])
        more = ", ..." if len(records.extra) > _EXTRA_SHOWN else ""
        notes.append(f"has columns that its layout does not have, and they were not read: {names}{more}.")
    if records.spanning:
        lines = ", ".join(f"{line:,}" for line in records.spanning[:SHOWN])
        notes.append(f"has rows that span several lines (from line {lines}): look for a stray quotation mark.")
    if not content.endswith((b"\n", b"\r")):
        notes.append("does not end with a line break: its last row may have been cut short.")
    return tuple(Note(note, census) for note in notes)


def _mask(values: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return values.to_numpy(zero_copy_only=False).astype(bool)  # type: ignore[no-any-return]
