"""Files are told by their content, in archives and out of them; what is no extract is left out with its reason."""

import io
import os
import zipfile

import pytest
from extracts.extract_files import (
    COLUMNS,
    bulletin_xlsx,
    census_csv,
    csv_bytes,
    deprivation_csv,
    patients_csv,
    practice_map_csv,
    raw_folder,
    simple_bulletin,
    zip_bytes,
)

from analysis.columns import INDIVIDUAL_TO_TIDY
from analysis.errors import ExtractError
from analysis.extracts import NoExtracts, ingest
from analysis.extracts.recognise import recognise_head

GOOD = {"good.csv": census_csv("2022-09")}


@pytest.fixture
def run(tmp_path):
    """Ingest a RAW folder that holds these files."""

    def ingest_files(files, period=None):
        return ingest(raw_folder(tmp_path / "raw", files), tmp_path / "processed", period)

    return ingest_files


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (census_csv("2022-09"), "workforce"),
        (simple_bulletin({"September 2022": 1.0}), "bulletin"),
        (patients_csv(), "patients"),
        (practice_map_csv(), "practice_map"),
        (deprivation_csv([{"IMD_YEAR": "2019"}]), "deprivation"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "deep/er/a", "a.xlsx", "a.txt"])
def test_recognised_whatever_its_name(run, content, kind, name):
    """Neither the name nor the folder nor the ending decides what a file is."""
    catalogue = run({name: content, "base.csv": census_csv("2022-12")})
    assert [(entry.file, entry.kind) for entry in catalogue.inputs if entry.file != "base.csv"] == [(name, kind)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"%PDF-1.7 ...", "it is a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it is a workbook of the old .xls format, or one protected by a password"),
        (b"\x1f\x8b\x08\x00", "it is a gzip archive: only zip archives are opened"),
        (bytes(range(256)) * 4, "it is neither text, nor a workbook, nor a zip archive"),
        (b"<!DOCTYPE html><title>Not found</title>", "it is a web page or XML, perhaps saved in place of the file"),
        (b"table,period,value\n1a,2020-03,1\n", "its first line has none of the columns of an individual-level CSV, nor those of a list of patients"),
        (b"PCN_CODE,PCN_NAME,FTE\n", "its first line has 3 of the 16 columns of an individual-level CSV"),
        (patients_csv(columns=["PUBLICATION", "EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_10", "NUMBER_OF_PATIENTS"]), "it resembles registered patients, but lacks the column AGE_GROUP_5"),
        ("Name,Value\n".encode("utf-16"), "it is UTF-16 text, not an extract"),
        (bulletin_xlsx(None, others=["Notes"]), "it is a workbook without a sheet 'Table 1a' (its sheets: 'Title and Contents', 'Notes')"),
        (
            bulletin_xlsx(None, [["Role", "March 2020"], ["Managers", 1]]),
            "it is a workbook of tables without 'Table 1a', which holds the national figures (its sheets: 'Title and Contents', 'Table 1b')",
        ),
        (zip_bytes({"guide.pdf": b"%PDF"}), "it is a zip archive without a CSV or a workbook in it"),
    ],
)  # fmt: skip
def test_left_out_with_its_reason(run, content, reason):
    """What is no extract stops nothing while there is one, and its reason is said."""
    catalogue = run({**GOOD, "other": content})
    assert [(entry.file, entry.reason) for entry in catalogue.left_out] == [("other", reason)]
    assert [entry.file for entry in catalogue.inputs] == ["good.csv"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (csv_bytes(encoding="utf-16"), "saved as UTF-16"),
        (csv_bytes(encoding="utf-16-le"), "saved as UTF-16"),
        (csv_bytes(delimiter=";"), "separated by ';'"),
        (csv_bytes(columns=[*COLUMNS[:10], "A", "B"]), "lacks the columns"),
        (zip_bytes({"a.csv": census_csv("2022-06")})[:-30], "other cannot be opened as a zip archive or workbook"),
        (simple_bulletin({"March 2020": 1.0})[:2000], "other cannot be opened as a zip archive or workbook"),
        (zip_bytes({"xl/workbook.xml": b"<not really"}), "other cannot be read as a workbook"),
    ],
)
def test_extract_with_faults_stops(run, content, expected):
    """An extract that cannot be read stops the run, even beside good ones: its figures would be missing."""
    with pytest.raises(ExtractError) as caught:
        run({**GOOD, "other": content})
    assert expected in caught.value.what
    assert caught.value.why
    assert caught.value.fix


