"""Writing the sample: the same bytes everywhere, whole or not at all, and never over anybody's files."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.periods import expected_censuses
from analysis.sample import write_sample
from analysis.sample.archives import ZIP_TIME, workbook, zipped
from analysis.sample.write import LABEL, extracts_of


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def small(tmp_path) -> Path:
    """A sample of two censuses."""
    folder = tmp_path / "raw"
    write_sample(folder, first="2020-03", last="2020-06")
    return folder


def test_the_same_bytes_in_another_folder_process_and_time_zone(sample, tmp_path):
    """Nothing of the clock, the machine, the hash seed or the language is in the files."""
    code = "import sys, pathlib, analysis.sample as s; s.write_sample(pathlib.Path(sys.argv[1]))"
    folder = tmp_path / "somewhere else" / "again"
    settings = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "77", "LC_ALL": "C", "NPY_DISABLE_CPU_FEATURES": "AVX2"}
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder)], env=os.environ | settings, capture_output=True, text=True, check=True
    )
    assert "census/s" not in run.stderr  # no progress bar where the output is not a terminal
    again, first = content(folder), content(sample)
    assert again.keys() == first.keys()
    assert [name for name in first if again[name] != first[name]] == []


def test_a_census_does_not_depend_on_the_span(sample, small):
    """So that an early sample is a part of the whole one."""
    members = []
    for folder, name in ((small, "PCNWFIndividualCSV.062020.zip"), (sample, "PCNWFIndividualCSV.122020.zip")):
        with zipfile.ZipFile(folder / name) as archive:
            members.append({member: archive.read(member) for member in archive.namelist()})
    assert len(members[0]) == 3
    assert members[0].items() <= members[1].items()


def test_a_census_is_the_same_in_the_whole_sample(tmp_path, sample):
    """The whole has the extract of every month, the usual one of some, and those are equal."""
    write_sample(tmp_path / "whole", first="2026-02", last="2026-06", full=True)
    whole, usual = ({p.name: p.read_bytes() for p in folder.glob("*.zip")} for folder in (tmp_path / "whole", sample))
    assert sorted(whole) == [f"PCNWFIndividualCSV.0{month}2026.zip" for month in range(2, 7)]
    both = whole.keys() & usual.keys()
    assert both == {f"PCNWFIndividualCSV.0{month}2026.zip" for month in (3, 5, 6)}
    assert all(whole[name] == usual[name] for name in both)


def test_the_usual_sample_has_what_the_comparisons_need():
    """Every quarter to 2022; then the ends of financial years, and the last with a month, a quarter, a year before."""
    chosen = extracts_of(expected_censuses("2020-03", "2026-06"))
    assert chosen[:12] == expected_censuses("2020-03", "2022-12")
    assert chosen[12:] == ["2023-03", "2024-03", "2025-03", "2025-06", "2026-03", "2026-05", "2026-06"]
    assert extracts_of(["2023-01", "2023-02"]) == ["2023-01", "2023-02"]


def test_a_late_span_has_no_early_files(tmp_path):
    """Only the later styles, and the workbook is that of the last census."""
    written = write_sample(tmp_path / "raw", first="2022-09", last="2022-12")
    assert [path.relative_to(tmp_path / "raw").as_posix() for path in written] == [
        "11.Primary Care Networks – September 2022 Individual Level.csv",
        "PCNW December 2022 - Bulletin tables.xlsx",
        "PCNWFIndividualCSV.122022.zip",
        "README.txt",
        "patients/2022-12/gp-reg-pat-prac-quin-age.zip",
    ]


def test_what_was_written_is_returned_and_nothing_is_left_beside_it(tmp_path, small):
    """Files sorted, all there; no temporary folder, and the rights of any new folder."""
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]
    assert sorted(path for path in small.rglob("*") if path.is_file()) == write_sample(small, last="2020-06")
    (tmp_path / "plain").mkdir()
    assert small.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_failure_leaves_no_half_sample(tmp_path, small, monkeypatch):
    """The disk is full at the third file: the earlier sample stays, whole, and nothing new is there."""
    before, real, calls = content(small), Path.write_bytes, []

    def fails_at_the_third(path: Path, data: bytes) -> int:
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", fails_at_the_third)
    with pytest.raises(OSError, match="No space left"):
        write_sample(small, first="2020-03", last="2020-09")
    assert content(small) == before
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_an_earlier_sample_is_replaced_whole(small):
    """No file of it survives that the new one lacks."""
    assert (small / "PCNWFIndividualCSV.062020.zip").exists()
    write_sample(small, first="2020-09", last="2020-09")
    assert sorted(content(small)) == [
        "PCNW September 2020 - Bulletin tables.xlsx",
        "PCNWFIndividualCSV.092020.zip",
        LABEL,
    ]


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "raw").mkdir()
    assert write_sample(tmp_path / "raw", last="2020-03")


@pytest.mark.parametrize("name", ["extract.csv", "README.txt", ".hidden"])
def test_other_files_are_never_written_over(tmp_path, name):
    """Not even beside: real and synthetic extracts must not mix. A README of somebody else does not make a sample."""
    (tmp_path / name).write_text("somebody's")
    with pytest.raises(UsageError) as refused:
        write_sample(tmp_path, last="2020-03")
    assert "not the sample" in refused.value.what
    assert content(tmp_path) == {name: b"somebody's"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "raw").write_text("a file")
    with pytest.raises(UsageError):
        write_sample(tmp_path / "raw", last="2020-03")


@pytest.mark.parametrize(
    ("span", "word"),
    [
        ({"last": "2026-07"}, "no census 2026-07"),
        ({"first": "2020-04"}, "no census 2020-04"),
        ({"first": "2021-03", "last": "2020-12"}, "is later than"),
        ({"last": "soon"}, "not a census month"),
    ],
)
def test_a_span_that_is_not_there_is_refused(tmp_path, span, word):
    """With what may be chosen; nothing is written."""
    with pytest.raises(UsageError, match=word):
        write_sample(tmp_path / "raw", **span)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_says_what_it_is(small):
    """In a file whose name ingest passes over."""
    text = (small / LABEL).read_text()
    assert text.startswith("SYNTHETIC EXTRACTS")
    assert "Do not quote" in text


def test_archives_hold_no_clock_and_no_platform(files, tmp_path):
    """Each member of each zip and workbook has the same time, system and rights, and is stored."""
    for name, data in files.items():
        if not name.endswith((".zip", ".xlsx")) or "!" in name:
            continue
        (tmp_path / "archive").write_bytes(data)
        with zipfile.ZipFile(tmp_path / "archive") as archive:
            assert {info.date_time for info in archive.infolist()} == {ZIP_TIME}
            assert {info.create_system for info in archive.infolist()} == {3}
            assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
            assert archive.testzip() is None


def test_a_workbook_takes_text_as_text():
    """A leading = makes no formula."""
    with workbook("title") as (book, result):
        book.add_worksheet("sheet").write_row(0, 0, ["=1+1", 2.5])
    assert b"<f>" not in result.content
    assert zipped({"a": b"1"}) == zipped({"a": b"1"})
