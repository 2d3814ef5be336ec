"""Make the pages of a batch of areas, in whatever process or machine this runs.

A batch is handed over whole: it needs the package and the folders that it names, and nothing of the process that made
it. Each page is written into the staging folder with a record beside it, which tells whoever waits that it is done. So
a batch that is begun again after its worker was killed makes only the pages that are missing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import NotebookError, UserError
from analysis.facts.fact import Facts
from analysis.folders import write_whole
from analysis.markup.prose import Prose, dated
from analysis.periods import month_label
from analysis.pipeline.json_files import read_json
from analysis.pipeline.kernels import kernel_surroundings, report_kernels
from analysis.pipeline.manifest import NAME as MANIFEST
from analysis.pipeline.titles import title_of
from analysis.profiles.area_kernel import AreaKernel
from analysis.profiles.areas import Area
from analysis.profiles.notebook import NAME, ProfileNotebook
from analysis.publish.context import PageContext, Status
from analysis.publish.profile_page import LINKS, page_name, render_profile
from analysis.runs.folder import RunFolder
from analysis.runs.store import PARTS
from analysis.runs.stored_facts import facts_in

STOP = "stop"
_RECORDS = "records"


@dataclass(frozen=True)
class Batch:
    """Areas whose pages are made one after the other.

    Parameters
    ----------
    report, staging
        The folder of the report, and the one that pages are written into; full paths.
    project
        The folder of the project, in which the cells work; where there is none here, the package alone serves.
    run
        The name of the report's run: the notebook refuses to show figures of another.
    notebook
        What is run.
    parameters
        Those of the notebook but for its area and its folder.
    areas
        The areas.
    generator
        Name and version of the program, as pages show it.
    cell_timeout
        Seconds that one cell may take.
    """

    report: str
    staging: str
    project: str
    run: str
    notebook: ProfileNotebook = field(repr=False)
    parameters: dict[str, str]
    areas: tuple[Area, ...]
    generator: str
    cell_timeout: int


class Cause(NamedTuple):
    """Why an area has no page: the name of the class of the error, and its three parts."""

    kind: str
    what: str
    why: str
    fix: str

    @classmethod
    def of(cls, error: UserError) -> Cause:
        """The cause that an error tells."""
        return cls(type(error).__name__, error.what, error.why, error.fix)


@dataclass(frozen=True)
class Outcome:
    """What became of an area: its page, or the error in the place of one."""

    area: Area
    seconds: float
    digest: str = ""
    error: Cause | None = None


def make_pages(batch: Batch) -> None:
    """Make the pages of a batch; what becomes of each area is told by its record.

    Raises
    ------
    UserError
        What all pages need cannot be had: a folder for temporary files, the results of the report, a shared cell.
    """
    staging, report = Path(batch.staging), Path(batch.report)
    if not _is_wanted(staging) or all(record_of(staging, area) for area in batch.areas):
        return
    # One kernel serves all areas.
    with kernel_surroundings(fork=False) as around, report_kernels(around) as kernels:
        own = _copy_run(report, kernels.home / "run", batch.run)
        project = Path(batch.project)
        context = _context(report, batch)
        with AreaKernel(
            batch.notebook,
            {**batch.parameters, "results": str(own)},
            kernels=kernels,
            cwd=project if project.is_dir() else kernels.home,
            timeout=batch.cell_timeout,
        ) as kernel:
            kernel.start(batch.areas[0].code)
            for area in batch.areas:
                if not _is_wanted(staging):
                    return
                if record_of(staging, area) is None:
                    _make_page(area, kernel, context, staging)


def _is_wanted(staging: Path) -> bool:
    """Whether somebody still waits for the pages: the folder is there, and nobody has asked to stop."""
    return staging.is_dir() and not (staging / STOP).exists()


def _make_page(area: Area, kernel: AreaKernel, context: Mapping[str, Any], staging: Path) -> None:
    begun = time.perf_counter()
    try:
        executed = kernel.run(area.code)
        page = render_profile(executed, NAME, _context_of(area, context))
    except UserError as error:
        outcome = Outcome(area, time.perf_counter() - begun, error=Cause.of(error))
    else:
        content = page.encode("utf-8")
        write_whole(staging / page_name(area.code), content)
        outcome = Outcome(area, time.perf_counter() - begun, digest=hashlib.sha256(content).hexdigest())
    _write_record(staging, outcome)


def _context(report: Path, batch: Batch) -> dict[str, Any]:
    """What the pages of a report have in common."""
    manifest = read_json(report / MANIFEST)
    reasons = tuple(Prose(dated(reason)) for reason in manifest["status_reasons"])
    return {
        "role": batch.parameters["role"],
        "period": batch.parameters["period"],
        "synthetic": bool(manifest["synthetic"]),
        "status": Status(manifest["status"], reasons),
        "facts": facts_in(report),
        "generator": batch.generator,
    }


def _context_of(area: Area, shared: Mapping[str, Any]) -> PageContext:
    role = title_of(shared["role"]).removesuffix(" in England")
    return PageContext(
        title=f"{role}: {area.name}",
        name=area.name,
        description="Full-time equivalents, people, rates and coverage of one area, beside England.",
        period=shared["period"],
        period_label=month_label(shared["period"]),
        synthetic=shared["synthetic"],
        status=shared["status"],
        # Each page has its own: facts that an analyst's cell makes are of one area.
        facts=Facts(shared["facts"].made.values(), shared["facts"].lookup),
        generator=shared["generator"],
        links=LINKS,
    )


def _copy_run(report: Path, folder: Path, run: str) -> Path:
    """The results of the report as a run folder of this process: the notebook opens it, and writes its record there."""
    try:
        folder.mkdir()
        for part in PARTS:
            copy = shutil.copytree if (report / part).is_dir() else shutil.copyfile
            copy(report / part, folder / part)
    except OSError as fault:
        raise NotebookError(
            f"The results of {report.name}/ cannot be read here ({fault.strerror}).",
            "Each worker reads them from the folder of the reports, which all of them share.",
            "Give REPORTS by a path under which every worker has that folder.",
        ) from fault
    opened = RunFolder.given(folder, run)
    opened.record(*PARTS)
    return folder


# ---- pages and records in the staging folder -------------------------------------------------------------------------


def record_of(staging: Path, area: Area) -> Outcome | None:
    """What became of an area; ``None`` while nothing has."""
    try:
        record = json.loads(_record_path(staging, area).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    error = Cause(*record["error"]) if record["error"] else None
    return Outcome(area, float(record["seconds"]), str(record["digest"]), error)


def recorded(staging: Path, areas: Iterable[Area]) -> list[Area]:
    """Those of the areas that have a record, by one look into the folder: there may be a thousand areas."""
    there = {path.name for path in (staging / _RECORDS).glob("*.json")}
    return [area for area in areas if _record_path(staging, area).name in there]


def forget_records(staging: Path) -> None:
    """Take the records out of a staging folder whose pages are all made."""
    shutil.rmtree(staging / _RECORDS, ignore_errors=True)
    (staging / STOP).unlink(missing_ok=True)


def _write_record(staging: Path, outcome: Outcome) -> None:
    record = {"seconds": outcome.seconds, "digest": outcome.digest, "error": outcome.error}
    path = _record_path(staging, outcome.area)
    path.parent.mkdir(exist_ok=True)
    write_whole(path, json.dumps(record))


def _record_path(staging: Path, area: Area) -> Path:
    return staging / _RECORDS / f"{page_name(area.code)}.json"
