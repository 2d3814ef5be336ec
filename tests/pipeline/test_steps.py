"""A step is done again when anything that it depends on has changed, and only then."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from analysis import file_digests
from analysis.errors import NotebookError
from analysis.pipeline import step_inputs, steps
from analysis.pipeline.files_read import NOTE_FILES_READ, files_read
from analysis.pipeline.make_report import make_report
from analysis.pipeline.request import Request
from analysis.pipeline.step_store import StepStore

REQUEST = Request(period="2022-09")
MEASURE = (
    "import json, pathlib, os\n"
    "folder = pathlib.Path(results)\n"
    "folder = folder if folder.is_absolute() else pathlib.Path.cwd().parent / folder\n"
    "given = json.loads((folder / 'ingest.json').read_text())\n"
    "(folder / 'measured.json').write_text(json.dumps(given))\n"
)


@pytest.fixture
def report(project, write_notebook, ingest_cell, publish, monkeypatch):
    """Three steps; ``report(request)`` makes the report and says which of them it ran.

    Which ran is told by the run itself: a file that the notebooks wrote would be one of their inputs.
    """
    write_notebook(project / "notebooks/2_measure.ipynb", MEASURE)
    write_notebook(project / "notebooks/3_page.ipynb", "print('page')", tags=("report",))
    for path in (project / "notebooks").iterdir():
        add_text(path)
    (project / "docs").mkdir()
    monkeypatch.setattr(steps, "_is_listed", lambda reports: True)
    monkeypatch.setattr(file_digests, "_COARSEST_SECONDS", -1)  # so that the digests of these new files are kept

    def run(request: Request = REQUEST) -> list[str]:
        if steps.report_in_place(request):
            return []
        lines: list[str] = []
        make_report(request, tell=lines.append, publish=publish)
        return [line.split(":")[0] for line in lines if not line.endswith("unchanged")]

    return run


ALL = ["1_ingest", "2_measure", "3_page", "publish"]


def test_a_report_of_which_nothing_has_changed_stays_as_it_is(report, project):
    assert report() == ALL
    before = {path: path.stat().st_mtime_ns for path in (project / "reports").rglob("*")}

    assert report() == []

    assert {path: path.stat().st_mtime_ns for path in (project / "reports").rglob("*")} == before
    plans, made = steps.plan_steps(REQUEST)
    assert [plan.runs for plan in plans] == [False] * 4
    assert made.status == "draft"


def add_text(path: Path) -> None:
    """Put a title before the cells of a notebook, and a text before the last."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, text("# Title", "title"))
    notebook.cells.insert(-1, text("Text.", "text"))
    notebook.cells.insert(2, nbformat.v4.new_code_cell("print('first')", id="first"))
    nbformat.write(notebook, path)


