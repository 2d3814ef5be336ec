"""The report's page: executed notebooks in, one offline accessible HTML file out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from markupsafe import Markup

from analysis.errors import PageError
from analysis.markup.html_tree import Node, contents, holds, inner_html, read_fragment
from analysis.publish.checks import require_whole
from analysis.publish.context import PageContext
from analysis.publish.left_out import leave_out
from analysis.publish.notebooks import notebook_body, read_notebook
from analysis.publish.origins import ORIGINS, card_data, link_facts, origins_section
from analysis.publish.outline import arrange
from analysis.publish.shell import fill
from analysis.publish.slim import slim_area_rows, slim_tables


def report_body(notebooks: list[Path]) -> str:
    """The prose and outputs of executed notebooks, in their order, as an HTML fragment.

    Raises
    ------
    NotebookError
        When a notebook holds an error output.
    PageError
        When an output cannot be shown.
    """
    return "\n".join(notebook_body(read_notebook(path), path.name) for path in notebooks)


def render_body(body: str, context: PageContext, *, origins_below: bool = False) -> str:
    """Render an HTML fragment (sections opened by second-level headings) as the report's page.

    With ``origins_below``, a page that has no page of origins beside it lists the origins of its figures at its end.
    The same body and context give the same bytes. The page is not checked here:
    see :func:`analysis.publish.checks.require`.

    Raises
    ------
    PageError
        When a figure in the prose is not one of ``context.facts``, a chart or table is shown twice, or a browser would
        pass over a part of the fragment.
    """
    tree = read_fragment(body)
    require_whole(body, tree)
    _refuse_twice(tree)
    leave_out(tree)
    used = link_facts(tree, context.facts, page="" if origins_below else ORIGINS)
    if origins_below and used:
        for part in contents(read_fragment(origins_section(used))):
            tree.insert_child(part)
    slim_tables(tree)
    if context.downloads:
        _offer_downloads(tree, context)
    headings = arrange(tree)
    return fill(
        "page.html.j2",
        context=context,
        contents=headings,
        body=Markup(slim_area_rows(inner_html(tree))),  # noqa: S704 made by our templates and results, which escape; checked before it is put in place
        card_data=card_data(used),
    )


def _offer_downloads(body: Node, context: PageContext) -> None:
    """Put the section of downloads, in place, before whatever follows the first heading and what stands under it."""
    second = start_of_second_section(body)
    for part in contents(read_fragment(fill("downloads.html.j2", links=context.downloads))):
        if second is not None:
            second.insert_before(part)
        else:
            body.insert_child(part)


def start_of_second_section(body: Node) -> Node | None:
    """The second heading of the second level in a flat fragment; before it stands the first screen."""
    openings = [part for part in body.iter() if holds(part, "h1, h2")]
    return openings[1] if len(openings) > 1 else None


def _refuse_twice(body: Node) -> None:
    """A chart or table shown twice, in two notebooks for instance, would give each of its parts one name twice."""
    shown = Counter(tag.id or "" for tag in body.css("figure[id], caption[id]"))
    twice = next((name for name, times in shown.items() if times > 1), None)
    if twice is not None:
        raise PageError(
            f"The notebooks show the {twice.replace('figure-', 'chart ').replace('table-', 'table ')} twice.",
            "Each chart and table of the page has one place, to which links and its download lead.",
            "Show it in one notebook only, or give the second another name.",
        )
