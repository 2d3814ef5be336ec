"""A lock that dies with its process: who holds it is alive, whatever numbers processes have.

The operating system releases the lock of a killed process, so there is no stale lock to guess about; the process
number in the file is for the message only.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Self

# Windows locks bytes, and a locked byte cannot be read by others: lock one far behind the process number.
_FAR = 1 << 30
# Such work takes milliseconds; a minute is beyond any slow disk.
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.05


class Held(Exception):  # noqa: N818 - a state of the lock, not an error of the program
    """Another process holds the lock; ``pid`` is its number as it wrote it, or empty."""

    def __init__(self, pid: str) -> None:
        super().__init__(pid)
        self.pid = pid


class Lock:
    """Hold ``path`` locked from creation until :meth:`release`; the file goes with it.

    Raises
    ------
    Held
        When another process holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._released = False
        while True:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _lock(self._descriptor)
            except OSError:
                pid = os.read(self._descriptor, 32).decode(errors="replace").strip()
                os.close(self._descriptor)
                raise Held(pid) from None
            # The last holder may have removed the file between our opening and our locking it: then try again.
            if _is_same_file(self._descriptor, path):
                break
            os.close(self._descriptor)
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Remove the file and let go. A second time does nothing: its descriptor may be another file's by then."""
        if self._released:
            return
        self._released = True
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(self._descriptor)
            self.path.unlink(missing_ok=True)
        else:
            self.path.unlink(missing_ok=True)
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def waiting_lock(path: Path) -> Lock:
    """Take the lock on ``path``, waiting while another process holds it for its short work.

    Raises
    ------
    Held
        When it is still held after :data:`_PATIENCE_SECONDS`.
    """
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return Lock(path)
        except Held:
            if time.monotonic() > give_up:
                raise
            time.sleep(_PAUSE_SECONDS)


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
