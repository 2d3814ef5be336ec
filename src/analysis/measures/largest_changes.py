"""How much of a quarter's change came from the few networks that changed most."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.base import AREA
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
    censuses = sorted(networks["census"].unique())
    summary, listed = [], []
    for census in censuses:
        start = shift(census, -QUARTER)
        if start not in censuses:
            continue
        both = _matched(networks, start, census)
        for role, part in both.groupby("role"):
            top = part.head(LARGEST)
            movement = part["change_fte"].abs().sum()
            summary.append(
                {
                    "census": census,
                    "role": role,
                    "pcns_in_both": float(len(part)),
                    "pcns_changed": float((part["change_fte"] != 0).sum()),
                    "change_fte": part["change_fte"].sum(),
                    "gains_fte": part["change_fte"].clip(lower=0).sum(),
                    "losses_fte": part["change_fte"].clip(upper=0).sum(),
                    "largest_change_fte": top["change_fte"].sum(),
                    "largest_share_pct": 100 * top["change_fte"].abs().sum() / movement if movement else float("nan"),
                }
            )
            top = top[top["change_fte"] != 0]
            listed.append(top.assign(census=census, from_census=start, rank=range(1, len(top) + 1)))
    return _summary(summary, networks, roles, breaks, codes), _listed(listed, roles, breaks)


def _matched(networks: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Networks that reported at both, by role, the largest changes first."""
    then = networks.loc[networks["census"] == start, ["pcn_code", "role", "fte"]]
    now = networks[networks["census"] == end]
    both = now.merge(then.rename(columns={"fte": "from_fte"}), on=["pcn_code", "role"])
    both = both.rename(columns={"fte": "to_fte"})
    both["change_fte"] = (both["to_fte"] - both["from_fte"]).round(DECIMALS)
    return both.assign(size=both["change_fte"].abs()).sort_values(["size", "pcn_code"], ascending=[False, True])


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


def _listed(parts: list[pd.DataFrame], roles: Roles, breaks: Breaks) -> pd.DataFrame:
    if not parts:
        numbers = {"rank": "int64", "from_fte": "float64", "to_fte": "float64", "change_fte": "float64"}
        return pd.DataFrame({column: pd.Series([], dtype=numbers.get(column, "str")) for column in NETWORKS})
    frame = pd.concat(parts, ignore_index=True)
    frame["note"] = note(len(frame), (across_break(frame, roles, breaks), BREAK))
    return frame[NETWORKS]
