"""The national totals that the sample meets, in billionths of an FTE so that sums are exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.columns import CONTRACTED, STAFF
from analysis.periods import FIRST_CENSUS, expected_censuses, months_between, shift
from analysis.registers.published import ALL, load_published
from analysis.sample.further_roles import load_further_totals, roles_of_sample

NANO = 1_000_000_000  # the extracts give FTE to nine decimals
LEAST = round(NANO * 1 / 37.5)  # one hour a week: no row is zero or negative
ARRS = "arrs13"
# The series is drawn on to this census, so that the sample has the areas of April 2026 and a quarter of months on them.
DRAWN_ON_TO = "2026-06"
COUNTS = ("pcns_active", "pcns_reporting", "pcns_reporting_staff")


@dataclass(frozen=True)
class Totals:
    """National totals by census: ``fte[census, role, data_source]`` in nano-FTE, ``headcount[census, role]``, PCNs.

    ``published_to`` is the last census whose totals were published; those after it are drawn on.
    """

    censuses: tuple[str, ...]
    published_to: str
    roles: tuple[str, ...]
    fte: Mapping[tuple[str, str, str], int]
    headcount: Mapping[tuple[str, str], int]
    pcns_active: Mapping[str, int]
    pcns_reporting: Mapping[str, int]
    pcns_reporting_staff: Mapping[str, int]
    without_arrs_share: float

    def pcns_without_arrs(self, census: str) -> int:
        """Reporting PCNs with none of the thirteen reimbursed roles.

        Published for one census (Penfold et al., September 2022: 1,089 of 1,105 PCNs have one); its share is used for
        the others.
        """
        return round(self.without_arrs_share * self.pcns_reporting[census])


def load_totals() -> Totals:
    """The totals of every census from March 2020 to June 2026, or to the last of the register where that is later.

    Two things are **derived**. The split by data source is not published after September 2022: each role keeps its
    shares of staff and contracted services then, but one person has at most one FTE; a role that is new has as much
    staff FTE as its headcount can hold. And past its last published value each figure is drawn on: it goes on changing,
    month by month, as it did on average over the year before, but never below half of that value.
    """
    published = load_published()
    roles = roles_of_sample().codes
    single = pd.concat([published, load_further_totals()])
    single = single.loc[single["role"].isin(roles)]
    fte = _lookup(single.loc[single["measure"] == "fte"], ["census", "role", "data_source"], NANO)
    headcount = _lookup(single.loc[single["measure"] == "headcount"], ["census", "role"], 1)
    counts = {name: _lookup(published.loc[published["measure"] == name], ["census"], 1) for name in COUNTS}
    published_to = max(census for census, _, source in fte if source == ALL)
    censuses = tuple(expected_censuses(FIRST_CENSUS, max(published_to, DRAWN_ON_TO)))
    for figures in (fte, headcount, *counts.values()):
        _draw_on(figures, censuses)
    _derive_splits(fte, headcount)
    with_arrs = published.loc[(published["measure"] == "pcns_with_role") & (published["role"] == ARRS)].iloc[0]
    return Totals(
        censuses=censuses,
        published_to=published_to,
        roles=tuple(roles),
        fte={key: value for key, value in fte.items() if key[2] != ALL},
        headcount=headcount,
        **{name: {census: value for (census,), value in found.items()} for name, found in counts.items()},
        without_arrs_share=1 - with_arrs["value"] / counts["pcns_reporting"][(with_arrs["census"],)],
    )


def _draw_on(figures: dict[Any, int], censuses: tuple[str, ...]) -> None:
    """Add the censuses after the last of each series in ``figures``, whose keys begin with the census.

    In whole numbers. The split by data source is no series here: it is derived.
    """
    last: dict[Any, str] = {}
    for census, *series in figures:
        if series[1:] != [STAFF] and series[1:] != [CONTRACTED]:
            last[tuple(series)] = max(census, last.get(tuple(series), ""))
    for series_key, census in last.items():
        now = figures[(census, *series_key)]
        then = figures.get((shift(census, -12), *series_key), now)
        for later in [later for later in censuses if later > census]:
            drawn = now + (now - then) * months_between(census, later) // 12
            figures[(later, *series_key)] = max(drawn, now // 2)


def _derive_splits(fte: dict[Any, int], headcount: Mapping[tuple[str, str], int]) -> None:
    """Add the split by data source where none is published, after the last that is."""
    latest = dict(sorted((role, census) for census, role, source in fte if source != ALL))
    published = {(census, role) for census, role, source in fte if source != ALL}
    for census, role, _ in [key for key in fte if key[2] == ALL and key[:2] not in published]:
        total, people = fte[census, role, ALL], headcount[census, role]
        shared = total
        if role in latest:
            shared = total * fte.get((latest[role], role, STAFF), 0) // fte[latest[role], role, ALL]
        staff = min(max(shared, people * LEAST), people * NANO, total)
        if total - staff < LEAST and people:  # too little for a row of its own
            staff = total
        fte[census, role, STAFF] = staff
        fte[census, role, CONTRACTED] = total - staff


def _lookup(frame: pd.DataFrame, keys: list[str], scale: int) -> dict[Any, int]:
    """The values by ``keys``, as a tuple, times ``scale``, in whole numbers."""
    values = [round(value * scale) for value in frame["value"]]
    return dict(zip(frame[keys].itertuples(index=False, name=None), values, strict=True))
