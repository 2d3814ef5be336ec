"""A CSV as columns of text, each record with the line it starts on. Nothing is guessed: types come later."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from analysis.characters import printable
from analysis.errors import ExtractError
from analysis.extracts.limits import LONGEST_HEADER, MOST_CSV_COLUMNS, refuse_larger
from analysis.extracts.text import clean_column, has_odd_characters, refuse_long_cells

SHOWN = 3  # offending rows quoted in a message: enough to see the pattern, few enough to read
_CLIP = 40  # characters of a cell quoted in a message
_ALIKE = 0.6  # difflib's own default for "close"
_BLANK_END = b"\r\n, \t"  # what lines of commas alone are made of
_COMMA_LINES = re.compile(rb"(?:\r\n|\r|\n)[ \t]*,[, \t]*(?:[\r\n][\r\n, \t]*)?\Z")
_LINE_BREAK, _NO_LINE_BREAK = re.compile(r"[\r\n]"), re.compile(rb"[^\r\n]")
# Each distinct text once: a column has few, and what is asked of a text is asked once.
_TEXTS = pa.dictionary(pa.int32(), pa.string())
_NO_VALUE = ["", "NULL"]  # how the two eras of extracts write that there is none


@dataclass(frozen=True)
class Records:
    """The records of one CSV.

    ``columns``: trimmed text by raw column name, as pyarrow dictionary arrays, none missing. ``lines``: the line each
    record starts on; the header is line 1. ``extra``: columns of the file that were not asked for. ``spanning``: lines
    at which a record of more than one line starts. ``notes``: what is odd about the form of the file, as sentences that
    follow its name.
    """

    file: str
    columns: dict[str, Any]
    lines: npt.NDArray[np.int64]
    extra: tuple[str, ...]
    spanning: tuple[int, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def text(self, column: str) -> Any:
        """A column as a pyarrow array of text."""
        return self.columns[column].dictionary_decode()

    def present(self, column: str) -> Any:
        """A column, as in ``columns``, with its empty and ``NULL`` cells missing."""
        absent = pa.array(_NO_VALUE)
        return _changed(
            self.columns[column],
            lambda texts: pc.if_else(pc.is_in(texts, value_set=absent), pa.scalar(None, pa.string()), texts),
        )

    def where(self, column: str, test: Callable[[Any], Any]) -> npt.NDArray[np.bool_]:
        """The records whose text in a column passes a ``test``, which is given an array of texts."""
        values = self.columns[column]
        passed: npt.NDArray[np.bool_] = test(values.dictionary).take(values.indices).to_numpy(zero_copy_only=False)
        return passed.astype(bool)

    def matching(self, column: str, pattern: str) -> npt.NDArray[np.bool_]:
        """The records whose text in a column matches a regular expression."""
        return self.where(column, lambda texts: pc.match_substring_regex(texts, pattern))

    def quote(self, column: str, where: npt.NDArray[np.bool_]) -> str:
        """The first offending cells of a column in words: ``line 14 '1,0'; line 20 (blank) and 5 more``."""
        rows = np.flatnonzero(where)
        cells = [self.columns[column][int(row)].as_py() for row in rows[:SHOWN]]
        quoted = [
            f"line {self.lines[row]:,} {clipped(cell)!r}" if cell else f"line {self.lines[row]:,} (blank)"
            for row, cell in zip(rows[:SHOWN], cells, strict=True)
        ]
        more = f" and {len(rows) - SHOWN:,} more" if len(rows) > SHOWN else ""
        return "; ".join(quoted) + more


def clipped(text: str) -> str:
    """Untrusted text short enough for a message, in characters that can be printed."""
    return printable(text if len(text) <= _CLIP else text[: _CLIP - 1] + "…")


def split_header(line: str, delimiter: str = ",") -> list[str]:
    """The cells of a header line, as they stand; none of a line that no CSV has."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a cell of more than 131,072 characters
        return []


def first_line(text: str) -> str:
    """``text`` up to its first line break, of whichever kind."""
    found = _LINE_BREAK.search(text)
    return text[: found.start()] if found else text


