"""What validation found, as data: checks with their outcome, and the places of what was not expected."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup

from analysis import formats
from analysis.errors import GateError
from analysis.periods import month_label

# A page of fifty places is as much as a reader follows up by hand; the count beside them is the whole.
PLACES_KEPT = 50
# Three places in the message of a stopped run: enough to recognise the fault, the page has the rest.
_PLACES_TOLD = 3


class Severity(enum.StrEnum):
    """What a failure of the check means for the report."""

    CRITICAL = "critical"  # figures would be wrong: the run stops
    WARNING = "warning"  # a reader must know: the run goes on, and the report names it
    INFO = "info"  # worth knowing


class Outcome(enum.StrEnum):
    """How a check came out."""

    PASSED = "passed"
    FAILED = "failed"
    EXPLAINED = "explained"  # not as expected, but every item is in the register of known anomalies
    NOT_ASSESSED = "not assessed"  # nothing to hold the data against: neither good nor bad


@dataclass(frozen=True)
class Place:
    """Where something unexpected stands. ``row`` is the line in the file; ``None`` for a figure over many rows."""

    census: str
    file: str
    row: int | None
    column: str
    value: float | str | None

    def __str__(self) -> str:
        line = f"line {self.row}" if self.row is not None else ""
        value = "no value" if self.value is None else f"{self.value}"
        where = ", ".join(part for part in (self.file, line, self.census) if part)
        return f"{where}: {self.column} = {value}" if where else f"{self.column} = {value}"


@dataclass(frozen=True)
class Check:
    """One expectation, why it is there, and what was found.

    Parameters
    ----------
    id
        Lower case words with hyphens; the register of anomalies refers to it.
    subject
        What was looked at.
    severity
        What a failure means for the report.
    expectation, why
        What was expected, and why the check is there: a sentence each.
    outcome
        How it came out.
    found
        What was found, with numbers.
    unexpected
        Places of what was not expected, in order of census, file and line, at most :data:`PLACES_KEPT`, one of
        each value before a second of any: those that no entry of the register of anomalies explains, or all when it
        explains all.
    unexpected_count
        How many such places there are in all.
    explanation
        The reasons from the register of anomalies; empty when none applied.
    decided
        Somebody decided to publish with what was found: the report names it.
    """

    id: str
    subject: str
    severity: Severity
    expectation: str
    why: str
    outcome: Outcome
    found: str
    unexpected: tuple[Place, ...] = ()
    unexpected_count: int = 0
    explanation: str = ""
    decided: bool = False

    @property
    def stops(self) -> bool:
        """Whether the report may not be made."""
        return self.outcome is Outcome.FAILED and self.severity is Severity.CRITICAL

    def summary(self) -> str:
        """The check in a line, with its first places, for messages."""
        first = "; ".join(map(str, self.unexpected[:_PLACES_TOLD]))
        rest = self.unexpected_count - min(len(self.unexpected), _PLACES_TOLD)
        places = f" First: {first}" + (f"; and {rest:,} more." if rest > 0 else ".") if first else ""
        return f"{self.subject} ({self.id}): {self.found}{places}"

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Check:
        """The inverse of ``dataclasses.asdict``, from JSON."""
        return cls(
            **{
                **data,
                "severity": Severity(data["severity"]),
                "outcome": Outcome(data["outcome"]),
                "unexpected": tuple(Place(**place) for place in data["unexpected"]),
            }
        )


@dataclass(frozen=True)
class Validation:
    """The result of all checks for the report of one census. Shows itself in Jupyter."""

    period: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether there is no critical failure that the register of anomalies does not explain."""
        return not any(check.stops for check in self.checks)

    def with_outcome(self, outcome: Outcome, severity: Severity | None = None) -> tuple[Check, ...]:
        """The checks that came out so, of one severity or of any."""
        return tuple(c for c in self.checks if c.outcome is outcome and severity in (None, c.severity))

    @property
    def warnings(self) -> tuple[Check, ...]:
        """The failed checks that do not stop the report but are named in it."""
        return self.with_outcome(Outcome.FAILED, Severity.WARNING)

    @property
    def decisions(self) -> tuple[Check, ...]:
        """The checks that would have stopped the report, had nobody decided to publish; they are named in it."""
        return tuple(check for check in self.checks if check.decided)

    @property
    def counts(self) -> dict[str, int]:
        """How many checks came out how; every outcome is listed."""
        return {str(outcome): len(self.with_outcome(outcome)) for outcome in Outcome}

    def __getitem__(self, check_id: str) -> Check:
        for check in self.checks:
            if check.id == check_id:
                return check
        raise KeyError(check_id)

    def gate(self, page: str = "validation.html") -> None:
        """Let the run go on, or stop it.

        Raises
        ------
        GateError
            When a critical check failed: which, how often and where; ``page`` is where the reader finds the rest.
        """
        stopping = [check for check in self.checks if check.stops]
        if not stopping:
            return
        one = len(stopping) == 1
        raise GateError(
            f"Validation stopped the report for {month_label(self.period)}: "
            f"{len(stopping)} critical check{'' if one else 's'} failed.\n"
            + "\n".join(f"    - {check.summary()}" for check in stopping),
            " ".join(dict.fromkeys(check.why for check in stopping)),
            f"Read {page}, which lists every place. Correct or replace the extract; or, when the publisher confirms "
            "the values, add them to src/analysis/registers/anomalies.toml with the reason, who decided and when. Then "
            "run again.",
        )

    def to_json(self) -> str:
        """The result as JSON text: the same result gives the same bytes."""
        content = {
            "period": self.period,
            "passed": self.passed,
            "counts": self.counts,
            "checks": [asdict(check) for check in self.checks],
        }
        numbered = formats.with_format(formats.VALIDATION, content)
        return json.dumps(numbered, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Validation:
        """Read what :meth:`to_json` wrote, in this version or an earlier one."""
        content = formats.to_current(formats.VALIDATION, json.loads(text))
        return cls(content["period"], tuple(Check.from_data(check) for check in content["checks"]))

    def _repr_html_(self) -> str:
        """What came out otherwise than passed, under the counts."""
        counts = ", ".join(f"{number} {outcome}" for outcome, number in self.counts.items() if number)
        rows = Markup("").join(
            Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>').format(
                check.subject, check.severity, check.outcome, check.found
            )
            for check in self.checks
            if check.outcome is not Outcome.PASSED
        )
        verdict = "passed: the report can be made" if self.passed else "failed: the report is not made"
        caption = Markup("<caption>Validation for {} {} ({} checks: {})</caption>").format(
            month_label(self.period), verdict, len(self.checks), counts
        )
        if not rows:
            return Markup("<table>{}</table>").format(caption)
        heading = Markup('<th scope="col">{}</th>')
        head = Markup("").join(heading.format(name) for name in ("What", "Severity", "Outcome", "Found"))
        return Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(caption, head, rows)
