"""What the figures say of networks by the deprivation of their patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, dated, day, joined, say
from analysis.report.text.words import find_fact, who

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis


def deprivation(analysis: Analysis) -> Prose:
    """The most deprived fifth of patients against the least, and what the comparison can carry."""
    facts, period = analysis.facts, analysis.period
    key = f"{analysis.role}.{ENGLAND}.{period}"
    most = find_fact(analysis, f"rate_most_deprived.{key}")
    if most is None or most.value is None:
        return say(
            "Networks cannot be put in order of the deprivation of their patients for this census. That needs an "
            "individual-level extract of it and, near it, a list of registered patients by practice, a map of practices to "
            "networks and deprivation scores of practices."
        )
    base, index = facts["constant.rate_base"], facts[f"concentration_index.{key}"]
    parts = [
        say(
            "Networks are put in order of the deprivation of their patients and cut into five parts with a fifth of the "
            "patients each. In the most deprived fifth there are {most} FTE of {who} for each {base} patients, in "
            "the least deprived {least}: a difference of {difference} before rounding.",
            most=most,
            who=who(analysis),
            base=base,
            least=facts[f"rate_least_deprived.{key}"],
            difference=facts[f"rate_difference.{key}"],
        )
    ]
    if index.value is not None:
        parts.append(
            say(
                "The concentration index is {index}. It is negative when there are more FTE for each patient where "
                "deprivation is greater, and zero when all have the same.",
                index=index,
            )
        )
    return joined([*parts, *_cautions(analysis, key)])


def _cautions(analysis: Analysis, key: str) -> list[Prose]:
    facts, frame = analysis.facts, analysis.measures.deprivation
    row = frame[(frame["census"] == analysis.period) & (frame["role"] == analysis.role)].iloc[0]
    return [
        say(
            "Scores are those of practices in the Index of Multiple Deprivation of {year}; {share} of the patients of the "
            "{pcns} networks compared are with a practice that has one. Practices are placed by the map of {map}.",
            year=dated(f"{row['imd_year']:.0f}"),
            share=facts[f"patients_scored_share_pct.{key}"],
            pcns=facts[f"pcns_ranked.{key}"],
            map=day(pd.Timestamp(row["map_date"]).date()),
        ),
        say(
            "The index describes the areas where patients live and not the patients. Nothing is adjusted for need, and a "
            "difference does not say why it is there."
        ),
    ]
