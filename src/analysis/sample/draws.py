"""Draws that are the same on every platform, and fair shares in whole numbers.

The bytes of the sample must not depend on the machine. So: the raw stream of PCG64, which NumPy guarantees (the
distributions of ``numpy.random.Generator`` it does not), and only ``+ - * /`` on the result, which IEEE 754 fixes to
the last bit, where ``exp`` and ``log`` differ between processors.
"""

from __future__ import annotations

import functools
import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SEED = 20220812  # any number does; this is the day of the article that the report answers
MOST_IN_ONE_PCN = 96  # people, or contracted rows, of one role in one PCN; at most 44 in the real extracts to 2022


def uniforms(count: int, *key: str) -> Floats:
    """``count`` numbers, even over [0, 1), that belong to ``key``: the same whenever and wherever asked for."""
    seed = np.random.SeedSequence(_entropy(*key))
    raw = np.asarray(np.random.PCG64(seed).random_raw(count), dtype=np.uint64)
    return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53


def uniforms_at(places: Ints, *key: str) -> Floats:
    """The numbers at these places of a stream without end that belongs to ``key``, even over [0, 1).

    For few places of many. The generator is SplitMix64 (Steele, Lea and Flood, 2014), which can begin anywhere.
    """
    start = np.random.SeedSequence(_entropy(*key)).generate_state(1, np.uint64)[0]
    mixed = places.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start  # products wrap at 64 bits, as they should
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    drawn: Floats = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return drawn


def _entropy(*key: str) -> list[int]:
    return [SEED, *(zlib.crc32(part.encode()) for part in key)]


def order(count: int, *key: str) -> Ints:
    """The numbers 0 to ``count`` - 1, shuffled."""
    return np.argsort(uniforms(count, *key), kind="stable").astype(np.int64)


@functools.lru_cache(maxsize=512)
def skewed(count: int, spread: float, *key: str) -> Floats:
    """Positive numbers with median about 1 and a long right tail: roughly lognormal, ``spread`` its log's deviation.

    The sum of twelve uniforms stands in for the normal, and (1 + x/64)^64 for exp(x).
    """
    normal = uniforms(12 * count, *key).reshape(12, count)
    total = np.zeros(count)
    for draw in normal:  # added one by one: the order in which numpy sums is its own affair
        total = total + draw
    grown: Floats = np.maximum(1.0 + (total - 6.0) * spread / 64.0, 0.0)
    for _ in range(6):
        grown = grown * grown
    grown.flags.writeable = False  # it is handed out again
    return grown


def apportion(total: int, weights: Ints) -> Ints:
    """``total`` split over ``weights`` in whole numbers, by largest remainder: the parts add up to ``total``."""
    whole = int(weights.sum())
    exact = total * weights
    parts = exact // whole
    short = total - int(parts.sum())
    parts[np.argsort(-(exact - parts * whole), kind="stable")[:short]] += 1
    return parts


def allot(total: int, weights: Ints, *key: str) -> Ints:
    """``total`` people over PCNs, about in proportion to ``weights``; a PCN of weight 0 gets none.

    The k-th person of a PCN stands in a queue at (k - u) / weight, where u belongs to the PCN for good: so a growing
    total adds people and moves none, as in a real workforce.
    """
    offsets = uniforms(len(weights), "queue", *key)
    open_to_some = int((weights > 0).sum())
    if total > MOST_IN_ONE_PCN * open_to_some:
        raise ValueError(f"{total} people do not fit into {open_to_some} PCNs")
    if not total:
        return np.zeros(len(weights), dtype=np.int64)
    # The last person served stands before (total + PCNs) / sum of weights: nobody behind that need queue.
    longest = (total + open_to_some) * int(weights.max()) // int(weights.sum()) + 2
    places = np.arange(1, min(longest, MOST_IN_ONE_PCN) + 1)[:, np.newaxis] - offsets
    queue = np.where(weights > 0, places / np.maximum(weights, 1), np.inf).ravel()
    last_served = np.partition(queue, total - 1)[total - 1]
    first = np.flatnonzero(queue <= last_served)[:total]
    return np.bincount(first % len(weights), minlength=len(weights)).astype(np.int64)
