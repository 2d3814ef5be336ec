"""From a Vega-Lite specification to the two drawings of a page: one for wide screens, one for narrow ones."""

from __future__ import annotations

import json
import math
import textwrap
from typing import TYPE_CHECKING, Any

import vl_convert
from markupsafe import Markup

from analysis.charts import svg
from analysis.charts.drawing_requests import BESIDE_A_DRAWING
from analysis.charts.sizes import LABEL_PX, NARROW, NARROW_PX, ROW_PX, WIDE_PX

if TYPE_CHECKING:
    from collections.abc import Mapping

# In a line of a name beside the plot: about half of each drawing. Longer names are wrapped, never cut.
_LETTERS = {WIDE_PX: 52, NARROW_PX: 20}
_LETTER_PX = 7
_NOT_DRAWN = (*BESIDE_A_DRAWING, "width")  # each drawing has a width of its own
_PLOTS = ("layer", "hconcat", "vconcat", "concat", "spec")


def draw(spec: Mapping[str, Any], *, id: str, title: str, alternative: str) -> Markup:  # noqa: A002 - the word of HTML
    """Draw a Vega-Lite specification twice, as SVG without styles, scripts, or ids that could clash.

    A single or layered chart is fitted to the width of each drawing. The page shows one drawing at a time (classes
    ``wide-only`` and ``narrow-only``). In both, each data mark is an element of class ``mark``, ``role="img"``, named
    by its value: in the wide one by a ``<title>``, which is a tooltip too, in the narrow one by ``aria-label``.

    Parameters
    ----------
    spec
        As Altair's ``to_dict`` gives it, in the house style (:func:`analysis.charts.theme.in_house_style`).
    id
        Stands before every id inside.
    title
        The finding, as plain text: the accessible name.
    alternative
        What the chart shows: the accessible description.
    """
    drawings = Markup("").join(
        # tidy() builds the text with an XML serialiser, which escapes whatever came from an extract
        Markup(  # noqa: S704
            svg.tidy(
                str(vl_convert.vegalite_to_svg(_fitted(spec, width))),
                prefix=f"{id}-{size}",
                title=title,
                description=alternative,
                css_class=f"drawing {size}-only",
                tooltips=size == "wide",
            )
        )
        for size, width in (("wide", WIDE_PX), ("narrow", NARROW_PX))
    )
    return Markup('<div class="drawings">{}</div>').format(drawings)


def _fitted(spec: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The specification, as wide as the drawing where its kind allows that, with room for names."""
    given: dict[str, Any] = json.loads(
        json.dumps({name: part for name, part in spec.items() if name not in _NOT_DRAWN})
    )
    for parameter in given.get("params", []):
        if parameter["name"] == NARROW:
            parameter["value"] = width == NARROW_PX
    _wrap_names(given, given.get("datasets", {}), width, {})
    if {"mark", "layer"} & set(given):
        given |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    return given


def _wrap_names(
    plot: dict[str, Any], datasets: Mapping[str, Any], width: int, above: Mapping[str, Any], *, is_layer: bool = False
) -> int:
    """Wrap the names on axes, and give each row the height of the name with most lines, which is returned.

    ``above`` is the data of the plot that this one is in, which it has where it has none of its own.
    """
    data = plot.get("data", above)
    lines = 1
    for kind in _PLOTS:
        inner = plot.get(kind, [])
        for one in inner if isinstance(inner, list) else [inner]:
            found = _wrap_names(one, datasets, width, data, is_layer=kind == "layer")
            lines = max(lines, found if kind == "layer" else 1)
    y, x = (plot.get("encoding", {}).get(channel, {}) for channel in ("y", "x"))
    if _has_names(y):
        letters = _LETTERS[width]
        _set_axis(y, labelExpr=_wrapping(letters), labelLineHeight=LABEL_PX, labelOffset=_centred(letters))
        lines = max([lines, *(len(textwrap.wrap(name, letters)) for name in _names(data, y["field"], datasets))])
    if _has_names(x):
        names = _names(data, x["field"], datasets)
        letters = math.floor(0.8 * width / max(1, len(names)) / _LETTER_PX)
        if all(len(word) <= letters for name in names for word in name.split()):
            _set_axis(x, labelExpr=_wrapping(letters), labelAngle=0)
    height = plot.get("height", {"step": ROW_PX})
    if lines > 1 and not is_layer and isinstance(height, dict):
        plot["height"] = {"step": max(height.get("step", ROW_PX), lines * LABEL_PX + 6)}
    return lines


def _has_names(channel: Mapping[str, Any]) -> bool:
    return channel.get("type") in {"nominal", "ordinal"} and "field" in channel and channel.get("axis", {}) is not None


def _names(data: Mapping[str, Any], field: str, datasets: Mapping[str, Any]) -> list[str]:
    rows = data["values"] if "values" in data else datasets.get(data.get("name", ""), [])
    return list(dict.fromkeys(str(row.get(field)) for row in rows if isinstance(row, dict)))


def _set_axis(channel: dict[str, Any], **more: Any) -> None:
    channel["axis"] = more | channel.get("axis", {})


def _centred(letters: int) -> dict[str, Any]:
    """Vega puts the first line of a label at its tick: the middle of a wrapped one goes there instead."""
    counts = ({"test": f"length({_wrapping(letters)}) === {n}", "value": -(n - 1) * LABEL_PX // 2} for n in (2, 3, 4))
    return {"condition": list(counts), "value": 0}


def _wrapping(letters: int) -> str:
    """A Vega expression: the label in lines of at most so many letters, broken between words."""
    line = rf"regexp('(.{{1,{letters}}})(\\s+|$)', 'g')"
    return rf"split(trim(replace(datum.label, {line}, '$1\n')), '\n')"
