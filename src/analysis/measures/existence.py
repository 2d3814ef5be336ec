"""Which networks there were at a census, whether or not they reported: told by lists, maps and other extracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.measures.patients import nearest_date, pcns_of
from analysis.periods import census_date


@dataclass(frozen=True)
class Sightings:
    """When each PCN is seen: on lists of registered patients, on maps of practices, and in extracts.

    ``lists`` has the codes by date of the list or map; ``first`` and ``last`` the first and the last day on which a
    code is seen anywhere. Codes are not given out a second time: a PCN seen before and after a day was there on it.
    """

    lists: Mapping[pd.Timestamp, frozenset[str]] = field(repr=False)
    first: Mapping[str, pd.Timestamp] = field(repr=False)
    last: Mapping[str, pd.Timestamp] = field(repr=False)

    def list_near(self, at: str, other: str) -> pd.Timestamp | None:
        """The list that tells which PCNs there were at the census ``at``, of those that reported at ``other``.

        It is the one that serves ``at`` (:func:`analysis.measures.patients.nearest_date`) among the lists that do not
        lie at ``other`` or beyond it: those tell nothing of PCNs that are known to have been there at ``other``.
        """
        own, far = (pd.Timestamp(census_date(census)) for census in (at, other))
        return nearest_date(at, [date for date in self.lists if (date < far if own < far else date > far)])

    def were_there(self, codes: Iterable[str], at: str, other: str) -> dict[str, bool | None]:
        """Whether PCNs that reported at ``other`` and not at ``at`` were there at ``at``; ``None`` where nothing tells.

        One was there when it is on the list that tells of ``at``, or is seen on the far side of ``at``, in an extract
        or on a list. It was not when there is such a list, and it is neither on it nor seen beyond.
        """
        own, far = (pd.Timestamp(census_date(census)) for census in (at, other))
        near = self.list_near(at, other)
        listed = None if near is None else self.lists[near]
        found: dict[str, bool | None] = {}
        for code in codes:
            beyond = self.first[code] <= own if own < far else self.last[code] >= own
            found[code] = True if beyond else None if listed is None else code in listed
        return found


def sightings(
    reports: pd.DataFrame, patients: pd.DataFrame | None = None, practice_map: pd.DataFrame | None = None
) -> Sightings:
    """When each PCN is seen; ``reports`` is of :attr:`analysis.measures.compact_table.CompactTable.networks`."""
    listed = [] if patients is None else [pcns_of(patients)[["list_date", "pcn_code"]]]
    if practice_map is not None:
        listed.append(practice_map[["list_date", "pcn_code"]].dropna())
    on_lists = pd.concat(listed) if listed else pd.DataFrame({"list_date": [], "pcn_code": []})
    on_lists = on_lists.astype({"list_date": "datetime64[ns]", "pcn_code": "str"})
    days = {census: pd.Timestamp(census_date(str(census))) for census in reports["census"].unique()}
    in_extracts = pd.DataFrame(
        {
            "list_date": reports["census"].map(days).astype("datetime64[ns]"),
            "pcn_code": reports["pcn_code"].astype("str"),
        }
    )
    seen = pd.concat([on_lists, in_extracts]).groupby("pcn_code")["list_date"].agg(["min", "max"])
    dates = on_lists["list_date"].drop_duplicates()
    return Sightings(
        {date: frozenset(on_lists.loc[on_lists["list_date"] == date, "pcn_code"]) for date in dates},
        dict(zip(seen.index, seen["min"], strict=True)),
        dict(zip(seen.index, seen["max"], strict=True)),
    )