def _count(content: bytes, byte: bytes) -> int:
    """As ``content.count(byte)``, in half to two thirds of the time: a tenth of that in which an extract is read."""
    return int(np.count_nonzero(np.frombuffer(content, dtype=np.uint8) == ord(byte)))


def _end_of_first_line(content: bytes) -> int:
    ends = [end for end in (content.find(b"\n"), content.find(b"\r")) if end >= 0]
    return min(ends, default=len(content))


def read_records(
    file: str, content: bytes, wanted: Sequence[str], optional: Sequence[str] = (), *, most_rows: int
) -> Records:
    """Read the ``wanted`` columns of a CSV in UTF-8, in any order, as text, and those ``optional`` ones that it has.

    Names in another case or with blanks around them are taken for the layout's, and lines of commas alone at the end
    are passed over, as spreadsheets leave them; both are noted.

    Raises
    ------
    ExtractError
        A wanted column is missing or there twice; a row has too many or too few cells; a quotation mark is not
        closed; there is no row at all, or more than ``most_rows``; a cell is too long or holds what is no text.
    """
    after_header = _end_of_first_line(content)
    line = content[:after_header].decode("utf-8")
    refuse_larger(f"The first line of {file}", len(line), LONGEST_HEADER, "characters")
    header = split_header(line)
    refuse_larger(file, len(header), MOST_CSV_COLUMNS, "columns")
    written = _names_as_written(file, header, wanted, optional)
    content, notes = _without_comma_lines(content)
    line_feeds, returns = _count(content, b"\n"), _count(content, b"\r")
    refuse_larger(file, max(line_feeds, returns), most_rows + 1, "lines")
    renamed = [name for name, own in written.items() if own != name]
    if renamed:
        shown = ", ".join(repr(clipped(written[name])) for name in renamed[:SHOWN]) + (
            ", ..." if renamed[SHOWN:] else ""
        )
        notes.append(f"writes names of columns in another way ({shown}); they are read as those of its layout.")
    if not _NO_LINE_BREAK.search(content, after_header):
        raise _without_rows(file)
    if _count(content, b'"') % 2:
        raise ExtractError(
            f"{file} has an odd number of quotation marks.",
            "Everything between a mark that is not closed and the next one would be read as one cell, and rows lost.",
            "Download the file again, or find the stray quotation mark and close it.",
        )
    try:
        table = pacsv.read_csv(
            pa.BufferReader(content),
            # In one piece, so that the texts of a column are numbered in order of their first rows. Another extract is
            # read at the same time, so that one core is enough.
            read_options=pacsv.ReadOptions(use_threads=False, block_size=len(content)),
            parse_options=pacsv.ParseOptions(newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                include_columns=list(written.values()), column_types=dict.fromkeys(written.values(), _TEXTS)
            ),
        )
    except pa.ArrowInvalid as error:
        _raise_ragged(file, content, len(header), error)
    if table.num_rows == 0:
        raise _without_rows(file)
    lines, spanning = _lines(file, content, table.num_rows, line_feeds, returns)
    columns = {
        name: _changed(table[own].unify_dictionaries().combine_chunks(), pc.utf8_trim_whitespace)
        for name, own in written.items()
    }
    for name, values in columns.items():
        refuse_long_cells(file, name, values, lines)
    if spanning or has_odd_characters(content):
        for name, values in columns.items():
            columns[name], cleaned = clean_column(file, name, values, lines)
            notes += cleaned
    extra = tuple(name for name in header if name not in written.values())
    return Records(file, columns, lines, extra, spanning, tuple(notes))


def _changed(values: Any, change: Callable[[Any], Any]) -> Any:
    """A dictionary array with its texts changed; two that have become the same are one."""
    texts = change(values.dictionary)
    return values if texts.equals(values.dictionary) else texts.take(values.indices).dictionary_encode()


def folded(name: str) -> str:
    """A column's name without what may differ in it: its case, and blanks around it."""
    return name.strip().casefold()


def _without_comma_lines(content: bytes) -> tuple[bytes, list[str]]:
    match = _COMMA_LINES.search(content, len(content.rstrip(_BLANK_END)))
    if not match:
        return content, []
    return content[: match.start()] + b"\n", ["ends in a line of commas alone, which is not read."]


