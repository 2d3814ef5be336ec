"""No file under RAW fills the memory or keeps a run busy: what is far larger than any edition is told and not read."""

import io
import os
import resource
import struct
import time
import zipfile

import openpyxl
import psutil
import pytest
from extracts.extract_files import (
    COLUMNS,
    bulletin_xlsx,
    census_csv,
    csv_bytes,
    patients_csv,
    raw_folder,
    simple_bulletin,
    zip_bytes,
)

from analysis.errors import ExtractError
from analysis.extracts import ingest, limits
from analysis.extracts.bulletin import read_bulletin
from analysis.extracts.patients import read_patients
from analysis.extracts.recognise import recognise_workbook
from analysis.extracts.workbook import Workbook
from analysis.extracts.workforce import read_workforce

GOOD = {"good.csv": census_csv("2022-09")}


@pytest.fixture
def run(tmp_path):
    """Ingest a RAW folder that holds these files."""
    return lambda files: ingest(raw_folder(tmp_path / "raw", files), tmp_path / "processed")


@pytest.fixture
def sentence(run):
    """What is said of the one fault among these files."""

    def message(files):
        with pytest.raises(ExtractError) as caught:
            run(files)
        return caught.value.what

    return message


@pytest.fixture
def little_memory():
    """One gigabyte more than this process has: what reads on and on ends here, and not the machine."""
    size = psutil.Process().memory_info().vms
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size + 1_000_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def sparse(path, head: bytes) -> None:
    """A file of 30 GB that takes no room on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(30_000_000_000)


# ---- files ----------------------------------------------------------------------------------------------------------


def test_a_loose_file_of_30_gigabytes(tmp_path, little_memory, sentence):
    sparse(tmp_path / "raw" / "huge.csv", census_csv("2022-06"))
    begun = time.monotonic()
    assert sentence(GOOD) == "huge.csv has 30,000,000,000 bytes, and an extract has 210,000,000 at most."
    assert time.monotonic() - begun < 5


def test_a_file_of_30_gigabytes_that_is_no_extract_is_listed(tmp_path, little_memory, run):
    sparse(tmp_path / "raw" / "film.mp4", b"\x00\x00\x00\x18ftyp")
    assert [entry.file for entry in run(GOOD).left_out] == ["film.mp4"]


def test_an_archive_of_30_gigabytes_is_not_taken_into_memory(tmp_path, little_memory, sentence):
    sparse(tmp_path / "raw" / "photos.zip", b"PK\x03\x04")
    assert "photos.zip cannot be opened as a zip archive" in sentence(GOOD)


def test_a_file_that_states_no_size_is_never_opened(tmp_path, run):
    """``/proc/kmsg`` is an ordinary file by its mode; who reads it waits for messages of the kernel."""
    raw = raw_folder(tmp_path / "raw", GOOD)
    (raw / "kmsg").symlink_to("/proc/kmsg")
    (raw / "zero").symlink_to("/dev/zero")
    os.mkfifo(raw / "pipe")
    begun = time.monotonic()
    reasons = {entry.file: entry.reason for entry in run({}).left_out}
    assert reasons == {
        "kmsg": "it is empty",
        "zero": "it is not an ordinary file",
        "pipe": "it is not an ordinary file",
    }
    assert time.monotonic() - begun < 5


# ---- archives -------------------------------------------------------------------------------------------------------


def stating(archive: bytes, size: int) -> bytes:
    """The archive, its directory stating that its first member has ``size`` bytes."""
    changed = bytearray(archive)
    struct.pack_into("<L", changed, archive.rindex(b"PK\x01\x02") + 24, size)
    return bytes(changed)


def test_a_member_of_one_and_a_half_gigabytes_of_rows(sentence, little_memory):
    archive = stating(zip_bytes({"a.csv": census_csv("2022-06")}), 1_500_000_000)
    expected = "a.zip!a.csv has 1,500,000,000 bytes, and an extract has 210,000,000 at most."
    assert sentence({**GOOD, "a.zip": archive}) == expected


def test_a_real_bomb_is_not_unpacked(sentence, little_memory):
    """300 MB of valid rows, of which no more is unpacked than tells what it is."""
    row = census_csv("2022-06", 2000).partition(b"\r\n")[2]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as stream:
        stream.write(census_csv("2022-06"))
        for _ in range(300_000_000 // len(row)):
            stream.write(row)
    begun = time.monotonic()
    assert "and an extract has 210,000,000 at most" in sentence({**GOOD, "a.zip": buffer.getvalue()})
    assert time.monotonic() - begun < 5


def test_a_large_member_that_is_no_extract_stops_nothing(run):
    """Other publications have CSVs of hundreds of megabytes; of them, too, only the head is unpacked."""
    archive = stating(zip_bytes({"small-area.csv": b"PRACTICE_CODE,LSOA_CODE,NUMBER_OF_PATIENTS\n"}), 3_000_000_000)
    reasons = [entry.reason for entry in run({**GOOD, "lsoa.zip": archive}).left_out]
    assert reasons == ["it is Patients Registered at a GP Practice, by small area, another publication"]


def test_what_an_archive_holds_in_all_is_limited(sentence, monkeypatch):
    monkeypatch.setattr("analysis.extracts.examine.LARGEST_ARCHIVE_BYTES", 3000)
    members = {f"{month:02}.csv": census_csv(f"2021-{month:02}", 5) for month in range(1, 10)}
    assert "a.zip, unpacked, has" in sentence({**GOOD, "a.zip": zip_bytes(members)})


def test_the_number_of_members_is_limited(sentence, monkeypatch):
    monkeypatch.setattr("analysis.extracts.examine.MOST_MEMBERS", 3)
    members = dict.fromkeys([f"{i}.txt" for i in range(4)], b"x")
    assert sentence({**GOOD, "a.zip": zip_bytes(members)}) == "a.zip has 4 files, and an extract has 3 at most."


@pytest.mark.parametrize("large", [False, True])
def test_the_directory_of_an_archive_is_limited(sentence, large):
    archive = bytearray(zip_bytes({"a.csv": census_csv("2022-06")}))
    end = archive.rindex(b"PK\x05\x06")
    if large:
        record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 4_000_000_000, 0)
        archive[end:end] = record
        end += len(record)
    struct.pack_into("<L", archive, end + 12, 0xFFFFFFFF if large else 2_000_000_000)
    assert sentence({**GOOD, "a.zip": bytes(archive)}).startswith(
        f"The directory of a.zip has {4 if large else 2},000,000,000"
    )


def test_a_member_whose_name_has_60000_characters(run):
    catalogue = run(
        {"a.zip": zip_bytes({"a" * 60_000 + ".csv": census_csv("2022-09"), "b" * 60_000 + ".csv": b"x,y\n"})}
    )
    shown = [catalogue.inputs[0].file, catalogue.left_out[0].file]
    assert [len(name) for name in shown] == [206, 206]
    assert shown[0].startswith("a.zip!aaaa")
    assert shown[0].endswith("aaaa.csv")


# ---- delimited files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (csv_bytes(columns=[*COLUMNS, "X" * 200_000]), "The first line of f.csv has 200,"),
        (csv_bytes(columns=[*COLUMNS, *(f"C{i}" for i in range(190))]), "f.csv has 206 columns"),
        (csv_bytes([{"PCN_NAME": "N" * 10_000}]), "PCN_NAME has a cell of 10,000 characters in line 2"),
        (csv_bytes([{}, {"STAFF_ROLE": "é" * 1_001}]), "STAFF_ROLE has a cell of 1,001 characters in line 3"),
        (csv_bytes([{"FTE": "9" * 400}]), "FTE is not a number in line 2"),
        (csv_bytes([{"FTE": "1e400"}]), "FTE is not a number in line 2"),
    ],
)
def test_an_individual_level_csv_beyond_the_limits(data, expected):
    with pytest.raises(ExtractError) as caught:
        read_workforce("f.csv", data)
    assert expected in caught.value.what


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_beyond_the_limit(monkeypatch, line_end):
    monkeypatch.setitem(limits.MOST_ROWS, "workforce", 5)
    assert len(read_workforce("f.csv", csv_bytes([{}] * 5, line_end=line_end)).table) == 5
    with pytest.raises(ExtractError, match="has 7 lines, and an extract has 6 at most"):
        read_workforce("f.csv", csv_bytes([{}] * 6, line_end=line_end))


def test_a_row_of_megabytes_in_one_cell_is_told():
    with pytest.raises(ExtractError):
        read_workforce("f.csv", csv_bytes([{"PCN_NAME": "N\n" * 2_000_000}]))


@pytest.mark.parametrize("count", ["9" * 20, "1" * 10, "-1", "1e3"])
def test_a_number_of_patients_that_no_list_has(count):
    with pytest.raises(ExtractError, match="NUMBER_OF_PATIENTS is not a count in line 2"):
        read_patients("p.csv", patients_csv([{"NUMBER_OF_PATIENTS": count}]))


def test_the_widest_text_that_is_read():
    assert read_workforce("f.csv", csv_bytes([{"PCN_NAME": "é" * 1_000}])).table["pcn_name"].to_pylist() == [
        "é" * 1_000
    ]


# ---- workbooks ------------------------------------------------------------------------------------------------------


def rewritten(workbook: bytes, part: str, change) -> bytes:
    """The workbook with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    return buffer.getvalue()


