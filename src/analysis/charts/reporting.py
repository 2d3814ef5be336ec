"""Charts of who reported: how many PCNs, and whether those that began to are like the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from analysis.charts.data import between, by_census, census_table, select, tidy
from analysis.charts.figure import figure
from analysis.charts.lines import line
from analysis.charts.text_alternative import describe
from analysis.columns import ENGLAND
from analysis.facts.fact import Facts, Status, as_text
from analysis.markup.prose import Prose, month, say, term
from analysis.tables.table import Column

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from analysis.registers.roles import RoleWords

_NAME = "Reporting"


def coverage_chart(rows: pd.DataFrame) -> alt.LayerChart:
    """Draw the share of PCNs that reported, up to 100%; where no share is known, how many reported."""
    if rows["reporting_share_pct"].isna().all():
        return line(tidy(rows, {"pcns_reporting": _NAME}, "pcns"), "pcns", series="series", unit="PCNs")
    frame = tidy(rows, {"reporting_share_pct": _NAME}, "share", {"reporting_share_pct": "of_active"})
    chart = line(frame, "share", series="series", unit="%", decimals=1, beside="beside")
    return chart.encode(y=alt.Y("share:Q", title="%", scale=alt.Scale(domain=[0, 100])))


def coverage(coverage: pd.DataFrame, *, facts: Facts) -> alt.LayerChart:
    """Chart the share of England's active PCNs that reported at each census.

    Parameters
    ----------
    coverage
        The measure ``coverage``.
    facts
        Uses ``pcns_reporting.ENG.<census>`` and ``pcns_active.ENG.<census>`` of the first and last census.

    Raises
    ------
    UsageError
        When the frame has no row for England, or a fact is not there.
    """
    notes = {
        "reporting_share_pct": "reporting_share_note",
        "pcns_active": "pcns_active_note",
        "pcns_expected": "pcns_expected_note",
        "pcns_reporting": "pcns_reporting_note",
    }
    rows = by_census(select(coverage, "coverage", area_code=ENGLAND), notes, "coverage")
    rows["of_active"] = [f"{as_text(row['pcns_reporting'])} of {_whole(row)} PCNs" for row in rows.to_dict("records")]
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    active_known = rows["reporting_share_pct"].notna().any()
    return figure(
        coverage_chart(rows),
        id="coverage",
        title=_coverage_title(rows, facts),
        subtitle=say(
            "Share of primary care networks (PCNs) with at least one row in any role, England, {span}"
            if active_known
            else "Number of primary care networks (PCNs) with at least one row in any role, England, {span}. How many "
            "networks there were is not known.",
            span=between(first, last),
        ),
        alternative=" ".join(
            [
                "Line chart of networks that reported, by census, England.",
                describe(rows["reporting_share_pct"], "Share of networks", "%", 1) if active_known else "",
                describe(rows["pcns_reporting"], "Networks that reported", "networks"),
            ]
        ),
        table=census_table(
            "coverage",
            "Networks that reported, England",
            rows,
            {
                "pcns_reporting": Column("Reporting", "networks with any row", "PCNs", 0, "pcns_reporting_note"),
                "pcns_active": Column("Active", "active networks, as published", "PCNs", 0, "pcns_active_note"),
                "pcns_expected": Column("Expected", "active networks, or an estimate", "PCNs", 0, "pcns_expected_note"),
                "reporting_share_pct": Column("Share", "reporting of expected", "%", 1, "reporting_share_note"),
            },
        ),
    )


def _whole(row: Mapping[Hashable, Any]) -> str:
    """How many PCNs could have reported: those active, else an estimate that is called one."""
    known = not pd.isna(row["pcns_active"])
    return as_text(row["pcns_active"]) if known else f"an estimated {as_text(row['pcns_expected'])}"


def _coverage_title(rows: pd.DataFrame, facts: Facts) -> Prose:
    name, column = ("coverage", "reporting_share_pct")
    if rows[column].isna().all():
        name, column = "pcns_reporting", "pcns_reporting"
    known = rows[column].dropna()
    if known.empty:
        return say("The data do not say how many networks reported")
    first, last = str(known.index[0]), str(known.index[-1])
    now = facts[f"{name}.{ENGLAND}.{last}"]
    title = say(
        "{estimated}{now}{of} networks reported in {at}",
        estimated="An estimated " if now.status is Status.ESTIMATED else "",
        now=now,
        of=" of" if name == "coverage" else "",
        at=month(last),
    )
    if first == last:
        return title
    then = facts[f"{name}.{ENGLAND}.{first}"]
    went = "up from" if known[last] > known[first] else "down from" if known[last] < known[first] else "the same as the"
    return say("{title}, {went} {then} in {first}", title=title, went=went, then=then, first=month(first))


def entrants_chart(rows: pd.DataFrame) -> alt.LayerChart:
    """Draw the median FTE of incumbents and of newly reporting PCNs."""
    names = {"median_incumbent": "Reported before", "median_newly_reporting": "Newly reporting"}
    frame = tidy(rows, names, "median_fte")
    return line(frame, "median_fte", series="series", unit="FTE per PCN", decimals=2)


def entrants(entrants: pd.DataFrame, *, facts: Facts, role: RoleWords) -> alt.LayerChart:
    """Chart whether PCNs that begin to report are like those that reported before: what scaling up by PCNs assumes.

    Parameters
    ----------
    entrants
        The measure ``entrants``.
    facts
        Uses ``median_newly_reporting.<role>.ENG.<census>`` and ``median_incumbent.<role>.ENG.<census>`` of
        the last census with both.
    role
        The role or group, with its words.

    Raises
    ------
    UsageError
        When the frame has no row for the role, or a fact is not there.
    """
    who = role.short
    columns = {
        "median_incumbent": Column(
            "Reported before",
            "median FTE of networks that reported at the census before, too",
            "FTE per PCN",
            2,
            "incumbent_note",
        ),
        "median_newly_reporting": Column(
            "Newly reporting",
            "median FTE of networks that did not report at the census before",
            "FTE per PCN",
            2,
            "new_note",
        ),
    }
    counts = {
        "pcns_incumbent": Column(
            "Networks that reported before",
            "networks that reported at both censuses",
            "PCNs",
            0,
            "incumbent_count_note",
        ),
        "pcns_newly_reporting": Column(
            "Networks newly reporting", "networks that did not report before", "PCNs", 0, "new_count_note"
        ),
    }
    notes = {name: str(column.note) for name, column in {**columns, **counts}.items()}
    chosen = select(entrants, "entrants", role=role.code)
    # No newcomer, no mean of newcomers: the figure does not apply, where it is not for lack of a census.
    chosen = chosen.assign(**{note: chosen[name].isna().map({True: "[z]", False: ""}) for name, note in notes.items()})
    rows = by_census(chosen, notes, "entrants")
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    both = rows[list(columns)].dropna()
    if both.empty:
        title = say("No network began to report between two censuses")
    else:
        at = str(both.index[-1])
        new, old = (float(both[name].iloc[-1]) for name in ("median_newly_reporting", "median_incumbent"))
        words = "fewer" if new < old else "no fewer"
        title = say(
            f"Networks that began to report by {{at}} had {words} {{who}} than the rest: a median of {{new}} FTE "
            "against {old}",
            who=who,
            new=facts[f"median_newly_reporting.{role.code}.{ENGLAND}.{at}"],
            old=facts[f"median_incumbent.{role.code}.{ENGLAND}.{at}"],
            at=month(at),
        )
    fewer = int((both["median_newly_reporting"] < both["median_incumbent"]).sum())
    chart_id = f"entrants-{role.id_part}"
    return figure(
        entrants_chart(rows),
        id=chart_id,
        title=title,
        subtitle=say(
            "{median} full-time equivalents (FTE) of {who} per network, England, {span}: half of the networks are at "
            "or below it. Newly reporting networks did not report at the census before. Networks without any are "
            "included.",
            median=term("Median"),
            who=who,
            span=between(first, last),
        ),
        alternative=" ".join(
            [
                f"Line chart of the median full-time equivalents of {who} per network in England.",
                *(describe(rows[name], column.label, "FTE per PCN", 2) for name, column in columns.items()),
                f"Newly reporting networks have the lower median at {fewer} of {len(both)} censuses.",
            ]
        ),
        table=census_table(
            chart_id,
            f"Median FTE of {who} per network, newly reporting and reporting before, England",
            rows,
            {**columns, **counts},
        ),
    )
