"""A change between two censuses by who reported: PCNs in both, newly reporting, dropped out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import CONTRACTED, STAFF
from analysis.measures.base import (
    FTE_COLUMNS,
    PLACE_CODES,
    all_codes,
    area_names,
    area_of,
    followed_codes,
    pcn_fte,
    reporting,
    role_starts,
    with_each,
)
from analysis.measures.notes import BREAK, NOT_APPLICABLE, note
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

LEVELS = ("england", "region", "icb")
SOURCES = {"all": "fte", STAFF: "fte_staff", CONTRACTED: "fte_contracted"}
PARTS = {"both": "in_both", "new": "newly_reporting", "gone": "dropped_out"}
FTE_PARTS = ["in_both_from_fte", "in_both_to_fte", "newly_reporting_fte", "dropped_out_fte"]
PCN_PARTS = [f"pcns_{name}" for name in PARTS.values()]
COLUMNS = [
    *("level", "area_code", "area_name", "census", "role", "data_source", "from_census"),
    *("from_fte", "to_fte", "change_fte", "in_both_fte", "newly_reporting_fte", "dropped_out_fte"),
    *("in_both_from_fte", "in_both_to_fte", *PCN_PARTS, "pcns_moved", "note"),
]


def consecutive(censuses: Iterable[str]) -> list[tuple[str, str]]:
    """Each census with the one before: the pairs that a series of changes is made of."""
    return list(itertools.pairwise(sorted(set(censuses))))


def decomposition(
    workforce: pd.DataFrame,
    roles: Roles,
    breaks: Breaks,
    pairs: Sequence[tuple[str, str]] | None = None,
    *,
    levels: Sequence[str] = LEVELS,
    codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Split the change in FTE from one census to another by who reported, for each pair ``(from, to)`` of censuses.

    ``change_fte`` = ``in_both_fte`` + ``newly_reporting_fte`` + ``dropped_out_fte``: what changed in PCNs that reported
    at both censuses, what the PCNs that reported only at the later one have, and (negative) what those that reported
    only at the earlier one had. "Reported" means any row of any role: a PCN that reported and has nobody in the role
    counts as in both. ``in_both_from_fte`` and ``in_both_to_fte`` are the matched pair of levels. ``pcns_in_both``,
    ``pcns_newly_reporting`` and ``pcns_dropped_out`` count PCNs, whatever the role.

    Below England both censuses are put on the areas of the later one: each PCN counts, at both, in the area where it
    lies at the later census, and one that dropped out in the area where it lay. A PCN that changed area is thus never
    "new" in one and "gone" from another, and a change across a remapping of areas is still one of PCNs. Therefore
    ``from_fte`` differs from the total of that census where PCNs changed area: ``pcns_moved`` counts those.

    By role and group (``codes``; by default all for England, and below it the roles of ``FOCUS`` and the groups),
    ``data_source`` (``all``, or one of the two), and each area with a PCN that reported at either census. The default
    pairs are the consecutive censuses; a pair may also go back in time. ``note``: ``[z]`` when the role had not started
    at both (its values are missing), ``[b]`` when the change crosses a break other than one of areas.
    """
    counted = list(codes) if codes is not None else all_codes(roles)
    reports = reporting(workforce)
    pairs = consecutive(reports["census"]) if pairs is None else list(pairs)
    if not pairs:  # a single census, or none, has no change
        return pd.DataFrame({column: pd.Series([], dtype=_dtype(column)) for column in COLUMNS})
    amounts = pcn_fte(workforce, roles, counted)
    starts = role_starts(roles, counted, amounts[["census", "role"]].drop_duplicates())
    placed = reports[["census", *PLACE_CODES]]
    status = pd.concat([_status(placed, earlier, later) for earlier, later in pairs], ignore_index=True)
    sides = pd.concat([_side(status, amounts, side) for side in ("from", "to")], ignore_index=True)
    frames = [
        _at_level(status, sides, reports, level, counted if codes is not None else followed_codes(roles, level))
        for level in levels
    ]
    frame = pd.concat(frames, ignore_index=True)
    return _with_notes(frame, starts, roles, breaks)[COLUMNS]


def _dtype(column: str) -> str:
    return "float64" if column.endswith("_fte") else "int64" if column.startswith("pcns_") else "str"


def _status(reports: pd.DataFrame, earlier: str, later: str) -> pd.DataFrame:
    """Each PCN of either census: ``status`` (both, new, gone), the report that places it, and the earlier one."""
    old = reports[reports["census"] == earlier].set_index("pcn_code")
    new = reports[reports["census"] == later].set_index("pcn_code")
    places = pd.concat([new, old[~old.index.isin(new.index)]])
    status = np.where(places["census"] != later, "gone", np.where(places.index.isin(old.index), "both", "new"))
    then = old.reindex(places.index).add_suffix("_then")
    return pd.concat([places, then], axis=1).assign(status=status, from_census=earlier, census=later).reset_index()


