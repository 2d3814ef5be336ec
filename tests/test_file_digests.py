"""A digest is kept while nobody has written to the file, and not a moment longer."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from pathlib import Path

import pytest

from analysis import file_digests
from analysis.file_digests import NAME, FileDigests, State

_TICK = 0.03  # seconds: longer than a step of the clock that the system stamps files by


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """Every file counts as written long ago; a test that waits for the clock would take two seconds."""
    monkeypatch.setattr(file_digests, "_COARSEST_SECONDS", -1)


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "extract.csv"
    path.write_bytes(b"one")
    return path


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def known(folder: Path, file: Path) -> FileDigests:
    digests = FileDigests(folder)
    assert digests.of(file) == sha256(file.read_bytes())
    digests.save()
    time.sleep(_TICK)
    return FileDigests(folder)


def test_a_file_that_nobody_wrote_to_is_not_opened_again(tmp_path, file, monkeypatch):
    digests = known(tmp_path, file)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("opened"))

    assert digests.of(file) == sha256(b"one")


def rewritten_as_long_ago(file: Path) -> None:
    times = file.stat()
    file.write_bytes(b"two")  # of the same length
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def replaced_by_a_copy(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(b"two")
    shutil.copystat(file, other)
    other.replace(file)


def one_byte_changed_in_place(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(b"O")


def grown(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b"!")


def a_link_turned_to_another_file(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(b"two")
    file.unlink()
    file.symlink_to(other)


@pytest.mark.parametrize(
    "change",
    [
        rewritten_as_long_ago,
        replaced_by_a_copy,
        one_byte_changed_in_place,
        grown,
        a_link_turned_to_another_file,
    ],
)
def test_a_change_is_seen_whatever_times_the_file_bears(tmp_path, file, change):
    digests = known(tmp_path, file)

    change(file)

    assert digests.kept(file) is None
    assert digests.of(file) == sha256(file.read_bytes()) != sha256(b"one")


def test_what_was_written_to_just_now_is_read_each_time(tmp_path, file, monkeypatch):
    monkeypatch.setattr(file_digests, "_COARSEST_SECONDS", 2)

    assert known(tmp_path, file).kept(file) is None


def test_what_was_written_to_while_it_was_read_is_not_kept(tmp_path, file):
    digests, before = FileDigests(tmp_path), State.of(file)
    grown(file)

    digests.keep(file, sha256(b"one"), before, time.time_ns())

    assert digests.kept(file) is None


def test_what_is_gone_after_it_was_read_is_not_kept(tmp_path, file):
    digests, before = FileDigests(tmp_path), State.of(file)
    file.unlink()

    digests.keep(file, sha256(b"one"), before, time.time_ns())

    assert digests.kept(file) is None


def test_nothing_is_kept_where_the_time_of_a_change_can_be_chosen(tmp_path, file, monkeypatch):
    monkeypatch.setattr(file_digests, "_TELLS_CHANGES", False)

    assert known(tmp_path, file).kept(file) is None


def test_a_file_that_is_gone_or_cannot_be_read_is_told(tmp_path, file):
    digests = known(tmp_path, file)
    file.unlink()

    assert digests.kept(file) is None
    with pytest.raises(FileNotFoundError):
        digests.of(file)


def test_files_that_are_gone_are_dropped_and_those_of_others_stay(tmp_path, file):
    other, third = tmp_path / "other.csv", tmp_path / "third.csv"
    other.write_bytes(b"other")
    third.write_bytes(b"third")
    known(tmp_path, file)
    known(tmp_path, other)
    file.unlink()

    digests = known(tmp_path, third)

    assert digests.kept(other) == sha256(b"other")
    assert [*json.loads((tmp_path / NAME).read_text(encoding="utf-8"))] == [str(other), str(third)]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": [1, 2]}', '{"a": []}', '"a"', "\udcff"])
def test_a_damaged_file_of_digests_counts_for_nothing(tmp_path, file, text):
    (tmp_path / NAME).write_bytes(text.encode("utf-8", "surrogateescape"))

    assert FileDigests(tmp_path).kept(file) is None
    assert known(tmp_path, file).kept(file) == sha256(b"one")


def test_all_can_be_forgotten(tmp_path, file):
    digests = known(tmp_path, file)

    digests.forget()

    assert digests.kept(file) is None


def test_a_full_disk_costs_nothing_but_time(tmp_path, file, monkeypatch):
    digests = FileDigests(tmp_path)
    monkeypatch.setattr(file_digests, "write_whole", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))

    digests.of(file)
    digests.save()

    assert not (tmp_path / NAME).exists()
