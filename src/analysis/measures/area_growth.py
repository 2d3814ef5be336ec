"""How much each region and integrated care board gained or lost in a year, and since England's peak."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.base import AREA, area_of
from analysis.measures.compact_table import CompactTable
from analysis.measures.geography import one_to_one
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, across_break, note
from analysis.periods import shift
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

LEVELS = ("region", "icb")
YEAR_AGO, PEAK = "year_ago", "peak"
COLUMNS = [
    *(*AREA, "role", "since", "from_census", "from_code", "from_fte", "to_fte", "change_fte", "change_note"),
    *("change_pct", "change_pct_note", "pcns_in_both", "in_both_from_fte", "in_both_change_fte", "in_both_note"),
    "reason",
]
NO_EXTRACT = "there is no individual-level extract of the earlier census"
AT_PEAK = "the census is the peak"


def area_growth(
    table: CompactTable,
    roles: Roles,
    breaks: Breaks,
    codes: Sequence[str],
    *,
    totals: pd.DataFrame,
    networks: pd.DataFrame,
) -> pd.DataFrame:
    """Compare regions and ICBs at the latest census of the extracts with a year before, and with England's peak.

    ``totals`` is of :func:`analysis.measures.national.national_totals`, ``networks`` of
    :func:`analysis.measures.network_fte.network_fte`. ``since`` is ``year_ago`` (the census 12 months before) or
    ``peak`` (the census up to the latest one with England's highest FTE in the role; of equals the last).
    ``from_census`` is that census.

    ``from_fte``, ``to_fte``, ``change_fte``, ``change_pct``
        FTE as reported then and now, and the change. Networks that began or ceased to report are in it. An area is
        compared with the one that the same networks made up then (``from_code``), whatever its code
        (:func:`analysis.measures.geography.one_to_one`); without such a one all of these but ``to_fte`` are missing and
        ``reason`` says why.
    ``pcns_in_both``, ``in_both_from_fte``, ``in_both_change_fte``
        Networks that reported at both censuses, counted where they lie now; their FTE then, and its change. This
        compares whichever way areas were changed.

    ``change_note``, ``change_pct_note``: ``[x]`` where areas do not compare, or there is no extract of the earlier
    census; ``[z]`` where the role had not started, the latest census is the peak, or a percentage would be of nothing;
    ``[b]`` across a break. ``in_both_note``: the same for the figures of networks in both.
    """
    totals = totals[totals["level"].isin(["england", *LEVELS]) & totals["role"].isin(codes)]
    censuses = sorted(networks["census"].unique())
    if not censuses:
        return pd.DataFrame({column: pd.Series([], dtype=_dtype(column)) for column in COLUMNS})
    latest = censuses[-1]
    parts = []
    for since, pairs in _spans(totals, codes, latest).items():
        for start in sorted({start for start in pairs.values() if start}):
            named = [code for code in codes if pairs[code] == start]
            parts += [
                _compared(_now(totals, level, latest, named), totals, table, networks, start).assign(since=since)
                for level in LEVELS
            ]
        if nowhere := [code for code in codes if not pairs[code]]:  # the role has never had any FTE
            parts += [_now(totals, level, latest, nowhere).assign(since=since) for level in LEVELS]
    frame = pd.concat(parts, ignore_index=True).reindex(columns=[c for c in COLUMNS if not c.endswith("note")])
    frame = _with_notes(frame, networks, roles, breaks)
    order = {code: place for place, code in enumerate(codes)}
    return frame.sort_values(
        ["since", "level", "area_code", "role"],
        key=lambda column: column.map(order) if column.name == "role" else column,
        ignore_index=True,
    )[COLUMNS].astype({column: _dtype(column) for column in COLUMNS})


def _dtype(column: str) -> str:
    return "float64" if column.endswith(("_fte", "_pct")) or column == "pcns_in_both" else "str"


def _spans(totals: pd.DataFrame, codes: Sequence[str], latest: str) -> dict[str, dict[str, str]]:
    """For a year and for the peak: the earlier census by role; empty text where there is none."""
    england = totals[(totals["level"] == "england") & (totals["census"] <= latest)]
    peaks = {}
    for code in codes:
        series = england.loc[england["role"] == code].set_index("census")["fte"].sort_index(ascending=False).dropna()
        peaks[code] = str(series.idxmax()) if (series > 0).any() else ""
    return {YEAR_AGO: dict.fromkeys(codes, shift(latest, -12)), PEAK: peaks}


def _now(totals: pd.DataFrame, level: str, census: str, codes: Sequence[str]) -> pd.DataFrame:
    here = totals[(totals["level"] == level) & (totals["census"] == census) & totals["role"].isin(codes)]
    return here[[*AREA, "role", "fte"]].rename(columns={"fte": "to_fte"})


def _compared(
    now: pd.DataFrame, totals: pd.DataFrame, table: CompactTable, networks: pd.DataFrame, start: str
) -> pd.DataFrame:
    """Each area and role of ``now`` (of :func:`_now`) with its figures at ``start``."""
    now = now.assign(from_census=start)
    if now.empty:
        return now
    level, end, codes = str(now["level"].iloc[0]), str(now["census"].iloc[0]), list(now["role"].unique())
    if start == end:
        return now.assign(reason=AT_PEAK)
    if start not in networks["census"].unique():
        return now.assign(reason=NO_EXTRACT)
    same = one_to_one(table, level, start, end).dropna(subset="area_code")
    now = now.merge(same[["area_code", "old_code", "reason"]], on="area_code", how="left")
    now["reason"] = now["reason"].fillna("no network of it reported at the later census")
    then = _now(totals, level, start, codes)[["area_code", "role", "to_fte"]]
    then = then.rename(columns={"area_code": "from_code", "to_fte": "from_fte"})
    now = now.rename(columns={"old_code": "from_code"}).merge(then, on=["from_code", "role"], how="left")
    return now.merge(_in_both(networks, level, start, end), on=["area_code", "role"], how="left")


def _in_both(networks: pd.DataFrame, level: str, start: str, end: str) -> pd.DataFrame:
    """``area_code, role, pcns_in_both, in_both_from_fte, in_both_change_fte``: each network where it lies now."""
    needed = ["pcn_code", "role", "fte"]
    now = networks.loc[networks["census"] == end, [*needed, f"{level}_code"]]
    then = networks.loc[networks["census"] == start, needed]
    both = now.merge(then, on=["pcn_code", "role"], suffixes=("", "_then"))
    both = both.assign(area_code=area_of(both, level), change=both["fte"] - both["fte_then"])
    sums = both.groupby(["area_code", "role"]).agg(
        pcns_in_both=("pcn_code", "size"), in_both_from_fte=("fte_then", "sum"), in_both_change_fte=("change", "sum")
    )
    return sums.reset_index()


def _with_notes(frame: pd.DataFrame, networks: pd.DataFrame, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    frame["reason"] = frame["reason"].fillna("")
    frame["change_fte"] = frame["to_fte"] - frame["from_fte"]
    frame["change_pct"] = 100 * frame["change_fte"] / frame["from_fte"].where(frame["from_fte"] > 0)
    started = pd.MultiIndex.from_frame(networks[["census", "role"]].drop_duplicates())
    held = frame["from_census"].isin(networks["census"].unique())
    unstarted = held & ~pd.MultiIndex.from_frame(frame[["from_census", "role"]]).isin(started)
    pointless = unstarted | (frame["reason"] == AT_PEAK) | frame["from_census"].isna()
    broken = across_break(frame, roles, breaks)
    missing, of_nothing = frame["change_fte"].isna(), frame["change_pct"].isna()
    reasons = ((missing & pointless, NOT_APPLICABLE), (missing, NOT_AVAILABLE))
    frame["change_note"] = note(len(frame), *reasons, (broken, BREAK))
    frame["change_pct_note"] = note(len(frame), *reasons, (of_nothing, NOT_APPLICABLE), (broken, BREAK))
    none_in_both = frame["in_both_change_fte"].isna()
    frame["in_both_note"] = note(
        len(frame), (none_in_both & pointless, NOT_APPLICABLE), (none_in_both, NOT_AVAILABLE), (broken, BREAK)
    )
    return frame