def test_hidden_files_and_readmes_are_not_mentioned(run):
    """What belongs to the folder and not to the data is passed over; a lock file of Excel is said."""
    others = [".gitkeep", "README.md", ".git/config", "sub/.DS_Store", "~$b.xlsx"]
    catalogue = run({**GOOD, **dict.fromkeys(others, b"x")})
    assert [entry.file for entry in catalogue.left_out] == ["~$b.xlsx"]


def test_nothing_recognised(run):
    """With no extract at all, the files are listed with their reasons, ten at most."""
    with pytest.raises(ExtractError) as caught:
        run({f"{i:02}.txt": b"a,b\n" for i in range(12)})
    assert not isinstance(caught.value, NoExtracts)
    assert "RAW holds no extract among its files (12)" in caught.value.what
    assert caught.value.what.count("its first line has none of the columns") == 10
    assert "and 2 more" in caught.value.what


@pytest.mark.parametrize("files", [None, {}, {"README.md": b"x", ".gitkeep": b""}])
def test_no_file(tmp_path, files):
    """A folder that is missing or holds no file has its own error, which the caller may answer with the sample."""
    raw = tmp_path / "raw"
    if files is not None:
        raw.mkdir()
        raw_folder(raw, files)
    with pytest.raises(NoExtracts):
        ingest(raw, tmp_path / "processed")


def test_raw_that_is_a_file(tmp_path):
    """RAW names a folder."""
    with pytest.raises(ExtractError, match="is a file, not a folder"):
        ingest(raw_folder(tmp_path, GOOD) / "good.csv", tmp_path / "processed")


def test_links(tmp_path):
    """Linked folders are followed, loops end, links to nothing are said."""
    raw = raw_folder(tmp_path / "raw", {"sub/x.txt": b"a,b\n"})
    raw_folder(tmp_path / "elsewhere", GOOD)
    (raw / "linked").symlink_to(tmp_path / "elsewhere")
    (raw / "sub" / "loop").symlink_to(raw)
    (raw / "gone.csv").symlink_to(raw / "nothing")
    os.mkfifo(raw / "pipe")
    catalogue = ingest(raw, tmp_path / "processed")
    assert [entry.file for entry in catalogue.inputs] == ["linked/good.csv"]
    assert {entry.file: entry.reason for entry in catalogue.left_out if entry.file != "sub/x.txt"} == {
        "gone.csv": "it is a link to something that is not there",
        "pipe": "it is not an ordinary file",
    }


def test_processed_inside_raw_is_not_looked_into(tmp_path):
    """Our own pieces are never taken for raw files."""
    raw = raw_folder(tmp_path, GOOD)
    first = ingest(raw, raw / "processed")
    assert ingest(raw, raw / "processed") == first
    assert first.left_out == ()


# ---- archives -------------------------------------------------------------------------------------------------------


