"""Reports appear whole or not at all, whatever is killed and when; two runs do not meet."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from analysis.errors import NotebookError, UsageError
from analysis.pipeline.exchange import exchange
from analysis.pipeline.locks import Lock, LockHeldError
from analysis.pipeline.reports_folder import Staging, open_reports, period_lock, recover, replace

HOLD = """
import sys
from pathlib import Path
from analysis.pipeline.locks import Lock
lock = Lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


# A run that does nothing but put reports in place, a hundred times killed at seeded moments. Forked, so that each one is
# at work at once.
KILLED_AGAIN_AND_AGAIN = """
import os, random, signal, sys, time
from itertools import count
from pathlib import Path
from analysis.pipeline.reports_folder import Staging, open_reports
reports, moments = Path(sys.argv[1]), random.Random(2022)
for _ in range(100):
    run = os.fork()
    if not run:
        open_reports(reports)
        for number in count():
            staging = Staging(reports, "2022-09")
            (staging.folder / "index.html").write_text(f"{number:09}" * 2000)
            for page in range(20):
                (staging.folder / f"table-{page}.csv").write_text("x")
            staging.move_to(reports / "2022-09")
    time.sleep(moments.uniform(0, 0.05))
    os.kill(run, signal.SIGKILL)
    os.waitpid(run, 0)
"""


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports"
    open_reports(folder)
    return folder