def edit_cell(path: Path, text: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += text
    nbformat.write(notebook, path)


def add_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def change_byte(path: Path) -> None:
    """Change a byte, and give the file back the times that it had."""
    times = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """A copy of the package in the place of the one whose code counts, and an environment with one package."""
    copy = tmp_path / "package" / "analysis"
    (copy / "publish" / "templates").mkdir(parents=True)
    (copy / "code.py").write_text("x = 1\n")
    (copy / "publish" / "templates" / "page.html").write_text("<p>\n")
    monkeypatch.setattr(step_inputs, "_PACKAGE", copy)
    site = tmp_path / "site" / "some_package-3.0.1.dist-info"
    site.mkdir(parents=True)
    (site / "RECORD").write_text("some_package.py,sha256=abc,10\n")
    monkeypatch.syspath_prepend(site.parent)
    registers = tmp_path / "registers"
    registers.mkdir()
    (registers / "targets.toml").write_text("a = 1\n")
    monkeypatch.setattr(step_inputs, "register_names", lambda: ["targets.toml"])
    monkeypatch.setattr(step_inputs, "register_path", lambda name: registers / name)
    return tmp_path


def edit_notebook(path: Path, change: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    {**CODE_CHANGES, **TEXT_CHANGES}[change](notebook)
    nbformat.write(notebook, path)


def text(source: str, cell_id: str = "new-text", **metadata: object) -> object:
    return nbformat.v4.new_markdown_cell(source, id=cell_id, metadata=metadata)


# What is done to a notebook whose cells are: title, parameters, cell, text, last cell. Any of these may give other outputs.
CODE_CHANGES = {
    "a cell's code": lambda n: n.cells[2].update(source="1"),
    "a cell more": lambda n: n.cells.append(nbformat.v4.new_code_cell("1", id="new-code")),
    "a cell less": lambda n: n.cells.pop(2),
    "a cell moved": lambda n: n.cells.append(n.cells.pop(2)),
    "a cell's id": lambda n: n.cells[2].update(id="other"),
    "a cell's tags": lambda n: n.cells[2].metadata.update(tags=["report"]),
    "a cell's metadata": lambda n: n.cells[2].metadata.update(slow=True),
    "the kernel": lambda n: n.metadata.update(kernelspec={"name": "other", "display_name": "Other"}),
    "the format": lambda n: n.update(nbformat_minor=4),
    "a text that papermill takes for parameters": lambda n: n.cells[0].metadata.update(tags=["parameters"]),
    "a text that is code now": lambda n: n.cells.__setitem__(0, nbformat.v4.new_code_cell("1", id="title")),
    "a cell that is text now": lambda n: n.cells.__setitem__(2, text("1", "first")),
}
# None of these may.
TEXT_CHANGES = {
    "a title": lambda n: n.cells[0].update(source="# Another title"),
    "a text moved": lambda n: n.cells.insert(0, n.cells.pop(3)),
    "a text moved before the parameters of papermill": lambda n: n.cells.insert(2, n.cells.pop(0)),
    "a text more": lambda n: n.cells.insert(3, text("New: é, ½, \u2028", tags=["report"])),
    "a text less": lambda n: n.cells.pop(0),
    "no text": lambda n: n.update(cells=[cell for cell in n.cells if cell.cell_type == "code"]),
    "a text's tags": lambda n: n.cells[0].metadata.update(tags=["report"]),
    "a text's id": lambda n: n.cells[0].update(id="other"),
    "a raw cell": lambda n: n.cells.append(nbformat.v4.new_raw_cell("raw", id="raw")),
    "a picture in a text": lambda n: n.cells[0].update(attachments={"a.png": {"image/png": "iVBORw0="}}),
    "a mark of papermill": lambda n: n.cells.append(text("failed", tags=["papermill-error-cell-tag"])),
}


# Every kind of input, how it changes, what says so, and the first step that runs again.
CHANGES = {
    "a byte of an extract": (lambda p, t, m: add_byte(p / "data/raw/extract.csv"), "extract.csv in RAW changed", 0),
    "a byte of an extract that bears its old times": (
        lambda p, t, m: change_byte(p / "data/raw/extract.csv"),
        "extract.csv in RAW changed",
        0,
    ),
    "an extract more": (lambda p, t, m: (p / "data/raw/b.csv").write_text("1\n"), "b.csv in RAW is new", 0),
    "an extract less": (lambda p, t, m: (p / "data/raw/other.csv").unlink(), "other.csv in RAW is gone", 0),
    "another name of an extract": (
        lambda p, t, m: (p / "data/raw/other.csv").rename(p / "data/raw/same.csv"),
        "same.csv in RAW is new, other.csv in RAW is gone",
        0,
    ),
    "a register": (lambda p, t, m: add_byte(t / "registers/targets.toml"), "the register targets.toml changed", 0),
    "a module": (lambda p, t, m: add_byte(t / "package/analysis/code.py"), "the code code.py changed", 0),
    "a template": (
        lambda p, t, m: add_byte(t / "package/analysis/publish/templates/page.html"),
        "the code publish/templates/page.html changed",
        0,
    ),
    "a package's version": (
        lambda p, t, m: (t / "site/some_package-3.0.1.dist-info").rename(t / "site/some_package-3.0.2.dist-info"),
        "the package some_package changed",
        0,
    ),
    "a package's files": (
        lambda p, t, m: add_byte(t / "site/some_package-3.0.1.dist-info/RECORD"),
        "the package some_package changed",
        0,
    ),
    "Python": (
        lambda p, t, m: m.setattr(step_inputs, "sys", SimpleNamespace(version="4.0", path=sys.path)),
        "Python changed",
        0,
    ),
    "a variable": (lambda p, t, m: m.setenv("TZ", "Asia/Tokyo"), "the environment variable TZ is new", 0),
    "the first notebook": (
        lambda p, t, m: edit_cell(p / "notebooks/1_ingest.ipynb", "\n1"),
        "the code of 1_ingest.ipynb changed",
        0,
    ),
    "the second notebook": (
        lambda p, t, m: edit_cell(p / "notebooks/2_measure.ipynb", "\n1"),
        "the code of 2_measure.ipynb changed",
        1,
    ),
    "the last notebook": (
        lambda p, t, m: edit_cell(p / "notebooks/3_page.ipynb", "\n1"),
        "the code of 3_page.ipynb changed",
        2,
    ),
    **{
        f"{change} in the second notebook": (
            lambda p, t, m, change=change: edit_notebook(p / "notebooks/2_measure.ipynb", change),
            "the code of 2_measure.ipynb changed",
            1,
        )
        for change in CODE_CHANGES
    },
    **{
        f"{change} in the first notebook": (
            lambda p, t, m, change=change: edit_notebook(p / "notebooks/1_ingest.ipynb", change),
            "the text of 1_ingest.ipynb changed",
            3,
        )
        for change in TEXT_CHANGES
    },
}


def test_what_depends_on_a_change_would_run_again(report, project, package):
    """Each change by itself, taken back before the next: then again nothing would run."""
    (project / "data/raw/other.csv").write_text("c\n")
    report()
    before = {folder: folder.with_name(f"{folder.name}-before") for folder in (project, package / "package")}
    before |= {package / name: package / f"{name}-before" for name in ("site", "registers")}
    for folder, kept in before.items():
        shutil.copytree(folder, kept)

    for change, (make_it, reason, first) in CHANGES.items():
        with pytest.MonkeyPatch.context() as patch:
            make_it(project, package, patch)
            planned, _ = steps.plan_steps(REQUEST)
        assert reason in planned[first].reason, change
        assert [plan.name for plan in planned if plan.runs] == ALL[first:], change
        assert all(plan.seconds is not None for plan in planned)
        for folder, kept in before.items():
            for path in [
                path for path in folder.rglob("*") if path.is_file() and not (kept / path.relative_to(folder)).exists()
            ]:
                path.unlink()
            for path in [
                path for path in folder.rglob("*.dist-info") if not (kept / path.relative_to(folder)).exists()
            ]:
                path.rmdir()
            shutil.copytree(kept, folder, dirs_exist_ok=True)
        assert not any(plan.runs for plan in steps.plan_steps(REQUEST)[0]), change


@pytest.mark.parametrize("change", ["a byte of an extract", "the second notebook", "the last notebook"])
def test_what_depends_on_a_change_runs_again(report, project, change, monkeypatch):
    (project / "data/raw/other.csv").write_text("c\n")
    report()
    make_it, _, first = CHANGES[change]
    make_it(project, project, monkeypatch)

    ran = report()

    assert ran[0] == ALL[first]
    assert ran[-1] == "publish"
    assert report() == []


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, period=""),
        replace(REQUEST, role="cc"),
        replace(REQUEST, raw=Path("copy")),
        replace(REQUEST, processed=Path("elsewhere")),
    ],
    ids=["period", "role", "raw", "processed"],
)
def test_another_parameter_is_another_report(report, project, other):
    report()
    shutil.copytree(project / "data/raw", project / "copy")

    assert report(other)[0] == "1_ingest"


