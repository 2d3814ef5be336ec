"""Why a figure is missing, or cannot be compared: the shorthand of official statistics, for note columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

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

_SERIES = ["level", "area_code", "role"]  # what one area has of one role
Mask = npt.NDArray[np.bool_]


def note(size: int, *reasons: tuple[pd.Series[bool] | Mask, str]) -> pd.Series[str]:
    """A note column: of the ``reasons`` that hold for a row the first one stands, and nothing where none does."""
    masks = [np.asarray(mask, dtype=bool) for mask, _ in reasons]
    return pd.Series(np.select(masks, [text for _, text in reasons], default=NONE) if size else [], dtype="str")


def first_after_break(
    frame: pd.DataFrame, values: str, measures: Sequence[str], roles: Roles, breaks: Breaks
) -> pd.Series[bool]:
    """Which rows of ``frame`` hold the first figure after a break in the series that it concerns: each break marks one.

    Parameters
    ----------
    frame
        ``level, area_code, role, census`` and the column ``values``. A series is what one area has of one role; give
        all of it, from whatever sources: the figure before decides whether a break lies between.
    values
        The column with the figures; where it is missing there is nothing to mark.
    measures
        What the register of breaks calls the measures that the figures are made of.

    The first figure of a series has nothing before it, and is not marked; but where a break of geography gave the
    areas of a level new codes, each area's first figure is, since the area under its old code is what it continues.
    """
    marked = pd.Series(data=False, index=frame.index)
    known = frame.loc[frame[values].notna(), [*_SERIES, "census"]]
    if known.empty:
        return marked
    times, names = pd.factorize(known["census"].astype("str"), sort=True)
    before = _census_before(known, times)
    cases = known.groupby(["level", "role"], observed=True, sort=False)
    hit = np.zeros(len(known), dtype=bool)
    for (level, code), rows in cast("Mapping[tuple[str, str], npt.NDArray[np.intp]]", cases.indices).items():
        at, then = times[rows], before[rows]
        since = {c for measure in measures for c in breaks.censuses(measure, str(level), str(code), roles)}
        for start in np.searchsorted(names, sorted(since)):
            hit[rows] |= (then >= 0) & (then < start) & (at >= start)
        for start in np.searchsorted(names, [entry.census for entry in breaks.geography(str(level))]):
            after = at[at >= start]
            if at.min() < start and len(after):
                hit[rows] |= (then < 0) & (at == after.min())
    marked.loc[known.index[hit]] = True
    return marked


def _census_before(known: pd.DataFrame, times: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The time of the figure before, in each row's series; −1 for the first. ``times`` are those of the rows."""
    series = known.groupby(_SERIES, observed=True, sort=False).ngroup().to_numpy()
    order = np.lexsort((times, series))
    follows = np.r_[False, series[order][1:] == series[order][:-1]]
    before = np.full(len(known), -1, dtype=np.intp)
    before[order[1:]] = times[order[:-1]]
    before[order[~follows]] = -1
    return before


def with_breaks(frame: pd.DataFrame, notes: Mapping[str, Sequence[str]], roles: Roles, breaks: Breaks) -> pd.DataFrame:
    """``frame`` with ``[b]`` where it belongs in its note columns, and nowhere else; other shorthand stays.

    ``notes`` has the measures that each note column speaks of. Use it when all figures of a series are together: a
    census that another source adds takes the mark over, or makes it unnecessary.
    """
    for column, measures in notes.items():
        broken = pd.concat([first_after_break(frame, m, [m], roles, breaks) for m in measures], axis=1).any(axis=1)
        bare = frame[column].where(frame[column] != BREAK, NONE)
        frame = frame.assign(**{column: bare.mask(broken & (bare == NONE), BREAK).astype("str")})
    return frame


def across_break(frame: pd.DataFrame, roles: Roles, breaks: Breaks, *, measure: str = "fte") -> pd.Series[bool]:
    """Which rows of ``frame`` (``from_census, census, role``) compare two censuses across a break in ``measure``.

    For comparisons made network by network: a break of areas does not come between those.
    """
    after = {code: breaks.censuses(measure, "england", code, roles) for code in frame["role"].astype("str").unique()}
    crossed = [
        isinstance(start, str)
        and isinstance(end, str)
        and any(min(start, end) < b <= max(start, end) for b in after[code])
        for start, end, code in zip(frame["from_census"], frame["census"], frame["role"].astype("str"), strict=True)
    ]
    return pd.Series(crossed, index=frame.index, dtype=bool)
