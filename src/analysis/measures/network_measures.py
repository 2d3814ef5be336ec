"""The measures of networks, people and deprivation that a report needs, made from one table of networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.measures.additional_roles import additional_roles
from analysis.measures.area_growth import area_growth
from analysis.measures.base import focus_codes
from analysis.measures.deprivation import deprivation, network_scores
from analysis.measures.distribution import distribution
from analysis.measures.distribution_bands import distribution_bands
from analysis.measures.employment import employment
from analysis.measures.gender import gender
from analysis.measures.hours import hours
from analysis.measures.largest_changes import largest_changes
from analysis.measures.network_fte import network_fte
from analysis.measures.patients import chosen_lists, pcn_lists

if TYPE_CHECKING:
    import pandas as pd

    from analysis.facts.analysis import Extracts
    from analysis.registers.breaks import Breaks


def network_measures(given: Extracts, totals: pd.DataFrame, breaks: Breaks) -> dict[str, pd.DataFrame]:
    """Work out the frames, by their names in :class:`analysis.facts.analysis.Measures`.

    ``totals`` is of :func:`analysis.measures.national.national_totals`.
    """
    table, roles = given.table, given.roles
    codes = focus_codes(roles)
    lists = pcn_lists(given.patients, table.censuses)
    networks = network_fte(table, lists, roles, codes)
    deprived, fifths = deprivation(networks, _scores(given, lists), roles, breaks, codes)
    bulletin = given.bulletin[given.bulletin["census"].astype("str") <= given.period]
    quarter_changes, largest = largest_changes(networks, roles, breaks, codes)
    return {
        "distribution": distribution(networks, roles, breaks, codes),
        "distribution_bands": distribution_bands(networks, codes),
        "hours": hours(table, roles, breaks, codes),
        "employment": employment(networks, table, roles, breaks, codes),
        "additional_roles": additional_roles(totals, roles),
        "area_growth": area_growth(table, roles, breaks, codes, totals=totals, networks=networks),
        "quarter_changes": quarter_changes,
        "largest_changes": largest,
        "gender": gender(bulletin, roles, breaks, codes),
        "deprivation": deprived,
        "deprivation_fifths": fifths,
    }


def _scores(given: Extracts, lists: pd.DataFrame) -> pd.DataFrame:
    """The deprivation scores of networks, at the censuses that a list of patients and a map of practices serve."""
    practices = given.patients[given.patients["org_type"] == "practice"]
    listed = lists[["census", "list_date"]].drop_duplicates()
    maps = chosen_lists(given.practice_map["list_date"], sorted(listed["census"]))
    chosen = listed.merge(maps.rename(columns={"list_date": "map_date"}), on="census")
    return network_scores(chosen, given.practice_map, practices, given.deprivation)
