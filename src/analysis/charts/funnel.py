"""A funnel instead of a league table: the rates of small areas against their size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
from markupsafe import Markup

from analysis.charts.data import NothingToDrawError, require, select
from analysis.charts.figure import figure
from analysis.charts.labels import EndLabel, end_labels
from analysis.charts.layers import PLAIN, at, layered
from analysis.charts.layers import rows as own_rows
from analysis.charts.places import LEVEL_NAMES, RATE, per_what, short_name
from analysis.charts.theme import PALETTE
from analysis.columns import ENGLAND
from analysis.facts.fact import Facts, as_text
from analysis.markup.prose import Prose, dated, listed, month, say
from analysis.periods import month_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    from analysis.registers.roles import RoleWords

_LIMIT_POINTS = 30  # enough for a smooth curve; one at each area would weigh as much as the areas
_WITHIN, _BEYOND = "Within the 99.8% limits", "Beyond the 99.8% limits"
_HEADROOM = 1.05  # of the highest rate: the limits of small areas reach further, and are cut there
_MOST_NAMED = 8  # of each side: what a reader takes in; the table has all
_LIMITS = (("95", "95% limits", (6, 3)), ("998", "99.8% limits", (2, 2)))


def funnel_rows(places: pd.DataFrame, *, census: str, level: str, role: str) -> pd.DataFrame:
    """Areas with rate, size and limits, from the smallest to the largest; ``position`` says how each lies.

    Raises
    ------
    NothingToDrawError
        When no area has limits: without list sizes, or with too few areas, there is no funnel.
    """
    rows = select(places, "places", level=level, census=census, role=role)
    limits = [f"funnel_{side}_{name}" for name, _, _ in _LIMITS for side in ("low", "high")]
    require(rows, ["area_code", "area_name", "patients_reporting", "rate_reporting", *limits], "places")
    rows = rows.dropna(subset=["patients_reporting", "rate_reporting", *limits])
    if rows.empty:
        raise NothingToDrawError(
            f"There is no funnel of {LEVEL_NAMES[level]} for {month_label(census)}.",
            "Put the list sizes (Patients Registered at a GP Practice) of that month with the extracts.",
            "it needs the registered patients of enough areas",
        )
    rate = rows["rate_reporting"]
    position = pd.Series("within the 95% limits", index=rows.index)
    for name, label, _ in _LIMITS:
        position = position.mask(rate < rows[f"funnel_low_{name}"], f"below the {label}")
        position = position.mask(rate > rows[f"funnel_high_{name}"], f"above the {label}")
    return rows.assign(position=position).sort_values(["patients_reporting", "area_code"], ignore_index=True)


def funnel_chart(rows: pd.DataFrame, *, england: float) -> alt.LayerChart:
    """Draw :func:`funnel_rows`: rate by list size, England's rate and the limits round it."""
    beyond = rows["position"].str.contains("99.8%", regex=False)
    sizes, rates = rows["patients_reporting"], rows["rate_reporting"]
    data = pd.DataFrame(
        {
            "patients": (sizes / 1000).round(1),
            "rate": rates.round(4),
            "position": beyond.map({True: _BEYOND, False: _WITHIN}),
            "description": [
                f"{short_name(name)}: {as_text(rate, 2)}, {as_text(size / 1e6, 2)}m patients"
                for name, rate, size in zip(rows["area_name"], rates, sizes, strict=True)
            ],
        }
    )
    top = max([*rates, england]) * _HEADROOM
    levels = own_rows({"rate": england}).mark_rule(aria=False)
    layers = [levels.encode(**at(x="0", x2="width"), **PLAIN)]
    ends = [EndLabel(f"England: {as_text(england, 2)}", england, look=PLAIN)]
    for name, label, dash in _LIMITS:
        look = {**PLAIN, "strokeDash": alt.StrokeDashValue(list(dash))}
        for side in ("low", "high"):
            # The limits of the very smallest areas would squeeze the rest.
            limit = _thinned(rows, f"funnel_{side}_{name}", top)
            layers.append(alt.Chart(limit).mark_line(strokeWidth=1.2, aria=False).encode(**look))
        ends.append(EndLabel(label, min(float(rows[f"funnel_high_{name}"].iloc[-1]), top), look=look, joined=False))
    looks: dict[str, Any] = {"domain": [_WITHIN, _BEYOND]}
    legend = alt.Legend() if beyond.any() else None
    points = (
        alt.Chart()
        .mark_point()
        .encode(
            color=alt.Color("position:N", legend=legend, scale=alt.Scale(**looks, range=[PALETTE[0], PALETTE[2]])),
            shape=alt.Shape("position:N", legend=legend, scale=alt.Scale(**looks, range=["circle", "diamond"])),
            size=alt.Size("position:N", legend=legend, scale=alt.Scale(**looks, range=[30, 70])),
            description="description:N",
        )
    )
    chart = layered(
        [*layers, points, *end_labels(ends)],
        data,
        x=alt.X("patients:Q", title="Thousand registered patients", axis=alt.Axis(tickCount=5)),
        y=alt.Y("rate:Q", title=RATE[1], axis=alt.Axis(tickCount=5), scale=alt.Scale(domain=[0, top], nice=True)),
    )
    return chart.properties(height=320)


