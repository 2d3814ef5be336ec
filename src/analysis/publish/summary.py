"""The summary of a report: its first screen as one sheet for a board, and as text for an e-mail.

It is made of the same notebook outputs as the first screen, so that the two cannot say different things, and an analyst
who changes a sentence there changes it here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from analysis.markup.left_out import ITEM, PART
from analysis.publish.context import Link, PageContext
from analysis.publish.origins import ORIGINS, ORIGINS_TITLE
from analysis.publish.page import render_body, start_of_second_section

SUMMARY, SUMMARY_TEXT = "summary.html", "summary.md"
_REPORT = Link("index.html", "The whole report", "Charts, areas, tables, and how each figure was made")
_MARKS_OF_MARKDOWN = re.compile(r"([\\`*_\[\]<])")
_LEFT_OUT = ["svg", "table", "details"]


def first_screen(body: str) -> str:
    """What stands before the second heading of a report's body: the news, the figures, the verdict on each target."""
    soup = BeautifulSoup(body, "html.parser")
    second = start_of_second_section(soup)
    for after in [second, *second.next_siblings] if second else []:
        after.extract()
    for reason in soup.find_all("p", class_=[ITEM, PART]):  # the report has the list of what is left out
        reason.decompose()
    for link in soup.select('a[href^="#"]'):
        if soup.find(id=str(link["href"])[1:]) is None:
            link["href"] = f"{_REPORT.href}{link['href']}"
    return str(soup)


def render_summary(screen: str, context: PageContext) -> str:
    """Render the first screen of a report, from :func:`first_screen`, as a page of one sheet."""
    title = f"{context.title}: summary"
    return render_body(screen, dataclasses.replace(context, title=title, links=(_REPORT,), downloads=()))


def summary_text(screen: str, context: PageContext) -> str:
    """Write the first screen of a report, from :func:`first_screen`, as Markdown, to be read as it is."""
    lines = [f"# {context.title}: summary, {context.period_label}"]
    if context.synthetic:
        lines.append("**Synthetic data.** The figures are invented, made to test the report. Do not quote them.")
    if context.status is not None and context.status.kind == "draft":
        lines.append("**Draft: not a final report.**")
    lines += _paragraphs(BeautifulSoup(screen, "html.parser"))
    lines += [
        f"The whole report: {_REPORT.href}. {ORIGINS_TITLE}: {ORIGINS}.",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    ]
    return "\n\n".join(lines) + "\n"


def _paragraphs(parent: Tag) -> Iterator[str]:
    """Headings, paragraphs and lists in their order; of a chart its title, which states what it shows."""
    for part in parent.children:
        if not isinstance(part, Tag) or part.name in _LEFT_OUT:
            continue
        if part.name in {"h1", "h2", "h3", "h4"}:
            yield _text(part) if part.find_parent("figure") else f"## {_text(part)}"
        elif part.name == "p":
            if not part.find_parent("figure"):
                yield _text(part)
        elif part.name == "dl":
            yield "\n".join(_terms(part))
        elif part.name in {"ul", "ol"}:
            yield "\n".join(f"- {_text(item)}" for item in part.find_all("li", recursive=False))
        else:
            yield from _paragraphs(part)


def _terms(definitions: Tag) -> Iterator[str]:
    for term in definitions.find_all("dt"):
        said = []
        for following in term.find_next_siblings():
            if following.name != "dd":
                break
            said.append(_text(following))
        yield f"- **{_text(term)}**: {'; '.join(part.rstrip('.') for part in said)}"


def _text(part: Tag) -> str:
    return _MARKS_OF_MARKDOWN.sub(r"\\\1", " ".join(part.get_text().split()))
