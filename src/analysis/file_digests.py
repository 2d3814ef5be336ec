"""SHA-256 of files, kept until a file may have changed: a file that nobody wrote to is not read again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path
from typing import NamedTuple

from analysis.folders import write_whole

NAME = "digests.json"
# File systems keep times in steps of two seconds (FAT) or less. A file that was written to within one step of being
# read may be written to once more in that step, and its times stay as they were.
_COARSEST_SECONDS = 2
# Windows keeps when a file was made and when its content was changed; the second can be set by any program.
_TELLS_CHANGES = os.name != "nt"


class State(NamedTuple):
    """What the file system says of a file. ``changed_ns`` is set by the system at each write; no program chooses it."""

    device: int
    inode: int
    bytes: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> State:
        """The state of a file.

        Raises
        ------
        OSError
            It cannot be had.
        """
        status = path.stat()
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises
    ------
    OSError
        It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class FileDigests:
    """The digests that are kept in ``folder``, in a file of JSON: for each path its state and its SHA-256.

    A digest is given while the state is the same as when the file was read. A file that was written to in the two
    seconds before it was read is read each time, and on Windows every file is.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._kept = _read(self._path)
        self._new: dict[str, tuple[State, str]] = {}

    def of(self, path: Path) -> str:
        """As :func:`sha256_of`; the file is read if need be."""
        if digest := self.kept(path):
            return digest
        before, now = State.of(path), time.time_ns()
        digest = sha256_of(path)
        self.keep(path, digest, before, now)
        return digest

    def kept(self, path: Path) -> str | None:
        """The SHA-256 of a file, if it is known and nobody has written to the file since."""
        with contextlib.suppress(OSError):
            state, digest = self._kept.get(str(path.absolute()), (None, ""))
            return digest if state == State.of(path) else None
        return None

    def keep(self, path: Path, digest: str, before: State, now: int) -> None:
        """Keep the digest of what was read of a file, unless it may have been written to meanwhile.

        ``before`` is its state before it was read, and ``now`` the time at that moment, in nanoseconds.
        """
        settled = before.changed_ns < now - _COARSEST_SECONDS * 1_000_000_000
        with contextlib.suppress(OSError):  # it may be gone by now
            if settled and _TELLS_CHANGES and State.of(path) == before:
                name = str(path.absolute())
                self._kept[name] = self._new[name] = before, digest

    def forget(self) -> None:
        """Know nothing more, so that each file is read again."""
        self._kept.clear()

    def save(self) -> None:
        """Add what is new to the file, without the files that are gone. On a full disk nothing is kept."""
        if not self._new:
            return
        kept = {name: entry for name, entry in {**_read(self._path), **self._new}.items() if Path(name).exists()}
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps({name: [*state, digest] for name, (state, digest) in kept.items()}))
        self._new.clear()


def _read(path: Path) -> dict[str, tuple[State, str]]:
    """What a file holds; nothing of one that is missing, damaged or of another form."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {name: (State(*state), str(digest)) for name, (*state, digest) in entries.items()}
    return {}
