"""Typed frames of the extracts in a catalogue, cut to its period."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.extracts import bulletin, deprivation, patients, practice_map, workforce
from analysis.extracts.catalogue import Catalogue
from analysis.extracts.choose import LIST_MONTHS_AFTER, editions
from analysis.extracts.compact import CELLS, PEOPLE
from analysis.extracts.reading import Kind
from analysis.extracts.store import COMPACT, Piece, Store
from analysis.periods import census_date, shift

_SHA256 = pa.field("sha256", pa.dictionary(pa.int32(), pa.string()))


def load_workforce(catalogue: Catalogue, processed: Path) -> pd.DataFrame:
    """The rows of every individual-level extract, in the order of the inputs and of their lines.

    Columns of ``columns.WORKFORCE`` (``fte`` in full-time equivalents, 1.0 = 37.5 hours a week) and ``sha256``,
    which extract. Categories are those that occur, sorted. Missing text is missing, never empty.

    Raises
    ------
    ExtractError
        A piece is not there: run ingest again.
    """
    store, sha256s = Store(processed), _of_kind(catalogue, "workforce")
    if not sha256s:
        return _frame([], workforce.SCHEMA)
    # Column by column: the rows of all extracts take several times as much memory before their texts are categories.
    pieces = [store.opened(sha256) for sha256 in sha256s]
    columns = {
        name: _column(pa.chunked_array([chunk for piece in pieces for chunk in piece.read([name])[name].chunks]))
        for name in workforce.SCHEMA.names
    }
    counts = [piece.metadata.num_rows for piece in pieces]
    columns["sha256"] = _column(pa.chunked_array([_same(*pair) for pair in zip(sha256s, counts, strict=True)]))
    return pd.DataFrame(columns, copy=False)  # a copy of the numbers would be a third of the frame


def load_compact(catalogue: Catalogue, processed: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The compact table of every individual-level extract: ``cells`` and ``people``.

    Columns: :mod:`analysis.extracts.compact`. Of each extract its own part is read, whatever the others hold.

    Raises
    ------
    ExtractError
        A piece is not there: run ingest again.
    """
    store = Store(processed)
    parts = [tuple(store.table(sha256, part=part) for part in COMPACT) for sha256 in _of_kind(catalogue, "workforce")]
    return compact_frames(parts)


