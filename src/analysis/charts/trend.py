"""Charts of how many there are: the trend against a target, one area, and staff beside contracted services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from analysis.charts.data import (
    NothingToDrawError,
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
from analysis.charts.layers import PLAIN
from analysis.charts.lines import Goal, line
from analysis.charts.text_alternative import describe, describe_breaks, describe_crossing
from analysis.columns import ENGLAND
from analysis.markup.prose import Prose, cited, dated, month, say
from analysis.periods import FIRST_CENSUS, months_between, short_label
from analysis.tables.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.facts.fact import Facts
    from analysis.registers.breaks import Break
    from analysis.registers.roles import RoleWords

_FTE = Column("As reported", "full-time equivalents of all rows", "FTE", 1, "note")
_FTE_STAFF = Column("Staff only", "full-time equivalents of staff rows", "FTE", 1, "split_note")
_SERIES = {"fte": "All reported", "fte_staff": "Staff only", "panel_fte": "Matched panel"}
_NOTES = {"fte": "note", "fte_staff": "split_note"}


def trend_chart(rows: pd.DataFrame, *, goal: Goal | None = None, breaks: Iterable[Break] = ()) -> alt.LayerChart:
    """Draw :func:`trend_rows`: as reported (solid), staff only and the matched panel (dashed)."""
    frame = tidy(rows, _SERIES, "fte")
    return line(frame, "fte", series="series", unit="FTE", goal=goal, moments=break_moments(breaks))


_EARLY = 0.4  # of the axis: half of the label is 75 of its 190 pixels in the narrow drawing
_BRIEF_HEIGHT_PX = 150  # with the tiles and the verdicts, the first screen of a phone holds no more


def trend_in_brief(totals: pd.DataFrame, *, goal: Goal | None = None, role: RoleWords, table_id: str) -> alt.LayerChart:
    """Chart the reported FTE of a role in England, small, for the first screen: target, peak and last value labelled.

    The table ``table_id`` of the page has its data.

    Raises
    ------
    UsageError
        When ``totals`` has no row for the role.
    NothingToDrawError
        When there are not two figures.
    """
    rows = trend_rows(totals, role=role.code)
    known = rows["fte"].dropna()
    if len(known) < 2:  # noqa: PLR2004 - one figure is no trend
        raise NothingToDrawError(
            f"There is no trend of {role.code} to draw.",
            "Put the extracts or the bulletin tables of an earlier census with the others.",
            "the data hold figures of one census only",
        )
    last, peak = str(known.index[-1]), str(known.idxmax())
    level = Goal(goal.label, goal.value) if goal else None
    chart = line(tidy(rows, {"fte": ""}, "fte"), "fte", series="series", goal=level)
    chart.encoding.y.axis = alt.Axis(tickCount=3, title=None)
    if peak != last:
        label = f"Peak: {known[peak]:,.0f} in {short_label(peak)}"
        mark = alt.Chart(alt.InlineData(values=[{"census": peak, "fte": float(known[peak]), "label": label}]))
        # On a phone the label is nearly as long as the axis. At an early peak it begins there, to stay off its numbers.
        first = str(known.index[0])
        early = months_between(first, peak) < _EARLY * months_between(first, last)
        text = mark.mark_text(align="left" if early else "center", baseline="bottom", dy=-7, aria=False)
        chart.layer.append(text.encode(text="label:N", **PLAIN))
    spoken = [
        f"Line chart of full-time equivalents of {role.short} in England by census, as reported.",
        describe(rows["fte"], "Reported", "FTE"),
    ]
    if goal:
        spoken.append(describe_crossing(rows["fte"], goal.value, f"the {goal.label} of {goal.value:,.0f} FTE"))
    return figure(
        chart.properties(height=_BRIEF_HEIGHT_PX),
        id=f"trend-in-brief-{role.id_part}",
        title=say("FTE, England"),
        subtitle=say("As reported, {span}.", span=between(rows["census"].iloc[0], rows["census"].iloc[-1])),
        alternative=" ".join(spoken),
        table=census_table(f"trend-in-brief-{role.id_part}", f"FTE of {role.short}, England", rows, {"fte": _FTE}),
        compact=table_id,
    )


def trend_rows(totals: pd.DataFrame, *, role: str, panels: pd.DataFrame | None = None) -> pd.DataFrame:
    """England by census: ``fte``, ``fte_staff`` and, with ``panels``, ``panel_fte`` and ``panel_pcns``.

    ``panels`` must hold one panel for the role, the balanced panel since one census: ``[z]`` before it, ``[x]`` where
    there is no extract to follow it in.
    """
    rows = by_census(select(totals, "totals", area_code=ENGLAND, role=role), _NOTES, "totals")
    if panels is None:
        return rows
    panel = select(panels, "panels", role=role)
    by_month = by_census(panel, {"fte": "note"}, "panels")
    return rows.join(beside(rows, by_month, {"fte": "panel_fte", "pcns": "panel_pcns"}, "panel_note"))


def trend(
    totals: pd.DataFrame,
    *,
    facts: Facts,
    goal: Goal | None = None,
    panels: pd.DataFrame | None = None,
    breaks: Iterable[Break] = (),
    breaks_of_staff: Iterable[Break] = (),
    role: RoleWords,
    key: str = "",
    title: Prose | None = None,
) -> alt.LayerChart:
    """Chart the FTE of a role in England, as reported, of staff, and in the same PCNs throughout, against a target.

    Parameters
    ----------
    totals
        The measure ``totals``.
    facts
        Uses ``fte.<role>.ENG.<census>`` for the last census with a figure.
    goal
        The target, such as ``Goal.of(target)``.
    panels
        Rows of the measure ``panels`` for one ``since``.
    breaks, breaks_of_staff
        Breaks to mark, such as ``breaks.breaks_between(first, last, "fte")``, and ``"fte_staff"`` for those of staff.
        Each is marked only where its series has figures on both sides.
    role
        The role or group, with its words.
    key
        What the chart's id ends in, where the role's code is not enough: two targets of one role have two charts.
    title
        In the place of the one about the target.

    Raises
    ------
    UsageError
        When a frame has no row for the role, or a fact is not there.
    """
    who = role.short
    rows = trend_rows(totals, role=role.code, panels=panels)
    of_staff = rows.dropna(subset="fte_staff")
    within = {*breaks_within(breaks, rows.dropna(subset="fte")), *breaks_within(breaks_of_staff, of_staff)}
    breaks = sorted(within, key=lambda entry: entry.census)
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    columns = {"fte": _FTE, "fte_staff": _FTE_STAFF}
    sentences = [
        f"Line chart of full-time equivalents of {who} in England by census.",
        describe(rows["fte"], "All reported", "FTE"),
    ]
    if goal and title is None:
        sentences.append(describe_crossing(rows["fte"], goal.value, f"the {goal.label} of {goal.value:,.0f} FTE"))
    staff_words = panel_words = ""
    if len(of_staff):
        sentences.append(describe(rows["fte_staff"], "Staff only, without contracted services", "FTE"))
        staff_words = " Staff only: without contracted services."
    if panels is not None:
        sentences.append(describe(rows["panel_fte"], "Matched panel", "FTE"))
        panel_words = " Matched panel: only the networks that reported at every census drawn for it."
        columns["panel_fte"] = Column("Matched panel", "the same networks at every census", "FTE", 1, "panel_note")
        columns["panel_pcns"] = Column("PCNs in the panel", "PCNs in the matched panel", "PCNs", 0, "panel_note")
    sentences += describe_breaks(breaks)
    return figure(
        trend_chart(rows, goal=goal, breaks=breaks),
        id=f"trend-{key or role.id_part}",
        title=title or _trend_title(rows, facts, goal, role),
        subtitle=say(
            "Full-time equivalents (FTE) in the networks that reported, England, {span}." + staff_words + panel_words,
            span=between(first, last),
        ),
        alternative=" ".join(sentences),
        table=census_table(
            f"trend-{key or role.id_part}",
            f"FTE of {who}, England",
            rows,
            columns,
            notes=break_notes(breaks),
        ),
    )


def rise(
    totals: pd.DataFrame,
    *,
    facts: Facts,
    baseline: str,
    due: str,
    breaks: Iterable[Break] = (),
    breaks_of_staff: Iterable[Break] = (),
    role: RoleWords,
    key: str = "",
) -> alt.LayerChart:
    """Chart the FTE of a role in England against its own level at ``baseline``, to be exceeded by the month ``due``.

    Uses ``fte.<role>.ENG.<census>`` of the baseline, and of ``due`` or, before that, of the last census with a figure.

    Raises
    ------
    NothingToDrawError
        When there is no figure at the baseline, or none after it up to ``due``.
    UsageError
        When ``totals`` has no row for the role, or a fact is not there.
    """
    who = role.short
    known = trend_rows(totals, role=role.code)["fte"].dropna()
    at = due if due in known.index else max((str(c) for c in known.index if baseline < c < due), default=None)
    if baseline not in known.index or at is None or (at != due and known.index[-1] > due):
        raise NothingToDrawError(
            f"There is no rise of {role.code} from {baseline} to {due} to draw.",
            "Put the extracts or the bulletin tables of both censuses with the others.",
            "the data lack a figure at the baseline or at the date",
        )
    title = say(
        "Reported {who} stood at {fte} FTE in {at}{ahead}, {above} the {base} of {baseline}",
        who=dated(who),
        fte=facts[f"fte.{role.code}.{ENGLAND}.{at}"],
        at=month(at),
        ahead="" if at == due else ", before a further rise was due",
        above="above" if known[at] > known[baseline] else "not above",
        base=facts[f"fte.{role.code}.{ENGLAND}.{baseline}"],
        baseline=month(baseline),
    )
    level = Goal(f"{short_label(baseline)} level", float(known[baseline]))
    return trend(
        totals,
        facts=facts,
        goal=level,
        breaks=breaks,
        breaks_of_staff=breaks_of_staff,
        role=role,
        key=key,
        title=title,
    )


def _trend_title(rows: pd.DataFrame, facts: Facts, goal: Goal | None, role: RoleWords) -> Prose:
    who = role.short
    known = rows["fte"].dropna()
    if known.empty:
        return say("No figure for {who} at any census", who=dated(who))
    last = str(known.index[-1])
    words: dict[str, Any] = {
        "who": dated(who),
        "fte": facts[f"fte.{role.code}.{ENGLAND}.{last}"],
        "last": month(last),
    }
    if goal is None:
        return say("Reported {who} stood at {fte} FTE in {last}", **words)
    words["goal"] = cited(goal.label)
    reached = [str(census) for census in known.index[known >= goal.value]]
    due, at_due = _at_due(rows, goal)
    if due is not None and at_due is None:
        stood = "Reported {who} stood at {fte} FTE in {last}; there is no figure for {due}, when the {goal} was due"
    elif not reached:
        stood = "Reported {who} stood at {fte} FTE in {last}, below the {goal}"
    elif not _missing_before(rows, reached[0]):
        return _reached_title(rows, goal, reached[0], words)
    elif at_due is None or at_due == last:  # when it was reached is not known
        stood = "Reported {who} stood at {fte} FTE in {last}, enough for the {goal}"
    else:
        words |= {"then": facts[f"fte.{role.code}.{ENGLAND}.{at_due}"], "at": month(at_due)}
        stood = "Reported {who} stood at {then} FTE in {at}, when the {goal} was due, and at {fte} in {last}"
    return say(stood, **words, due=month(due) if due else "")


def _reached_title(rows: pd.DataFrame, goal: Goal, first: str, words: dict[str, Any]) -> Prose:
    """When the goal was first reached, and what became of it; presupposes that the census before is below it."""
    known = rows["fte"].dropna()
    staff = rows["fte_staff"][first]
    # How contracted services are counted may turn the verdict: then it is said in the same breath.
    subject = "Counting contracted services, reported" if staff < goal.value else "Reported"
    if first == known.index[-1]:
        return say(f"{subject} {{who}} reached the {{goal}} in {{last}}, at {{fte}} FTE", **words)
    late = ", after it was due," if goal.due and first > goal.due else ""
    but = "and stood" if known.iloc[-1] >= goal.value else "but stood below it,"
    reached = f"{subject} {{who}} reached the {{goal}} in {{first}}{late} {but} at {{fte}} FTE in {{last}}"
    return say(reached, **words, first=month(first))


def _at_due(rows: pd.DataFrame, goal: Goal) -> tuple[str | None, str | None]:
    """The month that a goal was due, once the rows have come to it; and the first census from it on, where known."""
    due, censuses = goal.due, list(rows["census"])
    if due is None or due > censuses[-1]:
        return None, None
    first = next(census for census in censuses if census >= due)
    covered = censuses[0] <= due and pd.notna(rows["fte"][first])
    return due, str(first) if covered else None


def _missing_before(rows: pd.DataFrame, census: str) -> bool:
    """Whether the figure before that of ``census`` is missing; the series itself begins with no figure before it."""
    place = list(rows["census"]).index(census)
    return census != FIRST_CENSUS if place == 0 else bool(pd.isna(rows["fte"].iloc[place - 1]))


def area_chart(rows: pd.DataFrame, *, breaks: Iterable[Break] = ()) -> alt.LayerChart:
    """Draw the ``fte`` of one area by census."""
    frame = tidy(rows, {"fte": "Reported"}, "fte")
    return line(frame, "fte", series="series", unit="FTE", decimals=1, moments=break_moments(breaks))


def area_trend(
    totals: pd.DataFrame,
    *,
    area_code: str,
    facts: Facts,
    breaks: Iterable[Break] = (),
    role: RoleWords,
) -> alt.LayerChart:
    """Chart the reported FTE of a role in one area; a census at which nobody there reported breaks the line.

    Uses ``fte.<role>.<area_code>.<census>`` of the last census with a figure. Raises :class:`UsageError` when the area
    or role has no row, or the fact is not there.
    """
    who = role.short
    chosen = select(totals, "totals", area_code=area_code, role=role.code)
    rows = by_census(chosen, {"fte": "note"}, "totals")
    breaks = breaks_within(breaks, rows)
    name = str(chosen["area_name"].iloc[-1])
    known = rows["fte"].dropna()
    first, last = rows["census"].iloc[0], rows["census"].iloc[-1]
    if known.empty:
        title = say("{name}: no figure for {who} at any census", name=dated(name), who=dated(who))
    else:
        at = str(known.index[-1])
        title = say(
            "{name}: {fte} FTE of {who} reported in {at}",
            name=dated(name),
            who=dated(who),
            fte=facts[f"fte.{role.code}.{area_code}.{at}"],
            at=month(at),
        )
    chart_id = f"area-{role.id_part}-{area_code.lower()}"
    return figure(
        area_chart(rows, breaks=breaks),
        id=chart_id,
        title=title,
        subtitle=say(
            "Full-time equivalents (FTE) in the networks that reported, {span}. Growth includes networks that began to "
            "report.",
            span=between(first, last),
        ),
        alternative=f"Line chart for {name} by census. {describe(rows['fte'], 'Reported', 'FTE', 1)}",
        table=census_table(
            chart_id,
            f"FTE of {who}, {name}",
            rows,
            {"fte": _FTE},
            notes=break_notes(breaks),
        ),
    )
