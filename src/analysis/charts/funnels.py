"""A funnel instead of a league table: the rates of small areas against their size."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from analysis.charts.axes import LevelAxis, number_axis, round_ticks
from analysis.charts.data import NothingToDrawError, require, select
from analysis.charts.drawing import INK, PALETTE
from analysis.charts.labels import EndLabel, end_labels, pixel_text, unit_label
from analysis.charts.layout import WIDE, Size, drawn, plot
from analysis.charts.places import LEVEL_NAMES, RATE, per_what, short_name
from analysis.columns import ENGLAND
from analysis.facts.fact import Facts, as_text
from analysis.markup.prose import Prose, month, say
from analysis.periods import month_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    from analysis.charts.figure import Figure
    from analysis.registers.roles import RoleWords

_LIMIT_POINTS = 30  # enough for a smooth curve; one at each area would weigh as much as the areas
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


def funnel_chart(rows: pd.DataFrame, *, england: float, size: Size = WIDE) -> alt.LayerChart:
    """Draw :func:`funnel_rows`: rate by list size, England's rate and the limits round it."""
    size = replace(size, bottom=size.bottom + 6, height=size.height + 40)
    y = LevelAxis.enclosing([*rows["rate_reporting"], *rows["funnel_high_95"], england], size)
    wide_ticks = round_ticks(0.0, rows["patients_reporting"].max() / 1000, most=6 if size.total == WIDE.total else 3)
    x = alt.X(
        "patients:Q",
        scale=alt.Scale(domain=[wide_ticks[0], wide_ticks[-1]], nice=False),
        axis=number_axis(wide_ticks),
    )
    layers = [
        plot([{"value": england}]).mark_rule(color=INK, aria=False).encode(y=y.channel()),
        *(_limit(rows, f"funnel_{side}_{name}", dash, x, y) for name, _, dash in _LIMITS for side in ("low", "high")),
    ]
    beyond = rows["position"].str.contains("99.8%", regex=False)
    looks: tuple[tuple[pd.DataFrame, dict[str, Any]], ...] = (
        (rows[~beyond], {"size": 30, "color": PALETTE[0]}),
        (rows[beyond], {"size": 70, "color": PALETTE[2], "shape": "diamond"}),
    )
    for part, look in looks:
        if len(part):
            values = [
                {
                    "patients": round(row["patients_reporting"] / 1000, 1),
                    "value": round(row["rate_reporting"], 4),
                    "words": f"{short_name(row['area_name'])}: {as_text(row['rate_reporting'], 2)}, "
                    f"{as_text(row['patients_reporting'] / 1e6, 2)}m patients",
                }
                for row in part.to_dict("records")
            ]
            layers.append(plot(values).mark_point(**look).encode(x, y.channel(), alt.Description("words:N")))
    last = rows.iloc[-1]
    reach = (last["patients_reporting"] / 1000) / wide_ticks[-1] > 0.98  # noqa: PLR2004 - as good as at the edge
    ends = [EndLabel(f"England: {as_text(england, 2)}", england)]
    ends += [
        EndLabel(label, min(float(last[f"funnel_high_{name}"]), y.ticks[-1]), INK, dash, joined=reach)
        for name, label, dash in _LIMITS
    ]
    if beyond.any():
        ends.append(EndLabel("Beyond the 99.8% limits", 0.0, PALETTE[2], diamond=PALETTE[2]))
    layers += end_labels(ends, y, size)
    layers.append(pixel_text(["Thousand registered patients"], size.plot / 2, size.height + 40, align="center"))
    layers.append(unit_label(RATE[1], size))
    return size.layered(layers)


def funnel(
    places: pd.DataFrame,
    *,
    census: str,
    facts: Facts,
    level: str = "sub_icb",
    role: RoleWords,
) -> Figure:
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
    return drawn(
        partial(funnel_chart, rows, england=england),
        id=chart_id,
        title=_funnel_title(rows, areas, rate),
        subtitle=say(
            "Full-time equivalents (FTE) of {who} per {base}, by registered patients; {areas}, {at}. Limits round "
            "England’s rate widen as areas get smaller, and are scaled to the spread between areas (overdispersion): "
            "if areas differed by no more than that, about nineteen in twenty would lie within the dashed ones and "
            "nearly all within the dotted ones. Need is not adjusted for.",
            who=who,
            base=per_what("rate_reporting", facts),
            areas=areas,
            at=month(census),
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
        ),
    )


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


def _limit(rows: pd.DataFrame, column: str, dash: tuple[int, int], x: alt.X, y: LevelAxis) -> alt.Chart:
    step = max(1, len(rows) // _LIMIT_POINTS)
    thinned = pd.concat([rows.iloc[:-1:step], rows.iloc[[-1]]])
    values = [
        {"patients": round(size / 1000, 1), "value": round(limit, 4)}
        for size, limit in zip(thinned["patients_reporting"], thinned[column], strict=True)
        if limit <= y.ticks[-1]  # the limits of the very smallest areas would squeeze the rest
    ]
    line = plot(values).mark_line(color=INK, strokeWidth=1.2, strokeDash=list(dash), aria=False)
    placed: alt.Chart = line.encode(x, y.channel())
    return placed


def _funnel_title(rows: pd.DataFrame, areas: str, rate: object) -> Prose:
    inside = (rows["position"] == "within the 95% limits").mean()
    beyond = rows["position"].str.contains("99.8%", regex=False).any()
    most = "Most" if inside > 0.5 else "Fewer than half of all"  # noqa: PLR2004 - what "most" means
    some = "; some lie well beyond" if beyond else "; none lies far beyond"
    return say(
        f"{most} {{areas}} lie within the limits round England’s rate of {{rate}} that their spread and size set{some}",
        areas=areas,
        rate=rate,
    )