def _side(status: pd.DataFrame, amounts: pd.DataFrame, side: str) -> pd.DataFrame:
    """The FTE of each PCN at one side of its pair, by role."""
    census = "from_census" if side == "from" else "census"
    at = amounts.rename(columns={"census": "at"})
    rows = status.assign(at=status[census]).merge(at, on=["at", "pcn_code"])
    return rows.assign(side=side)


def _at_level(
    status: pd.DataFrame, sides: pd.DataFrame, reports: pd.DataFrame, level: str, codes: list[str]
) -> pd.DataFrame:
    pair = ["from_census", "census", "area_code"]
    here = status.assign(area_code=area_of(status, level))
    here["area_then"] = _area_then(status, level)
    counts = pd.DataFrame(
        {f"pcns_{name}": (here["status"] == key).groupby([here[c] for c in pair]).sum() for key, name in PARTS.items()}
    )
    moved = (here["status"] == "both") & (here["area_code"] != here["area_then"])
    counts["pcns_moved"] = moved.groupby([here[column] for column in pair]).sum()

    rows = sides[sides["role"].isin(codes)]
    rows = rows.assign(area_code=area_of(rows, level))
    sums = rows.groupby([*pair, "role", "side", "status"])[FTE_COLUMNS].sum()
    areas = counts.reset_index()
    grid = with_each(areas, "role", codes)
    frames = [_parts(grid, sums[column], pair).assign(data_source=source) for source, column in SOURCES.items()]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(level=level, area_name=frame["area_code"].map(area_names(reports, level)))


def _area_then(status: pd.DataFrame, level: str) -> pd.Series[str]:
    then = status.filter(regex="_then$")
    return area_of(then.rename(columns=lambda column: column.removesuffix("_then")), level)


def _parts(grid: pd.DataFrame, sums: pd.Series[float], pair: list[str]) -> pd.DataFrame:
    """The parts of the change of one FTE column; a PCN that reported without a row of the role has none of it."""
    keys = pd.MultiIndex.from_frame(grid[[*pair, "role"]])

    def part(side: str, status: str) -> npt.NDArray[np.float64]:
        levels = [sums.index.get_level_values(name) for name in ("side", "status")]
        wanted = sums[(levels[0] == side) & (levels[1] == status)].droplevel(["side", "status"])
        return np.asarray(wanted.reindex(keys, fill_value=0.0), dtype=np.float64)

    both_from, both_to, new, gone = part("from", "both"), part("to", "both"), part("to", "new"), part("from", "gone")
    return grid.assign(
        from_fte=both_from + gone,
        to_fte=both_to + new,
        change_fte=(both_to + new) - (both_from + gone),
        in_both_fte=both_to - both_from,
        newly_reporting_fte=new,
        dropped_out_fte=0.0 - gone,  # not -gone, which would make zeros negative
        in_both_from_fte=both_from,
        in_both_to_fte=both_to,
    )


def _with_notes(frame: pd.DataFrame, starts: pd.Series[str], roles: Roles, breaks: Breaks) -> pd.DataFrame:
    first = frame["role"].map(starts)
    unstarted = (frame["from_census"] < first) | (frame["census"] < first)
    values = [column for column in COLUMNS if column.endswith("_fte")]
    frame[values] = frame[values].mask(unstarted)
    cases = frame[["from_census", "census", "role", "data_source"]].drop_duplicates()
    # Areas are those of the later census on both sides, so that breaks of areas do not come between: "england".
    after = {
        (role, source): breaks.censuses(measure, "england", role, roles)
        for role in cases["role"].unique()
        for source, measure in SOURCES.items()
    }
    crossing = [
        (earlier, later, role, source)
        for earlier, later, role, source in cases.itertuples(index=False, name=None)
        if any(min(earlier, later) < census <= max(earlier, later) for census in after[role, source])
    ]
    keys = pd.MultiIndex.from_frame(frame[list(cases.columns)])
    broken = pd.Series(keys.isin(crossing) if crossing else False, index=frame.index, dtype=bool)
    frame["note"] = note(len(frame), (unstarted, NOT_APPLICABLE), (broken, BREAK))
    order = ["level_order", "area_code", "census", "from_census", "role_order", "source_order"]
    return (
        frame.assign(
            level_order=frame["level"].map({level: place for place, level in enumerate(frame["level"].unique())}),
            role_order=frame["role"].map({role: place for place, role in enumerate(starts.index)}),
            source_order=frame["data_source"].map({source: place for place, source in enumerate(SOURCES)}),
        )
        .sort_values(order, ignore_index=True)
        .drop(columns=["level_order", "role_order", "source_order"])
    )
