"""Which of the invented PCNs report at each census.

The published counts of PCNs reporting, and of those reporting staff, are met at every census. Who reports is invented,
after the habits of the real series: PCNs join over time and stay; a few drop out and mostly come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analysis.periods import months_between
from analysis.sample.draws import Flags, Floats, Ints, uniforms

if TYPE_CHECKING:
    from analysis.sample.totals import Totals

DROP_OUT_SHARE_A_MONTH = 0.0013  # of those reporting; 32 of 8,000 in the real extracts, from quarter to quarter
COME_BACK_SHARE = 0.6
LONG_STANDING = 36  # months reported before the first extract, by those who are in it


@dataclass(frozen=True)
class Reporting:
    """Who reports at one census; each array has one entry a network."""

    active: Flags
    reporting: Flags
    contracted_only: Flags
    without_arrs: Flags  # reports, but none of the thirteen reimbursed roles
    months_reported: Ints  # before this one; those of the first census count as long-standing


def make_reporting(
    totals: Totals, active: Mapping[str, Flags], readiness: Floats, outsourced: Floats
) -> dict[str, Reporting]:
    """Who reports, by census."""
    count = len(readiness)
    reporting = np.zeros(count, dtype=bool)
    months = np.zeros(count, dtype=np.int64)
    without_arrs_score = uniforms(count, "without_arrs")
    found: dict[str, Reporting] = {}
    for before, census in pairwise((totals.censuses[0], *totals.censuses)):
        span = months_between(before, census)
        wanted = totals.pcns_reporting[census]
        leaves = round(DROP_OUT_SHARE_A_MONTH * span * reporting.sum())
        dropped = lowest(uniforms(count, "drop", census), leaves, among=reporting)
        back = (months > 0) & ~reporting & (uniforms(count, "back", census) < COME_BACK_SHARE)
        # the order in which places are filled: who stays, who comes back, then by readiness, and last who is away
        rank = np.select(
            [dropped, reporting, back, months > 0], [np.full(count, 3.0), np.full(count, -2.0), -1.0, 2.0], readiness
        )
        reporting = lowest(rank, wanted, among=active[census])
        contracted_only = lowest(-outsourced, wanted - totals.pcns_reporting_staff[census], among=reporting)
        without_arrs = lowest(without_arrs_score, totals.pcns_without_arrs(census), among=reporting & ~contracted_only)
        months = months + np.where(reporting, span or LONG_STANDING, 0)
        found[census] = Reporting(active[census], reporting, contracted_only, without_arrs, months - span)
    return found


def lowest(score: Floats, count: int, *, among: Flags) -> Flags:
    """The ``count`` networks of lowest score among those flagged."""
    if count > among.sum():
        raise ValueError(f"{count} PCNs are wanted of {among.sum()}")
    flags = np.zeros(len(score), dtype=bool)
    flags[np.argsort(np.where(among, score, np.inf), kind="stable")[:count]] = True
    return flags
