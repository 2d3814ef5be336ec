"""One network under two codes: followed through a change of code by the practices that make it up."""

from __future__ import annotations

import pandas as pd

from analysis.measures.patients import nearest_date
from analysis.periods import census_date

# A network has five practices on average (6,139 practices in 1,298 networks in July 2026). One that wins or loses one
# of them keeps about four fifths of its patients and is still the same network; one made of two equal ones is not.
SAME_NETWORK_SHARE = 0.75


class Successors:
    """The codes that changed between two censuses. What two maps tell is found once, whatever censuses they serve."""

    def __init__(self, practice_map: pd.DataFrame | None, patients: pd.DataFrame | None) -> None:
        self._map = pd.DataFrame({"list_date": []}) if practice_map is None else practice_map
        self._patients = patients
        self._dates = list(self._map["list_date"].drop_duplicates())
        self._of_date: dict[pd.Timestamp, pd.DataFrame] = {}
        self._found: dict[tuple[pd.Timestamp, pd.Timestamp], dict[str, str]] = {}

    def between(self, from_census: str, census: str) -> dict[str, str]:
        """The code at ``census`` of each PCN whose code is another one at ``from_census``; empty where no maps tell.

        Compared are the maps of practices that serve the two censuses, each the nearest (as
        :func:`analysis.measures.patients.nearest_date` chooses) on its own side of the other census. A PCN of one is a
        PCN of the other when at least ``SAME_NETWORK_SHARE`` of the patients of each are of practices that the other
        has, too. As that is more than half on both sides, a code has one successor at most, and is the successor of
        one. Patients are those of the practice's own row on the list of the date of the map; without such a list each
        practice counts once. Codes that did not change, and those of which both are on one of the maps, are not
        followed.

        People cannot show a successor: the publisher reissues their identifiers in each extract.
        """
        before, after = (self._date_for(*pair) for pair in ((from_census, census), (census, from_census)))
        if before is None or after is None:
            return {}
        if (before, after) not in self._found:
            self._found[before, after] = self._compare(before, after)
        return self._found[before, after]

    def _date_for(self, at: str, other: str) -> pd.Timestamp | None:
        own, far = (pd.Timestamp(census_date(census)) for census in (at, other))
        return nearest_date(at, [date for date in self._dates if (date < far if own < far else date > far)])

    def _practices(self, date: pd.Timestamp) -> pd.DataFrame:
        if date not in self._of_date:
            self._of_date[date] = _practices(self._map, self._patients, date)
        return self._of_date[date]

    def _compare(self, *dates: pd.Timestamp) -> dict[str, str]:
        before, after = (self._practices(date) for date in dates)
        pairs = before.merge(after, on="practice_code", suffixes=("_before", "_after"))
        if pairs.empty:  # no practice is on both maps
            return {}
        shared = pairs.groupby(["pcn_code_before", "pcn_code_after"])[["size_before", "size_after"]].sum().reset_index()
        same = pd.Series(data=True, index=shared.index)
        for when, side in (("before", before), ("after", after)):
            whole = shared[f"pcn_code_{when}"].map(side.groupby("pcn_code")["size"].sum())
            same &= (shared[f"size_{when}"] >= SAME_NETWORK_SHARE * whole) & (whole > 0)
        found = shared[same]
        codes_before, codes_after = set(before["pcn_code"]), set(after["pcn_code"])
        return {
            was: now
            for was, now in zip(found["pcn_code_before"], found["pcn_code_after"], strict=True)
            if was not in codes_after and now not in codes_before
        }


def _practices(practice_map: pd.DataFrame, patients: pd.DataFrame | None, date: pd.Timestamp) -> pd.DataFrame:
    """``practice_code, pcn_code, size`` of the practices that are in a PCN on the map of a date."""
    there = practice_map.loc[practice_map["list_date"] == date, ["practice_code", "pcn_code"]].dropna().astype("str")
    there["size"] = 1.0
    if patients is not None:
        own = patients[(patients["list_date"] == date) & (patients["org_type"] == "practice")]
        if len(own):
            sizes = own.set_index(own["org_code"].astype("str"))["patients"]
            there["size"] = there["practice_code"].map(sizes).fillna(0.0).astype("float64")
    return there
