"""Charts of change: the increase from each baseline against a promised one, and the decomposition of each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from analysis.charts.lines import Goal, line
from analysis.charts.text_alternative import describe, describe_breaks, describe_crossing
from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, dated, listed, month, moved, say, without_sign
from analysis.periods import month_label, short_label
from analysis.tables.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import altair as alt
    import pandas as pd

    from analysis.facts.fact import Facts
    from analysis.registers.breaks import Break
    from analysis.registers.roles import RoleWords


def increase_rows(
    totals: pd.DataFrame, *, role: str, baselines: Sequence[str], breaks: Iterable[Break] = ()
) -> pd.DataFrame:
    """FTE of England since the first baseline, and for each baseline its increase ``since_<baseline>_fte``.

    Before its baseline an increase is ``[z]``; where one of the two figures is missing it is ``[x]``, and across one of
    ``breaks`` ``[b]``. Baselines after the last census are left out.
    """
    starts = [entry.census for entry in breaks]
    rows = by_census(select(totals, "totals", area_code=ENGLAND, role=role), {"fte": "note"}, "totals")
    inside = [baseline for baseline in sorted(baselines) if baseline <= rows["census"].iloc[-1]]
    rows = rows[rows["census"] >= min(inside, default=rows["census"].iloc[-1])].copy()
    for baseline in inside:
        start = rows["fte"].get(baseline)
        column = f"since_{baseline}_fte"
        rows[column] = (rows["fte"] - (float("nan") if start is None else start)).where(rows["census"] >= baseline)
        rows[f"{column}_note"] = ["[z]" if census < baseline else "[x]" for census in rows["census"]]
        crossed = ["[b]" if any(baseline < at <= census for at in starts) else "" for census in rows["census"]]
        rows[f"{column}_note"] = rows[f"{column}_note"].where(rows[column].isna(), crossed)
    return rows


def increase_chart(rows: pd.DataFrame, *, goal: Goal | None = None, breaks: Iterable[Break] = ()) -> alt.LayerChart:
    """Draw the increases of :func:`increase_rows`, the goal and its month, and mark the breaks."""
    names = {column: f"From {short_label(baseline)}" for baseline, column in _increases(rows)}
    moments = [(goal.due, f"due {short_label(goal.due)}")] if goal and goal.due else []
    moments += break_moments(breaks)
    frame = tidy(rows, names, "increase")
    return line(frame, "increase", series="series", unit="FTE", signed=True, goal=goal, moments=moments)


def increase(
    totals: pd.DataFrame,
    *,
    facts: Facts,
    goal: Goal,
    baselines: Sequence[str],
    role: RoleWords,
    breaks: Iterable[Break] = (),
    key: str = "",
) -> alt.LayerChart:
    """Chart how far a role has grown from each baseline, against the increase that was promised.

    Parameters
    ----------
    totals
        The measure ``totals``.
    facts
        Before the goal's month, uses ``change.fte.<role>.ENG.<baseline>.<census>`` for the earliest and the latest
        baseline where they are there, else ``fte.<role>.ENG.<census>``. After it, the title names the baselines.
    goal
        The increase promised.
    baselines
        Censuses to count from, at most four.
    role
        The role or group, with its words.
    breaks
        Breaks to mark, such as ``breaks.breaks_between(first, last, "fte")``.
    key
        What the chart's id ends in, where the role's code is not enough: two targets of one role have two charts.

    Raises
    ------
    NothingToDrawError
        When no baseline and later census have figures.
    UsageError
        When ``totals`` has no row for the role, or a fact is not there.
    """
    who = role.short
    rows = increase_rows(totals, role=role.code, baselines=baselines, breaks=(given := tuple(breaks)))
    breaks = breaks_within(given, rows.dropna(subset="fte"))
    if not any((rows.loc[rows["census"] > baseline, column]).notna().any() for baseline, column in _increases(rows)):
        raise NothingToDrawError(
            f"There is no increase of {role.code} from any of {', '.join(baselines)} to draw.",
            "Put the extracts or the bulletin tables of a baseline and of a later census with the others.",
            "the data hold no baseline with a later census",
        )
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    chart_id = f"increase-{key or role.id_part}"
    sentences = [
        f"Line chart of the increase in full-time equivalents of {who} in England, counted from each baseline."
    ]
    columns = {"fte": Column("As reported", "full-time equivalents of all rows", "FTE", 1, "note")}
    for baseline, column in _increases(rows):
        label = f"From {month_label(baseline)}"
        sentences.append(describe(rows[column], label, "FTE", signed=True))
        if rows[column].notna().any():
            sentences.append(describe_crossing(rows[column], goal.value, f"the line of +{goal.value:,.0f} FTE"))
        columns[column] = Column(
            label, f"increase since {month_label(baseline)}", "FTE", 1, f"{column}_note", signed=True
        )
    sentences += describe_breaks(breaks)
    return figure(
        increase_chart(rows, goal=goal, breaks=breaks),
        id=chart_id,
        title=_increase_title(rows, facts, goal, role),
        subtitle=say(
            "Increase in full-time equivalents (FTE) of {who} since each baseline, networks that reported, England, "
            "{span}. Part of it can be networks that began to report.",
            who=dated(who),
            span=between(first, last),
        ),
        alternative=" ".join(sentences),
        table=census_table(
            chart_id,
            f"Increase in FTE of {who} by baseline, England",
            rows,
            columns,
            notes=break_notes(breaks),
        ),
    )


def _increases(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Baseline and column of each increase in ``rows``."""
    columns = [column for column in map(str, rows) if column.startswith("since_") and column.endswith("_fte")]
    return [(column.split("_")[1], column) for column in columns]


