"""A stopped run leaves neither a kernel nor a half-made report behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from analysis.cli import main; main()", "report", "--period", "2022-09"]
SLOW = """
import os, pathlib, time
pathlib.Path("../kernel.pid").write_text(str(os.getpid()))
time.sleep(120)
"""


def wait_for(path: Path, seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < give_up, f"{path.name} did not appear"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_ends_its_kernel_and_removes_its_staging(project, number, code, write_notebook):
    write_notebook(project / "notebooks/1_ingest.ipynb", SLOW)
    run = subprocess.Popen(COMMAND, cwd=project, stderr=subprocess.PIPE, text=True)
    wait_for(project / "kernel.pid")

    run.send_signal(number)
    _, said = run.communicate(timeout=60)

    assert run.returncode == code
    assert "Traceback" not in said
    assert not is_alive(int((project / "kernel.pid").read_text()))
    assert list((project / "reports").iterdir()) == []


def test_what_a_killed_run_left_is_cleaned_by_the_next(project, write_notebook):
    write_notebook(project / "notebooks/1_ingest.ipynb", SLOW)
    run = subprocess.Popen(COMMAND, cwd=project)
    wait_for(project / "kernel.pid")
    run.kill()
    run.wait()
    assert any(path.name.startswith(".making-") for path in (project / "reports").iterdir())
    write_notebook(project / "notebooks/1_ingest.ipynb", "raise ValueError('soon')")

    again = subprocess.run(COMMAND, cwd=project, capture_output=True, text=True, check=False)

    assert again.returncode == 5
    assert sorted(path.name for path in (project / "reports").iterdir()) == ["failed"]
