"""The rule of prose: no number stands there that is not a fact, a date, a quotation, a name or part of a given text."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.markup.html_tree import Node, class_names
from analysis.markup.marks import NUMBER

# Not prose: tables and drawings show data; code, quotations, titles and dates are marked as what they are;
# the contents repeat headings; the origins and the provenance say where facts come from.
_EXEMPT = frozenset(
    ["table", "svg", "code", "pre", "script", "style", "title", "time", "q", "blockquote", "cite", "nav"],
)
_EXEMPT_CLASSES = frozenset(["origins", "provenance"])


def typed_numbers(root: Node) -> Iterator[tuple[Node, str, str]]:
    """Find each number in prose that somebody typed: the element that it is in, the number, and the words around it."""
    for element, text in _prose(root):
        for number in NUMBER.findall(text):
            yield element, number.rstrip(".,"), _around(text, number)


def _prose(root: Node) -> Iterator[tuple[Node, str]]:
    """Each text in prose with the element that it is in, in document order."""
    left = [(root, root)]
    while left:  # no recursion: an element may be a thousand levels deep
        node, parent = left.pop()
        if node.is_text_node:
            yield parent, node.text_content or ""
        elif not _is_exempt(node):
            left += [(child, node) for child in node.iter(include_text=True)][::-1]


def _is_exempt(element: Node) -> bool:
    if element.tag in _EXEMPT:
        return True
    classes = class_names(element)
    # A fact of the report, or a number of a text that is data, as analysis.markup.marks.dated marks it.
    is_data = element.tag == "data" and ("given" in classes or "data-fact" in element.attributes)
    return is_data or not _EXEMPT_CLASSES.isdisjoint(classes)


def _around(text: str, number: str) -> str:
    place = text.index(number)
    return " ".join(text[max(0, place - 30) : place + len(number) + 30].split())
