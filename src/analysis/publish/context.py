"""What a page is told about itself: title, period, status, facts. There is no clock in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup, escape

from analysis.facts.fact import Facts
from analysis.markup.prose import Prose, dated


@dataclass(frozen=True)
class Status:
    """Whether a report is a draft or final, and why.

    Parameters
    ----------
    kind
        ``draft`` or ``final``.
    reasons
        Why it is so, one sentence each. Numbers in them follow the rule for prose (:mod:`analysis.markup.prose`).
    """

    kind: Literal["draft", "final"]
    reasons: tuple[str | Prose, ...] = ()


@dataclass(frozen=True)
class Link:
    """A link to another file of the report, relative to the page."""

    href: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class PageContext:
    """All that a page shows beside its content.

    Parameters
    ----------
    title
        The page's one first-level heading, without the period.
    description
        One sentence for search results and link previews.
    period
        The census of the report, ``YYYY-MM``; empty when the page has none.
    period_label
        The period in words.
    synthetic
        The page shows synthetic data: said in title and banner, and on every printed page.
    status
        Draft or final; ``None`` on pages to which it does not apply.
    facts
        The facts that the prose may refer to.
    generator
        Name and version of the program, without time or machine.
    links
        The other files of the report.
    downloads
        Those of them that are offered at once, after the first screen.
    lang
        Language of the text (BCP 47).
    name
        The name that the title ends with, where that is data: the digits in "4 Doncaster PCN" are no figure.
    """

    title: str
    description: str
    period: str = ""
    period_label: str = ""
    synthetic: bool = False
    status: Status | None = None
    facts: Facts = field(default_factory=Facts, repr=False)
    generator: str = ""
    links: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()
    lang: str = "en-GB"
    name: str = ""

    @property
    def heading(self) -> Markup:
        """The title as the first-level heading shows it."""
        return escape(self.title.removesuffix(self.name)) + dated(self.name)

    @property
    def print_mark(self) -> str:
        """What stands on every printed page: nothing for a final report of real data."""
        marks = ["DRAFT"] if self.status is not None and self.status.kind == "draft" else []
        return " · ".join(marks + (["SYNTHETIC DATA"] if self.synthetic else []))