def test_variables_of_the_terminal_do_not_count_and_their_values_are_not_kept(report, project, monkeypatch):
    monkeypatch.setenv("TOKEN", "a-secret")
    report()
    monkeypatch.setenv("COLUMNS", "77")
    monkeypatch.setenv("PERIOD_", "2022-09")

    assert report() == []
    stored = [path.read_bytes() for path in (project / "data/processed/steps").rglob("*") if path.is_file()]
    assert not any(b"a-secret" in content for content in stored)


def test_a_file_that_a_cell_reads_is_an_input(report, project, write_notebook):
    (project / "own.csv").write_text("a\n1\n")
    (project / "helpers").mkdir()
    (project / "helpers/own_helper.py").write_text("VALUE = 1\n")
    cell = "import sys\nsys.path.append('../helpers')\nimport own_helper, pandas\npandas.read_csv('../own.csv')"
    write_notebook(project / "notebooks/2_measure.ipynb", cell + "\nprint(own_helper.VALUE)")
    report()
    assert report() == []

    (project / "own.csv").write_text("a\n2\n")
    assert "own.csv changed" in steps.plan_steps(REQUEST)[0][1].reason
    assert report()[0] == "2_measure"
    (project / "helpers/own_helper.py").write_text("VALUE = 22\n")
    assert report()[0] == "2_measure"
    assert "22" in (project / "reports/2022-09/notebooks/2_measure.ipynb").read_text()
    (project / "own.csv").unlink()
    with pytest.raises(NotebookError, match="FileNotFoundError"):
        report()


