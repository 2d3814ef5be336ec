"""What a reader asks first of two reports: how the known figures moved, in which areas most, and what cannot be told.

Results in, results out: each function takes the results of the earlier and of the later report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.assessment import targets_in
from analysis.columns import ENGLAND
from analysis.facts.fact import Status
from analysis.periods import month_label
from analysis.registers.roles import BESIDE

if TYPE_CHECKING:
    from analysis.comparison.compare import ReportResults
    from analysis.facts.fact import Facts

FIGURES = ["figure", "unit", "old", "old_note", "new", "new_note", "change", "change_note"]
AREAS = ["code", "name", "old", "new", "change", "change_note"]
_AREAS_SHOWN = 10  # of 36 or 42 boards: those where most moved
_NETWORKS = ("began_reporting", "newly_formed", "only_later", "stopped_reporting", "closed", "only_earlier")


class VerdictChange(NamedTuple):
    """The one verdict on a target in either report; empty where that report has no such target."""

    target: str
    old: str
    new: str


def known_figures(old: ReportResults, new: ReportResults) -> pd.DataFrame:
    """The figures that a reader knows, each report's at its own census: columns of :data:`FIGURES`."""
    names = {**old.roles.names, **new.roles.names}
    roles = [new.role, *(role for role in BESIDE if role != new.role)]
    wanted = [
        *((names.get(role, role), f"fte.{role}.{ENGLAND}", "FTE", ("fte", role)) for role in roles),
        (names.get(new.role, new.role), f"headcount.{new.role}.{ENGLAND}", "people", ("headcount", new.role)),
        ("Networks reporting", f"pcns_reporting.{ENGLAND}", "PCNs", None),
    ]
    rows = []
    for figure, name, unit, series in wanted:
        before, after = _value(old.facts, f"{name}.{old.period}"), _value(new.facts, f"{name}.{new.period}")
        if before is None and after is None:
            continue
        change = None if before is None or after is None else after - before
        values: dict[str, object] = {"old": before, "new": after, "change": change}
        notes: dict[str, object] = {
            f"{name}_note": "" if value is not None else "[x]" for name, value in values.items()
        }
        if change is not None and series and breaks_crossed(old, new, series[0], "england", series[1]):
            notes["change_note"] = Status.BREAK.shorthand
        rows.append(values | notes | {"figure": figure, "unit": unit})
    frame = pd.DataFrame(rows, columns=FIGURES)
    numbers = ["old", "new", "change"]
    frame[numbers] = frame[numbers].astype("float64")
    return frame


def _value(facts: Facts, fact_id: str) -> float | None:
    return facts[fact_id].value if fact_id in facts else None


def breaks_crossed(old: ReportResults, new: ReportResults, measure: str, level: str, role: str) -> tuple[str, ...]:
    """The first censuses after the breaks in a series of a role or group that lie between the two reports."""
    if role not in {*new.roles.codes, *new.roles.groups}:
        return ()
    crossed = new.breaks.censuses(measure, level, role, new.roles)
    return tuple(census for census in crossed if old.period < census <= new.period)


def _areas_changed(old: ReportResults, new: ReportResults) -> tuple[str, ...]:
    """When the areas of boards changed between the two, where the data of both show it by another set of codes."""
    if set(old.boards.index) == set(new.boards.index):
        return ()
    changes = new.breaks.geography("icb")
    return tuple(entry.census for entry in changes if old.period < entry.census <= new.period)


def largest_area_changes(old: ReportResults, new: ReportResults) -> pd.DataFrame:
    """The boards with the largest change in FTE of the role, largest first: columns of :data:`AREAS`.

    None where their areas changed in between: a board that kept its code may have taken over networks of another.
    """
    if _areas_changed(old, new):
        return pd.DataFrame(columns=AREAS)
    before, after = old.boards, new.boards
    both = after.join(before[["fte"]].rename(columns={"fte": "old"}), how="inner")
    frame = both.rename(columns={"fte": "new"}).assign(change=lambda rows: rows["new"] - rows["old"])
    order = frame["change"].abs().sort_values(ascending=False, kind="stable").index
    ranked = frame.loc[order[:_AREAS_SHOWN]].rename_axis("code").reset_index()
    crossed = breaks_crossed(old, new, "fte", "region", new.role)  # those of the role: areas did not change
    return ranked.assign(change_note=Status.BREAK.shorthand if crossed else "").reindex(columns=AREAS)


def verdict_changes(old: ReportResults, new: ReportResults) -> tuple[VerdictChange, ...]:
    """The one verdict on each target in the earlier and in the later report."""
    before, after = (targets_in(report.assessment) for report in (old, new))
    lines = [
        (str(found["name"]), *(str(of.get(target_id, {}).get("in_short", "")) for of in (before, after)))
        for target_id, found in {**before, **after}.items()
    ]
    return tuple(VerdictChange(*line) for line in lines)


def networks_between(old: ReportResults, new: ReportResults) -> dict[str, str]:
    """Names of the facts of the later report that say how many networks began, stopped, formed or closed, by kind."""
    ids = {kind: f"pcns_{kind}.{ENGLAND}.{old.period}.{new.period}" for kind in _NETWORKS}
    return {kind: fact_id for kind, fact_id in ids.items() if fact_id in new.facts}


def not_compared(old: ReportResults, new: ReportResults, one_sided: int) -> tuple[str, ...]:
    """What the two reports cannot tell, a sentence each; ``one_sided`` is how many figures one report alone has."""
    sentences = []
    lacking = [month_label(report.period) for report in (old, new) if report.boards.empty]
    if lacking:
        at = " and of ".join(lacking)
        sentences.append(f"Areas and networks: there is no individual-level extract of {at}.")
    else:
        before, after = set(old.boards.index), set(new.boards.index)
        if changed := _areas_changed(old, new):
            months = " and ".join(month_label(census) for census in changed)
            sentences.append(
                f"Integrated care boards: their areas changed in {months}. Codes in one report alone: "
                f"{len(before - after)} of the earlier, {len(after - before)} of the later."
            )
        elif before != after:
            sentences.append(
                f"Integrated care boards whose code is in one report alone: {len(before - after)} of the earlier, "
                f"{len(after - before)} of the later."
            )
    if one_sided:
        sentences.append(f"Figures of the same census that one report alone has: {one_sided:,}.")
    return tuple(sentences)
