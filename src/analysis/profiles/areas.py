"""The areas of a report that can have a page, and those of them that were asked for."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import UsageError, first_few
from analysis.periods import shift
from analysis.publish.profile_page import LEVELS
from analysis.runs.stored_facts import MEASURES_FOLDER
from analysis.tables.area_profiles import SEEN_WITHIN_MONTHS

_NAMED = 3  # areas in a message


@dataclass(frozen=True)
class Area:
    """An area by code and name."""

    code: str
    name: str


def areas_of(report: Path, level: str, *, period: str, role: str) -> list[Area]:
    """The areas of ``level`` in the report in the folder ``report``, in order of name.

    Those that reported at the census or in the year before it, as :func:`analysis.tables.area_profiles.area_profiles`
    has them: the frames of the measures also have networks that were closed long before.

    Raises
    ------
    UsageError
        The report has no figures of areas.
    """
    columns = ["level", "area_code", "area_name", "census", "role"]
    places = pd.read_parquet(report / MEASURES_FOLDER / "places.parquet", columns=columns)
    here = places[(places["census"] == period) & (places["role"] == role) & (places["level"] == level)]
    if here.empty:
        raise UsageError(
            f"The report of {period} has no figures of {LEVELS[level]}.",
            "There is no individual-level extract of that census, which alone has areas.",
            "Choose a census that has one, or put its extract into RAW.",
        )
    code = f"{level}_code"
    rows = pd.read_parquet(report / MEASURES_FOLDER / "row_counts.parquet", columns=["census", code])
    lately = rows[rows["census"].astype("str") >= shift(period, -SEEN_WITHIN_MONTHS)]
    here = here[here["area_code"].isin(lately[code].unique())]
    ordered = here.sort_values(["area_name", "area_code"])
    return [Area(str(code), str(name)) for code, name in zip(ordered["area_code"], ordered["area_name"], strict=True)]


def chosen(areas: Sequence[Area], codes: Sequence[str], level: str) -> list[Area]:
    """The areas with these codes, in the order of ``areas``; all of them where no code is given.

    Raises
    ------
    UsageError
        A code that no area of the level has.
    """
    if not codes:
        return list(areas)
    known = {area.code for area in areas}
    unknown = [code for code in dict.fromkeys(codes) if code not in known]
    if unknown:
        near = difflib.get_close_matches(unknown[0].upper(), known, n=1, cutoff=0.5)
        raise UsageError(
            f"No area of the level {level} has the code {first_few(unknown, _NAMED)}.",
            f"The report has {len(areas):,} {LEVELS[level]}; a code of another level is not among them.",
            f"Did you mean {near[0]}?" if near else "Find the code in the tables of areas of the report, or give BY.",
        )
    return [area for area in areas if area.code in set(codes)]
