"""The lists of registered patients, maps and scores that figures of areas and networks rest on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from analysis.measures.patients import days_after

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis


def list_date(analysis: Analysis) -> dt.date | None:
    """The date of the list of registered patients that the rates rest on."""
    return _date(_of_england(analysis.measures.places, analysis), "list_date")


def list_side(analysis: Analysis) -> str:
    """Whether that list is ``before`` or ``after`` the census, or ``on`` its day."""
    date = list_date(analysis)
    days = days_after(analysis.period, pd.Timestamp(date)) if date else 0
    return "after" if days > 0 else "before" if days < 0 else "on"


def distribution_list_date(analysis: Analysis) -> dt.date | None:
    """The date of the list of registered patients that the spread over networks rests on."""
    return _date(_of_england(analysis.measures.distribution, analysis), "list_date")


def practice_map_date(analysis: Analysis) -> dt.date | None:
    """The date of the map by which practices belong to networks."""
    return _date(_of_england(analysis.measures.deprivation, analysis), "map_date")


def deprivation_year(analysis: Analysis) -> str:
    """The year of the Index of Multiple Deprivation that is used; empty where there is none."""
    rows = _of_england(analysis.measures.deprivation, analysis)
    return f"{rows['imd_year'].iloc[0]:.0f}" if len(rows) and pd.notna(rows["imd_year"].iloc[0]) else ""


def _of_england(frame: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    here = (frame["level"] == "england") & (frame["role"] == analysis.role) & (frame["census"] == analysis.period)
    return frame[here]


def _date(rows: pd.DataFrame, column: str) -> dt.date | None:
    return pd.Timestamp(rows[column].iloc[0]).date() if len(rows) and pd.notna(rows[column].iloc[0]) else None
