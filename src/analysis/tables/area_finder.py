"""The section "Find your area": each ICB's figures with those of its sub-ICBs and networks, in plain tables.

The page's script (``publish/templates/script/area_finder.js``) reads its figures from these tables: there is one copy
of them. Without the script they are what a reader opens.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup, escape

from analysis.facts.fact import as_text
from analysis.markup.marks import dated, month, named
from analysis.markup.notebook_output import shown
from analysis.periods import expected_censuses, month_label, shift
from analysis.tables.area_profiles import (
    CHANGED,
    FEW,
    NEW,
    NONE,
    UNLISTED,
    area_series,
    breaks_of_all_areas,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from analysis.facts.analysis import Analysis

# What the notes in the last column mean; the script shows the same words beside an area.
MEANINGS = {
    "did not report": "It is not known what the area has now, which is not the same as none.",
    NEW: "In the extracts for the first time in the year before. It may be new, have a new code, or not have reported "
    "before.",
    NONE: "The network reported staff, but nobody in this role.",
    UNLISTED: "Not on the list of registered patients, so that there is no rate.",
    FEW: "Under three quarters of the size usual for a network: one post more or less changes its rate a lot.",
    CHANGED: "Areas changed and this one kept its code: figures before the change may be of another area.",
}
# A trend of more points than this has one for each half-year: each point is there for fourteen hundred areas, and the
# whole page may have 900 KB.
_MOST_POINTS = 9
_HALF_YEAR = 6  # months
_TENTHS = 10
# What a row of the tables is made of.
_OF_ROW = [
    *("level", "area_code", "area_name", "fte", "note", "headcount", "headcount_note", "rate", "rate_note"),
    *("fte_contracted", "split_note", "cautions_short"),
    *("pcns_reporting", "pcns_expected", "pcns_expected_reporting", "reporting_share_note"),
]


class AreaFinder:
    """The section as HTML; empty where no extract of the census tells of areas. Shows itself in Jupyter."""

    def __init__(self, analysis: Analysis, profiles: pd.DataFrame) -> None:
        """``profiles`` are those of :func:`analysis.tables.area_profiles.area_profiles`."""
        self._analysis, self._profiles = analysis, profiles

    def __bool__(self) -> bool:
        return bool(len(self._profiles))

    def to_html(self) -> Markup:
        """Give the section: what it is, where the script puts its search, and the tables."""
        if not self:
            return Markup("")
        censuses = _drawn(self._analysis.area_censuses)
        trends = _trends(area_series(self._analysis, self._profiles), censuses)
        profiles = self._profiles
        nationwide = profiles[profiles["level"].isin(("england", "region"))]
        groups = [self._group("ENG", "England and its regions", [nationwide], trends)]
        icbs = profiles.loc[profiles["level"] == "icb", ["area_code", "area_name", "region_name"]]
        for icb in icbs.to_dict("records"):
            inside = profiles[(profiles["icb_code"] == icb["area_code"]) & profiles["level"].isin(("sub_icb", "pcn"))]
            sub_icbs = inside.loc[inside["level"] == "sub_icb", "area_code"]
            parts = [
                profiles[(profiles["level"] == "icb") & (profiles["area_code"] == icb["area_code"])],
                *(inside[inside["sub_icb_code"] == code] for code in sub_icbs),
            ]
            groups.append(
                self._group(str(icb["area_code"]), str(icb["area_name"]), parts, trends, region=str(icb["region_name"]))
            )
        return Markup(
            '<section class="area-finder" aria-labelledby="find-your-area" data-censuses="{censuses}" '
            'data-after-gaps="{after_gaps}" data-role="{who}" data-at="{at}">'
            '<h2 id="find-your-area">Find your area</h2>{intro}'
            '<div class="area-search"></div><details class="all-areas">'
            "<summary>Figures of every area, ICB by ICB</summary>{meanings}{groups}</details></section>"
        ).format(
            censuses=" ".join(censuses),
            after_gaps=" ".join(_after_gaps(censuses, self._analysis.area_censuses)),
            who=self._analysis.roles.focus.short,
            at=month_label(self._analysis.period),
            intro=self._intro(),
            groups=Markup("").join(groups),
            meanings=self._meanings(),
        )

    def __repr__(self) -> str:  # no address in memory: an executed notebook has the same bytes each time
        return "Find your area: a search, and tables by ICB"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self.to_html(), ()) if self else {"text/plain": ""}

    def _intro(self) -> Markup:
        """What the section shows, of when, and which comparison over time no area allows."""
        intro = Markup(
            "<p>FTE of {who} in each integrated care board (ICB), with its sub-ICBs and networks, in {at}. "
            "The areas are those of the extracts.</p>"
        ).format(who=self._analysis.roles.focus.short, at=month(self._analysis.period))
        if crossed := breaks_of_all_areas(self._analysis):
            months = Markup(" and ").join(month(census) for census in crossed)
            intro += Markup(
                '<p class="note area-breaks">There is a <dfn>break</dfn> in the series at {}: figures before it and '
                "after it do not compare.</p>"
            ).format(months)
        return intro

    def _meanings(self) -> Markup:
        """The notes that stand in the tables, explained."""
        stands = " ".join(self._profiles["cautions_short"])
        used = Markup("").join(
            Markup("<dt>{}</dt><dd>{}</dd>").format(short[0].upper() + short[1:], meaning)
            for short, meaning in MEANINGS.items()
            if short in stands
        )
        return Markup(
            '<dl class="area-notes">'
            "<dt>People</dt><dd>On the networks’ own returns. People of contracted services are not counted.</dd>"
            "<dt>{rate}</dt><dd>FTE for so many registered patients of the networks that reported.</dd>"
            "<dt>Contracted</dt><dd>The part of FTE that other organisations employ. The rest is on the networks’ own "
            "returns.</dd><dt>[x]</dt><dd>Not available.</dd>{notes}</dl>"
        ).format(rate=dated("Per 10,000"), notes=used)

    def _group(
        self, code: str, name: str, parts: list[pd.DataFrame], trends: dict[tuple[str, str], str], *, region: str = ""
    ) -> Markup:
        """A disclosure with one table: an ICB, then each sub-ICB with its networks, and the trends of the rows."""
        bodies = Markup("").join(
            Markup('<tbody data-t="{}">{}</tbody>').format(
                ";".join(trends.get(key, "") for key in zip(part["level"], part["area_code"], strict=True)),
                Markup("").join(_row(area) for area in part[_OF_ROW].to_dict("records")),
            )
            for part in parts
        )
        return Markup(
            '<details class="areas"{region}><summary>{name}</summary><div class="table-scroll" role="region" '
            'aria-labelledby="{anchor}" tabindex="0"><table><caption id="{anchor}">{name}, {who}, {at}'
            "</caption><thead><tr><th>Area</th><th>FTE</th><th>People</th><th>Per 10,000</th>"
            "<th>Contracted</th></tr></thead>{bodies}</table></div></details>"
        ).format(
            region=Markup(' data-region="{}"').format(region) if region else "",
            anchor=anchor(code),
            name=dated(name),
            who=self._analysis.roles.focus.short,
            at=month_label(self._analysis.period),
            bodies=bodies,
        )


def anchor(code: str) -> str:
    """The id of the table of an ICB: its code with what cannot stand in an id written as numbers.

    >>> anchor("QE1"), anchor("<b>")
    ('areas-QE1', 'areas-3cb3e')
    """
    return "areas-" + "".join(c if c.isascii() and c.isalnum() else f"{ord(c):x}" for c in code)


def _row(area: dict[Hashable, Any]) -> Markup:
    level, notes = str(area["level"]), _notes(area)
    css_class = "" if level == "pcn" else f' class="{level.replace("_", "-")}"'  # most are networks
    figures = (
        _figure(area["fte"], area["note"], 1),
        _figure(area["headcount"], area["headcount_note"], 0),
        _figure(area["rate"], area["rate_note"], 2),
        _figure(area["fte_contracted"], area["split_note"], 1),
    )
    # Put together by hand, since there are fourteen hundred rows; all that comes from an extract is escaped.
    name, code, small = escape(named(area["area_name"])), escape(area["area_code"]), f"<small>{escape(notes)}</small>"
    cells = "".join(f"<td>{escape(figure)}</td>" for figure in figures)
    return Markup(f"<tr{css_class}><th>{name} ({code}){small if notes else ''}</th>{cells}</tr>")  # noqa: S704


def _figure(value: float, note: object, decimals: int) -> str:
    """A figure as printed, or why there is none. Marks of breaks are left out: they are told once for all areas."""
    if pd.isna(value):
        return note if isinstance(note, str) and note else "[x]"
    return as_text(float(value), decimals) if value else "0"


def _notes(area: dict[Hashable, Any]) -> str:
    """How many networks reported, for an area that has several, and what to know of it."""
    said = [str(area["cautions_short"])] if area["cautions_short"] else []
    if area["level"] != "pcn":
        reporting, expected = area["pcns_expected_reporting"], area["pcns_expected"]
        if pd.isna(expected):
            said.insert(0, f"{as_text(area['pcns_reporting'])} networks reported")
        else:
            about = "an estimated " if area["reporting_share_note"] == "[e]" else ""
            said.insert(0, f"{as_text(reporting)} of {about}{as_text(expected)} networks reported")
    return "; ".join(said)


def _drawn(censuses: list[str]) -> list[str]:
    """The censuses of the trends: all, or where there are many one a half-year back from the last, and the first.

    >>> _drawn(["2022-06", "2022-09"])
    ['2022-06', '2022-09']
    """
    if len(censuses) <= _MOST_POINTS:
        return censuses
    kept, census = {censuses[0]}, censuses[-1]
    while census >= censuses[0]:
        kept.add(census)
        census = shift(census, -_HALF_YEAR)
    return [census for census in censuses if census in kept]


def _after_gaps(drawn: list[str], censuses: list[str]) -> list[str]:
    """Those of ``drawn`` before which a published census is not in ``censuses``: no line leads to them.

    >>> _after_gaps(["2022-03", "2022-09", "2026-06"], ["2022-03", "2022-06", "2022-09", "2026-06"])
    ['2026-06']
    """
    return [
        later
        for earlier, later in itertools.pairwise(drawn)
        if not set(expected_censuses(earlier, later)) <= set(censuses)
    ]


def _trends(series: pd.DataFrame, censuses: list[str]) -> dict[tuple[str, str], str]:
    """For each area its FTE in tenths at each of ``censuses``, split by commas.

    ``x`` is a census without a figure, and nothing between two commas the same as before: half of the figures of
    networks are, and there are ten thousand of them.
    """
    values: dict[tuple[str, str], dict[str, float]] = {}
    for level, code, census, fte in series[["level", "area_code", "census", "fte"]].itertuples(index=False):
        values.setdefault((level, code), {})[census] = fte
    found: dict[tuple[str, str], str] = {}
    for area, known in values.items():
        drawn = [known.get(census, float("nan")) for census in censuses]
        texts = ["x" if math.isnan(value) else str(round(value * _TENTHS)) for value in drawn]
        shorter = ["" if text == before else text for before, text in itertools.pairwise(["", *texts])]
        found[area] = ",".join(shorter).rstrip(",")
    return found
