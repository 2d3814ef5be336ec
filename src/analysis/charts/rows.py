"""Charts of named rows: a tidy frame in, an Altair chart out, with the names in full and the numbers beside."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.layers import Writer, at, layered, need, rows
from analysis.charts.sizes import ROW_PX
from analysis.charts.text_alternative import amount
from analysis.charts.theme import PALETTE, QUIET
from analysis.errors import UsageError

_ACROSS = PALETTE[2]
_STRIP_ROWS = 3  # a strip is so many rows high: its median stands over it


def dots(
    frame: pd.DataFrame,
    x: str,
    y: str,
    *,
    low: str | None = None,
    high: str | None = None,
    across: tuple[str, float] | None = None,
    unit: str = "",
    decimals: int = 2,
    missing: str | None = None,
) -> alt.LayerChart:
    """Draw a dot for each named row, in the order of the frame, with the interval of its value and the number beside.

    Parameters
    ----------
    frame
        A row for each name.
    x, y
        Columns: the value, and the name. Rows that share a name would be one row of the chart, and are refused.
    low, high
        Columns with the ends of the interval of each value; a row without them has no line.
    across
        A label and a value that all rows are compared with: a dashed line through them.
    unit, decimals
        The unit stands over the axis; the numbers are written to so many decimals.
    missing
        A column with what stands in the place of a missing number; ``[x]`` without it.

    Raises
    ------
    UsageError
        A column that is not there, or two rows of one name.
    """
    data = _named(frame, x, y, Writer(unit, decimals), missing)
    layers = _across(across, decimals)
    if low and high:
        need(frame, low, high)
        data = data.assign(**{low: frame[low].to_numpy(), high: frame[high].to_numpy()})
        known = data[low].notna() & data[high].notna()
        ends = zip(data[low], data[high], known, strict=True)
        data["description"] += [
            f", interval {amount(a, '', decimals)} to {amount(b, '', decimals)}" if is_there else ""
            for a, b, is_there in ends
        ]
        interval = alt.Chart().transform_filter(f"isValid(datum['{low}'])")
        layers.append(interval.mark_rule(color=QUIET, strokeWidth=2, aria=False).encode(x=f"{low}:Q", x2=f"{high}:Q"))
    points = alt.Chart().transform_filter(f"isValid(datum['{x}'])").mark_point(size=60, color=PALETTE[0])
    layers += [points.encode(description="description:N"), _numbers()]
    return layered(layers, data, x=_value_axis(x, unit), y=_names_axis(y))


def bars(
    frame: pd.DataFrame,
    x: str,
    y: str,
    *,
    across: tuple[str, float] | None = None,
    unit: str = "",
    decimals: int = 0,
    missing: str | None = None,
) -> alt.LayerChart:
    """Draw a horizontal bar from zero for each named row, in the order of the frame, with the number beside it.

    Parameters are those of :func:`dots`; values may have any sign.

    Raises
    ------
    UsageError
        A column that is not there, or two rows of one name.

    Examples
    --------
    >>> import analysis as an
    >>> an.bars(regions, "fte", "area_name", unit="FTE", decimals=1)  # doctest: +SKIP
    """
    data = _named(frame, x, y, Writer(unit, decimals), missing)
    # A bar of nothing is one pixel wide: it is a stop of the keyboard, and must be seen when it has the focus.
    drawn = alt.Chart().transform_filter(f"isValid(datum['{x}'])")
    bar = drawn.mark_bar(height={"band": 0.62}, minBandSize=1.5, x2Offset=-1)
    layers = [bar.encode(x2=alt.datum(0), description="description:N"), _numbers(), *_across(across, decimals)]
    return layered(layers, data, x=_value_axis(x, unit), y=_names_axis(y))


def strip(
    frame: pd.DataFrame, x: str, y: str, *, name: str | None = None, unit: str = "", decimals: int = 2
) -> alt.LayerChart:
    """Draw a fine stroke for each row along its group, with the median of the group: how values are spread.

    Parameters
    ----------
    frame
        A row for each thing, such as a network. Rows without a value are not drawn.
    x, y
        Columns: the value, and the group, in the order in which they appear.
    name
        A column with the name of each thing. With it each stroke is a mark that says its value; without, the medians
        are the marks.
    unit, decimals
        How values are written.

    Raises
    ------
    UsageError
        A column that is not there.
    """
    need(frame, x, y, name)
    data = frame[[x, y]].assign(**{y: frame[y].astype(str)}).dropna(subset=[x])
    write = Writer(unit, decimals)
    stroke = alt.Chart().mark_tick(color=PALETTE[0], opacity=0.35, thickness=1, bandSize=ROW_PX, aria=name is not None)
    if name is not None:
        names = frame.loc[data.index, name].astype(str)
        data["description"] = [f"{one}: {write(value)}" for one, value in zip(names, data[x], strict=True)]
        stroke = stroke.encode(description="description:N")
    medians = data.groupby(y, sort=False)[x].agg(["median", "size"]).reset_index()
    groups = [
        {x: row["median"], y: row[y], "number": amount(row["median"], "", decimals)}
        | {"description": f"{row[y]}: median {write(row['median'])} of {row['size']:,}"}
        for row in medians.to_dict("records")
    ]
    middle = rows(*groups)
    layers = [
        stroke,
        middle.mark_tick(color=_ACROSS, thickness=3, bandSize=ROW_PX + 10).encode(description="description:N"),
        middle.mark_text(dy=-ROW_PX, aria=False).encode(text="number:N"),
    ]
    return layered(layers, data, x=_value_axis(x, unit), y=_names_axis(y)).properties(
        height=alt.Step(_STRIP_ROWS * ROW_PX)
    )


def _named(frame: pd.DataFrame, x: str, y: str, write: Writer, missing: str | None) -> pd.DataFrame:
    """The rows with the text of their number and what a mark says."""
    need(frame, x, y, missing)
    if frame[y].duplicated().any():
        twice = frame.loc[frame[y].duplicated(), y].iloc[0]
        raise UsageError(
            f"Two rows of the chart are called {str(twice)!r}.",
            "They would be drawn as one.",
            "Add to the name what tells them apart, such as the code of the area.",
        )
    data = frame[[x, y]].assign(**{y: frame[y].astype(str)})
    notes = frame[missing] if missing else ["[x]"] * len(frame)
    numbers = [
        note if pd.isna(value) else amount(value, "", write.decimals)
        for value, note in zip(data[x], notes, strict=True)
    ]
    units = f" {write.unit}" if write.unit else ""
    words = [f"{name}: {number}{units}" for name, number in zip(data[y], numbers, strict=True)]
    return data.assign(number=numbers, description=words)


def _numbers() -> alt.Chart:
    text = alt.Chart().mark_text(align="right", aria=False)
    placed: alt.Chart = text.encode(**at(x="width + 42"), text="number:N")
    return placed


def _across(across: tuple[str, float] | None, decimals: int) -> list[alt.Chart]:
    if across is None:
        return []
    label, value = across
    data = rows({"value": value, "label": f"{label} {amount(value, '', decimals)}"})
    rule = data.mark_rule(color=_ACROSS, strokeDash=[4, 3], strokeWidth=1.5, aria=False)
    text = data.mark_text(baseline="top", aria=False)
    x = alt.X("value:Q")
    return [
        rule.encode(x=x, **at(y="0", y2="height + 4")),
        text.encode(x=x, **at(y="height + 8"), text="label:N"),
    ]


def _value_axis(x: str, unit: str) -> alt.X:
    axis = alt.Axis(
        orient="top",
        grid=True,
        domain=False,
        ticks=False,
        tickCount=5,
        titleAnchor="end",
        labelFlush=False,
        labelOverlap="parity",
        labelSeparation=8,
    )
    return alt.X(f"{x}:Q", title=unit or None, axis=axis)


def _names_axis(y: str) -> alt.Y:
    return alt.Y(f"{y}:N", title=None, sort=None, axis=alt.Axis(grid=False))
