"""Where the elements of a tree stand in its source, and which start tags became no element.

The parser keeps no places. So each start tag of the source gets an attribute with its number, and the source is read
again: an element with the number came from that tag and from no other. That takes a tenth of a second, and is done
for a page with a fault alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property

from analysis.markup.html_tree import Node, elements

# https://html.spec.whatwg.org/multipage/parsing.html#tag-name-state; but what follows may be the end of a comment
# (``<!--<a-->``), of a script (``x<a</script>``) or of CDATA, into which no mark may come.
_START_TAG = re.compile(r"<([a-zA-Z](?:(?!--|\]\])[^\t\n\f\r /<>])*)")
_MARK = "data-number-of-start-tag"


class Source:
    """The HTML that a tree was made from.

    Parameters
    ----------
    html
        The source.
    names
        The names of the tree's elements, in lower case and in document order.
    read
        Reads HTML as the tree was read.
    """

    def __init__(self, html: str, names: list[str], read: Callable[[str], Node]) -> None:
        self._html, self._names, self._read = html, names, read

    def line(self, place: int) -> int | None:
        """The line of the start tag of the element at this place of the tree; ``None`` where that is not known."""
        number = self._numbers[place]
        return None if number is None else self._line_of_tag(number)

    def lost(self) -> list[tuple[str, int]]:
        """Start tags that became no element, each with its name and line: ``<td>`` outside a table, for instance.

        A browser passes over them. On a page of ours they are text that was not escaped.
        """
        if Counter(name.lower() for name in _START_TAG.findall(self._html)) == Counter(self._names):
            return []  # as on each page of ours
        # Within a text, a comment or an attribute a mark is more text.
        as_text = map(int, re.findall(rf"{_MARK}=(\d+) ", self._marked.html or ""))
        found = {*as_text, *map(_mark_of, elements(self._marked))}
        return [
            (tag[1].lower(), self._line_of_tag(number)) for number, tag in enumerate(self._tags) if number not in found
        ]

    @cached_property
    def _tags(self) -> list[re.Match[str]]:
        return list(_START_TAG.finditer(self._html))

    @cached_property
    def _marked(self) -> Node:
        """The tree of the source with a mark in each start tag."""
        parts, end = [], 0
        for number, tag in enumerate(self._tags):
            # Without quotes, which would end a quoted attribute that it stands in. It comes first in its tag: of two
            # attributes of one name the first counts.
            parts.append(f"{self._html[end : tag.end()]} {_MARK}={number} ")
            end = tag.end()
        return self._read("".join((*parts, self._html[end:])))

    @cached_property
    def _numbers(self) -> list[int | None]:
        """The number of the start tag of each element; of none where the marks made a tree of another form."""
        found = list(elements(self._marked))
        same = [(element.tag or "").lower() for element in found] == self._names
        return list(map(_mark_of, found)) if same else [None] * len(self._names)

    def _line_of_tag(self, number: int) -> int:
        return self._html.count("\n", 0, self._tags[number].start()) + 1


def _mark_of(element: Node) -> int | None:
    mark = element.attributes.get(_MARK)
    return None if mark is None else int(mark)
