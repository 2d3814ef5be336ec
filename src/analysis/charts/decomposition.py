"""Each quarter's change by which PCNs report: at both ends, at the later one only, at the earlier one only.

A bar covers the three months of its change on an axis of time. Changes over a month or over years are of other sizes by
their nature and are not drawn beside it. A quarter of which a census is missing stays empty.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from analysis.charts.data import NothingToDrawError, between, break_notes, require, select
from analysis.charts.figure import figure
from analysis.charts.labels import EndLabel, end_labels
from analysis.charts.layers import at, layered
from analysis.charts.layers import rows as own_rows
from analysis.charts.text_alternative import amount, named_months, span
from analysis.charts.theme import INK, PALETTE
from analysis.charts.time_axis import time_axis
from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, dated, month, say
from analysis.periods import month_label, quarters_until, short_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.registers.breaks import Break
    from analysis.registers.roles import RoleWords

MOST_BARS = 28  # seven years of quarters: more bars than this are too thin to compare; the table has all
_PARTS = {
    "in_both_fte": "Reported at both",
    "newly_reporting_fte": "Only at the later",
    "dropped_out_fte": "Only at the earlier",
}
_EVERY = "Up to {end}, most of each quarter’s rise in {who} came from networks {where}"
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


def decomposition_chart(rows: pd.DataFrame) -> alt.LayerChart:
    """Draw :func:`decomposition_rows` as stacked bars, losses below zero, the total as a diamond."""
    rows = rows.tail(MOST_BARS)
    bars, totals = _bars(rows), _totals(rows)
    x, y = "census", "change_fte"
    parts = list(_PARTS.values())
    colour = alt.Color("part:N", legend=None, scale=alt.Scale(domain=parts))
    bar = alt.Chart(bars).mark_rect(stroke="white", strokeWidth=0.5, xOffset=2, x2Offset=-2)
    total = alt.Chart(totals).mark_point(shape="diamond", size=70, fill="white", stroke=INK, strokeWidth=1.5)
    zero = own_rows({y: 0}).mark_rule(aria=False)
    layers = [
        alt.Chart().mark_point(opacity=0, aria=False).encode(**at(y="0")),  # quarters without a bar have their room
        bar.encode(x="from_census:T", x2="census:T", y2="upto:Q", color=colour, description="description:N"),
        zero.encode(**at(x="0", x2="width")),
        total.encode(x="middle:T", description="description:N"),
        *end_labels(_labels(rows, bars, totals)),
    ]
    censuses = sorted({*rows["from_census"], *rows["census"]})
    return layered(
        layers,
        pd.DataFrame({x: censuses}),
        x=time_axis(x, censuses),
        y=alt.Y(f"{y}:Q", title="FTE", axis=alt.Axis(tickCount=5)),
    )


def decomposition(decomposition: pd.DataFrame, *, role: RoleWords, breaks: Iterable[Break] = ()) -> alt.LayerChart:
    """Chart the change in FTE over each quarter by who reported, England.

    Parameters
    ----------
    decomposition
        The measure ``decomposition``; changes over other spans than a quarter are left out.
    role
        The role or group, with its words.
    breaks
        Breaks to tell of where a quarter crosses one, such as ``breaks.breaks_between(first, last, "fte")``.

    Raises
    ------
    UsageError
        When the frame has no row for the role.
    """
    who = role.short
    rows, breaks = decomposition_rows(decomposition, role=role.code), tuple(breaks)
    known = rows.dropna(subset="change_fte")
    crossings = [
        (str(end), entry)
        for start, end in zip(known["from_census"], known["census"], strict=True)
        for entry in breaks
        if start < entry.census <= end
    ]
    drawn_rows = rows.tail(MOST_BARS)
    first, last = str(drawn_rows["from_census"].iloc[0]), str(drawn_rows["census"].iloc[-1])
    chart_id = f"decomposition-{role.id_part}"
    columns = {
        "census": Column("Census", "the later census of the quarter"),
        "from_census": Column("From", "the earlier census of the quarter"),
        "change_fte": Column("Change", "change in FTE as reported", "FTE", 1, "note", signed=True),
        "in_both_fte": Column("In both", "change in networks that reported at both", "FTE", 1, "note", signed=True),
        "newly_reporting_fte": Column(
            "Only at the later", "FTE of networks that reported only at the later", "FTE", 1, "note", signed=True
        ),
        "dropped_out_fte": Column(
            "Only at the earlier", "FTE of networks that reported only at the earlier", "FTE", 1, "note", signed=True
        ),
    }
    for name, label in _COUNTS.items():
        if name in rows:
            columns[name] = Column(f"Networks {label}", f"number of networks {label}", "PCNs", 0, f"{name}_note")
    earlier = " Earlier quarters are in the table." if len(drawn_rows) < len(rows) else ""
    gap = " Quarters without an extract at both ends are empty." if drawn_rows["change_fte"].isna().any() else ""
    broken = "".join(
        f" The change over the quarter to {month_label(census)} crosses a break in the series."
        for census in dict.fromkeys(census for census, _ in crossings)
    )
    return figure(
        decomposition_chart(rows),
        id=chart_id,
        title=_title(rows, role),
        subtitle=say(
            "Change in full-time equivalents (FTE) of {who} over each quarter, by which networks reported, England, "
            "{span}. Diamonds mark the total. A network that reported at one end only began or stopped reporting, or "
            "was formed, closed or given another code." + gap + earlier + "{broken}",
            who=who,
            broken=dated(broken),
            span=between(first, last),
        ),
        alternative=_alternative(drawn_rows, who) + broken,
        table=Table(
            f"chart-{chart_id}",
            f"Change in FTE of {who} over each quarter by who reported, England, "
            f"{span(str(rows['from_census'].iloc[0]), last)}",
            rows,
            columns,
            notes=break_notes(entry for _, entry in crossings),
        ),
    )


def _title(rows: pd.DataFrame, role: RoleWords) -> Prose:
    """The finding over all quarters with figures: where most of the rise came from, and until when that was so."""
    who = role.short
    known = rows[rows["change_fte"].notna()]
    end = str(known["census"].iloc[-1])
    # Growth is said of growth: a part of a fall, or more than all of a rise that others undid, is no share of it.
    rose = known["change_fte"] > 0
    mostly_new = rose & (known["newly_reporting_fte"] > known["in_both_fte"].clip(lower=0))
    mostly_both = rose & (known["in_both_fte"] > known["newly_reporting_fte"])
    if bool(mostly_new.all()):
        return say(_EVERY, who=who, where="newly reporting", end=month(end))
    if bool(mostly_both.all()):
        return say(_EVERY, who=who, where="already reporting", end=month(end))
    # Only when the quarters fall into two runs is there one month that divides them.
    until = str(known.loc[mostly_new, "census"].max()) if mostly_new.any() else None
    before = known["census"] <= (until or "")
    if until is not None and until < end and bool(mostly_new[before].all() and mostly_both[~before].all()):
        # The end is named: quarters after it may lack an extract, and nothing is said of them.
        return say(
            "Newly reporting networks brought most of each quarter’s rise in {who} up to {until}; networks already "
            "reporting brought most from then to {end}",
            end=month(end),
            who=who,
            until=month(until),
        )
    if not rose.any():
        return say("Reported {who} did not rise in any quarter up to {end}", end=month(end), who=who)
    return say("How much of each quarter’s change in {who} came from networks that began or stopped reporting", who=who)


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
    sentences.append(f"Networks only at the later end brought more than networks at both gained {more}.")
    gaps = rows.loc[rows["change_fte"].isna(), "census"].tolist()
    if gaps:
        sentences.append(f"No figure for the quarters to {named_months(gaps)}.")
    return " ".join(sentences)


def _bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Each part as a bar from ``change_fte`` to ``upto``: gains stacked upwards from zero, losses downwards."""
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
            ends = {"from_census": row["from_census"], "census": row["census"]}
            bars.append({**ends, "part": label, "change_fte": start, "upto": start + size, "description": words})
    return pd.DataFrame(bars, columns=["from_census", "census", "part", "change_fte", "upto", "description"])


