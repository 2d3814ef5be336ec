"""The same pages from a Dask cluster, one of whose two workers is killed while it works."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from conftest import absent
from profiles.batches import some_areas
from profiles.conftest import PERIOD
from profiles.test_make_profiles import reports, request_for  # noqa: F401 - a fixture

from analysis.errors import UsageError
from analysis.profiles.executors import workers
from analysis.profiles.make_profiles import make_profiles
from analysis.publish.profile_page import page_name

pytestmark = pytest.mark.xdist_group("profiles")
PATIENCE_SECONDS = 120


@pytest.fixture(autouse=True)
def dask() -> None:
    """Skip where Dask is not installed; it is in the lock of the tests."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        absent("distributed is not installed")


@contextlib.contextmanager
def started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen]:
    """``dask ARGUMENTS`` as a process of its own, in a working directory of its own that is no project."""
    folder.mkdir()
    environment = {**os.environ, "TMPDIR": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=folder,
        env=environment,
        stdout=(folder / "log").open("wb"),
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def wait_for(condition) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_cluster_makes_the_same_pages_and_outlives_a_worker(small_report, reports, tmp_path):  # noqa: F811
    import distributed

    codes = [area.code for area in some_areas(small_report, "region", 4)]
    file = tmp_path / "scheduler.json"
    at_home = ("--host", "127.0.0.1", "--no-dashboard")
    of_worker = ("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", *at_home)
    with (
        started(tmp_path / "a", "scheduler", "--port", "0", "--scheduler-file", str(file), *at_home),
        started(tmp_path / "b", *of_worker) as first,
        started(tmp_path / "c", *of_worker),
    ):
        wait_for(file.is_file)
        with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE_SECONDS)
            address = client.scheduler.address
        killed = []

        def kill_once(line: str) -> None:
            if "of 4" in line and not killed:
                killed.append(line)
                first.kill()

        made = make_profiles(request_for(small_report, reports, *codes, scheduler=address), tell=kill_once)
        assert made.error() is None
        assert killed
        folder = reports / PERIOD / "profiles" / "region"
        by_cluster = {code: (folder / page_name(code)).read_bytes() for code in codes}
        # The kernels of the killed worker have gone with it, and those of the other with their batches.
        wait_for(lambda: not kernels_of(tmp_path))
        assert not list((tmp_path / "c").glob("analysis-*"))

    fresh = request_for(small_report, reports, codes[0])
    (folder / page_name(codes[0])).unlink()
    assert make_profiles(fresh).error() is None
    assert (folder / page_name(codes[0])).read_bytes() == by_cluster[codes[0]]


def kernels_of(folder: Path) -> list[psutil.Process]:
    """The kernels whose temporary files lie below ``folder``."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            environment = process.environ()
            if "ANALYSIS_RUN" in environment and environment.get("TMPDIR", "").startswith(str(folder)):
                found.append(process)
    return found


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr("analysis.profiles.executors._CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="No Dask scheduler answers"), workers("tcp://127.0.0.1:9"):
        pass
