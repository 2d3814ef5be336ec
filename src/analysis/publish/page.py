"""The report's page: executed notebooks in, one offline accessible HTML file out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from analysis.errors import PageError
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
        When a figure in the prose is not one of ``context.facts``, or a chart or table is shown twice.
    """
    # html.parser lower-cases attributes such as viewBox; the HTML standard restores them inside <svg> when read.
    soup = BeautifulSoup(body, "html.parser")
    _refuse_twice(soup)
    leave_out(soup)
    used = link_facts(soup, context.facts, page="" if origins_below else ORIGINS)
    if origins_below and used:
        soup.append(BeautifulSoup(origins_section(used), "html.parser"))
    slim_tables(soup)
    if context.downloads:
        _offer_downloads(soup, context)
    contents = arrange(soup)
    return fill(
        "page.html.j2",
        context=context,
        contents=contents,
        body=Markup(slim_area_rows(str(soup))),  # noqa: S704 made by our templates and results, which escape; checked before it is put in place
        card_data=card_data(used),
    )


def _offer_downloads(soup: BeautifulSoup, context: PageContext) -> None:
    """Put the section of downloads, in place, before whatever follows the first heading and what stands under it."""
    section = BeautifulSoup(fill("downloads.html.j2", links=context.downloads), "html.parser")
    second = start_of_second_section(soup)
    if second is not None:
        second.insert_before(section)
    else:
        soup.append(section)


def start_of_second_section(soup: BeautifulSoup) -> Tag | None:
    """The second heading of the second level in a flat fragment; before it stands the first screen."""
    openings = [part for part in soup.find_all(recursive=False) if part.name in {"h1", "h2"} or part.find(["h1", "h2"])]
    return openings[1] if len(openings) > 1 else None


def _refuse_twice(soup: BeautifulSoup) -> None:
    """A chart or table shown twice, in two notebooks for instance, would give each of its parts one name twice."""
    shown = Counter(str(tag["id"]) for tag in soup.select("figure[id], caption[id]"))
    twice = next((name for name, times in shown.items() if times > 1), None)
    if twice is not None:
        raise PageError(
            f"The notebooks show the {twice.replace('figure-', 'chart ').replace('table-', 'table ')} twice.",
            "Each chart and table of the page has one place, to which links and its download lead.",
            "Show it in one notebook only, or give the second another name.",
        )
