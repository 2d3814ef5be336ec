"""Processes of this machine that work beside this one, as a ``concurrent.futures.Executor``, and end with it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor

_PR_SET_PDEATHSIG = 1  # Linux: prctl(2)


def process_pool(count: int) -> ProcessPoolExecutor:
    """So many processes. Each leaves an interrupt to this one, and ends with it, whatever ended it."""
    # New processes, not forked ones: this process may have threads, whose locks a fork would hold for ever.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(os.getpid(),))


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
