"""What a series shows, in words computed from its values: the parts of a chart's text alternative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.facts.fact import as_text
from analysis.periods import month_label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_NAMED = 4  # more months than this are counted instead of named: a listener cannot hold them


def amount(value: float, unit: str, decimals: int, *, signed: bool = False) -> str:
    """``1,093 FTE``, ``87.5%``; the unit follows without a space only when it is a percent sign."""
    number = as_text(value, decimals, signed=signed)
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}".strip()


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(([", ".join(words[:-1])] if len(words) > 1 else []) + list(words[-1:]))


def named_months(censuses: Sequence[str]) -> str:
    """The months by name when they are few, else how many there are and the first and last of them."""
    if len(censuses) <= MOST_NAMED:
        return listed([month_label(census) for census in censuses])
    return f"{len(censuses)} censuses between {month_label(censuses[0])} and {month_label(censuses[-1])}"


def span(first: str, last: str) -> str:
    """``March 2020 to September 2022``, or the one month that there is."""
    return month_label(first) if first == last else f"{month_label(first)} to {month_label(last)}"


def describe(values: pd.Series, label: str, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Describe a series indexed by census: its ends, extremes, direction and gaps."""
    known = values.dropna()
    if known.empty:
        return f"{label}: no value at any census."

    def at(census: str) -> str:
        return f"{amount(known[census], unit, decimals, signed=signed)} in {month_label(census)}"

    first, last = known.index[0], known.index[-1]
    if len(known) == 1:
        words = f"{label}: {at(last)}, the only value"
    else:
        words = f"{label}: {at(first)}, {at(last)}{_extremes(known, at)}; {_direction(known)}"
    gaps = [census for census in values.index[values.isna()] if census > first]
    return f"{words}; no value for {named_months(gaps)}." if gaps else f"{words}."


def describe_crossing(values: pd.Series, goal: float, goal_words: str) -> str:
    """Say at which census a series first stands at the goal or above, if at any, and where it is below again.

    ``values`` has a row for each census that was taken: where that before the first at the goal has no value, the
    series may have been there earlier.
    """
    known = values.dropna()
    if known.empty:
        return f"Nothing can be said about {goal_words}."
    reached = known[known >= goal]
    if reached.empty:
        return f"It {'is' if len(known) == 1 else 'stays'} below {goal_words}."
    first = reached.index[0]
    if len(known) == 1:
        return f"It stands at or above {goal_words}."
    if len(reached) == len(known):
        when = "at every census drawn that has a value"
    else:
        before = values[values.index < first]
        gap = len(before) > 0 and pd.isna(before.iloc[-1])
        when = f"{'by' if gap else 'first in'} {month_label(first)}"
    after = known[first:]
    fell = after[after < goal]
    again = f", and below it again in {named_months(list(fell.index))}" if len(fell) else ""
    return f"It stands at or above {goal_words} {when}{again}."


def _extremes(known: pd.Series, at: Callable[[str], str]) -> str:
    """The highest and the lowest value, where they are neither the first nor the last."""
    ends = known.iloc[[0, -1]]
    found = []
    if known.max() > ends.max():
        found.append(f"highest {at(str(known.idxmax()))}")
    if known.min() < ends.min():
        found.append(f"lowest {at(str(known.idxmin()))}")
    return f"; {listed(found)}" if found else ""


def _direction(known: pd.Series) -> str:
    steps = known.diff().dropna()
    rises, falls, level = int((steps > 0).sum()), int((steps < 0).sum()), int((steps == 0).sum())
    total = len(steps)
    for count, word in ((rises, "rises"), (falls, "falls"), (level, "stays level")):
        if count == total:
            return f"it {word}" if total == 1 else f"it {word} at each of {total} steps"
    parts = [f"{word} at {count}" for count, word in ((rises, "rises"), (falls, "falls"), (level, "is level")) if count]
    return f"of {total} steps, it {listed(parts)}"
