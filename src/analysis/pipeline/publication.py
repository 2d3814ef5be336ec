"""From a folder of results and executed notebooks to pages: the pipeline's one door to :mod:`analysis.publish`."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.assessment import targets_in
from analysis.errors import NotebookError
from analysis.markup.prose import Prose, dated
from analysis.periods import month_label
from analysis.pipeline.bill_of_materials import NAME as BILL_OF_MATERIALS
from analysis.pipeline.bill_of_materials import write_bill_of_materials
from analysis.pipeline.downloads import TABLES, downloads_at_once
from analysis.pipeline.gate import require_gate
from analysis.pipeline.json_files import read_json
from analysis.pipeline.manifest import NAME as MANIFEST
from analysis.pipeline.profile_folders import LIST, list_page, write_list
from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.release_status import ReleaseStatus, release_status
from analysis.pipeline.titles import DESCRIPTION, title_of
from analysis.publish.checks import Fault, require
from analysis.publish.context import Link, PageContext, Status
from analysis.publish.dictionary import DICTIONARY_CSV, DICTIONARY_PAGE
from analysis.publish.dictionary_page import DICTIONARY_TITLE, write_dictionary
from analysis.publish.downloads import README, WORKBOOK
from analysis.publish.fact_files import FACT_FILES
from analysis.publish.origins import ORIGINS, ORIGINS_DESCRIPTION, ORIGINS_TITLE, render_origins
from analysis.publish.page import render_body, report_body
from analysis.publish.summary import SUMMARY, SUMMARY_TEXT, first_screen, render_summary, summary_text
from analysis.publish.validation_page import render_validation
from analysis.registers.measures import load_measures
from analysis.registers.roles import load_roles
from analysis.runs.folder import RunFolder
from analysis.runs.store import (
    ASSESSMENT_FILE,
    FACTS_FILE,
    INGEST_FILE,
    VALIDATION_FILE,
    role_of,
    save_shown_facts,
)
from analysis.runs.stored_facts import MEASURES_FOLDER, facts_in

METHODOLOGY = "methodology.html"
VALIDATION_TITLE = "Validation of the extracts"
VALIDATION_DESCRIPTION = "What was expected of the extracts before anything was analysed, why, and what was found."
_SHOWN_FACT = re.compile(r'data-fact="([^"]+)"')
# What the notebooks must have written before a page can be made.
_RESULTS = (INGEST_FILE, VALIDATION_FILE, FACTS_FILE, ASSESSMENT_FILE)


@dataclass(frozen=True)
class Publication:
    """What the pages of a report say in short: its status, verdict lines and number of warnings."""

    status: ReleaseStatus
    synthetic: bool
    verdicts: tuple[tuple[str, str], ...]
    warnings: int


# Given the folder and the sections: at the end of its context they are written.
WriteDownloads = Callable[[Path, list[Path]], AbstractContextManager[None]]


def publish(
    folder: Path, sections: list[Path], code: CodeVersion, *, downloads: WriteDownloads = downloads_at_once
) -> Publication:
    """Write ``index.html``, the pages beside it and the tables into ``folder``, from its results and ``sections``.

    Raises
    ------
    NotebookError
        When the notebooks left a result out.
    PageError
        When a page does not pass its own checks.
    """
    results = {name: _result(folder / name) for name in _RESULTS}
    if run := RunFolder.at(folder):
        run.has(*results, MEASURES_FOLDER)  # raises when one of them is of another run
    require_gate(folder)
    with downloads(folder, sections):
        publication, context = _write_pages(folder, sections, code, results)
        write_bill_of_materials(folder, code)
    write_dictionary(load_measures(), load_roles().names, folder, context=context)
    return publication


def _write_pages(
    folder: Path, sections: list[Path], code: CodeVersion, results: Mapping[str, dict[str, Any]]
) -> tuple[Publication, PageContext]:
    catalogue, validation = results[INGEST_FILE], results[VALIDATION_FILE]
    synthetic = bool(catalogue["synthetic"])
    status_with = functools.partial(
        release_status,
        synthetic=synthetic,
        gate_passed=bool(validation["passed"]),
        code=code,
        checked=checks_in_a_sentence(validation, str(catalogue["period"])),
    )
    period = str(catalogue["period"])
    role = role_of(results[ASSESSMENT_FILE])
    if not catalogue.get("national_only", True):
        write_list(folder, list_page(folder, title=title_of(role), period=period, synthetic=synthetic))
    context = PageContext(
        title=title_of(role),
        description=DESCRIPTION,
        period=period,
        period_label=month_label(period),
        synthetic=synthetic,
        status=_status(status_with()),
        facts=facts_in(folder),
        generator=code.text,
        links=tuple(Link(*link) for link in _LINKS if (folder / link[0]).exists() or link[0] in _WRITTEN_HERE),
        downloads=tuple(Link(*link) for link in _DOWNLOADS),
    )
    body = report_body(sections)
    findings = tuple(fault.message for fault in _write_report(folder, body, context))
    stands = status_with(page_findings=findings)
    if findings:
        context = dataclasses.replace(context, status=_status(stands))
        _write_report(folder, body, context)
    shown = list(dict.fromkeys(_SHOWN_FACT.findall((folder / "index.html").read_text(encoding="utf-8"))))
    context = dataclasses.replace(context, downloads=())
    _write_origins(folder, shown, context)
    _write_summary(folder, body, context)
    save_shown_facts(context.facts, folder, shown=shown, code_version=context.generator)
    _write_validation_page(folder, validation, context)
    publication = Publication(
        status=stands,
        synthetic=synthetic,
        verdicts=_verdicts(results[ASSESSMENT_FILE]),
        warnings=_warnings(validation) + len(catalogue.get("warnings", ())),
    )
    return publication, context


def _write_report(folder: Path, body: str, context: PageContext) -> list[Fault]:
    """Write ``index.html`` and return its findings of style; raise when it has a fault that stops it."""
    report = render_body(body, context)
    # Written first under another name: a page that is refused can be looked at among what is kept of the failed run.
    refused = folder / "refused.html"
    refused.write_text(report, encoding="utf-8")
    findings = require(report, kind="report")
    refused.rename(folder / "index.html")
    return findings


def _status(stands: ReleaseStatus) -> Status:
    """The status as the banner of a page shows it. A reason may quote a number that the page's checks found."""
    return Status(stands.kind, tuple(Prose(dated(reason)) for reason in stands.reasons))


