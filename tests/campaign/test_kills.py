"""One hundred runs killed at seeded moments: a whole report at its address at every instant, and nothing left over."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from e2e.command import Project

KILLS = int(os.environ.get("KILLS", "100"))
# What a reader may open at any instant. The names do not differ between the report before and the one that replaces it.
READ = ("index.html", "validation.html", "facts.json", "assessment.json", "manifest.json", "notebooks/4_report.ipynb")


class Reader(threading.Thread):
    """Opens the parts of a report again and again while runs are killed, and notes what is not whole."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.ended = folder, threading.Event()
        self.faults: list[str] = []
        self.readings = 0

    def run(self) -> None:
        """Read until told to end."""
        while not self.ended.is_set():
            for name in READ:
                try:
                    text = (self.folder / name).read_text(encoding="utf-8")
                except OSError as fault:
                    self.faults.append(f"{name}: {fault}")
                    continue
                whole = text.rstrip().endswith("</html>") if name.endswith(".html") else bool(json.loads(text))
                if not whole:
                    self.faults.append(f"{name}: not whole, {len(text)} characters")
            self.readings += 1
            time.sleep(0.002)


def test_runs_killed_at_any_moment_leave_a_whole_report_and_the_next_run_is_good(
    project: Project, tmp_path: Path
) -> None:
    reports, temporary = project.root / "reports", tmp_path / "t"
    temporary.mkdir()
    begun = time.monotonic()
    project.report("--fresh", "--period", "2020-03")
    length = time.monotonic() - begun
    reader = Reader(reports / "2020-03")
    reader.start()
    moments = random.Random(2026)  # noqa: S311 - moments that can be had again
    ended_before = 0
    try:
        for _ in range(KILLS):
            run = project.start("report", "--fresh", "--period", "2020-03", TMPDIR=str(temporary))
            time.sleep(moments.uniform(0, length * 1.05))
            ended_before += run.poll() is not None
            if run.poll() is None:
                os.kill(run.pid, signal.SIGKILL)
            run.communicate()
    finally:
        reader.ended.set()
        reader.join()

    sys.stdout.write(f"{KILLS} kills, {ended_before} of them after the end; {reader.readings} readings\n")
    assert reader.faults == []
    assert ended_before < KILLS / 2, "the kills came too late to tell anything"
    assert project.run("report", "--fresh", "--period", "2020-03", TMPDIR=str(temporary)).code == 0
    assert [path.name for path in reports.iterdir() if path.name.startswith(".")] == []
    assert list(temporary.iterdir()) == []
    processed = {path.name for path in (project.root / "data/processed").rglob("*")}
    assert not {name for name in processed if name.startswith((".", "tmp"))}
