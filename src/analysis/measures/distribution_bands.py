"""How many networks have how much: a histogram of the networks' own values at every census."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.columns import ENGLAND
from analysis.measures.base import AREA
from analysis.measures.funnel import PER_PATIENTS
from analysis.measures.network_fte import DECIMALS

# The width of a band. One person in a network of usual size (about 50,000 patients) makes 0.2 FTE per 10,000 patients:
# half of that shows part-time posts. FTE of a network is often a whole or half post.
BAND_WIDTHS = {"rate": 0.1, "fte": 0.5}
COLUMNS = [*AREA, "role", "measure", "band", "band_from", "band_to", "pcns"]


def distribution_bands(networks: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Count the reporting networks of England in bands of what they have, at every census and in each role.

    ``networks`` is of :func:`analysis.measures.network_fte.network_fte`. Networks that did not report have no rows in
    it, and are in no band.

    ``measure``
        ``rate``: FTE per 10,000 registered patients, over networks on a list of patients; ``fte``: FTE, over all.
    ``band``, ``band_from``, ``band_to``
        Band 0 holds the networks with none (no FTE, or a negative one, which is an error at source); both its ends are
        0. Band n holds those from ``(n - 1)`` to under ``n`` widths (:data:`BAND_WIDTHS`), in the unit of the measure.
    ``pcns``
        Networks in the band. Every band up to the highest that holds any has a row, so that an empty one shows 0.

    A census and role without any network has no rows; nor has ``rate`` without a list of patients.
    """
    rates = networks.assign(value=PER_PATIENTS * networks["fte"] / networks["patients"].where(networks["patients"] > 0))
    parts = [
        _counted(frame, measure, codes)
        for measure, frame in (("rate", rates), ("fte", networks.assign(value=networks["fte"])))
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _counted(networks: pd.DataFrame, measure: str, codes: Sequence[str]) -> pd.DataFrame:
    """The rows of one measure: ``networks`` has its ``value``, missing where it is not known."""
    width, key = BAND_WIDTHS[measure], ["census", "role"]
    known = networks[networks["value"].notna() & networks["role"].isin(list(codes))]
    # A whole post can lack the last of its nine decimals: it belongs to the band that begins with a whole post.
    steps = np.floor(np.round(known["value"].to_numpy(dtype=np.float64) / width, DECIMALS)).clip(min=0)
    none = np.round(known["fte"].to_numpy(dtype=np.float64), DECIMALS) <= 0
    placed = known[key].astype("str").assign(band=np.where(none, 0, steps + 1).astype("int64"))
    highest = placed.groupby(key)["band"].max()
    grid = highest.index.repeat(highest.to_numpy() + 1).to_frame(index=False).astype("str")
    grid["band"] = grid.groupby(key).cumcount()
    counts = placed.groupby([*key, "band"]).size().reset_index(name="pcns")
    frame = grid.merge(counts, on=[*key, "band"], how="left")
    return frame.assign(
        level="england",
        area_code=ENGLAND,
        area_name="England",
        measure=measure,
        band_from=((frame["band"] - 1).clip(lower=0) * width).round(DECIMALS),
        band_to=(frame["band"] * width).round(DECIMALS),
        pcns=frame["pcns"].fillna(0).astype("float64"),
    )
