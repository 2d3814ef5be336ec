"""How much of the work is done by staff of PCNs, and how much is contracted from other organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts.data import (
    NothingToDrawError,
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
from analysis.markup.prose import listed, month, say
from analysis.tables.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    import altair as alt

    from analysis.facts.fact import Facts
    from analysis.registers.breaks import Break
    from analysis.registers.roles import RoleWords

_FTE_STAFF = Column("Staff only", "full-time equivalents of staff rows", "FTE", 1, "split_note")
_FTE_CONTRACTED = Column("Contracted services", "full-time equivalents of contracted rows", "FTE", 1, "split_note")
_NOTES = {
    "fte": "note",
    "fte_staff": "split_note",
    "fte_contracted": "split_note",
    "direct_share_pct": "direct_share_note",
}
_FEWEST_CENSUSES = 2


def direct_chart(rows: pd.DataFrame, *, breaks: Iterable[Break] = ()) -> alt.LayerChart:
    """Draw ``fte_staff`` and ``fte_contracted`` with their shares (``staff_words``, ``contracted_words``)."""
    names = {"fte_staff": "Staff", "fte_contracted": "Contracted"}
    shares = {"fte_staff": "staff_words", "fte_contracted": "contracted_words"}
    frame = tidy(rows, names, "fte", shares)
    return line(frame, "fte", series="series", unit="FTE", moments=break_moments(breaks), beside="beside")


def direct_share(
    totals: pd.DataFrame,
    *,
    facts: Facts,
    breaks: Iterable[Break] = (),
    breaks_of_fte: Iterable[Break] = (),
    role: RoleWords,
) -> alt.LayerChart:
    """Chart FTE of staff beside FTE of contracted services, England, with the share of each.

    ``breaks`` are those of the share (``direct_share_pct``), which the chart is about: the title names them and the
    drawing marks them. ``breaks_of_fte`` are those of the two amounts: the table marks their figures and says why.

    Uses ``direct_share_pct.<role>.ENG.<census>`` of the first and last census with both figures.

    Raises
    ------
    NothingToDrawError
        When fewer than two censuses have a share: one alone is a sentence, and no chart.
    UsageError
        When the role has no row, or a fact is not there.
    """
    who = role.short
    rows = by_census(select(totals, "totals", area_code=ENGLAND, role=role.code), _NOTES, "totals")
    of_share, of_staff = rows.dropna(subset="direct_share_pct"), rows.dropna(subset="fte_staff")
    if len(of_share) < _FEWEST_CENSUSES:
        raise NothingToDrawError(
            f"There are no two censuses that tell staff from contracted services of {role.short}.",
            "Add the individual-level extracts of two censuses: bulletin tables do not divide the two.",
            "fewer than two censuses have an individual-level extract",
        )
    breaks = breaks_within(breaks, of_share)
    breaks_in_table = breaks_within(dict.fromkeys([*breaks, *breaks_of_fte]), of_staff)
    rows["staff_share_pct"], rows["contracted_share_pct"] = rows["direct_share_pct"], 100 - rows["direct_share_pct"]
    for part in ("staff", "contracted"):
        rows[f"{part}_words"] = [f"{share:.0f}%" if pd.notna(share) else "" for share in rows[f"{part}_share_pct"]]
    known = rows["staff_share_pct"].dropna()
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    start, end = str(known.index[0]), str(known.index[-1])
    crossed = [entry for entry in breaks if start < entry.census <= end]
    title = say(
        "{later} of the FTE of {who} were networks’ own staff in {end}, {went} {earlier} in {start}"
        + ("; how it is recorded changed in {broken}" if crossed else ""),
        went="up from"
        if known[end] > known[start]
        else "down from"
        if known[end] < known[start]
        else "the same as the",
        broken=listed([month(entry.census) for entry in crossed]),
        who=who,
        later=facts[f"direct_share_pct.{role.code}.{ENGLAND}.{end}"],
        end=month(end),
        earlier=facts[f"direct_share_pct.{role.code}.{ENGLAND}.{start}"],
        start=month(start),
    )
    share = "share of FTE"
    return figure(
        direct_chart(rows, breaks=breaks),
        id=f"direct-{role.id_part}",
        title=title,
        subtitle=say(
            "Full-time equivalents (FTE) of {who}: networks’ own staff and contracted services, with the share of "
            "each. Networks that reported, England, {span}",
            who=who,
            span=between(first, last),
        ),
        alternative=" ".join(
            [
                f"Line chart of full-time equivalents of {who} in England by kind of row.",
                describe(rows["fte_staff"], "Staff", "FTE"),
                describe(rows["fte_contracted"], "Contracted services", "FTE"),
                describe(rows["contracted_share_pct"], "Share of contracted services", "%", 1),
                *describe_breaks(breaks),
            ]
        ),
        table=census_table(
            f"direct-{role.id_part}",
            f"FTE of {who} by kind of row, England",
            rows,
            {
                "fte_staff": _FTE_STAFF,
                "fte_contracted": _FTE_CONTRACTED,
                "staff_share_pct": Column("Staff", share, "%", 1, "direct_share_note"),
                "contracted_share_pct": Column("Contracted services", share, "%", 1, "direct_share_note"),
            },
            notes=break_notes(breaks_in_table),
        ),
    )
