"""Why a figure is missing, or cannot be compared: the shorthand of official statistics, for note columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

NONE = ""
NOT_AVAILABLE = "[x]"  # not reported, or not known
NOT_APPLICABLE = "[z]"  # the role did not exist yet, or the figure has no meaning
BREAK = "[b]"  # the first census after a break, or a comparison across one
ESTIMATED = "[e]"

Mask = npt.NDArray[np.bool_]


def note(size: int, *reasons: tuple[pd.Series[bool] | Mask, str]) -> pd.Series[str]:
    """A note column: of the ``reasons`` that hold for a row the first one stands, and nothing where none does."""
    masks = [np.asarray(mask, dtype=bool) for mask, _ in reasons]
    return pd.Series(np.select(masks, [text for _, text in reasons], default=NONE) if size else [], dtype="str")


def crosses_break(
    earlier: str, later: str, *, measure: str, level: str, code: str, roles: Roles, breaks: Breaks
) -> bool:
    """Whether something lies between two censuses that keeps the figures of a role or group from being compared.

    That is a break of the register; or a role of the group began, which it counts from then on beside the others.
    Where the register has a break in that role, it says which totals run on: both link worker roles together do.
    """
    members = roles.members(code)
    if breaks.breaks_between(earlier, later, measure, level, members):
        return True
    told = {role for entry in breaks.breaks if earlier < entry.census <= later for role in entry.roles}
    begun = {member for member in members if earlier < roles.starts(member) <= later}
    return bool(begun - told) and begun != set(members)


def first_after_break(
    frame: pd.DataFrame, censuses: Sequence[str], measures: Iterable[str], roles: Roles, breaks: Breaks
) -> pd.Series[bool]:
    """Which rows of ``frame`` (``level, census, role``) are of the first census after a break in one of ``measures``.

    ``censuses`` are those there are: when the census of a break is not among them, the next one is marked. The first
    of all has nothing before it that it could be compared with, and is not marked.
    """
    ordered = sorted(censuses)
    marked = {
        (level, later, role)
        for level in frame["level"].unique()
        for role in frame["role"].unique()
        for earlier, later in itertools.pairwise(ordered)
        for measure in measures
        if crosses_break(earlier, later, measure=measure, level=level, code=role, roles=roles, breaks=breaks)
    }
    keys = pd.MultiIndex.from_frame(frame[["level", "census", "role"]])
    return pd.Series(keys.isin(list(marked)) if marked else False, index=frame.index, dtype=bool)


def across_break(frame: pd.DataFrame, roles: Roles, breaks: Breaks, *, measure: str = "fte") -> pd.Series[bool]:
    """Which rows of ``frame`` (``from_census, census, role``) compare two censuses across a break in ``measure``.

    For comparisons made network by network: a break of areas does not come between those.
    """
    columns = ["from_census", "census", "role"]
    crossing = [
        (earlier, later, role)
        for earlier, later, role in frame[columns].dropna().drop_duplicates().itertuples(index=False, name=None)
        if crosses_break(earlier, later, measure=measure, level="england", code=role, roles=roles, breaks=breaks)
    ]
    keys = pd.MultiIndex.from_frame(frame[columns])
    return pd.Series(keys.isin(crossing) if crossing else False, index=frame.index, dtype=bool)