def _increase_title(rows: pd.DataFrame, facts: Facts, goal: Goal, role: RoleWords) -> Prose:
    who = role.short
    known = rows["fte"].dropna().index
    usable = [(b, column) for b, column in _increases(rows) if rows[column].notna().any() and b < known[-1]]
    due = goal.due or str(known[-1])
    # The first census from the month on that was taken: one that is missing is not replaced by a later one.
    taken = next((str(census) for census in rows["census"] if census >= due), None)
    if taken is not None and taken not in known:
        missing = "There is no figure of {who} for {at}, the census from which the increase could be judged"
        return say(missing, who=dated(who), at=month(taken))
    at = taken or str(known[-1])
    usable = [(b, column) for b, column in usable if b < at] or usable
    words: dict[str, Any] = {"who": dated(who), "at": month(at)}
    if at < due:
        return _so_far(words, facts, role, [baseline for baseline, _ in usable], at)
    above = [baseline for baseline, column in usable if rows[column].get(at, float("nan")) >= goal.value]
    below = [baseline for baseline, _ in usable if baseline not in above]
    if above and below:
        return say(
            "By {at}, reported {who} had grown by the promised increase from {above}, but not from {below}",
            **words,
            above=listed([month(census) for census in above]),
            below=listed([month(census) for census in below], "or"),
        )
    # "Each" and "any" are said of all baselines: where the data lack one, the others are named.
    whole = len(usable) == len(_increases(rows))
    each = say("each baseline") if whole else listed([month(census) for census in above])
    none = say("any baseline") if whole else listed([month(census) for census in below], "or")
    had = "had grown by the promised increase from {which}"
    had_not = "had not grown by the promised increase from {which}"
    return say(f"By {{at}}, reported {{who}} {had if above else had_not}", **words, which=each if above else none)


def _so_far(words: dict[str, Any], facts: Facts, role: RoleWords, baselines: list[str], at: str) -> Prose:
    """The change from the earliest and the latest baseline, before the target was due.

    There are facts of changes only between censuses with individual-level extracts; else the level must do.
    """
    changes = {
        baseline: facts[fact_id]
        for baseline in dict.fromkeys((baselines[0], baselines[-1]))
        if (fact_id := f"change.fte.{role.code}.{ENGLAND}.{baseline}.{at}") in facts
    }
    if not changes:
        level = facts[f"fte.{role.code}.{ENGLAND}.{at}"]
        return say("By {at}, before the target was due, reported {who} stood at {level} FTE", **words, level=level)
    parts = [
        say(
            "{changed} since {baseline}",
            changed=moved(change, "risen by", "fallen by", "not changed"),
            baseline=month(baseline),
        )
        for baseline, change in changes.items()
    ]
    first, *others = changes.items()
    if others and all((change.value or 0) * (first[1].value or 0) > 0 for _, change in others):
        parts[1:] = [say("by {n} since {base}", n=without_sign(change), base=month(base)) for base, change in others]
    return say("By {at}, before the target was due, reported {who} had {parts}", **words, parts=listed(list(parts)))
