"""What a chart shows, in words computed from its values: for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import UsageError
from analysis.facts.fact import as_text
from analysis.periods import month_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import altair as alt

    from analysis.registers.breaks import Break

MOST_NAMED = 4  # more months than this are counted instead of named: a listener cannot hold them


def amount(value: float, unit: str, decimals: int, *, signed: bool = False) -> str:
    """``1,093 FTE``, ``87.5%``; the unit follows without a space only when it is a percent sign."""
    number = as_text(value, decimals, signed=signed)
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}".strip()


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(([", ".join(words[:-1])] if len(words) > 1 else []) + list(words[-1:]))


def named_months(censuses: Sequence[str]) -> str:
    """The months by name when they are few, else how many there are and the first and last of them."""
    if len(censuses) <= MOST_NAMED:
        return listed([month_label(census) for census in censuses])
    return f"{len(censuses)} censuses between {month_label(censuses[0])} and {month_label(censuses[-1])}"


def span(first: str, last: str) -> str:
    """``March 2020 to September 2022``, or the one month that there is."""
    return month_label(first) if first == last else f"{month_label(first)} to {month_label(last)}"


def describe(values: pd.Series, label: str, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Describe a series indexed by census: its ends, extremes, direction and gaps."""
    known = values.dropna()
    if known.empty:
        return f"{label}: no value at any census."

    def at(census: str) -> str:
        return f"{amount(known[census], unit, decimals, signed=signed)} in {month_label(census)}"

    first, last = known.index[0], known.index[-1]
    if len(known) == 1:
        words = f"{label}: {at(last)}, the only value"
    else:
        words = f"{label}: {at(first)}, {at(last)}{_extremes(known, at)}; {_direction(known)}"
    gaps = [census for census in values.index[values.isna()] if census > first]
    return f"{words}; no value for {named_months(gaps)}." if gaps else f"{words}."


def describe_breaks(breaks: Iterable[Break]) -> list[str]:
    """A sentence for each break that a chart marks."""
    return [f"A break in the series is marked at {month_label(entry.census)}." for entry in breaks]


def describe_crossing(values: pd.Series, goal: float, goal_words: str) -> str:
    """Say at which census a series first stands at the goal or above, if at any, and where it is below again.

    ``values`` has a row for each census that was taken: where that before the first at the goal has no value, the
    series may have been there earlier.
    """
    known = values.dropna()
    if known.empty:
        return f"Nothing can be said about {goal_words}."
    reached = known[known >= goal]
    if reached.empty:
        return f"It {'is' if len(known) == 1 else 'stays'} below {goal_words}."
    first = reached.index[0]
    if len(known) == 1:
        return f"It stands at or above {goal_words}."
    if len(reached) == len(known):
        when = "at every census drawn that has a value"
    else:
        before = values[values.index < first]
        gap = len(before) > 0 and pd.isna(before.iloc[-1])
        when = f"{'by' if gap else 'first in'} {month_label(first)}"
    after = known[first:]
    fell = after[after < goal]
    again = f", and below it again in {named_months(list(fell.index))}" if len(fell) else ""
    return f"It stands at or above {goal_words} {when}{again}."


def _extremes(known: pd.Series, at: Callable[[str], str]) -> str:
    """The highest and the lowest value, where they are neither the first nor the last."""
    ends = known.iloc[[0, -1]]
    found = []
    if known.max() > ends.max():
        found.append(f"highest {at(str(known.idxmax()))}")
    if known.min() < ends.min():
        found.append(f"lowest {at(str(known.idxmin()))}")
    return f"; {listed(found)}" if found else ""


def _direction(known: pd.Series) -> str:
    steps = known.diff().dropna()
    rises, falls, level = int((steps > 0).sum()), int((steps < 0).sum()), int((steps == 0).sum())
    total = len(steps)
    for count, word in ((rises, "rises"), (falls, "falls"), (level, "stays level")):
        if count == total:
            return f"it {word}" if total == 1 else f"it {word} at each of {total} steps"
    parts = [f"{word} at {count}" for count, word in ((rises, "rises"), (falls, "falls"), (level, "is level")) if count]
    return f"of {total} steps, it {listed(parts)}"


