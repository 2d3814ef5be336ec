"""What a report leaves out: a paragraph that says why, which the page moves into one section.

``{{ "It needs a list of registered patients."|left_out }}`` on a line of its own, in a cell ``%%text``, leaves out the
part of the report that the cell is in. :mod:`analysis.publish.left_out` does so when the page is made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.markup.prose import Prose, say

if TYPE_CHECKING:
    from markupsafe import Markup

PART = "left-out-part"  # the part that the paragraph stands in is left out, with its heading
ITEM = "left-out-item"  # one chart or table is left out; the part stays


def part_left_out(reason: str | Markup | Prose, **parts: Any) -> Prose:
    """A whole part that is left out. ``reason`` is a sentence; ``parts`` are put into its braces."""
    return replace(reason, css_class=PART) if isinstance(reason, Prose) else say(reason, css_class=PART, **parts)


def item_left_out(item: object, reason: object) -> Prose:
    """A chart or a table that is left out: what it would have been, and a sentence that says why it is not there."""
    return say("{item}: {reason}", css_class=ITEM, item=item, reason=reason)
