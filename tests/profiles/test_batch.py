"""The pages of a batch: what one area defines is gone before the next, and a failure is that of one area alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from profiles.batches import NOTEBOOK, batch_of, notebook_with, report_of, some_areas

from analysis.errors import NotebookError, UsageError
from analysis.facts.analysis import Measures
from analysis.pipeline.kernels import ReportKernelManager, kernel_surroundings
from analysis.profiles import batch as batches
from analysis.profiles.batch import make_pages, record_of
from analysis.publish.checks import check_page
from analysis.publish.profile_page import MAX_BYTES, page_name, render_profile
from analysis.runs.folder import RunFolder
from analysis.runs.store import PARTS

pytestmark = pytest.mark.xdist_group("profiles")


@pytest.fixture(scope="session")
def pages(small_report: Path, shared_run) -> Path:
    """The pages of two ICBs and a network, made in one batch."""

    def make(folder: Path) -> None:
        areas = [*some_areas(small_report, "icb", 2), *some_areas(small_report, "pcn", 1)]
        make_pages(batch_of(small_report, folder, areas))

    return shared_run("profile-pages", make)


def areas_of_pages(small_report: Path):
    return [*some_areas(small_report, "icb", 2), *some_areas(small_report, "pcn", 1)]


def test_each_area_has_a_page_that_passes_the_checks(small_report, pages):
    """Each names its area, says that its figures are synthetic, and is small enough to be sent."""
    for area in areas_of_pages(small_report):
        outcome = record_of(pages, area)
        assert outcome is not None
        assert outcome.error is None
        page = (pages / page_name(area.code)).read_text(encoding="utf-8")
        assert f"Social prescribing link workers: {area.name}" in page
        assert "Synthetic data." in page
        assert len(page.encode()) <= MAX_BYTES
        assert check_page(page) == []


def test_a_page_of_a_batch_is_that_of_papermill_alone(small_report, pages, tmp_path):
    """The last area of the batch, run by papermill in a plain kernel of its own, gives the same bytes."""
    area = areas_of_pages(small_report)[-1]
    batch = batch_of(small_report, tmp_path / "staging", [area])
    run = tmp_path / "run"
    run.mkdir()
    for part in PARTS:
        source = report_of(small_report) / part
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, run / part)
    RunFolder.given(run, batch.run).record(*PARTS)
    given = {**batch.parameters, "results": str(run), "area": area.code}
    options = [part for name, value in given.items() for part in ("-r", name, value)]
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(NOTEBOOK), str(tmp_path / "out.ipynb")]
    subprocess.run([*command, *options], check=True, capture_output=True)
    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    context = batches._context_of(area, batches._context(report_of(small_report), batch))
    assert render_profile(executed, NOTEBOOK.name, context).encode() == (pages / page_name(area.code)).read_bytes()


def test_forked_kernels_give_the_same_bytes(small_report, pages, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "kernel_surroundings", lambda **_: kernel_surroundings())
    (area,) = some_areas(small_report, "icb", 1)
    make_pages(batch_of(small_report, tmp_path / "staging", [area]))
    name = page_name(area.code)
    assert (tmp_path / "staging" / name).read_bytes() == (pages / name).read_bytes()


def test_one_area_that_fails_leaves_the_others_standing(small_report, tmp_path, monkeypatch):
    """One cell raises for the first area, and ends the kernel of the second; the third and fourth have their pages.

    The cell counts, too: what the first area defined is gone, and the frames were read once for each kernel.
    """
    failing, dying, third, fourth = areas = some_areas(small_report, "region", 4)
    counter = "import pandas as pd\nreads = []\nread = pd.read_parquet\npd.read_parquet = lambda *a, **k: (reads.append(a), read(*a, **k))[1]"
    of_area = (
        f"assert 'left_over' not in globals()\nleft_over = area\nassert len(reads) == {len(Measures.names())}\n"
        f"assert area != {failing.code!r}, 'not this one'\n"
        f"import os\nif area == {dying.code!r}: os._exit(1)"
    )
    made = notebook_with(tmp_path / "own", (counter, ["shared"]), before="profile-run")
    (tmp_path / "own" / "profile.ipynb").write_text(made.source, encoding="utf-8")
    monkeypatch.setattr("profiles.batches.NOTEBOOK", tmp_path / "own" / "profile.ipynb")
    notebook = notebook_with(tmp_path / "two", (of_area, ["notebook-only"]))
    started = []
    original = ReportKernelManager.start_kernel

    async def counted(self, **settings):
        started.append(self)
        await original(self, **settings)

    monkeypatch.setattr(ReportKernelManager, "start_kernel", counted)
    staging = tmp_path / "staging"
    make_pages(batch_of(small_report, staging, areas, notebook))
    outcomes = [record_of(staging, area) for area in areas]
    assert [outcome.error is None for outcome in outcomes] == [False, False, True, True]
    assert "AssertionError: not this one" in outcomes[0].error.what
    assert "profile.ipynb, cell" in outcomes[0].error.what
    assert f"area = '{failing.code}'" in outcomes[0].error.fix
    assert "ended the kernel" in outcomes[1].error.what
    assert {path.name for path in staging.glob("*.html")} == {page_name(area.code) for area in (third, fourth)}
    # One for the batch, and one in the place of each that did not come to its end.
    assert len(started) == 3


def test_digits_in_the_name_of_an_area_are_no_typed_numbers(small_report, tmp_path):
    """Networks are called "4 Doncaster PCN", and sub-ICB locations end with their code: each has its page."""
    network, location = (some_areas(small_report, level, 1)[0] for level in ("pcn", "sub_icb"))
    areas = [replace(network, name="4 DONCASTER PCN"), replace(location, name=f"{location.name} - 01K")]
    make_pages(batch_of(small_report, tmp_path / "staging", areas))
    for area in areas:
        assert record_of(tmp_path / "staging", area).error is None
        page = (tmp_path / "staging" / page_name(area.code)).read_text(encoding="utf-8")
        assert f"<title>SYNTHETIC DATA – DRAFT – Social prescribing link workers: {area.name}," in page


def test_a_batch_begun_again_makes_only_what_is_missing(small_report, pages, tmp_path, monkeypatch):
    """Its pages are there: no kernel is started, as after the loss of a worker that had finished them."""
    monkeypatch.setattr(batches, "kernel_surroundings", lambda **_: pytest.fail("a kernel was started"))
    make_pages(batch_of(small_report, pages, areas_of_pages(small_report)))


def test_a_worker_whose_pages_nobody_waits_for_ends(small_report, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "kernel_surroundings", lambda **_: pytest.fail("a kernel was started"))
    batch = batch_of(small_report, tmp_path / "staging", some_areas(small_report, "icb", 1))
    (tmp_path / "staging" / batches.STOP).touch()
    make_pages(batch)
    make_pages(replace(batch, staging=str(tmp_path / "gone")))


def test_a_worker_with_other_code_or_extracts_is_refused(small_report, tmp_path):
    batch = batch_of(small_report, tmp_path / "staging", some_areas(small_report, "icb", 1))
    with pytest.raises(NotebookError, match="belongs to the run 2022-09-other"):
        make_pages(replace(batch, run="2022-09-other"))


@pytest.mark.parametrize(
    ("source", "fault"),
    [("print(area)", "uses 'area'"), ("%%text\nA text.", "shows a text")],
)
def test_a_shared_cell_that_is_of_one_area_is_refused(tmp_path, source, fault):
    with pytest.raises(UsageError, match=fault):
        notebook_with(tmp_path, (source, ["shared"]), before="profile-area")


def test_a_shared_cell_stands_before_those_of_an_area(tmp_path):
    with pytest.raises(UsageError, match="stands after a cell that is run for each area"):
        notebook_with(tmp_path, ("1 + 1", ["shared"]))
