"""In a clone, outputs of notebooks reach neither status, diff nor commit."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Clone:
    """A small git repository with this project's attributes, tools and (by wrappers) environment."""

    def __init__(self, root: Path, configure) -> None:
        self.root = root
        self.git("init", "--quiet")
        self.git("config", "user.email", "a@example.org")
        self.git("config", "user.name", "A")
        shutil.copy2(ROOT / ".gitattributes", root)
        (root / ".gitignore").write_text(".venv\n__pycache__\n")
        shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        programs = root / ".venv" / "bin"
        programs.mkdir(parents=True)
        for name in ("python", "git-nbdiffdriver"):
            real = Path(sys.executable).with_name(name)
            (programs / name).write_text(f'#!/bin/sh\nexec "{real}" "$@"\n')
            (programs / name).chmod(0o755)
        assert configure(root)
        (root / "notebooks").mkdir()
        self.notebook = root / "notebooks" / "1_ingest.ipynb"

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run git here; its output and messages."""
        done = subprocess.run(["git", *arguments], cwd=cwd or self.root, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    def save(self, source: str, *, ran: bool) -> None:
        """Write the notebook as JupyterLab or papermill saves it: before, or after, it was run."""
        cell = {"cell_type": "code", "id": "load", "metadata": {}, "source": source, "outputs": []}
        cell["execution_count"] = None
        metadata = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
        metadata["language_info"] = {"name": "python"}
        if ran:
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["the secret output\n"]}]
            cell["metadata"] = {"execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"}, "papermill": {"x": 1}}
            metadata["papermill"] = {"output_path": "/home/somebody/out.ipynb"}
            metadata["language_info"]["version"] = "3.11.7"
        notebook = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        self.notebook.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")


@pytest.fixture
def clone(tmp_path, tools) -> Clone:
    made = Clone(tmp_path, tools("git_setup").configure)
    made.save("rows = 1", ran=False)
    made.git("add", ".")
    made.git("commit", "--quiet", "-m", "A clean notebook")
    return made


def test_a_notebook_run_and_saved_leaves_nothing_to_commit(clone):
    """`git status` alone may list it until it is added: git goes by the size of the file, not by what it would commit."""
    clone.save("rows = 1", ran=True)
    assert clone.git("diff") == ""
    clone.git("add", "--update")
    assert clone.git("status", "--porcelain") == ""


@pytest.mark.parametrize("folder", [".", "notebooks"])
def test_an_edit_shows_in_the_diff_without_the_outputs(clone, folder):
    clone.save("rows = 2", ran=True)
    diff = clone.git("diff", cwd=clone.root / folder)
    assert "rows = 2" in diff
    assert [word for word in ("secret", "execution_count", "papermill", "somebody", "3.11.7") if word in diff] == []


def test_what_is_committed_holds_no_output(clone):
    clone.save("rows = 2", ran=True)
    clone.git("commit", "--quiet", "--all", "-m", "An edit")
    committed = json.loads(clone.git("show", "HEAD:notebooks/1_ingest.ipynb"))
    assert committed["cells"] == [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "load",
            "metadata": {},
            "outputs": [],
            "source": ["rows = 2"],
        }
    ]
    assert committed["metadata"]["language_info"] == {"name": "python"}
    assert "papermill" not in committed["metadata"]


def test_git_still_works_when_the_environment_is_gone(clone):
    shutil.rmtree(clone.root / ".venv")
    clone.save("rows = 2", ran=False)
    assert clone.git("status", "--porcelain") == " M notebooks/1_ingest.ipynb\n"
    assert "rows = 2" in clone.git("diff")


def test_setting_up_twice_changes_nothing(clone, tools):
    before = (clone.root / ".git/config").read_bytes()
    assert tools("git_setup").configure(clone.root)
    assert (clone.root / ".git/config").read_bytes() == before


def test_a_folder_without_git_is_left_alone(tmp_path, tools):
    assert not tools("git_setup").configure(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_inside_another_repository_does_not_change_that_one(clone, tools):
    before = (clone.root / ".git/config").read_bytes()
    assert not tools("git_setup").configure(clone.root / "notebooks")
    assert (clone.root / ".git/config").read_bytes() == before
