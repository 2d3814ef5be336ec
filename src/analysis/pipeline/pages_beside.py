"""The pages that are no report: a failure, the list of reports, the methodology, a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis import formats
from analysis.columns import DEFAULT_ROLE
from analysis.comparison import Comparison, comparison_tables
from analysis.comparison.text import changes_in_words
from analysis.markup.prose import Prose, dated
from analysis.periods import month_label
from analysis.pipeline.failure import Failure
from analysis.pipeline.json_files import UNREADABLE, read_json
from analysis.pipeline.lookup import all_reports, period_and_role
from analysis.pipeline.manifest import NAME as MANIFEST
from analysis.pipeline.profile_folders import LIST, levels_in, list_page, write_list
from analysis.pipeline.publication import METHODOLOGY
from analysis.pipeline.reports_folder import front_lock, write_page
from analysis.pipeline.titles import DESCRIPTION, title_of, words_of
from analysis.publish.checks import require
from analysis.publish.comparison_page import ComparisonSection, render_comparison
from analysis.publish.context import Link, PageContext
from analysis.publish.failure_page import render_failure
from analysis.publish.front_page import ReportEntry, first_screen, latest, render_front
from analysis.publish.methodology_page import render_methodology
from analysis.publish.validation_page import render_validation
from analysis.settings import provided

if TYPE_CHECKING:
    from markupsafe import Markup


def write_failure(folder: Path, failure: Failure) -> None:
    """Write ``failure.html``, and ``validation.html`` when validation came to a result, into ``folder``."""
    validation = read_json(folder / "validation.json")
    if validation and not (folder / "validation.html").exists():
        synthetic = bool(read_json(folder / "ingest.json").get("synthetic"))
        label = month_label(failure.period) if failure.period else ""
        role = str(failure.parameters.get("role", DEFAULT_ROLE))
        context = PageContext(title_of(role), DESCRIPTION, failure.period, label, synthetic)
        (folder / "validation.html").write_text(render_validation(validation, context), encoding="utf-8")
    (folder / "failure.html").write_text(render_failure(failure), encoding="utf-8")


def write_front(reports: Path) -> None:
    """Write ``index.html`` of the reports folder anew, from the reports that lie in it."""
    # One run at a time: each must see the reports that the other has put in place.
    with front_lock(reports):
        entries, unreadable = [], []
        for name in all_reports(reports):
            entry = _front_entry(reports, name)
            if entry is None:
                unreadable.append(name)
            else:
                entries.append(entry)
        shown = latest(entries)
        page = render_front(
            entries,
            title=title_of(DEFAULT_ROLE),
            unreadable=tuple(unreadable),
            screen=_first_screen(reports / shown.href, shown.href) if shown else None,
        )
        write_page(reports / "index.html", page)
        write_page(reports / METHODOLOGY, _methodology())


def _front_entry(reports: Path, name: str) -> ReportEntry | None:
    """A report as the front page lists it; ``None`` when its manifest cannot be read, which stops no other."""
    try:
        manifest = read_json(reports / name / MANIFEST)
        period, role = period_and_role(name) or (name, DEFAULT_ROLE)
        of_role = "" if role == DEFAULT_ROLE else f": {words_of(role).short}"
        return ReportEntry(
            period=period,
            period_label=month_label(period) + of_role,
            href=f"{name}/index.html",
            status=manifest["status"],
            synthetic=manifest["synthetic"],
            verdicts=tuple((target, verdict) for target, verdict in manifest["verdicts"]),
            made=manifest["finished"][:10],
            profiles=tuple(
                Link(f"{name}/{LIST}#{listed.level}", listed.title, f"{len(listed.areas):,} pages")
                for listed in levels_in(reports / name)
            ),
        )
    except (formats.NewerFormatError, *UNREADABLE):
        return None


def _first_screen(page: Path, href: str) -> Markup | None:
    """The news, trend and figures of a report's page; none of a page that is not there."""
    return first_screen(page.read_text(encoding="utf-8"), href) if page.is_file() else None


def write_profiles_list(report: Path) -> None:
    """Write the list of pages by area, ``profiles/index.html``, into the folder of a report, from what lies there."""
    write_list(report, profiles_list(report))


def profiles_list(report: Path) -> str:
    """The list of pages by area in the folder of a report that is in place."""
    manifest = read_json(report / MANIFEST)
    role = str(manifest["parameters"].get("role", DEFAULT_ROLE))
    return list_page(
        report, title=title_of(role), period=str(manifest["period"]), synthetic=bool(manifest["synthetic"])
    )


def _methodology() -> str:
    """Render the project's methodology, which is of every report and so stands beside them."""
    text = provided("docs/methodology.md").read_text(encoding="utf-8")
    context = PageContext(
        "Methodology", "How the figures and verdicts of the reports are made, and what they cannot say."
    )
    page = render_methodology(text, context)
    require(page, kind="methodology")
    return page


def write_comparison(comparison: Comparison, reports: Path, *, synthetic: bool) -> Path:
    """Write the page of a comparison, ``comparison-<old>-<new>.html``, into the reports folder.

    Raises
    ------
    PageError
        When it does not pass its own checks.
    """
    old, new = month_label(comparison.old_period), month_label(comparison.new_period)
    tables = comparison_tables(comparison)
    context = PageContext(
        title="What changed between two reports",
        description=f"Revised figures, changed verdicts, and what is new or gone: {old} and {new}.",
        period=comparison.new_period,
        period_label=f"{old} and {new}",
        synthetic=synthetic,
    )
    # On a page of its own no figure leads to its origin: that is in the reports.
    words = tuple(Prose(dated(part.text), part.tag) for part in changes_in_words(comparison))
    sections = [
        ComparisonSection("In short", words),
        *(ComparisonSection(COMPARISON_TITLES[table.id], tables=(table,)) for table in tables),
    ]
    page = render_comparison(sections, context)
    require(page, kind="comparison")
    path = reports / f"comparison-{comparison.old_period}-{comparison.new_period}.html"
    with front_lock(reports):
        write_page(path, page)
    return path


COMPARISON_TITLES = {
    "changes-figures": "Figures",
    "changes-areas": "Areas with the largest change",
    "changes-summary": "Changes by kind",
    "changes-verdicts": "Verdicts",
    "changes-revised": "Revised figures",
    "changes-places": "New and gone",
    "changes-inputs": "Extracts",
}
