"""Each quarter's change by which PCNs report: at both ends, at the later one only, at the earlier one only.

A bar covers the three months of its change on an axis of time. Changes over a month or over years are of other sizes by
their nature and are not drawn beside it. A quarter of which a census is missing stays empty.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from analysis.charts.axes import LevelAxis, TimeAxis
from analysis.charts.data import NothingToDrawError, require, select
from analysis.charts.drawing import INK, PALETTE
from analysis.charts.labels import EndLabel, end_labels, unit_label
from analysis.charts.layout import WIDE, Size, between, drawn, plot, utc_ms
from analysis.charts.wording import amount, named_months, span
from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, month, say
from analysis.periods import month_label, quarters_until, short_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.charts.figure import Figure
    from analysis.facts.fact import Facts
    from analysis.registers.roles import RoleWords

MOST_BARS = 28  # seven years of quarters: more bars than this are too thin to compare; the table has all
_BAR_INSET = 0.1  # of a quarter, left free on either side of its bar
_PARTS = {
    "in_both_fte": "PCNs in both",
    "newly_reporting_fte": "Only at the later",
    "dropped_out_fte": "Only at the earlier",
}
_COUNTS = {
    "pcns_in_both": "in both",
    "pcns_newly_reporting": "only at the later",
    "pcns_dropped_out": "only at the earlier",
}


def decomposition_rows(decomposition: pd.DataFrame, *, role: str) -> pd.DataFrame:
    """Rows of England for the quarters that lead up to the last census, both data sources together, in order of time.

    A quarter of which the publisher took both censuses and an extract is missing has its row, without figures.

    Raises
    ------
    NothingToDrawError
        When no two censuses a quarter apart have figures.
    """
    require(decomposition, ["census", "from_census", "change_fte", *_PARTS], "decomposition")
    rows = select(decomposition, "decomposition", area_code=ENGLAND, role=role, data_source="all")
    rows = rows.astype({"census": "str", "from_census": "str"})
    quarters = quarters_until(rows["census"].max(), rows["from_census"].min())
    wanted = pd.DataFrame(quarters, columns=["from_census", "census"], dtype="str")
    rows = wanted.merge(rows, on=["from_census", "census"], how="left")
    missing = rows["change_fte"].isna()
    if missing.all():
        raise NothingToDrawError(
            "There is nothing to draw: decomposition has no change over a quarter.",
            "Put the extracts of two censuses three months apart into RAW.",
            "no two censuses three months apart have an individual-level extract",
        )
    note = rows["note"] if "note" in rows else pd.Series("", index=rows.index)
    note = note.fillna("").mask(missing & ~note.isin(["[x]", "[z]"]), "[x]")
    counts = {name: note.where(rows[name].isna(), "") for name in _COUNTS if name in rows}
    return rows.assign(note=note, **{f"{name}_note": column for name, column in counts.items()})


def decomposition_chart(rows: pd.DataFrame, *, size: Size = WIDE) -> alt.LayerChart:
    """Draw :func:`decomposition_rows` as stacked bars, losses below zero, the total as a diamond."""
    rows = rows.tail(MOST_BARS)
    above = rows[list(_PARTS)].clip(lower=0).sum(axis=1)
    below = rows[list(_PARTS)].clip(upper=0).sum(axis=1)
    y = LevelAxis.enclosing([*above, *below], size)
    time = TimeAxis(sorted({*rows["from_census"], *rows["census"]}), str(rows["census"].iloc[-1]), size)
    x = time.channel
    bars, totals = _bars(rows), _totals(rows)
    nothing = plot([{"when": utc_ms(str(rows["census"].iloc[-1])), "value": 0}])
    layers = [
        nothing.mark_point(opacity=0, aria=False).encode(x, y.channel()),
        *(
            plot([bar for bar in bars if bar["part"] == part])
            .mark_rect(color=PALETTE[place], stroke="white", strokeWidth=0.5)
            .encode(x, alt.X2("until:T"), y.channel(), alt.Y2("upto:Q"), alt.Description("words:N"))
            for place, part in enumerate(_PARTS)
            if any(bar["part"] == part for bar in bars)
        ),
        plot([{"value": 0}]).mark_rule(color=INK, aria=False).encode(y=y.channel()),
        plot(totals)
        .mark_point(shape="diamond", size=70, filled=True, fill="white", stroke=INK, strokeWidth=1.5)
        .encode(x, y.channel(), alt.Description("words:N")),
    ]
    if rows["change_fte"].notna().any():
        layers += end_labels(_labels(rows, bars), y, size)
    layers.append(unit_label("FTE", size))
    return size.layered(layers)


def decomposition(decomposition: pd.DataFrame, *, facts: Facts, role: RoleWords) -> Figure:
    """Chart the change in FTE over each quarter by who reported, England.

    Parameters
    ----------
    decomposition
        The measure ``decomposition``; changes over other spans than a quarter are left out.
    facts
        Uses ``change.fte.<role>.ENG.<from>.<to>``, ``change_in_both.fte.…`` of the last quarter with figures.
    role
        The role or group, with its words.

    Raises
    ------
    UsageError
        When the frame has no row for the role, or a fact is not there.
    """
    who = role.short
    rows = decomposition_rows(decomposition, role=role.code)
    drawn_rows = rows.tail(MOST_BARS)
    first, last = str(drawn_rows["from_census"].iloc[0]), str(drawn_rows["census"].iloc[-1])
    chart_id = f"decomposition-{role.id_part}"
    columns = {
        "census": Column("Census", "the later census of the quarter"),
        "from_census": Column("From", "the earlier census of the quarter"),
        "change_fte": Column("Change", "change in FTE as reported", "FTE", 1, "note", signed=True),
        "in_both_fte": Column("In both", "change in PCNs that reported at both", "FTE", 1, "note", signed=True),
        "newly_reporting_fte": Column(
            "Only at the later", "FTE of PCNs that reported only at the later", "FTE", 1, "note", signed=True
        ),
        "dropped_out_fte": Column(
            "Only at the earlier", "FTE of PCNs that reported only at the earlier", "FTE", 1, "note", signed=True
        ),
    }
    for name, label in _COUNTS.items():
        if name in rows:
            columns[name] = Column(f"PCNs {label}", f"number of PCNs {label}", "PCNs", 0, f"{name}_note")
    earlier = " Earlier quarters are in the table." if len(drawn_rows) < len(rows) else ""
    gap = " Quarters without an extract at both ends are empty." if drawn_rows["change_fte"].isna().any() else ""
    return drawn(
        partial(decomposition_chart, rows),
        id=chart_id,
        title=_title(rows, facts, role),
        subtitle=say(
            "Change in full-time equivalents (FTE) of {who} over each quarter, by whether the PCN reported at both "
            "ends; diamonds mark the total; England, {span}. PCNs at one end only began or stopped reporting, or were "
            "formed, closed or given another code." + gap + earlier,
            who=who,
            span=between(first, last),
        ),
        alternative=_alternative(drawn_rows, who),
        table=Table(
            f"chart-{chart_id}",
            f"Change in FTE of {who} over each quarter by who reported, England, "
            f"{span(str(rows['from_census'].iloc[0]), last)}",
            rows,
            columns,
        ),
    )


def _title(rows: pd.DataFrame, facts: Facts, role: RoleWords) -> Prose:
    who = role.short
    known = rows[rows["change_fte"].notna()]
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
        both=facts[f"change_in_both.fte.{role.code}.{ENGLAND}.{start}.{end}"],
        change=facts[f"change.fte.{role.code}.{ENGLAND}.{start}.{end}"],
    )
    # Only when the quarters fall into two runs is there one month that divides them.
    if until is not None and until < end and bool(mostly_new[known["census"] <= until].all()):
        return say(
            "Up to {until}, most of the growth was in PCNs that did not report a quarter before; {latest}",
            until=month(until),
            latest=latest,
        )
    what = "Growth" if change > 0 else "Change"
    return say(f"{what} of {{who}}: {{latest}}", who=who, latest=latest)


def _alternative(rows: pd.DataFrame, who: str) -> str:
    known = rows[rows["change_fte"].notna()]
    quarters = "one quarter" if len(rows) == 1 else f"{len(rows)} quarters"
    sentences = [
        f"Stacked bar chart of the change in full-time equivalents of {who} in England over {quarters}.",
    ]
    for column, label in (("change_fte", "Total"), *_PARTS.items()):
        largest = known.iloc[int(known[column].abs().argmax())]
        latest = known.iloc[-1]
        sentences.append(
            f"{label}: {amount(latest[column], 'FTE', 0, signed=True)} in the latest quarter, to "
            f"{month_label(str(latest['census']))}; largest {amount(largest[column], 'FTE', 0, signed=True)}, to "
            f"{month_label(str(largest['census']))}."
        )
    newly = known.loc[known["newly_reporting_fte"] > known["in_both_fte"], "census"].tolist()
    more = f"in the quarters to {named_months(newly)}" if newly else "in no quarter"
    sentences.append(f"PCNs only at the later end brought more than PCNs in both gained {more}.")
    gaps = rows.loc[rows["change_fte"].isna(), "census"].tolist()
    if gaps:
        sentences.append(f"No figure for the quarters to {named_months(gaps)}.")
    return " ".join(sentences)


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
            bars.append({**_covered(row), "part": part, "value": start, "upto": start + size, "words": words})
    return bars


def _covered(row: Mapping[Any, Any]) -> dict[str, object]:
    """From when to when the bar of a quarter stands."""
    start, end = utc_ms(str(row["from_census"])), utc_ms(str(row["census"]))
    inset = int(_BAR_INSET * (end - start))
    return {"census": row["census"], "when": start + inset, "until": end - inset}


def _totals(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "when": (utc_ms(row["from_census"]) + utc_ms(row["census"])) // 2,
            "value": float(row["change_fte"]),
            "words": f"{_interval(row)}: {amount(row['change_fte'], 'FTE', 1, signed=True)}, total change",
        }
        for row in rows.to_dict("records")
        if pd.notna(row["change_fte"])
    ]


def _interval(row: Mapping[Any, Any]) -> str:
    return f"{short_label(str(row['from_census']))} to {short_label(str(row['census']))}"


def _labels(rows: pd.DataFrame, bars: list[dict[str, object]]) -> list[EndLabel]:
    """Labels of the last quarter with figures: each beside its bar, or beside zero where the part is nothing."""
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
