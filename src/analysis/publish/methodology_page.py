"""The methodology, as a page in the style of the report: written in Markdown, read without a Markdown reader."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from analysis.publish.context import PageContext
from analysis.publish.page import render_body


def render_methodology(markdown: str, context: PageContext) -> str:
    """Render the methodology. The page's title is the context's; the first heading of the text gives way to it.

    Links to other documents of the project become plain text: those documents do not travel with the page.
    """
    soup = BeautifulSoup(markdown2html_mistune(markdown), "html.parser")
    if (first := soup.find("h1")) is not None:
        first.decompose()
    for anchor in soup.select("a.anchor-link"):
        anchor.decompose()
    for link in soup.find_all("a", href=True):
        if not str(link["href"]).startswith(("https://", "#")):
            link.unwrap()
    for number, table in enumerate(soup.find_all("table"), start=1):
        _make_accessible(soup, table, number)
    return render_body(str(soup), context)


def _make_accessible(soup: BeautifulSoup, table: Tag, number: int) -> None:
    """Give a table of Markdown, which knows none of these, a caption, scopes, and a region that scrolls."""
    heading = table.find_previous(["h2", "h3", "h4"])
    caption = soup.new_tag("caption", attrs={"id": f"table-{number}"})
    caption.string = f"{heading.get_text(strip=True) if heading else 'Table'} (table {number})"
    table.insert(0, caption)
    for cell in table.select("thead th"):
        cell["scope"] = "col"
        if not cell.get_text(strip=True):
            cell.name = "td"  # a header cell without text names nothing
            del cell["scope"]
    for cell in table.select("tbody tr > :first-child"):
        cell.name = "th"
        cell["scope"] = "row"
    attributes = {"class": "table-scroll", "role": "region", "aria-labelledby": f"table-{number}", "tabindex": "0"}
    table.wrap(soup.new_tag("div", attrs=attributes))
