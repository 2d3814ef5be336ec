"""The frames that the suites look at, derived from the tidy ones.

Each has ``census``, ``sha256`` and ``file_row`` so that what breaks a rule can be found in its file; where one row
stands for many, ``file_row`` is missing, and ``place_column`` and ``place_value`` say what to print.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.columns import BULLETIN, CONTRACTED, ROLE, STAFF, WORKFORCE
from analysis.periods import SPANS, expected_censuses, months_between
from analysis.registers.roles import Roles

WORKFORCE_TYPES: dict[str, str] = {**WORKFORCE, ROLE: "category", "sha256": "category"}
BULLETIN_COLUMNS: tuple[str, ...] = (*BULLETIN, ROLE, "sha256", "file_row")
LINK_WORKERS = "splw"  # the role that the report is about
# The roles that the targets are about: a wrong figure of one of these changes a verdict.
FOLLOWED = ("splw", "splw_mh", "hwbc", "cc")
ABSENT = "absent"
PRESENT = "present"
# "The census before" is a quarter back at most, as the publisher takes one every quarter or every month: what lies
# further back was not missed by a slip, and rows that fell over years tell of no extract cut short.
_NEIGHBOURS_MONTHS = SPANS["quarter"]


def schema(frame: pd.DataFrame, expected: Mapping[str, str] | Iterable[str]) -> pd.DataFrame:
    """One row per expected column: ``name, expected, found``, where ``found`` is its type or ``absent``.

    Where only names are expected, ``expected`` is ``present``.
    """
    if isinstance(expected, Mapping):
        types = {name: (kind, str(frame[name].dtype) if name in frame else ABSENT) for name, kind in expected.items()}
    else:
        types = {name: (PRESENT, PRESENT if name in frame else ABSENT) for name in expected}
    result = pd.DataFrame(
        [(name, kind, found) for name, (kind, found) in types.items()], columns=["name", "expected", "found"]
    )
    return result.assign(
        place_column=result["name"], place_value=result["found"], census="", sha256="", file_row=_no_row(len(result))
    )


def matches(schema_frame: pd.DataFrame) -> bool:
    """Whether every column is there with its type: without that the other frames cannot be made."""
    return bool((schema_frame["expected"] == schema_frame["found"]).all())


def variants_of_pcn(workforce: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per PCN and census: ``variants``, how many different values of ``column`` its rows have there.

    The row is the first with the last of the variants: where the file departs from what it said before.
    """
    pcn = ["census", "pcn_code"]
    distinct = workforce.drop_duplicates([*pcn, column])[[*pcn, column, "sha256", "file_row"]]
    variants = distinct.groupby(pcn, observed=True)[column].transform("size")
    last = distinct.assign(variants=variants).drop_duplicates(pcn, keep="last").reset_index(drop=True)
    several = last["variants"] > 1
    text = distinct[column].astype(object).where(distinct[column].notna(), "no value")
    spelt = {
        index: f"{code}: {', '.join(text[(distinct['census'] == census) & (distinct['pcn_code'] == code)])}"
        for index, census, code in last.loc[several, pcn].itertuples()
    }
    return last.assign(place_column=column, place_value=last.index.map(spelt))


def extracts(workforce: pd.DataFrame) -> pd.DataFrame:
    """One row per extract: ``censuses`` in it, and ``extracts_of_census``, how many extracts hold its census."""
    pairs = workforce.drop_duplicates(["sha256", "census"])[["sha256", "census", "file_row"]].reset_index(drop=True)
    censuses = pairs.groupby("sha256", observed=True)["census"].transform("size")
    files = pairs.groupby("census", observed=True)["sha256"].transform("size")
    return pairs.assign(
        censuses=censuses, extracts_of_census=files, place_column="census", place_value=pairs["census"].astype(str)
    )


