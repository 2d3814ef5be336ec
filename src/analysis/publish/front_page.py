"""The front page: every report, newest first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from analysis.markup.html_tree import outer_html, parents, read_fragment
from analysis.periods import long_date
from analysis.publish.context import Link, PageContext
from analysis.publish.page import render_body
from analysis.publish.shell import fill

# Up to about ten entries are seen at a glance; more are worth a field to search them.
SEARCHABLE_FROM = 11


# The words of a verdict, at the start of its line, and what a count of one and of more than one is followed by.
VERDICTS = {
    "reached on reported data": ("reached on reported data", "reached on reported data"),
    "not reached on reported data": ("not reached on reported data", "not reached on reported data"),
    "depends on the baseline": ("depends on the baseline", "depend on the baseline"),
    "not assessable": ("not assessable", "not assessable"),
}
# What stands behind these is what turns them: "but not without contracted services". Behind the others it is why.
_TURNED = ("reached on reported data", "not reached on reported data")
_FIRST_SCREEN = (".headline", "figure.compact", ".tiles")


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
    def verdict_line(self) -> str:
        """How many targets came out how, in a line; empty where there are none.

        A verdict that another reading turns, or may turn, is not counted with those that stand on every reading.
        """
        found = Counter(
            (word, line != word and word in _TURNED)
            for _, line in self.verdicts
            for word in VERDICTS
            if line.startswith(word)
        )
        parts = [
            f"{count} {VERDICTS[word][count > 1]}{' with reservations' if turned else ''}"
            for (word, turned), count in found.items()
        ]
        return (
            f"{len(self.verdicts)} {'target' if len(self.verdicts) == 1 else 'targets'}: {', '.join(parts)}"
            if parts
            else ""
        )

    @property
    def made_label(self) -> str:
        """The day it was made, in words."""
        return long_date(dt.date.fromisoformat(self.made))


def first_screen(page: str, href: str) -> Markup | None:
    """The news, the trend and the figures of a report's page, for the front page; ``None`` where a page has none.

    Figures lead to their origins in the report alone. Here they are text, and the trend leads to the report, ``href``.
    """
    start = page.find("<main")
    second_heading = page.find("<h2", page.find("<h2", start) + 1)
    tree = read_fragment(page[start:second_heading])
    parts = [found for selector in _FIRST_SCREEN if (found := tree.css_first(selector)) is not None]
    if not parts:
        return None
    for part in parts:
        for link in part.css("figcaption a"):
            link.attrs["href"] = href
        for figure in part.css("data[data-fact]"):
            holder = next((parent for parent in parents(figure) if parent.tag in {"a", "button"}), figure)
            holder.replace_with(figure.text())
    return Markup("\n".join(map(outer_html, parts)))  # noqa: S704 - from a page that has passed its own checks


def newest_first(entries: Iterable[ReportEntry]) -> list[ReportEntry]:
    """The reports, the newest first."""
    return sorted(entries, key=lambda entry: (entry.period, entry.made), reverse=True)


def latest(entries: Iterable[ReportEntry]) -> ReportEntry | None:
    """The newest report; invented figures are not the latest ones while there are real ones."""
    ordered = newest_first(entries)
    return next((entry for entry in ordered if not entry.synthetic), next(iter(ordered), None))


def render_front(
    entries: list[ReportEntry],
    *,
    screen: Markup | None = None,
    unreadable: tuple[str, ...] = (),
    title: str = "Social prescribing link workers in England",
    description: str = "Reports on the primary care network workforce, newest first.",
    generator: str = "",
) -> str:
    """Render ``REPORTS/index.html``. The order of ``entries`` does not matter; ``unreadable`` periods stand apart.

    ``screen`` is the :func:`first_screen` of the :func:`latest` report.
    """
    body = fill(
        "front.html.j2",
        entries=newest_first(entries),
        latest=latest(entries),
        screen=screen,
        unreadable=unreadable,
        searchable=len(entries) >= SEARCHABLE_FROM,
    )
    context = PageContext(
        title=title,
        description=description,
        # A page of synthetic reports alone is as synthetic as they are.
        synthetic=bool(entries) and all(entry.synthetic for entry in entries),
        generator=generator,
    )
    return render_body(body, context)
