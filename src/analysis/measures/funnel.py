"""How far the rate of a small area may lie from England's without being out of the ordinary.

Nothing here is sampled: the FTE of an area is what was returned. Yet a rate over few patients moves with every single
post, and a ranking of such rates ranks noise. Two things are given instead.

**Funnel limits** (Spiegelhalter, Statistics in Medicine 2005;24:1185–1202, section on overdispersion): round England's
rate θ an area with n (10,000 patients) is expected within θ ± z·√(φθ/n). θ/n is the variance of a Poisson rate. FTE is
no count and posts are not set by chance, so that this form only says how the spread shrinks with size; its height is
set by φ, the mean of the squared z-scores of all areas of the level, winsorised so that areas far out do not hide
themselves. z = 1.96 and 3.09 (95% and 99.8%).
Limits of the method: φ is one factor for all sizes, and where real differences between areas prevail the funnel is too
narrow for large areas; about one area in twenty lies beyond the 95% limits when nothing is amiss; need is not adjusted
for.

**An interval for the rate** of an area from the spread of its own PCNs (the linearised variance of a ratio of totals,
PCNs as clusters): how far the rate could move if its PCNs were others of the same kind. It describes stability, not
sampling error.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

PER_PATIENTS = 10_000  # rates are FTE per 10,000 registered patients, as readers ask for them
LIMITS = {"95": 0.95, "998": 0.998}  # the two limits that Spiegelhalter's funnels have
WINSOR = 0.1  # the share of z-scores drawn in at each end: Spiegelhalter's own example
# With fewer areas φ would rest on a handful of squares; England's seven regions get no limits for that reason.
MIN_AREAS = 10
# With fewer PCNs a standard error of an area rests on next to nothing.
MIN_PCNS = 5


def funnel_limits(rate: Floats, size: Floats, target: float) -> pd.DataFrame:
    """Limits round ``target`` for areas with ``rate`` (FTE per 10,000) over ``size`` (10,000 patients).

    Columns ``low_95, high_95, low_998, high_998`` and ``overdispersion`` (φ, not under 1: a funnel narrower than that
    of whole posts falling by chance would claim more than can be known); missing for all when fewer than ``MIN_AREAS``
    areas have a rate, and for an area without a size.
    """
    usable = ~np.isnan(rate) & (size > 0)
    columns = [f"{side}_{name}" for name in LIMITS for side in ("low", "high")]
    frame = pd.DataFrame(np.nan, index=range(len(rate)), columns=[*columns, "overdispersion"])
    if usable.sum() < MIN_AREAS or not target > 0:
        return frame
    error = np.sqrt(target / np.where(size > 0, size, np.nan))
    scores = (rate[usable] - target) / error[usable]
    drawn_in = np.clip(scores, np.quantile(scores, WINSOR), np.quantile(scores, 1 - WINSOR))
    overdispersion = max(1.0, float(np.mean(drawn_in**2)))
    for name, share in LIMITS.items():
        reach = NormalDist().inv_cdf((1 + share) / 2) * np.sqrt(overdispersion) * error
        frame[f"low_{name}"] = np.maximum(target - reach, 0.0)  # there is no negative FTE
        frame[f"high_{name}"] = target + reach
    return frame.assign(overdispersion=overdispersion)


def ratio_interval(sums: pd.DataFrame) -> pd.DataFrame:
    """95% interval ``rate_low, rate_high`` of areas' FTE per 10,000, from the spread of their PCNs.

    ``sums`` has a row for each area: ``pcns_with_list``, and the sums over these PCNs ``fte_with_list``,
    ``patients_reporting``, ``fte_squared``, ``fte_times_patients``, ``patients_squared``. Missing with fewer PCNs than
    ``MIN_PCNS``.
    """
    pcns, fte, patients, fte_fte, fte_patients, patients_patients = (
        np.asarray(sums[column], dtype=np.float64)
        for column in (
            *("pcns_with_list", "fte_with_list", "patients_reporting"),
            *("fte_squared", "fte_times_patients", "patients_squared"),
        )
    )
    enough = pcns >= MIN_PCNS
    count = np.where(enough, pcns, np.nan)
    ratio = fte / np.where(patients > 0, patients, np.nan)
    residuals = fte_fte - 2 * ratio * fte_patients + ratio**2 * patients_patients
    error = np.sqrt(count / (count - 1) * np.maximum(residuals, 0.0)) / patients
    # The quantile of Student's t. scipy.stats takes it from the same function, and a second to be imported; this is
    # imported here because only the analysis needs it.
    from scipy.special import stdtrit  # noqa: PLC0415

    reach = stdtrit(count - 1, (1 + LIMITS["95"]) / 2) * error
    return pd.DataFrame(
        {"rate_low": PER_PATIENTS * np.maximum(ratio - reach, 0.0), "rate_high": PER_PATIENTS * (ratio + reach)}
    )
