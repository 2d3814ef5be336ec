"""ICBs as tiles: on a map of squares, or in the order of name, figure, change or region that a reader chooses.

Each tile prints its figure and is a link to the area; the shade says nothing that is not printed. The same figures are
in the table of ICBs. The script (``publish/templates/script/icb_tiles.js``) adds the choice of the order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup, escape

from analysis.facts.fact import as_text
from analysis.markup.marks import dated, month, named
from analysis.markup.notebook_output import shown
from analysis.registers.icb_tiles import load_icb_tiles, tiles_of
from analysis.tables.area_finder import anchor

if TYPE_CHECKING:
    from collections.abc import Hashable

    from analysis.facts.analysis import Analysis

_FURNITURE = re.compile(r"^NHS\s+|\s+(Integrated Care Board|ICB)$", re.IGNORECASE)
_LONG_COUNTY = re.compile(r"(\w{7,})shire\b")  # such a word is wider than a tile
_SHADES = 4  # groups of boards, as many in each; more shades could not be told apart


class IcbTiles:
    """The tiles as HTML; empty where no extract of the census tells of areas. Shows itself in Jupyter."""

    def __init__(self, analysis: Analysis, profiles: pd.DataFrame) -> None:
        """``profiles`` are those of :func:`analysis.tables.area_profiles.area_profiles`."""
        self._analysis = analysis
        self._icbs = profiles[profiles["level"] == "icb"]
        self._has_rates = bool(self._icbs["rate"].notna().any())

    def __bool__(self) -> bool:
        return bool(len(self._icbs))

    def to_html(self) -> Markup:
        """Give the figure: what the tiles show, and the tiles in the order of names."""
        if not self:
            return Markup("")
        icbs = self._icbs
        shown_value = icbs["rate" if self._has_rates else "fte"]
        icbs = icbs.assign(value=shown_value, shade=_shades(shown_value))
        tiles = tiles_of(icbs["area_code"], load_icb_tiles())
        items = Markup("").join(
            self._tile(icb, f" r{tiles[icb['area_code']].row} c{tiles[icb['area_code']].column}" if tiles else "")
            for icb in icbs.to_dict("records")
        )
        who, at = self._analysis.roles.focus.short, month(self._analysis.period)
        measure = Markup("FTE of {} for each {} patients").format(who, dated("10,000")) if self._has_rates else None
        return Markup(
            '<figure class="icb-tiles"{map}><figcaption><h3>Integrated care boards side by side</h3>'
            '<p class="subtitle">{measure}, {at}. Each tile is an ICB, and leads to its figures. The darker it is, the '
            'higher its figure, in four groups of equal size.</p></figcaption><ol class="boards">{items}</ol></figure>'
        ).format(
            map=Markup(" data-map") if tiles else "",
            measure=measure or Markup("FTE of {}").format(who),
            at=at,
            items=items,
        )

    def _tile(self, icb: dict[Hashable, Any], place: str) -> Markup:
        value, change = icb["value"], icb["change_year_fte"]
        text = "[x] not available" if pd.isna(value) else as_text(float(value), 2 if self._has_rates else 1)
        in_a_year = "" if pd.isna(change) else f"{as_text(float(change), 1, signed=True)} FTE in a year"
        return Markup(
            '<li class="s{shade}{place}"{value}{change}><a href="#{anchor}" data-code="{code}">'
            '<span class="tile-name">{name}</span> <b>{text}</b>{in_a_year} <small class="tile-region">{region}</small>'
            "</a></li>"
        ).format(
            shade=int(icb["shade"]),
            place=place,
            value="" if pd.isna(value) else Markup(' data-value="{:.6g}"').format(float(value)),
            change="" if pd.isna(change) else Markup(' data-change="{:.6g}"').format(float(change)),
            region=icb["region_name"],
            anchor=anchor(str(icb["area_code"])),
            code=icb["area_code"],
            name=_tile_name(str(icb["area_name"])),
            text=dated(text),
            in_a_year=Markup(" <small>{}</small>").format(dated(in_a_year)) if in_a_year else "",
        )

    def __repr__(self) -> str:  # no address in memory: an executed notebook has the same bytes each time
        return "ICBs as tiles, on a map or in an order"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self.to_html(), ()) if self else {"text/plain": ""}


def _tile_name(name: str) -> Markup:
    """The name without what all ICBs have in theirs, and with a place at which a long word may be divided."""
    short = str(escape(named(_FURNITURE.sub("", name))))  # a plain text: re would escape what it puts into a Markup
    return Markup(_LONG_COUNTY.sub(r"\1&shy;shire", short))  # noqa: S704 escaped in the line above


def _shades(values: pd.Series[float]) -> pd.Series[int]:
    """Which of four groups each value is in, 1 to 4 from the lowest; 0 where there is none."""
    order = values.rank(method="min")
    shade = 1 + (order - 1) * _SHADES // max(int(values.notna().sum()), 1)
    return shade.fillna(0).astype("int64")
