"""National totals of censuses without an extract: from a bulletin workbook, or the register of published totals."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from analysis.columns import ALL_GENDERS, ENGLAND
from analysis.measures.base import all_codes
from analysis.measures.notes import NOT_APPLICABLE, NOT_AVAILABLE, note, with_breaks
from analysis.measures.totals import COLUMNS, MEASURES, NOTES
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

BULLETIN = "bulletin"
REGISTER = "register"
_PUBLISHED = ["fte", "headcount"]


def national_totals(
    workforce_totals: pd.DataFrame,
    bulletin: pd.DataFrame,
    roles: Roles,
    breaks: Breaks,
    *,
    register: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Totals (of :mod:`analysis.measures.totals`), with England's other censuses as they were published.

    Rows are added for ``england`` alone, for the censuses that no extract covers: from ``bulletin`` (``source`` is
    ``bulletin``), and where the workbook does not have the census from ``register``
    (:func:`analysis.registers.published.national_figures`; ``source`` is ``register``). Give only figures that the
    report may use, and no register beside synthetic extracts.

    ``fte`` and ``headcount`` are the published ones; the split by data source and the counts of rows are not published,
    ``[x]``. A group's FTE is the sum of its roles', its headcount ``[x]`` when it has more than one role at the census,
    since people are not additive over roles. A figure that is not published is ``[x]``.
    """
    codes = all_codes(roles)
    covered = set(workforce_totals.loc[workforce_totals["source"] == "extract", "census"].unique())
    parts = []
    everybody = bulletin[bulletin["gender"] == ALL_GENDERS]
    for source, figures in ((BULLETIN, everybody), (REGISTER, register)):
        if figures is None:
            continue
        published = _by_role(figures, covered)
        censuses = sorted(set(published.index.get_level_values("census")))
        covered |= set(censuses)
        parts += [{**row, "source": source} for row in _rows(published, censuses, codes, roles)]
    if not parts:
        return workforce_totals
    added = pd.DataFrame(parts).assign(level="england", area_code=ENGLAND, area_name="England")
    added[[measure for measure in MEASURES if measure not in added]] = float("nan")
    before_start = added["census"] < added["role"].map(roles.starts)
    for column, measures in NOTES.items():
        missing = added[measures].isna().any(axis=1)
        added[column] = note(len(added), (missing & before_start, NOT_APPLICABLE), (missing, NOT_AVAILABLE))
    england = workforce_totals["level"] == "england"
    national = pd.concat([workforce_totals[england], added[COLUMNS]], ignore_index=True)
    # Breaks are marked anew: a census added between two extracts may be the first after a break, in the place of one.
    national = with_breaks(national, NOTES, roles, breaks)
    return _in_order(pd.concat([national, workforce_totals[~england]], ignore_index=True), codes)


def _by_role(figures: pd.DataFrame, covered: set[str]) -> pd.DataFrame:
    """Published ``fte`` and ``headcount`` by census and role, for the censuses that are not ``covered``.

    Two labels of the bulletin may name one role: then its figure is their sum. A missing part makes the sum unknown.
    """
    here = figures[~figures["census"].isin(covered) & figures["measure"].isin(_PUBLISHED)]
    grouped = here.astype({"measure": "str", "census": "str", "role": "str"}).groupby(["measure", "census", "role"])
    sums = grouped["value"].sum().where(grouped["value"].count() == grouped.size())
    return pd.DataFrame({name: sums[sums.index.get_level_values(0) == name].droplevel(0) for name in _PUBLISHED})


def _rows(published: pd.DataFrame, censuses: list[str], codes: list[str], roles: Roles) -> Iterator[dict[str, object]]:
    """Each census and code with its ``fte`` and ``headcount``."""
    fte, headcount = (published[name].to_dict() for name in _PUBLISHED)
    for census in censuses:
        for code in codes:
            members = [(census, role) for role in roles.members(code) if roles.starts(role) <= census]
            yield {
                "census": census,
                "role": code,
                "fte": sum(fte.get(member, math.nan) for member in members) if members else math.nan,
                "headcount": headcount.get(members[0], math.nan) if len(members) == 1 else math.nan,
            }


def _in_order(frame: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """England's rows by census and role, the order of the register; those of other levels as they were."""
    england = frame["level"] == "england"
    place = frame["role"].map({code: number for number, code in enumerate(codes)})
    ordered = frame[england].assign(place=place).sort_values(["census", "place"], kind="stable").drop(columns="place")
    return pd.concat([ordered, frame[~england]], ignore_index=True)
