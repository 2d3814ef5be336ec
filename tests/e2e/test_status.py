"""Final is what real extracts and committed code make; anything else is a draft, and a strict run refuses it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nbformat
import pytest
from e2e.command import Project, copy_project
from e2e.reading import page_text

pytestmark = pytest.mark.xdist_group("status")

TYPED = "A sentence somebody typed: there are 4711 link workers."


@pytest.fixture(scope="module")
def raw(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first extract of the series alone: the quickest real report."""
    folder = tmp_path_factory.mktemp("first-census")
    source = next(real_data.rglob("*March 2020*.csv"))
    (folder / source.name).write_bytes(source.read_bytes())
    return folder


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clean clone of the project: everything committed."""
    project = copy_project(tmp_path_factory.mktemp("clone"))
    git = ["git", "-C", str(project.root), "-c", "user.name=A tester", "-c", "user.email=tester@example.invalid"]
    for arguments in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", "As it is"],
    ):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    return project


def test_a_strict_run_of_a_clean_clone_on_real_extracts_is_final(clone: Project, raw: Path, tmp_path: Path) -> None:
    """The run itself writes into the clone's data/processed, which must not make it look changed."""
    ended = clone.report("--raw", raw, "--reports", tmp_path, "--strict")
    assert "Status: final" in ended.said
    manifest = json.loads((tmp_path / "2020-03" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "final"
    page = (tmp_path / "2020-03" / "index.html").read_text(encoding="utf-8")
    assert "DRAFT" not in page_text(tmp_path / "2020-03" / "index.html")
    commit = subprocess.run(
        ["git", "-C", str(clone.root), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert commit[:10] in page
    assert "with changes" not in page


def test_a_number_typed_into_a_notebook_makes_a_draft_that_names_it(raw: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    path = project.root / "notebooks" / "4_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    heading = next(cell for cell in notebook.cells if cell.source.startswith("## Key figures"))
    heading.source += f"\n\n{TYPED}"
    nbformat.write(notebook, path)
    ended = project.run("report", "--raw", raw, "--reports", tmp_path / "reports")
    assert ended.code == 0, ended
    assert "there are 4711 link" in ended.said
    manifest = json.loads((tmp_path / "reports" / "2020-03" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "draft"
    assert any("'4711'" in finding for finding in manifest["page_findings"])
    banner = page_text(tmp_path / "reports" / "2020-03" / "index.html").split("Key figures")[0]
    assert "there are 4711 link" in " ".join(banner.split())
    ended = project.run("report", "--raw", raw, "--reports", tmp_path / "strict", "--strict")
    assert ended.code == 6, ended
    assert "'4711'" in ended.complained
    assert (tmp_path / "strict" / "failed" / "2020-03" / "failure.html").is_file()


def test_a_strict_run_refuses_synthetic_data_and_changed_code(clone: Project, tmp_path: Path) -> None:
    """Runs after the final report of the same clone, and takes its change back."""
    readme = clone.root / "README.md"
    before = readme.read_bytes()
    readme.write_bytes(before + b"\nNot committed.\n")
    try:
        ended = clone.run("report", "--period", "2020-03", "--reports", tmp_path, "--strict")
    finally:
        readme.write_bytes(before)
    assert ended.code == 6, ended
    what, why, _ = ended.parts
    assert "draft" in what
    assert "synthetic" in why
    assert "not committed" in why
    assert not (tmp_path / "2020-03").exists()
