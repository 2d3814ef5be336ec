"""``facts.csv`` and ``facts.parquet``: the figures of all levels, a row each, for spreadsheets and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from analysis.facts.fact import Facts
from analysis.facts.tidy import COLUMNS
from analysis.publish.downloads import SYNTHETIC_COLUMN
from analysis.tables.cells import harmless

CSV, PARQUET = "facts.csv", "facts.parquet"
FACT_FILES = (CSV, PARQUET)
_LEVELS = ("england", "region", "icb", "sub_icb")
# Of areas, as many figures as there are readers for: a file of every role, measure and census of every network would
# have two million rows, and a spreadsheet shows one. The others are looked up in the report by `analysis explain`.
_SERIES = ("fte", "fte_staff", "fte_contracted", "headcount", "direct_share_pct")
_COVERAGE = ("pcns_reporting", "pcns_expected", "coverage")


def fact_tables(facts: Facts, period: str, roles: tuple[str, ...], *, synthetic: bool) -> dict[str, pa.Table]:
    """The rows of the two files, by name, to be written by :func:`write_fact_files`.

    In them are, for ``roles``: the series of FTE, people and coverage of England, the regions, ICBs and sub-ICBs at
    every census; every other figure of these, and those of PCNs, at the census ``period``. England's series are those
    of every role. Columns: :data:`analysis.facts.tidy.COLUMNS`, and where the data are synthetic a column that says so.
    """
    frame = shown_figures(facts, period, roles)
    if synthetic:
        frame[SYNTHETIC_COLUMN] = "yes"
    names = {name: harmless(name) for name in frame["area_name"].unique()}
    safe = frame.assign(area_name=frame["area_name"].map(names))
    return {name: pa.Table.from_pandas(rows, preserve_index=False) for name, rows in ((PARQUET, frame), (CSV, safe))}


def write_fact_files(tables: Mapping[str, pa.Table], folder: Path) -> None:
    """Write the two files of :func:`fact_tables` into ``folder``. The same facts give the same bytes."""
    pyarrow.parquet.write_table(tables[PARQUET], folder / PARQUET, compression="zstd")
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    pyarrow.csv.write_csv(tables[CSV], folder / CSV, options)


def shown_figures(facts: Facts, period: str, roles: tuple[str, ...]) -> pd.DataFrame:
    """The rows of the two files: :func:`fact_tables` says which."""
    england = facts.frame(measures=[*_SERIES, *_COVERAGE], levels=["england"])
    areas = facts.frame(measures=[*_SERIES, *_COVERAGE], levels=_LEVELS[1:], roles=roles)
    now = facts.frame(levels=[*_LEVELS, "pcn"], roles=roles, censuses=[period])
    told_already = now["measure"].isin([*_SERIES, *_COVERAGE]) & (now["level"] != "pcn")
    rows = pd.concat([england, areas, now[~told_already]], ignore_index=True)
    # Sorted by whole numbers, which is ten times as fast as by texts.
    least_first = ("census", "from_census", "area_code", "role", "measure")
    keys = [pd.factorize(rows[name], sort=True)[0] for name in least_first]
    return rows.take(np.lexsort(keys))[COLUMNS].reset_index(drop=True)