def test_the_digests_that_are_kept_decide_nothing(report, project, write_notebook):
    digests = project / "data/processed/digests.json"
    write_notebook(project / "notebooks/2_measure.ipynb", "open('../data/processed/digests.json')")
    (project / "data/processed").mkdir()
    digests.write_text("{}")
    report()

    digests.write_text("[]")

    assert report() == []
    digests.unlink()
    assert report() == []


def test_a_file_that_a_cell_writes_is_made_again_when_it_is_gone(report, project, write_notebook):
    write_notebook(project / "notebooks/2_measure.ipynb", "open('../export.csv', 'w').write('a')")
    report()
    assert report() == []
    (project / "export.csv").unlink()

    assert report()[0] == "2_measure"
    assert (project / "export.csv").exists()


def test_a_notebook_that_starts_a_program_runs_each_time(report, project, write_notebook):
    write_notebook(project / "notebooks/2_measure.ipynb", "import subprocess\nsubprocess.run(['true'])")
    report()

    assert report()[:1] == ["2_measure"]


def kept_notebooks(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project / "reports/2022-09/notebooks").iterdir()}


def test_text_is_published_without_a_notebook_being_run_and_is_as_if_it_had_been(report, project):
    """Each notebook in turn gets each of the changes; those kept are those of a run from the beginning, to the byte."""
    report()
    before = {path: path.read_bytes() for path in sorted((project / "notebooks").iterdir())}

    names, together = [*TEXT_CHANGES], len(before)
    for changes in (names[start : start + together] for start in range(0, len(names), together)):
        for (path, content), change in zip(before.items(), changes, strict=False):
            path.write_bytes(content)
            edit_notebook(path, change)
        assert report() == ["publish"], changes
        taken_over = kept_notebooks(project)
        assert report() == [], changes
        assert report(replace(REQUEST, fresh=True)) == ALL
        assert kept_notebooks(project) == taken_over, changes


