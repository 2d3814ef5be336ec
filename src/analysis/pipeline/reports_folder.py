"""The reports folder: staging beside the reports, and moves that leave a whole report at its address at every instant.

Everything that is not a report begins with a dot: ``.making-…`` is a run's staging folder (after the exchange, the
report that was replaced), ``.lock-…`` a lock, ``.new-…`` a page that is being written. ``.old-…`` is a report that
stepped aside, where two folders cannot be exchanged in one step. All lie beside the reports because a rename is atomic
on one file system alone.
"""

from __future__ import annotations

import contextlib
import errno
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import NotebookError, UsageError, UserError
from analysis.folders import NEW, write_whole
from analysis.formats import MANIFEST
from analysis.pipeline.exchange import exchange
from analysis.pipeline.json_files import UNREADABLE, read_json
from analysis.pipeline.locks import MARKER, Lock, LockHeldError, waiting_lock

MAKING, OLD, LOCK = ".making-", ".old-", ".lock-"
FAILED = "failed"
FRONT_LOCK = f"{LOCK}front"
LATEST = "latest"  # stands for the period until ingest has found which census is the latest
_NOT_WRITABLE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR),
    *(errno.EEXIST, errno.ENOENT, errno.ENAMETOOLONG),
}
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Staging:
    """A new folder in which one run works; locked while the run lives, so that a leftover can be told."""

    def __init__(self, reports: Path, period: str) -> None:
        name = f"{MAKING}{period or LATEST}-{secrets.token_hex(4)}"
        # Beside the folder, not in it: it is held until the folder has become the report.
        self._lock = Lock(reports / f"{LOCK}{name}")
        self.folder = reports / name
        try:
            self.folder.mkdir()
        except OSError:
            self._lock.release()
            raise

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
                "Files put aside for a report are deleted later, and a file that no run made must not be lost.",
                "Move the file away, or give another REPORTS folder.",
            )
        replace(self.folder, target)
        self._lock.release()

    def remove(self) -> None:
        """Remove the folder and what is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()


def replace(new: Path, target: Path) -> None:
    """Move the folder ``new`` to ``target``; an earlier one there is removed.

    The two are exchanged in one step where the system can do that, so that ``target`` is a whole report at every
    instant, whenever the run is killed. Where it cannot, the earlier one steps aside first, for the moment between two
    renames; :func:`recover` brings it back when the run was killed in that moment.
    """
    target.parent.mkdir(exist_ok=True)
    if target.exists():
        if exchange(new, target):
            shutil.rmtree(new, ignore_errors=True)
            return
        reports = target.parent.parent if target.parent.name == FAILED else target.parent
        kind = "failed-" if target.parent.name == FAILED else ""
        aside = reports / f"{OLD}{kind}{target.name}-{secrets.token_hex(4)}"
        target.rename(aside)
        new.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
        return
    new.rename(target)


def recover(reports: Path) -> None:
    """Clean up after killed runs: bring back a report that had stepped aside, remove what no living run holds."""
    for aside in reports.glob(f"{OLD}*"):
        name = aside.name.removeprefix(OLD).rpartition("-")[0]
        target = reports / FAILED / name.removeprefix("failed-") if name.startswith("failed-") else reports / name
        # A live run of that period may be between its two renames: then it is not ours to touch.
        with contextlib.suppress(LockHeldError, OSError), Lock(reports / f"{LOCK}{name.removeprefix('failed-')}"):
            if target.exists():
                shutil.rmtree(aside, ignore_errors=True)
            else:
                target.parent.mkdir(exist_ok=True)
                aside.rename(target)
    for staging in reports.glob(f"{MAKING}*"):
        with contextlib.suppress(LockHeldError, OSError), Lock(reports / f"{LOCK}{staging.name}"):
            shutil.rmtree(staging)
    # Pages are written under the lock of the front page: with it in hand, what is there is a killed run's.
    with contextlib.suppress(LockHeldError, OSError), Lock(reports / FRONT_LOCK):
        for page in reports.glob(f"{NEW}*"):
            page.unlink()
    for lock in reports.glob(f"{LOCK}*"):
        with contextlib.suppress(LockHeldError, OSError):
            Lock(lock.with_name(lock.name.removesuffix(MARKER))).release()


def write_page(path: Path, text: str) -> None:
    """Write a page of the reports folder whole or not at all. The lock of the front page is held by the caller."""
    write_whole(path, text)


def front_lock(reports: Path) -> Lock:
    """The lock under which pages of the reports folder itself are written: one run at a time."""
    return waiting_lock(reports / FRONT_LOCK)


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


class PublishedReportError(UsageError):
    """Synthetic data would take the place of a report of published ones: nothing of it is worth keeping."""


def require_not_published(report: Path) -> None:
    """Let a report of synthetic data take no other's place than that of another one.

    Raises
    ------
    PublishedReportError
        When ``report`` is the folder of a report of published data.
    """
    with contextlib.suppress(*UNREADABLE):  # of a report that is damaged nothing is known
        if read_json(report / MANIFEST).get("synthetic") is False:
            raise PublishedReportError(
                f"The report {report.name} in {report.parent.name}/ shows published figures. This one would take its "
                "place with synthetic data.",
                "The sample is used when RAW is not given and the project's own data/raw is empty.",
                f"Give the folder of the extracts (RAW=DIR), or move {report.parent.name}/{report.name} away.",
            )


@contextlib.contextmanager
def period_lock(reports: Path, period: str) -> Iterator[None]:
    """Hold the period in ``reports`` for this run.

    Raises
    ------
    BusyError
        When another run is making the same report.
    """
    try:
        with storage_errors(reports):
            lock = Lock(reports / f"{LOCK}{period}")
    except LockHeldError as held:
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
