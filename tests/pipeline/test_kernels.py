"""Kernels end with their run, and so does all that they started; temporary files find a place or are told about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jupyter_client import AsyncKernelClient

from analysis.errors import NotebookError
from analysis.pipeline import engine, kernels
from analysis.pipeline.locks import Lock
from analysis.pipeline.make_report import make_report
from analysis.pipeline.plan import Request

LEAVES_A_PROCESS = """
import pathlib, subprocess, sys
sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
pathlib.Path("../left.pid").write_text(str(sleeper.pid))
"""

LAST_WORDS_COME_LATE = """
def make_late():  # at the end of a kernel its own names are gone
    import pathlib, time
    from ipykernel.kernelapp import IPKernelApp
    app = IPKernelApp.instance()
    say, close = app.kernel._publish_status_and_flush, app.iopub_thread.stop
    told = pathlib.Path("../told").resolve()

    def say_late(status, channel, stream, parent=None):
        if (status, channel) == ("idle", "control"):
            time.sleep(0.5)
        say(status, channel, stream, parent)

    def tell_and_close():
        told.write_text(f"the thread that says it lives: {app.control_thread.is_alive()}")
        close()

    app.kernel._publish_status_and_flush, app.iopub_thread.stop = say_late, tell_and_close

make_late()
"""


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_a_process_that_a_cell_starts_ends_with_the_run(project, write_notebook, ingest_cell, publish):
    write_notebook(project / "notebooks/1_ingest.ipynb", ingest_cell, LEAVES_A_PROCESS)

    make_report(Request(period="2022-09"), publish=publish)

    assert not is_alive(int((project / "left.pid").read_text()))


def test_a_kernel_closes_its_outputs_after_its_last_words(project, write_notebook, ingest_cell, publish):
    """One thread of ipykernel closes what another still sends through: it hung, and was killed after five seconds."""
    write_notebook(project / "notebooks/1_ingest.ipynb", ingest_cell, LAST_WORDS_COME_LATE)

    make_report(Request(period="2022-09"), publish=publish)

    assert (project / "told").read_text() == "the thread that says it lives: False"


def test_a_notebook_does_not_end_a_second_late_for_a_heartbeat(project, write_notebook, publish, monkeypatch):
    """jupyter_client beats once a second; a kernel that takes longer to start left a beat that nobody heard."""
    opened: list[dict[str, bool]] = []
    start = AsyncKernelClient.start_channels
    monkeypatch.setattr(
        AsyncKernelClient, "start_channels", lambda self, **which: opened.append(which) or start(self, **which)
    )
    write_notebook(project / "notebooks/1_ingest.ipynb", "print(1)")

    with pytest.raises(NotebookError):  # the notebook says no census
        make_report(Request(), publish=publish)

    assert opened == [{"hb": False}]


def test_a_cell_that_prints_without_end_is_stopped(project, write_notebook, publish, monkeypatch):
    monkeypatch.setattr(engine, "LARGEST_OUTPUT_BYTES", 2_000_000)
    write_notebook(project / "notebooks/1_ingest.ipynb", "while True:\n    print('x' * 10_000)")

    with pytest.raises(NotebookError, match="printed more than 2 MB and was stopped"):
        make_report(Request(period="2022-09"), publish=publish)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Three temporary folders, in the place of those of this machine."""
    there = [tmp_path / name for name in ("first", "second", "third")]
    for place in there:
        place.mkdir()
    monkeypatch.setattr(kernels, "_LONGEST_HOME", len(os.fsencode(tmp_path)) + 40)
    monkeypatch.setattr(kernels, "_temporary_places", lambda: there)
    return there


def test_a_run_leaves_nothing_in_the_temporary_folder(places):
    with kernels.report_kernels() as manager:
        assert manager.home.parent == places[0]

    assert list(places[0].iterdir()) == []


def test_the_folder_of_a_killed_run_is_removed_by_the_next_and_that_of_a_living_one_is_not(places):
    for name in ("analysis-dead", "analysis-living"):
        (places[0] / name).mkdir()
        (places[0] / f"{name}.lock").touch()
    with Lock(places[0] / "analysis-living.lock"), kernels.report_kernels() as manager:
        left = {path.name for path in places[0].iterdir()}

    assert left == {"analysis-living", "analysis-living.lock", manager.home.name, f"{manager.home.name}.lock"}


def test_a_temporary_folder_with_a_long_path_or_without_room_is_passed_over(places, monkeypatch):
    long = places[0] / ("x" * 60)
    long.mkdir()
    places[0] = long
    whole = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.is_relative_to(places[1]):
            raise OSError(28, "No space left on device")
        return whole(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)

    with kernels.report_kernels() as manager:
        assert manager.home.parent == places[2]
    assert list(places[1].iterdir()) == []


def test_without_any_temporary_folder_the_user_is_told_what_to_do(places):
    for place in places:
        place.rmdir()

    with pytest.raises(NotebookError, match="no folder for temporary files") as caught, kernels.report_kernels():
        pass
    assert "TMPDIR" in caught.value.fix
    assert all(str(place) in caught.value.what for place in places)
