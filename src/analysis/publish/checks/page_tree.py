"""A page as its rules read it: walked through once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from analysis.markup.html_tree import Node, elements, read_page
from analysis.publish.checks.fault import Fault, beginning
from analysis.publish.checks.source import Source


class Element(NamedTuple):
    """An element: its name in lower case, its attributes as a browser has them, and its place in document order."""

    node: Node
    name: str
    attributes: Mapping[str, str | None]
    place: int

    def get(self, attribute: str) -> str:
        """The value of an attribute; empty where it has none."""
        return self.attributes.get(attribute) or ""


class PageTree:
    """The elements of a page, and the faults of them.

    Parameters
    ----------
    html
        The page's source.
    """

    def __init__(self, html: str) -> None:
        self.root = read_page(html)
        self.elements = [
            Element(node, (node.tag or "").lower(), node.attributes, place)
            for place, node in enumerate(elements(self.root))
        ]
        self.source = Source(html, [element.name for element in self.elements], read_page)

    @cached_property
    def _by_name(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for element in self.elements:
            found.setdefault(element.name, []).append(element)
        return found

    def named(self, *names: str) -> list[Element]:
        """The elements of these names, in document order."""
        found = [element for name in names for element in self._by_name.get(name, [])]
        return sorted(found, key=lambda element: element.place)

    def fault(self, rule: str, element: Element, message: str) -> Fault:
        """A fault of an element, shown by its beginning."""
        return Fault(rule, beginning(element.node.html or ""), self.source.line(element.place), message)

    def fault_of_node(self, rule: str, node: Node, message: str) -> Fault:
        """A fault of an element that was found by its node."""
        return self.fault(rule, next(each for each in self.elements if each.node.mem_id == node.mem_id), message)