@dataclass(frozen=True)
class ChartData:
    """What a chart draws: its rows, and the columns of them that it uses, each with its title on the chart."""

    frame: pd.DataFrame
    fields: dict[str, str]
    x: str
    y: str
    series: str


def data_of(chart: alt.TopLevelMixin) -> ChartData:
    """The rows of an Altair chart and the columns that its channels use.

    Raises
    ------
    UsageError
        The rows are not in the chart, or its channels name no columns of them.
    """
    spec = chart.to_dict(validate=False)
    plots = list(_plots(spec))
    channels: dict[str, dict[str, Any]] = {}
    for plot in plots:
        for name, channel in plot.get("encoding", {}).items():
            if isinstance(channel, dict) and "field" in channel:
                channels.setdefault(name, channel)
    rows: list[dict[str, Any]] = []
    for plot in plots:
        data = plot.get("data", {})
        found = data["values"] if "values" in data else spec.get("datasets", {}).get(data.get("name"), [])
        if not rows and isinstance(found, list) and found and isinstance(found[0], dict):
            rows = found
    frame = pd.DataFrame(rows)
    titles = {
        channel["field"]: str(channel.get("title") or channel["field"].replace("_", " "))
        for name, channel in channels.items()
        if name not in {"description", "tooltip", "text"}
    }
    fields = {name: titles[name] for name in map(str, frame) if name in titles}
    if not fields:
        raise UsageError(
            "The chart does not hold its own data, or draws no column of them.",
            "Table and text alternative of a chart are made from the rows that it draws.",
            "Make the chart from a frame, or pass table=an.Table(…) and alternative=… to an.figure.",
        )
    used = {name: channels[name]["field"] for name in channels if channels[name]["field"] in fields}
    return ChartData(frame, fields, used.get("x", ""), used.get("y", ""), used.get("color", ""))


def first_alternative(chart: alt.TopLevelMixin) -> str:
    """Describe any chart from its data: how many rows, the ends of each series, the highest and the lowest value."""
    data = data_of(chart)
    numeric = [name for name in (data.y, data.x) if name and data.frame[name].dtype.kind in "fiu"]
    labels = " by ".join(data.fields[name] for name in dict.fromkeys([*numeric[:1], data.y, data.x]) if name)
    sentences = [f"Chart of {labels}, {len(data.frame):,} rows."]
    if not numeric:
        return sentences[0]
    value = numeric[0]
    name = data.x if value == data.y else data.y
    groups = [("", data.frame)] if not data.series else list(data.frame.groupby(data.series, sort=False))
    for series, rows in groups[:MOST_NAMED]:
        known = rows.dropna(subset=[value])
        label = str(series) or data.fields[value]
        if known.empty:
            sentences.append(f"{label}: no value.")
        elif name and known[name].astype(str).str.fullmatch(r"\d{4}-\d{2}").all():
            by_census = rows.set_index(rows[name].astype(str))[value].astype(float).sort_index()
            sentences.append(describe(by_census, label, "", _decimals(known[value])))
        else:
            sentences.append(f"{label}: {_ends(known, value, name)}.")
    if len(groups) > MOST_NAMED:
        sentences.append(f"{len(groups) - MOST_NAMED} more series.")
    return " ".join(sentences)


def _plots(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The chart and every plot in it."""
    yield spec
    for kind in ("layer", "hconcat", "vconcat", "concat", "spec"):
        inner = spec.get(kind, [])
        for plot in inner if isinstance(inner, list) else [inner]:
            yield from _plots(plot)


def _ends(known: pd.DataFrame, value: str, name: str) -> str:
    decimals = _decimals(known[value])
    found = []
    for word, place in (("lowest", int(known[value].argmin())), ("highest", int(known[value].argmax()))):
        row = known.iloc[place]
        of = f" ({row[name]})" if name else ""
        found.append(f"{word} {as_text(float(row[value]), decimals)}{of}")
    return listed(found)


def _decimals(values: pd.Series) -> int:
    return 0 if bool((values % 1 == 0).all()) else 2
