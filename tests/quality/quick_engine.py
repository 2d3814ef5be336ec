"""The expectations of the suites in plain pandas: what Great Expectations says, in a hundredth of the time.

The power of the checks is measured on some hundred folders, of which each takes Great Expectations seconds. That both say
the same is a test of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from analysis.quality.engine import Examined, Finding
from analysis.quality.rules import Suite


def examine(suites: Sequence[Suite]) -> Iterator[Examined]:
    """As :func:`analysis.quality.engine.examine`."""
    for suite in suites:
        frame = pd.DataFrame() if suite.skipped else suite.make()
        rules = () if suite.skipped else suite.rules
        yield Examined(suite, frame, {rule.id: [_finding(frame, demand) for demand in rule.demands] for rule in rules})


def _finding(frame: pd.DataFrame, demand: Any) -> Finding:
    kind = type(demand).__name__
    if kind == "ExpectColumnPairValuesToBeEqual":
        one, other = frame[demand.column_A].astype(object), frame[demand.column_B].astype(object)
        bad = (one != other) & ~(one.isna() & other.isna())
        return Finding(demand.column_B, len(frame), tuple(frame.index[bad]))
    column = frame[demand.column]
    missing = column.isna()
    if kind in ("ExpectColumnValuesToNotBeNull", "ExpectColumnValuesToBeNull"):
        bad = missing if kind == "ExpectColumnValuesToNotBeNull" else ~missing
        return Finding(demand.column, len(frame), tuple(frame.index[bad]))
    known = column[~missing]
    good = _GOOD[kind](known, demand)
    return Finding(demand.column, len(known), tuple(known.index[~good.astype(bool)]))


def _between(known: pd.Series, demand: Any) -> pd.Series:
    good = pd.Series(True, index=known.index)
    if demand.min_value is not None:
        good &= known > demand.min_value if demand.strict_min else known >= demand.min_value
    if demand.max_value is not None:
        good &= known < demand.max_value if demand.strict_max else known <= demand.max_value
    return good


_GOOD = {
    "ExpectColumnValuesToBeBetween": _between,
    "ExpectColumnValuesToBeInSet": lambda known, demand: known.isin(list(demand.value_set)),
    "ExpectColumnValuesToMatchRegex": lambda known, demand: known.astype(str).str.contains(demand.regex),
}
