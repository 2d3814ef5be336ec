"""Areas over time: compared by codes, never by names, and only where the same PCNs make them up."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.measures.base import area_names, area_of, codes_change
from analysis.measures.compact_table import CompactTable
from analysis.measures.notes import NOT_AVAILABLE, note
from analysis.registers.breaks import Breaks

COLUMNS = ["level", "from_census", "census", "old_code", "old_name", "area_code", "area_name", "pcns", "note", "reason"]


def seen_in(breaks: Breaks, table: CompactTable) -> Breaks:
    """The breaks without those of geography that these extracts do not show, level by level.

    Extracts published again after a change of areas carry the later areas at every census: there no figure is cut off
    from the one before it, and a mark would tell of a break that is not in them.
    """
    kept = []
    for entry in breaks.breaks:
        if entry.kind == "geography":
            levels = tuple(level for level in entry.levels if codes_change(table, level, entry.census))
            if not levels:
                continue
            entry = entry.model_copy(update={"levels": levels})  # noqa: PLW2901 - the same break, where it is seen
        kept.append(entry)
    return Breaks(tuple(kept))


def one_to_one(
    table: CompactTable, level: str, from_census: str, census: str, *, through: str = "pcn_code"
) -> pd.DataFrame:
    """Which area of ``census`` is which area of ``from_census``: one row for each area of either.

    Two areas are the same when every PCN of the old one that reported at both censuses lies in the new one, and every
    such PCN of the new one lay in the old one. Codes and names need not agree, and equal codes are no proof: an ICB may
    keep its code and lose half its PCNs. With ``through="sub_icb_code"`` whole sub-ICBs are followed instead of PCNs;
    use it where they kept their codes.

    Columns: ``level, from_census, census, old_code, old_name, area_code, area_name``, ``pcns`` (how many PCNs, or
    sub-ICBs, were followed), ``note`` and ``reason``. Where there is no such pair, the code of the other side is
    missing, ``note`` is ``[x]`` and ``reason`` says why.
    """
    reports = {when: table.networks.iloc[table.at(when)] for when in (from_census, census)}
    names = {when: area_names(networks, level) for when, networks in reports.items()}
    old, new = (_areas_of(networks, through, level) for networks in reports.values())
    shared = Counter((before, after) for part in old.keys() & new.keys() for before in old[part] for after in new[part])
    partners: tuple[dict[str, dict[str, int]], ...] = ({}, {})  # of each old area, and of each new one
    for (before, after), count in shared.items():
        partners[0].setdefault(before, {})[after] = count
        partners[1].setdefault(after, {})[before] = count
    same = {
        after: (before, count)
        for (before, after), count in shared.items()
        if len(partners[0][before]) == len(partners[1][after]) == 1
    }
    rows: list[tuple[str | None, str | None, int, str]] = [
        (same[code][0], code, same[code][1], "") for code in sorted(same)
    ]
    alone = {before for before, _ in same.values()}, set(same)
    for side, areas in enumerate((old, new)):
        for code in sorted(set().union(*areas.values()) - alone[side]):
            others = partners[side].get(code, {})
            codes = (None, code) if side else (code, None)
            rows.append((*codes, sum(others.values()), _reason(sorted(others))))
    frame = pd.DataFrame(rows, columns=["old_code", "area_code", "pcns", "reason"]).astype(
        {"old_code": "str", "area_code": "str", "pcns": "int64", "reason": "str"}
    )
    frame["old_name"] = frame["old_code"].map(names[from_census])
    frame["area_name"] = frame["area_code"].map(names[census])
    frame["note"] = note(len(frame), (frame["old_code"].isna() | frame["area_code"].isna(), NOT_AVAILABLE))
    return frame.assign(level=level, from_census=from_census, census=census)[COLUMNS]


def _areas_of(networks: pd.DataFrame, through: str, level: str) -> dict[str, set[str]]:
    """The areas in which each PCN, or other part, lies."""
    found: dict[str, set[str]] = {}
    for part, area in zip(networks[through].tolist(), area_of(networks, level).tolist(), strict=True):
        found.setdefault(part, set()).add(area)
    return found


def _reason(partners: list[str]) -> str:
    if not partners:
        return "none of its PCNs reported at both censuses"
    if len(partners) == 1:
        return f"its PCNs that reported at both censuses are in {partners[0]}, but not they alone"
    return f"its PCNs that reported at both censuses are divided between {', '.join(partners)}"
