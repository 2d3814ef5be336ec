"""What the bulletin tables say of the people in the role: gender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.markup.prose import say
from analysis.report.text.finding import Finding
from analysis.report.text.words import known

if TYPE_CHECKING:
    from analysis.facts.analysis import Analysis


def gender_census(analysis: Analysis) -> str:
    """The latest census of which the bulletin tables give gender; empty where none does."""
    frame = analysis.measures.gender
    with_gender = frame.loc[
        (frame["role"] == analysis.role) & (frame["measure"] == "fte") & frame["women"].notna(), "census"
    ]
    return str(with_gender.max()) if len(with_gender) else ""


def unknown_gender(analysis: Analysis) -> Finding:
    """What the other or unknown gender can be: contracted services name nobody."""
    key = f"{analysis.role}.{ENGLAND}.{gender_census(analysis)}"
    contracted, unknown = known(analysis, f"fte_contracted.{key}"), known(analysis, f"fte_other_or_unknown.{key}")
    if not (contracted and contracted.value and unknown and unknown.value and contracted.value <= unknown.value):
        return Finding(say(""))
    if contracted.value <= unknown.value / 2:
        return Finding(say("Contracted services, which name nobody, come to {fte} FTE.", fte=contracted), contracted)
    inferred = say(
        "Contracted services, which name nobody, come to {fte} FTE. From the two amounts we infer that they make up most of "
        "the unknown. That is not published.",
        fte=contracted,
    )
    return Finding(inferred, contracted, "inferred from the two amounts")
