"""A change between two censuses, divided by which PCNs report: at both, at the later one only, at the earlier only.

Those that report at one of the two only are divided further, by whether they were there at the other: a code that is
new in the data is often that of a new network, and one that is gone mostly that of a closed one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import BILLION, CONTRACTED, STAFF
from analysis.measures.base import all_codes, area_names, followed_codes, text_of
from analysis.measures.compact_table import SOURCES, CompactTable, Floats, Ints, Mask
from analysis.measures.existence import Sightings, sightings
from analysis.measures.networks_compared import BOTH, GONE, NEW, PARTS, NetworksCompared
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.measures.successors import Successors
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

LEVELS = ("england", "region", "icb")
MEASURES = {"all": "fte", STAFF: "fte_staff", CONTRACTED: "fte_contracted"}  # what breaks call the data sources
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
    table: CompactTable,
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
    (:class:`analysis.measures.successors.Successors`); ``pcns_followed`` counts those.

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
    pairs = consecutive(table.censuses) if pairs is None else list(dict.fromkeys(pairs))
    if not pairs:  # a single census, or none, has no change
        return pd.DataFrame({column: pd.Series([], dtype=_dtype(column)) for column in COLUMNS})
    seen = sightings(table.networks, patients, practice_map)
    followed = Successors(practice_map, patients)
    changes = [NetworksCompared(table, pair, seen, followed.between(*pair)) for pair in pairs]
    pair_frame = _pairs(changes, seen)
    frames = []
    for level in dict.fromkeys(levels):
        of_level = counted if codes is not None else followed_codes(roles, level)
        of_level = [code for code in counted if code in of_level]
        frames.append(_at_level(table, changes, pair_frame, level, of_level, roles=roles, breaks=breaks))
    return pd.concat(frames, ignore_index=True)[COLUMNS]


def _dtype(column: str) -> str:
    if column.endswith("_note"):
        return "str"
    if column.endswith("_date"):
        return "datetime64[ns]"
    if column.endswith("_fte") or column.removeprefix("pcns_") in NOT_TOLD:
        return "float64"
    return "int64" if column.startswith("pcns_") else "str"


def _pairs(changes: Sequence[NetworksCompared], seen: Sightings) -> pd.DataFrame:
    """A row for each pair of censuses: ``from_census, census, from_list_date, list_date``."""
    rows = [(*c.pair, seen.list_near(*c.pair), seen.list_near(*reversed(c.pair))) for c in changes]
    frame = pd.DataFrame(rows, columns=["from_census", "census", "from_list_date", "list_date"])
    return frame.astype(
        {"from_census": "str", "census": "str", "from_list_date": "datetime64[ns]", "list_date": "datetime64[ns]"}
    )


@dataclass(frozen=True, eq=False)
class _Sums:
    """What the areas of a level come to in one pair of censuses; PARTS in the order of their names.

    ``counts`` is areas × PARTS, ``moved`` and ``followed`` by area; ``then`` and ``now`` are the FTE in billionths at
    the two censuses: sources × areas × PARTS × codes.
    """

    area: Ints
    counts: Ints
    moved: Ints
    followed: Ints
    then: Floats
    now: Floats


def _of_pair(change: NetworksCompared, level: str, size: int, members: Floats) -> _Sums:
    area, moved = change.areas(level)
    parts, codes = len(PARTS), members.shape[1]
    group = area * parts + change.status
    counts = np.bincount(group, minlength=size * parts).reshape(size, parts)
    there = np.flatnonzero(counts.sum(axis=1))
    then, now = (
        side.reshape(len(SOURCES), size, parts, codes)[:, there] for side in change.sums(group, size * parts, members)
    )
    return _Sums(
        area=there,
        counts=counts[there],
        moved=np.bincount(area[moved], minlength=size)[there],
        followed=np.bincount(area[change.followed], minlength=size)[there],
        then=then,
        now=now,
    )


def _at_level(
    table: CompactTable,
    changes: Sequence[NetworksCompared],
    pairs: pd.DataFrame,
    level: str,
    codes: list[str],
    *,
    roles: Roles,
    breaks: Breaks,
) -> pd.DataFrame:
    """The rows of one level: each area and pair of censuses, with each code and data source."""
    areas, members = table.areas(level), table.members(roles, codes)
    sums = [_of_pair(change, level, len(areas.codes), members) for change in changes]
    area = np.concatenate([each.area for each in sums])
    pair = np.repeat(np.arange(len(sums)), [len(each.area) for each in sums])
    start, end = (pd.factorize(pairs[column], sort=True)[0][pair] for column in ("from_census", "census"))
    order = np.lexsort((start, end, area))
    area, pair = area[order], pair[order]
    counts = _counts(sums, order)
    fte = _fte(
        np.concatenate([each.then for each in sums], axis=1)[:, order],
        np.concatenate([each.now for each in sums], axis=1)[:, order],
    )
    unstarted, broken = _marks(pairs, codes, table.starts(roles, codes), roles, breaks)
    # Three axes: areas and pairs, codes, sources.
    shape = (len(area), len(codes), len(SOURCES))
    names = area_names(table.networks, level)

    def column(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.broadcast_to(values, shape).ravel()

    row, code, source = (
        column(np.arange(size).reshape([-1 if axis == here else 1 for axis in range(3)]))
        for here, size in enumerate(shape)
    )
    started = ~column(unstarted[pair][:, :, np.newaxis])
    reasons = ((~started, NOT_APPLICABLE),), ((column(broken[pair]), BREAK),)
    columns: dict[str, Any] = {
        "level": text_of([level], np.zeros(len(row), dtype=np.int64)),
        "area_code": text_of(areas.codes, area[row]),
        "area_name": text_of([names.get(code, code) for code in areas.codes], area[row]),
        "role": text_of(codes, code),
        "data_source": text_of(SOURCES, source),
        "note": note(len(row), *reasons[0], *reasons[1]),
    }
    columns |= {str(name): values.take(pair[row]).reset_index(drop=True) for name, values in pairs.items()}
    columns |= {f"pcns_{name}": values[row] for name, values in counts.items()}
    columns |= {f"{name}_fte": np.where(started, values.ravel(), np.nan) for name, values in fte.items()}
    for name, other in NOT_TOLD.items():
        untold = columns[f"pcns_{other}"] > 0
        for value in (f"{name}_fte", f"pcns_{name}"):
            columns[value] = np.where(untold, np.nan, columns[value])
        columns[f"{name}_note"] = note(len(row), *reasons[0], (untold, NOT_AVAILABLE), *reasons[1])
        columns[f"pcns_{name}_note"] = note(len(row), (untold, NOT_AVAILABLE))
    return pd.DataFrame(columns)


def _counts(sums: Sequence[_Sums], order: Ints) -> dict[str, Ints]:
    """How many PCNs each part has, and the totals of parts."""
    parts = np.concatenate([each.counts for each in sums])[order]
    counts = {name: parts[:, number] for number, name in enumerate(PARTS)}
    counts |= {total: np.sum([counts[name] for name in names], axis=0) for total, names in TOTALS.items()}
    return counts | {
        "followed": np.concatenate([each.followed for each in sums])[order],
        "moved": np.concatenate([each.moved for each in sums])[order],
    }


def _fte(then: Floats, now: Floats) -> dict[str, Floats]:
    """The parts of the change in FTE, by area and pair, code and source; added up in billionths, so that they add up.

    A PCN that reported without a row of the role has none of it.
    """
    then, now = (np.moveaxis(side, 0, -1) for side in (then, now))  # areas and pairs, parts, codes, sources
    part = {name: number for number, name in enumerate(PARTS)}
    both_from, both_to = then[:, part[BOTH]], now[:, part[BOTH]]
    found = {name: now[:, part[name]] for name in NEW.values()}
    found |= {name: 0.0 - then[:, part[name]] for name in GONE.values()}  # not -x, which would make zeros negative
    new, gone = (np.sum([found[name] for name in names], axis=0) for names in TOTALS.values())
    found |= {
        "from": both_from - gone,
        "to": both_to + new,
        "change": (both_to + new) - (both_from - gone),
        BOTH: both_to - both_from,
        "newly_reporting": new,
        "dropped_out": gone,
        f"{BOTH}_from": both_from,
        f"{BOTH}_to": both_to,
    }
    return {name: values / BILLION for name, values in found.items()}


def _marks(
    pairs: pd.DataFrame, codes: list[str], starts: Mapping[str, str], roles: Roles, breaks: Breaks
) -> tuple[Mask, Mask]:
    """Whether a role had not started at both censuses (pairs × codes); whether a break lies between (× sources)."""
    between = [sorted(pair) for pair in zip(pairs["from_census"], pairs["census"], strict=True)]
    unstarted = np.array([[first < starts[code] for code in codes] for first, _ in between])
    # Areas are those of the later census on both sides, so that breaks of areas do not come between: "england".
    after = {
        (code, measure): breaks.censuses(measure, "england", code, roles)
        for code in codes
        for measure in MEASURES.values()
    }
    broken = np.array(
        [
            [[any(first < b <= last for b in after[code, measure]) for measure in MEASURES.values()] for code in codes]
            for first, last in between
        ]
    )
    return unstarted.reshape(len(between), len(codes)), broken.reshape(len(between), len(codes), len(MEASURES))
