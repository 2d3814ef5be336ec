"""How many PCNs reported, of how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.columns import ENGLAND
from analysis.measures.base import ALL_LEVELS, AREA, area_frame, area_of, areas_in_force, numbers_of
from analysis.measures.compact_table import CompactTable, Floats
from analysis.measures.national import BULLETIN, REGISTER
from analysis.measures.notes import ESTIMATED, NOT_AVAILABLE, note
from analysis.measures.patients import pcn_lists, placed_pcns
from analysis.periods import shift
from analysis.registers.breaks import Breaks

PCN_COUNTS = ["pcns_active", "pcns_reporting", "pcns_reporting_staff"]
COUNTS = ["pcns_reporting", "pcns_reporting_staff", "pcns_contracted_only"]
# What the number of PCNs expected to report was taken from.
PUBLISHED, ON_LIST, PUBLISHED_BEFORE, SEEN = "published", "list", "published_before", "seen"
_NUMBERS = ["pcns_expected", "pcns_expected_reporting"]
_YEAR = 12  # months in which networks are formed and closed by the dozen, not by the hundred
COLUMNS = [
    *AREA,
    *COUNTS,
    "pcns_active",
    "pcns_active_note",
    "pcns_expected",
    "pcns_expected_basis",
    "pcns_expected_note",
    "pcns_expected_reporting",
    "pcns_unplaced",
    "list_date",
    "reporting_share_pct",
    "reporting_share_note",
    "note",
    "source",
]


def coverage(
    table: CompactTable,
    bulletin: pd.DataFrame,
    published: pd.DataFrame,
    breaks: Breaks,
    *,
    patients: pd.DataFrame | None = None,
    practice_map: pd.DataFrame | None = None,
    levels: Sequence[str] = ALL_LEVELS,
) -> pd.DataFrame:
    """PCNs by area and census: how many reported, and how many could have.

    ===========================  =====================================================================================
    ``pcns_reporting``           with any row of any role; a PCN without rows did not report, which is not zero staff
    ``pcns_reporting_staff``     with any ``NWRS Staff`` row
    ``pcns_contracted_only``     with contracted rows alone
    ``pcns_active``              as published: from ``bulletin``, or where it has none from ``published``. England
                                 alone: the tables give no active PCNs by area, so it is ``[x]`` below England
    ``pcns_expected``            PCNs that could have reported; ``pcns_expected_basis`` says how they are known
    ``pcns_expected_reporting``  those of them that did
    ``pcns_unplaced``            PCNs on the list that are in no known area, and so are expected in none: then the
                                 shares of areas are too high
    ``reporting_share_pct``      ``pcns_expected_reporting``, % of ``pcns_expected``
    ===========================  =====================================================================================

    The basis is the first of these that there is:

    - ``published``: the number of active PCNs, England;
    - ``list``: PCNs on the list of registered patients nearest to the census (``list_date``;
      :func:`analysis.measures.patients.pcn_lists`), below England where they lie
      (:func:`analysis.measures.patients.placed_pcns`). PCNs formed or closed between the two days are miscounted;
    - ``published_before``: the latest number of active PCNs published for a census of the year before, England;
    - ``seen``: PCNs seen in an extract of the census or the year before it, where they were seen last. PCNs that never
      reported are missing and PCNs that closed in the year are not, so that the share may be too high or too low.

    All but the first are estimates, ``[e]``. ``[x]``: there is none of them, or no more PCNs are known than reported,
    which would make any share 100%: a single extract without a list, or a list of which only PCNs that reported can be
    placed.

    Censuses that no extract covers are added for England with the published counts: those of ``bulletin``, and where
    the workbook does not have them of ``published`` (``source`` is ``bulletin`` or ``register``). Give only figures
    and lists that the report may use. ``note`` speaks of the counts of reporting PCNs.
    """
    reports = table.networks
    figures = _published_counts(bulletin, published)
    frames = [_counts(table, level, breaks) for level in levels if len(reports)]
    if "england" in levels:
        frames.append(_as_published(reports, bulletin, published))
    frame = pd.concat([part for part in frames if len(part)], ignore_index=True)
    england = frame["level"] == "england"
    frame["pcns_active"] = frame["census"].map(figures["pcns_active"]).where(england)
    frame["pcns_active_note"] = note(len(frame), (frame["pcns_active"].isna(), NOT_AVAILABLE))
    frame = _with_expected(frame, table, figures["pcns_active"], patients, practice_map)
    whole = frame["pcns_expected"]
    share = 100 * frame["pcns_expected_reporting"] / whole.where(whole > 0)
    estimated = frame["pcns_expected_basis"] != PUBLISHED
    frame["reporting_share_pct"] = share
    frame["reporting_share_note"] = note(len(frame), (share.isna(), NOT_AVAILABLE), (estimated, ESTIMATED))
    frame["pcns_expected_note"] = note(len(frame), (whole.isna(), NOT_AVAILABLE), (estimated, ESTIMATED))
    frame["note"] = note(len(frame), (frame[COUNTS].isna().any(axis=1), NOT_AVAILABLE))
    order = frame["level"].map({level: number for number, level in enumerate(levels)})
    frame = frame.assign(order=order).sort_values(["order", "area_code", "census"], ignore_index=True)
    return frame[COLUMNS]


def _counts(table: CompactTable, level: str, breaks: Breaks) -> pd.DataFrame:
    area, census = areas_in_force(table, level, breaks)
    times, size = len(table.censuses), len(table.areas(level).codes)
    group = table.areas(level).of_network * times + table.census_of_network
    staff = table.networks["reports_staff"].to_numpy()
    counted = zip(COUNTS, (np.ones_like(staff), staff, ~staff), strict=True)
    # Where no PCN of the area reported it is a count of none, which is known.
    counts = {name: np.bincount(group, weights=kind, minlength=size * times) for name, kind in counted}
    here = {name: count[area * times + census] for name, count in counts.items()}
    return area_frame(table, level, breaks).assign(**here, source="extract")


def _of_rows(frame: pd.DataFrame, table: CompactTable, censuses: list[str], counts: Mapping[str, Floats]) -> Floats:
    """For each row of ``frame`` its count among those by level, which are areas × ``censuses``."""
    found = np.full(len(frame), np.nan)
    census = numbers_of(frame["census"], censuses)
    for level, count in counts.items():
        rows = (frame["level"] == level).to_numpy()
        area = numbers_of(frame.loc[rows, "area_code"], table.areas(level).codes)
        found[rows] = count[area, census[rows]]
    return found


def _with_expected(
    frame: pd.DataFrame,
    table: CompactTable,
    active: pd.Series[float],
    patients: pd.DataFrame | None,
    practice_map: pd.DataFrame | None,
) -> pd.DataFrame:
    """``frame`` with the PCNs that could have reported, by the first basis that there is."""
    england = frame["level"] == "england"
    listed = _of_lists(frame, table, patients, practice_map)
    seen = _of_sightings(frame, table)
    before = pd.DataFrame(
        {
            "pcns_expected": frame["census"].map({c: _published_before(active, c) for c in frame["census"].unique()}),
            "pcns_expected_reporting": frame["pcns_reporting"],
        }
    ).where(england)
    as_published = pd.DataFrame(
        {"pcns_expected": frame["pcns_active"], "pcns_expected_reporting": frame["pcns_reporting"]}
    )
    frame[_NUMBERS] = float("nan")
    frame["pcns_expected_basis"] = ""
    sources = ((PUBLISHED, as_published), (ON_LIST, listed), (PUBLISHED_BEFORE, before), (SEEN, seen))
    for basis, source in sources:
        # Where more report than are active the two counts contradict each other, and give no share.
        consistent = source["pcns_expected"] >= source["pcns_expected_reporting"]
        known = (frame["pcns_expected_basis"] == "") & consistent
        frame[_NUMBERS] = frame[_NUMBERS].where(~known, source[_NUMBERS])
        frame["pcns_expected_basis"] = frame["pcns_expected_basis"].where(~known, basis)
    of_list = frame["pcns_expected_basis"] == ON_LIST
    frame["pcns_unplaced"] = listed["pcns_unplaced"].where(of_list)
    frame["list_date"] = listed["list_date"].where(of_list)
    return frame


def _published_before(active: pd.Series[float], census: str) -> float:
    earlier = active[(active.index < census) & (active.index >= shift(census, -_YEAR))].sort_index()
    return float(earlier.iloc[-1]) if len(earlier) else float("nan")


def _of_lists(
    frame: pd.DataFrame, table: CompactTable, patients: pd.DataFrame | None, practice_map: pd.DataFrame | None
) -> pd.DataFrame:
    """PCNs on the list nearest to each census, by the areas of ``frame``; missing where no list serves."""
    censuses = sorted(frame["census"].unique())
    nothing = pd.DataFrame(np.nan, index=frame.index, columns=[*_NUMBERS, "pcns_unplaced"])
    nothing["list_date"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
    if patients is None or patients.empty:
        return nothing
    lists = pcn_lists(patients, censuses)
    if lists.empty:
        return nothing
    placed = placed_pcns(lists, table.networks, practice_map)
    reported = pd.MultiIndex.from_frame(placed[["census", "pcn_code"]]).isin(
        pd.MultiIndex.from_frame(table.networks[["census", "pcn_code"]])
    )
    census = numbers_of(placed["census"], censuses)
    sizes = np.bincount(census, minlength=len(censuses))
    expected: dict[str, Floats] = {}
    reporting: dict[str, Floats] = {}
    for level in frame["level"].unique():
        codes = table.areas(level).codes
        area = numbers_of(area_of(placed, level), codes)
        for kind, counted in ((expected, area >= 0), (reporting, (area >= 0) & reported)):
            key = area[counted] * len(censuses) + census[counted]
            kind[level] = np.bincount(key, minlength=len(codes) * len(censuses)).reshape(len(codes), -1).astype(float)
    found = pd.DataFrame(
        {
            name: _of_rows(frame, table, censuses, kind)
            for name, kind in zip(_NUMBERS, (expected, reporting), strict=True)
        },
        index=frame.index,
    )
    at = frame["census"].map(dict(zip(censuses, sizes, strict=True)))
    found[_NUMBERS] = found[_NUMBERS].where(at > 0)
    whole = found.groupby([frame["level"], frame["census"]])[_NUMBERS].transform("sum")
    found["pcns_unplaced"] = (at - whole["pcns_expected"]).where(at > 0)
    # Only PCNs that reported can be placed: of the others it is known that they are, and not where.
    blind = (whole["pcns_expected"] == whole["pcns_expected_reporting"]) & (found["pcns_unplaced"] > 0)
    found[_NUMBERS] = found[_NUMBERS].mask(blind)
    dates = lists.drop_duplicates("census").set_index("census")["list_date"]
    return found.assign(list_date=frame["census"].map(dates))


def _of_sightings(frame: pd.DataFrame, table: CompactTable) -> pd.DataFrame:
    """PCNs seen in an extract of each census or the year before it, where they were seen last."""
    censuses, pcn = table.censuses, table.areas("pcn").of_network
    levels = list(frame["level"].unique())
    shape = {level: (len(table.areas(level).codes), len(censuses)) for level in levels}
    seen, now = ({level: np.full(size, np.nan) for level, size in shape.items()} for _ in _NUMBERS)
    for number, census in enumerate(censuses):
        first = np.searchsorted(censuses, shift(census, -_YEAR))
        if first == number:  # a single extract shows the PCNs that reported and no other
            continue
        during = np.flatnonzero((table.census_of_network >= first) & (table.census_of_network <= number))
        last = np.full(len(table.areas("pcn").codes), -1)
        last[pcn[during]] = during  # in order of time, so that the last sighting stands
        last = last[last >= 0]
        for level in levels:
            area, size = table.areas(level).of_network[last], shape[level][0]
            seen[level][:, number] = np.bincount(area, minlength=size)
            now[level][:, number] = np.bincount(area[table.census_of_network[last] == number], minlength=size)
    held = frame["census"].isin(censuses)
    found = pd.DataFrame(np.nan, index=frame.index, columns=_NUMBERS)
    for name, counts in zip(_NUMBERS, (seen, now), strict=True):
        found.loc[held, name] = _of_rows(frame[held], table, censuses, counts)
    return found


def _published_counts(bulletin: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Counts of PCNs by census, a column each: of the bulletin, and where it has none of the register."""
    columns = ["measure", "census", "value"]
    both = pd.concat([bulletin[columns], published.loc[published["role"] == "all", columns]])
    both = both[both["measure"].isin(PCN_COUNTS)].dropna(subset="value").astype({"measure": "str", "census": "str"})
    first = both.drop_duplicates(["measure", "census"]).set_index("census")
    return pd.DataFrame({measure: first.loc[first["measure"] == measure, "value"] for measure in PCN_COUNTS})


def _as_published(reports: pd.DataFrame, bulletin: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """England's counts at censuses that no extract covers."""
    nothing = bulletin.head(0)
    of_bulletin = _published_counts(bulletin, nothing).dropna(subset="pcns_reporting")
    of_register = _published_counts(nothing, published).dropna(subset="pcns_reporting")
    of_register = of_register[~of_register.index.isin(of_bulletin.index)]
    counts = pd.concat([of_bulletin.assign(source=BULLETIN), of_register.assign(source=REGISTER)])
    counts = counts[~counts.index.isin(reports["census"].unique())].rename_axis("census").reset_index()
    return counts.drop(columns="pcns_active").assign(
        level="england",
        area_code=ENGLAND,
        area_name="England",
        pcns_contracted_only=counts["pcns_reporting"] - counts["pcns_reporting_staff"],
    )
