"""A figure: an Altair chart with title, subtitle, text alternative and table, as the page and JupyterLab show it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import altair as alt
from markupsafe import Markup, escape

from analysis.charts.drawing_requests import drawings
from analysis.charts.text_alternative import data_of, first_alternative
from analysis.charts.theme import THEME, in_house_style
from analysis.errors import UsageError
from analysis.markup.notebook_output import shown
from analysis.markup.prose import Prose
from analysis.tables.table import Column, Table

ChartT = TypeVar("ChartT", bound=alt.TopLevelMixin)

_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_KEY = "figure"  # in the chart's usermeta, which Vega-Lite leaves to its users
_RENDERER = "link-worker-report"


def figure(
    chart: ChartT,
    *,
    title: Prose | str = "",
    subtitle: Prose | str = "",
    id: str = "",  # noqa: A002 - the word of HTML
    alternative: str = "",
    table: Table | None = None,
    compact: str = "",
) -> ChartT:
    """Give an Altair chart the words and the table that the page needs; what it has already is kept or replaced.

    The result is the same kind of Altair chart: ``.encode``, ``.properties``, ``.configure_axis`` and ``+`` change it
    as any other. Shown in a notebook, it is drawn as on the page. The page's heading is the chart's own ``title``, and
    the text alternative its ``description``: ``.properties(title="…")`` and ``.properties(description="…")`` change
    them.

    Parameters
    ----------
    chart
        Any Altair chart, or one of ``report.charts``.
    title
        The finding, in a sentence. With facts for its numbers: :func:`~analysis.markup.prose.say`.
    subtitle
        Measure, unit, area and period.
    id
        Lower case words with hyphens, for the anchor and the file names; made from the title without it.
    alternative
        What the chart shows, for those who cannot see it; computed from the chart's data without it.
    table
        The data that is drawn; the chart's data without it.
    compact
        The id of a table of the page that has the data. The figure then has a caption in the place of a heading, and
        leads to that table in the place of one of its own: for a small chart that stands before the first heading.

    Raises
    ------
    UsageError
        No title or subtitle, an id that is not made of words and hyphens, a table that is none; or the chart's data
        are not in it (an address), so that table and alternative must be given.

    Examples
    --------
    >>> import analysis as an
    >>> an.figure(
    ...     an.bars(regions, "fte", "area_name", unit="FTE"),
    ...     title="London has most",
    ...     subtitle="FTE by region",
    ... )  # doctest: +SKIP
    """
    before = _described(chart)
    words = {
        name: _as_prose(given) if given else _as_prose(before.get(name, ""))
        for name, given in (("title", title), ("subtitle", subtitle))
    }
    chart_id = id or before.get("id") or _slug(words["title"].text)
    _check(chart_id, **{name: prose.text for name, prose in words.items()})
    if table is None:
        payload = before.get("table") or _first_table(chart, chart_id, words["title"].text).payload()
    elif isinstance(table, Table):
        payload = table.payload()
    else:
        raise UsageError(
            f"The table of the chart {chart_id!r} is not a table but {type(table).__name__}.",
            "Readers who cannot see a chart, and those who check it, need its figures with the meaning of each column.",
            "Pass table=an.Table(…) with the frame that is drawn, or leave it out.",
        )
    spoken = alternative or before.get("alternative") or first_alternative(chart)
    given: Any = chart  # every kind of chart can be copied; altair's types do not say so
    made: ChartT = given.copy(deep=False)
    described = {"id": chart_id, "table": payload, "compact": compact or before.get("compact", "")} | {
        name: {"html": str(prose.html), "text": prose.text} for name, prose in words.items()
    }
    heading = alt.TitleParams(text=words["title"].text, subtitle=words["subtitle"].text)
    for name, part in (("title", heading), ("description", spoken), ("usermeta", {_KEY: described})):
        setattr(made, name, part)
    return made


@dataclass(frozen=True)
class Figure:
    """A chart ready to be shown; it is drawn when its HTML is first asked for, and once.

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
    table
        The data behind it.
    spec
        The chart as Vega-Lite.
    level
        Of the heading: 4 where the figure stands under a third-level heading.
    compact
        The id of the table that has the data of a compact figure, which has neither heading nor table; else empty.
    """

    id: str
    title: Prose
    subtitle: Prose
    alternative: str
    table: Table = field(repr=False)
    spec: Mapping[str, Any] = field(repr=False)
    level: int = 3
    compact: str = ""

    @classmethod
    def of(cls, chart: alt.TopLevelMixin) -> Figure:
        """Make a figure of a chart that :func:`figure` has described.

        Raises
        ------
        UsageError
            The chart was not described, or a title or alternative was taken away.
        """
        # Vega-Lite's own check takes most of the time of a drawing; a chart that is shown by itself is checked.
        return cls.of_spec(chart.to_dict(validate=False))

    @classmethod
    def of_spec(cls, spec: Mapping[str, Any]) -> Figure:
        """Make a figure of a Vega-Lite specification with the description in it."""
        described = spec.get("usermeta", {}).get(_KEY)
        if described is None:
            raise UsageError(
                "The chart has no title, subtitle, text alternative and table.",
                "A chart of the report says what it shows, also to those who cannot see it.",
                'Give it them: an.figure(chart, title="…", subtitle="…").',
            )
        heading = spec.get("title", "")
        given = heading if isinstance(heading, Mapping) else {"text": heading}
        title = _current(given.get("text", ""), described["title"])
        subtitle = _current(given.get("subtitle", described["subtitle"]["text"]), described["subtitle"])
        alternative = str(spec.get("description", ""))
        _check(described["id"], title=title.text, subtitle=subtitle.text, alternative=alternative)
        table, compact = Table.from_payload(described["table"]), described.get("compact", "")
        return cls(described["id"], title, subtitle, alternative, table, spec, compact=compact)

    @cached_property
    def svg(self) -> Markup:
        """The two drawings; in a run of the pipeline a request for them, which is met beside the notebook."""
        return drawings(in_house_style(self.spec), id=self.id, title=self.title.text, alternative=self.alternative)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The table of its data; none of a compact figure, which leads to a table of the page."""
        return () if self.compact else (self.table,)

    def to_html(self) -> Markup:
        """The figure as the page has it: caption, drawing, table under a disclosure with its CSV."""
        if self.compact:
            return Markup(
                '<figure id="figure-{id}" class="chart compact" aria-labelledby="title-{id}">'
                '<figcaption id="title-{id}"><a href="#table-{table}">{title}</a></figcaption>{svg}</figure>'
            ).format(id=self.id, title=self.title, svg=self.svg, table=self.compact)
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

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self.to_html(), self.tables)


