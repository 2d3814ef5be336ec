"""Vega's SVG made fit for an accessible page under a strict Content-Security-Policy: named, compact, unique ids.

Vega writes each mark with a spoken label, and round it many empty groups, unrounded coordinates and attributes
repeated on every element. Here the marks keep their words, and the rest is folded away: about a quarter remains.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

SVG_NAMESPACE = "http://www.w3.org/2000/svg"

_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_TRANSLATE = re.compile(rf"^translate\(({_NUMBER.pattern}),\s*({_NUMBER.pattern})\)$")
_CIRCLE = re.compile(rf"^M({_NUMBER.pattern}),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?$")
_GEOMETRY = ("d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "transform", "points")
_PLACE = {"line": ("x1", "y1"), "text": ("x", "y")}
# Attributes that SVG inherits: they may stand once on the group instead of on each of its children.
_INHERITED = (
    "fill",
    "fill-opacity",
    "font-family",
    "font-size",
    "font-weight",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "aria-hidden",
)
# What an attribute says when it is not there. Vega writes every property of every mark, and nothing is inherited that
# a child does not state itself, so that leaving these out changes nothing.
_DEFAULT = {
    "opacity": "1",
    "stroke-opacity": "1",
    "fill-opacity": "1",
    "stroke-width": "1",
    "stroke-dasharray": "1,0",
    "font-weight": "normal",
    "text-anchor": "start",
    "transform": "translate(0,0)",
}
_ORIGIN = ("x", "y", "x1", "y1", "x2", "y2")  # zero by default
_NOT_FOR_THE_PAGE = ("aria-roledescription", "aria-hidden", "role", "class", "pointer-events", "style", "aria-label")


def tidy(svg: str, *, prefix: str, title: str, description: str, css_class: str, tooltips: bool = True) -> str:
    """Rewrite a drawing of vl-convert for the page.

    Each data mark gets the class ``mark`` and ``role="img"``; the words Vega gave it as label are its accessible name,
    as ``aria-label`` or, with ``tooltips``, as ``<title>``. Other text is hidden from assistive technology: title,
    description, marks and the figure's table say it better.

    Parameters
    ----------
    svg
        What ``vl_convert.vegalite_to_svg`` returned.
    prefix
        Stands before every id, so that ids are unique on a page of many figures.
    title, description
        The accessible name and description of the whole drawing.
    css_class
        Class of the ``<svg>`` element.
    tooltips
        Whether the words of a mark are its ``<title>``, which browsers show at a pointer, without script. Both at once
        would add a fifth to the weight of a drawing.
    """
    source = ET.fromstring(svg)  # noqa: S314 - vl-convert's own output, never a file from outside
    for element in source.iter():
        element.tag = element.tag.rpartition("}")[2]
    width, height = (_rounded(str(source.get(side))) for side in ("width", "height"))
    root = ET.Element(
        "svg",
        {
            "xmlns": SVG_NAMESPACE,
            "class": css_class,
            "viewBox": f"0 0 {width} {height}",
            "role": "group",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
        },
    )
    for tag, words in (("title", title), ("desc", description)):
        ET.SubElement(root, tag, {"id": f"{prefix}-{tag}"}).text = words
    for child in source:
        if child.tag == "rect" and child.get("fill") == "white":
            continue  # the page has a background of its own
        kept = _kept(child, in_marks=False)
        if kept is not None:
            root.append(kept)
    if tooltips:
        for mark in root.iterfind(".//*[@class='mark']"):
            tooltip = ET.Element("title")
            tooltip.text = mark.attrib.pop("aria-label")
            mark.insert(0, tooltip)
    _lift_font(root)
    _prefix_ids(root, prefix)
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def _kept(element: ET.Element, *, in_marks: bool) -> ET.Element | None:
    """The element as the page has it, or ``None`` when it draws nothing."""
    if element.get("opacity") == "0" or element.get("display") == "none" or element.tag in {"script", "style"}:
        return None
    if element.tag == "g":
        return _kept_group(element, in_marks=in_marks or "role-mark" in element.get("class", ""))
    if element.tag == "path" and _is_blank(element):
        return None
    label = element.get("aria-label") if in_marks else None
    kept = ET.Element(element.tag, _attributes(element))
    kept.text = element.text
    for child in element:
        grandchild = _kept(child, in_marks=in_marks)
        if grandchild is not None:
            kept.append(grandchild)
    _place(kept)
    if label is not None:
        kept.set("class", "mark")
        kept.set("role", "img")
        kept.set("aria-label", label)
    elif kept.tag == "text":
        kept.set("aria-hidden", "true")
    return kept


def _kept_group(group: ET.Element, *, in_marks: bool) -> ET.Element | None:
    kept = ET.Element("g", _attributes(group))
    for child in group:
        inner = _kept(child, in_marks=in_marks)
        if inner is not None:
            kept.append(inner)
    if len(kept) == 0:
        return None
    _hoist(kept)
    if len(kept) == 1 and kept[0].tag == "g" and not {"transform", "clip-path", "opacity"} & set(kept.attrib):
        only = kept[0]
        for name, value in kept.attrib.items():
            only.attrib.setdefault(name, value)
        return only
    return kept


def _hoist(group: ET.Element) -> None:
    """Move what all children of a group agree on to the group, and dissolve child groups left with nothing to say."""
    for name in _INHERITED:
        values = {child.get(name) for child in group}
        if len(values) == 1 and None not in values:
            group.set(name, str(values.pop()))
            for child in group:
                del child.attrib[name]
    flat: list[ET.Element] = []
    for child in group:
        if child.tag == "g" and not child.attrib:
            flat.extend(child)
        elif flat and child.tag == flat[-1].tag == "g" and child.attrib == flat[-1].attrib:
            flat[-1].extend(child)  # the next layer in the same look
        else:
            flat.append(child)
    group[:] = flat


def _lift_font(root: ET.Element) -> None:
    """State the commonest font once, on the root; it reaches text alone."""
    for name in ("font-family", "font-size"):
        counts = Counter(value for element in root.iter() if (value := element.get(name)))
        if not counts:
            continue
        commonest = counts.most_common(1)[0][0]
        root.set(name, commonest)
        for element in root.iter():
            if element is not root and element.get(name) == commonest:
                del element.attrib[name]


def _attributes(element: ET.Element) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in element.attrib.items():
        if name in _NOT_FOR_THE_PAGE or name == "stroke-miterlimit" or not value:
            continue
        text = _rounded(value) if name in _GEOMETRY else value
        if _DEFAULT.get(name) != text:
            kept[name] = text
    return kept


def _place(element: ET.Element) -> None:
    """Fold a plain translation into the element's own coordinates; a symbol's two arcs become a circle."""
    move = _TRANSLATE.match(element.get("transform", ""))
    x, y = (float(part) for part in move.groups()) if move else (0.0, 0.0)
    circle = _CIRCLE.match(element.get("d", "")) if element.tag == "path" else None
    if circle:
        del element.attrib["d"]
        element.tag = "circle"
        element.attrib.pop("transform", None)
        element.attrib |= {"cx": _short(x), "cy": _short(y), "r": circle[1]}
    elif element.tag in _PLACE and len(element) == 0 and (move or "transform" not in element.attrib):
        element.attrib.pop("transform", None)
        across, down = _PLACE[element.tag]
        element.attrib |= {across: _short(x), down: _short(y)}
        if element.tag == "line":
            element.set("x2", _short(x + float(element.get("x2", 0))))
            element.set("y2", _short(y + float(element.get("y2", 0))))
        for name in _ORIGIN:
            if element.get(name) == "0":
                del element.attrib[name]


def _is_blank(path: ET.Element) -> bool:
    """Whether a path paints nothing: no outline, or the frame that Vega puts round every group."""
    if not path.get("d"):
        return True
    paints = any(path.get(name) not in {None, "none", "transparent"} for name in ("fill", "stroke"))
    return path.get("class") == "background" and not paints


def _prefix_ids(root: ET.Element, prefix: str) -> None:
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id" and not value.startswith(prefix):
                element.set(name, f"{prefix}-{value}")
            elif value.startswith("url(#"):
                element.set(name, f"url(#{prefix}-{value[5:]}")


def _rounded(text: str) -> str:
    return _NUMBER.sub(lambda found: _short(float(found[0])), text)


def _short(number: float) -> str:
    """To a tenth of a pixel, without a needless ``.0`` or a minus before zero."""
    return f"{round(number, 1) + 0.0:.1f}".removesuffix(".0")
