"""A change between two censuses, divided by which PCNs report: at both, at the later one only, at the earlier only.

Those that report at one of the two only are divided further, by whether they were there at the other: a code that is
new in the data is often that of a new network, and one that is gone mostly that of a closed one.
"""

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
from analysis.measures.existence import Sightings, sightings
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.measures.successors import successors
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

LEVELS = ("england", "region", "icb")
SOURCES = {"all": "fte", STAFF: "fte_staff", CONTRACTED: "fte_contracted"}
# What a PCN is in a change, by whether it reports at both censuses, at the later or at the earlier one; and of the last
# two, by whether it was there at the census at which it did not report: yes, no, or nothing tells.
BOTH = "in_both"
NEW = {True: "began_reporting", False: "newly_formed", None: "only_later"}
GONE = {True: "stopped_reporting", False: "closed", None: "only_earlier"}
PARTS = (BOTH, *NEW.values(), *GONE.values())
TOTALS = {"newly_reporting": tuple(NEW.values()), "dropped_out": tuple(GONE.values())}
# Where of some PCNs nothing tells, it is not known how many of them were formed or closed: missing, and not none.
NOT_TOLD = {"newly_formed": "only_later", "closed": "only_earlier"}
FTE_VALUES = [f"{name}_fte" for name in ("in_both", "newly_reporting", *NEW.values(), "dropped_out", *GONE.values())]
PCN_COUNTS = [f"pcns_{name}" for name in ("in_both", "newly_reporting", *NEW.values(), "dropped_out", *GONE.values())]
COLUMNS = [
    *("level", "area_code", "area_name", "census", "role", "data_source", "from_census"),
    *("from_fte", "to_fte", "change_fte", *FTE_VALUES),
    *("in_both_from_fte", "in_both_to_fte", *PCN_COUNTS, "pcns_followed", "pcns_moved"),
    *("from_list_date", "list_date", "note"),
    *("newly_formed_note", "closed_note", "pcns_newly_formed_note", "pcns_closed_note"),
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
    patients: pd.DataFrame | None = None,
    practice_map: pd.DataFrame | None = None,
    levels: Sequence[str] = LEVELS,
    codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Split the change in FTE from one census to another by who reported, for each pair ``(from, to)`` of censuses.

    ``change_fte`` = ``in_both_fte`` + ``newly_reporting_fte`` + ``dropped_out_fte``: what changed in PCNs that reported
    at both censuses, what the PCNs that reported only at the later one have, and (negative) what those that reported
    only at the earlier one had. "Reported" means any row of any role: a PCN that reported and has nobody in the role
    counts as in both. ``in_both_from_fte`` and ``in_both_to_fte`` are the matched pair of levels. ``pcns_in_both``,
    ``pcns_newly_reporting`` and ``pcns_dropped_out`` count PCNs, whatever the role.

    The PCNs at one of the two are divided, in FTE and in number, by whether they were there at the other
    (:mod:`analysis.measures.existence`), and the parts of each add up to it:

    ======================  ==========================================================================================
    ``began_reporting``     of ``newly_reporting``: on the list that tells of the earlier census, or seen before it
    ``newly_formed``        neither: formed, or given another code, since that list
    ``only_later``          there is no such list: nothing tells which
    ``stopped_reporting``   of ``dropped_out``: on the list that tells of the later census, or seen after it
    ``closed``              neither: closed, merged or given another code by the day of that list
    ``only_earlier``        there is no such list: nothing tells which
    ======================  ==========================================================================================

    ``from_list_date`` and ``list_date`` are these lists of registered patients (``patients``, ``practice_map``); a list
    may be some months from its census. Where of some PCNs nothing tells, ``newly_formed`` or ``closed`` is not known:
    missing, with ``[x]`` in the note of that name.

    A PCN whose code changed is in both where maps of practices show which code it has now
    (:func:`analysis.measures.successors.successors`); ``pcns_followed`` counts those.

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
    pairs = consecutive(reports["census"]) if pairs is None else list(dict.fromkeys(pairs))
    if not pairs:  # a single census, or none, has no change
        return pd.DataFrame({column: pd.Series([], dtype=_dtype(column)) for column in COLUMNS})
    amounts = pcn_fte(workforce, roles, counted)
    starts = role_starts(roles, counted, amounts[["census", "role"]].drop_duplicates())
    placed = reports[["census", *PLACE_CODES]]
    seen = sightings(reports, patients, practice_map)
    status = pd.concat(
        [_status(placed, seen, pair, successors(practice_map, patients, *pair)) for pair in pairs], ignore_index=True
    )
    sides = pd.concat([_side(status, amounts, side) for side in ("from", "to")], ignore_index=True)
    frames = [
        _at_level(status, sides, reports, level, counted if codes is not None else followed_codes(roles, level))
        for level in levels
    ]
    frame = pd.concat(frames, ignore_index=True)
    lists = pd.DataFrame(
        [(*pair, seen.list_near(*pair), seen.list_near(*reversed(pair))) for pair in pairs],
        columns=["from_census", "census", "from_list_date", "list_date"],
    ).astype({"from_list_date": "datetime64[ns]", "list_date": "datetime64[ns]"})
    frame = frame.merge(lists, on=["from_census", "census"], how="left")
    return _with_notes(frame, starts, roles, breaks)[COLUMNS]


def _dtype(column: str) -> str:
    if column.endswith("_note"):
        return "str"
    if column.endswith("_date"):
        return "datetime64[ns]"
    if column.endswith("_fte") or column.removeprefix("pcns_") in NOT_TOLD:
        return "float64"
    return "int64" if column.startswith("pcns_") else "str"


def _status(reports: pd.DataFrame, seen: Sightings, pair: tuple[str, str], followed: dict[str, str]) -> pd.DataFrame:
    """Each PCN of either census under its later code: its part in the change, where it lies, and its earlier report."""
    earlier, later = pair
    old = reports[reports["census"] == earlier]
    new = reports[reports["census"] == later].set_index("pcn_code")
    followed = {code: now for code, now in followed.items() if now in new.index and code in set(old["pcn_code"])}
    old = old.assign(code_then=old["pcn_code"])
    old = old.assign(pcn_code=old["pcn_code"].replace(followed)).set_index("pcn_code")
    places = pd.concat([new, old.loc[~old.index.isin(new.index), new.columns]])
    gone, began = old.index.difference(new.index), new.index.difference(old.index)
    status = pd.Series(BOTH, index=places.index, dtype="str")
    status.update(pd.Series({code: GONE[there] for code, there in seen.were_there(gone, later, earlier).items()}))
    status.update(pd.Series({code: NEW[there] for code, there in seen.were_there(began, earlier, later).items()}))
    then = old.reindex(places.index).drop(columns="code_then").add_suffix("_then")
    places = places.assign(code_then=old["code_then"].reindex(places.index))
    return pd.concat([places, then], axis=1).assign(status=status, from_census=earlier, census=later).reset_index()


def _side(status: pd.DataFrame, amounts: pd.DataFrame, side: str) -> pd.DataFrame:
    """The FTE of each PCN at one side of its pair, by role."""
    census, code = ("from_census", "code_then") if side == "from" else ("census", "pcn_code")
    at = amounts.rename(columns={"census": "at", "pcn_code": "code_at"})
    rows = status.assign(at=status[census], code_at=status[code]).merge(at, on=["at", "code_at"])
    return rows.assign(side=side)


def _at_level(
    status: pd.DataFrame, sides: pd.DataFrame, reports: pd.DataFrame, level: str, codes: list[str]
) -> pd.DataFrame:
    pair = ["from_census", "census", "area_code"]
    here = status.assign(area_code=area_of(status, level))
    here["area_then"] = _area_then(status, level)
    both = here["status"] == BOTH
    marked = {name: here["status"] == name for name in PARTS}
    marked |= {"followed": both & (here["code_then"] != here["pcn_code"])}
    marked |= {"moved": both & (here["area_code"] != here["area_then"])}
    by = [here[column] for column in pair]
    counts = pd.DataFrame({f"pcns_{name}": mask.groupby(by).sum() for name, mask in marked.items()})
    for total, names in TOTALS.items():
        counts[f"pcns_{total}"] = counts[[f"pcns_{name}" for name in names]].sum(axis=1)

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

    both_from, both_to = part("from", BOTH), part("to", BOTH)
    parts = {name: part("to", name) for name in NEW.values()}
    parts |= {name: 0.0 - part("from", name) for name in GONE.values()}  # not -x, which would make zeros negative
    new, gone = (np.sum([parts[name] for name in names], axis=0) for names in TOTALS.values())
    return grid.assign(
        from_fte=both_from - gone,
        to_fte=both_to + new,
        change_fte=(both_to + new) - (both_from - gone),
        in_both_fte=both_to - both_from,
        newly_reporting_fte=new,
        dropped_out_fte=gone,
        in_both_from_fte=both_from,
        in_both_to_fte=both_to,
        **{f"{name}_fte": values for name, values in parts.items()},
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
    for name, other in NOT_TOLD.items():
        untold = frame[f"pcns_{other}"] > 0
        frame[[f"{name}_fte", f"pcns_{name}"]] = frame[[f"{name}_fte", f"pcns_{name}"]].astype("float64").mask(untold)
        reasons = ((unstarted, NOT_APPLICABLE), (untold, NOT_AVAILABLE), (broken, BREAK))
        frame[f"{name}_note"] = note(len(frame), *reasons)
        frame[f"pcns_{name}_note"] = note(len(frame), (untold, NOT_AVAILABLE))
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
