"""Processes of this machine that work beside this one, as a ``concurrent.futures.Executor``, and end with it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_PR_SET_PDEATHSIG = 1  # Linux: prctl(2)


def process_pool(count: int) -> ProcessPoolExecutor:
    """So many processes. Each leaves an interrupt to this one, and ends with it, whatever ended it."""
    # New processes, not forked ones: this process may have threads, whose locks a fork would hold for ever.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(os.getpid(),))


def end_with_worker(make: Callable[..., T], *arguments: object) -> T:
    """Call ``make`` in such a process, and end that when it is told to end: it would wait for more work.

    Kernels and temporary folders of ``make`` are gone by then.
    """
    try:
        return make(*arguments)
    except SystemExit as end:
        if multiprocessing.parent_process() is not None:
            os._exit(end.code if isinstance(end.code, int) else 1)
        raise


def _begin(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it had ended before that was said
            _end()


def _end(*_: object) -> None:
    """End by an exception: kernels and temporary folders go with it."""
    sys.exit(128 + signal.SIGTERM)
