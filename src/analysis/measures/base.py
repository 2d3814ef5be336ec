"""What the measures share: who reported, which areas there are, and the FTE of each PCN by role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import pandas as pd

from analysis.columns import CONTRACTED, ENGLAND, LEVELS, STAFF
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

ALL_LEVELS: tuple[str, ...] = ("england", *LEVELS)
# The roles shown for single PCNs, beside the one that the report is about. Forty
# roles of 1,100 PCNs would be a large frame, and unread.
FOCUS: tuple[str, ...] = ("splw", "splw_mh", "splw_all", "hwbc", "cc")
FTE_COLUMNS = ["fte", "fte_staff", "fte_contracted"]
AREA = ["level", "area_code", "area_name", "census"]
PLACE_CODES = [code for code, _ in LEVELS.values()]  # the codes that place a PCN, its own among them


def all_codes(roles: Roles) -> list[str]:
    """The codes of all roles and role groups."""
    return [*roles.codes, *roles.groups]


def focus_codes(roles: Roles) -> list[str]:
    """The codes of ``FOCUS`` in the vocabulary, and that of the role that the report is about."""
    return list(roles.with_focus(FOCUS))


def followed_codes(roles: Roles, level: str) -> list[str]:
    """The codes whose changes are worked out: all for England; below, the roles of ``FOCUS`` and the groups."""
    focus = [code for code in focus_codes(roles) if code in roles.codes]
    return all_codes(roles) if level == "england" else [*focus, *roles.groups]


def area_of(frame: pd.DataFrame, level: str) -> pd.Series[str]:
    """The code of the area that each row lies in, at a level."""
    if level == "england":
        return pd.Series(ENGLAND, index=frame.index, dtype="str")
    return frame[LEVELS[level][0]].astype("str")


def reporting(workforce: pd.DataFrame) -> pd.DataFrame:
    """The PCNs that reported: one row for each census and PCN with any row of any role.

    Columns: ``census``, ``pcn_code``, ``pcn_name``, code and name of its sub-ICB, ICB and region at that census (of its
    first row: that a PCN lies in one place within a file is for validation to check), ``reports_staff`` and
    ``reports_contracted`` (whether it has rows of each data source). In order of census and PCN.
    """
    places = ["census", *(column for pair in LEVELS.values() for column in pair)]
    key = ["census", "pcn_code"]
    reports = workforce[places].drop_duplicates(key).astype("str").sort_values(key, ignore_index=True)
    sources = workforce[[*key, "data_source"]].drop_duplicates().astype("str")
    index = pd.MultiIndex.from_frame(reports[key])
    for name, source in (("reports_staff", STAFF), ("reports_contracted", CONTRACTED)):
        reports[name] = index.isin(pd.MultiIndex.from_frame(sources.loc[sources["data_source"] == source, key]))
    return reports


def counted_rows(workforce: pd.DataFrame, roles: Roles, codes: Iterable[str]) -> pd.DataFrame:
    """Each row of the extracts once for each code of ``codes``, role or group, that counts it: code in ``role``.

    No row is dropped as a duplicate: contracted rows carry no identifier, so equal rows are different people's work.
    Beside the columns of ``workforce``: ``fte_staff`` and ``fte_contracted``, the FTE by data source.
    """
    counts = pd.DataFrame(
        [(member, code) for code in codes for member in roles.members(code)], columns=["member", "role"], dtype="str"
    )
    rows = workforce.rename(columns={"role": "member"}).astype({"member": "str"}).merge(counts, on="member")
    rows["role"] = rows["role"].astype("category")
    for name, source in (("fte_staff", STAFF), ("fte_contracted", CONTRACTED)):
        rows[name] = rows["fte"].where(rows["data_source"] == source, 0.0)
    return rows


def pcn_fte(workforce: pd.DataFrame, roles: Roles, codes: Iterable[str]) -> pd.DataFrame:
    """FTE of each PCN that has rows of a role: ``census, pcn_code, role, fte, fte_staff, fte_contracted``."""
    needed = workforce[["census", "pcn_code", "data_source", "role", "fte"]]
    key = ["census", "pcn_code", "role"]
    sums = counted_rows(needed, roles, codes).groupby(key, observed=True)[FTE_COLUMNS].sum().reset_index()
    return sums.astype(dict.fromkeys(key, "str"))


def area_names(reports: pd.DataFrame, level: str) -> dict[str, str]:
    """The name of each area of a level: that of the latest census, so that an area has one name in all tables."""
    if level == "england":
        return {ENGLAND: "England"}
    code, name = LEVELS[level]
    latest = reports.drop_duplicates(code, keep="last")
    return dict(zip(latest[code], latest[name].str.strip(), strict=True))


def areas_in_force(reports: pd.DataFrame, level: str, breaks: Breaks) -> pd.DataFrame:
    """The areas there are at each census, reporting or not: ``level, area_code, area_name, census``.

    An area seen at any census is there at every census (it did not report at the others), unless the areas of the
    level were changed in between: then it is there only on the side of the change on which it is seen. A change is a
    break of geography in ``breaks`` at which, in these extracts, a code goes and its PCNs carry on under another one.
    """
    censuses = sorted(reports["census"].unique())
    seen = pd.DataFrame({"census": reports["census"], "area_code": area_of(reports, level)}).drop_duplicates()
    starts = [entry.census for entry in breaks.geography(level) if codes_change(reports, level, entry.census)]
    era = {census: sum(start <= census for start in starts) for census in censuses}
    seen["era"] = seen["census"].map(era).astype("int64")
    areas = seen[["era", "area_code"]].drop_duplicates()
    times = pd.DataFrame({"census": list(era), "era": list(era.values())}).astype({"census": "str", "era": "int64"})
    grid = areas.merge(times, on="era")
    grid["level"] = level
    grid["area_name"] = grid["area_code"].map(area_names(reports, level))
    return grid[AREA].sort_values(["area_code", "census"], ignore_index=True).astype("str")


def codes_change(reports: pd.DataFrame, level: str, start: str) -> bool:
    """Whether at ``start`` a code of the level goes, and its PCNs carry on under another one, in these reports.

    Extracts published again after a change of areas carry the new areas for all censuses: there nothing changes.
    """
    area = area_of(reports, level)
    after = reports["census"] >= start
    gone = set(area[~after]) - set(area[after])
    carried_on = ~after & reports["pcn_code"].isin(reports.loc[after, "pcn_code"])
    return bool(gone & set(area[carried_on]))


def role_starts(roles: Roles, codes: Sequence[str], seen: pd.DataFrame) -> pd.Series[str]:
    """The first census of each code: of the vocabulary, or the first one ``seen`` (``census, role``) if earlier."""
    known = pd.Series({code: roles.starts(code) for code in codes}, dtype="str")
    first = seen.groupby("role")["census"].min().reindex(known.index)
    return known.where(first.isna() | (known <= first.fillna("")), first)


def with_each(areas: pd.DataFrame, column: str, values: Sequence[str]) -> pd.DataFrame:
    """Each row of ``areas`` once with each value of a new column, in their order."""
    pairs = list(product(range(len(areas)), values))
    grid = areas.iloc[[row for row, _ in pairs]].reset_index(drop=True)
    grid[column] = pd.Series([value for _, value in pairs], dtype="str")
    return grid
