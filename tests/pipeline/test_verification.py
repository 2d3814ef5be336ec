"""``SHA256SUMS`` tells a report that was changed; made again from the same inputs, a report has the same bytes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.errors import PageError, UsageError
from analysis.pipeline import verification
from analysis.pipeline.checksums import NAME, checksums_of, read_checksums
from analysis.pipeline.make_report import make_report
from analysis.pipeline.plan import Request
from analysis.pipeline.verification import verify

PERIOD = "2022-09"


def silent(_: str) -> None:
    """Tell nobody."""


@pytest.fixture
def report(project, publish, write_notebook, ingest_cell, monkeypatch) -> Path:
    """A report whose page shows what is in RAW and which reports lie beside it; made again, the same publisher is used."""

    def write(folder: Path, sections: list[Path], code: object, **_: object) -> object:
        (folder / "tables").mkdir()
        earlier = sorted(path.parent.name for path in folder.parent.glob("*/facts.json"))
        raw = (project / "data/raw/extract.csv").read_text()
        (folder / "tables/a.csv").write_text(f"{raw} {earlier}")
        (folder / "facts.json").write_text("{}")
        return publish(folder, sections, code)

    monkeypatch.setattr(
        verification, "make_report", lambda request, tell: make_report(request, tell=tell, publish=write)
    )
    make_report(Request(period="2022-06"), publish=write)
    return make_report(Request(period=PERIOD), publish=write).folder


def test_every_file_of_a_report_is_listed(report):
    assert set(read_checksums(report)) == {
        path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file() and path.name != NAME
    }
    assert verify(report, tell=silent).files == len(checksums_of(report))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum here")
def test_the_list_is_one_that_sha256sum_reads(report):
    done = subprocess.run(["sha256sum", "--check", "--quiet", NAME], cwd=report, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(("change", "kind"), [("x", "changed"), (None, "missing")])
def test_a_file_that_was_touched_is_named(report, change, kind):
    page = report / "index.html"
    page.unlink() if change is None else page.write_text(change)

    with pytest.raises(PageError, match=rf"index\.html \({kind}\)"):
        verify(report, tell=silent)


def test_a_file_that_was_added_is_named(report):
    (report / "tables/more.csv").write_text("a")

    with pytest.raises(PageError, match=r"tables/more\.csv \(added\)"):
        verify(report, tell=silent)


@pytest.mark.parametrize("content", [None, "", "not a list\n", "ab  index.html\n"])
def test_a_report_without_a_list_cannot_be_verified(report, content):
    (report / NAME).unlink()
    if content is not None:
        (report / NAME).write_text(content)

    with pytest.raises(UsageError, match="is no list of checksums"):
        verify(report, tell=silent)


def test_made_again_from_the_same_inputs_it_has_the_same_bytes(report):
    """The earlier report that lay beside it lies beside it again."""
    assert verify(report, again=True, tell=silent).again


def test_made_again_from_other_inputs_the_message_says_which(report, project):
    manifest = json.loads((report / "manifest.json").read_text())
    (project / "data/raw/extract.csv").write_text("a,b\n1,3\n")

    with pytest.raises(PageError, match=r"Made again.*tables/a\.csv \(changed\)"):
        verify(report, again=True, tell=silent)

    old = {**manifest, "inputs": [{"file": "a.csv", "sha256": "1"}]}
    new = {**manifest, "inputs": [{"file": "a.csv", "sha256": "2"}], "code": {"commit": "b" * 40, "changed": []}}
    reasons = " ".join(verification._reasons(old, new))
    assert "Other inputs: a.csv (changed)." in reasons
    assert "Other code: commit" in reasons


def test_a_report_that_was_made_later_does_not_lie_beside_the_new_one(report, project):
    later = report.parent / "2022-03"
    shutil.copytree(report.parent / "2022-06", later)
    manifest = json.loads((later / "manifest.json").read_text())
    (later / "manifest.json").write_text(json.dumps({**manifest, "finished": "2999-01-01T00:00:00+00:00"}))

    assert verify(report, again=True, tell=silent).again
