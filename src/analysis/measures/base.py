"""What the measures share: the roles they follow, and which areas there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.columns import ENGLAND, LEVELS
from analysis.measures.compact_table import CompactTable, Ints, Mask
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


def text_of(values: Sequence[str], numbers: Ints) -> pd.Series[str]:
    """A column of text: for each number the value in that place."""
    return pd.Series(pd.array(list(values), dtype="str").take(numbers))


def numbers_of(values: Iterable[str], names: Sequence[str]) -> Ints:
    """The place of each value among ``names``; −1 where it is none of them."""
    return pd.Index(names).get_indexer(pd.Index(values)).astype(np.int64)


def area_names(networks: pd.DataFrame, level: str) -> dict[str, str]:
    """The name of each area of a level: that of the latest census, so that an area has one name in all tables.

    ``networks`` is of :attr:`analysis.measures.compact_table.CompactTable.networks`, or a part of it.
    """
    if level == "england":
        return {ENGLAND: "England"}
    code, name = LEVELS[level]
    latest = networks.drop_duplicates(code, keep="last")
    return dict(zip(latest[code], latest[name].str.strip(), strict=True))


def areas_in_force(table: CompactTable, level: str, breaks: Breaks) -> tuple[Ints, Ints]:
    """The areas there are at each census, reporting or not: the number of the area, and that of the census.

    In order of area and census, numbered as in ``table.areas(level)`` and ``table.censuses``. An area seen at any
    census is there at every census (it did not report at the others), unless the areas of the level were changed in
    between: then it is there only on the side of the change on which it is seen. A change is a break of geography in
    ``breaks`` at which, in these extracts, a code goes and its PCNs carry on under another one.
    """
    areas, censuses = table.areas(level), table.censuses
    there: Mask = np.zeros((len(areas.codes), len(censuses)), dtype=bool)
    there[areas.of_network, table.census_of_network] = True
    starts = [entry.census for entry in breaks.geography(level) if codes_change(table, level, entry.census)]
    era = np.array([sum(start <= census for start in starts) for census in censuses], dtype=np.int64)
    for number in np.unique(era):
        there[:, era == number] = np.any(there[:, era == number], axis=1, keepdims=True)
    area, census = np.nonzero(there)
    return area, census


def area_grid(table: CompactTable, level: str, breaks: Breaks, codes: Sequence[str]) -> pd.DataFrame:
    """The areas in force at each census, once with each of ``codes``: ``AREA`` and ``role``."""
    area, census = areas_in_force(table, level, breaks)
    return _named(table, level, np.repeat(area, len(codes)), np.repeat(census, len(codes))).assign(
        role=text_of(codes, np.tile(np.arange(len(codes)), len(area)))
    )


def area_frame(table: CompactTable, level: str, breaks: Breaks) -> pd.DataFrame:
    """The areas in force at each census: ``AREA``."""
    return _named(table, level, *areas_in_force(table, level, breaks))


def _named(table: CompactTable, level: str, area: Ints, census: Ints) -> pd.DataFrame:
    codes, names = table.areas(level).codes, area_names(table.networks, level)
    columns = {
        "level": text_of([level], np.zeros_like(area)),
        "area_code": text_of(codes, area),
        "area_name": text_of([names.get(code, code) for code in codes], area),
        "census": text_of(table.censuses, census),
    }
    return pd.DataFrame(columns)


def codes_change(table: CompactTable, level: str, start: str) -> bool:
    """Whether at ``start`` a code of the level goes, and its PCNs carry on under another one, in these extracts.

    Extracts published again after a change of areas carry the new areas for all censuses: there nothing changes.
    """
    area, pcn = table.areas(level).of_network, table.areas("pcn").of_network
    after = table.census_of_network >= np.searchsorted(table.censuses, start)
    gone = ~np.isin(area, area[after])
    return bool((gone & np.isin(pcn, pcn[after])).any())


def with_each(areas: pd.DataFrame, column: str, values: Sequence[str]) -> pd.DataFrame:
    """Each row of ``areas`` once with each value of a new column, in their order."""
    row, value = np.divmod(np.arange(len(areas) * len(values)), max(len(values), 1))
    return areas.take(row).reset_index(drop=True).assign(**{column: text_of(values, value)})
