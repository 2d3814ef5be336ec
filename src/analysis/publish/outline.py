"""From a heap of fragments to a document: sections, ids, contents, regions that scroll."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field, replace

from analysis.markup.html_tree import (
    Node,
    contents,
    is_empty,
    is_within,
    new_element,
    renamed,
    siblings_after,
    words,
    wrap,
)


@dataclass(frozen=True)
class Heading:
    """An entry of the contents list."""

    id: str
    text: str
    below: tuple[Heading, ...] = field(default=())


def slug(text: str) -> str:
    """An id from a heading.

    >>> slug("How sure are we? – Coverage")
    'how-sure-are-we-coverage'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def arrange(body: Node) -> tuple[Heading, ...]:
    """Turn a flat fragment into sections, in place, and return the contents list.

    A first-level heading becomes a second-level one: the page has its own. Each second-level heading opens a
    ``<section>`` named by it. ``style`` attributes go, since the page's policy would ignore them.
    """
    for styled in body.css("[style]"):
        del styled.attrs["style"]
    for heading in body.css("h1"):
        renamed(heading, "h2")
    _name_headings(body)
    _group_definitions(body)
    _open_sections(body)
    return _contents(body)


def _name_headings(body: Node) -> None:
    taken = {tag.id for tag in body.css("[id]")}
    for heading in body.css("h2, h3, h4"):
        if heading.id:
            continue
        base = wanted = slug(heading.text())
        count = 1
        while wanted in taken:
            count += 1
            wanted = f"{base}-{count}"
        heading.attrs["id"] = wanted
        taken.add(wanted)


def _group_definitions(body: Node) -> None:
    """Put each term and what is said of it into a ``<div>``, so that they can stand side by side and stay together."""
    for definitions in body.css("dl"):
        for term in [part for part in definitions.iter() if part.tag == "dt"]:
            following = (part for part in siblings_after(term) if part.is_element_node)
            said = list(itertools.takewhile(lambda part: part.tag == "dd", following))
            group = new_element(term, "div")
            wrap(term, group)
            for part in said:
                group.insert_child(part, move=True)


def _open_sections(body: Node) -> None:
    current = new_element(body, "div", {"class": "opening"})
    arranged: list[Node] = [current]
    for node in contents(body):
        if node.tag == "section":
            current = new_element(body, "div")
            arranged += [node, current]
            continue
        if node.tag == "h2":
            current = new_element(body, "section", {"aria-labelledby": node.id or ""})
            arranged.append(current)
        current.insert_child(node, move=True)
    for part in arranged:
        if is_empty(part):
            part.remove()
        else:
            body.insert_child(part, move=True)
            body.insert_child("\n")


def _contents(body: Node) -> tuple[Heading, ...]:
    """Second-level headings with the third-level ones under them; titles of charts and articles are not sections."""
    entries: list[tuple[Node, list[Heading]]] = []
    for heading in body.css("h2, h3"):
        if heading.tag == "h2":
            entries.append((heading, []))
        elif entries and not is_within(heading, "figure", "article"):
            entries[-1][1].append(_heading(heading))
    return tuple(replace(_heading(heading), below=tuple(below)) for heading, below in entries)


def _heading(element: Node) -> Heading:
    return Heading(element.id or "", words(element))
