"""How many PCNs reported, of how many."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.columns import ENGLAND
from analysis.measures.base import ALL_LEVELS, AREA, area_of, areas_in_force, reporting
from analysis.measures.national import BULLETIN, REGISTER
from analysis.measures.notes import ESTIMATED, NOT_AVAILABLE, note
from analysis.registers.breaks import Breaks

PCN_COUNTS = ["pcns_active", "pcns_reporting", "pcns_reporting_staff"]
COUNTS = ["pcns_reporting", "pcns_reporting_staff", "pcns_contracted_only"]
COLUMNS = [
    *AREA,
    *COUNTS,
    "pcns_active",
    "pcns_active_note",
    "pcns_known",
    "reporting_share_pct",
    "reporting_share_note",
    "note",
    "source",
]


def coverage(
    workforce: pd.DataFrame,
    bulletin: pd.DataFrame,
    published: pd.DataFrame,
    breaks: Breaks,
    *,
    levels: Sequence[str] = ALL_LEVELS,
) -> pd.DataFrame:
    """PCNs by area and census.

    ========================  ========================================================================================
    ``pcns_reporting``        with any row of any role; a PCN without rows did not report, which is not zero staff
    ``pcns_reporting_staff``  with any ``NWRS Staff`` row
    ``pcns_contracted_only``  with contracted rows alone
    ``pcns_active``           as published: from ``bulletin``, or where it has none from ``published``. England alone:
                              the tables give no active PCNs by area, so it is ``[x]`` below England
    ``pcns_known``            PCNs seen in any extract up to the census, in the area of their latest sighting. PCNs that
                              never reported are not among them and PCNs that closed still are, so that it stands in
                              for the active ones of an area, and no more
    ``reporting_share_pct``   reporting PCNs, % of active ones for England; below, of known ones, an estimate ``[e]``:
                              too high, since PCNs that never reported are missing from both. ``[x]`` at the first
                              census, at which all that are known report
    ========================  ========================================================================================

    Censuses that no extract covers are added for England with the published counts: those of ``bulletin``, and where
    the workbook does not have them of ``published`` (``source`` is ``bulletin`` or ``register``). Give only figures
    that the report may use. ``note`` speaks of the counts of reporting PCNs.
    """
    reports = reporting(workforce)
    figures = _published_counts(bulletin, published)
    frames = [_at_level(reports, level, breaks) for level in levels if len(reports)]
    if "england" in levels:
        frames.append(_as_published(reports, bulletin, published))
    frame = pd.concat([part for part in frames if len(part)], ignore_index=True)
    england = frame["level"] == "england"
    frame["pcns_active"] = frame["census"].map(figures["pcns_active"]).where(england)
    frame["pcns_active_note"] = note(len(frame), (frame["pcns_active"].isna(), NOT_AVAILABLE))
    whole = frame["pcns_active"].where(england, frame["pcns_known"])
    share = 100 * frame["pcns_reporting"] / whole.where(whole > 0)
    share = share.mask(~england & (frame["census"] == frame["census"].min()))
    frame["reporting_share_pct"] = share
    frame["reporting_share_note"] = note(len(frame), (share.isna(), NOT_AVAILABLE), (~england, ESTIMATED))
    frame["note"] = note(len(frame), (frame[COUNTS].isna().any(axis=1), NOT_AVAILABLE))
    order = frame["level"].map({level: number for number, level in enumerate(levels)})
    frame = frame.assign(order=order).sort_values(["order", "area_code", "census"], ignore_index=True)
    return frame[COLUMNS]


def _at_level(reports: pd.DataFrame, level: str, breaks: Breaks) -> pd.DataFrame:
    grid = areas_in_force(reports, level, breaks)
    here = reports[["census", "pcn_code"]].assign(
        area_code=area_of(reports, level),
        pcns_reporting=1,
        pcns_reporting_staff=reports["reports_staff"].astype("int64"),
        pcns_contracted_only=(~reports["reports_staff"]).astype("int64"),
    )
    counts = here.groupby(["area_code", "census"])[COUNTS].sum().reset_index()
    known = pd.concat([_known(here, census) for census in sorted(reports["census"].unique())])
    frame = grid.merge(counts, on=["area_code", "census"], how="left").merge(
        known, on=["area_code", "census"], how="left"
    )
    # No PCN of the area reported: a count of none, which is known.
    numbers = [*COUNTS, "pcns_known"]
    return frame.assign(**frame[numbers].fillna(0).astype("float64"), source="extract")


def _known(sightings: pd.DataFrame, census: str) -> pd.DataFrame:
    latest = sightings[sightings["census"] <= census].drop_duplicates("pcn_code", keep="last")
    return (
        latest.groupby("area_code")
        .size()
        .rename("pcns_known")
        .reset_index()
        .assign(census=census)
        .astype({"census": "str"})
    )


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
    known = [reports.loc[reports["census"] <= census, "pcn_code"].nunique() for census in counts["census"]]
    return counts.drop(columns="pcns_active").assign(
        level="england",
        area_code=ENGLAND,
        area_name="England",
        pcns_contracted_only=counts["pcns_reporting"] - counts["pcns_reporting_staff"],
        pcns_known=pd.Series(known, dtype="float64"),
    )
