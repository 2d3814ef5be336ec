"""The rule of prose, for a whole page: :mod:`analysis.markup.typed_numbers`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.markup.typed_numbers import typed_numbers
from analysis.publish.checks.fault import Fault, fault

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

RULE = "prose numbers"


def numbers(soup: BeautifulSoup) -> Iterator[Fault]:
    """Find each number in prose that somebody typed."""
    for element, number, around in typed_numbers(soup):
        yield fault(RULE, element, f"the number {number!r} in {around!r} is not a fact, a date or a quotation")
