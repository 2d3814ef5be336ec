"""Twenty points at which the disk of REPORTS, of processed data and of temporary files fills up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.command import Project, contents

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small file system"
)
POINTS = 20
SIZE_KB = 65_536


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    folder = tmp_path / "d"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_KB}k", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def leave_free(disk: Path, kilobytes: int) -> None:
    """Fill the disk up to so much."""
    filler = disk.parent / "d" / "filler"
    filler.unlink(missing_ok=True)
    free = shutil.disk_usage(disk).free // 1024
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - kilobytes) * 1024)


def was_stopped_by_the_disk(ended, disk: Path) -> bool:
    """Whether a run was either made, or ended with code 5 in three sentences that name the space."""
    if ended.code == 0:
        return False
    assert ended.code == 5, ended
    assert "no space" in ended.complained.lower(), ended.complained
    assert "Traceback" not in ended.complained
    return True


def test_reports_on_a_disk_that_fills_up(project: Project, small_disk: Path) -> None:
    reports = small_disk / "reports"
    project.report("--fresh", "--period", "2020-03", "--reports", reports)
    good = contents(reports)
    need = sum(map(len, good.values())) // 1024
    stopped = 0
    for point in range(POINTS):
        leave_free(small_disk, need * 2 * point // POINTS)
        stopped += was_stopped_by_the_disk(
            project.run("report", "--fresh", "--period", "2020-03", "--reports", reports), small_disk
        )
        kept = {name: content for name, content in contents(reports).items() if not name.startswith("failed/")}
        assert kept.keys() == good.keys()
    assert stopped > POINTS // 3, "hardly a run met the full disk"
    (small_disk / "filler").unlink()
    project.report("--fresh", "--period", "2020-03", "--reports", reports)
    assert contents(reports).keys() == good.keys()


def test_processed_data_on_a_disk_that_fills_up(project: Project, small_disk: Path, tmp_path: Path) -> None:
    processed = project.root / "data/processed"
    good = contents(project.root / "reports", but=("2020-03/manifest.json",))
    # Results of steps are kept only where there is room for them: what a run cannot do without are the extracts as read.
    need = sum(map(len, contents(processed / "extracts").values())) // 1024
    away = tmp_path / "away"
    processed.rename(away)
    processed.symlink_to(small_disk / "processed")
    (small_disk / "processed").mkdir()
    try:
        stopped = 0
        for point in range(POINTS):
            shutil.rmtree(small_disk / "processed")
            (small_disk / "processed").mkdir()
            leave_free(small_disk, need * 2 * point // POINTS)
            stopped += was_stopped_by_the_disk(project.run("report", "--fresh", "--period", "2020-03"), small_disk)
            assert contents(project.root / "reports").keys() >= good.keys()
        assert stopped > 1
    finally:
        processed.unlink()
        away.rename(processed)
    project.report("--fresh", "--period", "2020-03")
    assert not list((project.root / "reports").glob(".*"))


def test_temporary_files_on_a_disk_that_fills_up(project: Project, small_disk: Path) -> None:
    """There is another place for them: each run is made all the same, and leaves nothing in either."""
    for point in range(POINTS):
        leave_free(small_disk, 200 * point // POINTS)
        ended = project.run("report", "--fresh", "--period", "2020-03", TMPDIR=str(small_disk))
        assert ended.code in {0, 5}, ended
        was_stopped_by_the_disk(ended, small_disk)
        assert [path.name for path in small_disk.iterdir()] == ["filler"]
