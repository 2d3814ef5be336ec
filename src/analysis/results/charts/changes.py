"""Each change taken apart: what PCNs in both censuses gained, what newly reporting ones brought, what was lost."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from analysis.columns import ENGLAND
from analysis.periods import month_label, months_between, short_label
from analysis.results.charts.axes import LevelAxis
from analysis.results.charts.data import require, select
from analysis.results.charts.labels import EndLabel, end_labels, pixel_text, unit_label
from analysis.results.charts.layout import TICK_PX, WIDE, Size, between, drawn, plot, tick_censuses
from analysis.results.charts.wording import amount, named_months
from analysis.results.drawing import INK, PALETTE
from analysis.results.prose import Prose, month, say
from analysis.results.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.results.facts import Facts
    from analysis.results.figures import Figure

MOST_BARS = 24  # two years of monthly censuses: more bars than this are too thin to compare; the table has all
_MONTH_OVER_YEAR = (
    "[utcFormat(utc(+slice(datum.value, 0, 4), +slice(datum.value, 5, 7) - 1), '%b'), slice(datum.value, 0, 4)]"
)
_PARTS = {
    "in_both_fte": "PCNs in both",
    "newly_reporting_fte": "Newly reporting",
    "dropped_out_fte": "Dropped out",
}


def decomposition_rows(decomposition: pd.DataFrame, *, role: str) -> pd.DataFrame:
    """Rows of England for each census and the one before it, both data sources together, in order."""
    require(decomposition, ["census", "from_census", "change_fte", *_PARTS], "decomposition")
    rows = select(decomposition, "decomposition", area_code=ENGLAND, role=role, data_source="all")
    censuses = sorted({*rows["census"], *rows["from_census"]})
    before = dict(zip(censuses[1:], censuses[:-1], strict=True))
    rows = rows[rows["from_census"] == rows["census"].map(before)].sort_values("census", ignore_index=True)
    missing = rows["change_fte"].isna()
    note = rows["note"] if "note" in rows else pd.Series("", index=rows.index)
    return rows.assign(note=note.mask(missing & ~note.isin(["[x]", "[z]"]), "[x]"))


def decomposition_chart(rows: pd.DataFrame, *, size: Size = WIDE) -> alt.LayerChart:
    """Draw :func:`decomposition_rows` as stacked bars, losses below zero, the total as a diamond."""
    rows = rows.tail(MOST_BARS)
    above = rows[list(_PARTS)].clip(lower=0).sum(axis=1)
    below = rows[list(_PARTS)].clip(upper=0).sum(axis=1)
    y = LevelAxis.enclosing([*above, *below], size)
    x = alt.X(
        "census:O",
        scale=alt.Scale(domain=rows["census"].tolist(), paddingInner=0.25, paddingOuter=0.15),
        axis=alt.Axis(
            values=_named(rows["census"].tolist(), size),
            labelAngle=0,
            labelExpr=_MONTH_OVER_YEAR,
            labelOverlap=False,
            title=None,
            domain=False,
        ),
    )
    bars, totals = _bars(rows), _totals(rows)
    nothing = plot([{"census": rows["census"].iloc[-1], "value": 0}])
    layers = [
        nothing.mark_point(opacity=0, aria=False).encode(x, y.channel()),
        *(
            plot([bar for bar in bars if bar["part"] == part])
            .mark_bar(color=PALETTE[place], stroke="white", strokeWidth=0.5)
            .encode(x, y.channel(), alt.Y2("upto:Q"), alt.Description("words:N"))
            for place, part in enumerate(_PARTS)
            if any(bar["part"] == part for bar in bars)
        ),
        plot([{"value": 0}]).mark_rule(color=INK, aria=False).encode(y=y.channel()),
        plot(totals)
        .mark_point(shape="diamond", size=70, filled=True, fill="white", stroke=INK, strokeWidth=1.5)
        .encode(x, y.channel(), alt.Description("words:N")),
    ]
    if rows["change_fte"].isna().all():
        layers.append(pixel_text(["No value at any census"], size.plot / 2, size.height / 2, align="center"))
    else:
        layers += end_labels(_labels(rows, bars), y, size)
    layers.append(unit_label("FTE", size))
    return size.layered(layers)


def decomposition(
    decomposition: pd.DataFrame, *, facts: Facts, role: str = "splw", who: str = "link workers"
) -> Figure:
    """Chart the change in FTE between consecutive censuses by who reported, England.

    Parameters
    ----------
    decomposition
        The measure ``decomposition``; rows of other than consecutive censuses are left out.
    facts
        Uses ``change.fte.<role>.ENG.<from>.<to>``, ``change_in_both.fte.…`` of the last interval with figures.
    role, who
        Code of the role or group, and how a sentence calls it.

    Raises
    ------
    UsageError
        When the frame has no row for the role, or a fact is not there.
    """
    rows = decomposition_rows(decomposition, role=role)
    drawn_rows = rows.tail(MOST_BARS)
    first, last = str(drawn_rows["from_census"].iloc[0]), str(drawn_rows["census"].iloc[-1])
    chart_id = f"decomposition-{role.replace('_', '-')}"
    columns = {
        "census": Column("Census", "the later census of the interval"),
        "from_census": Column("From", "the earlier census of the interval"),
        "change_fte": Column("Change", "change in FTE as reported", "FTE", 1, "note", signed=True),
        "in_both_fte": Column("In both", "change in PCNs that reported at both", "FTE", 1, "note", signed=True),
        "newly_reporting_fte": Column(
            "Newly reporting", "FTE of PCNs that reported only at the later", "FTE", 1, "note", signed=True
        ),
        "dropped_out_fte": Column(
            "Dropped out", "FTE of PCNs that reported only at the earlier", "FTE", 1, "note", signed=True
        ),
    }
    for part, label in (("in_both", "in both"), ("newly_reporting", "newly reporting"), ("dropped_out", "dropped out")):
        if f"pcns_{part}" in rows:
            columns[f"pcns_{part}"] = Column(f"PCNs {label}", f"number of PCNs {label}", "PCNs", 0, "note")
    earlier = " Earlier intervals are in the table." if len(drawn_rows) < len(rows) else ""
    return drawn(
        partial(decomposition_chart, rows),
        id=chart_id,
        title=_title(rows, facts, role, who),
        subtitle=say(
            "Change in full-time equivalents (FTE) of {who} since the census before, by whether the PCN reported at "
            "both; diamonds mark the total; England, {span}." + earlier,
            who=who,
            span=between(first, last),
        ),
        alternative=_alternative(drawn_rows, who),
        table=Table(
            f"chart-{chart_id}",
            f"Change in FTE of {who} by who reported, England, {month_label(str(rows['from_census'].iloc[0]))} to "
            f"{month_label(last)}",
            rows,
            columns,
        ),
    )


def _title(rows: pd.DataFrame, facts: Facts, role: str, who: str) -> Prose:
    known = rows[rows["change_fte"].notna()]
    if known.empty:
        return say("No change of {who} can be taken apart: no two censuses have figures", who=who)
    start, end = str(known["from_census"].iloc[-1]), str(known["census"].iloc[-1])
    # Growth is said of growth: a part of a fall, or more than all of a rise that others undid, is no share of it.
    mostly_new = (known["change_fte"] > 0) & (known["newly_reporting_fte"] > known["in_both_fte"].clip(lower=0))
    until = str(known.loc[mostly_new, "census"].max()) if mostly_new.any() else None
    change, both = known["change_fte"].iloc[-1], known["in_both_fte"].iloc[-1]
    part = "{both} of {change} FTE came" if 0 < both <= change else "the change was {change} FTE, {both} of it"
    latest = say(
        f"from {{start}} to {{end}}, {part} in PCNs that reported at both",
        start=month(start),
        end=month(end),
        both=facts[f"change_in_both.fte.{role}.{ENGLAND}.{start}.{end}"],
        change=facts[f"change.fte.{role}.{ENGLAND}.{start}.{end}"],
    )
    # Only when the intervals fall into two runs is there one month that divides them.
    if until is not None and until < end and bool(mostly_new[known["census"] <= until].all()):
        return say(
            "Up to {until}, PCNs that began to report brought most of the growth; {latest}",
            until=month(until),
            latest=latest,
        )
    what = "Growth" if change > 0 else "Change"
    return say(f"{what} of {{who}}: {{latest}}", who=who, latest=latest)


def _alternative(rows: pd.DataFrame, who: str) -> str:
    known = rows[rows["change_fte"].notna()]
    opening = (
        f"Stacked bar chart of the change in full-time equivalents of {who} in England over {len(rows)} "
        f"{'interval' if len(rows) == 1 else 'intervals'} between censuses."
    )
    if known.empty:
        return f"{opening} No interval has figures."
    sentences = [opening]
    for column, label in (("change_fte", "Total"), *_PARTS.items()):
        largest = known.iloc[int(known[column].abs().argmax())]
        latest = known.iloc[-1]
        sentences.append(
            f"{label}: {amount(latest[column], 'FTE', 0, signed=True)} in the latest interval, to "
            f"{month_label(str(latest['census']))}; largest {amount(largest[column], 'FTE', 0, signed=True)}, to "
            f"{month_label(str(largest['census']))}."
        )
    newly = known.loc[known["newly_reporting_fte"] > known["in_both_fte"], "census"].tolist()
    more = f"in the intervals to {named_months(newly)}" if newly else "in no interval"
    sentences.append(f"Newly reporting PCNs brought more than PCNs in both gained {more}.")
    gaps = rows.loc[rows["change_fte"].isna(), "census"].tolist()
    if gaps:
        sentences.append(f"No figure for the intervals to {named_months(gaps)}.")
    return " ".join(sentences)


def _named(censuses: list[str], size: Size) -> list[str]:
    """The bars to name: as far apart as the narrowest interval between censuses demands."""
    bars_apart = TICK_PX * len(censuses) / size.plot
    shortest = min((months_between(*pair) for pair in pairwise(censuses)), default=1)
    return tick_censuses(censuses, bars_apart * shortest if len(censuses) > 1 else 1)


def _bars(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Each part as a bar from ``value`` to ``upto``: gains stacked upwards from zero, losses downwards."""
    bars: list[dict[str, object]] = []
    for row in rows.to_dict("records"):
        edges = {True: 0.0, False: 0.0}
        for part, label in _PARTS.items():
            size = row[part]
            if pd.isna(size) or size == 0:
                continue
            start = edges[size > 0]
            edges[size > 0] = start + size
            words = f"{_interval(row)}: {amount(size, 'FTE', 1, signed=True)}, {label}"
            bars.append({"census": row["census"], "part": part, "value": start, "upto": start + size, "words": words})
    return bars


