"""The words of a verdict, and nothing else: no ratings, no colours."""

from __future__ import annotations

import enum


class Verdict(enum.StrEnum):
    """What the reported data say of a target (wording: the project's domain notes, section 4)."""

    REACHED = "reached on reported data"
    NOT_REACHED = "not reached on reported data"
    NOT_ASSESSABLE = "not assessable"

    @property
    def short(self) -> str:
        """The verdict without its ground, where the sentence has named that already."""
        return self.value.removesuffix(" on reported data")

    @property
    def other(self) -> Verdict:
        """The opposite verdict."""
        return Verdict.NOT_REACHED if self is Verdict.REACHED else Verdict.REACHED


DATE_NOT_COVERED = "the date is not covered by the data"
BASELINE_MISSING = "the baseline census is not in the data"
FIGURE_MISSING = "the data hold no such figure"


def judge(value: float | None, promised: float | None) -> Verdict:
    """Compare an unrounded figure with the number promised; without a number, any rise is enough."""
    if value is None:
        return Verdict.NOT_ASSESSABLE
    reached = value > 0 if promised is None else value >= promised
    return Verdict.REACHED if reached else Verdict.NOT_REACHED
