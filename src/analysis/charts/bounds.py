"""What coverage leaves open: the figure as reported, of a matched panel, and scaled up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.charts.data import (
    beside,
    between,
    break_moments,
    break_notes,
    breaks_within,
    by_census,
    census_table,
    select,
    tidy,
)
from analysis.charts.figure import figure
from analysis.charts.lines import line
from analysis.charts.text_alternative import describe, describe_breaks
from analysis.columns import ENGLAND
from analysis.facts.fact import Facts, as_text
from analysis.markup.prose import month, say
from analysis.periods import month_label
from analysis.tables.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    import altair as alt
    import pandas as pd

    from analysis.registers.breaks import Break
    from analysis.registers.roles import RoleWords

_SERIES = {
    "reported": "Reported",
    "grossed_pcns": "Scaled up by networks [e]",
    "panel_fte": "Matched panel",
    "grossed_patients": "Scaled up by patients [e]",
}


def bounds_rows(bounds: pd.DataFrame, *, role: str, panels: pd.DataFrame | None = None) -> pd.DataFrame:
    """FTE of England as reported, scaled up by PCNs and by patients and, with ``panels``, of one matched panel."""
    notes = {
        "reported": "note",
        "grossed_pcns": "grossed_pcns_note",
        "grossed_patients": "grossed_patients_note",
    }
    rows = by_census(select(bounds, "bounds", role=role, measure="fte"), notes, "bounds")
    if panels is not None:
        panel = by_census(select(panels, "panels", role=role), {"fte": "note"}, "panels")
        rows = rows.join(beside(rows, panel, {"fte": "panel_fte"}, "panel_note"))
    return rows


def bounds_chart(rows: pd.DataFrame, *, breaks: Iterable[Break] = ()) -> alt.LayerChart:
    """Draw :func:`bounds_rows`, with the range from reported to scaled up by PCNs shaded, and mark the breaks."""
    frame = tidy(rows, _SERIES, "fte")
    band = (_SERIES["reported"], _SERIES["grossed_pcns"])
    shaded = band if set(band) <= set(frame["series"]) else None
    return line(frame, "fte", series="series", unit="FTE", band=shaded, moments=break_moments(breaks))


def bounds(
    bounds: pd.DataFrame,
    *,
    facts: Facts,
    panels: pd.DataFrame | None = None,
    breaks: Iterable[Break] = (),
    role: RoleWords,
) -> alt.LayerChart:
    """Chart what coverage leaves open: FTE as reported, of a matched panel, and scaled up as an estimate.

    Parameters
    ----------
    bounds
        The measure ``bounds``; its rows of FTE are drawn.
    facts
        Uses ``fte.<role>.ENG.<census>`` and ``grossed_pcns.fte.<role>.ENG.<census>`` of the last census with both.
    panels
        Rows of the measure ``panels`` for one ``since``.
    breaks
        Breaks to mark, such as ``breaks.breaks_between(first, last, "fte")``.
    role
        The role or group, with its words.

    Raises
    ------
    UsageError
        When a frame has no row for the role, or a fact is not there.
    """
    who = role.short
    rows = bounds_rows(bounds, role=role.code, panels=panels)
    breaks = breaks_within(breaks, rows.dropna(subset="reported"))
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    columns = {
        "reported": Column("Reported", "sum of what was reported: a lower bound", "FTE", 1, "note"),
        "grossed_pcns": Column(
            "Scaled up by networks", "as if every network had reported", "FTE", 1, "grossed_pcns_note"
        ),
        "grossed_patients": Column(
            "Scaled up by patients",
            "as if networks with all patients had reported",
            "FTE",
            1,
            "grossed_patients_note",
        ),
    }
    sentences = [f"Line chart of full-time equivalents of {who} in England, reported and estimated."]
    if panels is not None:
        columns["panel_fte"] = Column("Matched panel", "the same networks at every census", "FTE", 1, "panel_note")
    sentences += [
        describe(rows[name], column.label, "FTE")
        for name, column in columns.items()
        if name == "reported" or rows[name].notna().any()
    ]
    both = rows[["reported", "grossed_pcns"]].dropna()
    if both.empty:
        title = say("How many {who} the missing networks may have is not known", who=who)
    else:
        at = str(both.index[-1])
        gap = float(both["grossed_pcns"].iloc[-1] - both["reported"].iloc[-1])
        before = float(both["grossed_pcns"].iloc[0] - both["reported"].iloc[0])
        at_first = f"{as_text(before)} FTE wide in {month_label(str(both.index[0]))} and " if len(both) > 1 else ""
        sentences.append(
            f"The shaded range between reported and scaled up is {at_first}{as_text(gap)} FTE wide in "
            f"{month_label(at)}."
        )
        title = say(
            "In {at} networks reported {reported} FTE of {who}; if all had reported, it might be {grossed}",
            at=month(at),
            who=who,
            reported=facts[f"fte.{role.code}.{ENGLAND}.{at}"],
            grossed=facts[f"grossed_pcns.fte.{role.code}.{ENGLAND}.{at}"],
        )
    sentences += describe_breaks(breaks)
    chart_id = f"bounds-{role.id_part}"
    return figure(
        bounds_chart(rows, breaks=breaks),
        id=chart_id,
        title=title,
        subtitle=say(
            "Full-time equivalents (FTE) of {who}, England, {span}."
            + (
                ""
                if both.empty
                else " The shaded range lies between the reported figure and the estimate [e]. It is not a confidence "
                "interval, because nothing is sampled."
            ),
            who=who,
            span=between(first, last),
        ),
        alternative=" ".join(sentences),
        table=census_table(
            chart_id,
            f"FTE of {who}, reported and estimated, England",
            rows,
            columns,
            notes=break_notes(breaks),
        ),
    )