def test_a_notebook_that_reads_itself_runs_again_for_a_text(report, project, write_notebook):
    write_notebook(project / "notebooks/2_measure.ipynb", "print(len(open('2_measure.ipynb').read()))")
    add_text(project / "notebooks/2_measure.ipynb")
    report()
    assert report() == []
    edit_notebook(project / "notebooks/2_measure.ipynb", "a title")

    assert "2_measure.ipynb changed" in steps.plan_steps(REQUEST)[0][1].reason
    assert report()[0] == "2_measure"


def test_a_notebook_that_reads_an_executed_one_runs_each_time(report, project, write_notebook):
    reads = MEASURE + "print(len((folder / 'notebooks/1_ingest.ipynb').read_text()))"
    write_notebook(project / "notebooks/2_measure.ipynb", reads)
    report()

    assert report()[0] == "2_measure"


def test_a_text_that_changes_while_the_report_is_made_is_published_next(report, project, write_notebook):
    """The first notebook was run with the old title, and the kept one has it."""
    path = project / "notebooks/1_ingest.ipynb"
    edit = f"import pathlib\npath = pathlib.Path({str(path)!r})\ntext = path.read_text()\n"
    write = "path.write_text(text.replace('# Title', '# Later'))"
    write_notebook(project / "notebooks/2_measure.ipynb", edit + write)
    report()

    assert report()[-1] == "publish"
    assert b"# Later" in kept_notebooks(project)["1_ingest.ipynb"]


def test_a_failed_run_goes_on_where_it_stopped(report, project, write_notebook):
    write_notebook(project / "notebooks/3_page.ipynb", "1 / 0", tags=("report",))
    with pytest.raises(NotebookError):
        report()
    write_notebook(project / "notebooks/3_page.ipynb", "print('page')", tags=("report",))

    assert report() == ["3_page", "publish"]
    assert not (project / "reports/failed").exists()


def test_the_same_bytes_whether_steps_were_done_or_taken_over(report, project, write_notebook):
    def kept() -> dict[str, bytes]:
        folder = project / "reports/2022-09"
        names = [path for path in folder.rglob("*") if path.is_file()]
        but = {"manifest.json", "log.jsonl", "SHA256SUMS"}
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in names if path.name not in but}

    report(replace(REQUEST, fresh=True))
    cold = kept()
    shutil.rmtree(project / "reports")
    assert report() == ["publish"]

    assert kept() == cold
    assert report(replace(REQUEST, fresh=True)) == ALL
    assert kept() == cold


@pytest.mark.parametrize("damage", ["file", "record"])
def test_damaged_results_are_not_used(report, project, damage):
    report()
    entry = next((project / "data/processed/steps/2_measure").iterdir())
    (entry / ("step.json" if damage == "record" else "files/measured.json")).write_text("{}")

    assert report()[0] == "2_measure"


@pytest.mark.parametrize("file", ["index.html", "ingest.json", "manifest.json", "SHA256SUMS"])
def test_a_report_that_was_changed_in_its_place_is_published_again(report, project, file):
    report()
    add_byte(project / "reports/2022-09" / file)

    assert report() == ["publish"]
    assert report() == []


def test_an_earlier_report_is_an_input(report, project):
    report()
    earlier = project / "reports/2022-06"
    earlier.mkdir()
    for name in ("facts.json", "manifest.json"):
        (earlier / name).write_text(json.dumps({"period": "2022-06"}))

    assert "the earlier report 2022-06 is new" in steps.plan_steps(REQUEST)[0][0].reason
    report()
    assert report() == []
    add_byte(earlier / "facts.json")
    assert report()[0] == "1_ingest"


def test_an_input_that_changes_while_a_notebook_runs_is_not_taken_for_the_old_one(report, project, write_notebook):
    """The file is as before in the end, but the notebook may have seen something else."""
    write_notebook(project / "notebooks/2_measure.ipynb", "open('../data/raw/extract.csv', 'a').write('3,4\\n')")
    raw = project / "data/raw/extract.csv"
    before = raw.read_bytes()
    report()
    raw.write_bytes(before)

    assert "2_measure" in report()


