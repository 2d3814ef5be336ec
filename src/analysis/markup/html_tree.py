"""HTML as a tree, as a browser makes it: https://html.spec.whatwg.org/multipage/parsing.html.

The parser is Lexbor, by selectolax (decision 24). It reads a page of 750 KB in a hundredth of a second. Mind that
``==`` compares the HTML of two nodes; ``mem_id`` says whether they are the same. A node that is removed loses what is
in it: to put it elsewhere, it is moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

# A fragment is read as what stands in an element of a page that follows the standard: in quirks mode a table may stand
# in a paragraph.
_FRAME = "<!DOCTYPE html><html><head></head><body><main></main></body></html>"

Node = LexborNode


def read_page(html: str) -> Node:
    """Read a whole page and return its document; elements that every page has are added where they are left out."""
    root = LexborHTMLParser(html).root
    return _there(root and root.parent)


def read_fragment(html: str) -> Node:
    """Read a part of a page and return an element that holds it."""
    holder = _there(LexborHTMLParser(_FRAME).css_first("main"))
    holder.inner_html = str(html)  # the setter takes no subclass, such as Markup
    return holder


def elements(root: Node) -> Iterator[Node]:
    """Every element below a node, in document order; those in a ``<template>`` too."""
    nodes = root.traverse()
    if root.is_element_node:
        next(nodes)
    for node in nodes:
        if not node.is_element_node:  # a comment
            continue
        yield node
        if node.tag == "template":  # what is in it is no part of the tree
            for content in node.template_fragments():
                yield from elements(content)


def contents(node: Node) -> list[Node]:
    """What stands directly in a node: elements, texts and comments."""
    found = []
    child = node.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def siblings_after(node: Node) -> Iterator[Node]:
    """What follows a node in the same element: elements, texts and comments."""
    while (following := node.next) is not None:
        yield following
        node = following


def parents(node: Node) -> Iterator[Node]:
    """What a node stands in, from the inside to the outside."""
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def is_within(node: Node, *names: str) -> bool:
    """Whether a node stands in an element of one of these names."""
    return any(parent.tag in names for parent in parents(node))


def holds(node: Node, selector: str) -> bool:
    """Whether an element that the selector names stands in a node, or is it."""
    return node.is_element_node and node.css_first(selector) is not None


def is_empty(element: Node) -> bool:
    """Whether there is no element and no word in an element."""
    return not element.text().strip() and not any(child.is_element_node for child in element.iter())


def class_names(element: Node) -> list[str]:
    """The classes of an element."""
    return (element.attributes.get("class") or "").split()


def words(node: Node) -> str:
    """The text in a node, with single spaces."""
    return " ".join(node.text().split())


def inner_html(node: Node) -> str:
    """The HTML of what stands in a node."""
    return _with_short_spaces(node.inner_html)


def outer_html(node: Node) -> str:
    """The HTML of a node."""
    return _with_short_spaces(node.html)


def new_element(near: Node, name: str, attributes: Mapping[str, str] | None = None) -> Node:
    """An element for the tree that ``near`` is of."""
    element = near.parser.create_node(name)
    for attribute, value in (attributes or {}).items():
        element.attrs[attribute] = value
    return element


def renamed(element: Node, name: str) -> Node:
    """Put an element of another name, with the same attributes and contents, in the place of one."""
    other = new_element(element, name, {attribute: value or "" for attribute, value in element.attributes.items()})
    for child in contents(element):
        other.insert_child(child, move=True)
    element.replace_with(other, move=True)
    return other


def wrap(node: Node, wrapper: Node) -> None:
    """Put a new element in the place of a node, and the node into it."""
    node.insert_before(wrapper, move=True)
    wrapper.insert_child(node, move=True)


def _with_short_spaces(html: str | None) -> str:
    """HTML as it is written here: a space that no line breaks at is a character of two bytes and not of six."""
    return (html or "").replace("&nbsp;", "\u00a0")


def _there(node: Node | None) -> Node:
    if node is None:
        raise ValueError("The parser gave no tree.")  # the standard has one for any text
    return node
