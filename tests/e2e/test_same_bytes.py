"""The same extracts give the same report: in another place, under other names, with the network unplugged."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from e2e.command import Project, contents

pytestmark = pytest.mark.xdist_group("again")

# The manifest holds times and paths, the log times, and the list of checksums those of these two; the executed notebooks
# hold the RAW and the run's parameters as they were given.
MAY_DIFFER = {"manifest.json", "log.jsonl", "SHA256SUMS"}
MADE = ("out", "out-sample", "processed")  # by other tests, in the copy of the project that this one copies again


def unplugged() -> Sequence[str]:
    """A program that runs another without any network device, where this machine permits it."""
    for program in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        if shutil.which("unshare") and not subprocess.run([*program, "true"], check=False).returncode:
            return program
    return ()  # every run of these tests is under the guard that refuses connections, this one too


@pytest.fixture(scope="module")
def made_again(report_project: Project, tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Path:
    """March 2021 once more: another copy of the project and of the extracts, other folder names, no network."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(report_project.root, elsewhere / "a clone with spaces", ignore=shutil.ignore_patterns(*MADE))
    project = Project(elsewhere / "a clone with spaces")
    shutil.copytree(real_data, elsewhere / "Téléchargements" / "extracts")
    raw, reports = elsewhere / "Téléchargements" / "extracts", elsewhere / "published"
    project.report("--period", "2021-03", "--raw", raw, "--reports", reports, through=unplugged())
    return reports / "2021-03"


def test_every_file_but_those_with_times_has_the_same_bytes(real_report_2021_03: Path, made_again: Path) -> None:
    first, second = contents(real_report_2021_03), contents(made_again)
    assert first.keys() == second.keys()
    compared = [name for name in first if name not in MAY_DIFFER and not name.startswith("notebooks/")]
    assert {
        "index.html",
        "summary.html",
        "summary.md",
        "origins.html",
        "facts.json",
        "assessment.json",
        "validation.html",
        "validation.json",
    } <= set(compared)
    assert "tables/all-tables.xlsx" in compared
    assert [name for name in compared if first[name] != second[name]] == []


def test_no_file_names_the_folders_it_was_made_in(made_again: Path) -> None:
    """Neither the page nor its data lead to a place of this machine; the manifest alone holds paths."""
    folders = [part.encode() for part in ("a clone with spaces", "Téléchargements", str(made_again.parents[1]))]
    named = {
        name
        for name, content in contents(made_again).items()
        if name != "manifest.json" and any(folder in content for folder in folders)
    }
    assert named == set()
