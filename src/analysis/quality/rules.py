"""A rule: what is expected of a frame, how much it matters, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.quality.results import Severity

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.expectations.expectation import Expectation


@dataclass(frozen=True)
class Rule:
    """One line of the validation page, before it is known how it comes out.

    Parameters
    ----------
    id, subject, severity, expectation, why
        As in :class:`analysis.quality.results.Check`.
    items
        What is counted: ``rows``, ``censuses``...
    demands
        Great Expectations' own expectations; the rule passes when all of them hold. Each is a column map
        expectation, so that it names the rows that break it.
    shows
        The frame column whose value is listed and held against the register of anomalies; by default the one that
        the demand is about.
    unassessed
        Why nothing could be assessed, when nothing could.
    remark
        A sentence added to what was found.
    values_told
        How many distinct values the sentence names; the places have more.
    decided
        An entry of the register of known anomalies that explains what this rule finds is a decision to publish: it
        must say who decided, and when.
    """

    id: str
    subject: str
    severity: Severity
    expectation: str
    why: str
    items: str
    demands: tuple[Expectation, ...]
    shows: str = ""
    unassessed: str = "There is nothing to assess."
    remark: str = ""
    values_told: int = 6
    decided: bool = False


@dataclass(frozen=True)
class Suite:
    """A frame and the rules about it.

    The frame, which ``make`` makes, has ``census``, ``sha256`` and ``file_row`` (missing where a row stands for many),
    and a unique index. Where it has them, ``place_column`` and ``place_value`` say what to print instead of column and
    value.
    ``skipped`` says why the rules were not applied at all; empty when they were.
    """

    name: str
    make: Callable[[], pd.DataFrame]
    rules: Sequence[Rule]
    skipped: str = ""


def suite_of(name: str, make: Callable[[], pd.DataFrame], rules: Sequence[Rule], reason: str) -> Suite:
    """A suite, held back where there is a ``reason``."""
    return Suite(name, make, rules, f"Not assessed: {reason}." if reason else "")


# sha256 of an extract -> the name to print
FileNames = Mapping[str, str]
