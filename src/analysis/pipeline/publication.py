"""From a folder of results and executed notebooks to pages: the pipeline's one door to :mod:`analysis.publish`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import NotebookError
from analysis.pipeline.failure import Failure
from analysis.pipeline.kept import read_json
from analysis.pipeline.manifest import NAME as MANIFEST
from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.status import Standing, standing
from analysis.periods import month_label

TITLE = "Social prescribing link workers in England"
DESCRIPTION = (
    "Social prescribing link workers in Primary Care Networks in England: full-time equivalents, headcount and coverage, "
    "and the targets announced for them."
)
# What the notebooks must have handed on before a page can be made.
_RESULTS = ("ingest.json", "validation.json", "facts.json", "assessment.json")


@dataclass(frozen=True)
class Published:
    """What the pages of a report say in short: its standing, verdict lines and number of warnings."""

    standing: Standing
    synthetic: bool
    verdicts: tuple[str, ...]
    warnings: int


def publish(folder: Path, sections: list[Path], code: CodeVersion) -> Published:
    """Write ``index.html`` and ``validation.html`` into ``folder`` from its results and the executed ``sections``.

    Raises
    ------
    NotebookError
        When the notebooks left a result out.
    PageError
        When a page does not pass its own checks.
    """
    from analysis.publish.checks import require  # noqa: PLC0415 - the pages' libraries are slow to import
    from analysis.publish.context import Link, PageContext, Status  # noqa: PLC0415
    from analysis.publish.page import render_report  # noqa: PLC0415
    from analysis.publish.validation_page import render_validation  # noqa: PLC0415
    from analysis.results.facts import Facts  # noqa: PLC0415

    results = {name: _result(folder / name) for name in _RESULTS}
    catalogue, validation = results["ingest.json"], results["validation.json"]
    synthetic = bool(catalogue["synthetic"])
    stands = standing(synthetic=synthetic, gate_passed=bool(validation["passed"]), code=code)
    period = str(catalogue["period"])
    context = PageContext(
        title=TITLE,
        description=DESCRIPTION,
        period=period,
        period_label=month_label(period),
        synthetic=synthetic,
        status=Status(stands.kind, stands.reasons),
        facts=Facts.from_json((folder / "facts.json").read_text(encoding="utf-8")),
        generator=code.text,
        links=tuple(Link(*link) for link in _LINKS if (folder / link[0]).exists() or link[0] in _WRITTEN_HERE),
    )
    report = render_report(sections, context)
    require(report, "index.html", kind="report")
    (folder / "index.html").write_text(report, encoding="utf-8")
    _write_validation_page(folder, validation, context)
    return Published(
        standing=stands,
        synthetic=synthetic,
        verdicts=verdict_lines(results["assessment.json"]),
        warnings=_warnings(validation) + len(catalogue.get("warnings", ())),
    )


_WRITTEN_HERE = {"validation.html", MANIFEST}
_LINKS = (
    ("validation.html", "Validation", "What was checked, what failed, and where"),
    ("facts.json", "Facts", "Each figure with its unit, status and origin"),
    ("assessment.json", "Assessment", "Each target with each reading of it"),
    ("tables", "Tables", "Each table as CSV, and all in one workbook"),
    ("notebooks", "Notebooks", "The notebooks as they were run"),
    (MANIFEST, "Manifest", "Inputs, code version, environment, parameters and times"),
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


def verdict_lines(assessment: Mapping[str, Any]) -> tuple[str, ...]:
    """The verdict on each target in a line, from ``assessment.json``."""
    return tuple(f"{target['name']}: {target['verdict']}" for target in assessment["targets"].values())


def _warnings(validation: Mapping[str, Any]) -> int:
    return sum(check["outcome"] == "failed" and check["severity"] == "warning" for check in validation["checks"])


def _write_validation_page(folder: Path, validation: Mapping[str, Any], context: Any) -> None:
    from analysis.publish.checks import require  # noqa: PLC0415
    from analysis.publish.validation_page import render_validation  # noqa: PLC0415

    page = render_validation(dict(validation), context)
    require(page, "validation.html", kind="validation")
    (folder / "validation.html").write_text(page, encoding="utf-8")


def write_failure(folder: Path, failure: Failure) -> None:
    """Write ``failure.html``, and ``validation.html`` when validation came to a result, into ``folder``."""
    from analysis.publish.failure_page import render_failure  # noqa: PLC0415

    (folder / "failure.html").write_text(render_failure(failure), encoding="utf-8")


def write_front(reports: Path) -> None:
    """Write ``index.html`` of the reports folder anew from the reports that lie in it."""
    from analysis.publish.front_page import ReportEntry, render_front  # noqa: PLC0415

    entries = [ReportEntry.from_manifest(read_json(path)) for path in sorted(reports.glob(f"*/{MANIFEST}"))]
    new = reports / f".index-{os.getpid()}.html"
    new.write_text(render_front(entries), encoding="utf-8")
    new.replace(reports / "index.html")
