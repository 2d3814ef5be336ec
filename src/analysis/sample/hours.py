"""How FTE spreads over people and contracted rows: whole contracts, part time, a session or two a week.

The shapes follow the published extracts, where about half of all staff rows are exactly 1 FTE and clinical directors
hold a few hours; the mixture is chosen so that the mean of a role comes out, and the sum is then made exact.
"""

from __future__ import annotations

import numpy as np

from analysis.sample.draws import Floats, Ints
from analysis.sample.totals import LEAST, NANO

HOURS_OF_ONE_FTE = 37.5  # NHS Digital's definition
# Hours a week and how often they occur: four shapes, by rising mean.
SHAPES: tuple[dict[float, int], ...] = (
    {2: 1, 4: 3, 5: 1},
    {4: 3, 5: 2, 7.5: 3, 8: 4, 10: 2, 15: 1},
    {10: 1, 15: 3, 18.75: 3, 20: 3, 22.5: 5, 24: 3, 25: 2, 30: 5},
    {37.5: 34, 37: 3, 35: 1, 32: 1, 30: 3, 22.5: 1},
)
# Of contracted services, by the first census of each: rows hold 1.02 FTE on average in the extracts of 2020 to 2022,
# and 0.83 in June 2026. The extracts between are not held.
CONTRACTED_SHAPES: dict[str, dict[float, int]] = {
    "2020-03": {5: 1, 10: 2, 18.75: 3, 30: 4, 37: 3, 37.5: 34, 40: 1, 75: 2, 150: 1},
    "2023-01": {7.5: 4, 10: 2, 15: 3, 18.75: 5, 22.5: 3, 30: 6, 37: 2, 37.5: 30, 75: 2},
}
MOST_STAFF, MOST_CONTRACTED = 2 * NANO, 14 * NANO


def staff_fte(total: int, people: int) -> Ints:
    """FTE of ``people``, ascending, in nano-FTE, that adds up to ``total``: in general at most 1, never above 2."""
    wanted = total / people / NANO
    means = [sum(hours * times for hours, times in shape.items()) / _size(shape) for shape in SHAPES]
    means = [mean / HOURS_OF_ONE_FTE for mean in means]
    upper = next((i for i, mean in enumerate(means) if mean >= wanted), len(SHAPES) - 1)
    lower = max(upper - 1, 0)
    share = 1.0 if upper == lower else min((wanted - means[lower]) / (means[upper] - means[lower]), 1.0)
    weights: dict[float, float] = {}
    for shape, part in ((SHAPES[lower], 1.0 - share), (SHAPES[upper], share)):
        for hours, times in shape.items():
            weights[hours] = weights.get(hours, 0.0) + part * times / _size(shape)
    most = NANO if total <= people * NANO else MOST_STAFF
    return made_exact(_quantiles(weights, people), total, most)


def contracted_rows(total: int, census: str) -> int:
    """How many rows of contracted services hold ``total`` nano-FTE."""
    shape = _contracted_shape(census)
    hours = sum(each * times for each, times in shape.items()) / _size(shape)
    return max(round(total / NANO / (hours / HOURS_OF_ONE_FTE)), 1)


def contracted_fte(total: int, rows: int, census: str) -> Ints:
    """FTE of contracted rows, ascending, in nano-FTE, that adds up to ``total``; a row may hold several people."""
    weights = {hours: float(times) for hours, times in _contracted_shape(census).items()}
    return made_exact(_quantiles(weights, rows), total, MOST_CONTRACTED)


def _contracted_shape(census: str) -> dict[float, int]:
    return CONTRACTED_SHAPES[max(first for first in CONTRACTED_SHAPES if first <= census)]


def made_exact(values: Ints, total: int, most: int) -> Ints:
    """``values`` with as few of them changed as possible so that they add up to ``total``; each in `LEAST` to ``most``.

    Raises
    ------
    ValueError
        When no values within these limits add up to ``total``.
    """
    if not len(values) * LEAST <= total <= len(values) * most:
        raise ValueError(f"{total} nano-FTE do not fit into {len(values)} rows of at most {most}")
    exact = np.clip(values, LEAST, most)
    missing = total - int(exact.sum())
    one = np.flatnonzero((exact + missing >= LEAST) & (exact + missing <= most))
    if len(one):
        exact[one[len(one) // 2]] += missing
    else:
        room = most - exact if missing > 0 else LEAST - exact  # all of one sign
        by_room = np.argsort(-np.abs(room), kind="stable")
        before = np.cumsum(room[by_room]) - room[by_room]
        left = missing - before
        exact[by_room] += np.clip(left, 0, room[by_room]) if missing > 0 else np.clip(left, room[by_room], 0)
    return np.sort(exact)


def _size(shape: dict[float, int]) -> int:
    return sum(shape.values())


def _quantiles(weights: dict[float, float], count: int) -> Ints:
    """``count`` values, ascending, spread as ``weights`` say."""
    hours = sorted(weights)
    upto: Floats = np.cumsum(np.array([weights[h] for h in hours]))
    at = (np.arange(count) + 0.5) / count * upto[-1]
    levels = np.array([round(NANO * h / HOURS_OF_ONE_FTE) for h in hours], dtype=np.int64)
    spread: Ints = levels[np.searchsorted(upto, at)]
    return spread
