"""How networks differ: deciles of their rates, and rates by the deprivation of their patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from analysis.charts.data import NothingToDrawError, select
from analysis.charts.figure import figure
from analysis.charts.layers import rows as own_rows
from analysis.charts.rows import bars
from analysis.charts.text_alternative import listed
from analysis.charts.theme import PALETTE
from analysis.columns import ENGLAND
from analysis.facts.fact import as_text
from analysis.markup.prose import month, say
from analysis.measures.distribution import DECILES
from analysis.periods import month_label, shift, short_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    from analysis.facts.fact import Facts
    from analysis.registers.roles import RoleWords

UNIT = "FTE per 10,000 patients"
_TENTHS = [f"{n} in 10 networks" for n in range(1, 10)]
_FIFTH_NAMES = ("Most deprived fifth", "Second", "Middle", "Fourth", "Least deprived fifth")


def deciles(
    distribution: pd.DataFrame, *, census: str, peak: str | None = None, facts: Facts, role: RoleWords
) -> alt.LayerChart:
    """Chart the deciles of FTE per 10,000 registered patients over networks at a census, England.

    Beside the bars stand the deciles of a year before and of ``peak``, the census with the highest FTE, where
    ``distribution`` has them. Uses ``rate_decile_1``, ``rate_decile_9`` and ``rate_decile_5`` of
    ``<role>.ENG.<census>``. Raises :class:`NothingToDrawError` when there is no list of patients for the census.
    """
    who = role.short
    row = select(distribution, "distribution", census=census, role=role.code).iloc[0]
    if pd.isna(row[DECILES[0]]):
        raise NothingToDrawError(
            f"There is nothing to draw: distribution has no rates of {role.code} at {census}.",
            "Put a list of registered patients near the census beside the extracts.",
            "no list of registered patients serves this census",
        )
    key = f"{role.code}.{ENGLAND}.{census}"
    rows = pd.DataFrame({"decile": _TENTHS, "rate": [row[c] for c in DECILES]})
    earlier = _earlier_deciles(distribution, census, peak, role.code)
    chart = bars(rows, "rate", "decile", unit=UNIT, decimals=2)
    return figure(
        _beside(chart, rows, earlier) if earlier else chart,
        id=f"deciles-{role.id_part}",
        title=say(
            "Half of networks have {median} FTE of {who} or less per {base} patients; one in ten has {high} or more",
            median=facts[f"rate_decile_5.{key}"],
            who=who,
            base=facts["constant.rate_base"],
            high=facts[f"rate_decile_9.{key}"],
        ),
        subtitle=say(
            "Full-time equivalents (FTE) of {who} per {base} registered patients, England, {census}. Each bar is the "
            "rate that so many networks do not exceed. Networks that reported and are on the list of patients.",
            who=who,
            base=facts["constant.rate_base"],
            census=month(census),
        ),
        alternative=(
            f"Bar chart of nine deciles of {UNIT} of {who} over networks in England in {month_label(census)}: "
            + listed([as_text(rate, 2) for rate in rows["rate"]])
            + "."
            + "".join(f" {when}: {listed([as_text(rate, 2) for rate in rates])}." for when, rates in earlier.items())
        ),
        table=Table(
            f"chart-deciles-{role.id_part}",
            f"Deciles of FTE of {who} per 10,000 registered patients over networks, England, {month_label(census)}",
            rows.assign(**{f"rate_{place}": rates for place, rates in enumerate(earlier.values(), 1)}),
            {
                "decile": Column("Networks", "how many do not exceed the rate"),
                "rate": Column("Rate", UNIT, "per 10,000", 2),
                **{
                    f"rate_{place}": Column(when, f"{UNIT}, {when}", "per 10,000", 2)
                    for place, when in enumerate(earlier, 1)
                },
            },
        ),
    )


def _earlier_deciles(distribution: pd.DataFrame, census: str, peak: str | None, role: str) -> dict[str, list[float]]:
    """The deciles of a year before and of the peak by their label, where there are any."""
    of_role = select(distribution, "distribution", role=role).dropna(subset=[DECILES[0]]).set_index("census")
    wanted = {shift(census, -12): "Year before", peak: "Highest FTE"}
    return {
        f"{label} ({short_label(then)})": of_role.loc[[then], list(DECILES)].to_numpy(dtype=float)[0].tolist()
        for then, label in wanted.items()
        if then and then < census and then in of_role.index
    }


def _beside(chart: alt.LayerChart, rows: pd.DataFrame, earlier: dict[str, list[float]]) -> alt.LayerChart:
    """The bars with a mark for each earlier decile, told apart by shape and colour."""
    marks = [
        {"decile": tenth, "rate": rate, "when": when, "description": f"{tenth}: {as_text(rate, 2)} {UNIT}, {when}"}
        for when, rates in earlier.items()
        for tenth, rate in zip(rows["decile"], rates, strict=True)
    ]
    scale: dict[str, Any] = {"domain": list(earlier)}
    points = own_rows(*marks).mark_point(size=70, stroke="white", strokeWidth=1)
    together: alt.LayerChart = chart + points.encode(
        color=alt.Color("when:N", scale=alt.Scale(**scale, range=[PALETTE[2], PALETTE[3]]), legend=alt.Legend()),
        shape=alt.Shape("when:N", scale=alt.Scale(**scale, range=["diamond", "circle"]), legend=alt.Legend()),
        description="description:N",
    )
    return together


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
