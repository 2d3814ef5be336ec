"""Where batches are made: processes of this machine, or a Dask cluster; both are a ``concurrent.futures.Executor``."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from analysis.errors import UsageError
from analysis.pipeline.processes import process_pool

# A worker that is killed takes its batch with it; Dask gives it to another so often.
_RETRIES = 3
_CONNECT_SECONDS = 20


@dataclass(frozen=True)
class Workers:
    """An executor, and how many batches it makes at once."""

    executor: Executor
    at_once: int


@contextlib.contextmanager
def workers(scheduler: str = "", count: int = 0) -> Iterator[Workers]:
    """The workers of this machine, ``count`` of them or one for each core; or those of the cluster at ``scheduler``.

    Raises
    ------
    UsageError
        Dask is not installed, or nobody answers at the address.
    """
    if scheduler:
        yield from _of_cluster(scheduler)
        return
    at_once = count or cores()
    with process_pool(at_once) as pool:
        yield Workers(pool, at_once)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _of_cluster(scheduler: str) -> Iterator[Workers]:
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(
            "The package distributed is not installed.",
            "It connects to the Dask cluster that SCHEDULER names.",
            "Install it (`python -m pip install 'link-worker-report[cluster]'`), or leave SCHEDULER out.",
        )
    import distributed  # noqa: PLC0415 - an optional package

    client: Any = None
    try:
        client = distributed.Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        threads = client.nthreads()
    except (OSError, TimeoutError, ValueError) as fault:
        raise UsageError(
            f"No Dask scheduler answers at {scheduler!r}.",
            "The pages are made by its workers.",
            "Start it (`dask scheduler`) and its workers (`dask worker`), or correct the address: tcp://HOST:8786.",
        ) from fault
    finally:
        if client is not None and sys.exc_info()[0] is not None:
            client.close()
    with client:
        if not threads:
            raise UsageError(
                f"The Dask scheduler at {scheduler!r} has no workers.",
                "The pages are made by them, and would be waited for without end.",
                "Start at least one: `dask worker tcp://HOST:8786`, in the environment of this project.",
            )
        with client.get_executor(pure=False, retries=_RETRIES) as executor:
            yield Workers(executor, sum(threads.values()))
