"""The page of one area, and the list of all of them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from analysis.errors import PageError
from analysis.publish.checks import require
from analysis.publish.context import Link, PageContext
from analysis.publish.notebooks import notebook_body
from analysis.publish.page import render_body
from analysis.publish.shell import fill

# The levels that have pages, from the largest area to the smallest, in words.
LEVELS = {
    "region": "regions",
    "icb": "integrated care boards",
    "sub_icb": "sub-ICB locations",
    "pcn": "networks",
}
# Promised: a page that an e-mail carries, and a folder of thirteen hundred that a web server does.
MAX_BYTES = 200_000
# Codes of the publisher are letters and digits.
_PLAIN = re.compile(r"[A-Za-z0-9]{1,12}")
# The tables stand on the page; no file of them lies beside it.
_DOWNLOAD = re.compile(r'<p class="download">.*?</p>', re.DOTALL)
LINKS = (
    Link("../index.html", "All pages by area", "regions, integrated care boards, sub-ICB locations and networks"),
    Link("../../index.html", "The report for England", "targets, decomposition of growth, quality of the data"),
    Link("../../validation.html", "Validation", "what was checked in the extracts, and what was found"),
    Link("../../../methodology.html", "Methodology", "definitions, limits and sources"),
)


def render_profile(executed: Any, name: str, context: PageContext) -> str:
    """The page of an executed notebook of the file name given, checked.

    Raises
    ------
    UserError
        An output cannot be shown, a figure has no origin, or the page does not pass its checks or is too large.
    """
    body = _DOWNLOAD.sub("", notebook_body(executed, name))
    page = render_body(body, context, origins_below=True)
    findings = require(page, kind="report")
    size = len(page.encode("utf-8"))
    if size > MAX_BYTES:
        raise PageError(
            f"The page is {size:,} bytes; at most {MAX_BYTES:,} were promised.",
            "Pages by area are sent by e-mail, and there are more than a thousand of them.",
            f"Show less in {name}: a shorter table, or a chart with fewer marks.",
        )
    if findings:
        raise PageError(
            f"The page does not pass its own checks: {findings[0]}.",
            "A page with a number that nothing stands behind is not put in place.",
            f"Correct the cell of {name} that writes it.",
        )
    return page


@dataclass(frozen=True)
class ListedLevel:
    """The pages of one level, as the list shows them: code and name of each area, in order of name."""

    level: str
    areas: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """The level in words, at the start of a line."""
        words = LEVELS[self.level]
        return words[0].upper() + words[1:]


def page_name(code: str) -> str:
    """The file name of the page of an area; a code that could not be one is hashed.

    >>> page_name("QE1")
    'QE1.html'
    """
    return f"{code if _PLAIN.fullmatch(code) else hashlib.sha256(code.encode()).hexdigest()[:12]}.html"


def render_list(levels: tuple[ListedLevel, ...], context: PageContext) -> str:
    """The list of the pages that there are, checked."""
    page = render_body(fill("profiles.html.j2", levels=levels, page_name=page_name), context)
    require(page, kind="front")
    return page