def _totals(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "census": row["census"],
            "value": float(row["change_fte"]),
            "words": f"{_interval(row)}: {amount(row['change_fte'], 'FTE', 1, signed=True)}, total change",
        }
        for row in rows.to_dict("records")
        if pd.notna(row["change_fte"])
    ]


def _interval(row: Mapping[Any, Any]) -> str:
    return f"{short_label(str(row['from_census']))} to {short_label(str(row['census']))}"


def _labels(rows: pd.DataFrame, bars: list[dict[str, object]]) -> list[EndLabel]:
    """Labels of the last interval with figures: each beside its bar, or beside zero where the part is nothing."""
    last = rows[rows["change_fte"].notna()].iloc[-1]
    at_edge = last["census"] == rows["census"].iloc[-1]
    when = "" if at_edge else f" to {short_label(str(last['census']))}"
    centres = {
        bar["part"]: (float(str(bar["value"])) + float(str(bar["upto"]))) / 2
        for bar in bars
        if bar["census"] == last["census"]
    }
    labels = [EndLabel(f"Total{when}: {_whole(last['change_fte'])}", float(last["change_fte"]), diamond="white")]
    for place, (part, label) in enumerate(_PARTS.items()):
        joined = at_edge and part in centres
        text = f"{label}{when}: {_whole(last[part])}"
        labels.append(EndLabel(text, centres.get(part, 0.0), PALETTE[place], joined=joined))
    return labels


def _whole(value: float) -> str:
    return amount(value, "", 0, signed=True)
