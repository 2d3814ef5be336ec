"""The reports folder: staging beside the reports, and moves that leave a whole report or none.

Everything that is not a report begins with a dot: ``.making-…`` is a run's staging folder, ``.old-…`` the report that
a new one is replacing, ``.lock-…`` a lock. All lie beside the reports because a rename is atomic on one file system
alone.
"""

from __future__ import annotations

import contextlib
import errno
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import NotebookError, UsageError, UserError
from analysis.pipeline.locks import Held, Lock

MAKING, OLD, LOCK = ".making-", ".old-", ".lock-"
FAILED = "failed"
LATEST = "latest"  # stands for the period until ingest has found which census is the latest
_NOT_WRITABLE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR),
    *(errno.EEXIST, errno.ENOENT, errno.ENAMETOOLONG),
}
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Staging:
    """A new folder in which one run works; locked while the run lives, so that a leftover can be told."""

    def __init__(self, reports: Path, period: str) -> None:
        self.folder = reports / f"{MAKING}{period or LATEST}-{secrets.token_hex(4)}"
        self.folder.mkdir()
        self._lock = Lock(self.folder / LOCK)

    def move_to(self, target: Path) -> None:
        """Make the folder the report ``target``, in the place of an earlier one.

        Raises
        ------
        UsageError
            When something that is not a folder has the name: it is somebody's, and not put aside.
        """
        if target.exists() and not target.is_dir():
            raise UsageError(
                f"{target.name} in {target.parent.name}/ is a file, and the report would take its place.",
                "What is put aside for a report is removed; a file that no run made must not be lost.",
                "Move the file away, or give another REPORTS folder.",
            )
        self._lock.release()
        replace(self.folder, target)

    def remove(self) -> None:
        """Remove the folder and what is in it."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def replace(new: Path, target: Path) -> None:
    """Move the folder ``new`` to ``target``. An earlier one steps aside first: :func:`recover` brings it back."""
    reports = target.parent.parent if target.parent.name == FAILED else target.parent
    target.parent.mkdir(exist_ok=True)
    aside = reports / f"{OLD}{'failed-' if target.parent.name == FAILED else ''}{target.name}-{secrets.token_hex(4)}"
    if target.exists():
        target.rename(aside)
    new.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def recover(reports: Path) -> None:
    """Clean up after killed runs: bring back a report that had stepped aside, remove dead staging folders."""
    for aside in reports.glob(f"{OLD}*"):
        name = aside.name.removeprefix(OLD).rpartition("-")[0]
        failed = name.startswith("failed-")
        name = name.removeprefix("failed-")
        target = reports / FAILED / name if failed else reports / name
        # A live run of that period may be between its two renames: then it is not ours to touch.
        with contextlib.suppress(Held), Lock(reports / f"{LOCK}{name}"):
            if target.exists():
                shutil.rmtree(aside, ignore_errors=True)
            else:
                aside.rename(target)
    for staging in reports.glob(f"{MAKING}*"):
        with contextlib.suppress(Held, OSError):
            Lock(staging / LOCK).release()
            shutil.rmtree(staging)


def open_reports(folder: Path) -> None:
    """Make the reports folder when it is missing, and put right what killed runs left in it.

    Raises
    ------
    UsageError
        When it is a file or cannot be written to.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f"{MAKING}{secrets.token_hex(4)}"
        probe.mkdir()
        probe.rmdir()
        recover(folder)


class BusyError(UsageError):
    """Another run is making the same report: nothing of this one is worth keeping."""


@contextlib.contextmanager
def period_lock(reports: Path, period: str) -> Iterator[None]:
    """Hold the period in ``reports`` for this run.

    Raises
    ------
    BusyError
        When another run is making the same report.
    """
    try:
        lock = Lock(reports / f"{LOCK}{period}")
    except Held as held:
        by = f" (process {held.pid})" if held.pid else ""
        raise BusyError(
            f"The report {period} in {reports.name}/ is being made by another run{by}.",
            "Two runs of one report at once would overwrite each other; nothing was changed.",
            "Wait until that run has ended, or give this one another REPORTS folder.",
        ) from None
    with lock:
        yield


@contextlib.contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Tell a full disk (exit code 5) or a folder that cannot be written to (exit code 2) in three sentences."""
    try:
        yield
    except OSError as fault:
        error = storage_error(fault, folder)
        if error is None:
            raise
        raise error from fault


def storage_error(fault: OSError, folder: Path) -> UserError | None:
    """The user error for ``fault`` when the disk or its permissions are to blame, else ``None``."""
    if fault.errno in _FULL:
        return NotebookError(
            f"There is no space left to write to {folder.name}/.",
            "A report that cannot be written whole is not put in place; earlier reports are as they were.",
            "Free some space (a report with its notebooks takes some 10 MB), or give another REPORTS folder.",
        )
    if fault.errno in _NOT_WRITABLE:
        return UsageError(
            f"REPORTS {folder.name!r} cannot be written to ({fault.strerror}).",
            "The report, its tables and its notebooks are put into that folder.",
            "Give a folder that you may write to, for example REPORTS=reports.",
        )
    return None
