"""Work is counted, not seconds: a busy machine hides a slip of half the speed, and a count does not."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import analysis as an
from analysis import file_digests
from analysis.errors import GateError
from analysis.extracts import examine
from analysis.extracts.store import Store
from analysis.facts.analysis import Extracts
from analysis.pipeline.kernels import ReportKernelManager
from analysis.pipeline.make_report import make_report
from analysis.pipeline.request import Request
from analysis.pipeline.steps import report_or_notebooks
from analysis.registers.breaks import load_breaks
from analysis.registers.published import load_published
from analysis.registers.targets import load_targets
from analysis.report.assembly import measure

PERIOD = "2022-09"
# Measured on the eleven real extracts, and a tenth more: a column that is added costs less, a loop over rows much more.
MOST_ROWS_GROUPED = 518_000  # 471,286: each of the 47,843 cells about ten times
MOST_CALLS = 1_530_000  # 1,392,754 of Python functions


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The checksums of the extracts that were read and stored, each time that one was."""
    found: list[str] = []
    add = Store.add
    monkeypatch.setattr(Store, "add", lambda self, sha256, *given: found.append(sha256) or add(self, sha256, *given))
    return found


@pytest.fixture(scope="module")
def extracts(real_data, tmp_path_factory) -> Extracts:
    """The eleven real extracts, loaded."""
    return an.run(PERIOD, str(real_data), str(tmp_path_factory.mktemp("processed"))).extracts


def measured(given: Extracts) -> Callable[[], object]:
    registers = {"published": load_published(), "targets": load_targets(roles=given.roles), "breaks": load_breaks()}
    return lambda: measure(given, **registers)


def test_an_extract_is_read_once_and_a_further_one_alone(read, real_data, tmp_path):
    raw, processed = tmp_path / "raw", str(tmp_path / "processed")
    files = sorted((real_data / "pcn-workforce-individual").glob("*Individual Level.csv"))
    raw.mkdir()
    for path in files[:-1]:
        shutil.copyfile(path, raw / path.name)

    an.run("", str(raw), processed)
    first = list(read)
    an.run("", str(raw), processed)
    shutil.copyfile(files[-1], raw / files[-1].name)
    an.run("", str(raw), processed)

    assert len(first) == len(set(first)) == len(files) - 1
    assert len(read) == len(files)


def test_a_file_that_nobody_wrote_to_is_not_hashed_again(real_data, tmp_path, monkeypatch):
    hashed: list[int] = []
    sha256 = hashlib.sha256
    monkeypatch.setattr(
        examine, "hashlib", SimpleNamespace(sha256=lambda data: hashed.append(len(data)) or sha256(data))
    )
    monkeypatch.setattr(file_digests, "_COARSEST_SECONDS", -1)
    raw, processed = tmp_path / "raw", str(tmp_path / "processed")
    raw.mkdir()
    for path in [*(real_data / "pcn-workforce-individual").iterdir()][:2]:
        shutil.copyfile(path, raw / path.name)

    an.run("", str(raw), processed)
    first = len(hashed)
    an.run("", str(raw), processed)

    assert len(hashed) == first > 0


def test_measures_group_the_compact_table_and_never_the_rows(extracts, monkeypatch):
    grouped: list[int] = []
    groupby = pd.DataFrame.groupby
    monkeypatch.setattr(
        pd.DataFrame,
        "groupby",
        lambda self, *given, **named: grouped.append(len(self)) or groupby(self, *given, **named),
    )

    measured(extracts)()

    assert 0 < max(grouped) <= len(extracts.table.cells) < len(extracts.workforce)
    assert sum(grouped) <= MOST_ROWS_GROUPED


def test_measures_call_no_more_functions_than_they_did(extracts):
    work, calls = measured(extracts), 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    work()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)

    assert 0 < calls <= MOST_CALLS


