"""The files to take away: written by a process beside, here when that fails, taken over when nothing has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.markup.notebook_output import TABLES_MIME
from analysis.pipeline import downloads, make_downloads
from analysis.pipeline.make_report import make_report
from analysis.pipeline.request import Request

PERIOD = "2022-09"


class Ended:
    """A process that ends with a code, and writes a table before it does if it is given the folder."""

    def __init__(self, code: int, folder: Path | None = None) -> None:
        self.code, self.folder = code, folder

    def wait(self) -> int:
        """Give the code."""
        if self.folder is not None:
            write_table(self.folder)
        return self.code

    def kill(self) -> None:
        """It has ended."""


@pytest.fixture
def written(monkeypatch) -> list[Path]:
    """The folders for which the tables were written in this process."""
    folders: list[Path] = []

    class Tables:
        def __init__(self, folder: Path) -> None:
            self.folder = folder

        def write(self, sections: list[Path]) -> None:
            folders.append(self.folder)
            write_table(self.folder)

    monkeypatch.setattr(make_downloads, "Downloads", Tables)
    return folders


def write_table(folder: Path) -> None:
    """Write a folder of tables, and the files of all areas."""
    (folder / "tables").mkdir()
    for name in ("tables/a.csv", "facts.csv", "facts.parquet"):
        (folder / name).write_text("a\n1\n")


@pytest.fixture
def make(project, publish, write_notebook):
    """Make a report whose last notebook shows ``title`` as prose and a table with ``value`` in it."""

    def make(value: int = 1, title: str = "Title", **asked: bool) -> list[str]:
        bundle = {"text/html": title, TABLES_MIME: [{"id": "a", "value": value}]}
        shows = f"from IPython.display import display\ndisplay({json.dumps(bundle)}, raw=True)"
        write_notebook(project / "notebooks/2_report.ipynb", shows, tags=("report",))
        lines: list[str] = []

        def with_downloads(folder, sections, code, *, downloads):
            with downloads(folder, sections):
                return publish(folder, sections, code)

        folder = make_report(Request(period=PERIOD, **asked), tell=lines.append, publish=with_downloads).folder
        assert {(folder / name).read_text() for name in ("tables/a.csv", "facts.csv", "facts.parquet")} == {"a\n1\n"}
        return lines

    return make


@pytest.mark.parametrize("code", [None, 1, -9], ids=["no process", "failed", "killed"])
def test_without_a_process_that_succeeds_they_are_written_here(make, written, code, monkeypatch):
    process = None if code is None else Ended(code)
    monkeypatch.setattr("analysis.pipeline.kernels.ReportKernelManager.fork_module", lambda *_: process)

    make()

    assert len(written) == 1


def test_what_a_process_has_written_is_not_written_again(make, written, monkeypatch):
    def fork(module: str, arguments: list[str]) -> Ended:
        assert module == "analysis.pipeline.make_downloads"
        return Ended(0, Path(arguments[0]))

    monkeypatch.setattr("analysis.pipeline.kernels.ReportKernelManager.fork_module", staticmethod(fork))

    make()

    assert written == []


def test_they_are_taken_over_when_the_same_tables_are_shown(make, written):
    make()
    assert "downloads: unchanged" in make(title="Another title")
    assert len(written) == 1


@pytest.mark.parametrize("change", ["table", "raw", "fresh"])
def test_they_are_written_again_when_what_they_depend_on_has_changed(make, written, change, project):
    make()
    if change == "raw":
        (project / "data/raw/extract.csv").write_text("others")

    make(value=2 if change == "table" else 1, fresh=change == "fresh")

    assert len(written) == 2


def test_a_fault_in_writing_them_is_raised(make, monkeypatch):
    def refuse(folder: Path) -> None:
        raise ValueError("two tables have the same id")

    monkeypatch.setattr(make_downloads, "Downloads", refuse)

    with pytest.raises(ValueError, match="same id"):
        make()


def test_it_begins_beside_the_last_notebook_of_a_new_analysis(project, publish, write_notebook, monkeypatch):
    """And not when the analysis is the one of an earlier run, whose tables are most likely stored."""
    begun: list[bool] = []

    class Process(downloads.DownloadsProcess):
        def __init__(self, folder: Path, results: dict[str, str], kernels: type) -> None:
            begun.append((folder / "notebooks/3_report.ipynb").exists())
            super().__init__(folder, results, kernels)

    monkeypatch.setattr(downloads, "DownloadsProcess", Process)
    analyse = "import pathlib\n(pathlib.Path.cwd().parent / results / 'assessment.json').write_text('{}')"
    write_notebook(project / "notebooks/2_analyse.ipynb", analyse)
    for shown in ("1", "2"):
        write_notebook(project / "notebooks/3_report.ipynb", shown, tags=("report",))
        make_report(Request(period=PERIOD), publish=publish)

    assert begun == [False]


def test_a_notebook_that_changes_the_analysis_while_it_runs_has_another_begin(
    project, publish, write_notebook, monkeypatch
):
    """What the first one has read is no longer the analysis of this report."""
    begun: list[Path] = []

    class Process(downloads.DownloadsProcess):
        def __init__(self, folder: Path, results: dict[str, str], kernels: type) -> None:
            begun.append(folder)
            super().__init__(folder, results, kernels)

    def with_downloads(folder, sections, code, *, downloads):
        with downloads(folder, sections):
            return publish(folder, sections, code)

    def fork(module: str, arguments: list[str]) -> Ended:
        return Ended(0, Path(arguments[0]))

    monkeypatch.setattr(downloads, "DownloadsProcess", Process)
    monkeypatch.setattr("analysis.pipeline.kernels.ReportKernelManager.fork_module", staticmethod(fork))
    saves = "import pathlib\n(pathlib.Path.cwd().parent / results / 'assessment.json').write_text('{}')"
    write_notebook(project / "notebooks/2_analyse.ipynb", saves)
    write_notebook(project / "notebooks/3_report.ipynb", saves.replace("{}", "{ }"), tags=("report",))

    make_report(Request(period=PERIOD), publish=with_downloads)

    assert len(begun) == 2
