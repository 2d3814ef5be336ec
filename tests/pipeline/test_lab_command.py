"""JupyterLab as `analysis lab` opens it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from analysis.errors import UsageError, UserError
from analysis.pipeline.lab import last_failed, open_lab
from analysis.settings import LAB_VARIABLES


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(address: str, lab: subprocess.Popen[bytes]) -> str:
    """The text at ``address``, as soon as the server answers."""
    give_up = time.monotonic() + 90
    while True:
        try:
            return urllib.request.urlopen(address).read().decode()  # noqa: S310 - our own server on this machine
        except urllib.error.URLError:
            assert lab.poll() is None, "JupyterLab ended"
            assert time.monotonic() < give_up, "JupyterLab did not answer"
            time.sleep(0.2)


def test_lab_opens_on_the_notebooks_without_news_or_update_requests(project):
    port = free_port()
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "lab", "--"]
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token=t"]
    lab = subprocess.Popen([*command, *options], cwd=project, stderr=subprocess.DEVNULL)
    try:
        page = fetch(f"http://127.0.0.1:{port}/lab?token=t", lab)
        listing = fetch(f"http://127.0.0.1:{port}/api/contents/notebooks?token=t", lab)
    finally:
        lab.terminate()
        lab.wait(timeout=30)

    config = json.loads(
        re.search(r'id="jupyter-config-data" type="application/json">(.*?)</script>', page, re.DOTALL)[1]
    )
    assert config["news"] == {"disabled": True}
    assert [entry["name"] for entry in json.loads(listing)["content"]] == ["1_ingest.ipynb"]


def test_lab_honours_the_census_and_the_folder_that_it_is_given(project, monkeypatch):
    (project / "mine").mkdir()
    (project / "mine" / "extract.csv").write_text("a\n", encoding="utf-8")
    started = {}
    monkeypatch.setattr("os.execve", lambda program, command, environment: started.update(environment))
    open_lab(period="2022-06", raw=Path("mine"))
    assert (started[LAB_VARIABLES["period"]], started[LAB_VARIABLES["raw"]]) == ("2022-06", "mine")


@pytest.mark.parametrize(
    ("asked", "fault"), [({"raw": Path("nowhere")}, "does not exist"), ({"period": "2022"}, "2022")]
)
def test_lab_refuses_what_is_no_census_and_a_folder_that_is_not_there(project, asked, fault):
    with pytest.raises(UserError, match=fault):
        open_lab(**asked)


def test_without_jupyterlab_the_way_to_get_it_is_told(project, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(UsageError, match="not installed") as caught:
        open_lab()

    assert "make lab" in caught.value.fix


def test_the_failed_run_that_is_opened_is_the_last(tmp_path):
    for age, period in enumerate(("2022-09", "2022-06")):
        (tmp_path / "failed" / period / "notebooks").mkdir(parents=True)
        os.utime(tmp_path / "failed" / period, (1000 - age, 1000 - age))

    assert last_failed(tmp_path).name == "2022-09"
