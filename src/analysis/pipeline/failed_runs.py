"""What is kept of a failed run: the executed notebooks, the validation, and one page that tells what to do."""

from __future__ import annotations

import contextlib
import shlex
import shutil
from pathlib import Path, PurePosixPath

from analysis.errors import UserError
from analysis.pipeline import publication
from analysis.pipeline.executed_notebooks import tidy_notebook
from analysis.pipeline.execution import StepFailedError
from analysis.pipeline.failure import Failure
from analysis.pipeline.plan import Plan, from_root
from analysis.pipeline.reports_folder import FAILED, LATEST, Staging

PAGE = "failure.html"
READY = "ready"
_OPEN = "analysis lab --failed"


def keep_failed(
    staging: Staging, failed: StepFailedError, *, reports: Path, period: str, raw: str, planned: Plan
) -> UserError:
    """Keep what a failed run made under ``REPORTS/failed/<period>``, in the place of an earlier failure.

    Returns the error to raise: the one that stopped the run, with the place of the kept page in its mend.
    """
    error = failed.error
    target = reports / FAILED / (period or LATEST)
    failure = Failure(
        period=period,
        notebook=failed.notebook,
        cell_number=failed.cell_number,
        cell_source=failed.cell_source,
        parameters={"period": period, "raw": shown(raw), **planned.parameters},
        kind=error.kind,
        what=error.what,
        why=error.why,
        mend=error.mend,
        traceback_tail=failed.traceback_tail,
    )
    # A full disk may refuse the page or the move; the error that stopped the run is the one to tell.
    try:
        places = {str(staging.folder.resolve()): from_root(target), from_root(staging.folder): from_root(target)}
        # What was made ready to be published speaks of the published report; the executed notebooks are kept instead.
        shutil.rmtree(staging.folder / READY, ignore_errors=True)
        for notebook in sorted((staging.folder / "notebooks").glob("*.ipynb")):
            with contextlib.suppress(UserError, ValueError):  # half-written when the disk was full
                tidy_notebook(notebook, notebook, places)
        publication.write_failure(staging.folder, failure)
        staging.move_to(target)
    except OSError:
        staging.remove()
        return error
    kept = f"What was made is kept: open {(target / PAGE).as_posix()}."
    mend = error.mend.replace(_OPEN, f"{_OPEN} --reports {shlex.quote(reports.as_posix())}")
    return type(error)(error.what, error.why, f"{mend} {kept}")


def shown(path: str) -> str:
    """A folder as a page may show it: a full path is of this machine alone, so only its last part."""
    return f"…/{PurePosixPath(path).name}" if Path(path).is_absolute() else path


def without_mention(path: str) -> dict[str, str]:
    """For :func:`tidy_notebook`: put :func:`shown` in the place of a full path."""
    return {path: shown(path)} if Path(path).is_absolute() else {}
