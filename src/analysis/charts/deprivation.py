"""Rates of networks by the deprivation of their patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.charts.data import select
from analysis.charts.figure import figure
from analysis.charts.rows import bars
from analysis.charts.text_alternative import listed
from analysis.columns import ENGLAND
from analysis.facts.fact import as_text
from analysis.markup.prose import month, say
from analysis.periods import month_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from analysis.facts.fact import Facts
    from analysis.registers.roles import RoleWords

UNIT = "FTE per 10,000 patients"
_FIFTH_NAMES = ("Most deprived fifth", "Second", "Middle", "Fourth", "Least deprived fifth")


def deprivation(
    fifths: pd.DataFrame,
    *,
    census: str,
    facts: Facts,
    england: float | None = None,
    role: RoleWords,
) -> alt.LayerChart:
    """Chart FTE per 10,000 registered patients by fifth of patients in order of deprivation, England.

    ``fifths`` is the measure ``deprivation_fifths``; uses ``rate_most_deprived`` and ``rate_least_deprived`` of
    ``<role>.ENG.<census>``. ``england`` is the rate of all networks ranked. Raises :class:`NothingToDrawError` when
    the census has no fifths.
    """
    who = role.short
    rows = select(fifths, "deprivation_fifths", census=census, role=role.code).sort_values("fifth", ignore_index=True)
    key = f"{role.code}.{ENGLAND}.{census}"
    rows = rows.assign(name=list(_FIFTH_NAMES))
    ends = [facts[f"rate_{which}_deprived.{key}"].value or 0 for which in ("most", "least")]
    return figure(
        bars(rows, "rate", "name", unit=UNIT, decimals=2, across=None if england is None else ("All", england)),
        id=f"deprivation-{role.id_part}",
        title=say(
            "The most deprived fifth of patients has {more} {who} {than} the least deprived: {most} FTE per {base} "
            "against {least}",
            more="more" if ends[0] > ends[1] else "fewer" if ends[0] < ends[1] else "as many",
            than="as" if ends[0] == ends[1] else "than",
            most=facts[f"rate_most_deprived.{key}"],
            who=who,
            base=facts["constant.rate_base"],
            least=facts[f"rate_least_deprived.{key}"],
        ),
        subtitle=say(
            "Full-time equivalents (FTE) of {who} per {base} registered patients, England, {census}. Networks in order "
            "of the deprivation of their patients, in five parts with a fifth of patients each.",
            who=who,
            base=facts["constant.rate_base"],
            census=month(census),
        ),
        alternative=(
            f"Bar chart of {UNIT} of {who} by fifth of patients in order of deprivation, England, "
            f"{month_label(census)}: "
            + listed([f"{name} {as_text(rate, 2)}" for name, rate in zip(rows["name"], rows["rate"], strict=True)])
            + "."
        ),
        table=Table(
            f"chart-deprivation-{role.id_part}",
            f"FTE of {who} per 10,000 registered patients by fifth of deprivation, England, {month_label(census)}",
            rows,
            {
                "name": Column("Fifth", "of registered patients, in order of their networks’ deprivation"),
                "rate": Column("Rate", UNIT, "per 10,000", 2, "note"),
                "fte": Column("FTE", "full-time equivalents of all rows", "FTE", 1, "note"),
                "patients": Column("Patients", "registered patients", "patients", 0, "note"),
                "pcns": Column("PCNs", "networks in the fifth", "PCNs", 0, "note"),
                "imd_score_mean": Column("Mean score", "by patients; higher is more deprived", "", 1, "note"),
            },
        ),
    )
