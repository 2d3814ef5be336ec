"""Verify a report: it has the bytes it was made with, and the same inputs and code give the same bytes again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import formats
from analysis.columns import DEFAULT_ROLE
from analysis.errors import PageError, UsageError, first_few
from analysis.pipeline.bill_of_materials import NAME as BILL_OF_MATERIALS
from analysis.pipeline.checksums import NAME as CHECKSUMS
from analysis.pipeline.checksums import PROFILES, Difference, differences, read_checksums
from analysis.pipeline.checksums import checksums_of as found_in
from analysis.pipeline.json_files import UNREADABLE, read_json
from analysis.pipeline.lookup import made_reports, report_name
from analysis.pipeline.make_report import make_report
from analysis.pipeline.manifest import NAME as MANIFEST
from analysis.pipeline.profile_folders import changed_pages
from analysis.pipeline.request import Request
from analysis.pipeline.run_log import NAME as LOG
from analysis.settings import project_root

# What may differ between two runs: the first two hold times, and the first and the last say what made the report.
NOT_COMPARED = (MANIFEST, LOG, BILL_OF_MATERIALS)
_NAMED = 10  # files in a message: a screenful with their reasons


@dataclass(frozen=True)
class Verification:
    """A report that passed: how many files were compared, and whether it was made again."""

    folder: Path
    files: int
    again: bool


def verify(folder: Path, *, again: bool = False, raw: Path | None = None, tell: Callable[[str], None]) -> Verification:
    """Check the report in ``folder`` against its checksums; with ``again`` make it anew and compare the bytes.

    Parameters
    ----------
    folder
        The folder of the report.
    again
        Make the report again, in a temporary folder, from the inputs that its manifest names.
    raw
        Where the extracts are now; by default where they were.
    tell
        Is given a line for each step of making it again.

    Raises
    ------
    PageError
        A file differs, is missing or was added; the message says which, and for ``again`` what may be the reason.
    UsageError
        There are no checksums, or no manifest.
    """
    recorded = read_checksums(folder)
    found = found_in(folder)
    pages, changed = changed_pages(folder)
    if unlike := [*differences(recorded, found), *changed]:
        raise PageError(
            f"The report in {folder.name}/ is not as it was made: {_listed(unlike)}.",
            f"Its {CHECKSUMS} says which bytes each file had when the report was put in place.",
            "Get the report again from where it was published, or make it again; find out who changed it.",
        )
    if again:
        _compare_again(folder, recorded, raw, tell)
    return Verification(folder, len(recorded) + pages, again)


def _compare_again(folder: Path, recorded: Mapping[str, str], raw: Path | None, tell: Callable[[str], None]) -> None:
    manifest = _manifest(folder)
    with tempfile.TemporaryDirectory(prefix="analysis-verify-") as made:
        reports = Path(made) / "reports"
        _put_earlier_reports(folder, manifest, reports)
        new = make_report(_request(manifest, raw, reports), tell=tell).folder
        before = {name: digest for name, digest in recorded.items() if name not in NOT_COMPARED}
        after = {name: digest for name, digest in found_in(new).items() if name not in NOT_COMPARED}
        unlike = differences(before, after)
        reasons = _reasons(manifest, _manifest(new)) if unlike else []
    if unlike:
        raise PageError(
            f"Made again, the report of {folder.name}/ differs: {_listed(unlike)}.",
            " ".join(reasons) or "Inputs, code and packages are the same, so that something else has an influence.",
            "Put right what is named here (the extracts of that time, `git checkout` of its commit, the packages of "
            "its lock) and verify again.",
        )


def _request(manifest: Mapping[str, Any], raw: Path | None, reports: Path) -> Request:
    parameters = dict(manifest["parameters"])
    where = str(parameters.pop("raw", ""))
    # As it was asked for: the notebooks hold their parameters. A period that was left out is so again, and if RAW has a
    # later census by now, the notebooks differ, and the message says which inputs are new.
    return Request(
        period=str(parameters.pop("period", "")),
        raw=raw if raw is not None else project_root() / where,
        reports=reports,
        role=str(parameters.pop("role", DEFAULT_ROLE)),
        parameters=parameters,
        fresh=True,
    )


def _put_earlier_reports(folder: Path, manifest: Mapping[str, Any], reports: Path) -> None:
    """Put beside the new report what lay beside the old one when it was made: a report tells what changed since."""
    reports.mkdir()
    role = str(manifest["parameters"].get("role", DEFAULT_ROLE))
    for period in made_reports(folder.parent, role):
        earlier = folder.parent / report_name(period, role)
        try:
            was_there = read_json(earlier / MANIFEST)["finished"] <= manifest["started"]
        except (formats.NewerFormatError, *UNREADABLE):
            was_there = True
        if period < str(manifest["period"]) and was_there:
            shutil.copytree(earlier, reports / earlier.name, ignore=shutil.ignore_patterns(PROFILES))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = read_json(folder / MANIFEST)
        needed = {name: manifest[name] for name in ("period", "parameters", "inputs", "started", "code", "environment")}
    except UNREADABLE as error:
        raise UsageError(
            f"{folder.name}/{MANIFEST} is not there, or not one of this project.",
            "It says from which inputs and with which parameters the report was made.",
            "Download the report again, or make it again.",
        ) from error
    return needed


def _reasons(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What may have made the difference, in sentences."""
    reasons = []
    before, after = ({entry["file"]: entry["sha256"] for entry in each["inputs"]} for each in (old, new))
    if unlike := differences(before, after):
        reasons.append(f"Other inputs: {_listed(unlike)}.")
    for manifest, when in ((old, "then"), (new, "now")):
        if manifest["code"].get("changed"):
            reasons.append(f"The code had changes that are not committed ({when}).")
    if old["code"].get("commit") != new["code"].get("commit"):
        commits = [str(each["code"].get("commit") or "unknown")[:10] for each in (old, new)]
        reasons.append(f"Other code: commit {commits[0]} then, {commits[1]} now.")
    packages = [
        {**each["environment"].get("packages", {}), "Python": each["environment"].get("python")} for each in (old, new)
    ]
    changed = [
        f"{name} {packages[0].get(name)} then, {packages[1].get(name)} now"
        for name in sorted({*packages[0], *packages[1]})
        if packages[0].get(name) != packages[1].get(name)
    ]
    if changed:
        reasons.append(f"Other packages: {', '.join(changed[:_NAMED])}.")
    return reasons


def _listed(unlike: Sequence[Difference]) -> str:
    return first_few([f"{each.file} ({each.kind})" for each in unlike], _NAMED)