def test_cumulative_archive(run):
    """Each CSV of an archive is an extract; guides are passed over, other tables left out."""
    archive = zip_bytes(
        {
            "1.Primary Care Networks – March 2020 Individual Level.csv": census_csv("2020-03"),
            "sub/2.Primary Care Networks – June 2020 Individual Level.csv": census_csv("2020-06", 2),
            "0.overall definitions.xlsx": bulletin_xlsx(None),
            "guide.pdf": b"%PDF",
            "__MACOSX/._1.csv": b"\x00\x05",
            "more.zip": zip_bytes(GOOD),
        }
    )
    for _cold_then_warm in range(2):
        catalogue = run({"PCNWFIndividualCSV.062020.zip": archive})
        assert [(entry.file.partition("!")[2], entry.name, entry.rows) for entry in catalogue.inputs] == [
            (
                "1.Primary Care Networks – March 2020 Individual Level.csv",
                "1.Primary Care Networks – March 2020 Individual Level.csv",
                1,
            ),
            (
                "sub/2.Primary Care Networks – June 2020 Individual Level.csv",
                "2.Primary Care Networks – June 2020 Individual Level.csv",
                2,
            ),
        ]
        assert {entry.file.partition("!")[2]: entry.reason for entry in catalogue.left_out} == {
            "0.overall definitions.xlsx": "it is a workbook without a sheet 'Table 1a' (its sheets: 'Title and Contents')",
            "more.zip": "it is an archive inside an archive: unpack the outer one",
        }
        assert catalogue.warnings == ()


def windows_archive(name: str, encoding: str, content: bytes) -> bytes:
    """An archive as Windows writes it: the name in ``encoding`` and no flag that says so."""
    placeholder = "X" * len(name.encode(encoding))
    return zip_bytes({placeholder: content}).replace(placeholder.encode(), name.encode(encoding))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_member_names_written_on_windows(run, encoding):
    """An en dash in a name that zipfile garbles is shown as an en dash, and the month in the name is understood."""
    name = "8.Primary Care Networks – December 2021 Individual Level.csv"
    archive = windows_archive(name, encoding, census_csv("2022-09"))
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() != [name]
    catalogue = run({"a.zip": archive})
    assert [(entry.file, entry.name) for entry in catalogue.inputs] == [(f"a.zip!{name}", name)]
    assert catalogue.warnings == (
        f"a.zip!{name} is named for December 2021 and holds September 2022: the month inside is used.",
    )


def test_member_names_never_become_paths(run, tmp_path):
    """A name that climbs out of the folder is a name and nothing else."""
    catalogue = run({"a.zip": zip_bytes({"../../evil\n.csv": census_csv("2022-09")})})
    assert [entry.file for entry in catalogue.inputs] == ["a.zip!../../evil\ufffd.csv"]
    assert {path.name for path in tmp_path.iterdir()} == {"raw", "processed"}


def test_archive_with_nonsense_offsets(run):
    """Damage that zipfile has no error for is told like any other."""
    archive = bytearray(zip_bytes({"a.csv": census_csv("2022-09")}))
    archive[-6:-2] = (2**31).to_bytes(4, "little")  # where the central directory is said to begin
    with pytest.raises(ExtractError, match=r"a\.zip!a\.csv cannot be opened as a zip archive"):
        run({"a.zip": bytes(archive)})


def test_encrypted_archive(run):
    """A member with a password is said to have one."""
    archive = bytearray(zip_bytes({"a.csv": census_csv("2022-09")}))
    archive[6] |= 1  # general purpose flag in the local header, and in the central directory
    archive[archive.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ExtractError, match=r"a\.zip!a\.csv is encrypted"):
        run({"a.zip": bytes(archive)})


def test_damaged_member(run):
    """A member whose checksum does not match is not used."""
    archive = bytearray(zip_bytes({"a.csv": census_csv("2022-09")}))
    archive[60] ^= 0xFF
    with pytest.raises(ExtractError, match=r"a\.zip!a\.csv cannot be opened"):
        run({"a.zip": bytes(archive)})


def test_an_extract_with_a_zero_byte_near_its_start_is_an_extract():
    """Left out as "no text", a census would be missing from the report without a word."""
    header = ",".join(INDIVIDUAL_TO_TIDY).encode()
    assert recognise_head("a.csv", header + b"\r\nNWRS\x00 Staff").kind == "workforce"
