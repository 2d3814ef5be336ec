"""Regions, ICBs, sub-ICBs and PCNs: how much there is for how many, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.base import ALL_LEVELS, AREA, PLACE_CODES, area_of, focus_codes, with_each
from analysis.measures.compact_table import CompactTable, Floats
from analysis.measures.funnel import LIMITS, PER_PATIENTS, funnel_limits, ratio_interval
from analysis.measures.growth import growth
from analysis.measures.notes import ESTIMATED, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.measures.patients import patients_of_areas, pcn_lists, placed_pcns
from analysis.periods import SPANS, shift
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

_KEY = ["area_code", "census", "role"]
# Hours are published to nine decimals: three thirds of a post make 0.999999999, which is one post.
_DECIMALS = 6
_UPPER_BAND = 2.0  # FTE; readers ask for PCNs with none, under one, one and over, two and over
BANDS = ["pcns_any", "pcns_none", "pcns_under_1", "pcns_1_to_2", "pcns_2_plus"]
FUNNEL = [f"funnel_{side}_{name}" for name in LIMITS for side in ("low", "high")]
COLUMNS = [
    *AREA,
    *("role", "fte", "fte_per_reporting_pcn", "note"),
    *("pcns_reporting", "pcns_expected", "pcns_expected_basis", "pcns_expected_note", "pcns_expected_reporting"),
    *("reporting_share_pct", "reporting_share_note"),
    *(*BANDS, "bands_note", "direct_share_pct", "direct_share_note"),
    *("list_date", "pcns_with_list", "fte_with_list", "patients_reporting", "rate_reporting", "rate_reporting_note"),
    *("rate_low", "rate_high", "rate_interval_note", *FUNNEL, "overdispersion", "funnel_note"),
    *("patients_all", "patients_all_basis", "rate_all", "rate_all_note"),
    *("year_ago_census", "change_year_fte", "change_year_note"),
]


def places(
    table: CompactTable,
    roles: Roles,
    breaks: Breaks,
    *,
    totals: pd.DataFrame,
    coverage: pd.DataFrame,
    patients: pd.DataFrame,
    practice_map: pd.DataFrame | None = None,
    levels: Sequence[str] = ALL_LEVELS,
    codes: Sequence[str] | None = None,
    censuses: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Describe each area at ``censuses`` (by default all of the extracts), for the roles and groups ``codes``.

    ``codes`` are by default those of :func:`analysis.measures.base.focus_codes`.

    ``fte``, ``fte_per_reporting_pcn``
        FTE recorded; divided by the PCNs that reported, those with nobody in the role included.
    ``pcns_reporting``, ``pcns_expected``, ``pcns_expected_basis``, ``pcns_expected_reporting``, ``reporting_share_pct``
        As in :func:`analysis.measures.coverage.coverage`.
    ``pcns_any``, ``pcns_none``, ``pcns_under_1``, ``pcns_1_to_2``, ``pcns_2_plus``
        Reporting PCNs by their FTE in the role: some; none; some and under 1; 1 and under 2; 2 and over. A PCN whose
        rows of the role all have no FTE has none.
    ``direct_share_pct``
        FTE of ``NWRS Staff``, % of all FTE; ``[z]`` when there is none.
    ``rate_reporting``
        ``fte_with_list`` per 10,000 of ``patients_reporting``: FTE and registered patients of just those reporting PCNs
        that are on the list of ``list_date`` (``pcns_with_list`` of them).
    ``rate_low``, ``rate_high``
        95% interval of ``rate_reporting`` from the spread of the area's PCNs; ``[x]`` under five PCNs. ``funnel_…`` and
        ``overdispersion``: 95% and 99.8% funnel limits round England's rate at the area's size. Methods and their
        limits: :mod:`analysis.measures.funnel`.
    ``rate_all``
        FTE per 10,000 of ``patients_all``, the patients of the whole area: too low where PCNs did not report. Where
        these are the sum of PCNs on the list, FTE of PCNs that are not on it is left out as their patients are.
        ``patients_all_basis`` says whose they are: see :func:`analysis.measures.patients.patients_of_areas`.
    ``change_year_fte``
        Over 12 months, as in :func:`analysis.measures.growth.growth`.

    Each note speaks of the columns before it. An area of which no PCN reported has ``[x]`` throughout, a role not
    started ``[z]``; without a list near the census (:func:`analysis.measures.patients.nearest_date`) rates are ``[x]``.
    """
    codes = focus_codes(roles) if codes is None else codes
    reports = table.networks
    wanted = table.censuses if censuses is None else list(censuses)
    compared = {*wanted, *(shift(census, -SPANS["year"]) for census in wanted)}
    totals = totals[totals["census"].isin(compared) & totals["role"].isin(codes)]
    change = growth(totals, table, roles, breaks, measures=["fte"], levels=levels)
    if not wanted:
        return pd.DataFrame({column: pd.Series([], dtype=_dtype(column)) for column in COLUMNS})
    lists = pcn_lists(patients, wanted)
    on_list = placed_pcns(lists, reports, practice_map)
    placed = reports[["census", *PLACE_CODES]]
    listed_areas = patients[patients["org_type"].isin(ALL_LEVELS)]  # practices are thousands, and not looked at
    dates = lists[["census", "list_date"]].drop_duplicates()
    now = np.flatnonzero(placed["census"].isin(wanted))
    each = _each_pcn(placed.iloc[now], table.network_fte(roles, codes)[0, now], lists, codes)
    england = _sums(each.assign(area_code=area_of(each, "england")))
    listed = england["patients_reporting"].where(england["patients_reporting"] > 0)
    rates = PER_PATIENTS * england["fte_with_list"] / listed
    target = dict(zip(zip(england["census"], england["role"], strict=True), rates, strict=True))
    done = []
    for level in levels:
        base = _base(totals[totals["census"].isin(wanted)], coverage, change, level, codes)
        sums = england if level == "england" else _sums(each.assign(area_code=area_of(each, level)))
        whole = patients_of_areas(placed, lists, on_list, listed_areas, level)
        frame = base.merge(sums, on=_KEY, how="left").merge(whole, on=["area_code", "census"], how="left")
        frame = _with_shares(frame.merge(dates, on="census", how="left"))
        done.append(_with_limits(_with_rates(frame), level, target))
    return pd.concat(done, ignore_index=True)[COLUMNS]