TABLE_1A = "xl/worksheets/sheet2.xml"
FAR_ROW = b'<row r="2000000000"><c r="A2000000000" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
WIDE_ROWS = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (row, row) for row in range(10, 100_000))
FAR_COLUMN = b'<row r="7"><c r="A7"><v>1</v></c><c r="ZZZZZZZ7"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b"</sheetData>", FAR_ROW),
        lambda content: content.replace(b"</sheetData>", WIDE_ROWS + b"</sheetData>"),
        lambda content: content.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'),
    ],
)
def test_a_cell_far_out_is_not_reached(change, little_memory):
    data = rewritten(simple_bulletin({"September 2022": 12.5}), TABLE_1A, change)
    begun = time.monotonic()
    assert recognise_workbook(Workbook("b.xlsx", data)) is None
    assert 12.5 in read_bulletin(Workbook("b.xlsx", data)).table["value"].to_pylist()
    assert time.monotonic() - begun < 10


def test_a_column_that_no_sheet_has_is_told(little_memory):
    data = rewritten(
        simple_bulletin({"September 2022": 12.5}), TABLE_1A, lambda c: c.replace(b"</sheetData>", FAR_COLUMN)
    )
    with pytest.raises(ExtractError, match=r"b\.xlsx cannot be read as a workbook"):
        read_bulletin(Workbook("b.xlsx", data))


