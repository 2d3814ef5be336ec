"""An installed wheel makes a working folder, and reports in it, without a clone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.command import PATIENCE_SECONDS, command, copy_project

from analysis.sample import write_sample

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def site(shared_run: Callable) -> Path:
    """A folder in which the wheel is installed, as pip would unpack it."""

    def install(folder: Path) -> None:
        copy_project(folder / "source")
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
        subprocess.run(build, cwd=folder / "source", check=True, capture_output=True)
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / "site")
        for path in (folder / "source").rglob("*"):
            if path.suffix in {".ipynb", ".py"}:
                path.unlink()  # nothing of the clone may be used

    return shared_run("wheel", install) / "site"


def run(site: Path, cwd: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``analysis ARGUMENTS`` of the installed package in ``cwd``."""
    paths = os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(
        command(arguments),
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_without_a_project_it_says_how_to_make_one(site, tmp_path):
    ended = run(site, tmp_path, "report")
    assert ended.returncode == 2
    assert "make a working folder first: `analysis new FOLDER`" in ended.stderr


def test_a_working_folder_is_never_made_over_files(site, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
    ended = run(site, tmp_path, "new", "mine")
    assert ended.returncode == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_report_is_made_in_a_working_folder(site, tmp_path):
    assert run(site, tmp_path, "new", "mine").returncode == 0
    mine = tmp_path / "mine"
    assert {path.name for path in mine.iterdir()} == {
        *("Makefile", "analysis.toml", "data", "notebooks", "registers", ".gitignore"),
    }
    register = mine / "registers" / "targets.toml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("2019 target: link workers in place", "A name of our own"), encoding="utf-8")
    write_sample(tmp_path / "raw", first="2020-12", last="2021-03")

    ended = run(site, mine, "report", "--raw", tmp_path / "raw", "--quiet")

    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    report = mine / "reports" / "2021-03"
    assert "A name of our own" in (report / "index.html").read_text(encoding="utf-8")
    assert (mine / "reports" / "methodology.html").is_file()
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run"].startswith("2021-03-")
    assert any("lies outside this project" in reason for reason in manifest["status_reasons"])