def _write_origins(folder: Path, shown: list[str], context: PageContext) -> None:
    """Write ``origins.html``: where each of the facts comes from that the report shows."""
    context = dataclasses.replace(context, title=ORIGINS_TITLE, description=ORIGINS_DESCRIPTION)
    page = render_origins([context.facts[fact_id] for fact_id in shown], context)
    require(page, kind="origins")
    (folder / ORIGINS).write_text(page, encoding="utf-8")


def _write_summary(folder: Path, body: str, context: PageContext) -> None:
    """Write ``summary.html`` and ``summary.md``: the report's first screen on a sheet, and as text."""
    screen = first_screen(body)
    page = render_summary(screen, context)
    require(page, kind="summary")
    (folder / SUMMARY).write_text(page, encoding="utf-8")
    (folder / SUMMARY_TEXT).write_text(summary_text(screen, context), encoding="utf-8")


def _verdicts(assessment: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each target's name, and its verdict with what turns it, from ``assessment.json``."""
    return tuple((str(target["name"]), str(target["in_short"])) for target in targets_in(assessment).values())


_WORKBOOK, _README = f"{TABLES}/{WORKBOOK}", f"{TABLES}/{README}"
# What most readers want, at once after the first screen; everything else is at the end.
_DOWNLOADS = (
    (SUMMARY, "Summary on one page"),
    (_WORKBOOK, "All tables, as a workbook"),
    ("facts.csv", "All figures, as CSV"),
    (ORIGINS, ORIGINS_TITLE),
    ("#other-files", "All files of this report"),
)
_WRITTEN_HERE = {
    *FACT_FILES,
    DICTIONARY_CSV,
    DICTIONARY_PAGE,
    ORIGINS,
    SUMMARY,
    SUMMARY_TEXT,
    "validation.html",
    MANIFEST,
    BILL_OF_MATERIALS,
    f"../{METHODOLOGY}",
    _WORKBOOK,
    _README,
}
_LINKS = (
    (SUMMARY, "Summary", "The first screen of the report on one sheet, to print or to send"),
    (SUMMARY_TEXT, "Summary as text", "The same, to put into an e-mail"),
    (ORIGINS, ORIGINS_TITLE, "Each figure with its meaning, formula, files, rows and checksums"),
    (DICTIONARY_PAGE, DICTIONARY_TITLE, "What each column and measure of the CSV files means"),
    (LIST, "Pages by area", "Regions, integrated care boards, sub-ICB locations and networks, where they were made"),
    ("validation.html", "Validation", "What was checked, what failed, and where"),
    (f"../{METHODOLOGY}", "Methodology", "Definitions, readings, bounds, worked examples, limits, sources"),
    ("facts.csv", "Figures of all areas", "England, regions, ICBs, sub-ICBs and PCNs, a row for each figure"),
    ("facts.parquet", "Figures of all areas, Parquet", "The same rows for programs, with the type of each column"),
    ("facts.json", "Facts", "England's figures and those on the page, with unit, status and origin"),
    ("assessment.json", "Assessment", "Each target with each reading of it"),
    (_WORKBOOK, "Workbook", "Every table, a sheet each"),
    (_README, "CSV files", "Every table as CSV"),
    (MANIFEST, "Manifest", "Inputs, code version, environment, parameters and times"),
    (
        BILL_OF_MATERIALS,
        "Bill of materials",
        "The packages that made the report, with versions and licences (CycloneDX)",
    ),
)


def _result(path: Path) -> dict[str, Any]:
    content = read_json(path)
    if not content:
        raise NotebookError(
            f"The notebooks came to their end without writing {path.name}.",
            "The report's page is made from it.",
            "Restore the cell that writes it (`git diff notebooks` shows what was changed).",
        )
    return content


def checks_in_a_sentence(validation: Mapping[str, Any], period: str) -> str:
    """What was checked, up to when, and how it came out: that no critical check failed is not that none did."""
    outcomes = [check["outcome"] for check in validation["checks"]]
    made, failed = sum(outcome != "not assessed" for outcome in outcomes), outcomes.count("failed")
    if not made:
        return f"No check could be made of the data up to {month_label(period)}."
    made_of = "check" if made == 1 else "checks"
    how = f"{failed:,} failed, none of them critical" if failed else "none failed"
    return f"Of {made:,} {made_of} made of the data up to {month_label(period)}, {how}."


def _warnings(validation: Mapping[str, Any]) -> int:
    return sum(check["outcome"] == "failed" and check["severity"] == "warning" for check in validation["checks"])


def _write_validation_page(folder: Path, validation: Mapping[str, Any], context: PageContext) -> None:
    context = dataclasses.replace(context, title=VALIDATION_TITLE, description=VALIDATION_DESCRIPTION)
    page = render_validation(dict(validation), context)
    require(page, kind="validation")
    (folder / "validation.html").write_text(page, encoding="utf-8")
