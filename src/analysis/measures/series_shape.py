"""The shape of each series: its highest figure and what changed since, and how long it has risen or fallen in a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.base import focus_codes
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.periods import expected_censuses, months_between, previous_census
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

RISE, FALL, LEVEL = "rise", "fall", "level"
# A change below this many FTE is the noise of adding decimals in another order, and no change.
NO_CHANGE = 1e-6
LEVELS = ("england", "region", "icb")
SERIES = ["level", "area_code", "area_name", "role", "measure"]
COLUMNS = [
    *("level", "area_code", "area_name", "census", "role", "measure", "value", "note"),
    *("first_census", "figures", "censuses_missing", "peak_census", "peak", "peak_note"),
    *("since_peak", "since_peak_note", "since_peak_pct", "since_peak_pct_note"),
    *("longest_rise_from", "longest_rise_to", "longest_rise_months", "longest_rise_note"),
    *("longest_fall_from", "longest_fall_to", "longest_fall_months", "longest_fall_note"),
    *("current_run", "current_run_from", "current_run_months", "current_run_note"),
]
_NUMBERS = {"value", "figures", "censuses_missing", "peak", "since_peak", "since_peak_pct"}


def series_shape(growth: pd.DataFrame, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    """Describe each series at the latest census of its level: one row for each area, role and measure.

    ``growth`` is of :func:`analysis.measures.growth.growth`. England has every role, group and measure; regions and
    ICBs have ``fte`` of the roles of ``FOCUS``. Columns beside ``level, area_code, area_name, census, role, measure``,
    ``value`` and its ``note``:

    ``first_census``, ``figures``, ``censuses_missing``
        Where the series begins, how many figures it has up to ``census``, and how many censuses that the publisher
        took in between have none. Where codes of areas change at a break of geography, the series of an area begins
        after it: the figures before are those of other areas.
    ``peak_census``, ``peak``, ``since_peak``, ``since_peak_pct``
        The highest figure (of equals the last) and the change since, in FTE or people and %. A figure that is missing
        may have been higher. A change since the peak is ``[z]`` at the peak itself, ``[b]`` across a break.
    ``longest_rise_from``, ``longest_rise_to``, ``longest_rise_months``; the same of ``longest_fall``
        The longest run of rises, and of falls: from which census to which and how long, of equals the last. Its steps
        are from one census of the publisher to the next. A step of which a figure is missing, or that crosses a break,
        ends a run: nobody knows which way it went. ``[z]`` where the series never rose, or fell, ``[x]`` where no step
        is known.
    ``current_run``, ``current_run_from``, ``current_run_months``
        The run that ends at ``census``: ``rise`` or ``fall``, since when and how long; ``level`` and ``[z]`` where the
        last step went neither way, ``[x]`` where it is not known.
    """
    here = growth[growth["level"].isin(LEVELS)]
    areas = here["level"] != "england"
    here = here[~areas | (here["role"].isin(focus_codes(roles)) & (here["measure"] == "fte"))]
    latest = here.groupby("level")["census"].max()
    here = here.assign(number=here.groupby(SERIES, sort=False).ngroup()).sort_values(["number", "census"])
    numbers = here["number"].to_numpy()
    begins = np.flatnonzero(np.diff(numbers, prepend=-1))
    keys = here.iloc[begins][SERIES].itertuples(index=False, name=None)
    parts = [here[column].to_numpy(dtype=object) for column in ("census", "value", "note")]
    rows = []
    for key, first, after_last in zip(keys, begins, [*begins[1:], len(here)], strict=True):
        level, code, measure = key[0], key[3], key[4]
        end = str(latest[level])
        start = max((entry.census for entry in breaks.geography(level) if entry.census <= end), default="")
        censuses, values, notes = (part[first:after_last] for part in parts)
        if end not in censuses:  # an area that another one has taken the place of
            continue
        known = {
            census: value
            for census, value in zip(censuses, values, strict=True)
            if census >= start and not np.isnan(value)
        }
        described = _describe(known, end, breaks.censuses(measure, level, code, roles))
        note_at_end = notes[censuses.tolist().index(end)]
        rows.append(dict(zip(SERIES, key, strict=True)) | described | {"note": note_at_end})
    frame = pd.DataFrame(rows, columns=[column for column in COLUMNS if column not in _NOTES])
    frame = frame.astype({c: "float64" if c in _NUMBERS or c.endswith("_months") else "str" for c in frame.columns})
    return _with_notes(frame, roles, breaks)[COLUMNS]


@dataclass(frozen=True)
class Run:
    """Steps in one direction, from census to census."""

    direction: str
    start: str
    end: str

    @property
    def months(self) -> int:
        """How long it lasted."""
        return months_between(self.start, self.end)


def direction_of(change: float) -> str:
    """``rise``, ``fall`` or ``level``."""
    return LEVEL if abs(change) < NO_CHANGE else RISE if change > 0 else FALL


def runs(values: Mapping[str, float], after_breaks: Iterable[str] = ()) -> list[Run]:
    """The runs of rises, of falls and of no change of a series by census, in order; see :func:`series_shape`."""
    found: list[Run] = []
    after = tuple(after_breaks)
    for census in values:
        before = previous_census(census)
        if before is None or before not in values or any(before < broken <= census for broken in after):
            continue
        step = direction_of(values[census] - values[before])
        if found and (found[-1].direction, found[-1].end) == (step, before):
            found[-1] = Run(step, found[-1].start, census)
        else:
            found.append(Run(step, before, census))
    return found


def _describe(known: Mapping[str, float], end: str, after: tuple[str, ...]) -> dict[str, object]:
    """What the figures of one series, by census, come to at ``end``."""
    if not known:
        return {"census": end, "figures": 0}
    first = min(known)
    peak = max(known, key=lambda census: (known[census], census))
    described: dict[str, object] = {
        "census": end,
        "value": known.get(end),
        "first_census": first,
        "figures": len(known),
        "censuses_missing": len(set(expected_censuses(first, end)) - set(known)),
        "peak_census": peak,
        "peak": known[peak],
    }
    moving = runs(known, after)
    for direction in (RISE, FALL):
        longest = max(
            (run for run in moving if run.direction == direction), key=lambda run: (run.months, run.end), default=None
        )
        described[f"longest_{direction}_months"] = 0.0 if moving else None
        if longest:
            described |= {
                f"longest_{direction}_from": longest.start,
                f"longest_{direction}_to": longest.end,
                f"longest_{direction}_months": longest.months,
            }
    if moving and moving[-1].end == end:
        current = moving[-1]
        described |= {"current_run": current.direction, "current_run_months": 0.0}
        if current.direction != LEVEL:
            described |= {"current_run_from": current.start, "current_run_months": current.months}
    return described


_NOTES = {name for name in COLUMNS if name.endswith("_note")} | {"since_peak", "since_peak_pct"}


def _with_notes(frame: pd.DataFrame, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    at_peak = frame["peak_census"] == frame["census"]
    frame["since_peak"] = (frame["value"] - frame["peak"]).mask(at_peak)
    frame["since_peak_pct"] = 100 * frame["since_peak"] / frame["peak"].where(frame["peak"] > 0)
    crossed = pd.Series(
        [
            isinstance(peak, str) and any(peak < broken <= census for broken in breaks.censuses(m, level, code, roles))
            for peak, census, m, level, code in frame[["peak_census", "census", "measure", "level", "role"]].itertuples(
                index=False, name=None
            )
        ],
        index=frame.index,
        dtype=bool,
    )
    unstarted = frame["note"] == NOT_APPLICABLE
    none, size = frame["peak"].isna(), len(frame)
    frame["peak_note"] = note(size, (none & unstarted, NOT_APPLICABLE), (none, NOT_AVAILABLE))
    pointless = (none & unstarted) | at_peak
    for column in ("since_peak", "since_peak_pct"):
        of_nothing = frame["since_peak"].notna() & frame[column].isna()
        missing = frame[column].isna()
        frame[f"{column}_note"] = note(
            size, (pointless | of_nothing, NOT_APPLICABLE), (missing, NOT_AVAILABLE), (crossed, BREAK)
        )
    for run in ("longest_rise", "longest_fall", "current_run"):
        unknown, never = frame[f"{run}_months"].isna(), frame[f"{run}_months"] == 0
        frame[f"{run}_months"] = frame[f"{run}_months"].mask(never)
        frame[f"{run}_note"] = note(size, (never | (unknown & unstarted), NOT_APPLICABLE), (unknown, NOT_AVAILABLE))
    return frame
