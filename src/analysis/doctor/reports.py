"""The folder of the reports: those in it, those that cannot be read, and failed runs that are kept."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.doctor.findings import Finding, ok, warning
from analysis.errors import UserError
from analysis.pipeline.compare import read_results
from analysis.pipeline.json_files import UNREADABLE
from analysis.pipeline.lookup import made_reports
from analysis.pipeline.reports_folder import FAILED, open_reports
from analysis.pipeline.request import Request

SUBJECT = "reports"


def check_reports(request: Request) -> Iterator[Finding]:
    """Whether reports can be put there, and whether the next can be compared with those there are."""
    reports = request.reports.expanduser()
    open_reports(reports)
    periods = made_reports(reports)
    for period in periods:
        try:
            read_results(reports / period)
        except (UserError, *UNREADABLE) as error:
            message = error.what if isinstance(error, UserError) else str(error)
            yield warning(
                SUBJECT,
                f"{period} cannot be compared with: {message}",
                f"Make it again: `make report PERIOD={period}`. Reports can be made without it.",
            )
    for page in sorted(reports.glob(f"{FAILED}/*/failure.html")):
        yield warning(
            SUBJECT, f"The last run of {page.parent.name} failed.", f"Open {page.as_posix()}, which says what to do."
        )
    listed = f"{periods[0]} to {periods[-1]}" if periods else "none yet"
    yield ok(SUBJECT, f"{reports.name}/ can be written to; reports in it: {len(periods)} ({listed}).")
