"""Read two reports from disk and compare them: for a page of its own, and for the section of a new report."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.columns import DEFAULT_ROLE
from analysis.comparison import Comparison, ReportResults, compare_reports, first_report
from analysis.comparison.compare import TOTALS_COMPARED, levels_compared
from analysis.errors import UsageError, UserError
from analysis.formats import ASSESSMENT, INGEST
from analysis.periods import month_label
from analysis.pipeline.json_files import UNREADABLE, read_json
from analysis.pipeline.lookup import FACTS, made_reports, read_facts, report_name
from analysis.pipeline.pages_beside import write_comparison
from analysis.pipeline.reports_folder import FAILED, MAKING
from analysis.registers.breaks import load_breaks
from analysis.registers.roles import load_roles
from analysis.runs.store import role_of
from analysis.settings import project_root

_TOTALS = "measures/totals.parquet"


def read_results(folder: Path) -> ReportResults:
    """What a comparison needs of the report, or of the results folder, ``folder``.

    Raises
    ------
    UsageError
        When it is not a whole report.
    """
    with _told_when_damaged(folder):
        catalogue = read_json(folder / INGEST)
        assessment = read_json(folder / ASSESSMENT)
        totals = pd.read_parquet(folder / _TOTALS, columns=[*TOTALS_COMPARED])
        roles = load_roles()
        return ReportResults(
            period=str(catalogue["period"]),
            synthetic=bool(catalogue["synthetic"]),
            facts=read_facts(folder, levels_compared),
            assessment={"targets": assessment["targets"]},
            totals=totals,
            inputs=tuple(catalogue["inputs"]),
            roles=roles,
            breaks=load_breaks(roles=roles),
            role=role_of(assessment),
        )


@contextlib.contextmanager
def _told_when_damaged(folder: Path) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as fault:
        raise UsageError(
            f"{folder.name}/ is not a whole report: {fault}.",
            f"Two reports are compared by ingest.json, {FACTS}, assessment.json and {_TOTALS}.",
            "Make that report again, or name another.",
        ) from fault


def earlier_reports(results: Path, period: str, role: str = DEFAULT_ROLE) -> list[Path]:
    """The reports about ``role`` before ``period``, the latest first, where the folder ``results`` belongs.

    ``results`` is the folder a notebook works in: a staging folder beside the reports, a kept failure below them, or
    the project's own when a notebook is run by hand.
    """
    if results.name.startswith(MAKING):
        reports = results.parent
    elif results.parent.name == FAILED:
        reports = results.parent.parent
    else:
        reports = project_root() / "reports"
    return [
        reports / report_name(earlier, role) for earlier in reversed(made_reports(reports, role)) if earlier < period
    ]


def changes_since_previous(results: Path) -> Comparison:
    """Compare the results in ``results`` with the report before them; without one, say that this is the first.

    The report before is the latest earlier one of the same kind of data (real or synthetic) that can be read. One that
    cannot, because it is damaged or of another version of this project, stops nothing: it is passed over and named.
    """
    with _told_when_damaged(results):
        period, role = str(read_json(results / INGEST)["period"]), role_of(read_json(results / ASSESSMENT))
    new, unreadable = None, list[str]()
    for earlier in earlier_reports(results.resolve(), period, role):
        new = new or read_results(results)  # a first report need not be read
        try:
            old = read_results(earlier)
            if old.synthetic == new.synthetic:
                return replace(compare_reports(old, new), unreadable=tuple(unreadable))
        except (UserError, *UNREADABLE):
            unreadable.append(earlier.name)
    return replace(first_report(period), unreadable=tuple(unreadable))


def compare_folders(old: Path, new: Path, reports: Path) -> tuple[Path, list[str]]:
    """Compare two reports, write the page ``REPORTS/comparison-<old>-<new>.html``, and return it with a summary."""
    if old.resolve() == new.resolve():
        raise UsageError(
            f"{old.name} would be compared with itself.",
            "Nothing differs between a report and the same report.",
            "Name two reports, for example OLD=2022-06 NEW=2022-09.",
        )
    before, after = read_results(old), read_results(new)
    comparison = compare_reports(before, after)
    page = write_comparison(comparison, reports, synthetic=after.synthetic)
    summary = [f"{month_label(before.period)} and {month_label(after.period)}:"]
    return page, [*summary, *(f"  {number:>6,} {kind}" for kind, number in comparison.counts.items())]
