"""How much of a quarter's change came from the few networks that changed most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.base import AREA, text_of
from analysis.measures.compact_table import Floats, Ints
from analysis.measures.network_fte import DECIMALS, england_grid
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, across_break, note
from analysis.periods import shift
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

LARGEST = 5  # networks: as many as a reader can look at one by one, and ask about
QUARTER = 3  # months: the change that the report tells first
SUMMARY = [
    *(*AREA, "role", "from_census", "pcns_in_both", "pcns_changed", "change_fte", "gains_fte", "losses_fte"),
    *("largest_change_fte", "largest_share_pct", "note", "share_note"),
]
NETWORKS = [
    *("census", "role", "from_census", "rank", "pcn_code", "pcn_name", "icb_code", "icb_name"),
    *("from_fte", "to_fte", "change_fte", "note"),
]


def largest_changes(
    networks: pd.DataFrame, roles: Roles, breaks: Breaks, codes: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the five networks whose FTE changed most over each quarter, and their part in the change.

    ``networks`` is of :func:`analysis.measures.network_fte.network_fte`. Compared are networks that reported (any row
    of any role) at a census and at the one three months before, by their codes: a network that began or ceased to
    report has no change that could be told. "Largest" is by size, up or down; of equal changes the lower code comes
    first.

    The first frame has a row for England at each census and role.

    ``pcns_in_both``, ``pcns_changed``
        Networks compared; those of them whose FTE is not what it was.
    ``change_fte`` = ``gains_fte`` + ``losses_fte``
        The change in these networks: what those that grew gained, and (negative) what those that shrank lost.
    ``largest_change_fte``
        The change in the five networks with the largest changes, gains and losses set off.
    ``largest_share_pct``
        Share of the five in all movement, up and down: the sum of the sizes of their changes, of the sum of the sizes
        of all changes, %. Of the net change no share is given: gains and losses cancel out in it, and a share of a
        difference may be over 100% or negative.

    ``note``: ``[z]`` before the role started, ``[x]`` where there is no extract three months before, ``[b]`` across a
    break; ``share_note`` also ``[z]`` where nothing changed. The second frame lists the five networks of each row.
    Names and codes in it are text from extracts.
    """
    pcn = pd.factorize(networks["pcn_code"], sort=True)[0]
    role, names = pd.factorize(networks["role"], sort=True)
    census, censuses = pd.factorize(networks["census"], sort=True)
    row = np.full((len(censuses), len(names), pcn.max(initial=-1) + 1), -1)  # in ``networks``, of each network
    row[census, role, pcn] = np.arange(len(networks))
    fte = networks["fte"].to_numpy(dtype=np.float64)
    held = {str(name): place for place, name in enumerate(censuses)}
    summary, listed = [], []
    for end, place in held.items():
        start = shift(end, -QUARTER)
        if start not in held:
            continue
        for now, then, code in zip(row[place], row[held[start]], names, strict=True):
            both = (now >= 0) & (then >= 0)
            if both.any():
                changes = _Changes.between(fte, then[both], now[both])
                summary.append({"census": end, "role": code, **changes.summary()})
                listed.append(changes.largest() | {"from_census": start})
    return _summary(summary, networks, roles, breaks, codes), _listed(listed, networks, roles, breaks)


@dataclass(frozen=True, eq=False)
class _Changes:
    """Networks that reported at both, the largest changes first; of equal ones the lower code, in the order given."""

    row: Ints
    from_fte: Floats
    to_fte: Floats
    units: Floats  # the change in units of ``DECIMALS``: whole numbers, which add up exactly

    @classmethod
    def between(cls, fte: Floats, then: Ints, now: Ints) -> _Changes:
        units = np.rint((fte[now] - fte[then]) * 10**DECIMALS)
        order = np.argsort(-np.abs(units), kind="stable")
        return cls(now[order], fte[then[order]], fte[now[order]], units[order])

    def summary(self) -> dict[str, float]:
        units, movement = self.units, np.abs(self.units).sum()
        top = units[:LARGEST]
        return {
            "pcns_in_both": float(len(units)),
            "pcns_changed": float((units != 0).sum()),
            "change_fte": units.sum() / 10**DECIMALS,
            "gains_fte": units[units > 0].sum() / 10**DECIMALS,
            "losses_fte": units[units < 0].sum() / 10**DECIMALS,
            "largest_change_fte": top.sum() / 10**DECIMALS,
            "largest_share_pct": 100 * np.abs(top).sum() / movement if movement else float("nan"),
        }

    def largest(self) -> dict[str, Any]:
        """The columns of the largest changes."""
        count = int((self.units[:LARGEST] != 0).sum())
        return {
            "row": self.row[:count],
            "from_fte": self.from_fte[:count],
            "to_fte": self.to_fte[:count],
            "change_fte": self.units[:count] / 10**DECIMALS,
            "rank": np.arange(1, count + 1),
        }


def _summary(
    rows: list[dict[str, object]], networks: pd.DataFrame, roles: Roles, breaks: Breaks, codes: Sequence[str]
) -> pd.DataFrame:
    censuses = sorted(networks["census"].unique())
    frame = england_grid(censuses, codes)
    frame["from_census"] = [shift(census, -QUARTER) for census in frame["census"]]
    numbers = [c for c in SUMMARY if c.endswith(("_fte", "_pct")) or c.startswith("pcns")]
    found = pd.DataFrame(rows, columns=["census", "role", *numbers])
    frame = frame.merge(found.astype({"census": "str", "role": "str"}), on=["census", "role"], how="left")
    frame[numbers] = frame[numbers].astype("float64")
    started = pd.MultiIndex.from_frame(networks[["census", "role"]].drop_duplicates())
    held = frame["from_census"].isin(censuses)
    unstarted = ~pd.MultiIndex.from_frame(frame[["census", "role"]]).isin(started)
    unstarted |= held & ~pd.MultiIndex.from_frame(frame[["from_census", "role"]]).isin(started)
    missing = frame["change_fte"].isna()
    broken = across_break(frame, roles, breaks)
    reasons = ((missing & unstarted, NOT_APPLICABLE), (missing, NOT_AVAILABLE))
    frame["note"] = note(len(frame), *reasons, (broken, BREAK))
    nothing = frame["largest_share_pct"].isna()
    frame["share_note"] = note(len(frame), *reasons, (nothing, NOT_APPLICABLE), (broken, BREAK))
    return frame[SUMMARY]


def _listed(parts: list[dict[str, Any]], networks: pd.DataFrame, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    if not parts:
        numbers = {"rank": "int64", "from_fte": "float64", "to_fte": "float64", "change_fte": "float64"}
        return pd.DataFrame({column: pd.Series([], dtype=numbers.get(column, "str")) for column in NETWORKS})
    found = pd.DataFrame(
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0] if name != "from_census"}
    )
    starts = [part["from_census"] for part in parts]
    found["from_census"] = text_of(starts, np.repeat(np.arange(len(parts)), [len(part["row"]) for part in parts]))
    named = networks[["census", "role", "pcn_code", "pcn_name", "icb_code", "icb_name"]]
    frame = named.take(found["row"].to_numpy()).reset_index(drop=True).join(found)
    frame["note"] = note(len(frame), (across_break(frame, roles, breaks), BREAK))
    return frame[NETWORKS]
