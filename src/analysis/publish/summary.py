"""The summary of a report: its first screen as one sheet for a board, and as text for an e-mail.

It is made of the same notebook outputs as the first screen, so that the two cannot say different things, and an analyst
who changes a sentence there changes it here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from analysis.markup.html_tree import Node, inner_html, is_within, read_fragment, siblings_after, words
from analysis.markup.left_out import ITEM, PART
from analysis.publish.context import Link, PageContext
from analysis.publish.origins import ORIGINS, ORIGINS_TITLE
from analysis.publish.page import render_body, start_of_second_section

SUMMARY, SUMMARY_TEXT = "summary.html", "summary.md"
_REPORT = Link("index.html", "The whole report", "Charts, areas, tables, and how each figure was made")
_MARKS_OF_MARKDOWN = re.compile(r"([\\`*_\[\]<])")
_LEFT_OUT = frozenset(["svg", "table", "details"])


def first_screen(body: str) -> str:
    """What stands before the second heading of a report's body: the news, the figures, the verdict on each target."""
    tree = read_fragment(body)
    second = start_of_second_section(tree)
    for after in [second, *siblings_after(second)] if second else []:
        after.remove()
    for reason in tree.css(f"p.{ITEM}, p.{PART}"):  # the report has the list of what is left out
        reason.remove()
    ids = {tag.id for tag in tree.css("[id]")}
    for link in tree.css('a[href^="#"]'):
        href = link.attrs.sget("href")
        if href[1:] not in ids:
            link.attrs["href"] = f"{_REPORT.href}{href}"
    return inner_html(tree)


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
    lines += _paragraphs(read_fragment(screen))
    lines += [
        f"The whole report: {_REPORT.href}. {ORIGINS_TITLE}: {ORIGINS}.",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    ]
    return "\n\n".join(lines) + "\n"


def _paragraphs(parent: Node) -> Iterator[str]:
    """Headings, paragraphs and lists in their order; of a chart its title, which states what it shows."""
    for part in parent.iter():
        if part.tag in _LEFT_OUT:
            continue
        if part.tag in {"h1", "h2", "h3", "h4"}:
            yield _text(part) if is_within(part, "figure") else f"## {_text(part)}"
        elif part.tag == "p":
            if not is_within(part, "figure"):
                yield _text(part)
        elif part.tag == "dl":
            yield "\n".join(_terms(part))
        elif part.tag in {"ul", "ol"}:
            yield "\n".join(f"- {_text(item)}" for item in part.iter() if item.tag == "li")
        else:
            yield from _paragraphs(part)


def _terms(definitions: Node) -> Iterator[str]:
    for term in definitions.css("dt"):
        said = []
        for following in siblings_after(term):
            if following.is_element_node:
                if following.tag != "dd":
                    break
                said.append(_text(following))
        yield f"- **{_text(term)}**: {'; '.join(part.rstrip('.') for part in said)}"


def _text(part: Node) -> str:
    return _MARKS_OF_MARKDOWN.sub(r"\\\1", words(part))
