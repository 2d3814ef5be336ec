"""Frames about the structure of a census: what is true of every real extract, whatever its figures are."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import re
from collections.abc import Iterable

import pandas as pd

from analysis.columns import CONTRACTED, ROLE, STAFF
from analysis.periods import NEAR_DAYS, SPANS, census_date, month_label, months_between
from analysis.quality.frames import FOLLOWED, sha256_by_census
from analysis.registers.roles import UNKNOWN, Roles

# Two rows of staff that agree in all of these are one person's row twice.
_WHOLE_ROW = [
    "census",
    "data_source",
    "pcn_code",
    "sub_icb_code",
    "icb_code",
    "region_code",
    "staff_group",
    "staff_role",
    "detailed_staff_role",
    "fte",
    "person_id",
]
_NEAR = 0.85  # difflib ratio: "Care Co-ordinator" has 0.97 with "Care Coordinators", "Care Home Nurses" 0.60
_WORD = re.compile(r"[a-z]+")
_EMPTY_WORDS = frozenset(["and", "the", "of"])
_QUARTER = SPANS["quarter"]
_FALL_TO = 0.9  # of the figure before: no published role of 100 FTE or more has fallen so far in a quarter
_FEWEST_WORDS = 2  # one word alone, such as "Workers", is no name of a role


def repeated_rows(workforce: pd.DataFrame, least: int, share: float) -> pd.DataFrame:
    """One row per census and data source: how many rows stand there again.

    ``repeated`` counts rows that agree with an earlier one in every column but its place; ``repeated_pct`` is their
    share of the source's rows, once more in ``repeated_contracted_pct`` for contracted services (0 up to ``least``).
    ``staff_repeated_over`` is by how many the rows of staff exceed what is allowed: ``share`` of the rows, and
    ``least`` in any case.
    """
    again = workforce.duplicated(_WHOLE_ROW)
    keys = ["census", "data_source"]
    table = workforce.assign(repeated=again).groupby(keys, observed=True)["repeated"].agg(["sum", "size"]).reset_index()
    table = table.rename(columns={"sum": "repeated"}).astype({"census": object, "data_source": object})
    staff = table["data_source"] == STAFF
    allowed = (share * table["size"]).clip(lower=least)
    percent = 100 * table["repeated"] / table["size"]
    return table.assign(
        repeated_pct=percent,
        staff_repeated_over=(table["repeated"] - allowed).where(staff),
        repeated_contracted_pct=percent.where(table["repeated"] > least, 0.0).where(table["data_source"] == CONTRACTED),
        place_column="repeated rows",
        place_value=[
            f"{repeated:,} of {size:,} rows of {source}"
            for repeated, size, source in zip(table["repeated"], table["size"], table["data_source"], strict=True)
        ],
        sha256=table["census"].map(sha256_by_census(workforce)),
        file_row=_no_row(len(table)),
    )


def area_codes(workforce: pd.DataFrame) -> pd.DataFrame:
    """One row per combination of area codes in a census: the first row of the file that has it."""
    columns = ["census", "sub_icb_code", "icb_code", "region_code"]
    kept = [*columns, "sha256", "file_row"]
    return workforce.drop_duplicates(columns)[kept].reset_index(drop=True)


def variants(workforce: pd.DataFrame, code: str, above: str) -> pd.DataFrame:
    """One row per area and census: ``areas_above``, in how many areas of the level above its rows are.

    The row is the first in the last of them: where the file departs from what it said before.
    """
    area = ["census", code]
    distinct = workforce.drop_duplicates([*area, above])[[*area, above, "sha256", "file_row"]]
    counted = distinct.groupby(area, observed=True)[above].transform("size")
    last = distinct.assign(areas_above=counted).drop_duplicates(area, keep="last").reset_index(drop=True)
    several = last["areas_above"] > 1
    found: dict[int, str] = {}
    for index, census, own in last.loc[several, area].itertuples():
        own_rows = distinct[(distinct["census"] == census) & (distinct[code] == own)]
        found[index] = f"{own}: {', '.join(own_rows[above].astype(object).fillna('none').astype(str))}"
    return last.assign(place_column=above, place_value=last.index.map(found))


def lone_networks(workforce: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    """One row per network and census whose rows are all of one role: ``fte``, and ``largest``, that of its largest row.

    ``unlisted_fte`` is ``fte`` where the list of registered patients nearest the census, at most three months from
    it, does not have the network; missing elsewhere.
    """
    by_network = workforce.groupby(["census", "pcn_code"], observed=True)
    table = by_network.agg(
        roles=("staff_role", "nunique"),
        fte=("fte", "sum"),
        largest=("fte", "max"),
        sha256=("sha256", "first"),
        file_row=("file_row", "min"),
    ).reset_index()
    table = table[table["roles"] == 1].astype({"census": object, "pcn_code": object}).reset_index(drop=True)
    listed = networks_on_lists(patients, table["census"].unique())
    off = [
        bool(listed[census]) and code not in listed[census]
        for census, code in zip(table["census"], table["pcn_code"], strict=True)
    ]
    return table.assign(
        sha256=table["sha256"].astype(str),
        unlisted_fte=table["fte"].where(pd.Series(off, index=table.index, dtype=bool)),
        place_column="FTE of a network with one role alone",
        place_value=[
            f"{code}: {fte:,.2f} FTE, {largest:,.2f} in one row"
            for code, fte, largest in zip(table["pcn_code"], table["fte"], table["largest"], strict=True)
        ],
    )


def networks_listed(workforce: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    """One row per census: ``listed_pct``, the share of its networks on the list of patients nearest to it.

    Missing where no list lies within three months.
    """
    rows, on_lists = [], networks_on_lists(patients, map(str, workforce["census"].unique()))
    for census, codes in workforce.groupby("census", observed=True)["pcn_code"]:
        reporting, listed = set(codes.dropna().unique().astype(str)), on_lists[str(census)]
        share = 100 * len(reporting & listed) / len(reporting) if listed else float("nan")
        rows.append((str(census), share, f"{len(reporting - listed):,} of {len(reporting):,} networks not on the list"))
    table = pd.DataFrame(rows, columns=["census", "listed_pct", "place_value"])
    return table.assign(
        place_column="networks on the nearest list of registered patients",
        sha256=table["census"].map(sha256_by_census(workforce)),
        file_row=_no_row(len(table)),
    )


def networks_on_lists(patients: pd.DataFrame, censuses: Iterable[str]) -> dict[str, set[str]]:
    """By census, the networks of the list of patients nearest to it, at most three months from it; none without one."""
    networks = patients[patients["org_type"] == "pcn"]
    codes: dict[pd.Timestamp, set[str]] = {}
    for date, code in zip(networks["list_date"].tolist(), networks["org_code"].astype(str).tolist(), strict=True):
        codes.setdefault(date, set()).add(code)
    found: dict[str, set[str]] = {}
    for census in censuses:
        distances = {date: abs(date - pd.Timestamp(census_date(census))) for date in codes}
        near = min([*distances.values(), pd.Timedelta(days=NEAR_DAYS)])
        # Two lists may be equally near.
        found[census] = set().union(*(codes[date] for date, distance in distances.items() if distance == near))
    return found


def unknown_roles(workforce: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """One row per role that the vocabulary does not know, and census: ``rows``, ``fte``, and the role it resembles.

    ``near_followed`` is 1 where its name is close to that of a role that the targets are about, else 0.
    """
    unknown = workforce[workforce[ROLE] == UNKNOWN]
    keys = ["census", "staff_role"]
    table = unknown.groupby(keys, observed=True).agg(
        rows=("fte", "size"), fte=("fte", "sum"), sha256=("sha256", "first"), file_row=("file_row", "min")
    )
    table = table.reset_index().astype({"census": object, "staff_role": object})
    followed = {
        wording: roles.names[code]
        for code in FOLLOWED
        if code in roles.by_code
        for wording in (roles.names[code], *roles.by_code[code].raw)
    }
    near = [
        next((name for wording, name in followed.items() if resembles(one, wording)), "") for one in table["staff_role"]
    ]
    return table.assign(
        sha256=table["sha256"].astype(str),
        near_followed=[int(bool(name)) for name in near],
        place_column="staff_role",
        place_value=[
            f"{own} ({rows:,} rows), close to {name}" if name else own
            for own, rows, name in zip(table["staff_role"], table["rows"], near, strict=True)
        ],
    )


def renamed_roles(changed: pd.DataFrame, unknown: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """One row per role that fell by over a tenth as an unknown role of about that size appeared.

    The census before is at most a quarter earlier.
    ``changed`` is of :func:`analysis.quality.history.changes`, ``unknown`` of :func:`unknown_roles`. ``taken`` is the
    FTE of the unknown role. About that size: at least half of the fall, at most twice.
    """
    spans = zip(changed["previous_census"], changed["census"], strict=True)
    close = pd.Series([months_between(str(was), str(now)) <= _QUARTER for was, now in spans], changed.index, dtype=bool)
    falls = changed[close & (changed["measure"] == "fte") & (changed["value"] < _FALL_TO * changed["previous"])]
    falls = falls.assign(fall=falls["previous"] - falls["value"])[["census", ROLE, "fall"]]
    pairs = falls.astype({"census": object}).merge(unknown, on="census", how="inner")
    near = pairs[(pairs["fte"] >= pairs["fall"] / 2) & (pairs["fte"] <= 2 * pairs["fall"])].reset_index(drop=True)
    names = near[ROLE].map(roles.names).fillna(near[ROLE])
    return near.assign(
        taken=near["fte"].astype("float64"),
        place_column="an unknown role, and a known one",
        place_value=[
            f"{own}: {taken:,.1f} FTE; {known}: {fall:,.1f} FTE fewer"
            for own, taken, known, fall in zip(near["staff_role"], near["fte"], names, near["fall"], strict=True)
        ],
    )


def dates_of_censuses(censuses: Iterable[str], today: dt.date, sha256: dict[str, str]) -> pd.DataFrame:
    """One row per census: ``days_ahead``, how many days it lies after ``today`` (negative when before)."""
    table = pd.DataFrame({"census": sorted(set(censuses))})
    return table.assign(
        days_ahead=[(census_date(census) - today).days for census in table["census"]],
        place_column="census",
        place_value=[month_label(census) for census in table["census"]],
        sha256=[sha256.get(census, "") for census in table["census"]],
        file_row=_no_row(len(table)),
    )


@functools.cache
def resembles(one: str, other: str) -> bool:
    """Whether two names of roles are close: one stands inside the other, or they are spelt alike.

    >>> resembles("Link Worker", "Social Prescribing Link Workers")
    True
    >>> resembles("Social Workers", "Social Prescribing Link Workers")
    False
    """
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    inside = len(shorter) >= _FEWEST_WORDS and any(
        longer[start : start + len(shorter)] == shorter for start in range(len(longer) - len(shorter) + 1)
    )
    return inside or difflib.SequenceMatcher(None, _plain(one), _plain(other)).ratio() >= _NEAR


def _words(name: str) -> list[str]:
    words = (word.removesuffix("s") for word in _WORD.findall(name.lower()))
    return [word for word in words if word not in _EMPTY_WORDS]


def _plain(name: str) -> str:
    return "".join(_WORD.findall(name.lower()))


def _no_row(length: int) -> pd.Series:
    return pd.Series(pd.NA, index=range(length), dtype="Int64")
