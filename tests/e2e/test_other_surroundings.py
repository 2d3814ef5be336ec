"""A report is the same without a network, for another user, from no clone, with RAW read-only, on another file system.

And nothing wants to reach another machine: neither a whole report nor JupyterLab, with all that they start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.command import Project, contents, copy_project
from e2e.outbound import unplugged

pytestmark = pytest.mark.xdist_group("surroundings")

PERIOD = "2020-03"
MAY_DIFFER = ("manifest.json", "log.jsonl", "SHA256SUMS")
NOBODY = 65_534
# JupyterLab as `analysis lab` starts it: it is waited for, its page and a kernel are asked for, and it is ended.
LAB = """
import json, os, subprocess, sys, time, urllib.error, urllib.request
options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=8899", "--IdentityProvider.token=t"]
lab = subprocess.Popen([sys.executable, "-c", "from analysis.cli import main; main()", "lab", "--", *options])
def ask(path, data=None):
    request = urllib.request.Request(f"http://127.0.0.1:8899{path}", data, {"Authorization": "token t"})
    return urllib.request.urlopen(request).read()
try:
    for _ in range(600):
        try:
            page = ask("/lab")
            break
        except urllib.error.URLError:
            time.sleep(0.3)
    ask("/api/kernels", json.dumps({"name": "python3"}).encode())
    ask("/lab/api/settings")
    ask("/lab/api/extensions")
    time.sleep(10)
    sys.exit(0 if b"jupyter-config-data" in page else 1)
finally:
    lab.terminate()
    lab.wait(60)
"""


@pytest.fixture(scope="module")
def project(real_data: Path) -> Iterator[Project]:
    """A copy of the project without .git, one extract, where every user may read it; ``reports`` holds its report."""
    with tempfile.TemporaryDirectory(prefix="surroundings-") as folder:
        Path(folder).chmod(0o755)
        project = copy_project(Path(folder))
        shutil.copy(next(real_data.rglob("*March 2020*.csv")), project.root / "data/raw")
        project.report("--period", PERIOD)
        yield project


def published(reports: Path) -> dict[str, bytes]:
    """Every file of the report but those with times; notebooks and the pages beside it too."""
    return {name: text for name, text in contents(reports / PERIOD).items() if name not in MAY_DIFFER}


@pytest.fixture
def count(tmp_path: Path) -> Path:
    return tmp_path / "packets"


@pytest.fixture
def without_network(count: Path) -> list[str]:
    before = unplugged(count)
    if before is None:
        pytest.skip("this machine permits no namespaces")
    return before


def test_what_wants_to_reach_another_machine_is_counted(without_network, count):
    """Else a count of none would mean nothing. Without the guard of the tests, as a library that is not Python has none."""
    ask = "import socket\nfor a in ('example.org', '192.0.2.1'):\n  try: socket.create_connection((a, 443), 5)\n  except OSError: pass"
    subprocess.run(
        [*without_network, sys.executable, "-S", "-c", ask], check=True, env={**os.environ, "PYTHONPATH": ""}
    )

    assert int(count.read_text()) >= 2


def test_without_a_network_a_report_has_the_same_bytes_and_nothing_was_asked_for(
    project, without_network, count, tmp_path
):
    project.report("--fresh", "--period", PERIOD, "--reports", tmp_path / "reports", through=without_network)

    first, second = published(project.root / "reports"), published(tmp_path / "reports")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert count.read_text() == "0"


def test_jupyterlab_asks_no_other_machine_for_anything(project, without_network, count, tmp_path):
    environment = {**project.environment, "HOME": str(tmp_path)}
    done = subprocess.run(
        [*without_network, sys.executable, "-c", LAB],
        cwd=project.root,
        env=environment,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert count.read_text() == "0"


@pytest.fixture
def other_file_system() -> Iterator[Path]:
    """A folder on another file system than the project's, for everybody to write to."""
    memory = Path("/dev/shm")  # noqa: S108 - a file system of its own on every Linux
    if not memory.is_dir():
        pytest.skip("there is no other file system at hand")
    folder = Path(tempfile.mkdtemp(prefix="reports-", dir=memory))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_another_user_makes_the_same_report_with_raw_read_only_and_reports_elsewhere(project, other_file_system):
    if os.geteuid() or shutil.which("setpriv") is None:
        pytest.skip("only root can become another user")
    # Another user who may read all that root may, since the tests' Python can lie in a folder of root's, and who may
    # write nothing but what is theirs. Through `env`: what setpriv itself starts is still found with root's rights.
    reads = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *reads, "env"]
    if subprocess.run([*become, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody become another user who may read everything")
    variables = {"HOME": str(other_file_system), "TMPDIR": "/tmp"}  # noqa: S108 - as another user has it
    for path in (project.root / "data/processed", *(project.root / "data/processed").rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    raw = project.root / "data/raw"
    raw.chmod(0o555)

    reports = other_file_system / "reports"
    ended = project.run("report", "--fresh", "--period", PERIOD, "--reports", reports, through=become, **variables)

    assert ended.code == 0, ended.complained
    assert (reports / PERIOD).stat().st_dev != raw.stat().st_dev
    assert (reports / PERIOD / "index.html").stat().st_uid == NOBODY
    first, second = published(project.root / "reports"), published(reports)
    assert first.keys() == second.keys()
    different = [name for name in first if first[name] != second[name]]
    assert [name for name in different if not name.startswith("notebooks/")] == []
    assert not [path for path in raw.iterdir() if path.stat().st_uid == NOBODY]
