"""The compact table of individual-level extracts, made once when an extract is read: cells, and the people in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.columns import BILLION, STAFF

# What makes up a cell: census, data source, network with its areas, and the role in the words of the extract. The codes
# of roles are added when the table is loaded, as an analyst may edit the register of roles.
CELL = [
    *("census", "data_source", "pcn_code", "pcn_name", "sub_icb_code", "sub_icb_name", "icb_code", "icb_name"),
    *("region_code", "region_name", "staff_group", "staff_role", "detailed_staff_role"),
]
_CATEGORY = pa.dictionary(pa.int32(), pa.string())
CELLS = pa.schema([*((name, _CATEGORY) for name in CELL), ("fte_billionths", pa.int64()), ("rows", pa.int64())])
PEOPLE = pa.schema([("cell", pa.int64()), ("person", pa.int64()), ("fte_billionths", pa.int64())])

_Codes = npt.NDArray[np.int64]


def compact(rows: Any) -> tuple[Any, Any]:
    """Add up the rows of an extract, a pyarrow table with the columns of ``columns.WORKFORCE``.

    Returns
    -------
    cells
        ``CELLS``: a row for each census, network, role and data source, in order of their first rows.
        ``fte_billionths`` is the FTE in whole billionths, ``rows`` the rows added up; none is dropped as a duplicate.
        The publisher gives nine decimals, and whole numbers add up to the same sum in any order and grouping.
    people
        ``PEOPLE``: a row for each cell and identifier of ``NWRS Staff`` rows. ``cell`` is the place of its cell in
        ``cells``; ``person`` is a number for the identifier, the same in all cells of a census and without meaning
        beyond it, as identifiers are reissued in each extract.
    """
    cell = np.zeros(len(rows), dtype=np.int64)
    for name in CELL:
        codes = _codes(rows[name])
        cell = _numbered(cell * (codes.max(initial=-1) + 2) + codes + 1)
    _, first = np.unique(cell, return_index=True)
    fte = np.rint(rows["fte"].to_numpy() * BILLION)
    cells = rows.select(CELL).take(pa.array(first))
    cells = cells.append_column("fte_billionths", pa.array(_sums(cell, fte)))
    cells = cells.append_column("rows", pa.array(np.bincount(cell)))

    identifier = _codes(rows["person_id"])
    staff = pc.equal(rows["data_source"].cast(pa.string()), STAFF).to_numpy()
    named = (identifier >= 0) & staff
    pair = _numbered(cell[named] * (identifier.max(initial=-1) + 2) + identifier[named])
    _, first = np.unique(pair, return_index=True)
    people = [cell[named][first], identifier[named][first], _sums(pair, fte[named])]
    return cells.cast(CELLS), pa.table(people, schema=PEOPLE)


def _codes(column: Any) -> _Codes:
    """A number for each value of a column, −1 where it is missing."""
    whole = column.unify_dictionaries().combine_chunks()
    encoded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    codes: _Codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _numbered(keys: _Codes) -> _Codes:
    """Equal keys have one number, from 0 in order of their first appearance."""
    return pd.factorize(keys)[0].astype(np.int64)


def _sums(groups: _Codes, values: npt.NDArray[np.float64]) -> _Codes:
    """Sums of whole numbers by group: exact, as they stay far below 2⁵³, up to which floats hold whole numbers."""
    return np.bincount(groups, weights=values).astype(np.int64)
