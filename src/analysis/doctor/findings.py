"""What a check of the doctor found, and what to do about it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.errors import UserError


class Outcome(enum.StrEnum):
    """How a check came out: ``WARNING`` makes a report that is not as it could be, ``FAULT`` makes none."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One result of a check.

    Parameters
    ----------
    subject
        What was checked: ``environment``, ``extracts``, ...
    outcome
        How it came out.
    found
        What was found, in sentences.
    to_do
        What the user can do about it, in sentences; empty when nothing is to be done.
    """

    subject: str
    outcome: Outcome
    found: str
    to_do: str = ""

    def lines(self) -> list[str]:
        """The finding as it is printed."""
        printed = [f"{self.outcome:<8} {self.subject}: {self.found}"]
        return [*printed, f"{'':<8} Do: {self.to_do}"] if self.to_do else printed


def ok(subject: str, found: str) -> Finding:
    """All is well."""
    return Finding(subject, Outcome.OK, found)


def warning(subject: str, found: str, to_do: str) -> Finding:
    """A report can be made, but something about it would be better otherwise."""
    return Finding(subject, Outcome.WARNING, found, to_do)


def fault(subject: str, found: str, to_do: str) -> Finding:
    """No report can be made."""
    return Finding(subject, Outcome.FAULT, found, to_do)


def findings_of(subject: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """The findings of a check. An error that it ends with is a fault, and stops no other check."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except UserError as error:
        found.append(fault(subject, f"{error.what} {error.why}", error.fix))
    except Exception as error:  # noqa: BLE001 - whatever is broken here, the other checks are wanted all the more
        found.append(
            fault(
                subject,
                f"This could not be checked: {type(error).__name__}: {error}.",
                "Send this line to whoever looks after the project, with what `analysis report --debug` prints.",
            )
        )
    return found
