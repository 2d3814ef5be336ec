"""A target as a text uses it: its wording, its verdict, its readings, its pace, its chart and its table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.markup.prose import Prose
from analysis.report.text import targets, verdicts

if TYPE_CHECKING:
    import altair as alt

    from analysis.assessment import TargetAssessment
    from analysis.charts.figure import Figure
    from analysis.registers.targets import Target
    from analysis.report.report import Report
    from analysis.report.text.finding import Finding
    from analysis.tables.table import Table


def drawn(chart: alt.TopLevelMixin | Prose) -> Figure | Prose:
    """A chart as a text has it, drawn; a note in its place as it is."""
    from analysis.charts.figure import Figure  # noqa: PLC0415 - altair is slow to import, and often not needed

    return chart if isinstance(chart, Prose) else Figure.of(chart)


@dataclass(frozen=True)
class ClaimInText:
    """What an official said of a target, and what this series had by then."""

    by: str
    date: dt.date
    words: str
    source: str
    series_then: Finding


class TargetInText:
    """One target of a report. Its texts are those of the register, as they were worded."""

    def __init__(self, report: Report, assessed: TargetAssessment, *, opens_date: bool = True) -> None:
        self._report = report
        self._opens_date = opens_date
        self._assessed = assessed

    @property
    def _target(self) -> Target:
        return self._assessed.target

    @property
    def id(self) -> str:
        """Its id in the register."""
        return self._target.id

    @property
    def name(self) -> str:
        """Its name, as the heading of its part."""
        return self._target.name

    @property
    def short(self) -> str:
        """Its name in a list."""
        return self._target.short

    @property
    def wording(self) -> str:
        """The whole wording, to be quoted."""
        return self._target.wording

    @property
    def promise(self) -> str:
        """The few words that hold the promise, to be quoted."""
        return self._target.promise

    @property
    def source(self) -> str:
        """Where it was said."""
        return self._target.source

    @property
    def announced(self) -> dt.date:
        """When."""
        return self._target.announced

    @property
    def deadline(self) -> dt.date:
        """The day that the date is read as."""
        return self._target.deadline

    @property
    def vague(self) -> tuple[str, ...]:
        """What the wording leaves open."""
        return self._target.vague

    @property
    def goes_on(self) -> bool:
        """Whether it is a later part of the wording of the target before it."""
        return bool(self._target.part_of)

    @property
    def opens_date(self) -> bool:
        """Whether the target before it in the report has another date: it then begins a group of its own."""
        return self._opens_date

    @property
    def is_increase(self) -> bool:
        """Whether an increase was promised and not a number in place."""
        return self._target.increase

    @property
    def has_no_number(self) -> bool:
        """Whether a rise was promised without a number."""
        return self._target.rise

    @property
    def reason(self) -> str:
        """Why its main reading is the main one."""
        return self._target.main.reason

    @cached_property
    def verdict(self) -> Finding:
        """The promise and the one verdict on it, with the one thing that turns it."""
        return verdicts.verdict(self._assessed)

    @cached_property
    def figures(self) -> Finding:
        """The figures that the verdict rests on."""
        return verdicts.figures(self._report, self._assessed)

    @cached_property
    def first_reached(self) -> Finding:
        """When the number was first there; nothing for a target without one."""
        return targets.first_reached(self._assessed)

    @cached_property
    def readings(self) -> Finding:
        """How its readings come out."""
        return targets.readings_count(self._report, self._assessed)

    @property
    def readings_in_short(self) -> Table:
        """The main reading and each that differs from it in one choice, as a table."""
        return self._report.tables.readings_in_short_of(self.id)

    @property
    def pace(self) -> Prose | None:
        """What was needed a month and what came; nothing once the target is settled."""
        is_open = self._assessed.paces and not self._assessed.settled
        return targets.pace(self._report, self._assessed) if is_open else None

    @property
    def claims(self) -> list[ClaimInText]:
        """What officials said of it."""
        return [
            ClaimInText(
                claim.by,
                claim.date,
                claim.words,
                claim.source,
                targets.series_then(self._report, self._assessed, claim.date),
            )
            for claim in self._target.claims
        ]

    @property
    def chart(self) -> Figure | Prose:
        """Its chart, or why there is none."""
        chart = drawn(self._report.charts.target(self.id))
        return chart if isinstance(chart, Prose) else chart.under(3)

    @property
    def table(self) -> Prose:
        """The table of its readings."""
        return self._report.tables.shown_readings(self.id)


def targets_of(report: Report) -> list[TargetInText]:
    """The targets of a report, in the order of the register."""
    dates = [None, *(assessed.target.deadline for assessed in report.assessment)]
    return [
        TargetInText(report, assessed, opens_date=before != assessed.target.deadline)
        for assessed, before in zip(report.assessment, dates, strict=False)
    ]
