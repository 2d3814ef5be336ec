"""The rule of prose: no number stands there that is not a fact, a date, a quotation, a name or part of a given text."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, Doctype, NavigableString

from analysis.markup.marks import NUMBER

# Not prose: tables and drawings show data; code, quotations, titles and dates are marked as what they are;
# the contents repeat headings; the origins and the provenance say where facts come from.
_EXEMPT = frozenset(
    ["table", "svg", "code", "pre", "script", "style", "title", "time", "q", "blockquote", "cite", "nav"],
)
_EXEMPT_CLASSES = frozenset(["origins", "provenance"])


def typed_numbers(soup: BeautifulSoup) -> Iterator[tuple[Tag, str, str]]:
    """Find each number in prose that somebody typed: the element that it is in, the number, and the words around it."""
    for text in soup.find_all(string=NUMBER):
        if not isinstance(text, NavigableString) or isinstance(text, (Comment, Doctype)):
            continue
        parents = [parent for parent in text.parents if isinstance(parent, Tag)]
        if any(map(_is_exempt, parents)):
            continue
        for number in NUMBER.findall(str(text)):
            yield parents[0], number.rstrip(".,"), _around(str(text), number)


def _is_exempt(tag: Tag) -> bool:
    # A fact of the report, or a number of a text that is data, as analysis.markup.marks.dated marks it.
    is_data = tag.name == "data" and (tag.has_attr("data-fact") or "given" in tag.get_attribute_list("class"))
    return is_data or tag.name in _EXEMPT or not _EXEMPT_CLASSES.isdisjoint(tag.get_attribute_list("class"))


def _around(text: str, number: str) -> str:
    place = text.index(number)
    return " ".join(text[max(0, place - 30) : place + len(number) + 30].split())
