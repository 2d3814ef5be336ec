"""Workers end with the process that started them, whatever ended it, also when they are at work."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil

_MAIN = """
import os, sys, time
from pathlib import Path
from analysis.pipeline.processes import end_with_worker
from analysis.profiles.executors import workers

def work(folder):
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)

if __name__ == "__main__":
    with workers(count=2) as having:
        for future in [having.executor.submit(end_with_worker, work, sys.argv[1]) for _ in range(2)]:
            future.result()
"""
_PATIENCE_SECONDS = 60


def _wait_until(true) -> bool:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    return true()


def test_workers_end_with_the_process_that_started_them(tmp_path: Path):
    """It is killed while both work: neither waits for more work, as each would on a pipe that the other holds open."""
    (tmp_path / "main.py").write_text(_MAIN, encoding="utf-8")
    (begun := tmp_path / "begun").mkdir()
    parent = subprocess.Popen([sys.executable, str(tmp_path / "main.py"), str(begun)])
    try:
        assert _wait_until(lambda: len(list(begun.iterdir())) == 2)
    finally:
        parent.kill()
        parent.wait()
    pids = [int(path.name) for path in begun.iterdir()]
    assert _wait_until(lambda: not any(map(psutil.pid_exists, pids)))
