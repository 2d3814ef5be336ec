"""Which folder is ingested, and when the sample stands in for it."""

from __future__ import annotations

import pytest

from analysis.errors import ExtractError, UsageError
from analysis.pipeline import raw_folder as raw_module
from analysis.pipeline.raw_folder import current_sample, resolve_raw, write_sample_to


@pytest.fixture
def written(monkeypatch):
    """Count the samples made; each is one file."""
    folders = []

    def write_sample(folder, *, full):
        folder.mkdir(parents=True)
        (folder / "extent.txt").write_text("whole" if full else "usual", encoding="utf-8")
        (folder / "synthetic.csv").write_text("x", encoding="utf-8")
        folders.append(folder)

    monkeypatch.setattr("analysis.sample.write_sample", write_sample, raising=False)
    return folders


def test_a_folder_with_an_extract_is_taken_as_it_is(project, written):
    assert resolve_raw() == project / "data/raw"
    assert written == []


@pytest.mark.parametrize("leave", [[], ["README.md"], [".gitkeep"]])
def test_the_default_folder_without_an_extract_stands_for_the_sample(project, written, leave):
    (project / "data/raw/extract.csv").unlink()
    for name in leave:
        (project / "data/raw" / name).write_text("", encoding="utf-8")

    assert resolve_raw() == project / "data/processed/sample"
    assert (project / "data/processed/sample/synthetic.csv").is_file()


def test_the_sample_is_made_once(project, written):
    (project / "data/raw/extract.csv").unlink()
    resolve_raw()
    resolve_raw()

    assert len(written) == 1


def test_the_sample_is_made_again_when_its_maker_changes(project, written, monkeypatch):
    folder = project / "data/processed/sample"
    current_sample(folder)
    monkeypatch.setattr(raw_module, "_fingerprint", lambda *, full: f"another maker {full}")

    current_sample(folder)

    assert len(written) == 2


def test_a_whole_sample_is_made_when_asked_for_and_then_serves(project, written):
    folder = project / "data/processed/sample"
    current_sample(folder)
    current_sample(folder, full=True)
    assert (folder / "extent.txt").read_text(encoding="utf-8") == "whole"

    current_sample(folder)

    assert len(written) == 2


@pytest.mark.parametrize(
    ("make", "said"), [("missing", "does not exist"), ("empty", "holds no file"), ("file", "is a file")]
)
def test_another_folder_that_holds_nothing_is_an_error_and_never_the_sample(project, written, make, said):
    other = project / "data/other"
    if make == "empty":
        other.mkdir()
    elif make == "file":
        other.write_text("", encoding="utf-8")

    with pytest.raises(ExtractError, match=said):
        resolve_raw("data/other")
    assert written == []


def test_a_sample_never_overwrites_other_files(project, written):
    with pytest.raises(UsageError, match="not a sample"):
        write_sample_to(project / "data/raw")

    assert (project / "data/raw/extract.csv").is_file()


def test_a_sample_takes_the_place_of_an_earlier_sample(project, written):
    write_sample_to(project / "mine")
    (project / "mine/stale.csv").write_text("", encoding="utf-8")
    write_sample_to(project / "mine")

    assert sorted(path.name for path in (project / "mine").iterdir()) == [".made-with", "extent.txt", "synthetic.csv"]
