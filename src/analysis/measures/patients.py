"""Registered patients as denominators: which list serves which census, whom it counts, and where its networks lie."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from analysis.columns import LEVELS
from analysis.measures.base import PLACE_CODES, area_of
from analysis.periods import NEAR_DAYS, census_date, months_between

# Where no list is so near, one of up to a year before is better than none. Not one of up to a year after: it would take
# networks that were formed since for networks that did not report.
MAX_AGE_MONTHS = 12
_PCN_CODE = r"^U\d{5}$"  # the code U alone is "Unallocated": patients of practices in no PCN


def nearest_date(census: str, dates: Collection[pd.Timestamp]) -> pd.Timestamp | None:
    """The date that serves a census: the nearest within ``NEAR_DAYS`` days, else the latest of the year before.

    Lists before and after the census count alike; of two equally near the earlier one is taken. There may be none.
    """
    day = pd.Timestamp(census_date(census))
    nearest = min(((abs(date - day), date) for date in dates), default=None)
    if nearest is not None and nearest[0].days <= NEAR_DAYS:
        return nearest[1]
    year_before = day - pd.DateOffset(months=MAX_AGE_MONTHS)
    return max((date for date in dates if year_before < date <= day), default=None)


def chosen_lists(dates: pd.Series[pd.Timestamp], censuses: Iterable[str]) -> pd.DataFrame:
    """Which date serves which census, by :func:`nearest_date`: ``census, list_date``; no row where none does."""
    there = sorted(dates.unique())
    rows = [(census, date) for census in censuses if (date := nearest_date(census, there)) is not None]
    return pd.DataFrame(rows, columns=["census", "list_date"]).astype({"census": "str", "list_date": "datetime64[ns]"})


def days_after(census: str, list_date: pd.Timestamp) -> int:
    """How many days after the census a list is dated; negative before it."""
    return int((list_date - pd.Timestamp(census_date(census))).days)


def pcn_lists(patients: pd.DataFrame, censuses: Iterable[str]) -> pd.DataFrame:
    """List sizes of PCNs for each census: ``census, list_date, pcn_code, patients``.

    The list is the one that :func:`nearest_date` chooses among those with PCNs; a census without one has no rows.
    """
    pcns = pcns_of(patients)
    chosen = chosen_lists(pcns["list_date"], censuses)
    return chosen.merge(pcns, on="list_date")[["census", "list_date", "pcn_code", "patients"]]


def pcns_of(patients: pd.DataFrame) -> pd.DataFrame:
    """The PCNs on lists of registered patients: ``list_date, pcn_code, patients``."""
    pcns = patients[(patients["org_type"] == "pcn") & patients["org_code"].astype("str").str.match(_PCN_CODE)]
    pcns = pcns[["list_date", "org_code", "patients"]].rename(columns={"org_code": "pcn_code"})
    return pcns.astype({"pcn_code": "str"})


def placed_pcns(lists: pd.DataFrame, reports: pd.DataFrame, practice_map: pd.DataFrame | None = None) -> pd.DataFrame:
    """Where each PCN of ``lists`` lies at its census: ``census`` and the codes of sub-ICB, ICB, region and PCN.

    ``reports`` is of the networks of the compact table. A PCN lies where it reported at the census; else where
    the practices of the map nearest to the census say (``practice_map``: ``list_date, pcn_code`` and the codes of
    areas); else where it reported last before it. The codes of a PCN that none of these places are missing.
    """
    areas = [code for code in PLACE_CODES if code != "pcn_code"]
    key = ["census", "pcn_code"]
    wanted = lists[key].drop_duplicates().astype("str").reset_index(drop=True)
    # Of each network the last sighting up to the census; months are counted, as texts cannot be joined so.
    sightings = reports[[*key, *areas]].rename(columns={"census": "seen"})
    sightings = sightings.assign(month=_months(sightings["seen"])).sort_values("month", kind="stable")
    asked = wanted.assign(month=_months(wanted["census"])).sort_values("month", kind="stable")
    before = pd.merge_asof(asked, sightings, on="month", by="pcn_code").dropna(subset="seen")
    now, earlier = before[before["seen"] == before["census"]], before[before["seen"] < before["census"]]
    sources = [now, earlier]
    if practice_map is not None and len(practice_map):
        dates = chosen_lists(practice_map["list_date"], sorted(wanted["census"].unique()))
        mapped = dates.merge(practice_map.drop_duplicates(["list_date", "pcn_code"]), on="list_date")
        sources.insert(1, mapped.astype(dict.fromkeys([*areas, "pcn_code"], "str")))
    placed = pd.concat([source[[*key, *areas]] for source in sources]).drop_duplicates(key)
    return wanted.merge(placed, on=key, how="left")


def _months(censuses: pd.Series[str]) -> pd.Series[int]:
    """Each census as a number of months."""
    return censuses.map({census: months_between("0001-01", census) for census in censuses.unique()}).astype("int64")


def patients_of_areas(
    reports: pd.DataFrame, lists: pd.DataFrame, placed: pd.DataFrame, patients: pd.DataFrame, level: str
) -> pd.DataFrame:
    """Patients of whole areas, for each census with a list: ``area_code, census, patients_all, patients_all_basis``.

    ``reports`` is of the networks of the compact table, ``lists`` of :func:`pcn_lists`, ``placed`` of
    :func:`placed_pcns`. The basis is

    - ``area``: the list's own rows of the level (for England the sum of the regions), patients of practices in no PCN
      included. They serve only when they have every area that reported at the census: one level is never measured by
      two yardsticks, and areas that were remapped since are not on a later list;
    - else ``pcns_on_list`` for England, the sum of all PCNs on the list;
    - else ``pcns_placed``, the sum of the PCNs on the list that can be placed. A PCN that never reported and is on no
      practice map cannot, so that it may be too low: an estimate.
    """
    parts = [
        _of_one_census(reports, pcns.merge(placed, on=["census", "pcn_code"], how="left"), patients, level, str(census))
        for census, pcns in lists.groupby("census")
    ]
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
        sums, basis = pcns["patients"].groupby(pcns[LEVELS[level][0]]).sum(), "pcns_placed"
    frame: pd.DataFrame = sums.rename("patients_all").rename_axis("area_code").reset_index()
    return frame.assign(census=census, patients_all_basis="area" if level == "pcn" else basis)
