"""A forked kernel is a kernel like any other: the same outputs, a process of its own, and nothing left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from analysis.pipeline import engine, forked_kernels, kernels
from analysis.pipeline.forked_kernels import ForkedKernelProvisioner, ForkedProcess, KernelTemplate, TemplateError
from analysis.pipeline.make_report import make_report
from analysis.pipeline.plan import Request

pytestmark = pytest.mark.skipif(not forked_kernels.forking_is_supported(), reason="kernels cannot be forked here")


@pytest.fixture(autouse=True)
def forked(plain_kernels, monkeypatch):
    """Here kernels are forked, as by default."""
    monkeypatch.delenv(forked_kernels.SWITCH)


# What a notebook can show that a kernel that is not whole would show otherwise.
FIDELITY = [
    "import os, sys, warnings, logging, random, threading, signal, subprocess",
    "print(os.getcwd(), sys.path, sys.argv[0], sys.argv[1], __name__, sys.stdin.read)",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\n{'a': 1}",
    "%%capture caught\nprint('caught')",
    "caught.stdout, get_ipython().__class__.__name__",
    "!echo from a shell; echo errors >&2",
    "os.system('echo from the process itself')",
    "warnings.warn('seen', stacklevel=1)",
    "sys.stderr.write('to stderr')",
    "hash('text'), len({*'abcdef'}), {*'abcdef'}",
    "import numpy, pandas as pd\npd.DataFrame({'n': numpy.arange(3) / 7})",
    "pd.DataFrame([range(1000, 1030)])",
    "[value for name in dir(pd.options.display) if isinstance(value := getattr(pd.options.display, name), int | str)]",
    "import great_expectations\nwarnings.warn('after great_expectations', stacklevel=1)",
    "logging.getLogger('x').warning('logged')",
    "sys.modules['__main__'].__dict__ is globals(), threading.current_thread() is threading.main_thread()",
    "signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD)",
    "subprocess.run([sys.executable, '-c', 'import os; print(os.getcwd())'], capture_output=True, text=True)",
    "import pickle\nclass Own: pass\ntype(pickle.loads(pickle.dumps(Own()))) is Own",
    "os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid(), os.getppid() == int(os.environ['JPY_PARENT_PID'])",
    "%timeit -n1 -r1 -q pass\nIn[1], Out[3]",
    "1 / 0",
]
PIDS = "import os, pathlib\npathlib.Path('pids.txt').open('a').write(f'{os.getpid()}\\n')"


def run_notebook(folder: Path, cells: list[str], manager: type[kernels.ReportKernelManager]):
    """Run cells in ``folder``; return the notebook as executed, and the manager of its kernel."""
    source, output = folder / "source.ipynb", folder / "output.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, source)
    own = manager.for_notebook("source")
    with contextlib.suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            source,
            output,
            engine_name=engine.NAME,
            kernel_name="python3",
            language="python",
            cwd=folder,
            progress_bar=False,
            kernel_manager_class=own,
            log_output=False,
        )
    return nbformat.read(output, as_version=4), own.own[0]


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def wait_until_ended(*pids: int) -> None:
    give_up = time.monotonic() + 30
    while any(map(is_alive, pids)):
        assert time.monotonic() < give_up, f"one of {pids} still lives"
        time.sleep(0.02)


def shown(notebook) -> list:
    """The outputs of each cell, with the addresses of objects left out."""
    outputs = [[dict(output) for output in cell.get("outputs", [])] for cell in notebook.cells]
    text = repr(outputs)
    return re.sub(r"0x[0-9a-f]{6,}|analysis-[0-9a-f]{8}|ipykernel_\d+|/\d+\.py", "…", text)


def test_a_forked_kernel_shows_what_a_plain_one_shows(tmp_path, monkeypatch):
    with kernels.report_kernels() as manager:
        forked, of_forked = run_notebook(tmp_path, FIDELITY, manager)
    monkeypatch.setenv(forked_kernels.SWITCH, "plain")
    with kernels.report_kernels() as manager:
        plain, of_plain = run_notebook(tmp_path, FIDELITY, manager)

    assert isinstance(of_forked.provisioner, ForkedKernelProvisioner)
    assert not isinstance(of_plain.provisioner, ForkedKernelProvisioner)
    assert len(shown(forked)) > 2000
    assert shown(forked) == shown(plain)


def test_each_kernel_is_a_process_of_its_own_and_draws_its_own_random_numbers(tmp_path):
    drawn = ["import random, numpy, os, secrets", "print(os.getpid(), random.random(), numpy.random.random())"]
    with kernels.report_kernels() as manager:
        printed = [run_notebook(tmp_path, drawn, manager)[0].cells[1].outputs[0].text.split() for _ in range(3)]

    for column in zip(*printed, strict=True):
        assert len(set(column)) == 3


def test_nothing_is_left_of_the_kernels_of_a_run(tmp_path, monkeypatch):
    place = Path("/tmp") / f"k{os.getpid()}"  # noqa: S108 - a short path, for sockets
    place.mkdir()
    monkeypatch.setattr(kernels, "_temporary_places", lambda: [place])
    with kernels.report_kernels() as manager:  # the first kernel of a process makes an event loop, which stays
        run_notebook(tmp_path, ["1"], manager)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with kernels.report_kernels() as manager:
        template = manager.template.pid
        run_notebook(tmp_path, [PIDS], manager)
        pid = int((tmp_path / "pids.txt").read_text())
        assert is_alive(template)
    wait_until_ended(template, pid)

    assert list(place.iterdir()) == []
    place.rmdir()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_template_and_its_kernels_end_with_the_process_that_started_them(project, write_notebook, number):
    slow = PIDS + "\nimport time; pathlib.Path('pids.txt').open('a').write(f'{os.getppid()}\\n'); time.sleep(300)"
    write_notebook(project / "notebooks/1_ingest.ipynb", slow)
    pids = project / "notebooks/pids.txt"
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "report", "--period", "2022-09"]
    run = subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE)
    give_up = time.monotonic() + 90
    while not (pids.exists() and pids.read_text().count("\n") == 2):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    run.send_signal(number)
    run.communicate(timeout=60)

    wait_until_ended(*map(int, pids.read_text().split()))


def test_a_kernel_that_dies_is_noticed_and_told_with_its_signal(tmp_path):
    with kernels.report_kernels() as manager:
        template = KernelTemplate(os.environ)
        process = template.fork(
            ["-f", str(tmp_path / "c.json")], cwd=str(tmp_path), environment=os.environ, output=(1, 2)
        )
        try:
            assert process.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.1)
            os.kill(process.pid, signal.SIGKILL)
            assert process.wait(30) == -signal.SIGKILL
            process.kill()
        finally:
            template.close()
    assert manager.started == []


def test_a_kernel_of_another_environment_is_not_forked():
    template = KernelTemplate(os.environ)
    try:
        with pytest.raises(TemplateError, match="another environment"):
            template.fork([], cwd=None, environment={**os.environ, "PYTHONHASHSEED": "7"}, output=(1, 2))
    finally:
        template.close()


def test_a_template_that_has_died_leaves_plain_kernels(tmp_path):
    with kernels.report_kernels() as manager:
        os.kill(manager.template.pid, signal.SIGKILL)
        wait_until_ended(manager.template.pid)
        notebook, of_kernel = run_notebook(tmp_path, ["print('made')"], manager)

    assert notebook.cells[0].outputs[0].text == "made\n"
    assert not isinstance(of_kernel.provisioner.process, ForkedProcess)


def test_any_program_of_jupyter_can_use_the_provisioner(monkeypatch, tmp_path):
    """As JupyterLab does: a manager of its own, an interrupt, a restart, a shutdown."""
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", forked_kernels.NAME)
    KernelProvisionerFactory.clear_instance()  # it keeps the name from its first use on

    async def use() -> tuple[list[str], int]:
        manager = AsyncKernelManager(kernel_name="python3")
        await manager.start_kernel(cwd=str(tmp_path))
        assert isinstance(manager.provisioner.process, ForkedProcess)
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        message = client.execute("import time; time.sleep(300)")
        await asyncio.sleep(0.5)
        await manager.interrupt_kernel()
        while (reply := await client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != message:
            pass
        first = manager.provisioner.process.pid
        await manager.restart_kernel()
        await client.wait_for_ready(timeout=60)
        second = manager.provisioner.process.pid
        assert first != second
        client.stop_channels()
        await manager.shutdown_kernel()
        return reply["content"]["ename"], second

    error, pid = asyncio.run(use())
    assert error == "KeyboardInterrupt"
    wait_until_ended(pid)
    forked_kernels._close_templates()
    KernelProvisionerFactory.clear_instance()


def test_the_same_report_with_forked_and_plain_kernels(project, write_notebook, ingest_cell, publish, monkeypatch):
    cells = (
        ingest_cell,
        "import pandas as pd\npd.DataFrame({'a': [1.5, 2]})",
        "print(sorted({*'hash'}), [*{*'hash'}])",
    )
    write_notebook(project / "notebooks/1_ingest.ipynb", *cells, tags=("report",))
    made = []
    for how in ("", "plain"):
        monkeypatch.setenv(forked_kernels.SWITCH, how)
        folder = make_report(Request(period="2022-09", reports=project / f"reports{how}"), publish=publish).folder
        made.append((folder / "notebooks/1_ingest.ipynb").read_bytes())

    assert made[0] == made[1]


def test_modules_are_imported_beside_the_next_kernel_for_those_after_it(tmp_path):
    loaded = ["import sys", "print('colorsys' in sys.modules)"]
    with kernels.report_kernels() as manager:
        manager.template.import_after_next("colorsys", "a_module_that_there_is_not")
        printed, until = [], time.monotonic() + 60  # what the template imports by itself comes before it
        while printed[-1:] != ["True\n"] and time.monotonic() < until:
            printed.append(run_notebook(tmp_path, loaded, manager)[0].cells[1].outputs[0].text)

    assert printed[0] == "False\n"
    assert printed[-1] == "True\n"
