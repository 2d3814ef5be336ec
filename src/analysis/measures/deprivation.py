"""How the FTE of a role is spread over networks by the deprivation of the areas where their patients live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.base import AREA
from analysis.measures.funnel import PER_PATIENTS
from analysis.measures.network_fte import england_grid
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, first_after_break, note
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

FIFTHS = 5
SCORES = ["census", "pcn_code", "map_date", "imd_year", "imd_score", "patients_of_practices", "patients_scored"]
SUMMARY = [
    *(*AREA, "role", "list_date", "map_date", "imd_year", "pcns_ranked", "pcns_left_out", "patients_ranked"),
    *("patients_scored_share_pct", "rate_most_deprived", "rate_least_deprived", "rate_difference"),
    *("concentration_index", "note", "index_note"),
]
BY_FIFTH = [
    *(*AREA, "role", "fifth", "pcns", "patients", "fte", "rate", "imd_score_low", "imd_score_mean", "imd_score_high"),
    "note",
]


def network_scores(
    chosen: pd.DataFrame, practice_map: pd.DataFrame, practices: pd.DataFrame, scores: pd.DataFrame
) -> pd.DataFrame:
    """Give each network the deprivation score of its patients: ``SCORES``, a row for each census and network.

    Parameters
    ----------
    chosen
        Which map and which list serve which census: ``census, map_date, list_date``.
    practice_map
        ``list_date, practice_code, pcn_code``: the practices of each network.
    practices
        ``list_date, org_code, patients``: registered patients of practices.
    scores
        ``practice_code, imd_year, imd_score``: Index of Multiple Deprivation of practices; higher is more deprived.

    The score of a network (``imd_score``) is the mean of its practices' scores, weighted by their registered patients.
    ``patients_of_practices`` are those of all its practices, ``patients_scored`` those of practices with a score, on
    which the mean rests. A network without a scored practice has no row. Scores of a year after the census are not
    used: they were not known at it.
    """
    placed = chosen.merge(practice_map.rename(columns={"list_date": "map_date"}), on="map_date")
    counted = practices[["list_date", "org_code", "patients"]].rename(columns={"org_code": "practice_code"})
    placed = placed.dropna(subset="pcn_code").merge(counted, on=["list_date", "practice_code"])
    each = placed[["census", "map_date", "pcn_code", "practice_code", "patients"]].astype({"pcn_code": "str"})
    each = each.merge(_known_scores(scores, each["census"].unique()), on=["census", "practice_code"], how="left")
    scored = each["patients"].where(each["imd_score"].notna(), 0)
    each = each.assign(patients_scored=scored, weighted=scored * each["imd_score"].fillna(0.0))
    sums = each.groupby(["census", "pcn_code"]).agg(
        map_date=("map_date", "first"),
        imd_year=("imd_year", "max"),
        weighted=("weighted", "sum"),
        patients_of_practices=("patients", "sum"),
        patients_scored=("patients_scored", "sum"),
    )
    sums = sums[sums["patients_scored"] > 0].reset_index()
    return sums.assign(imd_score=sums["weighted"] / sums["patients_scored"])[SCORES]


def _known_scores(scores: pd.DataFrame, censuses: Iterable[str]) -> pd.DataFrame:
    """The scores of the latest index up to the year of each census: ``census, practice_code, imd_year, imd_score``."""
    parts = [_empty_scores()]
    for census in censuses:
        known = scores[scores["imd_year"] <= int(census[:4])]
        latest = known[known["imd_year"] == known["imd_year"].max()]
        parts.append(latest[["practice_code", "imd_year", "imd_score"]].assign(census=census))
    return pd.concat(parts, ignore_index=True)


def _empty_scores() -> pd.DataFrame:
    types = {"practice_code": "str", "imd_year": "float64", "imd_score": "float64", "census": "str"}
    return pd.DataFrame({column: pd.Series([], dtype=dtype) for column, dtype in types.items()})


def deprivation(
    networks: pd.DataFrame, scores: pd.DataFrame, roles: Roles, breaks: Breaks, codes: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare networks by the deprivation of their patients, England: a frame of summaries, and one by fifth.

    ``networks`` is of :func:`analysis.measures.network_fte.network_fte`, ``scores`` of :func:`network_scores`. Ranked
    are the networks that reported, are on the list of patients and have a score (``pcns_ranked``); others that reported
    are left out (``pcns_left_out``). ``patients_scored_share_pct`` is the share of the ranked networks' patients that
    are registered with a practice that has a score.

    **Fifths.** Networks in order of score, 1 the most deprived, cut so that each fifth has a fifth of the registered
    patients as nearly as whole networks allow: a network is in the fifth in which the middle one of its patients lies.
    Fifths of patients, not of networks, because a rate for a fifth of the population is what is compared, and networks
    differ in size by a factor of ten. ``rate`` is FTE per 10,000 registered patients: the sum of FTE over the sum of
    patients. ``rate_difference`` is that of the most deprived fifth less that of the least deprived.

    **Concentration index.** 2 · Σ FTE·R / Σ FTE − 1, where R is the share of patients in more deprived networks plus
    half of a network's own (Kakwani, Wagstaff and van Doorslaer, Journal of Econometrics 1997;77:87-103, the form for
    grouped data). R runs from the most deprived to the least, the order that O'Donnell et al. use (Analyzing Health
    Equity Using Household Survey Data, World Bank 2008, chapter 8): **negative when FTE per patient is concentrated on
    the more deprived**, 0 when every patient has the same, and between −1 and 1.

    Networks of equal score have the same rank. Nothing is adjusted for need, age or coverage, and no interval is given:
    nothing is sampled. The score is one of areas: people who are not poor live in deprived areas, and the reverse.

    ``note``: ``[z]`` before the role starts; ``[x]`` without a list of patients, a map of practices or scores for the
    census, or where a fifth would have no network; ``[b]`` at the first census after a break. ``index_note`` also
    ``[z]`` where there is no FTE. The frame by fifth has rows only where these figures exist.
    """
    censuses = sorted(networks["census"].unique())
    needed = ["census", "pcn_code", "role", "fte", "list_date", "patients"]  # text is slow to divide into groups
    listed = networks.loc[networks["patients"] > 0, needed].merge(scores, on=["census", "pcn_code"])
    listed = listed.drop(columns="pcn_code")
    summaries, by_fifth = [], []
    reporting = networks.groupby(["census", "role"]).size().to_dict()
    for (census, role), part in listed.groupby(["census", "role"]):
        ranked = _ranked(part)
        fifths = _fifths(ranked)
        if len(fifths) < FIFTHS:
            continue
        by_fifth.append(fifths.assign(census=str(census), role=str(role)))
        summaries.append(
            {
                "census": census,
                "role": role,
                "pcns_left_out": reporting[census, role] - len(part),
                **_summary(ranked, fifths),
            }
        )
    grid = england_grid(censuses, codes)
    started = pd.MultiIndex.from_frame(networks[["census", "role"]].drop_duplicates())
    summary = _as_frame(summaries, [c for c in SUMMARY if c not in grid and not c.endswith("note")])
    frame = grid.merge(summary, on=["census", "role"], how="left")
    broken = first_after_break(frame, "rate_difference", ["fte"], roles, breaks)
    unstarted = ~pd.MultiIndex.from_frame(frame[["census", "role"]]).isin(started)
    missing = frame["rate_difference"].isna()
    reasons = ((unstarted, NOT_APPLICABLE), (missing, NOT_AVAILABLE))
    frame["note"] = note(len(frame), *reasons, (broken, BREAK))
    no_fte = frame["concentration_index"].isna()
    frame["index_note"] = note(len(frame), *reasons, (no_fte, NOT_APPLICABLE), (broken, BREAK))
    columns = ["role", "census", *BY_FIFTH[BY_FIFTH.index("fifth") : -1]]
    fifths = pd.concat(by_fifth, ignore_index=True) if by_fifth else _as_frame([], columns[2:])
    fifths = frame[[*AREA, "role", "note"]].merge(fifths, on=["census", "role"])
    return frame[SUMMARY], fifths[BY_FIFTH]


