"""Put a published report in its place, whole or not at all, and list it."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil

from analysis.errors import PageError, first_few
from analysis.pipeline import pages_beside
from analysis.pipeline.checksums import write_checksums
from analysis.pipeline.current_run import CurrentRun
from analysis.pipeline.finished_report import FinishedReport, finished_report
from analysis.pipeline.json_files import read_json
from analysis.pipeline.manifest import NAME as MANIFEST
from analysis.pipeline.manifest import write_manifest
from analysis.pipeline.publication import Publication
from analysis.pipeline.release_status import ReleaseStatus
from analysis.pipeline.reports_folder import FAILED, storage_errors
from analysis.pipeline.step_store import READY
from analysis.runs.folder import RECORD, RunFolder

_NAMED = 3  # files: enough to see what was forgotten


def put_in_place(run: CurrentRun, published: Publication) -> FinishedReport:
    """Write manifest and checksums, and make the staging folder the report of its period.

    Raises
    ------
    PageError
        A strict run did not come out final.
    UsageError
        Something that is no report has the name.
    """
    folder, request, status = run.folder, run.plan.request, published.status
    _require_final(run, status)
    shutil.rmtree(folder / "notebooks")
    (folder / READY).rename(folder / "notebooks")
    # Which run it was is told in the manifest, beside the code and the inputs that the name stands for.
    its_folder = RunFolder.at(folder)
    (folder / RECORD).unlink(missing_ok=True)
    write_manifest(
        folder,
        period=run.period,
        run=its_folder.name if its_folder else "",
        catalogue=read_json(folder / "ingest.json"),
        status=status,
        code=run.code,
        parameters={"period": request.period, "raw": run.raw, "role": request.role, **run.plan.parameters},
        seconds=run.seconds,
        started=run.started,
        finished=dt.datetime.now(dt.UTC),
        verdicts=published.verdicts,
        warnings=published.warnings,
        notebooks=run.steps.notebooks,
        publication_key=run.steps.publication_key(run.period, run.code) if run.steps.all_stand() else "",
    )
    target = run.reports / run.name
    run.log.event("report made", period=run.period, status=status.kind, decision="put in place")
    run.log.close()
    write_checksums(folder)
    run.staging.move_to(target)
    return finished_report(target, read_json(target / MANIFEST))


def list_report(run: CurrentRun) -> None:
    """Write the front page anew, and remove what an earlier failed run of this period left: it is of no more use."""
    with storage_errors(run.reports):
        pages_beside.write_front(run.reports)
        shutil.rmtree(run.reports / FAILED / run.name, ignore_errors=True)
        with contextlib.suppress(OSError):
            (run.reports / FAILED).rmdir()


def _require_final(run: CurrentRun, status: ReleaseStatus) -> None:
    if run.plan.request.strict and status.kind != "final":
        changed = run.code.changed or ()
        named = f" Not committed: {first_few(changed, _NAMED)}." if changed else ""
        raise PageError(
            f"The report {run.period} is a draft, and a strict run makes final reports only.",
            " ".join(status.reasons) + named,
            "Correct what is named (real extracts, a committed working tree), or run without --strict for a draft.",
        )
