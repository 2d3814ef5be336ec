"""Drawings that are asked for in a notebook and made beside it: half of a report's time in its last notebook.

Where the variable ``ANALYSIS_DRAWINGS`` is ``later``, as in the kernels of a run, a figure leaves a request in its
HTML: what is to be drawn, as data. Whoever runs the notebook draws it, and puts the drawings in its place. Everywhere
else a figure is drawn at once. The drawings are the same.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from markupsafe import Markup

VARIABLE, LATER = "ANALYSIS_DRAWINGS", "later"
_PLACE = Markup('<div class="drawings" data-request="{}"></div>')
_FOUND = re.compile(r'<div class="drawings" data-request="([^"]*)"></div>')
BESIDE_A_DRAWING = ("title", "description", "usermeta")  # parts of a specification that the page has as words


def drawings(spec: Mapping[str, Any], *, id: str, title: str, alternative: str) -> Markup:  # noqa: A002 - the word of HTML
    """The drawings of a chart, or a request for them; the parameters are those of :func:`analysis.charts.render.draw`.

    The order of a specification's parts is kept: it decides which layer lies above which.
    """
    if os.environ.get(VARIABLE) != LATER:
        from analysis.charts.render import draw  # noqa: PLC0415 - a kernel that only asks need not load what draws

        return draw(spec, id=id, title=title, alternative=alternative)
    drawn = {name: part for name, part in spec.items() if name not in BESIDE_A_DRAWING}
    request = {"spec": drawn, "id": id, "title": title, "alternative": alternative}
    return _PLACE.format(json.dumps(request, ensure_ascii=False))


def draw_request(text: str) -> Markup:
    """Make the drawings that a request asks for."""
    from analysis.charts.render import draw  # noqa: PLC0415 - as above

    return draw(**json.loads(text))


def requests_in(html: str) -> Iterator[str]:
    """The requests in an output of a notebook, in their order."""
    return (unescape(found[1]) for found in _FOUND.finditer(html))


def with_drawings(html: str, drawn: Mapping[str, str]) -> str:
    """The output with the drawings in the place of its requests; one that is not ``drawn`` leaves nothing behind."""
    return _FOUND.sub(lambda found: drawn.get(unescape(found[1]), ""), html)
