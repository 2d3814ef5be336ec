"""How evenly the FTE of a role is spread over networks: deciles of rates, networks with none, the top tenth's share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.base import AREA
from analysis.measures.funnel import PER_PATIENTS
from analysis.measures.network_fte import DECIMALS, england_grid
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, first_after_break, note
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

DECILES = [f"rate_decile_{tenth}" for tenth in range(1, 10)]
TOP_SHARE = 0.1  # the tenth of networks with the most: readers ask for "the top tenth"
COLUMNS = [
    *(*AREA, "role", "pcns_reporting", "top_tenth_fte_share_pct", "top_tenth_note"),
    *("list_date", "pcns_with_list", *DECILES, "patients_without_share_pct", "top_tenth_patients_share_pct"),
    "rates_note",
]


def distribution(networks: pd.DataFrame, roles: Roles, breaks: Breaks, codes: Sequence[str]) -> pd.DataFrame:
    """Describe how the FTE of each role is spread over the reporting networks of England, at every census.

    ``networks`` is of :func:`analysis.measures.network_fte.network_fte`.

    ``pcns_reporting``
        Networks with any row of any role. Networks that did not report are not available, and are left out.
    ``top_tenth_fte_share_pct``
        Share of all FTE that the tenth of networks with the most FTE have, %. Where a tenth is no whole number of
        networks, or networks tie at its edge, those at the edge count in part: it depends on no order among equals.
    ``rate_decile_1`` to ``rate_decile_9``
        Deciles of FTE per 10,000 registered patients over networks on the list of ``list_date`` (``pcns_with_list`` of
        them), each network counted once whatever its size; linear between neighbours (type 7 of Hyndman and Fan, The
        American Statistician 1996;50:361-365, which numpy and pandas use). The fifth is the median.
    ``patients_without_share_pct``
        Share of the patients of these networks in networks with no FTE in the role, %. No FTE includes a negative one,
        which is an error at source.
    ``top_tenth_patients_share_pct``
        Share of patients of the tenth of networks with the most FTE, among those on the list, %: large networks have
        more FTE, and this says how much of the top tenth's share is their size.

    ``top_tenth_note`` and ``rates_note`` (for all that needs a list): ``[z]`` before a role starts, and for shares of
    no FTE; ``[x]`` without a list of patients for the census; ``[b]`` at the first census after a break.
    """
    censuses = sorted(networks["census"].unique())
    frame = england_grid(censuses, codes)
    needed = networks[["census", "role", "fte", "patients", "list_date"]]  # text is slow to divide into groups
    rows = [
        {"census": census, "role": role, **_describe(part)}
        for (census, role), part in needed.groupby(["census", "role"])
    ]
    described = pd.DataFrame(rows, columns=["census", "role", *(c for c in COLUMNS if c not in frame)])
    described = described.drop(columns=["top_tenth_note", "rates_note"])
    described = described.astype({"census": "str", "role": "str", "list_date": "datetime64[us]"})
    frame = frame.merge(described, on=["census", "role"], how="left")
    numbers = [c for c in COLUMNS if c.startswith(("pcns", "rate_decile", "top_tenth_fte", "patients")) or "_pat" in c]
    frame[numbers] = frame[numbers].astype("float64")
    unstarted = frame["pcns_reporting"].isna()
    broken = first_after_break(frame, "pcns_reporting", ["fte"], roles, breaks)
    no_fte, no_list = frame["top_tenth_fte_share_pct"].isna(), frame[DECILES[0]].isna()
    frame["top_tenth_note"] = note(len(frame), (unstarted | no_fte, NOT_APPLICABLE), (broken, BREAK))
    frame["rates_note"] = note(len(frame), (unstarted, NOT_APPLICABLE), (no_list, NOT_AVAILABLE), (broken, BREAK))
    return frame[COLUMNS]


def _describe(networks: pd.DataFrame) -> dict[str, object]:
    """The figures of one census and role."""
    fte = networks["fte"].to_numpy(dtype=np.float64)
    found: dict[str, object] = {
        "pcns_reporting": len(networks),
        "top_tenth_fte_share_pct": _share(in_top_tenth(fte), fte),
    }
    patients = networks["patients"].to_numpy(dtype=np.float64)
    listed = patients > 0
    if not listed.any():
        return found
    fte, patients = fte[listed], patients[listed]
    deciles = np.quantile(PER_PATIENTS * fte / patients, np.arange(1, 10) / 10)
    without = np.round(fte, DECIMALS) <= 0
    return {
        **found,
        "list_date": networks["list_date"].iloc[int(listed.argmax())],
        "pcns_with_list": len(fte),
        **dict(zip(DECILES, deciles, strict=True)),
        "patients_without_share_pct": _share(without.astype(np.float64), patients),
        "top_tenth_patients_share_pct": _share(in_top_tenth(fte), patients),
    }


def in_top_tenth(fte: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far each network belongs to the tenth with the most FTE: 1, 0, or a part at the edge; in all a tenth."""
    fte = np.round(fte, DECIMALS)
    room = TOP_SHARE * len(fte)
    edge = np.sort(fte)[::-1][int(np.ceil(room - 1e-9)) - 1]
    above, at_edge = fte > edge, fte == edge
    part = (room - above.sum()) / at_edge.sum()
    return np.where(above, 1.0, np.where(at_edge, part, 0.0))


def _share(part: npt.NDArray[np.float64], amount: npt.NDArray[np.float64]) -> float:
    """The share of ``amount`` that falls to those counted in ``part``, %; missing when there is none at all."""
    whole = float(amount.sum())
    return 100 * float((part * amount).sum()) / whole if whole > 0 else float("nan")
