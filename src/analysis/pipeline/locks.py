"""Locks between runs, by ``filelock``: the operating system lets go of the lock of a killed process.

Nobody has to guess whether a lock file is stale. Where a share has no such locks (some network shares), a marker file
with the holder's process number stands in; ``filelock`` removes one whose process is gone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import Self

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

# Such work takes milliseconds; a minute is beyond any slow disk.
_PATIENCE_SECONDS = 60.0
# What a share without locks answers.
_NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP}
# Behind the name of a lock, on a share without locks: a file of its own, since the attempt to lock leaves the other.
MARKER = "-held"


class LockHeldError(Exception):
    """Another process holds the lock; ``pid`` is its number as it wrote it, or empty."""

    def __init__(self, pid: str) -> None:
        super().__init__(pid)
        self.pid = pid


class Lock:
    """Hold ``path`` locked from creation until :meth:`release`; the file goes with it.

    Parameters
    ----------
    path
        The lock file.
    wait_seconds
        How long to wait for another holder.

    Raises
    ------
    LockHeldError
        When another process holds it.
    OSError
        When the file cannot be made.
    """

    def __init__(self, path: Path, *, wait_seconds: float = 0.0) -> None:
        self.path = path
        self._lock = _acquired(path, wait_seconds)
        if not isinstance(self._lock, SoftFileLock):  # a marker has its holder's number already
            with contextlib.suppress(OSError):  # the number is for a message only; a full disk does not undo the lock
                path.write_text(f"{os.getpid()}\n", encoding="ascii")

    def release(self) -> None:
        """Remove the file and let go. A second time does nothing."""
        if not self._lock.is_locked:
            return
        # Removed while it is held: whoever waits for it sees that its file has gone, and tries again.
        if sys.platform != "win32" and not isinstance(self._lock, SoftFileLock):
            self.path.unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _acquired(path: Path, wait_seconds: float) -> BaseFileLock:
    lock: BaseFileLock = FileLock(path, timeout=wait_seconds, fallback_to_soft=False)
    try:
        try:
            lock.acquire()
        except OSError as error:
            if isinstance(error, Timeout) or error.errno not in _NO_LOCKS:
                raise
            path.unlink(missing_ok=True)  # left by the attempt, and no lock of anybody's
            lock = SoftFileLock(path.with_name(path.name + MARKER), timeout=wait_seconds)
            lock.acquire()
    except Timeout as held:
        raise LockHeldError(_holder(Path(held.lock_file))) from None
    return lock


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").partition("\n")[0].strip()
    except OSError:  # gone meanwhile, or not to be read while it is held (Windows)
        return ""


def waiting_lock(path: Path) -> Lock:
    """Take the lock on ``path``, waiting while another process holds it for its short work.

    Raises
    ------
    LockHeldError
        When it is still held after a minute.
    """
    return Lock(path, wait_seconds=_PATIENCE_SECONDS)
