"""The project itself: its registers and notebooks, and what git says of its code."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from analysis.doctor.findings import Finding, ok, warning
from analysis.errors import first_few
from analysis.pipeline.plan import plan
from analysis.pipeline.provenance import code_version
from analysis.pipeline.request import Request
from analysis.pipeline.text_cells import check_texts
from analysis.settings import project_root

_NAMED = 5


def check_project(request: Request) -> Iterator[Finding]:
    """Registers, notebooks, parameters and texts: what every run checks; a fault is raised."""
    planned = plan(request)
    check_texts([notebook.path for notebook in planned.notebooks], planned.roles)
    yield ok("project", f"The registers pass their checks, and there are {len(planned.notebooks)} notebooks to run.")


def check_git(request: Request) -> Iterator[Finding]:
    """Whether the version of the code can be told; without it a report is a draft."""
    code = code_version(project_root(), request.reports)
    draft = "Reports will be drafts."
    if code.changed:
        yield warning(
            "git",
            f"Changes are not committed: {first_few(code.changed, _NAMED)}. {draft}",
            "Look at them with `git diff`, and commit them or take them back.",
        )
    elif code.reason:
        yield warning("git", f"{code.reason} {draft}", "Give the command in the project's own clone, as its owner.")
    elif shutil.which("git") is None:
        yield warning("git", f"There is no program named git. {draft}", "Install git.")
    elif code.changed is None:
        yield warning("git", f"The project is not a clone. {draft}", "For a final report, clone the project with git.")
    else:
        yield ok("git", f"{code.text}; nothing is left to commit.")
