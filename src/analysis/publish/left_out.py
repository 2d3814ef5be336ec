"""Parts that have nothing to say at a census are left out whole; one section lists them, each with its reason.

A part is a heading with all that follows it, up to the next heading of the same or a higher level. It is left out
where it holds a paragraph of :func:`analysis.markup.left_out.part_left_out`. Where it shows a chart all the same, of
earlier censuses for instance, the part and the paragraph stay. A chart or a table alone that is left out has its line
in the list, too. A heading under which nothing is left goes.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from bs4 import Tag

from analysis.markup.left_out import ITEM, PART

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup
    from bs4.element import PageElement

HEADING = "What this report leaves out"
_INTRODUCTION = "The files that this report was made from do not hold what these parts need:"
_DRAWN = ["figure", "svg"]
_SHOWN = [*_DRAWN, "table", "img"]
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}


def leave_out(soup: BeautifulSoup) -> None:
    """Take the parts without content out of a flat fragment, in place, and list them at its end."""
    filled = [heading for heading in soup.find_all(list(_LEVELS), recursive=False) if not _is_bare(heading)]
    lines = [*_take_parts(soup), *_take_items(soup)]
    for heading in reversed(filled):  # the innermost first: a part of which every part was left out goes, too
        if heading.parent is soup and _is_bare(heading):
            heading.extract()
    if lines:
        _list_lines(soup, lines)


def _take_parts(soup: BeautifulSoup) -> Iterator[Tag]:
    for reason in soup.find_all("p", class_=PART):
        if soup not in reason.parents:  # in a part that went already, with the reason of that part
            continue
        heading = next((tag for tag in _before(_top(reason)) if tag.name in _LEVELS), None)
        part = _part(heading) if heading is not None else []
        shown = [node for node in part if isinstance(node, Tag) and (node.name in _DRAWN or node.find(_DRAWN))]
        if heading is None or shown:
            del reason["class"]
            continue
        name = soup.new_tag("strong")
        name.extend([copy(child) for child in heading.contents])
        line = soup.new_tag("li")
        separator = " " if heading.get_text().rstrip().endswith("?") else ": "
        line.extend([name, separator, *map(copy, reason.contents)])
        for node in (heading, *part):
            node.extract()
        yield line


def _take_items(soup: BeautifulSoup) -> Iterator[Tag]:
    """The charts and tables that are left out, each once."""
    seen: set[str] = set()
    for item in soup.find_all("p", class_=ITEM):
        box = item.parent
        line = soup.new_tag("li")
        line.extend(list(map(copy, item.contents)))
        item.decompose()
        if isinstance(box, Tag) and box is not soup and not box.find() and not box.get_text(strip=True):
            box.decompose()
        if line.get_text() not in seen:
            seen.add(line.get_text())
            yield line


def _is_bare(heading: Tag) -> bool:
    """Whether nothing stands under a heading."""
    return not any(
        node.get_text(strip=True) or (isinstance(node, Tag) and node.find(_SHOWN)) for node in _part(heading)
    )


def _list_lines(soup: BeautifulSoup, lines: list[Tag]) -> None:
    heading, opening, items = soup.new_tag("h2"), soup.new_tag("p"), soup.new_tag("ul")
    heading.string, opening.string = HEADING, _INTRODUCTION
    items.extend(lines)
    soup.extend([heading, "\n", opening, "\n", items, "\n"])


def _top(tag: Tag) -> Tag:
    """The element of the fragment itself that holds a tag."""
    while isinstance(tag.parent, Tag) and tag.parent.parent is not None:
        tag = tag.parent
    return tag


def _before(tag: Tag) -> Iterator[Tag]:
    return (node for node in tag.previous_siblings if isinstance(node, Tag))


def _part(heading: Tag) -> list[PageElement]:
    """All that follows a heading, up to the next of the same or a higher level."""
    found: list[PageElement] = []
    for node in heading.next_siblings:
        if isinstance(node, Tag) and _LEVELS.get(node.name, len(_LEVELS) + 1) <= _LEVELS[heading.name]:
            break
        found.append(node)
    return found
