"""The methodology, as a page in the style of the report: written in Markdown, read without a Markdown reader."""

from __future__ import annotations

from nbconvert.filters.markdown_mistune import markdown2html_mistune

from analysis.markup.html_tree import Node, inner_html, new_element, read_fragment, renamed, wrap
from analysis.publish.context import PageContext
from analysis.publish.page import render_body


def render_methodology(markdown: str, context: PageContext) -> str:
    """Render the methodology. The page's title is the context's; the first heading of the text gives way to it.

    Links to other documents of the project become plain text: those documents do not travel with the page.
    """
    tree = read_fragment(markdown2html_mistune(markdown))
    if (first := tree.css_first("h1")) is not None:
        first.remove()
    for anchor in tree.css("a.anchor-link"):
        anchor.remove()
    for link in tree.css("a[href]"):
        if not link.attrs.sget("href").startswith(("https://", "#")):
            link.unwrap(delete_empty=True)
    heading, number = "Table", 0
    for part in tree.css("h2, h3, h4, table"):
        if part.tag == "table":
            number += 1
            _make_accessible(part, f"{heading} (table {number})", f"table-{number}")
        else:
            heading = part.text().strip()
    return render_body(inner_html(tree), context)


def _make_accessible(table: Node, title: str, name: str) -> None:
    """Give a table of Markdown, which knows none of these, a caption, scopes, and a region that scrolls."""
    caption = new_element(table, "caption", {"id": name})
    caption.insert_child(title)
    if table.first_child is not None:
        table.first_child.insert_before(caption, move=True)
    for cell in table.css("thead th"):
        if cell.text().strip():
            cell.attrs["scope"] = "col"
        else:
            renamed(cell, "td")  # a header cell without text names nothing
    for cell in table.css("tbody tr > :first-child"):
        renamed(cell, "th").attrs["scope"] = "row"
    attributes = {"class": "table-scroll", "role": "region", "aria-labelledby": name, "tabindex": "0"}
    wrap(table, new_element(table, "div", attributes))
