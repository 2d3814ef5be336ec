"""What is kept of a failed run: the executed notebooks, the validation, and one page that tells what to do."""

from __future__ import annotations

import contextlib
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from analysis.errors import TextError, UserError
from analysis.pipeline.executed_notebooks import tidy_notebook
from analysis.pipeline.failure import Failure, StepFailedError
from analysis.pipeline.reports_folder import FAILED, LATEST, BusyError, PublishedReportError, storage_errors
from analysis.pipeline.request import from_root
from analysis.pipeline.step_store import READY
from analysis.publish.paths import without_machine_paths

if TYPE_CHECKING:
    from analysis.pipeline.current_run import CurrentRun

PAGE = "failure.html"
_UNFORESEEN = "This was not foreseen; each report that is in place is whole."
_TELL = "Run again with --debug and send what it shows to whoever looks after the project."
_OPEN = "analysis lab --failed"


@contextlib.contextmanager
def keep_failure(run: CurrentRun) -> Iterator[None]:
    """Keep what a run has made under ``REPORTS/failed/<period>`` when it fails; after an interrupt, nothing.

    Raises
    ------
    UserError
        The error that stopped the run, with the place of what is kept in its third part.
    """
    try:
        with storage_errors(run.reports):
            yield
    except StepFailedError as failed:
        raise _keep(run, failed) from failed
    # Wrong use, found out while the first notebook ran: a text is checked beside it, and it says what the report is of.
    except (BusyError, PublishedReportError, TextError):
        run.discard()
        raise
    except UserError as error:
        raise _keep(run, StepFailedError(error, notebook="")) from error
    except Exception as bug:
        unforeseen = UserError(f"A bug in this program: {type(bug).__name__}: {bug}", _UNFORESEEN, _TELL)
        _keep(run, StepFailedError(unforeseen, notebook=""))
        raise
    except BaseException:
        run.discard()
        raise


def _keep(run: CurrentRun, failed: StepFailedError) -> UserError:
    """Keep what was made, in the place of an earlier failure, and return the error to raise."""
    from analysis.pipeline import pages_beside  # noqa: PLC0415 - takes a second, and most runs do not fail

    error, staging, reports, period = failed.error, run.staging, run.reports, run.period
    with contextlib.suppress(OSError):  # on a full disk the error that stopped the run is the one to tell
        run.log.event(
            "run failed",
            step=failed.notebook or None,
            cell=failed.cell_number,
            kind=error.kind,
            exit_code=error.exit_code,
            what=without_machine_paths(error.what),
            decision="no report is put in place; what was made is kept",
        )
    run.log.close()
    target = reports / FAILED / (run.name if period else LATEST)
    failure = Failure(
        period=period,
        notebook=failed.notebook,
        cell_number=failed.cell_number,
        cell_source=failed.cell_source,
        parameters={"period": period, "raw": shown(run.raw), "role": run.plan.request.role, **run.plan.parameters},
        kind=error.kind,
        what=error.what,
        why=error.why,
        fix=error.fix,
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
        pages_beside.write_failure(staging.folder, failure)
        staging.move_to(target)
    except OSError:
        staging.remove()
        return error
    kept = f"What was made is kept: open {(target / PAGE).as_posix()}."
    fix = error.fix.replace(_OPEN, f"{_OPEN} --reports {shlex.quote(reports.as_posix())}")
    return type(error)(error.what, error.why, f"{fix} {kept}")


def shown(path: str) -> str:
    """A folder as a page may show it: a full path is of this machine alone, so only its last part."""
    return f"…/{PurePosixPath(path).name}" if Path(path).is_absolute() else path


def without_mention(path: str) -> dict[str, str]:
    """For :func:`tidy_notebook`: put :func:`shown` in the place of a full path."""
    return {path: shown(path)} if Path(path).is_absolute() else {}
