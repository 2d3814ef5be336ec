"""Exchange two folders in one step, so that a name always leads to a whole one."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

_AT_FDCWD = -100  # Linux: a path is relative to the working directory
_RENAME_EXCHANGE = 2  # Linux: renameat2(2)
_RENAME_SWAP = 2  # macOS: renamex_np(2)
# The kernel or the file system has no such call; anything else is a fault of this rename.
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def exchange(one: Path, other: Path) -> bool:
    """Exchange what two names of one file system stand for, in one step; ``False`` where that cannot be had.

    At every instant both names exist. Python has no call for it: Linux has ``renameat2`` (since 3.15; not on NFS),
    macOS ``renamex_np`` (APFS); Windows has none.

    Raises
    ------
    OSError
        When the exchange is supported and fails.
    """
    call = _system_call()
    if call is None or call(os.fsencode(one), os.fsencode(other)) == 0:
        return call is not None
    fault = ctypes.get_errno()
    if fault in _NOT_SUPPORTED:
        return False
    raise OSError(fault, os.strerror(fault), str(one), None, str(other))


def _system_call() -> Callable[[bytes, bytes], int] | None:
    """The exchange of the C library, which answers 0 when it was done."""
    if sys.platform not in {"linux", "darwin"}:
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        swap = getattr(library, "renamex_np", None)
        return swap and (lambda one, other: swap(one, other, ctypes.c_uint(_RENAME_SWAP)))
    rename = getattr(library, "renameat2", None)
    return rename and (lambda one, other: rename(_AT_FDCWD, one, _AT_FDCWD, other, ctypes.c_uint(_RENAME_EXCHANGE)))
