"""What a screen reader is given of the first screen: Chromium's accessibility tree, kept as it was when it was read.

When it changes, read the new one in the message of the failure, and when it is good put it into the file:
``ACCEPT_SPOKEN=1 make test TESTS=tests/e2e/test_first_screen_is_spoken.py``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("pages")

KEPT = Path(__file__).with_name("first_screen_of_2022-09.aria.yml")
# What stands before the downloads, in a division of its own, so that it has a tree of its own.
GATHER = """() => {
    const first = document.createElement("div"), downloads = document.querySelector("section[aria-labelledby=downloads]");
    while (downloads.parentElement.firstElementChild !== downloads) first.append(downloads.parentElement.firstElementChild);
    downloads.before(first);
    first.id = "first-screen";
}"""


def spoken(page: object) -> str:
    """The tree of the first screen, without the addresses of links, which are not spoken."""
    page.evaluate(GATHER)
    tree = page.locator("#first-screen").aria_snapshot()
    lines = (line.removesuffix(":") if "link " in line else line for line in tree.splitlines() if "/url:" not in line)
    return "\n".join(lines) + "\n"


def test_the_first_screen_is_spoken_as_it_was_read_and_accepted(
    new_page: Callable, report_pages: dict[str, Path]
) -> None:
    tree = spoken(new_page(report_pages["real"]).page)
    if os.environ.get("ACCEPT_SPOKEN"):
        KEPT.write_text(tree, encoding="utf-8")
    assert tree == KEPT.read_text(encoding="utf-8")


def test_no_link_of_it_is_a_bare_number(new_page: Callable, report_pages: dict[str, Path]) -> None:
    """Out of its sentence, "2" says nothing: the name of each link says what the figure is of."""
    for kind in ("real", "national", "sample"):
        links = re.findall(r'link "([^"]+)"', spoken(new_page(report_pages[kind]).page))
        assert links
        assert [name for name in links if not re.search(r"[a-z]{3}", name)] == []
