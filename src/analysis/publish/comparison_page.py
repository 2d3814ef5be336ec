"""The page that compares two reports: sections of prose and tables, in the order they are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.markup.prose import Prose
from analysis.publish.context import PageContext
from analysis.publish.page import render_body
from analysis.publish.shell import fill
from analysis.tables.table import Table


@dataclass(frozen=True)
class ComparisonSection:
    """One kind of change: what it is in words, then the rows, largest first. A section may have no table."""

    title: str
    prose: tuple[Prose | str, ...] = ()
    tables: tuple[Table, ...] = ()


def render_comparison(sections: Sequence[ComparisonSection], context: PageContext) -> str:
    """Render the comparison of an older report with a newer one."""
    return render_body(fill("comparison.html.j2", sections=sections), context)
