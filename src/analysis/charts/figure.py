"""A figure: a chart that cannot be made without its title, subtitle, text alternative and table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup, escape

from analysis.markup.notebook_output import shown
from analysis.markup.prose import Prose, say
from analysis.tables.table import Table

# The accessible name of a drawing, as analysis.charts.svg writes it; marks have a <title> without an id.
_SPOKEN_TITLE = re.compile(r'(<title id="[^"]+-title">)[^<]*')


@dataclass(frozen=True)
class Figure:
    """A drawn chart with all that a reader needs to check it.

    Parameters
    ----------
    id
        Lower case words with hyphens.
    title
        The finding, in a sentence, with facts for numbers.
    subtitle
        Measure, unit, area, period.
    alternative
        What the chart shows, computed from the data: for those who cannot see it.
    svg
        The drawing, from :mod:`analysis.charts.drawing`.
    table
        The data behind it.
    level
        Of the heading: 4 where the figure stands under a third-level heading.

    Raises
    ------
    ValueError
        When any of these is missing: such a chart cannot be made.
    """

    id: str
    title: Prose
    subtitle: Prose
    alternative: str
    svg: Markup = field(repr=False)
    table: Table = field(repr=False)
    level: int = 3

    def __post_init__(self) -> None:
        empty = [
            name
            for name in ("title", "subtitle", "alternative", "svg")
            if not str(getattr(self, name)).strip() and not getattr(getattr(self, name), "html", "")
        ]
        if empty:
            raise ValueError(f"figure {self.id!r} has no {' and no '.join(empty)}: a chart without it is not made")
        if not isinstance(self.table, Table):
            raise ValueError(f"figure {self.id!r} has no table of its data: a chart without it is not made")

    @property
    def tables(self) -> tuple[Table, ...]:
        """The table of its data."""
        return (self.table,)

    def to_html(self) -> Markup:
        """The figure as the page has it: caption, drawing, table under a disclosure with its CSV."""
        return Markup(
            '<figure id="figure-{id}" class="chart" aria-labelledby="title-{id}">'
            '<figcaption><h{level} id="title-{id}">{title}</h{level}><p class="subtitle">{subtitle}</p></figcaption>'
            "{svg}"
            "<details><summary>The data of this chart as a table</summary>{table}"
            '<p class="download"><a href="tables/{csv}" download>Download the data</a> as <code>{csv}</code></p>'
            "</details></figure>"
        ).format(
            id=self.id,
            level=self.level,
            title=self.title,
            subtitle=self.subtitle,
            svg=self.svg,
            table=self.table.to_html(),
            csv=self.table.csv_name,
        )

    def under(self, level: int) -> Figure:
        """Put the same figure under a heading of the level given."""
        return replace(self, level=level + 1)

    def titled(self, title: Prose | str) -> Figure:
        """Give the same chart another title, to be read and to be heard: a finding, with facts for numbers."""
        prose = title if isinstance(title, Prose) else say("{title}", title=title)
        named = _SPOKEN_TITLE.sub(lambda found: f"{found[1]}{escape(prose.text)}", self.svg)
        return replace(self, title=prose, svg=Markup(named))  # noqa: S704 - our drawing, and a title that is escaped

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self.to_html(), (self.table,))