def funnel(
    places: pd.DataFrame,
    *,
    census: str,
    facts: Facts,
    level: str = "sub_icb",
    role: RoleWords,
) -> alt.LayerChart:
    """Chart the rate of small areas against their size, with limits widened for overdispersion.

    Parameters
    ----------
    places
        The measure ``places``; limits as in :mod:`analysis.measures.funnel`.
    census
        Which census.
    facts
        Uses ``constant.rate_base`` and ``rate_reporting.<role>.ENG.<census>``.
    level, role
        Level of geography; the role or group, with its words.

    Raises
    ------
    NothingToDrawError
        When no area has limits.
    UsageError
        When a fact is not there.
    """
    who = role.short
    rows = funnel_rows(places, census=census, level=level, role=role.code)
    rate = facts[f"rate_reporting.{role.code}.{ENGLAND}.{census}"]
    if rate.value is None:
        raise NothingToDrawError(
            f"There is no rate for England in {month_label(census)}, round which a funnel is drawn.",
            "Put the list sizes (Patients Registered at a GP Practice) of that month with the extracts.",
            "it is drawn round the rate of England, which is not known for this census",
        )
    areas = LEVEL_NAMES[level]
    england = float(rate.value)
    chart_id = f"funnel-{level.replace('_', '-')}-{role.id_part}"
    return figure(
        funnel_chart(rows, england=england),
        id=chart_id,
        title=_funnel_title(rows, areas, rate),
        subtitle=say(
            "Full-time equivalents (FTE) of {who} per {base}, {areas} by size, {at}. The limits are wider for smaller "
            "areas and allow for the spread between areas (overdispersion). If areas differed by no more than that, "
            "about nineteen in twenty would lie inside the dashed lines. Nearly all would lie inside the dotted lines. "
            "Need is not adjusted for.{beyond}",
            who=who,
            base=per_what("rate_reporting", facts),
            areas=areas,
            at=month(census),
            beyond=_named_beyond(rows),
        ),
        alternative=_alternative(rows, areas, census, england),
        table=Table(
            f"chart-{chart_id}",
            f"{RATE[1]} and funnel limits, {who}, {areas}, {month_label(census)}",
            rows.sort_values(["area_name", "area_code"], ignore_index=True),
            {
                "area_name": Column("Area", "name of the area"),
                "area_code": Column("Code", "code of the area"),
                "patients_reporting": Column("Patients", "registered patients of reporting PCNs", "patients", 0),
                "rate_reporting": Column("Rate", RATE[1], RATE[1], 2),
                **{
                    f"funnel_{side}_{name}": Column(f"{label}, {side}", f"{side}er of the {label}", RATE[1], 2)
                    for name, label, _ in _LIMITS
                    for side in ("low", "high")
                },
                "position": Column("Position", "where the area lies in the funnel"),
            },
            # The limits are smooth lines, which the drawing shows; the download has them for each area.
            on_page=("area_name", "area_code", "patients_reporting", "rate_reporting", "position"),
        ),
    )


def _named_beyond(rows: pd.DataFrame) -> Markup:
    """The areas beyond the outer limits by name, furthest from England's rate first, as a sentence for each side."""
    sentences = Markup("")
    for side, furthest_first in (("above", False), ("below", True)):
        lying = rows[rows["position"] == f"{side} the {_LIMITS[-1][1]}"].sort_values(
            "rate_reporting", ascending=furthest_first
        )
        names = [dated(short_name(name)) for name in lying["area_name"]]
        more = len(names) - _MOST_NAMED
        if more > 0:
            names = [*names[:_MOST_NAMED], dated(f"{more} more")]
        if names:
            sentences += Markup(" {} the dotted ones: {}.").format(side.capitalize(), listed(list(names)))
    return sentences


def _alternative(rows: pd.DataFrame, areas: str, census: str, england: float) -> str:
    rates = rows["rate_reporting"]
    counts = rows["position"].value_counts()
    order = sorted(map(str, counts.index), key=lambda words: (-counts[words], words))
    return " ".join(
        [
            f"Scatter plot of {RATE[1]} against registered patients for {len(rows)} {areas}, {month_label(census)}.",
            f"Rates run from {as_text(rates.min(), 2)} to {as_text(rates.max(), 2)}.",
            f"Funnel limits lie round England’s rate of {as_text(england, 2)}.",
            *(f"{words[0].upper()}{words[1:]}: {counts[words]}." for words in order),
        ]
    )


def _thinned(rows: pd.DataFrame, column: str, top: float) -> pd.DataFrame:
    step = max(1, len(rows) // _LIMIT_POINTS)
    thinned = pd.concat([rows.iloc[:-1:step], rows.iloc[[-1]]])
    limit = pd.DataFrame({"patients": thinned["patients_reporting"] / 1000, "rate": thinned[column]}).round(4)
    return limit[limit["rate"] <= top]


def _funnel_title(rows: pd.DataFrame, areas: str, rate: object) -> Prose:
    inside = (rows["position"] == "within the 95% limits").mean()
    beyond = rows["position"].str.contains("99.8%", regex=False).any()
    most = "Most" if inside > 0.5 else "Fewer than half of all"  # noqa: PLR2004 - what "most" means
    some = "; some lie far outside" if beyond else "; none lies far outside"
    return say(
        f"{most} {{areas}} lie inside the limits for their size around England’s rate of {{rate}}{some}",
        areas=areas,
        rate=rate,
    )
