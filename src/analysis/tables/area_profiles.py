"""One row for each area at the census of the report: its figures, what to compare them with, and cautions."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.columns import ENGLAND, LEVELS
from analysis.measures.notes import BREAK, NOT_AVAILABLE
from analysis.periods import month_label, shift

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis

# From the largest area to the smallest: each lies in those before it.
SMALLER_LEVELS = ("region", "icb", "sub_icb", "pcn")
# A network that has not reported for longer is not looked for any more: the year in which it still counts as one that
# could have reported (analysis.measures.coverage).
SEEN_WITHIN_MONTHS = 12
# The Network Contract Directed Enhanced Service asks of a network at least 30,000 patients, with few exceptions. Below,
# one post is more than a third of an FTE for each 10,000 patients.
FEW_PATIENTS = 30_000

# The cautions, short.
NEW, NONE, UNLISTED = "new in the data", "none in this role", "not on the list"
FEW, CHANGED = "few patients", "areas changed"

_CODES = {level: LEVELS[level][0] for level in SMALLER_LEVELS}
_PARENTS = [name for level in SMALLER_LEVELS[:-1] for name in LEVELS[level]]
_OF_TOTALS = [
    *("fte", "note", "fte_staff", "fte_contracted", "split_note", "direct_share_pct", "direct_share_note"),
    *("headcount", "headcount_note"),
]
_OF_PLACES = {
    "patients_reporting": "patients",
    "rate_reporting": "rate",
    "rate_reporting_note": "rate_note",
    "list_date": "list_date",
    "change_year_fte": "change_year_fte",
    "change_year_note": "change_year_note",
    "pcns_reporting": "pcns_reporting",
    "pcns_expected": "pcns_expected",
    "pcns_expected_reporting": "pcns_expected_reporting",
    "reporting_share_pct": "reporting_share_pct",
    "reporting_share_note": "reporting_share_note",
    "pcns_none": "pcns_none",
    "bands_note": "bands_note",
}
# What cautions are told by.
_OF_CAUTIONS = ["level", "area_code", "first_census", "last_census", "fte", "rate", "patients"]
_COMPARED = ["icb_rate", "icb_rate_note", "england_rate", "england_rate_note"]
COLUMNS = [
    *("level", "area_code", "area_name", "census", "role", *_PARENTS),
    *(*_OF_TOTALS, *_OF_PLACES.values(), *_COMPARED, "first_census", "last_census", "cautions", "cautions_short"),
]
SERIES_COLUMNS = ["level", "area_code", "census", "fte", "note"]


def area_profiles(analysis: Analysis) -> pd.DataFrame:
    """Describe England and each region, ICB, sub-ICB and network at the census of the report, for its role.

    One row for each area that reported at the census or in the year before it, from the largest level to the smallest
    and by name. Without an individual-level extract of the census there is no row.

    ==========================================  =======================================================================
    ``level``, ``area_code``, ``area_name``     ``england``, ``region``, ``icb``, ``sub_icb`` or ``pcn``
    ``census``, ``role``                        those of the report
    ``region_code`` … ``sub_icb_name``          codes and names of the areas that it lies in or is; empty above it
    ``fte``, ``fte_staff``, ``fte_contracted``  FTE recorded, and its parts by data source; ``direct_share_pct`` is the
                                                share of staff, %
    ``headcount``                               people on the networks' own returns
    ``patients``, ``rate``                      registered patients of its reporting networks on the list of
                                                ``list_date``; their FTE per 10,000 of these
    ``icb_rate``, ``england_rate``              the same rate of its ICB and of England; ``[z]`` where there is no one
                                                ICB to compare with
    ``change_year_fte``                         change of FTE over twelve months
    ``pcns_reporting``, ``pcns_expected``       as in :func:`analysis.measures.places.places`, with
                                                ``pcns_expected_reporting`` and ``reporting_share_pct``
    ``pcns_none``                               its reporting networks with no FTE in the role
    ``first_census``, ``last_census``           the first and last census at which an extract shows it
    ``cautions``                                sentences on what to know before its figures are used; empty when none;
                                                ``cautions_short`` has the same in a few words each
    ==========================================  =======================================================================

    The note columns speak of the figures as everywhere: ``note`` of ``fte``, ``split_note`` of its parts.
    """
    if analysis.period not in analysis.area_censuses:
        return pd.DataFrame(columns=COLUMNS)
    measures, key = analysis.measures, ["level", "area_code"]
    seen = areas_seen(analysis.placements, totals := measures.totals[measures.totals["role"] == analysis.role])
    censuses = sorted(analysis.placements["census"].unique())
    seen = seen[seen["last_census"] >= shift(analysis.period, -SEEN_WITHIN_MONTHS)]
    places = measures.places[measures.places["role"] == analysis.role]
    places = places[places["census"] == analysis.period]
    now = totals.loc[totals["census"] == analysis.period, [*key, "area_name", *_OF_TOTALS]]
    frame = seen.merge(now, on=key).merge(places[[*key, *_OF_PLACES]].rename(columns=_OF_PLACES), on=key)
    frame = _with_comparisons(frame.assign(census=analysis.period, role=analysis.role))
    cautions = _cautions(frame, totals, analysis, censuses)
    frame["cautions"] = [" ".join(sentence for _, sentence in told) for told in cautions]
    frame["cautions_short"] = ["; ".join(short for short, _ in told) for told in cautions]
    order = {level: number for number, level in enumerate(("england", *SMALLER_LEVELS))}
    frame = frame.assign(order=frame["level"].map(order)).sort_values(["order", "area_name", "area_code"])
    return frame[COLUMNS].reset_index(drop=True)


def area_series(analysis: Analysis, profiles: pd.DataFrame) -> pd.DataFrame:
    """The FTE of each area of ``profiles`` at every census that has an individual-level extract.

    ``level, area_code, census, fte, note``, by area in the order of ``profiles`` and by census. A census at which an
    area did not report has no FTE and ``[x]``; one at which its code did not exist may have no row.
    """
    totals = analysis.measures.totals
    own = (totals["role"] == analysis.role) & totals["census"].isin(analysis.area_censuses)
    frame = profiles[["level", "area_code"]].merge(totals.loc[own, SERIES_COLUMNS], on=["level", "area_code"])
    return frame[SERIES_COLUMNS]


def areas_seen(placed: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Every area that the extracts show: where it lay when it was last seen, and when it was seen first and last.

    ``level, area_code, first_census, last_census`` and the codes and names of the areas that it lies in or is, down to
    the sub-ICB: those above it, empty below. ``placed`` is of :attr:`analysis.facts.analysis.Analysis.placements`,
    ``totals`` a frame of the measures, which has the names.
    """
    frames, placed = [], placed.sort_values("census")
    for level, code in _CODES.items():
        own = list(_CODES.values())[: SMALLER_LEVELS.index(level) + 1]
        of_level = placed.dropna(subset=[code])
        first = of_level.drop_duplicates(code)[[code, "census"]].rename(columns={"census": "first_census"})
        last = of_level.drop_duplicates(code, keep="last")[[*own, "census"]].rename(columns={"census": "last_census"})
        both = last.merge(first, on=code)
        frames.append(both.assign(level=level, area_code=both[code]))
    ends = {"first_census": placed["census"].min(), "last_census": placed["census"].max()}
    england = pd.DataFrame([{"level": "england", "area_code": ENGLAND, **ends}])
    return _with_names(pd.concat([england, *frames], ignore_index=True), totals)


