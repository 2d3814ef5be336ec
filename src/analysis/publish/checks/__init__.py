"""The page's own checks, made before it is put in place.

A page that some reader could not use, or that is unsafe or untrue, is not published. A finding of style (a number in
the prose that nothing stands behind, a page larger than promised) makes the report a draft that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from analysis.errors import PageError
from analysis.markup.html_tree import Node, elements, read_fragment
from analysis.publish.checks import prose, safety, structure
from analysis.publish.checks.fault import Fault
from analysis.publish.checks.page_tree import PageTree
from analysis.publish.checks.source import Source

Kind = Literal[
    "report", "summary", "origins", "dictionary", "validation", "comparison", "front", "failure", "methodology"
]

# One small file was promised, which an e-mail carries: 900 KB for the national report with its charts, its tables and
# every area (measured for June 2026: tests/e2e/test_area_finder.py, tests/e2e/test_what_must_be_seen.py).
REPORT_MAX_BYTES = 900_000
# A report of all 54 censuses has four times the points in its charts and is about a megabyte. That is no reason to
# doubt its figures: only what is larger still, by a table that should be a download, makes a draft.
DRAFT_ABOVE_BYTES = 1_200_000
_NAMED = 5  # enough to find the cause; the rest are counted

_EVERY_PAGE: tuple[Callable[[PageTree], Iterator[Fault]], ...] = (*structure.RULES, *safety.RULES)

__all__ = ["DRAFT_ABOVE_BYTES", "REPORT_MAX_BYTES", "Fault", "Kind", "check_page", "require", "require_whole"]


def check_page(html: str, *, kind: Kind = "report") -> list[Fault]:
    """Check a page against every rule and return what is wrong, by rule and place.

    Every page: one first-level heading, heading order, unique ids, references that resolve, names of regions, text
    alternatives, nothing remote, no path of this machine, no control character, no unescaped text, a
    Content-Security-Policy whose hashes are true.
    A report also: its size, and that no number in its prose is anything but a fact, a date, a quotation or part of a
    text that is data. These two are of style: see :attr:`Fault.stops`.
    """
    page = PageTree(html)
    faults = [fault for rule in _EVERY_PAGE for fault in rule(page)]
    faults += [*safety.machine_paths(html), *safety.control_characters(html)]
    if kind == "report":
        faults += prose.numbers(page)
        faults += _size(html)
    return faults


def require(html: str, *, kind: Kind = "report") -> list[Fault]:
    """Raise when a page has a fault that stops it; return its findings of style.

    Raises
    ------
    PageError
        Names the first elements, their lines and rules, and how many faults there are.
    """
    found = check_page(html, kind=kind)
    _refuse([fault for fault in found if fault.stops], kind)
    return found


def require_whole(html: str, fragment: Node) -> None:
    """Raise when a part of a page's HTML was passed over as it was read: no check could see it afterwards.

    ``fragment`` is the tree of ``html``, from :func:`analysis.markup.html_tree.read_fragment`.

    Raises
    ------
    PageError
        As :func:`require`; lines are counted in ``html``.
    """
    names = [(element.tag or "").lower() for element in elements(fragment)]
    _refuse([*safety.lost_elements(Source(html, names, read_fragment)), *safety.control_characters(html)], "part of a")


def _refuse(faults: list[Fault], kind: str) -> None:
    if not faults:
        return
    shown = "\n    ".join(str(fault) for fault in faults[:_NAMED])
    more = f"\n    ... and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
    raise PageError(
        f"The {kind} page does not pass its own checks ({len(faults)} {'fault' if len(faults) == 1 else 'faults'}):"
        f"\n    {shown}{more}",
        "A page that not every reader can use, or that cannot be trusted, is not put in place; the last good report "
        "is untouched.",
        "Correct the notebook cell or result that makes the element, and make the report again.",
    )


def _size(html: str) -> Iterator[Fault]:
    size = len(html.encode("utf-8"))
    if size > DRAFT_ABOVE_BYTES:
        yield Fault("size", "<html>", None, f"the page is {size:,} bytes; at most {DRAFT_ABOVE_BYTES:,} may be sent")
