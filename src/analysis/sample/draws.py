"""Draws that are the same on every platform, and fair shares in whole numbers.

The bytes of the sample must not depend on the machine. So: the raw stream of PCG64, which NumPy guarantees (the
distributions of ``numpy.random.Generator`` it does not), and only ``+ - * /`` on the result, which IEEE 754 fixes to
the last bit, where ``exp`` and ``log`` differ between processors.
"""

from __future__ import annotations

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
    seed = np.random.SeedSequence([SEED, *(zlib.crc32(part.encode()) for part in key)])
    raw = np.asarray(np.random.PCG64(seed).random_raw(count), dtype=np.uint64)
    return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53


def order(count: int, *key: str) -> Ints:
    """The numbers 0 to ``count`` - 1, shuffled."""
    return np.argsort(uniforms(count, *key), kind="stable").astype(np.int64)


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
    if total > MOST_IN_ONE_PCN * int((weights > 0).sum()):
        raise ValueError(f"{total} people do not fit into {int((weights > 0).sum())} PCNs")
    places = np.arange(1, MOST_IN_ONE_PCN + 1)[:, np.newaxis] - offsets
    queue = np.where(weights > 0, places / np.maximum(weights, 1), np.inf).ravel()
    if not total:
        return np.zeros(len(weights), dtype=np.int64)
    last_served = np.partition(queue, total - 1)[total - 1]
    first = np.flatnonzero(queue <= last_served)[:total]
    return np.bincount(first % len(weights), minlength=len(weights)).astype(np.int64)
