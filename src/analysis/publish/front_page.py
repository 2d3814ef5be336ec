"""The front page: every report, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from analysis.periods import long_date
from analysis.publish.context import Link, PageContext
from analysis.publish.page import render_body
from analysis.publish.shell import fill

# Up to about ten entries are seen at a glance; more are worth a field to search them.
SEARCHABLE_FROM = 11


@dataclass(frozen=True)
class ReportEntry:
    """A report as the front page lists it.

    Parameters
    ----------
    period, period_label
        Its census, as ``YYYY-MM`` and in words.
    href
        Where it is, relative to the front page.
    status
        ``draft`` or ``final``.
    synthetic
        Whether it shows synthetic data.
    verdicts
        Each target with its verdict, in words: ``(target, verdict)``.
    made
        The day it was made, ``YYYY-MM-DD``; empty when not known.
    profiles
        Pages by area that belong to it.
    """

    period: str
    period_label: str
    href: str
    status: Literal["draft", "final"]
    synthetic: bool
    verdicts: tuple[tuple[str, str], ...] = ()
    made: str = ""
    profiles: tuple[Link, ...] = ()

    @property
    def name(self) -> str:
        """The name of its folder, which no other report has."""
        return self.href.partition("/")[0]

    @property
    def made_label(self) -> str:
        """The day it was made, in words."""
        return long_date(dt.date.fromisoformat(self.made))


def render_front(
    entries: list[ReportEntry],
    *,
    unreadable: tuple[str, ...] = (),
    title: str = "Social prescribing link workers in England",
    description: str = "Reports on the primary care network workforce, newest first.",
    generator: str = "",
) -> str:
    """Render ``REPORTS/index.html``. The order of ``entries`` does not matter; ``unreadable`` periods stand apart."""
    newest_first = sorted(entries, key=lambda entry: (entry.period, entry.made), reverse=True)
    searchable = len(entries) >= SEARCHABLE_FROM
    body = fill("front.html.j2", entries=newest_first, unreadable=unreadable, searchable=searchable)
    context = PageContext(
        title=title,
        description=description,
        # A page of synthetic reports alone is as synthetic as they are.
        synthetic=bool(entries) and all(entry.synthetic for entry in entries),
        generator=generator,
    )
    return render_body(body, context)
