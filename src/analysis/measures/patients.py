"""Registered patients as denominators: which list serves which census, and whose patients it counts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.measures.base import area_of
from analysis.periods import census_date

# A list of more than a year before the census is not used: lists grow by about 1% a year and PCNs are formed and
# dissolved, so that one year's list for every year would bend each rate by a different amount.
MAX_AGE_MONTHS = 12
_PCN_CODE = r"^U\d{5}$"  # the code U alone is "Unallocated": patients of practices in no PCN


def pcn_lists(patients: pd.DataFrame, censuses: Iterable[str]) -> pd.DataFrame:
    """List sizes of PCNs for each census: ``census, list_date, pcn_code, patients``.

    The list is the latest one with PCNs that is dated on or before the day of the census and less than
    ``MAX_AGE_MONTHS`` before it; a census without such a list has no rows.
    """
    pcns = patients[(patients["org_type"] == "pcn") & patients["org_code"].astype("str").str.match(_PCN_CODE)]
    pcns = pcns[["list_date", "org_code", "patients"]].rename(columns={"org_code": "pcn_code"})
    chosen = chosen_lists(pcns["list_date"], censuses)
    return chosen.merge(pcns.astype({"pcn_code": "str"}), on="list_date")[
        ["census", "list_date", "pcn_code", "patients"]
    ]


def patients_of_areas(reports: pd.DataFrame, lists: pd.DataFrame, patients: pd.DataFrame, level: str) -> pd.DataFrame:
    """Patients of whole areas, for each census with a list: ``area_code, census, patients_all, patients_all_basis``.

    ``reports`` is of :func:`analysis.measures.base.reporting`, ``lists`` of :func:`pcn_lists`. The basis is

    - ``area``: the list's own rows of the level (for England the sum of the regions), patients of practices in no PCN
      included. They serve only when they have every area that reported at the census: one level is never measured by
      two yardsticks, and areas that were remapped since are not on a later list;
    - else ``pcns_on_list`` for England, the sum of all PCNs on the list;
    - else ``pcns_known``, the sum of the PCNs on the list that were seen in an extract up to the census, where they lay
      when last seen. PCNs that never reported cannot be placed, so that it is too low: an estimate.
    """
    parts = [_of_one_census(reports, pcns, patients, level, str(census)) for census, pcns in lists.groupby("census")]
    columns = {"area_code": "str", "census": "str", "patients_all": "float64", "patients_all_basis": "str"}
    if not parts:
        return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})
    return pd.concat(parts, ignore_index=True)[list(columns)]


def _of_one_census(
    reports: pd.DataFrame, pcns: pd.DataFrame, patients: pd.DataFrame, level: str, census: str
) -> pd.DataFrame:
    org_type = "region" if level == "england" else level
    own = patients[(patients["org_type"] == org_type) & (patients["list_date"] == pcns["list_date"].iloc[0])]
    codes = area_of(own, level) if level == "england" else own["org_code"].astype("str")
    reported = area_of(reports[reports["census"] == census], level)
    # For single PCNs "area" and the sum of its one PCN are the same: no need of a second name.
    if len(own) and level != "pcn" and reported.isin(codes).all():
        sums, basis = own["patients"].groupby(codes).sum(), "area"
    elif level == "england":
        sums, basis = pcns["patients"].groupby(area_of(pcns, level)).sum(), "pcns_on_list"
    else:
        known = reports[reports["census"] <= census].drop_duplicates("pcn_code", keep="last")
        placed = pcns.merge(pd.DataFrame({"pcn_code": known["pcn_code"], "area_code": area_of(known, level)}))
        sums, basis = placed["patients"].groupby(placed["area_code"]).sum(), "pcns_known"
    frame: pd.DataFrame = sums.rename("patients_all").rename_axis("area_code").reset_index()
    return frame.assign(census=census, patients_all_basis="area" if level == "pcn" else basis)


def chosen_lists(list_dates: pd.Series[pd.Timestamp], censuses: Iterable[str]) -> pd.DataFrame:
    """Which of the dates serves which census, by the rule of :func:`pcn_lists`: ``census, list_date``."""
    dates = sorted(list_dates.unique())
    rows = []
    for census in censuses:
        day = pd.Timestamp(census_date(census))
        fresh = [date for date in dates if day - pd.DateOffset(months=MAX_AGE_MONTHS) < date <= day]
        if fresh:
            rows.append((census, fresh[-1]))
    return pd.DataFrame(rows, columns=["census", "list_date"]).astype({"census": "str", "list_date": "datetime64[ns]"})