def _with_names(frame: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the names of the areas in which each one lies."""
    for level in SMALLER_LEVELS[:-1]:
        code, name = LEVELS[level]
        here = totals[totals["level"] == level].drop_duplicates("area_code", keep="last")
        frame[name] = frame[code].map(dict(zip(here["area_code"], here["area_name"], strict=True))).fillna("")
        frame[code] = frame[code].fillna("")
    return frame


def _with_comparisons(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the rate of its ICB, for what is smaller than one, and of England, for what is smaller than it."""
    rates = frame.set_index(["level", "area_code"])[["rate", "rate_note"]]
    for name, level, code, none in (
        ("icb_rate", "icb", frame["icb_code"], ~frame["level"].isin(("sub_icb", "pcn"))),
        ("england_rate", "england", pd.Series(ENGLAND, index=frame.index), frame["level"] == "england"),
    ):
        of = rates.loc[level].reindex(code)
        frame[name] = of["rate"].set_axis(frame.index).mask(none)
        frame[f"{name}_note"] = of["rate_note"].set_axis(frame.index).fillna(NOT_AVAILABLE).mask(none, "[z]")
    return frame


def _cautions(
    frame: pd.DataFrame, totals: pd.DataFrame, analysis: Analysis, censuses: list[str]
) -> list[list[tuple[str, str]]]:
    """What to know of each area: short, and as a sentence or two."""
    marked = totals.loc[totals["note"] == BREAK, ["level", "area_code", "census"]].astype("str")
    breaks = marked.groupby(["level", "area_code"])["census"].agg(list).to_dict()
    changes = {level: [entry.census for entry in analysis.breaks.geography(level)] for level in SMALLER_LEVELS}
    has_rates = bool(frame["rate"].notna().any())
    return [
        [
            *_of_reporting(area, censuses, analysis.period),
            *_of_figures(area, has_rates=has_rates),
            *_of_boundaries(
                area,
                breaks.get((area["level"], area["area_code"]), []),
                changes.get(area["level"], []),
                censuses,
            ),
        ]
        for area in frame[_OF_CAUTIONS].to_dict("records")
    ]


def _of_reporting(area: dict[Hashable, Any], censuses: list[str], period: str) -> list[tuple[str, str]]:
    """That it is new in the data, or did not report."""
    said, first, last = [], area["first_census"], area["last_census"]
    if last != period:
        sentence = f"It did not report at {month_label(period)}. It last reported at {month_label(last)}."
        said.append((f"did not report, last did in {month_label(last)}", sentence))
    if first != censuses[0] and first > shift(period, -SEEN_WITHIN_MONTHS):
        before = month_label(censuses[censuses.index(first) - 1])
        sentence = (
            f"It is first in the extracts at {month_label(first)}; the one before is {before}. "
            "It may be new, have a new code, or not have reported before."
        )
        said.append((NEW, sentence))
    return said


def _of_figures(area: dict[Hashable, Any], *, has_rates: bool) -> list[tuple[str, str]]:
    """That the role is not there, that there is no rate, or that the rate rests on few patients."""
    if pd.isna(area["fte"]):
        return []
    said = [(NONE, "It reported staff, but none in this role.")] if area["fte"] == 0 else []
    if pd.isna(area["rate"]):
        unlisted = (UNLISTED, "It is not on the list of registered patients, and has no rate.")
        return [*said, unlisted] if has_rates else said
    if area["patients"] < FEW_PATIENTS:
        said.append((FEW, "It has few patients: one post more or less changes its rate a lot."))
    return said


def _of_boundaries(
    area: dict[Hashable, Any], marked: list[str], changes: list[str], censuses: list[str]
) -> list[tuple[str, str]]:
    """That areas of its level were changed while it kept its code; ``marked`` are its first figures after a break."""
    said = []
    for census in marked:
        before = [other for other in censuses if area["first_census"] <= other < census]
        said += [
            (CHANGED, f"Areas of its level changed in {month_label(change)}: figures before may be of another area.")
            for change in changes
            if before and before[-1] < change <= census
        ]
    return said


def breaks_of_all_areas(analysis: Analysis) -> list[str]:
    """The first censuses after a break that concerns the FTE of every area in the role, whatever its level.

    They are no cautions of a single area, and are told once. Breaks between areas stand among the cautions.
    """
    members = analysis.roles.members(analysis.role)
    crossed = analysis.breaks.breaks_between(analysis.area_censuses[0], analysis.period, "fte", "pcn", members)
    return [entry.census for entry in crossed if entry.kind != "geography"]