def test_a_workbook_with_a_part_that_no_table_has(little_memory):
    workbook = simple_bulletin({"September 2022": 12.5})
    large = rewritten(workbook, "docProps/core.xml", lambda _: b" " * (limits.LARGEST_PART_BYTES + 1))
    assert "bytes, unpacked: bulletin tables are far smaller" in (recognise_workbook(Workbook("b.xlsx", large)) or "")
    strings = with_shared_strings(workbook, b" " * (limits.LARGEST_TEXTS_BYTES + 1))
    assert "bytes, unpacked: bulletin tables are far smaller" in (recognise_workbook(Workbook("b.xlsx", strings)) or "")


def with_shared_strings(workbook: bytes, content: bytes) -> bytes:
    """The workbook with a part of texts, as Excel writes them."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    changed = rewritten(workbook, "[Content_Types].xml", lambda types: types.replace(b"</Types>", override))
    buffer = io.BytesIO(changed)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", content)
    return buffer.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_the_slowest_workbook_within_the_limits_is_read_in_seconds(little_memory):
    """A part as large as may be, full of short texts."""
    text = b"<si><t>a</t></si>"
    strings = text * ((limits.LARGEST_TEXTS_BYTES - 1_000) // len(text))
    workbook = with_shared_strings(simple_bulletin({"September 2022": 12.5}), b"<sst %s>%s</sst>" % (MAIN, strings))
    begun = time.monotonic()
    assert recognise_workbook(Workbook("b.xlsx", workbook)) is None
    assert read_bulletin(Workbook("b.xlsx", workbook)).rows == {"2022-09": 1}
    assert time.monotonic() - begun < 120


def test_entities_that_multiply_are_not_followed(little_memory):
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol" * 100}">' for i in range(12))
    bomb = f"<!DOCTYPE x [{entities}]><sst {MAIN.decode()}><si><t>&e11;</t></si></sst>".encode()
    with pytest.raises(ExtractError, match=r"b\.xlsx cannot be read as a workbook"):
        read_bulletin(Workbook("b.xlsx", with_shared_strings(simple_bulletin({"September 2022": 12.5}), bomb)))


def with_value(value: bytes) -> bytes:
    workbook = simple_bulletin({"June 2022": 1.5, "September 2022": 12.5})
    return rewritten(workbook, TABLE_1A, lambda content: content.replace(b"<v>12.5</v>", b"<v>" + value + b"</v>"))


@pytest.mark.parametrize("value", [b"9" * 400, b"1" + b"0" * 400, b"1e999"])
def test_a_figure_of_400_digits_is_told_and_not_read(value):
    reading = read_bulletin(Workbook("b.xlsx", with_value(value)))
    assert reading.table["value"].to_pylist() == [1.5, None]
    assert any("which is no figure and is not read" in note.text for note in reading.notes)


def test_a_figure_with_more_digits_than_python_reads():
    with pytest.raises(ExtractError, match=r"b\.xlsx cannot be read as a workbook"):
        read_bulletin(Workbook("b.xlsx", with_value(b"9" * 5_000)))


def test_a_sheet_that_is_a_chart_is_passed_over():
    workbook = openpyxl.load_workbook(io.BytesIO(simple_bulletin({"September 2022": 12.5})))
    workbook.create_chartsheet("Chart", 0)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(workbook["Table 1a"], 1, 1, 2, 4))
    workbook["Chart"].add_chart(chart)
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert recognise_workbook(Workbook("b.xlsx", buffer.getvalue())) is None
    assert read_bulletin(Workbook("b.xlsx", buffer.getvalue())).rows == {"2022-09": 1}


def test_a_label_that_is_longer_than_any_name_is_told():
    rows = [["Role", "September 2022"], ["Managers", 1.0], ["N" * 5_000, 2.0]]
    reading = read_bulletin(Workbook("b.xlsx", bulletin_xlsx(rows, rows)))
    assert set(reading.table["value"].to_pylist()) == {1.0}
    assert "has labels of more than 1,000 characters in row 5, which are not read." in [n.text for n in reading.notes]


# ---- lists of files -------------------------------------------------------------------------------------------------


def test_five_thousand_other_files_are_told_by_their_reasons(run):
    others = {f"other-{i:04}.pdf": b"%PDF" for i in range(5_000)}
    catalogue = run({**GOOD, **others, "a.png": b"\x89PNG"})
    assert [(entry.file, entry.reason, entry.files) for entry in catalogue.left_out] == [
        ("other-0000.pdf and 4,999 more", "it is a PDF document", 5_000),
        ("a.png", "it is a picture", 1),
    ]
    assert len(catalogue.to_json()) < 2_000
    assert type(catalogue).from_json(catalogue.to_json()) == catalogue
    assert "Files left out: 5001." in catalogue._repr_html_()


def test_files_with_a_reason_each_are_told_together_in_the_end(run):
    others = {f"{i:03}.xlsx": bulletin_xlsx(None, others=[f"Sheet {i}"]) for i in range(70)}
    catalogue = run({**GOOD, **others})
    assert len(catalogue.left_out) == limits.MOST_LEFT_OUT + 1
    assert catalogue.left_out[-1].file == "050.xlsx and 19 more"
    assert sum(entry.files for entry in catalogue.left_out) == 70


def test_many_copies_of_an_extract_are_one_sentence(run):
    catalogue = run({f"{i:03}.csv": GOOD["good.csv"] for i in range(300)})
    assert len(catalogue.warnings) == 1
    assert "009.csv, 010.csv and 289 more have the same content as 000.csv" in catalogue.warnings[0]


def test_notes_on_one_extract_are_limited(run):
    rows = [{"ORG_TYPE": f"T{i}", "ORG_CODE": f"X{i}"} for i in range(500)]
    catalogue = run({**GOOD, "p.csv": patients_csv([{}, *rows])})
    assert len(catalogue.warnings) == limits.MOST_NOTES + 1
    assert "p.csv has 480 more oddities of its form." in catalogue.warnings