def test_a_kernel_is_started_for_each_notebook_and_none_for_a_text(project, publish, write_notebook, monkeypatch):
    started: list[str] = []
    start = ReportKernelManager.start_kernel

    async def counted(self: ReportKernelManager, **settings: object) -> None:
        started.append(self.notebook)
        await start(self, **settings)

    monkeypatch.setattr(ReportKernelManager, "start_kernel", counted)
    last = write_notebook(project / "notebooks/2_report.ipynb", "1 + 1")

    assert report_or_notebooks(Request(period=PERIOD)) == (None, True)
    make_report(Request(period=PERIOD), publish=publish)
    assert started == ["1_ingest", "2_report"]

    add_title(last)
    assert report_or_notebooks(Request(period=PERIOD)) == (None, False)
    make_report(Request(period=PERIOD), publish=publish)
    assert started == ["1_ingest", "2_report"]


def test_the_next_kernel_starts_while_the_one_before_ends(project, publish, write_notebook, monkeypatch):
    events: list[tuple[str, str]] = []
    start, end = ReportKernelManager.start_kernel, ReportKernelManager.shutdown_kernel

    async def started(self: ReportKernelManager, **settings: object) -> None:
        await start(self, **settings)
        events.append(("started", self.notebook))

    async def ended(self: ReportKernelManager, **settings: object) -> None:
        await end(self, **settings)
        events.append(("ended", self.notebook))

    monkeypatch.setattr(ReportKernelManager, "start_kernel", started)
    monkeypatch.setattr(ReportKernelManager, "shutdown_kernel", ended)
    write_notebook(project / "notebooks/2_report.ipynb", "import os\nprint(os.getcwd())")

    folder = make_report(Request(period=PERIOD), publish=publish).folder

    assert [event for event in events if event[1] == "1_ingest"] == [("started", "1_ingest"), ("ended", "1_ingest")]
    assert events.index(("started", "2_report")) < events.index(("ended", "1_ingest"))
    assert events.count(("started", "2_report")) == 1
    assert str(project / "notebooks") in (folder / "notebooks/2_report.ipynb").read_text()


def test_a_kernel_that_was_started_for_nothing_ends_with_the_run(project, publish, write_notebook, monkeypatch):
    """The gate stops the run when the kernel of the next notebook is there already."""
    processes: dict[str, subprocess.Popen] = {}
    start = ReportKernelManager.start_kernel

    async def started(self: ReportKernelManager, **settings: object) -> None:
        await start(self, **settings)
        processes[self.notebook] = self.provisioner.process

    monkeypatch.setattr(ReportKernelManager, "start_kernel", started)
    failed = json.dumps({"passed": False, "checks": []})
    saves = f"import pathlib\n(pathlib.Path.cwd().parent / results / 'validation.json').write_text({failed!r})"
    write_notebook(project / "notebooks/2_validate.ipynb", saves)
    write_notebook(project / "notebooks/3_report.ipynb", "1 + 1")

    with pytest.raises(GateError):
        make_report(Request(period=PERIOD), publish=publish)

    assert list(processes) == ["1_ingest", "2_validate", "3_report"]
    assert all(process.poll() is not None for process in processes.values())


IMPORTS = """
import importlib, sys
for name in sys.argv[1].split():
    importlib.import_module(name)
print(*(name for name in sys.argv[2].split() if name in sys.modules))
"""


@pytest.mark.parametrize(
    ("imported", "heavy"),
    [
        ("analysis.charts.render analysis.charts.drawing_requests", "pandas altair numpy pyarrow"),
        (
            "analysis.pipeline.make_report analysis.pipeline.publication analysis.pipeline.put_in_place",
            "altair scipy papermill openpyxl great_expectations analysis.report.report",
        ),
        ("analysis.quality.gx", "scipy.stats"),
    ],
    ids=["what draws", "what publishes", "what validates"],
)
def test_a_process_imports_no_more_than_it_needs(imported, heavy):
    """Each of these takes a tenth of a second to a second and a half."""
    command = [sys.executable, "-c", IMPORTS, imported, heavy]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == []


def add_title(path: Path) -> None:
    """Put a cell of text before all others."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("## A title", id="title"))
    nbformat.write(notebook, path)