def is_figure(shown_thing: object) -> bool:
    """Whether something is a chart that :func:`figure` has described."""
    return isinstance(shown_thing, alt.TopLevelMixin) and bool(_described(shown_thing))


def use_house_style() -> None:
    """Show described charts as figures and all charts in the house style, in this kernel."""
    if alt.renderers.active == _RENDERER:
        return
    others = alt.renderers.get()

    def show(spec: dict[str, Any], **options: Any) -> Any:
        if _KEY in spec.get("usermeta", {}):
            return Figure.of_spec(spec)._repr_mimebundle_()
        return others(spec, **options) if others else {}

    alt.renderers.register(_RENDERER, show)
    alt.renderers.enable(_RENDERER)
    alt.theme.enable(THEME)


def _described(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """What :func:`figure` has said of a chart, with what was changed since by Altair; empty for any other chart."""
    given: Any = chart
    meta, heading = given.usermeta, given.title
    if not isinstance(meta, Mapping) or _KEY not in meta:
        return {}
    title = heading.to_dict() if isinstance(heading, alt.TitleParams) else heading
    now = Figure.of_spec({"usermeta": meta, "description": given.description, "title": title})
    return {
        "id": now.id,
        "title": now.title,
        "subtitle": now.subtitle,
        "alternative": now.alternative,
        "table": copy.copy(meta[_KEY]["table"]),
        "compact": now.compact,
    }


def _current(text: object, described: Mapping[str, str]) -> Prose:
    """The words with their facts, where they are still those that were given; else as they were changed."""
    plain = " ".join(map(str, text)) if isinstance(text, list) else str(text)
    # Made by figure() from Prose, whose HTML is safe; what came since is escaped.
    return Prose(Markup(described["html"]) if plain == described["text"] else escape(plain))  # noqa: S704


def _as_prose(words: Prose | str) -> Prose:
    return words if isinstance(words, Prose) else Prose(escape(words))


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def _check(chart_id: str, **parts: str) -> None:
    for name, words in parts.items():
        if not words.strip():
            raise UsageError(
                f"The chart {chart_id!r} has no {name}.",
                "A chart says what it shows, of what, and to those who cannot see it: one without is not made.",
                f'Pass {name}="…" to an.figure.',
            )
    if not _SLUG.match(chart_id):
        raise UsageError(
            f"The chart id {chart_id!r} is not made of lower case words joined by hyphens.",
            "It names the figure, its anchor and its files.",
            'Choose an id such as id="link-workers-by-region".',
        )


def _first_table(chart: alt.TopLevelMixin, chart_id: str, title: str) -> Table:
    """The data of a chart as a table: the columns that it draws, each under the title that the chart gives it."""
    data = data_of(chart)
    frame = data.frame.copy()
    columns: dict[str, Column] = {}
    for name, label in data.fields.items():
        numeric = frame[name].dtype.kind in "fiu"
        note = f"{name}_note" if frame[name].isna().any() else None
        if note is not None:
            frame[note] = frame[name].isna().map({True: "[x]", False: ""})
        whole = numeric and bool((frame[name].dropna() % 1 == 0).all())
        heading = label[:1].upper() + label[1:]
        columns[name] = Column(heading, label, decimals=(0 if whole else 2) if numeric else None, note=note)
    return Table(f"chart-{chart_id}", title, frame[[*columns, *(c.note for c in columns.values() if c.note)]], columns)


use_house_style()
