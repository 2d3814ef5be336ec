"""The house style of charts, and how an altair chart becomes a drawing that reads at 320 and at 1280 pixels.

Any altair chart can be drawn: ``figure(chart, id=…, title=…, subtitle=…, alternative=…, table=…)``. The report's own
are in :mod:`analysis.charts.library`.
"""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup, escape

from analysis.charts import svg
from analysis.charts.figure import Figure
from analysis.errors import UsageError
from analysis.markup.prose import Prose
from analysis.tables.table import Table

# Government Analysis Function palette, in its order; with the focus pair of one colour against grey.
PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25")
INK = "#3D3D3D"
GREY = "#BFBFBF"
GRID = "#E3E3E3"
DASHES: tuple[list[int], ...] = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])  # so that colour is never alone

FONT = "Arial, Helvetica, sans-serif"
TEXT_PX = 13  # a drawing is scaled by at most 0.95 in its column, and text must stay at 12 pixels or more
WIDE_PX = 640  # from 40rem on
NARROW_PX = 300  # below: the 320 pixel screen less its margins

THEME = "link-worker-report"
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


@alt.theme.register(THEME, enable=False)
def house_theme() -> alt.theme.ThemeConfig:
    """Plain axes on a light grid, text of 13 pixels, the palette in its order, no legend."""
    return {
        "config": {
            "font": FONT,
            "background": "white",
            "view": {"stroke": None},
            "range": {"category": list(PALETTE)},
            "axis": {
                "labelFont": FONT,
                "labelFontSize": TEXT_PX,
                "labelColor": INK,
                "labelPadding": 6,
                "titleFont": FONT,
                "titleFontSize": TEXT_PX,
                "titleFontWeight": "normal",
                "titleColor": INK,
                "gridColor": GRID,
                "domain": False,
                "ticks": False,
            },
            "axisX": {"grid": False, "domain": True, "ticks": True, "domainColor": INK, "tickColor": INK},
            "legend": {"disable": True},
            "text": {"font": FONT, "fontSize": TEXT_PX, "color": INK},
            "line": {"strokeWidth": 2.5},
            "point": {"filled": True, "size": 40, "opacity": 1},
            "rule": {"color": INK},
            "bar": {"color": PALETTE[0]},
        }
    }


def draw(
    chart: alt.TopLevelMixin,
    *,
    id: str,  # noqa: A002 - the word of Figure and of HTML
    title_text: str,
    alternative: str,
    narrow: alt.TopLevelMixin | None = None,
) -> Markup:
    """Draw a chart twice, wide and narrow, as SVG without styles, scripts, or ids that could clash.

    A single or layered chart is fitted to the width of each drawing, unless it sets ``autosize="none"`` and so
    its own geometry. The page shows one drawing at a time (classes ``wide-only`` and ``narrow-only``). In both, each
    data mark is an element of class ``mark``, ``role="img"``, named by its value: in the wide one by a ``<title>``,
    which is a tooltip too, in the narrow one by ``aria-label``.

    Parameters
    ----------
    chart
        Any altair chart.
    id
        Lower case words with hyphens; stands before every id inside.
    title_text
        The finding, as plain text: the accessible name.
    alternative
        What the chart shows, computed from the data: the accessible description.
    narrow
        Another composition for small screens; without it, the same chart is fitted.

    Raises
    ------
    UsageError
        When the id is not a slug, or title or alternative is empty.
    """
    if not _SLUG.match(id):
        raise UsageError(
            f"The chart id {id!r} is not made of lower case words joined by hyphens.",
            "It names the figure, its anchor and its files.",
            'Choose an id such as id="link-workers-by-region".',
        )
    _refuse_empty(id, title=title_text, alternative=alternative)
    sizes = (("wide", chart, WIDE_PX), ("narrow", chart if narrow is None else narrow, NARROW_PX))
    drawings = Markup("").join(
        # tidy() builds the text with an XML serialiser, which escapes whatever came from an extract
        Markup(  # noqa: S704
            svg.tidy(
                _fitted(one, width),
                prefix=f"{id}-{size}",
                title=title_text,
                description=alternative,
                css_class=f"drawing {size}-only",
                tooltips=size == "wide",
            )
        )
        for size, one, width in sizes
    )
    return Markup('<div class="drawings">{}</div>').format(drawings)


def figure(
    chart: alt.TopLevelMixin,
    *,
    id: str,  # noqa: A002 - the word of Figure and of HTML
    title: Prose | str,
    subtitle: Prose | str,
    alternative: str,
    table: Table,
    narrow: alt.TopLevelMixin | None = None,
) -> Figure:
    """Make a figure of any altair chart; it cannot be made without its words and its data.

    Parameters
    ----------
    chart, id, narrow
        As in :func:`draw`.
    title
        The finding, in a sentence: :func:`~analysis.markup.prose.say` with facts for its numbers.
    subtitle
        Measure, unit, area and period.
    alternative
        What the chart shows, computed from its data.
    table
        The data that is drawn.

    Raises
    ------
    UsageError
        When one of them is empty, or the table is not a :class:`~analysis.tables.table.Table`.
    """
    title, subtitle = _as_prose(title), _as_prose(subtitle)
    _refuse_empty(id, title=title.text, subtitle=subtitle.text, alternative=alternative)
    if not isinstance(table, Table):
        raise UsageError(
            f"The chart {id!r} has no table of its data.",
            "Readers who cannot see a chart, and those who check it, need its figures.",
            "Pass table=an.Table(…) with the frame that is drawn.",
        )
    drawn = draw(chart, id=id, title_text=title.text, alternative=alternative, narrow=narrow)
    return Figure(id=id, title=title, subtitle=subtitle, alternative=alternative, svg=drawn, table=table)


def _as_prose(words: Prose | str) -> Prose:
    return words if isinstance(words, Prose) else Prose(escape(words))


def _refuse_empty(id: str, **parts: str) -> None:  # noqa: A002 - as above
    for name, words in parts.items():
        if not words.strip():
            raise UsageError(
                f"The chart {id!r} has no {name}.",
                "A chart says what it shows, of what, and to those who cannot see it: one without is not made.",
                f'Pass {name}="…".',
            )


def _fitted(chart: alt.TopLevelMixin, width: int) -> str:
    """The chart as vl-convert draws it in the house style, ``width`` pixels wide where its kind allows that."""
    # The schema is checked for charts that analysts make. Ours set their own geometry and are drawn in tests; checking
    # them again took half the time of a report's drawings.
    ours = getattr(chart, "autosize", None) == "none"
    with alt.theme.enable(THEME):
        spec: dict[str, Any] = chart.to_dict(validate=not ours)
    if spec.get("autosize") == "none" or not {"mark", "layer"} & set(spec):
        return str(vl_convert.vegalite_to_svg(spec))
    # What stands beside the plot (axes, labels) is only known once drawn: draw, measure, draw again.
    first = str(vl_convert.vegalite_to_svg(spec | {"width": width}))
    beside = svg.rendered_width(first) - width
    return str(vl_convert.vegalite_to_svg(spec | {"width": max(width - beside, width / 3)}))
