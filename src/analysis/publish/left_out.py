"""Parts that have nothing to say at a census are left out whole; one section lists them, each with its reason.

A part is a heading with all that follows it, up to the next heading of the same or a higher level. It is left out
where it holds a paragraph of :func:`analysis.markup.left_out.part_left_out`. Where it shows a chart all the same, of
earlier censuses for instance, the part and the paragraph stay. A chart or a table alone that is left out has its line
in the list, too. A heading under which nothing is left goes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from analysis.markup.html_tree import Node, contents, holds, is_empty, new_element, parents, siblings_after
from analysis.markup.left_out import ITEM, PART

HEADING = "What this report leaves out"
_INTRODUCTION = "The files that this report was made from do not hold what these parts need:"
_DRAWN = "figure, svg"
_SHOWN = f"{_DRAWN}, table, img"
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}


def leave_out(body: Node) -> None:
    """Take the parts without content out of a flat fragment, in place, and list them at its end."""
    filled = [part for part in body.iter() if part.tag in _LEVELS and not _is_bare(part)]
    lines = [*_take_parts(body), *_take_items(body)]
    for heading in reversed(filled):  # the innermost first: a part of which every part was left out goes, too
        if _is_in(heading, body) and _is_bare(heading):
            heading.remove()
    if lines:
        _list_lines(body, lines)


def _take_parts(body: Node) -> Iterator[Node]:
    for reason in body.css(f"p.{PART}"):
        if not _is_in(reason, body):  # in a part that went already, with the reason of that part
            continue
        heading = _heading_before(_top(reason, body))
        part = _part(heading) if heading is not None else []
        if heading is None or any(holds(node, _DRAWN) for node in part):
            del reason.attrs["class"]
            continue
        name, line = new_element(body, "strong"), new_element(body, "li")
        _copy_contents(heading, name)
        line.insert_child(name, move=True)
        line.insert_child(" " if heading.text().rstrip().endswith("?") else ": ")
        _copy_contents(reason, line)
        for node in (heading, *part):
            node.remove()
        yield line


def _take_items(body: Node) -> Iterator[Node]:
    """The charts and tables that are left out, each once."""
    seen: set[str] = set()
    for item in body.css(f"p.{ITEM}"):
        box, line = item.parent, new_element(body, "li")
        _copy_contents(item, line)
        item.remove()
        if box is not None and box.mem_id != body.mem_id and is_empty(box):
            box.remove()
        if line.text() not in seen:
            seen.add(line.text())
            yield line


def _is_bare(heading: Node) -> bool:
    """Whether nothing stands under a heading."""
    return not any(node.text().strip() or holds(node, _SHOWN) for node in _part(heading))


def _list_lines(body: Node, lines: list[Node]) -> None:
    heading, opening, items = (new_element(body, name) for name in ("h2", "p", "ul"))
    heading.insert_child(HEADING)
    opening.insert_child(_INTRODUCTION)
    for line in lines:
        items.insert_child(line, move=True)
    for part in (heading, opening, items):
        body.insert_child(part, move=True)
        body.insert_child("\n")


def _copy_contents(source: Node, target: Node) -> None:
    for child in contents(source):
        target.insert_child(child)


def _is_in(node: Node, body: Node) -> bool:
    return any(parent.mem_id == body.mem_id for parent in parents(node))


def _top(node: Node, body: Node) -> Node:
    """The element of the fragment itself that holds a node, or is it."""
    return next(parent for parent in [node, *parents(node)] if parent.parent and parent.parent.mem_id == body.mem_id)


def _heading_before(node: Node) -> Node | None:
    """The nearest heading before an element of the fragment."""
    before = node.prev
    while before is not None and before.tag not in _LEVELS:
        before = before.prev
    return before


def _part(heading: Node) -> list[Node]:
    """All that follows a heading, up to the next of the same or a higher level."""
    level = _LEVELS[heading.tag or ""]
    return list(
        itertools.takewhile(lambda node: _LEVELS.get(node.tag or "", len(_LEVELS) + 1) > level, siblings_after(heading))
    )