def calendar(workforce: pd.DataFrame, period: str) -> pd.DataFrame:
    """One row per census from the first held to ``period``: how many ``rows`` the individual-level extracts have.

    ``rows_at_period`` is the same for the census of the report, and missing elsewhere.
    """
    rows = workforce["census"].value_counts()
    rows = rows[rows > 0].rename(index=str)
    first = min([*rows.index, period])
    expected = sorted({*expected_censuses(first, period), *rows.index})
    counted = [int(rows.get(census, 0)) for census in expected]
    table = pd.DataFrame({"census": expected, "rows": counted})
    return table.assign(
        rows_at_period=table["rows"].where(table["census"] == period),
        place_column="census",
        place_value="no individual-level extract",
        sha256="",
        file_row=_no_row(len(table)),
    )


def series(workforce: pd.DataFrame, active: Mapping[str, float]) -> pd.DataFrame:
    """One row per census held, with what changed since the one before where that is a quarter back at most.

    Columns: ``rows``, ``staff_rows``, ``contracted_rows``, ``pcns_reporting``, ``reporting_share_pct`` (of the active
    PCNs, where known), ``rows_change_pct``, ``reporting_share_change_pp``, and ``rows_per_pcn_ratio``: rows per
    reporting PCN, as a multiple of the census before.
    """
    by_census = workforce.groupby("census", observed=True)
    table = pd.DataFrame(
        {
            "sha256": by_census["sha256"].first().astype(str),
            "rows": by_census.size(),
            "staff_rows": (workforce["data_source"] == STAFF).groupby(workforce["census"], observed=True).sum(),
            "contracted_rows": (workforce["data_source"] == CONTRACTED)
            .groupby(workforce["census"], observed=True)
            .sum(),
            "pcns_reporting": by_census["pcn_code"].nunique(),
        }
    )
    table = table.reset_index().astype({"census": object}).sort_values("census", ignore_index=True)
    previous = table["census"].shift()
    neighbours = pd.Series(
        [
            isinstance(before, str) and months_between(before, now) <= _NEIGHBOURS_MONTHS
            for before, now in zip(previous, table["census"], strict=True)
        ],
        index=table.index,
        dtype=bool,
    )
    rows_per_pcn = table["rows"] / table["pcns_reporting"]
    share = 100 * table["pcns_reporting"] / table["census"].map(active).astype("float64")
    return table.assign(
        rows_change_pct=(100 * table["rows"].pct_change()).where(neighbours),
        rows_per_pcn_ratio=(rows_per_pcn / rows_per_pcn.shift()).where(neighbours),
        reporting_share_pct=share,
        reporting_share_change_pp=share.diff().where(neighbours),
        file_row=_no_row(len(table)),
    )


def roles_by_census(workforce: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """One row per role and census held, with ``rows``, once more by what is expected of it.

    ``rows_of_link_workers`` and ``rows_due`` hold it where the vocabulary expects link workers, or another role;
    ``rows_early`` before the role starts. Elsewhere they are missing.
    """
    held = workforce.groupby(["census", ROLE], observed=True).size().rename("rows").reset_index()
    held = held.astype({"census": object, ROLE: object})
    grid = pd.MultiIndex.from_product([sorted(held["census"].unique()), roles.codes], names=["census", ROLE])
    table = held.set_index(["census", ROLE]).reindex(grid, fill_value=0).reset_index()
    starts = table[ROLE].map({role.code: role.starts for role in roles.roles})
    expected = table[ROLE].map({role.code: role.expected for role in roles.roles})
    early = table["census"] < starts
    due, link_workers = expected & ~early, table[ROLE] == LINK_WORKERS
    name = table[ROLE].map(roles.names)
    return table.assign(
        rows_of_link_workers=table["rows"].where(due & link_workers),
        rows_due=table["rows"].where(due & ~link_workers),
        rows_early=table["rows"].where(early),
        place_column="role",
        place_value=name + table["rows"].map(" (rows: {:,})".format),
        sha256=table["census"].map(sha256_by_census(workforce)),
        file_row=_no_row(len(table)),
    )


def sha256_by_census(workforce: pd.DataFrame) -> dict[str, str]:
    """The extract of each census."""
    pairs = workforce.drop_duplicates("census")
    return dict(zip(pairs["census"].astype(str), pairs["sha256"].astype(str), strict=True))


def _no_row(length: int) -> pd.Series:
    return pd.Series(pd.NA, index=range(length), dtype="Int64")
