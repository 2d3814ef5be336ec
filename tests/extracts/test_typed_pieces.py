"""Typed pieces: written whole, keyed by content, not made again."""

import errno
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest
from extracts.extract_files import census_csv, raw_folder, simple_bulletin, zip_bytes

from analysis.columns import WORKFORCE
from analysis.errors import ExtractError, NotebookError
from analysis.extracts import examine, ingest, load_compact, load_workforce, store
from analysis.extracts.store import COMPACT

FILES = {
    "a.csv": census_csv("2022-03", 3),
    "b.zip": zip_bytes({"b.csv": census_csv("2022-06"), "guide.csv": b"a,b\n"}),
    "c.xlsx": simple_bulletin({"June 2022": 1}),
}


@pytest.fixture
def raw(tmp_path):
    return raw_folder(tmp_path / "raw", FILES)


@pytest.fixture
def processed(tmp_path):
    return tmp_path / "processed"


def test_types(raw, processed):
    """A loaded frame has the columns and types that ``columns`` states."""
    frame = load_workforce(ingest(raw, processed), processed)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {**WORKFORCE, "sha256": "category"}


def test_unchanged_content_is_not_read_again(raw, processed, monkeypatch):
    """A second ingest, also of renamed files, reads nothing and unpacks nothing."""
    first = ingest(raw, processed)
    (raw / "a.csv").rename(raw / "renamed.csv")
    monkeypatch.setattr(examine, "_READERS", {})
    monkeypatch.setattr(examine, "_unpack", lambda *_: pytest.fail("the archive was unpacked again"))
    second = ingest(raw, processed)
    assert [entry.sha256 for entry in second.inputs] == [entry.sha256 for entry in first.inputs]
    assert second.left_out == first.left_out


def test_changed_content_is_read(raw, processed):
    """A file of the same name with other content is another extract."""
    ingest(raw, processed)
    (raw / "a.csv").write_bytes(census_csv("2022-03", 4))
    assert [entry.rows for entry in ingest(raw, processed).inputs if entry.file == "a.csv"] == [4]


def test_another_reader_reads_again(raw, processed, monkeypatch):
    """Pieces that other code made are not used."""
    ingest(raw, processed)
    before = set(processed.rglob("*"))
    monkeypatch.setattr(store, "reader_version", lambda: "another")
    ingest(raw, processed)
    assert {path.name.split(".")[1] for path in set(processed.rglob("*")) - before} == {"another"}


def test_damaged_piece_is_made_again(raw, processed):
    """A piece that is cut short is not trusted."""
    catalogue = ingest(raw, processed)
    for piece in processed.rglob("*.parquet"):
        piece.write_bytes(piece.read_bytes()[:100])
    with pytest.raises(ExtractError, match="damaged"):
        load_workforce(catalogue, processed)
    assert len(load_workforce(ingest(raw, processed), processed)) == 4


def test_missing_piece(raw, processed):
    """A piece that was deleted is told, with the fix; ingest brings it back, out of an archive too."""
    catalogue = ingest(raw, processed)
    for piece in processed.rglob("*.parquet"):
        piece.unlink()
    with pytest.raises(ExtractError, match="Run the ingest step again"):
        load_workforce(catalogue, processed)
    assert ingest(raw, processed) == catalogue
    assert len(load_workforce(catalogue, processed)) == 4


@pytest.mark.parametrize("part", COMPACT)
def test_a_compact_table_that_is_missing_is_made_again(raw, processed, part):
    """Rows without their compact table are no whole piece: ingest makes both again."""
    catalogue = ingest(raw, processed)
    whole = load_compact(catalogue, processed)
    for piece in processed.rglob(f"*.{part}.parquet"):
        piece.unlink()
    with pytest.raises(ExtractError, match="Run the ingest step again"):
        load_compact(catalogue, processed)
    ingest(raw, processed)
    for made, again in zip(whole, load_compact(catalogue, processed), strict=True):
        pd.testing.assert_frame_equal(made, again)


def test_full_disk_leaves_no_half_piece(raw, processed, monkeypatch):
    """When the disk is full the user is told, and nothing partial stays."""

    def write_some_then_fail(_table, path, **_options):
        Path(path).write_bytes(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pyarrow.parquet, "write_table", write_some_then_fail)
    with pytest.raises(NotebookError, match="No space left on device") as caught:
        ingest(raw, processed)
    assert "Free some disk space" in caught.value.fix
    assert [path for path in processed.rglob("*") if path.is_file()] == []


def test_processed_that_cannot_be_made(raw, tmp_path):
    """A file where the folder should be is told, not traced."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ExtractError, match="cannot be written"):
        ingest(raw, tmp_path / "file")


@pytest.mark.parametrize(
    "error",
    [PermissionError(errno.EACCES, "Permission denied"), FileNotFoundError(errno.ENOENT, "No such file or directory")],
)
def test_file_that_cannot_be_read(raw, processed, monkeypatch, error):
    """A file that may not be read, or has vanished, stops the run with its name."""
    real_open = Path.open

    def refuse(path, *arguments, **options):
        if path.name == "a.csv":
            raise error
        return real_open(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ExtractError, match=rf"a\.csv cannot be read: {error.strerror}"):
        ingest(raw, processed)


def test_raw_files_are_left_as_they_are(raw, processed):
    """Nothing under RAW is written, added or taken away."""
    before = {path.relative_to(raw): path.stat().st_mtime_ns for path in raw.rglob("*")}
    ingest(raw, processed)
    assert {path.relative_to(raw): path.stat().st_mtime_ns for path in raw.rglob("*")} == before
    assert {name: (raw / name).read_bytes() for name in FILES} == FILES
