"""`analysis register`: new published totals taken over from a bulletin workbook, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from analysis.registers.files import FOLDER
from analysis.registers.published import NAME, load_published
from analysis.sample import write_sample

WHOLE = (FOLDER / NAME).read_text(encoding="utf-8")
ROW = next(line for line in WHOLE.splitlines(keepends=True) if line.startswith("fte,2025-11,splw,all,"))


@pytest.fixture
def raw(real_data, tmp_path):
    """A folder with the real workbook, deeper down, and a file that is none."""
    folder = tmp_path / "raw"
    (folder / "deeper").mkdir(parents=True)
    (workbook,) = (real_data / "published/reconstructed").glob("*Bulletin tables.xlsx")
    (folder / "deeper" / "as I saved it.bin").write_bytes(workbook.read_bytes())
    (folder / "notes.txt").write_text("not a workbook", encoding="utf-8")
    return folder


@pytest.fixture
def register(tmp_path):
    """A copy of the register."""
    path = tmp_path / "registers" / NAME
    path.parent.mkdir()
    path.write_text(WHOLE, encoding="utf-8", newline="")
    return path


@pytest.fixture
def take_over(raw, register):
    """Run the command on the copy."""

    def run(*options, folder=raw):
        command = [sys.executable, "-m", "analysis.command", "register", f"--raw={folder}", f"--register={register}"]
        return subprocess.run([*command, *options], env=os.environ, capture_output=True, text=True, check=False)

    return run


def test_a_register_that_has_the_figures_stays_as_it_is(take_over, register):
    before = register.stat().st_mtime_ns
    done = take_over()
    assert done.returncode == 0, done.stderr
    assert "to 2025-11: 0 new figures, 0 changed, 3531 as they were" in done.stdout
    assert register.stat().st_mtime_ns == before, "nothing to change, and nothing written"


def test_new_figures_come_to_their_place_and_no_other_byte_changes(take_over, register):
    rows = WHOLE.splitlines(keepends=True)
    register.write_text("".join(row for row in rows if ",2025-11,all," not in row and row != ROW), encoding="utf-8")
    done = take_over()
    assert done.returncode == 0, done.stderr
    assert "fte of splw, 2025-11: 2699.3" in done.stdout
    assert register.read_text(encoding="utf-8") == WHOLE
    assert [path.name for path in register.parent.iterdir()] == [NAME], "no file is left beside it"
    load_published(register)


def test_a_figure_that_was_published_otherwise_changes_only_when_that_is_accepted(take_over, register):
    """The register's own row has another value."""
    fields = ROW.split(",")
    old = ",".join([*fields[:4], "2700", *fields[5:]])
    register.write_text(WHOLE.replace(ROW, old), encoding="utf-8")
    refused = take_over()
    assert refused.returncode == 2
    assert "fte of splw, 2025-11: 2699.3" in refused.stderr
    assert "(the register has 2700)" in refused.stderr
    assert "Fix: " in refused.stderr
    assert "--accept-revisions" in refused.stderr
    assert old in register.read_text(encoding="utf-8"), "nothing was written"
    accepted = take_over("--accept-revisions")
    assert accepted.returncode == 0, accepted.stderr
    assert "0 new figures, 1 changed" in accepted.stdout
    assert register.read_text(encoding="utf-8") == WHOLE


def test_an_older_workbook_undoes_nothing(take_over, register):
    later = ROW.replace("fte,2025-11", "fte,2025-12").replace(",2025-11\n", ",2025-12\n")
    register.write_text(WHOLE + later, encoding="utf-8")
    done = take_over("--accept-revisions")
    assert done.returncode == 3
    assert "ends with 2025-11" in done.stderr


def test_without_a_workbook_of_the_publisher_there_is_nothing_to_take_over(take_over, tmp_path):
    """A synthetic workbook is none, and a folder that is not there holds none."""
    synthetic = tmp_path / "synthetic"
    write_sample(synthetic, first="2020-12", last="2021-03")
    done = take_over(folder=synthetic)
    assert done.returncode == 3
    assert "no bulletin tables of the publisher" in done.stderr
    assert take_over(folder=tmp_path / "nowhere").returncode == 3


def test_a_register_that_cannot_be_written_stays_as_it_was(take_over, register):
    """Its folder may not be written; root, who may write anywhere, is told nothing."""
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    register.write_text("".join(WHOLE.splitlines(keepends=True)[:-2]), encoding="utf-8")
    register.parent.chmod(0o555)
    assert take_over().returncode == 2
