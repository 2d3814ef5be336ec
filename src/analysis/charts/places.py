"""Areas by name, with the interval of their rate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts.data import require, select
from analysis.charts.figure import figure
from analysis.charts.rows import dots
from analysis.columns import ENGLAND
from analysis.facts.fact import Facts, as_text
from analysis.markup.prose import Prose, month, say
from analysis.periods import month_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    import altair as alt

    from analysis.registers.roles import RoleWords

LEVEL_NAMES = {
    "region": "regions",
    "icb": "integrated care boards (ICBs)",
    "sub_icb": "sub-ICB areas",
    "pcn": "networks",
}
RATE = ("rate_reporting", "FTE per 10,000 patients")
_PER_PCN = ("fte_per_reporting_pcn", "FTE per network")
_FURNITURE = re.compile(r"^NHS\s+|\s+(Integrated Care Board|ICB)(?=\s+-|$)", re.IGNORECASE)


def place_rows(places: pd.DataFrame, *, census: str, level: str, role: str) -> pd.DataFrame:
    """Areas of a level at a census, in order of name, with what is drawn for each.

    ``name`` tells each from the others. ``value`` is the rate per 10,000 patients of reporting PCNs (``low``, ``high``:
    its interval) where any area has one, else the FTE per reporting PCN, which has no interval; ``value_note`` says why
    it is missing.
    """
    rows = select(places, "places", level=level, census=census, role=role).copy()
    require(rows, ["area_code", "area_name", RATE[0], _PER_PCN[0]], "places")
    column, _ = measure_of(rows)
    rows["value"] = rows[column]
    given = rows[f"{column}_note"] if f"{column}_note" in rows else rows.get("note", pd.Series("", index=rows.index))
    rows["value_note"] = given.where(given.isin(["[z]"]), "[x]").where(rows["value"].isna(), "")
    for side in ("low", "high"):
        has_interval = column == RATE[0] and f"rate_{side}" in rows
        rows[side] = rows[f"rate_{side}"] if has_interval else float("nan")
    rows["interval_note"] = rows["low"].isna().map({True: "[x]", False: ""}).where(rows["value_note"] != "[z]", "[z]")
    names = rows["area_name"].map(short_name)
    twice = names.duplicated(keep=False)
    rows["name"] = names.mask(twice, names + " (" + rows["area_code"].astype(str) + ")")
    return rows.sort_values(["area_name", "area_code"], ignore_index=True)


def measure_of(rows: pd.DataFrame) -> tuple[str, str]:
    """The column that can be drawn, and its unit: the rate, or without list sizes FTE per reporting PCN."""
    return RATE if rows[RATE[0]].notna().any() else _PER_PCN


def icb_rates_chart(rows: pd.DataFrame, *, england: float | None = None) -> alt.LayerChart:
    """Draw :func:`place_rows`: a dot for each area, a line for its interval, England upright across all."""
    return dots(
        rows,
        "value",
        "name",
        low="low",
        high="high",
        across=None if england is None else ("England", england),
        unit=measure_of(rows)[1],
        missing="value_note",
    )


def icb_rates(
    places: pd.DataFrame,
    *,
    census: str,
    facts: Facts,
    level: str = "icb",
    role: RoleWords,
) -> alt.LayerChart:
    """Chart the rate of each area, in order of name: a comparison, not a ranking.

    Parameters
    ----------
    places
        The measure ``places``. Without list sizes FTE per reporting PCN is drawn instead of the rate.
    census
        Which census.
    facts
        Uses ``constant.rate_base`` and, for England and for the lowest and highest area,
        ``rate_reporting.<role>.<area>.<census>`` (or ``fte_per_reporting_pcn.…``).
    level, role
        Level of geography; the role or group, with its words.

    Raises
    ------
    UsageError
        When there is no such area, census or role, or a fact is not there.
    """
    who = role.short
    rows = place_rows(places, census=census, level=level, role=role.code)
    column, unit = measure_of(rows)
    known = rows.dropna(subset=["value"])
    whole = places[(places["area_code"] == ENGLAND) & (places["census"] == census) & (places["role"] == role.code)]
    england = None if whole.empty or pd.isna(whole[column].iloc[0]) else float(whole[column].iloc[0])
    areas = LEVEL_NAMES[level]
    sentences = [f"Dot plot of {unit} for {len(rows)} {areas} in order of name, {month_label(census)}."]
    if known.empty:
        title = say("No {areas} have a figure for {who} in {at}", areas=areas, who=who, at=month(census))
        sentences.append("None of them has a figure.")
    else:
        low, high = known.iloc[int(known["value"].argmin())], known.iloc[int(known["value"].argmax())]
        title = say(
            "{areas} had between {low} and {high} FTE of {who} per {base} in {at}",
            low=facts[f"{column}.{role.code}.{low['area_code']}.{census}"],
            high=facts[f"{column}.{role.code}.{high['area_code']}.{census}"],
            who=who,
            base=per_what(column, facts, in_short=True),
            areas=areas[0].upper() + areas[1:],
            at=month(census),
        )
        sentences += [
            f"Lowest: {_named(known, low['value'])}, {as_text(low['value'], 2)}.",
            f"Highest: {_named(known, high['value'])}, {as_text(high['value'], 2)}.",
            f"Median: {as_text(float(known['value'].median()), 2)}.",
            *([f"England, the upright line: {as_text(england, 2)}."] if england is not None else []),
            *_apart(known, england),
        ]
    if len(known) < len(rows):
        sentences.append(f"{len(rows) - len(known)} without a figure.")
    chart_id = f"rates-{level.replace('_', '-')}-{role.id_part}"
    interval = (
        "A long line means that the rate depends much on single networks. It is drawn as for a sample, but nothing is "
        "sampled. There is no line where too few networks reported. "
        if known["low"].notna().any()
        else ""
    )
    return figure(
        icb_rates_chart(rows, england=england),
        id=chart_id,
        title=title,
        subtitle=say(
            "Full-time equivalents (FTE) of {who} per {base}, {areas} by name, {at}. "
            + interval
            + "Not a ranking: need and reporting differ.",
            who=who,
            base=per_what(column, facts),
            areas=areas,
            at=month(census),
        ),
        alternative=" ".join(sentences),
        table=Table(
            f"chart-{chart_id}",
            f"{unit}, {who}, {areas}, {month_label(census)}",
            rows,
            {
                "area_name": Column("Area", "name of the area"),
                "area_code": Column("Code", "code of the area"),
                "value": Column("Rate", f"{unit} of {who}", unit, 2, "value_note"),
                "low": Column("Interval from", "lower end of the 95% interval of the rate", unit, 2, "interval_note"),
                "high": Column("Interval to", "upper end of the 95% interval of the rate", unit, 2, "interval_note"),
            },
        ),
    )


def short_name(name: str) -> str:
    """A name without "NHS" and "Integrated Care Board", which all of them have."""
    return _FURNITURE.sub("", str(name)).strip() or str(name)


def per_what(column: str, facts: Facts, *, in_short: bool = False) -> Prose:
    """What a rate is per: so many registered patients, or a PCN."""
    if column == _PER_PCN[0]:
        return say("network that reported")
    of_whom = "" if in_short else " of networks that reported"
    return say("{base} registered patients" + of_whom, base=facts["constant.rate_base"])


def _named(known: pd.DataFrame, value: float) -> str:
    """The areas with a value, in order of name: as many as there are, for none of them is the only one."""
    return " and ".join(known.loc[known["value"] == value, "area_name"])


def _apart(known: pd.DataFrame, england: float | None) -> list[str]:
    with_interval = known.dropna(subset=["low"])
    if england is None or with_interval.empty:
        return []
    holds = int(((with_interval["low"] <= england) & (with_interval["high"] >= england)).sum())
    return [f"The interval of {holds} of {len(with_interval)} with one holds England’s figure."]