def filled(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    return folder


def holder(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until it is killed or its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_new_report_takes_the_place_of_the_earlier_one(reports):
    filled(reports / "2022-09", "old")

    replace(filled(reports / ".making-2022-09-x", "new"), reports / "2022-09")

    assert (reports / "2022-09/index.html").read_text() == "new"
    assert [path.name for path in reports.iterdir()] == ["2022-09"]


def test_a_file_in_the_place_of_a_report_is_not_put_aside(reports):
    (reports / "2022-09").write_text("mine")
    staging = Staging(reports, "2022-09")

    with pytest.raises(UsageError, match="is a file"):
        staging.move_to(reports / "2022-09")

    assert (reports / "2022-09").read_text() == "mine"


def test_a_lock_let_go_twice_closes_nobody_elses_file(tmp_path):
    """The number of its descriptor may belong to another file by then."""
    lock = Lock(tmp_path / "lock")
    lock.release()
    with (tmp_path / "other").open("w") as other:
        lock.release()
        other.write("still open")

    assert (tmp_path / "other").read_text() == "still open"


def test_a_report_that_stepped_aside_in_a_killed_run_comes_back(reports):
    filled(reports / ".old-2022-09-1a2b", "old")

    recover(reports)

    assert (reports / "2022-09/index.html").read_text() == "old"
    assert [path.name for path in reports.iterdir()] == ["2022-09"]


def test_a_failure_that_stepped_aside_comes_back_among_the_failures(reports):
    (reports / "failed").mkdir()
    filled(reports / ".old-failed-2022-09-1a2b", "old failure")

    recover(reports)

    assert (reports / "failed/2022-09/index.html").read_text() == "old failure"
    assert not (reports / "2022-09").exists()


def test_a_report_left_aside_after_its_replacement_is_removed(reports):
    filled(reports / ".old-2022-09-1a2b", "old")
    filled(reports / "2022-09", "new")

    recover(reports)

    assert (reports / "2022-09/index.html").read_text() == "new"
    assert [path.name for path in reports.iterdir()] == ["2022-09"]


def test_the_staging_folder_of_a_dead_run_is_removed_and_that_of_a_live_one_is_not(reports):
    filled(reports / ".making-2022-06-dead", "half")
    living = Staging(reports, "2022-09")

    recover(reports)

    assert sorted(path.name for path in reports.iterdir()) == [f".lock-{living.folder.name}", living.folder.name]
    living.remove()
    assert list(reports.iterdir()) == []


def test_a_report_that_a_live_run_is_replacing_is_not_touched(reports):
    filled(reports / ".old-2022-09-1a2b", "old")
    other = holder(reports / ".lock-2022-09")
    try:
        recover(reports)
        assert (reports / ".old-2022-09-1a2b").is_dir()
        assert not (reports / "2022-09").exists()
    finally:
        other.communicate()


def test_a_second_run_of_the_same_period_ends_politely_and_names_the_first(reports):
    other = holder(reports / ".lock-2022-09")
    try:
        with pytest.raises(UsageError, match="being made by another run") as caught, period_lock(reports, "2022-09"):
            pass
        assert f"(process {other.pid})" in caught.value.what
        with period_lock(reports, "2022-06"):
            assert (reports / ".lock-2022-06").is_file()
    finally:
        other.communicate()


def test_the_lock_of_a_killed_process_is_free(reports):
    other = holder(reports / ".lock-2022-09")
    other.kill()
    other.communicate()

    with period_lock(reports, "2022-09"):
        assert (reports / ".lock-2022-09").is_file()
    assert list(reports.iterdir()) == []


def test_a_lock_is_held_once_and_free_after_release(tmp_path):
    lock = Lock(tmp_path / "lock")
    with pytest.raises(LockHeldError):
        Lock(tmp_path / "lock")
    lock.release()

    Lock(tmp_path / "lock").release()
    assert list(tmp_path.iterdir()) == []


def test_reports_that_is_a_file_or_below_one_is_wrong_use(tmp_path):
    (tmp_path / "file").write_text("x")

    for folder in (tmp_path / "file", tmp_path / "file/reports"):
        with pytest.raises(UsageError, match="cannot be written to"):
            open_reports(folder)


# ---- killed at any moment -------------------------------------------------------------------------------------------


def watch(page: Path, ended: threading.Event, faults: list[str]) -> None:
    """Read a page again and again, and note each time that it is not there or not whole."""
    while not ended.is_set():
        try:
            text = page.read_text()
        except OSError as fault:
            faults.append(f"{type(fault).__name__} at {time.monotonic():.3f}")
            continue
        if text != text[:9] * 2000:
            faults.append(f"half a page: {len(text)} characters")


@pytest.mark.skipif(sys.platform != "linux", reason="two folders are exchanged in one step on Linux and macOS")
def test_a_hundred_kills_leave_a_whole_report_at_its_address_at_every_instant(reports):
    """A run that does nothing but put reports in place is killed at seeded moments, while a reader reads all along."""
    filled(reports / "2022-09", "000000000" * 2000)
    ended, faults = threading.Event(), []
    reader = threading.Thread(target=watch, args=(reports / "2022-09/index.html", ended, faults))
    reader.start()
    try:
        subprocess.run([sys.executable, "-c", KILLED_AGAIN_AND_AGAIN, str(reports)], check=True)
    finally:
        ended.set()
        reader.join()

    assert faults == []
    open_reports(reports)
    assert [path.name for path in reports.iterdir()] == ["2022-09"], "something of a killed run was left over"


def test_without_an_exchange_the_earlier_report_steps_aside(reports, monkeypatch):
    """As on NFS or Windows: the same end, by two renames."""
    monkeypatch.setattr("analysis.pipeline.reports_folder.exchange", lambda *_: False)
    filled(reports / "2022-09", "old")

    replace(filled(reports / ".making-2022-09-x", "new"), reports / "2022-09")

    assert (reports / "2022-09/index.html").read_text() == "new"
    assert [path.name for path in reports.iterdir()] == ["2022-09"]


def test_an_exchange_that_fails_for_another_reason_is_told(tmp_path):
    with pytest.raises(OSError, match="not there") as caught:
        exchange(filled(tmp_path / "there", "x"), tmp_path / "not there")

    assert caught.value.errno == errno.ENOENT


def test_locks_and_half_written_pages_of_killed_runs_are_removed(reports):
    for name in (".lock-2022-09", ".lock-front", ".new-index.html", ".lock-.making-2022-06-dead"):
        (reports / name).write_text("12345\n")

    recover(reports)

    assert list(reports.iterdir()) == []


def test_a_failure_left_aside_with_its_replacement_in_place_blocks_no_run(reports):
    filled(reports / ".old-failed-latest-1a2b", "old failure")
    filled(reports / "failed/latest", "new failure")

    recover(reports)

    assert (reports / "failed/latest/index.html").read_text() == "new failure"
    assert [path.name for path in reports.iterdir()] == ["failed"]


def test_a_share_without_locks_gets_a_marker_instead(tmp_path, monkeypatch):
    """As some network shares answer: no locks available. The marker keeps a second run out all the same."""

    def refused(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("filelock._unix.lock_fd_nonblocking", refused)
    with Lock(tmp_path / "lock"):
        with pytest.raises(LockHeldError) as caught:
            Lock(tmp_path / "lock")
        assert caught.value.pid == str(os.getpid())
        recover(tmp_path)
        with pytest.raises(LockHeldError):
            Lock(tmp_path / "lock")

    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_a_lock_is_held_without_the_number_of_its_process(tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with Lock(tmp_path / "lock"), pytest.raises(LockHeldError):
        Lock(tmp_path / "lock")

    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_for_a_lock_is_told_in_three_parts(tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("analysis.pipeline.reports_folder.Lock", full)
    with pytest.raises(NotebookError, match="no space left"), period_lock(tmp_path, "2022-09"):
        pass
