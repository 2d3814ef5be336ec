"""All checks of the doctor, in an order in which the first fault is the one to fix first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from analysis.doctor.charts import check_fonts
from analysis.doctor.disk import check_disk, check_memory
from analysis.doctor.environment import check_environment
from analysis.doctor.extracts import check_extracts
from analysis.doctor.findings import Finding, Outcome, findings_of
from analysis.doctor.kernel import check_kernel
from analysis.doctor.project import check_git, check_project
from analysis.doctor.reports import check_reports
from analysis.pipeline.request import Request


@dataclass(frozen=True)
class Examined:
    """What all checks found."""

    findings: tuple[Finding, ...]

    @property
    def has_fault(self) -> bool:
        """Whether something stands in the way of a report."""
        return any(finding.outcome is Outcome.FAULT for finding in self.findings)

    def in_short(self) -> str:
        """The result in a sentence."""
        faults, warnings = (
            sum(finding.outcome is outcome for finding in self.findings) for outcome in (Outcome.FAULT, Outcome.WARNING)
        )
        counted = f"Faults: {faults}. Warnings: {warnings}."
        return f"{counted} {'No report can be made yet.' if faults else 'A report can be made.'}"


def examine(request: Request, tell: Callable[[Finding], None] = lambda _: None) -> Examined:
    """Check whether the report that ``request`` asks for can be made. ``tell`` is given each finding when it is there.

    Nothing of the project is changed: the folders of the reports and of processed data are made where they are missing,
    what killed runs left there is removed, and extracts that are read are kept for the report.
    """
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("environment", check_environment),
        ("project", partial(check_project, request)),
        ("git", partial(check_git, request)),
        ("reports", partial(check_reports, request)),
        ("disk", partial(check_disk, request)),
        ("memory", check_memory),
        ("kernel", check_kernel),
        ("fonts", check_fonts),
        ("extracts", partial(check_extracts, request)),
    )
    findings: list[Finding] = []
    for subject, check in checks:
        for finding in findings_of(subject, check):
            findings.append(finding)
            tell(finding)
    return Examined(tuple(findings))
