"""How large an ordinary change of a series is over a month, a quarter and a year, and whether the latest is one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.notes import NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.measures.series_shape import LEVELS, SERIES, direction_of
from analysis.periods import FIRST_CENSUS, SPANS, cadence_at, shift
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

USUAL, UNUSUAL, TOO_FEW = "usual", "unusual", "too few to say"
# Fewer earlier changes give no quartiles worth the name. Of changes that are like the earlier ones, about one in eleven
# lies beyond the fences by chance with eight of them, and one in thirty with twenty (normal changes, simulated): so
# much is said by "unusual", and no more.
MIN_EARLIER = 8
# Tukey's fences (Exploratory Data Analysis, 1977): quartiles are not moved by a few extraordinary changes, as a mean
# and a standard deviation are, and no shape of the distribution is assumed.
FENCE = 1.5
COLUMNS = [
    *("level", "area_code", "area_name", "census", "role", "measure", "span", "from_census"),
    *("change", "change_note", "change_pct", "change_pct_note", "direction"),
    *("earlier_changes", "lower_quartile", "upper_quartile", "usual_low", "usual_high", "usual_note", "verdict"),
]


def usual_changes(growth: pd.DataFrame, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    """Set the latest change of each series over each span against its earlier changes over the same span.

    ``growth`` is of :func:`analysis.measures.growth.growth`. One row for each area, role, measure and span of
    :data:`analysis.periods.SPANS`, at the latest census of the level: ``from_census``, ``change`` (FTE or people),
    ``change_pct`` and their notes as in ``growth``, ``direction`` (``rise``, ``fall``, ``level``).

    ``earlier_changes``
        How many there are to compare with: over the same span, one after another without overlap up to where the
        latest change begins, in the same cadence of the publisher, and none from before the last break of the series.
        A census that is missing takes its change with it.
    ``lower_quartile``, ``upper_quartile``
        Half of the earlier changes lie between them: what an ordinary change is.
    ``usual_low``, ``usual_high``
        The quartiles, less and plus 1.5 times the distance between them.
    ``verdict``
        ``usual`` within these two, ``unusual`` beyond; ``too few to say`` with fewer than 8 earlier changes, when the
        four figures are ``[x]``; empty where there is no change to judge, when they are ``[z]``.

    No model is fitted: a few quarters carry none. What a year brings is hardly ever judged: years that do not overlap
    are few.
    """
    here = growth[growth["level"].isin(LEVELS)]
    here = here[(here["level"] == "england") | (here["measure"] == "fte")]
    latest = here.groupby("level")["census"].max()
    now = here[here["census"] == here["level"].map(latest)]
    frames = []
    for span in SPANS:
        columns = {f"{span}_ago_census": "from_census"}
        columns |= {f"change_{span}{end}": f"change{end}" for end in ("", "_note", "_pct", "_pct_note")}
        frame = now[[*SERIES, "census", *columns]].rename(columns=columns).assign(span=span)
        changes = here.set_index([*SERIES, "census"])[f"change_{span}"].dropna().to_dict()
        judged = [_judge(row, changes, breaks, roles) for row in frame.to_dict("records")]
        frames.append(frame.reset_index(drop=True).join(pd.DataFrame(judged, columns=_JUDGED)))
    frame = pd.concat(frames, ignore_index=True)
    nothing = frame["change"].isna()
    frame["usual_note"] = note(len(frame), (nothing, NOT_APPLICABLE), (frame["usual_low"].isna(), NOT_AVAILABLE))
    return frame[COLUMNS]


@dataclass(frozen=True)
class Range:
    """Quartiles and fences of some changes."""

    lower_quartile: float
    upper_quartile: float
    usual_low: float
    usual_high: float


_JUDGED = ["direction", "earlier_changes", *Range.__dataclass_fields__, "verdict"]


def usual_range(changes: list[float]) -> Range | None:
    """The range of usual changes; ``None`` of fewer than 8."""
    if len(changes) < MIN_EARLIER:
        return None
    low, high = (float(quartile) for quartile in np.quantile(changes, [0.25, 0.75]))
    reach = FENCE * (high - low)
    return Range(low, high, low - reach, high + reach)


def _judge(
    row: Mapping[Hashable, Any], changes: Mapping[Hashable, Any], breaks: Breaks, roles: Roles
) -> dict[str, object]:
    """Compare the change of one row with the earlier ``changes`` by series and census."""
    change = float(row["change"])
    if np.isnan(change):
        return {"direction": "", "earlier_changes": 0, "verdict": ""}
    series, end = tuple(row[column] for column in SERIES), str(row["census"])
    months = SPANS[str(row["span"])]
    since = max(
        (
            broken
            for broken in breaks.censuses(str(row["measure"]), str(row["level"]), str(row["role"]), roles)
            if broken <= end
        ),
        default="",
    )
    earlier: list[float] = []
    at = shift(end, -months)
    while shift(at, -months) >= since and cadence_at(at) == cadence_at(end) and at >= FIRST_CENSUS:
        if (*series, at) in changes:
            earlier.append(changes[*series, at])
        at = shift(at, -months)
    found = usual_range(earlier)
    judged: dict[str, object] = {"direction": direction_of(change), "earlier_changes": len(earlier)}
    if found is None:
        return {**judged, "verdict": TOO_FEW}
    verdict = USUAL if found.usual_low <= change <= found.usual_high else UNUSUAL
    return {**judged, **found.__dict__, "verdict": verdict}
