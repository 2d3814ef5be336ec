"""Measures that a process beside has worked out: those of this run and no others, whole, or they are worked out again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.facts.analysis import Measures
from analysis.pipeline import measures_beside as beside
from analysis.pipeline.kernels import ReportKernelManager
from analysis.pipeline.make_report import make_report
from analysis.pipeline.request import Request
from analysis.report import assembly
from analysis.sample import write_sample
from analysis.settings import RUN_MARK

pytestmark = pytest.mark.xdist_group("measures_beside")
PERIOD = "2021-03"
_END_MARK = 4  # bytes behind the content of the compressed file


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    """A folder with synthetic extracts of two censuses in ``raw``."""
    folder = tmp_path_factory.mktemp("beside")
    write_sample(folder / "raw", first="2020-12", last=PERIOD)
    return folder


@pytest.fixture(scope="module")
def validated(world) -> Path:
    """The folder of a run that has been validated."""
    run = an.run(PERIOD, str(world / "raw"), str(world / "processed"), str(world / "validated"))
    run.validate()
    return world / "validated"


@pytest.fixture
def results(validated, tmp_path) -> Path:
    return Path(shutil.copytree(validated, tmp_path / "results"))


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """The folder for temporary files of a batch run to which this process belongs."""
    folder = tmp_path / "analysis-1234"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv(RUN_MARK, folder.name)
    return folder


@pytest.fixture
def counted(monkeypatch) -> list[str]:
    """The censuses for which measures were worked out since."""
    found: list[str] = []
    whole = assembly.measure

    def measure(extracts, **registers):
        found.append(extracts.period)
        return whole(extracts, **registers)

    for module in (assembly, beside):
        monkeypatch.setattr(module, "measure", measure)
    return found


def parameters(world: Path, results: Path) -> dict[str, str]:
    given = {"period": PERIOD, "raw": world / "raw", "processed": world / "processed", "results": results}
    return {name: str(value) for name, value in given.items()}


def saved(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("home")
def test_the_same_bytes_with_and_without(world, results, counted, tmp_path, monkeypatch):
    by_hand = Path(shutil.copytree(results, tmp_path / "by-hand"))
    beside.work_out_measures(results, parameters(world, results))
    assert counted == [PERIOD]
    run = an.run(**parameters(world, results))
    run.save(run.analyse())
    assert counted == [PERIOD]

    monkeypatch.delenv(RUN_MARK)
    run = an.run(**parameters(world, by_hand))
    run.save(run.analyse())

    assert counted == [PERIOD] * 2
    assert saved(by_hand) == saved(results)


def test_nothing_of_it_is_among_the_results_of_the_run(world, results, home):
    before = saved(results)
    beside.work_out_measures(results, parameters(world, results))

    assert saved(results) == before
    assert [path.suffix for path in home.iterdir()] == [".pickle"]


def test_each_frame_is_as_it_was_worked_out(world, results, home):
    beside.work_out_measures(results, parameters(world, results))
    run = an.run(**parameters(world, results))
    taken = beside.measures_beside(run.name)
    touched = an.run(**parameters(world, results))
    assert touched.extracts.period == PERIOD
    worked_out = touched.analyse().measures

    for name in Measures.names():
        pd.testing.assert_frame_equal(getattr(taken, name), getattr(worked_out, name), check_exact=True)


def test_a_notebook_that_has_looked_at_the_extracts_works_them_out(world, results, home, counted):
    """It may have changed them: then its figures are those of what it has changed."""
    beside.work_out_measures(results, parameters(world, results))
    run = an.run(**parameters(world, results))
    assert len(run.extracts.workforce)
    run.analyse()

    assert counted == [PERIOD] * 2


def test_without_a_batch_run_they_are_worked_out(world, results, home, counted, monkeypatch):
    beside.work_out_measures(results, parameters(world, results))
    name = an.run(**parameters(world, results)).name
    assert beside.measures_beside(name) is not None
    assert beside.measures_beside(f"{name[:-1]}x") is None
    monkeypatch.setenv(RUN_MARK, "analysis-9999")
    assert beside.measures_beside(name) is None
    monkeypatch.delenv(RUN_MARK)
    assert beside.measures_beside(name) is None


@pytest.mark.parametrize("change", ["role", "catalogue", "register", "register meanwhile"])
def test_measures_of_something_else_are_not_written(world, results, home, change, monkeypatch):
    given = parameters(world, results)
    if change == "role":
        given["role"] = "cc"
    if change == "catalogue":
        catalogue = json.loads((results / "ingest.json").read_text())
        catalogue["inputs"][0]["sha256"] = "0" * 64
        (results / "ingest.json").write_text(json.dumps(catalogue))
    if change.startswith("register"):
        names = iter(
            ["2021-03-another"]
            if change == "register"
            else [json.loads((results / "run.json").read_text())["run"], "x"]
        )
        monkeypatch.setattr(beside, "run_name", lambda *_: next(names))

    beside.work_out_measures(results, given)

    assert not list(home.glob("*.pickle"))


def test_a_half_written_file_is_never_taken(world, results, home):
    beside.work_out_measures(results, parameters(world, results))
    run = an.run(**parameters(world, results)).name
    (file,) = home.glob("*.pickle")
    whole = file.read_bytes()

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, len(whole) - _END_MARK - 1))
    def cut(length: int) -> None:
        file.write_bytes(whole[:length])
        assert beside.measures_beside(run) is None

    cut()
    file.rename(file.with_suffix(".new"))
    assert beside.measures_beside(run) is None


def test_a_full_disk_writes_nothing_and_stops_nothing(world, results, home):
    run = an.run(**parameters(world, results)).name
    (home / f"measures-{run}.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        beside.work_out_measures(results, parameters(world, results))

    assert beside.measures_beside(run) is None


HOLDS = """
import sys, time
from pathlib import Path
from analysis.pipeline.locks import Lock
lock = Lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(float(sys.argv[2]))
Path(sys.argv[3]).rename(sys.argv[4])
lock.release()
"""


def lock_holder(*arguments: object) -> subprocess.Popen[bytes]:
    """A process that holds the lock; after some seconds it renames a file and lets go."""
    process = subprocess.Popen([sys.executable, "-c", HOLDS, *map(str, arguments)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    return process


def test_whoever_needs_them_waits_while_they_are_in_the_making(world, results, home, tmp_path):
    beside.work_out_measures(results, parameters(world, results))
    run = an.run(**parameters(world, results)).name
    (file,) = home.glob("*.pickle")
    file.rename(tmp_path / "made")

    with lock_holder(home / "measures.lock", 1.0, tmp_path / "made", file):
        assert beside.measures_beside(run) is not None


def test_nobody_waits_for_a_process_that_was_killed(home):
    with lock_holder(home / "measures.lock", 600, "none", "none") as process:
        process.kill()

    assert (home / "measures.lock").exists()
    assert beside.measures_beside("2021-03-000000000000") is None


# ---- when the process is started -------------------------------------------------------------------------------------

OPENS = "import pathlib, json\nfolder = pathlib.Path.cwd().parent / results\n"
OPENS_RUN = OPENS + "(folder / 'run.json').write_text(json.dumps({'run': '2022-09-1', 'parts': {}}))\n"
VALIDATES = OPENS + "(folder / 'validation.json').write_text(json.dumps({'passed': True}))\n"


@pytest.fixture
def started(monkeypatch) -> list[dict[str, str]]:
    """The parameters of each process that was started."""
    found: list[dict[str, str]] = []

    def fork(module: str, arguments: list[str]) -> None:
        assert module == beside.__name__
        found.append(json.loads(arguments[1]))

    monkeypatch.setattr(ReportKernelManager, "fork_module", staticmethod(fork))
    return found


def test_it_is_started_beside_validation_alone_and_not_when_that_is_taken_over(
    project, write_notebook, ingest_cell, publish, started
):
    write_notebook(project / "notebooks/1_ingest.ipynb", ingest_cell, OPENS_RUN)
    write_notebook(project / "notebooks/2_validate.ipynb", VALIDATES)
    write_notebook(project / "notebooks/3_analyse.ipynb", "1")
    write_notebook(project / "notebooks/4_report.ipynb", "1", tags=("report",))
    request = Request(period="2022-09")
    make_report(request, publish=publish)
    assert [given["period"] for given in started] == ["2022-09"]

    write_notebook(project / "notebooks/3_analyse.ipynb", "2")
    make_report(request, publish=publish)
    assert len(started) == 1


def test_it_is_not_started_where_no_run_is_opened_or_nothing_follows(
    project, write_notebook, ingest_cell, publish, started
):
    write_notebook(project / "notebooks/2_page.ipynb", "1", tags=("report",))
    make_report(Request(period="2022-09"), publish=publish)
    write_notebook(project / "notebooks/1_ingest.ipynb", ingest_cell, OPENS_RUN)
    make_report(Request(period="2022-09"), publish=publish)

    assert started == []
