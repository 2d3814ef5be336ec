"""How the networks' own values are spread: a histogram of a census, with a year before and the peak as outlines."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from analysis.charts.data import NothingToDrawError, select
from analysis.charts.figure import figure
from analysis.charts.layers import layered
from analysis.charts.layers import rows as own_rows
from analysis.charts.text_alternative import listed
from analysis.charts.theme import BAND, INK, PALETTE
from analysis.columns import ENGLAND
from analysis.facts.fact import as_text
from analysis.markup.prose import Prose, month, say
from analysis.periods import month_label, shift, short_label
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.facts.fact import Facts
    from analysis.registers.roles import RoleWords

UNITS = {"rate": "FTE per 10,000 patients", "fte": "FTE"}
MOST_BANDS = 12  # each is 18 pixels wide on a screen of 320; more would be thinner than a finger can point at
# Some networks have many times what most have. The last band takes the 3% or so that would leave the others no room.
SHARE_BELOW_LAST = 0.97
_WIDER = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_NONE_FROM, _NONE_TO = -2, -1  # where the bar of networks with none stands, in bands to the left of zero


@dataclass(frozen=True)
class Histogram:
    """The networks of one or more censuses in the same bands.

    ``edges`` are the lower ends of two or more bands, in the unit of ``measure``; the last has no upper end. ``counts``
    has a list for each census, the one of the report first: networks with none, then those of each band.
    """

    measure: str
    width: float
    edges: list[float]
    counts: Mapping[str, list[int]]

    @property
    def bands(self) -> list[str]:
        """The name of each band."""
        decimals = _decimals(self.width)
        ends = [as_text(edge, decimals) for edge in [*self.edges, self.edges[-1] + self.width]]
        middle = [f"{low} to under {high}" for low, high in itertools.pairwise(ends[1:-1])]
        return ["None", f"Some, under {ends[1]}", *middle, f"{ends[-2]} or more"]

    def shares(self, census: str) -> list[float]:
        """The share of networks in each band, %."""
        counts = self.counts[census]
        return [100 * count / sum(counts) for count in counts]


def histogram(bands: pd.DataFrame, *, role: str, censuses: list[str]) -> Histogram:
    """Count networks in at most :data:`MOST_BANDS` bands, and none, at those of ``censuses`` that the measure has.

    The first census decides whether the bands are of FTE per 10,000 patients or, without a list of patients, of FTE; a
    census that lacks that measure is left out. Raises :class:`NothingToDrawError` when the first has no networks, or
    none of them has anybody in the role.
    """
    ours = select(bands, "distribution_bands", role=role, area_code=ENGLAND)
    here = ours[ours["census"] == censuses[0]]
    measure = "rate" if (here["measure"] == "rate").any() else "fte"
    ours = ours[ours["measure"] == measure]
    given = {census: ours[ours["census"] == census].sort_values("band") for census in censuses}
    given = {census: frame for census, frame in given.items() if len(frame)}
    if censuses[0] not in given or given[censuses[0]]["band"].max() == 0:
        raise NothingToDrawError(
            f"There is nothing to draw: no network has {role} at {censuses[0]}.",
            "Put the individual-level extract of the census into RAW.",
            "no network reported anybody in the role at this census",
        )
    width = float(here.loc[(here["measure"] == measure) & (here["band"] == 1), "band_to"].iloc[0])
    last = max(_last_band(frame) for frame in given.values())
    wider = next(times for times in _WIDER if math.ceil(last / times) <= MOST_BANDS)
    size = math.ceil(last / wider) + 1  # and one without an upper end
    counts = {}
    for census, frame in given.items():
        place = ((frame["band"] + wider - 1) // wider).clip(upper=size)
        counts[census] = frame.groupby(place)["pcns"].sum().reindex(range(size + 1), fill_value=0).astype(int).tolist()
    return Histogram(measure, width * wider, [round(n * width * wider, 6) for n in range(size)], counts)


def _last_band(frame: pd.DataFrame) -> int:
    """The band up to which most networks are."""
    below = frame["pcns"].cumsum() / frame["pcns"].sum()
    return max(1, int(frame.loc[below >= SHARE_BELOW_LAST, "band"].iloc[0]))


def histogram_chart(drawn: Histogram, labels: Mapping[str, str]) -> alt.LayerChart:
    """Draw the first census of a histogram as bars, the others as stepped lines; ``labels`` names the others."""
    first, *others = drawn.counts
    places = [_NONE_FROM, *range(len(drawn.edges))]
    starts = [place * drawn.width for place in places]
    data = pd.DataFrame({"from": starts, "share": drawn.shares(first)})
    data["upto"], data["zero"] = data["from"] + drawn.width, 0.0
    data["description"] = _spoken(drawn, labels)
    outline = pd.DataFrame(
        [
            {"from": at, "share": share, "when": labels[census]}
            for census in others
            for at, share in _steps(starts, drawn.shares(census), drawn.width)
        ],
        columns=["from", "share", "when"],
    )
    bar = alt.Chart().mark_rect(fill=BAND, stroke=PALETTE[0], strokeWidth=1, x2Offset=-1)
    layers = [bar.encode(x2="upto:Q", y2="zero:Q", description="description:N")]
    if others:
        names = [labels[census] for census in others]
        line = alt.Chart(outline).mark_line(
            interpolate="step-after", strokeWidth=2, invalid="break-paths-show-domains", aria=False
        )
        colours = alt.Scale(domain=names, range=[PALETTE[3], PALETTE[2]])
        dashes = alt.Scale(domain=names, range=[[1, 0], [5, 3]])
        layers.append(
            line.encode(
                color=alt.Color("when:N", scale=colours, legend=alt.Legend()),
                strokeDash=alt.StrokeDash("when:N", scale=dashes, legend=alt.Legend()),
            )
        )
    layers.append(own_rows({"share": 0}).mark_rule(color=INK, aria=False).encode(y="share:Q"))
    return layered(
        layers,
        data,
        x=_value_axis(drawn),
        y=alt.Y("share:Q", title="% of networks", axis=alt.Axis(tickCount=5)),
    ).properties(height=220)


def _steps(starts: list[float], shares: list[float], width: float) -> list[tuple[float, float | None]]:
    """The outline of the bars as a stepped line, with a gap between none and the first band."""
    none, some = list(zip(starts, shares, strict=True))[:1], list(zip(starts, shares, strict=True))[1:]
    ends = [(starts[0] + width, shares[0]), (starts[-1] + width, shares[-1])]
    return [*none, ends[0], (starts[0] + 1.5 * width, None), *some, ends[1]]


def _spoken(drawn: Histogram, labels: Mapping[str, str]) -> list[str]:
    """What each bar says: the band, the networks in it, and their share at each census."""
    first, *others = drawn.counts
    unit = UNITS[drawn.measure]
    words = []
    for place, band in enumerate(drawn.bands):
        count, name = drawn.counts[first][place], band if band == "None" else f"{band} {unit}"
        beside = "".join(f"; {labels[census]}: {as_text(drawn.shares(census)[place], 1)}%" for census in others)
        share = as_text(drawn.shares(first)[place], 1)
        words.append(f"{name}: {share}% of networks ({count:,}){beside}")
    return words


def _value_axis(drawn: Histogram) -> alt.X:
    """Every second edge is named, the bar of none by its name, and the last band by where it begins."""
    width, last, decimals = drawn.width, drawn.edges[-1], _decimals(drawn.width)
    named = [(_NONE_FROM + _NONE_TO) / 2 * width, *drawn.edges[:-1:2], last + width / 2]
    number = f"datum.value ? format(datum.value, '.{decimals}f') : '0'"
    label = f"datum.value < 0 ? 'None' : datum.value > {last} ? '{last:.{decimals}f}+' : {number}"
    return alt.X(
        "from:Q",
        title=UNITS[drawn.measure],
        # Half a band of room: the name of the first bar would lie on the lowest number of the other axis.
        scale=alt.Scale(domain=[(_NONE_FROM - 0.5) * width, last + width], nice=False),
        axis=alt.Axis(values=[round(value, 6) for value in named], labelExpr=label, ticks=False, domain=False),
    )


def _decimals(width: float) -> int:
    return 0 if width % 1 == 0 else 1


def distribution(
    bands: pd.DataFrame, *, census: str, peak: str | None = None, facts: Facts, role: RoleWords
) -> alt.LayerChart:
    """Chart how many networks have how much of a role at a census, England; a year before and ``peak`` as outlines.

    ``bands`` is the measure ``distribution_bands``, ``peak`` the census with the highest FTE. Both earlier censuses are
    drawn where the measure has them. FTE per 10,000 registered patients; where there is no list of patients, FTE. Uses
    ``rate_decile_5`` and ``rate_decile_9``, or ``pcns_none``, ``pcns_2_plus`` and ``pcns_reporting``, of the census.

    Raises
    ------
    NothingToDrawError
        When no network has anybody in the role.
    """
    who, chart_id = role.short, f"distribution-{role.id_part}"
    year = shift(census, -12)
    names = {year: "Highest FTE, a year before" if peak == year else "A year before"}
    if peak and year != peak:
        names[peak] = "Highest FTE"
    earlier = [then for then in names if then < census]
    drawn = histogram(bands, role=role.code, censuses=[census, *earlier])
    labels = {then: f"{names[then]} ({short_label(then)})" for then in drawn.counts if then != census}
    patients = " on a list of patients" if drawn.measure == "rate" else ""
    counted = "that reported and are on the list of patients" if patients else "that reported"
    return figure(
        histogram_chart(drawn, labels),
        id=chart_id,
        title=_title(drawn, census, facts, role),
        subtitle=say(
            "Share of networks by full-time equivalents (FTE) of {who}"
            + _per(drawn)
            + (", England. Bars: {census}. Lines: earlier censuses." if labels else ", England, {census}.")
            + f" Only networks {counted} are counted.",
            who=who,
            base=facts["constant.rate_base"],
            census=month(census),
        ),
        alternative=_alternative(drawn, census, who),
        table=Table(
            f"chart-{chart_id}",
            f"Networks{patients} by {UNITS[drawn.measure]} of {who}, England, {month_label(census)}",
            _table_rows(drawn),
            _table_columns(drawn, labels),
        ),
    )


def _per(drawn: Histogram) -> str:
    return " per {base} registered patients" if drawn.measure == "rate" else ""


def _title(drawn: Histogram, census: str, facts: Facts, role: RoleWords) -> Prose:
    who, key = role.short, f"{role.code}.{ENGLAND}.{census}"
    if drawn.measure == "fte":
        return say(
            "Of {reporting} networks that reported, {none} have no {who} and {two} have two FTE or more",
            reporting=facts[f"pcns_reporting.{ENGLAND}.{census}"],
            none=facts[f"pcns_none.{key}"],
            two=facts[f"pcns_2_plus.{key}"],
            who=who,
        )
    return say(
        "Half of networks have {median} FTE of {who} or less per {base} patients; one in ten has {high} or more",
        median=facts[f"rate_decile_5.{key}"],
        who=who,
        base=facts["constant.rate_base"],
        high=facts[f"rate_decile_9.{key}"],
    )


def _alternative(drawn: Histogram, census: str, who: str) -> str:
    """The share with none at each census, and where most of the others are."""
    shares, when = drawn.shares(census), month_label(census)
    fullest = max(range(1, len(shares)), key=lambda place: shares[place])
    band, share = drawn.bands[fullest].lower(), as_text(shares[fullest], 1)
    number = sum(drawn.counts[census])
    sentences = [
        f"Histogram of {UNITS[drawn.measure]} of {who} over {number:,} networks in England in {when}.",
        f"{as_text(shares[0], 1)}% have none. The fullest band is {band}, with {share}% of networks.",
        f"{as_text(shares[-1], 1)}% have {drawn.bands[-1]}.",
    ]
    others = [then for then in drawn.counts if then != census]
    earlier = [f"{as_text(drawn.shares(then)[0], 1)}% in {month_label(then)}" for then in others]
    if earlier:
        sentences.append(f"Earlier, the share with none was {listed(earlier)}.")
    return " ".join(sentences)


def _table_rows(drawn: Histogram) -> pd.DataFrame:
    columns: dict[str, Any] = {"band": drawn.bands}
    for place, census in enumerate(drawn.counts):
        end = f"_{place}" if place else ""
        columns |= {f"pcns{end}": [float(n) for n in drawn.counts[census]], f"share_pct{end}": drawn.shares(census)}
    return pd.DataFrame(columns)


def _table_columns(drawn: Histogram, labels: Mapping[str, str]) -> dict[str, Column]:
    columns = {"band": Column("Band", f"{UNITS[drawn.measure]} of a network")}
    for place, census in enumerate(drawn.counts):
        end, when = (f"_{place}", f", {labels[census].partition(' (')[0].lower()}") if place else ("", "")
        at = short_label(census)
        columns[f"pcns{end}"] = Column(f"Networks, {at}", f"networks in the band{when}", "PCNs", 0)
        columns[f"share_pct{end}"] = Column(f"Share, {at}", f"of all networks counted{when}", "%", 1)
    return columns
