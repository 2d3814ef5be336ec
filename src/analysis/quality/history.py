"""Each national figure against the one before, within bounds learned from the changes that were published.

The newest census has no published total to be held against. What is known of it is what came before: how much such a
figure has changed over a month and over a quarter. The bounds are learned from those changes and are typed nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.columns import ALL_GENDERS, CONTRACTED, ROLE, STAFF
from analysis.periods import month_label, months_between, shift
from analysis.quality.frames import FOLLOWED, sha256_by_census
from analysis.quality.publications import ALL
from analysis.registers.breaks import Breaks
from analysis.registers.roles import UNKNOWN, Roles

_KEY = ["measure", "census", ROLE]
# Register before workbook before extract: the figure that was published is the one to hold others against.
_ORDER = ("register", "workbook", "extract")
_NAMES = {
    "fte": "FTE",
    "fte_staff": "FTE of staff",
    "fte_contracted": "FTE of contracted services",
    "headcount": "headcount",
    "pcns_active": "PCNs active",
    "pcns_reporting": "PCNs reporting",
    "pcns_reporting_staff": "PCNs reporting staff",
}
_BY_SOURCE = {STAFF: "fte_staff", CONTRACTED: "fte_contracted"}
# Below this many FTE, people or PCNs an ordinary change is too large a share to be told from a fault. Roles that the
# report is not about move more, as people are counted under another role: other direct patient care went from 571 to
# 507 FTE in a quarter (July 2023), managers from 1,017 to 956 people (January 2024).
LEAST = 100.0
LEAST_OF_OTHER_ROLES = 1_500.0
# Two years of quarters. An older change is of another time: FTE of link workers nearly quadrupled in the first quarter.
_WINDOW = 8
_FEWEST = 3  # changes: fewer show no range
_QUARTER = 3
_SMALL = 5.0  # FTE, people or PCNs
_LONGEST = 12  # months: over a longer gap a change of any size can be true


@dataclass(frozen=True)
class Margin:
    """How far beyond the changes that were published a change may go.

    ``fall`` and ``rise`` are logarithms of a ratio (about shares), for each quarter that lies between; ``times`` a
    multiple of the largest published rise: a rise may be that much larger again.
    """

    fall: float
    rise: float
    times: float


# Tried on each published change of every role from 2020 to 2025 over one to twelve months, with what was known before
# it: none goes beyond either (tests/quality/test_history.py).
WARNING = Margin(fall=0.05, rise=0.05, times=0.5)
CRITICAL = Margin(fall=0.10, rise=0.10, times=1.0)


def learned_range(history: Mapping[str, float], months: int, breaks: Sequence[str] = ()) -> tuple[float, float] | None:
    """The lowest and highest change (logarithm of the ratio) over ``months`` that ``history`` has shown.

    ``history`` has figures by census, in order. A change over one month is held against those over one month, where
    there are three of them; any other against quarters, as many as it spans. No change at all always lies in the range.
    ``None`` where too few changes are known. ``breaks`` are the first censuses after a break in the series: a change
    across one is none of what is counted.
    """
    monthly = _changes(history, 1, breaks) if months == 1 else []
    changes = monthly if len(monthly) >= _FEWEST else _changes(history, _QUARTER, breaks)
    if len(changes) < _FEWEST:
        return None
    return _quarters(months) * min(0.0, *changes), _quarters(months) * max(0.0, *changes)


def beyond(change: float, learned: tuple[float, float], months: int, margin: Margin) -> float:
    """By how much a change (logarithm) over ``months`` goes beyond what was learned and its margin; else at most 0."""
    low, high = learned
    fall, rise = _quarters(months) * margin.fall, _quarters(months) * margin.rise
    return max(low - fall - change, change - high - max(rise, margin.times * high))


def _quarters(months: int) -> int:
    return math.ceil(months / _QUARTER)


def national_figures(
    workforce: pd.DataFrame, own: pd.DataFrame, bulletin: pd.DataFrame, register: pd.DataFrame, period: str
) -> pd.DataFrame:
    """Every national figure up to ``period`` by its source: ``measure, census, role, value, origin, sha256``.

    ``own`` is of :func:`analysis.quality.publications.own_figures`, of the rows ``workforce``, which may be none.
    ``origin`` is ``register``, ``workbook`` or ``extract``. FTE also stands by data source, as ``fte_staff`` and
    ``fte_contracted``, where an extract or the register has it.
    """
    books = _of_workbook(bulletin)
    known = register.assign(
        measure=register["measure"].where(register["data_source"] == ALL, register["data_source"].map(_BY_SOURCE))
    )
    known = known[(register["data_source"] == ALL) | (register["measure"] == "fte")]
    parts = [
        known[[*_KEY, "value"]].assign(origin="register", sha256=""),
        books.assign(origin="workbook", sha256=books["sha256"].astype(str)),
    ]
    if len(workforce):
        ours = pd.concat([own, _by_source(workforce)], ignore_index=True)
        ours = ours[ours[ROLE] != UNKNOWN]
        parts.append(ours.assign(origin="extract", sha256=ours["census"].map(sha256_by_census(workforce))))
    figures = pd.concat(parts, ignore_index=True)
    return figures[figures["measure"].isin(list(_NAMES)) & (figures["census"].astype(str) <= period)]


def changes(figures: pd.DataFrame, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    """One row per figure of an extract or workbook that the register does not have, and that has one before it.

    ``figures`` is of :func:`national_figures`. Columns: ``measure, census, role, value, previous_census, previous``,
    ``beyond_warning`` and ``beyond_critical`` (see :func:`beyond`; at most 0 when the change is within its bounds).
    A figure has no row where the one before is under 100 (of a role that the targets are not about, 1,500) or more than
    a year earlier, where a break lies between, or where fewer than three changes are known.
    """
    rows = []
    registered = pd.MultiIndex.from_frame(figures.loc[figures["origin"] == "register", _KEY])
    unguarded = figures[~pd.MultiIndex.from_frame(figures[_KEY]).isin(registered)]
    concerned = figures.merge(unguarded[["measure", ROLE]].drop_duplicates(), on=["measure", ROLE])
    ranked = concerned.assign(rank=concerned["origin"].map(_ORDER.index)).sort_values(["census", "rank"])
    groups: dict[tuple[str, str], list[tuple[str, float, str, str]]] = {}
    names = ("measure", ROLE, "census", "value", "origin", "sha256")
    for measure, role, *figure in zip(*(ranked[name].tolist() for name in names), strict=True):
        groups.setdefault((measure, role), []).append((figure[0], float(figure[1]), figure[2], figure[3]))
    for (measure, role), of_group in sorted(groups.items()):
        series: dict[str, float] = {}
        for census, value, _, _ in of_group:  # the first of a census counts
            series.setdefault(census, value)
        guarded = {census for census, _, origin, _ in of_group if origin == _ORDER[0]}
        broken = _breaks_in(breaks, roles, measure, role)
        least = LEAST if role in {ALL, *FOLLOWED} else LEAST_OF_OTHER_ROLES
        for census, value, origin, sha256 in of_group:
            if census in guarded:
                continue
            if row := compared_with_before(series, census, value, least, broken):
                rows.append({"measure": measure, ROLE: role, "origin": origin, "sha256": sha256, **row})
    columns = ["measure", ROLE, "origin", "sha256", "census", "value", "previous_census", "previous"]
    table = pd.DataFrame(rows, columns=[*columns, "beyond_warning", "beyond_critical"])
    role_name = table[ROLE].map(roles.names).fillna("")
    of_what = table["measure"].map(_NAMES)
    return table.astype({"beyond_warning": "float64", "beyond_critical": "float64"}).assign(
        place_column=(of_what + " of " + role_name).where(role_name != "", of_what),
        place_value=[
            f"{row.value:,.2f}, after {row.previous:,.2f} in {month_label(str(row.previous_census))}"
            for row in table.itertuples()
        ],
        file_row=pd.Series(pd.NA, index=table.index, dtype="Int64"),
    )


def compared_with_before(
    series: Mapping[str, float], census: str, value: float, least: float, breaks: Sequence[str]
) -> Mapping[str, object] | None:
    """A figure with the one before it in a series by census, in order, and how far it is beyond what was learned.

    ``None`` where the one before is under ``least`` or over a year back, or where too few changes are known.
    """
    earlier = {each: figure for each, figure in series.items() if each < census}
    if not earlier:
        return None
    before = next(reversed(earlier))
    previous, months = earlier[before], months_between(before, census)
    if previous < least or months > _LONGEST or any(before < entry <= census for entry in breaks):
        return None
    found = learned_range(earlier, months, breaks)
    if found is None:
        return None
    change = math.log(value / previous) if value > 0 and math.isfinite(value) else math.copysign(math.inf, value - 1)
    return {
        "census": census,
        "value": value,
        "previous_census": before,
        "previous": previous,
        "beyond_warning": beyond(change, found, months, WARNING),
        "beyond_critical": beyond(change, found, months, CRITICAL),
    }


def revisions(bulletin: pd.DataFrame, register: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """One row per figure of the workbook that the register has too: ``value``, ``registered``, ``difference``.

    ``difference`` is in FTE, people or PCNs, without sign; ``large_pct`` the same in per cent of the figure of the
    register. It is 0 for differences of less than five, which are a large share of small roles alone, and for roles
    that the targets are not about: later editions count some people under another role.
    """
    own = register.loc[register["data_source"] == ALL, [*_KEY, "value"]].rename(columns={"value": "registered"})
    table = _of_workbook(bulletin).merge(own, on=_KEY, how="inner")
    difference = (table["value"] - table["registered"]).abs()
    large = (difference >= _SMALL) & table[ROLE].isin([ALL, *FOLLOWED])
    name = table[ROLE].map(roles.names).fillna("")
    of_what = table["measure"].map(_NAMES)
    return table.assign(
        difference=difference,
        large_pct=(100 * difference / table["registered"].clip(lower=1.0)).where(large, 0.0),
        place_column=(of_what + " of " + name).where(name != "", of_what),
        place_value=[
            f"{ours:,.2f} in the workbook, {registered:,.2f} in the register"
            for ours, registered in zip(table["value"], table["registered"], strict=True)
        ],
    )


def _of_workbook(bulletin: pd.DataFrame) -> pd.DataFrame:
    """The figures of both genders together, of known roles. What stands twice has a check of its own."""
    whole = bulletin[(bulletin["gender"] == ALL_GENDERS) & bulletin["value"].notna()]
    table = whole[[*_KEY, "value", "sha256", "file_row"]].astype({"measure": object, "census": object, ROLE: object})
    return table[(table[ROLE] != UNKNOWN) & ~table.duplicated(_KEY, keep=False)]


def _changes(history: Mapping[str, float], months: int, breaks: Sequence[str]) -> list[float]:
    """The latest changes over ``months`` in a series by census, as logarithms of the ratio: at most ``_WINDOW``."""
    found: list[float] = []
    for census in reversed([*history]):
        earlier = shift(census, -months)
        known = history[census] >= LEAST and history.get(earlier, 0.0) >= LEAST
        if known and not any(earlier < entry <= census for entry in breaks):
            found.append(math.log(history[census] / history[earlier]))
            if len(found) == _WINDOW:
                break
    return found


def _by_source(workforce: pd.DataFrame) -> pd.DataFrame:
    totals = workforce.groupby(["census", ROLE, "data_source"], observed=True)["fte"].sum().rename("value")
    table = totals.reset_index().astype({"census": object, ROLE: object, "data_source": object})
    return table.assign(measure=table["data_source"].map(_BY_SOURCE)).dropna(subset=["measure"])[[*_KEY, "value"]]


def _breaks_in(breaks: Breaks, roles: Roles, measure: str, role: str) -> tuple[str, ...]:
    """The first censuses after the breaks in a national series; counts of networks have none."""
    if measure.startswith("pcns_") or role not in {*roles.codes, *roles.groups}:
        return ()
    return breaks.censuses(measure, "england", role, roles)