def _names_as_written(
    file: str, header: Sequence[str], wanted: Sequence[str], optional: Sequence[str]
) -> dict[str, str]:
    """For each column to be read, its name as the file writes it."""
    own_names: dict[str, list[str]] = {}
    for own in header:
        own_names.setdefault(folded(own), []).append(own)
    here = [name for name in (*wanted, *optional) if folded(name) in own_names]
    twice = sorted(name for name in here if len(own_names[folded(name)]) > 1)
    if twice:
        raise ExtractError(
            f"{file} has the column {', '.join(twice)} more than once.",
            "There is no way to tell which of them has the figures.",
            "Download the file again, or delete the column that does not belong.",
        )
    missing = [name for name in wanted if name not in here]
    if missing:
        known = {folded(name) for name in here}
        unused = [name for name in header if folded(name) not in known]
        parts = [f"{name}{_nearest(name, unused)}" for name in missing]
        raise ExtractError(
            f"{file} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(parts)}.",
            "Columns are found by their exact names; a renamed one may also have changed its meaning.",
            "Download the file again. If the publisher has renamed the column, give it its old name in a copy, "
            "or the new name in src/analysis/columns.py.",
        )
    return {name: own_names[folded(name)][0] for name in here}


def _nearest(name: str, unused: Sequence[str]) -> str:
    others = {folded(other): other for other in unused}
    close = difflib.get_close_matches(name.casefold(), others, n=1, cutoff=_ALIKE)
    return f" (nearest found: {clipped(others[close[0]])!r})" if close else ""


def _records_with_lines(content: bytes) -> Iterable[tuple[int, int, list[str]]]:
    """Line of start, line of end and cells of each record after the header; empty lines are no records."""
    reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    next(reader)
    before = reader.line_num
    for cells in reader:
        if cells:
            yield before + 1, reader.line_num, cells
        before = reader.line_num


def _lines(
    file: str, content: bytes, rows: int, line_feeds: int, returns: int
) -> tuple[npt.NDArray[np.int64], tuple[int, ...]]:
    one_line_each = line_feeds + (not content.endswith(b"\n")) == rows + 1 and returns in (0, line_feeds)
    if one_line_each:
        return np.arange(2, rows + 2, dtype=np.int64), ()
    try:
        spans = [(start, end) for start, end, _ in _records_with_lines(content)]
    except csv.Error as error:
        raise _unsplittable(file, str(error)) from error
    if len(spans) != rows:
        raise _unsplittable(file, f"{rows:,} by one reading, {len(spans):,} by another")
    return np.array([start for start, _ in spans], dtype=np.int64), tuple(start for start, end in spans if end > start)


def _raise_ragged(file: str, content: bytes, width: int, cause: Exception) -> NoReturn:
    try:
        ragged = [(start, len(cells)) for start, _, cells in _records_with_lines(content) if len(cells) != width]
    except csv.Error as error:
        raise _unsplittable(file, str(error)) from error
    if not ragged:
        raise _unsplittable(file, str(cause)) from cause
    quoted = "; ".join(f"line {line:,} has {cells}" for line, cells in ragged[:SHOWN])
    more = f" and {len(ragged) - SHOWN:,} more rows differ" if len(ragged) > SHOWN else ""
    raise ExtractError(
        f"{file} has rows that do not match its {width} columns: {quoted}{more}.",
        "A comma too many or too few shifts the cells under other columns; a short last row means the file was cut.",
        "Download the file again, or correct the rows.",
    ) from cause


def _without_rows(file: str) -> ExtractError:
    return ExtractError(
        f"{file} has a header and no rows.",
        "An extract without rows would be taken for a census in which nobody worked.",
        "Download the file again, or move it out of RAW.",
    )


def _unsplittable(file: str, detail: str) -> ExtractError:
    return ExtractError(
        f"{file} cannot be split into rows reliably ({detail}).",
        "Rows may be lost or joined where quotation marks are out of place.",
        "Download the file again, or correct its quotation marks.",
    )