def compact_frames(parts: Sequence[tuple[Any, ...]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the compact tables of extracts, of :func:`analysis.extracts.compact.compact`, one below the other."""
    begins = np.cumsum([0, *(len(cells) for cells, _ in parts)])
    people = [
        table.set_column(0, "cell", pc.add(table["cell"], begin))
        for (_, table), begin in zip(parts, begins.tolist(), strict=False)
    ]
    return _as_pandas([CELLS.empty_table(), *(cells for cells, _ in parts)]), _as_pandas(
        [PEOPLE.empty_table(), *people]
    )


def load_bulletin(catalogue: Catalogue, processed: Path) -> pd.DataFrame:
    """The figures of the bulletin tables: ``measure, gender, census, label, value, file_row, sha256``.

    ``gender`` is ``all``, ``female``, ``male`` or ``other_or_unknown``: a total is made of ``all`` alone. Each census
    comes from the latest edition that has it. A figure that was not collected has no row; a cell that holds something
    else than a figure has no ``value``.

    Raises
    ------
    ExtractError
        A piece is not there: run ingest again.
    """
    store = Store(processed)
    pieces = [_piece(store, sha256) for sha256 in _of_kind(catalogue, "bulletin")]
    chosen = editions(pieces, catalogue.period)
    tables = []
    for piece in pieces:
        censuses = pa.array([census for census, edition in chosen.items() if edition is piece], pa.string())
        table = store.table(piece.sha256)
        kept = pc.is_in(table["census"].cast(pa.string()), value_set=censuses)
        tables.append(_with_sha256(table.filter(kept), piece.sha256))
    return _frame(tables, bulletin.SCHEMA)


def load_patients(catalogue: Catalogue, processed: Path) -> pd.DataFrame:
    """Registered patients of all ages and sexes: ``list_date, org_type, org_code, patients, sha256``.

    ``org_type`` is ``region``, ``icb``, ``sub_icb``, ``pcn`` or ``practice``. Lists are there up to the month after the
    period: that of the first of the next month is the nearest to a census, and is published before its extract.

    Raises
    ------
    ExtractError
        A piece is not there: run ingest again.
    """
    return _frame(_lists(catalogue, processed, "patients"), patients.SCHEMA)


def load_practice_map(catalogue: Catalogue, processed: Path) -> pd.DataFrame:
    """Where each practice belonged at a date: ``list_date, practice_code, pcn_code``, areas, ``sha256``.

    The areas are ``sub_icb_code``, ``icb_code`` and ``region_code``. ``pcn_code`` is missing for a practice in no PCN.
    Maps are there up to the month after the period, as lists of patients are.

    Raises
    ------
    ExtractError
        A piece is not there: run ingest again.
    """
    return _frame(_lists(catalogue, processed, "practice_map"), practice_map.SCHEMA)


def load_deprivation(catalogue: Catalogue, processed: Path) -> pd.DataFrame:
    """Deprivation scores of practices: ``practice_code, imd_year, imd_score, sha256``; higher is more deprived.

    ``imd_year`` is the year of the index, none later than that of the period.

    Raises
    ------
    ExtractError
        A piece is not there: run ingest again.
    """
    store = Store(processed)
    tables = []
    for sha256 in _of_kind(catalogue, "deprivation"):
        table = store.table(sha256)
        known = pc.less_equal(table["imd_year"], int(catalogue.period[:4]))
        tables.append(_with_sha256(table.filter(known), sha256))
    return _frame(tables, deprivation.SCHEMA)


def _lists(catalogue: Catalogue, processed: Path, kind: Kind) -> list[Any]:
    store = Store(processed)
    last_day = census_date(shift(catalogue.period, LIST_MONTHS_AFTER))
    last = pa.scalar(last_day, pa.date32()).cast(patients.SCHEMA.field("list_date").type)
    tables = []
    for sha256 in _of_kind(catalogue, kind):
        table = store.table(sha256)
        tables.append(_with_sha256(table.filter(pc.less_equal(table["list_date"], last)), sha256))
    return tables


def _of_kind(catalogue: Catalogue, kind: Kind) -> list[str]:
    return [entry.sha256 for entry in catalogue.inputs if entry.kind == kind]


def _piece(store: Store, sha256: str) -> Piece:
    piece = store.piece(sha256)
    if piece is None:
        store.table(sha256)  # tells the user what is missing and how to fix it
        raise AssertionError(f"the piece {sha256} has rows and no description")
    return piece


def _with_sha256(table: Any, sha256: str) -> Any:
    return table.append_column(_SHA256, _same(sha256, len(table)))


def _same(text: str, count: int) -> Any:
    """A column of one text, so many times."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([text]))


def _frame(tables: Sequence[Any], schema: Any) -> pd.DataFrame:
    return _as_pandas([schema.append(_SHA256).empty_table(), *tables])


def _as_pandas(tables: Sequence[Any]) -> pd.DataFrame:
    """The tables one below the other; categories are those that occur, sorted."""
    joined = pa.concat_tables(tables)
    return pd.DataFrame({name: _column(joined[name]) for name in joined.column_names})


def _column(column: Any) -> Any:
    """A column as pandas has it; of texts, the categories are those that occur, sorted."""
    return _occurring(column.unify_dictionaries()) if pa.types.is_dictionary(column.type) else column.to_pandas()


def _occurring(column: Any) -> pd.Categorical:
    """A column of texts with one dictionary, its categories in order. By their numbers: pandas takes far longer.

    Piece by piece: of millions of rows each copy of the numbers would take as much memory as ten such columns.
    """
    values = column.chunk(0).dictionary.to_pylist()
    codes = [chunk.indices.fill_null(len(values)).to_numpy() for chunk in column.chunks]
    there = np.zeros(len(values) + 1, dtype=bool)
    for piece in codes:
        there[piece] = True
    order = sorted(np.flatnonzero(there[: len(values)]).tolist(), key=values.__getitem__)
    number = np.full(len(values) + 1, -1, dtype=np.int32)
    number[order] = np.arange(len(order))
    return pd.Categorical.from_codes(
        np.concatenate([number[piece] for piece in codes]), pd.Index([values[each] for each in order], dtype="str")
    )
