"""What a command and all that it starts cost: time on the clock, processor time, and memory at its highest."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
_POLL_SECONDS = 1.0
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Measured:
    """Seconds on the clock, seconds of processor time, and the highest memory in bytes (0 where it was not watched).

    Memory is the proportional set size of all processes together: pages that several of them share count once.
    """

    wall: float
    processor: float
    memory: int = 0

    def times(self, factor: float) -> Measured:
        """The times of so many times the work, where the cost of a piece of it is the same for each."""
        return Measured(self.wall * factor, self.processor * factor, self.memory)


def copy_project(folder: Path) -> Path:
    """A copy of what the project runs from, so that nothing is written into the clone."""
    for name in ("src", "notebooks", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    (folder / "data" / "raw").mkdir(parents=True)
    return folder


def analysis(*arguments: object) -> list[str]:
    """The command line of ``analysis`` in this environment."""
    return [sys.executable, "-m", "analysis.command", *map(str, arguments)]


def measure(
    project: Path, commands: list[list[str]], *, at_once: int = 1, tell: Callable[[str], None] | None = None
) -> Measured:
    """Run commands in the copy of the project, so many at once; each must succeed. ``;`` divides one from its next.

    ``tell`` is given each line that they print. Memory is watched only then: watching costs processor time.
    """
    environment = {**os.environ, "PYTHONPATH": str(project / "src")}
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()

    def run(line: list[str]) -> None:
        while line:
            command, line = (line[: line.index(";")], line[line.index(";") + 1 :]) if ";" in line else (line, [])
            _run(command, project, environment, tell)

    with _highest_memory() if tell else contextlib.nullcontext([0]) as highest, ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, commands))
    wall, now = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime, highest[0])


def _run(command: list[str], project: Path, environment: dict[str, str], tell: Callable[[str], None] | None) -> None:
    printed: list[str] = []
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            printed.append(line)
            if tell:
                tell(line.rstrip("\n"))
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:4])} ended with {process.returncode}:\n{''.join(printed[-20:])}")


def processor_seconds() -> float:
    """The processor time of all processes that this one has started, to now; in a process that lives, too."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


@contextlib.contextmanager
def _highest_memory() -> Iterator[list[int]]:
    """Watch the memory of all processes that this one starts; the highest in bytes stands in the list."""
    highest, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(_POLL_SECONDS):
            together = 0
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    memory = child.memory_full_info()
                    together += getattr(memory, "pss", memory.rss)
            highest[0] = max(highest[0], together)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield highest
    finally:
        ended.set()
        watcher.join()