def test_results_of_another_first_step_are_not_mixed_in(report, project, write_notebook):
    """The first step reads a file, and is done again for another content; the run then fails before the second."""
    own = project / "own.txt"
    own.write_text("1")
    ingest = (project / "notebooks/1_ingest.ipynb").read_text()
    reads = "synthetic = open('../own.txt').read()\n"
    source = nbformat.reads(ingest, as_version=4).cells[-1].source
    write_notebook(project / "notebooks/1_ingest.ipynb", reads + source.replace('"inputs": []', '"own": synthetic'))
    report()
    own.write_text("2")
    store = StepStore(project / "data/processed")
    first = store.latest("2_measure")
    report()
    second = store.latest("2_measure")
    assert first.inputs["the results of 1_ingest"] != second.inputs["the results of 1_ingest"]
    assert json.loads((project / "reports/2022-09/measured.json").read_text())["own"] == "2"
    own.write_text("1")
    report()
    assert json.loads((project / "reports/2022-09/measured.json").read_text())["own"] == "1"


def test_a_store_that_cannot_be_written_stops_nothing(report, project):
    (project / "data/processed").mkdir(parents=True)
    (project / "data/processed/steps").write_text("a file")

    assert report() == ALL
    assert report() == ALL


def test_the_store_keeps_a_few_entries_of_each_step_and_nothing_half_written(report, project, monkeypatch):
    for number in range(6):
        monkeypatch.setenv("OF_THE_RUN", str(number))
        report()
    place = project / "data/processed/steps"
    (place / "1_ingest/new-1234").mkdir()
    monkeypatch.setenv("OF_THE_RUN", "last")
    report()

    assert {path.name for path in place.iterdir()} == {"1_ingest", "2_measure", "3_page"}
    assert [len(list(path.iterdir())) for path in place.iterdir()] == [4] * 3
    assert not list(place.rglob("new-*"))


def test_work_is_counted_no_kernel_for_a_step_that_is_taken_over(report, project, monkeypatch):
    started = []
    from analysis.pipeline.kernels import ReportKernelManager

    whole = ReportKernelManager.start_kernel

    async def counted(self, **settings):
        started.append(self.notebook)
        await whole(self, **settings)

    monkeypatch.setattr(ReportKernelManager, "start_kernel", counted)
    report()
    assert started == ALL[:3]
    edit_cell(project / "notebooks/3_page.ipynb", "\n1")
    report()
    report()
    assert started == [*ALL[:3], "3_page"]


def test_whether_a_report_is_in_place_is_told_without_the_libraries_that_make_one():
    """They take most of a second to load, and a report of which nothing has changed may take one."""
    code = "import sys, analysis.pipeline.steps as _; print({'pandas', 'pyarrow', 'openpyxl'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_list_of_what_is_read_that_finds_no_room_stops_nothing_and_counts_for_nothing(tmp_path):
    (tmp_path / "kernel.json.read").symlink_to("/dev/full")
    (tmp_path / "data.txt").write_text("read")
    kernel = (
        "import sys, types\n"
        f"app = types.SimpleNamespace(abs_connection_file={str(tmp_path / 'kernel.json')!r})\n"
        "module = types.SimpleNamespace(IPKernelApp=types.SimpleNamespace(instance=lambda: app))\n"
        "sys.modules |= {'ipykernel': types.ModuleType('ipykernel'), 'ipykernel.kernelapp': module}\n"
        f"exec({NOTE_FILES_READ!r})\n"
        f"print(open({str(tmp_path / 'data.txt')!r}).read())\n"
    )

    ran = subprocess.run([sys.executable, "-c", kernel], capture_output=True, text=True, check=True)

    assert ran.stdout == "read\n"
    assert files_read(str(tmp_path / "kernel.json"), []) is None