def _ranked(networks: pd.DataFrame) -> pd.DataFrame:
    """``networks`` with ``rank``: the share of patients in more deprived networks, and half of the network's own."""
    _, place = np.unique(-networks["imd_score"].to_numpy(dtype=np.float64), return_inverse=True)
    size = np.bincount(place, weights=networks["patients"])  # of equal scores together, the most deprived first
    middle = (size.cumsum() - size / 2) / size.sum()
    return networks.assign(rank=middle[place])


def _fifths(ranked: pd.DataFrame) -> pd.DataFrame:
    """The figures of each fifth that has a network."""
    fifth = np.minimum(np.floor(FIFTHS * ranked["rank"].to_numpy()).astype("int64"), FIFTHS - 1) + 1
    score, patients, fte = (ranked[name].to_numpy(dtype=np.float64) for name in ("imd_score", "patients", "fte"))
    there = np.unique(fifth)
    pcns, size, amount, weighted = (
        np.bincount(fifth, weights=values)[there] for values in (None, patients, fte, score * patients)
    )
    columns = {
        "fifth": there,
        "pcns": pcns.astype(np.float64),
        "patients": size,
        "fte": amount,
        "imd_score_low": [score[fifth == number].min() for number in there],
        "imd_score_high": [score[fifth == number].max() for number in there],
        "rate": PER_PATIENTS * amount / size,
        "imd_score_mean": weighted / size,
    }
    return pd.DataFrame(columns)


def _summary(ranked: pd.DataFrame, fifths: pd.DataFrame) -> dict[str, object]:
    most, least = float(fifths["rate"].iloc[0]), float(fifths["rate"].iloc[-1])
    return {
        "list_date": ranked["list_date"].iloc[0],
        "map_date": ranked["map_date"].iloc[0],
        "imd_year": float(ranked["imd_year"].max()),
        "pcns_ranked": float(len(ranked)),
        "patients_ranked": float(ranked["patients"].sum()),
        "patients_scored_share_pct": 100 * ranked["patients_scored"].sum() / ranked["patients_of_practices"].sum(),
        "rate_most_deprived": most,
        "rate_least_deprived": least,
        "rate_difference": most - least,
        "concentration_index": concentration_index(ranked["fte"].to_numpy(dtype=np.float64), ranked["rank"].to_numpy()),
    }


def concentration_index(fte: npt.NDArray[np.float64], rank: npt.NDArray[np.float64]) -> float:
    """Twice the mean rank of the FTE, less one; missing when there is no FTE."""
    whole = float(fte.sum())
    return 2 * float((fte * rank).sum()) / whole - 1 if whole > 0 else float("nan")


def _as_frame(rows: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["census", "role", *columns])
    dates = {column: "datetime64[us]" for column in columns if column.endswith("_date")}
    return frame.astype({column: dates.get(column, "float64") for column in columns} | {"census": "str", "role": "str"})
