"""The steps of a report: what each depends on, which of them are done already, and whether the whole report is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import UserError
from analysis.formats import MANIFEST
from analysis.periods import parse_census
from analysis.pipeline.checksums import checksums_of, read_checksums
from analysis.pipeline.finished_report import FinishedReport, finished_report
from analysis.pipeline.json_files import UNREADABLE, read_json
from analysis.pipeline.lookup import all_reports, report_name
from analysis.pipeline.provenance import CodeVersion, code_version
from analysis.pipeline.request import Request, processed_as_given
from analysis.pipeline.step_inputs import (
    Inputs,
    digest_of,
    earlier_report_inputs,
    file_digest,
    notebook_files,
    notebook_inputs,
    notebooks_folder,
    shared_inputs,
    step_paths,
)
from analysis.pipeline.step_store import StepEntry, StepStore
from analysis.settings import project_root, provided, resolve

PUBLISH = "publish"
_METHODOLOGY = "docs/methodology.md"
_LISTED = re.compile(r'href="([^"/]+)/index\.html"')


@dataclass
class Steps:
    """The steps of one request, from the first to the last; each is taken with the results of those before it.

    ``notebooks`` are the digests of the whole files, text included, when the request was made.
    """

    request: Request
    shared: Inputs | None
    paths: list[Path]
    notebooks: Inputs
    store: StepStore
    results: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request) -> Steps:
        """The steps of ``request``.

        Raises
        ------
        UserError
            There is nothing to ingest, or no project.
        """
        store = StepStore(resolve(processed_as_given(request)))
        paths = step_paths(notebooks_folder(request))
        return cls(request, shared_inputs(request), paths, notebook_files(paths), store)

    def inputs(self, name: str, period: str) -> Inputs:
        """All that the step ``name`` depends on, once the steps before it are done; ``period`` may not be known yet."""
        names = [path.stem for path in self.paths]
        until = self.paths[: names.index(name) + 1]
        earlier = earlier_report_inputs(self.request, period) if period else {}
        before = {f"the results of {step}": digest for step, digest in self.results.items()}
        return {**notebook_inputs(until), **before, **(self.shared or {}), **earlier}

    def find(self, name: str, period: str) -> StepEntry | None:
        """The step ``name`` as it was done before, if nothing that it depends on has changed."""
        return self.stored(name, self.inputs(name, period))

    def stored(self, name: str, inputs: Inputs) -> StepEntry | None:
        """The step ``name`` as it was done before with these inputs, unless every step was asked for."""
        if self.shared is None or self.request.fresh:
            return None
        return self.store.find(name, inputs)

    def stand(self, shared: Inputs | None) -> bool:
        """Whether the inputs are still ``shared``: a file may change while it is read."""
        return shared is not None and shared_inputs(self.request) == shared

    def all_stand(self) -> bool:
        """Whether everything is still as it was when the steps were begun; else the report has no key."""
        return self.stand(self.shared) and notebook_files(self.paths) == self.notebooks

    def take(self, name: str, results: str) -> None:
        """Note the digest of what a step has given."""
        self.results[name] = results

    def publication_key(self, period: str, code: CodeVersion) -> str:
        """The digest of all that the published report depends on, as it was when the steps were begun."""
        inputs = {**self.inputs(self.paths[-1].stem, period), **self.notebooks}
        version = {"code": code.text, "changed": repr(code.changed), "reason": code.reason}
        methodology = file_digest(provided(_METHODOLOGY))
        return digest_of(f"{name} {digest}" for name, digest in sorted({**inputs, **version, "": methodology}.items()))


@dataclass(frozen=True)
class StepPlan:
    """What a run would do about one step: nothing, or run it for a reason; ``seconds`` is the time it took last."""

    name: str
    runs: bool
    reason: str
    seconds: float | None


def plan_steps(request: Request) -> tuple[list[StepPlan], FinishedReport | None]:
    """What a run of ``request`` would do, step by step, and the report in place if it would do nothing.

    Raises
    ------
    UserError
        The period is no census month, there is nothing to ingest, or no project.
    """
    period = parse_census(request.period) if request.period else ""
    steps = Steps.of(request)
    times = _times(request)
    plans: list[StepPlan] = []
    for path in steps.paths:
        name = path.stem
        first = next((plan.name for plan in plans if plan.runs), "")
        latest = steps.store.latest(name)
        seconds = latest.seconds if latest else times.get(name)
        if first:
            plans.append(StepPlan(name, runs=True, reason=f"{first} may give other results", seconds=seconds))
        elif entry := steps.find(name, period):
            steps.take(name, entry.results)
            period = period or entry.period
            plans.append(StepPlan(name, runs=False, reason="", seconds=seconds))
        else:
            plans.append(StepPlan(name, runs=True, reason=_why(steps, name, period), seconds=seconds))
    runs = any(plan.runs for plan in plans)
    report, why = None, "the notebooks run"
    if not runs:
        report, why = _report_in_place(steps, period)
    plans.append(StepPlan(PUBLISH, runs=report is None, reason=why, seconds=times.get(PUBLISH)))
    return plans, report


def report_in_place(request: Request) -> FinishedReport | None:
    """The report that ``request`` asks for, when it is in place and nothing it depends on has changed."""
    return report_or_notebooks(request)[0]


def report_or_notebooks(request: Request) -> tuple[FinishedReport | None, bool]:
    """As :func:`report_in_place`, and whether a notebook has to be run."""
    if request.fresh:
        return None, True
    try:
        plans, report = plan_steps(request)
    except (UserError, *UNREADABLE):  # what is wrong is told by the run, in its own words
        return None, True
    return report, any(plan.runs for plan in plans if plan.name != PUBLISH)


def _why(steps: Steps, name: str, period: str) -> str:
    if steps.request.fresh:
        return "every step was asked for"
    if steps.shared is None:
        return "the synthetic sample has to be made first"
    return steps.store.why_not(name, steps.inputs(name, period))


def _report_in_place(steps: Steps, period: str) -> tuple[FinishedReport | None, str]:
    """The report of the period, or why it has to be published again."""
    request = steps.request
    folder = request.reports / report_name(period, request.role)
    try:
        manifest = read_json(folder / MANIFEST)
        code = code_version(project_root(), request.reports)
        reasons = {
            "the report is not in its place": not manifest,
            **{f"the text of {name} changed": True for name in _changed_texts(steps.notebooks, manifest)},
            "its commit or the methodology changed, or it was made from something else": (
                manifest.get("publication_key") != steps.publication_key(period, code)
            ),
            "a final report is asked for": request.strict and manifest.get("status") != "final",
            "the list of reports is not up to date": not _is_listed(request.reports),
            "the report in place is not as it was made": (
                bool(manifest) and checksums_of(folder) != read_checksums(folder)
            ),
        }
        why = next((reason for reason, holds in reasons.items() if holds), "")
        return (None if why else finished_report(folder, manifest)), why
    except (UserError, *UNREADABLE):
        return None, "the report in place cannot be read"


def _changed_texts(notebooks: Inputs, manifest: Mapping[str, Any]) -> list[str]:
    """The notebooks that are not as the manifest of the report has them. All steps stand, so it is their text."""
    made_from = manifest.get("notebooks", {})
    return [name for name, digest in notebooks.items() if made_from.get(name, digest) != digest]


def _is_listed(reports: Path) -> bool:
    """Whether the front page lists the reports that there are, as they are, with the methodology beside it."""
    front = reports / "index.html"
    if not front.is_file():
        return False
    made = all_reports(reports)
    manifests = [reports / name / MANIFEST for name in made]
    return (
        (reports / "methodology.html").is_file()
        and set(_LISTED.findall(front.read_text(encoding="utf-8"))) == set(made)
        and all(path.stat().st_mtime_ns <= front.stat().st_mtime_ns for path in manifests)
        and not (reports / "failed" / made[-1]).exists()
    )


def _times(request: Request) -> Mapping[str, float]:
    """How long each step took last, from the logs of the reports that there are."""
    times: dict[str, float] = {}
    logs = sorted(request.reports.glob("*/log.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    for log in logs:
        for line in log.read_text(encoding="utf-8").splitlines():
            try:
                event = json.loads(line)
                if event.get("event") == "step ended":
                    times[str(event["step"])] = float(event["seconds"])
            except UNREADABLE:  # a line half written
                continue
    return times
