"""Published figures against ours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.columns import CONTRACTED, STAFF

EQUAL, DIFFERS, UNCHECKED = "equal", "differs", "not available"
# The register holds bulletin figures to six decimals or fewer. Half a unit in the second, in which the publisher's own
# tables are read, tells a lost or doubled row (the smallest is 0.01 FTE) from rounding.
FTE_TOLERANCE = 0.005
# Whole FTE are published in some places (papers, six months of the bulletin): half a unit is all that can be held.
WHOLE_TOLERANCE = 0.5
_FTE_COLUMN = {"all": "fte", STAFF: "fte_staff", CONTRACTED: "fte_contracted"}
COLUMNS = [
    *("census", "measure", "role", "data_source", "published", "ours", "difference", "verdict", "source"),
]


def backtests(totals: pd.DataFrame, coverage: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Hold each published national figure beside the one computed from the extracts.

    Columns ``census, measure, role, data_source, published, ours, difference`` (ours less published), ``verdict`` and
    ``source`` of the published figure. Figures are compared for the censuses of the extracts alone: one taken from the
    bulletin would be held against itself. ``pcns_active`` cannot be computed from extracts and is left out.
    ``verdict``: ``equal`` to the published precision, ``differs``, or ``not available`` where the extracts give none.
    Totals of the register that are sums of the extracts themselves are no back-test, and are left out.
    """
    england = totals[(totals["level"] == "england") & (totals["source"] == "extract")]
    ours = pd.concat([_figures(england), _counts(coverage)], ignore_index=True)
    key = ["census", "measure", "role", "data_source"]
    tested = published["census"].isin(england["census"]) & (published["measure"] != "pcns_active")
    own_sums = published["source"].str.startswith("Individual-level extracts")
    frame = published[tested & ~own_sums].rename(columns={"value": "published"}).merge(ours, on=key, how="left")
    frame["difference"] = frame["ours"] - frame["published"]
    fte = frame["measure"] == "fte"
    whole = frame["published"] == frame["published"].round()
    tolerance = np.select([fte & ~whole, fte], [FTE_TOLERANCE, WHOLE_TOLERANCE], default=0.0)
    # The last addition lets a difference of exactly half a unit, which floats hold a hair too high, count as rounding.
    equal = frame["difference"].abs() <= tolerance + 1e-9
    frame["verdict"] = np.select([frame["ours"].isna(), equal], [UNCHECKED, EQUAL], default=DIFFERS)
    return frame.sort_values(key, ignore_index=True)[COLUMNS]


def _figures(england: pd.DataFrame) -> pd.DataFrame:
    base = england[["census", "role"]]
    parts = [
        base.assign(measure="fte", data_source=source, ours=england[column]) for source, column in _FTE_COLUMN.items()
    ]
    people_and_pcns = [
        base.assign(measure=measure, data_source="all", ours=england[measure])
        for measure in ("headcount", "pcns_with_role")
    ]
    return pd.concat([*parts, *people_and_pcns], ignore_index=True)


def _counts(coverage: pd.DataFrame) -> pd.DataFrame:
    here = coverage[(coverage["level"] == "england") & (coverage["source"] == "extract")]
    sources = {"pcns_reporting": "all", "pcns_reporting_staff": "all", "pcns_contracted_only": CONTRACTED}
    parts = [
        here[["census"]].assign(role="all", measure=measure, data_source=source, ours=here[measure])
        for measure, source in sources.items()
    ]
    return pd.concat(parts, ignore_index=True)
