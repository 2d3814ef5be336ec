"""How many PCNs reported, of how many."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.columns import ENGLAND
from analysis.measures.base import ALL_LEVELS, AREA, area_frame, area_of
from analysis.measures.compact_table import CompactTable
from analysis.measures.national import BULLETIN, REGISTER
from analysis.measures.notes import ESTIMATED, NOT_AVAILABLE, note
from analysis.measures.patients import pcn_lists, placed_pcns
from analysis.periods import shift
from analysis.registers.breaks import Breaks

PCN_COUNTS = ["pcns_active", "pcns_reporting", "pcns_reporting_staff"]
COUNTS = ["pcns_reporting", "pcns_reporting_staff", "pcns_contracted_only"]
# What the number of PCNs expected to report was taken from.
PUBLISHED, ON_LIST, PUBLISHED_BEFORE, SEEN = "published", "list", "published_before", "seen"
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
    frame = _with_expected(frame, reports, figures["pcns_active"], patients, practice_map)
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
    grid, reports = area_frame(table, level, breaks), table.networks
    here = reports[["census"]].assign(
        area_code=area_of(reports, level),
        pcns_reporting=1,
        pcns_reporting_staff=reports["reports_staff"].astype("int64"),
        pcns_contracted_only=(~reports["reports_staff"]).astype("int64"),
    )
    counts = here.groupby(["area_code", "census"])[COUNTS].sum().reset_index()
    frame = grid.merge(counts, on=["area_code", "census"], how="left")
    # No PCN of the area reported: a count of none, which is known.
    return frame.assign(**frame[COUNTS].fillna(0).astype("float64"), source="extract")


def _with_expected(
    frame: pd.DataFrame,
    reports: pd.DataFrame,
    active: pd.Series[float],
    patients: pd.DataFrame | None,
    practice_map: pd.DataFrame | None,
) -> pd.DataFrame:
    """``frame`` with the PCNs that could have reported, by the first basis that there is."""
    england = frame["level"] == "england"
    listed = _of_lists(frame, reports, patients, practice_map)
    seen = _of_sightings(frame, reports)
    before = pd.DataFrame(
        {
            "pcns_expected": frame["census"].map({c: _published_before(active, c) for c in frame["census"].unique()}),
            "pcns_expected_reporting": frame["pcns_reporting"],
        }
    ).where(england)
    as_published = pd.DataFrame(
        {"pcns_expected": frame["pcns_active"], "pcns_expected_reporting": frame["pcns_reporting"]}
    )
    numbers = ["pcns_expected", "pcns_expected_reporting"]
    frame[numbers] = float("nan")
    frame["pcns_expected_basis"] = ""
    sources = ((PUBLISHED, as_published), (ON_LIST, listed), (PUBLISHED_BEFORE, before), (SEEN, seen))
    for basis, source in sources:
        # Where more report than are active the two counts contradict each other, and give no share.
        consistent = source["pcns_expected"] >= source["pcns_expected_reporting"]
        known = (frame["pcns_expected_basis"] == "") & consistent
        frame[numbers] = frame[numbers].where(~known, source[numbers])
        frame["pcns_expected_basis"] = frame["pcns_expected_basis"].where(~known, basis)
    of_list = frame["pcns_expected_basis"] == ON_LIST
    frame["pcns_unplaced"] = listed["pcns_unplaced"].where(of_list)
    frame["list_date"] = listed["list_date"].where(of_list)
    return frame


def _published_before(active: pd.Series[float], census: str) -> float:
    earlier = active[(active.index < census) & (active.index >= shift(census, -_YEAR))].sort_index()
    return float(earlier.iloc[-1]) if len(earlier) else float("nan")


def _of_lists(
    frame: pd.DataFrame, reports: pd.DataFrame, patients: pd.DataFrame | None, practice_map: pd.DataFrame | None
) -> pd.DataFrame:
    """PCNs on the list nearest to each census, by the areas of ``frame``; missing where no list serves."""
    key = ["census", "area_code"]
    empty = pd.DataFrame(
        {
            "pcns_expected": float("nan"),
            "pcns_expected_reporting": float("nan"),
            "pcns_unplaced": float("nan"),
            "list_date": pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]"),
        },
        index=frame.index,
    )
    if patients is None or patients.empty:
        return empty
    lists = pcn_lists(patients, sorted(frame["census"].unique()))
    if lists.empty:
        return empty
    placed = placed_pcns(lists, reports, practice_map)
    reported = pd.MultiIndex.from_frame(reports[["census", "pcn_code"]].astype("str"))
    placed["reported"] = pd.MultiIndex.from_frame(placed[["census", "pcn_code"]]).isin(reported)
    sizes = placed.groupby("census").size()
    parts = []
    for level, rows in frame.groupby("level", sort=False):
        each = placed.assign(area_code=area_of(placed, str(level)))
        sums = each.groupby(key)["reported"].agg(pcns_expected="size", pcns_expected_reporting="sum").reset_index()
        found = rows[key].merge(sums, on=key, how="left").set_axis(rows.index, axis="index")
        served = found["census"].isin(sizes.index)
        numbers = ["pcns_expected", "pcns_expected_reporting"]
        found[numbers] = found[numbers].fillna(0).astype("float64").where(served)
        whole = found.groupby("census")[numbers].sum()
        found["pcns_unplaced"] = found["census"].map(sizes - whole["pcns_expected"])
        # Only PCNs that reported can be placed: of the others it is known that they are, and not where.
        blind = found["census"].map(whole["pcns_expected"] == whole["pcns_expected_reporting"]).astype("bool")
        found[numbers] = found[numbers].mask(blind & (found["pcns_unplaced"] > 0))
        parts.append(found)
    dates = lists.drop_duplicates("census").set_index("census")["list_date"]
    every: pd.DataFrame = pd.concat(parts).reindex(frame.index)
    return every.assign(list_date=frame["census"].map(dates))


def _of_sightings(frame: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """PCNs seen in an extract of each census or the year before it, where they were seen last."""
    key = ["census", "area_code"]
    numbers = ["pcns_expected", "pcns_expected_reporting"]
    parts = []
    for census in sorted(frame["census"].unique()):
        spell = reports[(reports["census"] <= census) & (reports["census"] >= shift(census, -_YEAR))]
        rows = frame[frame["census"] == census]
        # A single extract shows the PCNs that reported and no other.
        if {census} < set(spell["census"]):
            latest = spell.drop_duplicates("pcn_code", keep="last")
            for level, of_level in rows.groupby("level", sort=False):
                each = pd.DataFrame({"area_code": area_of(latest, str(level)), "now": latest["census"] == census})
                sums = each.groupby("area_code")["now"].agg(pcns_expected="size", pcns_expected_reporting="sum")
                found = of_level[key].merge(sums.reset_index(), on="area_code", how="left").set_axis(of_level.index)
                parts.append(found[numbers].fillna(0).astype("float64"))
        else:
            parts.append(pd.DataFrame(float("nan"), index=rows.index, columns=numbers))
    every: pd.DataFrame = pd.concat(parts).reindex(frame.index)
    return every


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
    counts = counts[~counts.index.isin(reports["census"])].rename_axis("census").reset_index()
    return counts.drop(columns="pcns_active").assign(
        level="england",
        area_code=ENGLAND,
        area_name="England",
        pcns_contracted_only=counts["pcns_reporting"] - counts["pcns_reporting_staff"],
    )
