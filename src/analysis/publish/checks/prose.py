"""The rule of prose, for a whole page: :mod:`analysis.markup.typed_numbers`."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.markup.typed_numbers import typed_numbers
from analysis.publish.checks.fault import Fault
from analysis.publish.checks.page_tree import PageTree

RULE = "prose numbers"


def numbers(page: PageTree) -> Iterator[Fault]:
    """Find each number in prose that somebody typed."""
    for node, number, around in typed_numbers(page.root):
        message = f"the number {number!r} in {around!r} is not a fact, a date or a quotation"
        yield page.fault_of_node(RULE, node, message)