def _totals(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows[rows["change_fte"].notna()]
    return pd.DataFrame(
        {
            "middle": [_middle(row) for row in known.to_dict("records")],
            "change_fte": known["change_fte"].to_numpy(),
            "description": [
                f"{_interval(row)}: {amount(row['change_fte'], 'FTE', 1, signed=True)}, total change"
                for row in known.to_dict("records")
            ],
        }
    )


def _middle(row: Mapping[Any, Any]) -> str:
    """The day half way between the two months as the axis counts them, from their first days."""
    start, end = (dt.date.fromisoformat(f"{row[name]}-01") for name in ("from_census", "census"))
    return (start + (end - start) / 2).isoformat()


def _interval(row: Mapping[Any, Any]) -> str:
    return f"{short_label(str(row['from_census']))} to {short_label(str(row['census']))}"


def _labels(rows: pd.DataFrame, bars: pd.DataFrame, totals: pd.DataFrame) -> list[EndLabel]:
    """Labels of the last quarter with figures: each beside its bar, or beside zero where the part is nothing."""
    if totals.empty:
        return []
    last = rows[rows["change_fte"].notna()].iloc[-1]
    at_edge = last["census"] == rows["census"].iloc[-1]
    when = "" if at_edge else f" to {short_label(str(last['census']))}"
    drawn = bars[bars["census"] == last["census"]].set_index("part")
    centres = (drawn["change_fte"] + drawn["upto"]) / 2
    colours = dict(zip(_PARTS.values(), PALETTE, strict=False))
    labels = [
        EndLabel(f"Diamond, total{when}: {_whole(last['change_fte'])}", float(last["change_fte"]), joined=at_edge)
    ]
    for part, label in _PARTS.items():
        text = f"{label}{when}: {_whole(last[part])}"
        look = {"color": alt.ColorValue(colours[label])}
        labels.append(EndLabel(text, float(centres.get(label, 0.0)), look=look, joined=at_edge and label in centres))
    return labels


def _whole(value: float) -> str:
    return amount(value, "", 0, signed=True)
