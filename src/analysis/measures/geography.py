"""Areas over time: compared by codes, never by names, and only where the same PCNs make them up."""

from __future__ import annotations

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
    sides = [
        pd.DataFrame({through: networks[through], "area": area_of(networks, level)}).drop_duplicates()
        for networks in reports.values()
    ]
    followed = sides[0].merge(sides[1], on=through, suffixes=("_old", "_new"))
    pairs = followed.groupby(["area_old", "area_new"]).size().rename("pcns").reset_index()
    parts_of_old = pairs["area_old"].map(pairs["area_old"].value_counts())
    parts_of_new = pairs["area_new"].map(pairs["area_new"].value_counts())
    alone = pairs[(parts_of_old == 1) & (parts_of_new == 1)]
    same = pd.DataFrame({"old_code": alone["area_old"], "area_code": alone["area_new"], "pcns": alone["pcns"]})
    rest = [
        _unmatched(pairs, "area_old", "area_new", "old_code", sorted(set(sides[0]["area"]) - set(same["old_code"]))),
        _unmatched(pairs, "area_new", "area_old", "area_code", sorted(set(sides[1]["area"]) - set(same["area_code"]))),
    ]
    frame = pd.concat([same.sort_values("area_code").assign(reason=""), *rest], ignore_index=True)
    frame["old_name"] = frame["old_code"].map(names[from_census])
    frame["area_name"] = frame["area_code"].map(names[census])
    frame["note"] = note(len(frame), (frame["old_code"].isna() | frame["area_code"].isna(), NOT_AVAILABLE))
    return frame.assign(level=level, from_census=from_census, census=census)[COLUMNS]


def _unmatched(pairs: pd.DataFrame, own: str, other: str, column: str, codes: list[str]) -> pd.DataFrame:
    """Rows for the areas of one side without a partner, with the reason."""
    partners: dict[str, dict[str, int]] = {}
    for code, partner, pcns in zip(pairs[own], pairs[other], pairs["pcns"], strict=True):
        partners.setdefault(code, {})[partner] = int(pcns)
    reasons = [_reason(sorted(partners.get(code, {}))) for code in codes]
    counts = [sum(partners.get(code, {}).values()) for code in codes]
    missing = {"old_code": None, "area_code": None}
    return pd.DataFrame({**missing, column: codes, "pcns": counts, "reason": reasons}).astype(
        {"old_code": "str", "area_code": "str", "reason": "str"}
    )


def _reason(partners: list[str]) -> str:
    if not partners:
        return "none of its PCNs reported at both censuses"
    if len(partners) == 1:
        return f"its PCNs that reported at both censuses are in {partners[0]}, but not they alone"
    return f"its PCNs that reported at both censuses are divided between {', '.join(partners)}"