def _dtype(column: str) -> str:
    if column == "list_date":
        return "datetime64[us]"
    text = column in {*AREA, "role", "note", "year_ago_census"} or column.endswith(("_basis", "_note"))
    return "str" if text else "float64"


def _base(
    totals: pd.DataFrame, coverage: pd.DataFrame, change: pd.DataFrame, level: str, codes: Sequence[str]
) -> pd.DataFrame:
    """What other measures have already worked out, for one level."""
    here = totals[(totals["level"] == level) & totals["role"].isin(codes) & (totals["source"] == "extract")]
    base = here[[*AREA, "role", "fte", "note", "direct_share_pct", "direct_share_note"]]
    counts = [column for column in COLUMNS if column.startswith(("pcns_expected", "reporting_share"))]
    covered = coverage.loc[coverage["level"] == level, ["area_code", "census", *counts]]
    base = base.merge(covered, on=["area_code", "census"], how="left", validate="many_to_one")
    year = change.loc[change["level"] == level, [*_KEY, "year_ago_census", "change_year", "change_year_note"]]
    return base.merge(year.rename(columns={"change_year": "change_year_fte"}), on=_KEY, how="left")


def _each_pcn(networks: pd.DataFrame, fte: Floats, lists: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Each reporting PCN with its FTE in each role (``fte``: networks × codes) and its patients."""
    each = networks.merge(lists[["census", "pcn_code", "patients"]], on=["census", "pcn_code"], how="left")
    return with_each(each, "role", codes).assign(fte=fte.ravel())


def _sums(each: pd.DataFrame) -> pd.DataFrame:
    """Counts and sums over the reporting PCNs of each area."""
    posts, patients = each["fte"].round(_DECIMALS), each["patients"]
    listed = each["fte"].where(patients.notna())
    parts = each[_KEY].assign(
        pcns_reporting=1.0,
        pcns_any=posts > 0,
        pcns_none=posts <= 0,  # a negative FTE is an error at source: nobody
        pcns_under_1=(posts > 0) & (posts < 1),
        pcns_1_to_2=(posts >= 1) & (posts < _UPPER_BAND),
        pcns_2_plus=posts >= _UPPER_BAND,
        pcns_with_list=patients.notna(),
        fte_with_list=listed,
        patients_reporting=patients,
        fte_squared=listed**2,
        fte_times_patients=listed * patients,
        patients_squared=patients**2,
    )
    return parts.groupby(_KEY).sum().reset_index()


def _missing(frame: pd.DataFrame) -> tuple[tuple[pd.Series[bool], str], tuple[pd.Series[bool], str]]:
    """Why an area has no figure at all: the role had not started, or no PCN of it reported."""
    missing = frame["fte"].isna()
    return (missing & (frame["note"] == NOT_APPLICABLE), NOT_APPLICABLE), (missing, NOT_AVAILABLE)


def _with_shares(frame: pd.DataFrame) -> pd.DataFrame:
    frame["pcns_reporting"] = frame["pcns_reporting"].fillna(0.0)
    frame["fte_per_reporting_pcn"] = frame["fte"] / frame["pcns_reporting"].where(frame["pcns_reporting"] > 0)
    frame[BANDS] = frame[BANDS].astype("float64").mask(frame["fte"].isna())
    frame["bands_note"] = note(len(frame), *_missing(frame))
    return frame


def _with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = ["pcns_with_list", "fte_with_list", "patients_reporting"]
    has_rate = frame["fte"].notna() & (frame["patients_reporting"] > 0)
    frame[numbers] = frame[numbers].astype("float64").where(has_rate)
    frame["rate_reporting"] = PER_PATIENTS * frame["fte_with_list"] / frame["patients_reporting"]
    frame["rate_reporting_note"] = note(len(frame), *_missing(frame), (~has_rate, NOT_AVAILABLE))
    # Numerator and denominator over the same PCNs: all of the area's FTE only over all of its patients.
    recorded = frame["fte"].where(frame["patients_all_basis"] == "area", frame["fte_with_list"])
    # A PCN that is closing can be on a list with nobody left on it.
    frame["rate_all"] = PER_PATIENTS * recorded / frame["patients_all"].where(frame["patients_all"] > 0)
    placed = frame["patients_all_basis"] == "pcns_placed"
    reasons = ((frame["rate_all"].isna(), NOT_AVAILABLE), (placed, ESTIMATED))
    frame["rate_all_note"] = note(len(frame), *_missing(frame), *reasons)
    return frame


def _with_limits(frame: pd.DataFrame, level: str, target: dict[tuple[str, str], float]) -> pd.DataFrame:
    """``frame`` with the interval of each rate, and funnel limits round the ``target`` of its census and role."""
    frame = pd.concat([frame, ratio_interval(frame)], axis=1)
    single, whole = np.full(len(frame), level == "pcn"), np.full(len(frame), level == "england")
    reasons = ((single, NOT_APPLICABLE), (frame["rate_low"].isna(), NOT_AVAILABLE))
    frame["rate_interval_note"] = note(len(frame), *_missing(frame), *reasons)
    limits = [
        funnel_limits(
            np.asarray(rows["rate_reporting"], dtype=np.float64),
            np.asarray(rows["patients_reporting"], dtype=np.float64) / PER_PATIENTS,
            np.nan if level == "england" else target.get((str(census), str(role)), np.nan),
        ).set_axis(rows.index)
        for (census, role), rows in frame.groupby(["census", "role"])
    ]
    frame = frame.join(pd.concat(limits).rename(columns=lambda name: f"funnel_{name}" if "_" in name else name))
    reasons = ((whole, NOT_APPLICABLE), (frame[FUNNEL[0]].isna(), NOT_AVAILABLE))
    frame["funnel_note"] = note(len(frame), *_missing(frame), *reasons)
    return frame
