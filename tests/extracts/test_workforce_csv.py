"""Individual-level CSV: what is read, and what is refused with its line."""

import pytest
from extracts.extract_files import COLUMNS, ROW, csv_bytes

from analysis.errors import ExtractError
from analysis.extracts.workforce import read_workforce

JUNE_2026 = {"CENSUS_YEAR": "2026", "CENSUS_MONTH": "6", "ICB_CODE": "Z9B2Z", "UNIQUE_IDENTIFIER": ""}


def rows_of(data: bytes) -> list[dict]:
    return read_workforce("f.csv", data).table.to_pylist()


def message(data: bytes) -> str:
    with pytest.raises(ExtractError) as caught:
        read_workforce("f.csv", data)
    return str(caught.value)


def test_file_of_2020():
    """A Windows-1252 file with an en dash and NULL identifiers is read as the publisher meant it."""
    data = csv_bytes(
        [{"PCN_NAME": "A – B PCN"}, {"Data_source": "NWRS contracted services", "UNIQUE_IDENTIFIER": "NULL"}]
    )
    assert b"\x96" in data
    reading = read_workforce("f.csv", data)
    first, second = reading.table.to_pylist()
    assert (reading.encoding, reading.rows, reading.notes) == ("cp1252", {"2022-09": 2}, ())
    assert (first["pcn_name"], first["person_id"], first["census"], first["file_row"]) == (
        "A – B PCN",
        "106228",
        "2022-09",
        2,
    )
    assert (first["sub_icb_name"], first["fte"]) == ("NHS South West London ICB - 36L", 0.986666667)
    assert (second["person_id"], second["file_row"]) == (None, 3)


def test_file_of_june_2026():
    """A UTF-8 file with byte order mark, empty identifiers, new staff groups and five-character ICBs needs no change."""
    groups = [
        "Directors",
        "Other Nurses",
        "Other GPs",
        "Other Admin/Non-clinical staff",
        "Other Direct Patient Care staff",
    ]
    data = csv_bytes([{**JUNE_2026, "STAFF_GROUP": group} for group in groups], encoding="utf-8-sig")
    reading = read_workforce("f.csv", data)
    rows = reading.table.to_pylist()
    assert (reading.encoding, reading.rows) == ("utf-8-sig", {"2026-06": 5})
    assert [row["staff_group"] for row in rows] == groups
    assert {(row["icb_code"], row["person_id"], row["data_source"]) for row in rows} == {("Z9B2Z", None, "NWRS Staff")}


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_line_ends(line_end):
    """Any kind of line break ends a row, and the line numbers stay right."""
    data = csv_bytes([{}, {"FTE": "1"}], line_end=line_end)
    assert [row["file_row"] for row in rows_of(data)] == [2, 3]


def test_column_order_does_not_matter():
    """Columns are found by name."""
    shuffled = [*COLUMNS[1::2], *reversed(COLUMNS[::2])]
    assert sorted(shuffled) == sorted(COLUMNS)
    assert rows_of(csv_bytes([{}, {"FTE": "2"}], columns=shuffled)) == rows_of(csv_bytes([{}, {"FTE": "2"}]))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([c for c in COLUMNS if c != "FTE"], "f.csv lacks the column FTE."),
        (["ICB_CD" if c == "ICB_CODE" else c for c in COLUMNS], "lacks the column ICB_CODE (nearest found: 'ICB_CD')"),
        ([*COLUMNS, "FTE"], "has the column FTE more than once"),
        ([*COLUMNS, " fte "], "has the column FTE more than once"),
    ],
)
def test_missing_or_renamed_column(columns, expected):
    """A column that is not there by its exact name is named, with the nearest that is."""
    assert expected in message(csv_bytes(columns=columns))


def test_extra_column_is_noted():
    """A column that the layout does not have is not read, and said."""
    (note,) = read_workforce("f.csv", csv_bytes(columns=[*COLUMNS, "GENDER"])).notes
    assert note.text == "has columns that its layout does not have, and they were not read: GENDER."


@pytest.mark.parametrize("fte", ["1,0", "1,234.5", "", "nan", "inf", "NULL", "1e999", "0x1", "1 2", "½", "-"])
def test_fte_is_parsed_strictly(fte):
    """What is not a plain number stops the reading and is quoted with its line."""
    text = message(csv_bytes([{}, {"FTE": fte}]))
    assert "FTE is not a number in line 3" in text
    assert (repr(fte) if fte else "(blank)") in text


@pytest.mark.parametrize(
    ("fte", "value"), [("1", 1.0), (".5", 0.5), ("-0.026666667", -0.026666667), ("5E-05", 5e-5), (" 1.5 ", 1.5)]
)
def test_fte_that_is_a_number(fte, value):
    """Plain numbers, negative ones included, are kept as they are."""
    assert rows_of(csv_bytes([{"FTE": fte}]))[0]["fte"] == value


def test_many_faults_are_counted_not_listed():
    """Three offending rows are quoted, the others counted."""
    text = message(csv_bytes([{"FTE": "x"}] * 10))
    assert "line 2 'x'; line 3 'x'; line 4 'x' and 7 more" in text


def test_two_censuses_in_one_file():
    """The rows of the odd census are named."""
    text = message(csv_bytes([{}, {}, {"CENSUS_YEAR": "2021", "CENSUS_MONTH": "12"}]))
    assert "2021-12 in 1 row (from line 4)" in text
    assert "2022-09 in 2 rows (from lines 2, 3)" in text


@pytest.mark.parametrize(
    "change", [{"CENSUS_MONTH": "13"}, {"CENSUS_MONTH": ""}, {"CENSUS_YEAR": "22"}, {"CENSUS_YEAR": "2022.0"}]
)
def test_census_that_is_no_month(change):
    """A row without a proper year and month belongs to no census."""
    assert "in line 2" in message(csv_bytes([change]))


def test_census_before_the_series():
    """A census before March 2020 is a mistake."""
    assert "before the series begins" in message(csv_bytes([{"CENSUS_YEAR": "2019", "CENSUS_MONTH": "12"}]))


def test_names_missing_in_both_spellings():
    """An empty cell and NULL are missing in every column of text, not a name."""
    first, second = rows_of(csv_bytes([{"ICB_CODE": ""}, {"ICB_CODE": "NULL"}]))
    assert (first["icb_code"], second["icb_code"]) == (None, None)


def test_row_with_too_few_cells():
    """A short row is named with its line: the file was cut, or a comma lost."""
    data = csv_bytes([{}]) + b"NWRS Staff,2022,9\r\n"
    assert "line 3 has 3" in message(data)


def test_file_cut_within_its_last_row():
    """A file without a last line break may have lost the end of a figure: it is read and noted."""
    (note,) = read_workforce("f.csv", csv_bytes().rstrip()).notes
    assert "may have been cut short" in note.text


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda name: f" {name} ", lambda name: f"{name}\t"])
def test_names_of_columns_in_another_form(change):
    """Another case, or blanks around the names, leave the columns what they are; it is noted."""
    data = csv_bytes().split(b"\r\n", 1)
    header = ",".join(change(name) for name in COLUMNS).encode()
    reading = read_workforce("f.csv", header + b"\r\n" + data[1])
    assert reading.table.to_pylist() == read_workforce("f.csv", csv_bytes()).table.to_pylist()
    (note,) = reading.notes
    assert note.text.startswith("writes names of columns in another way (")


@pytest.mark.parametrize("end", [",,,\r\n", "," * 15 + "\r\n", "," * 15, ", , ,\n\r\n"])
def test_a_last_line_of_commas_alone(end):
    """A spreadsheet leaves it behind: it is no row, and it is noted."""
    reading = read_workforce("f.csv", csv_bytes([{}, {}]) + end.encode())
    assert reading.table.to_pylist() == read_workforce("f.csv", csv_bytes([{}, {}])).table.to_pylist()
    assert "ends in a line of commas alone, which is not read." in [note.text for note in reading.notes]


def test_a_line_of_commas_in_the_middle_is_a_fault():
    """A row may have been lost there."""
    first, second = csv_bytes([{}]), csv_bytes([{}]).split(b"\r\n", 1)[1]
    assert "CENSUS_YEAR is not a year in line 3 (blank)" in message(first + b"," * 15 + b"\r\n" + second)


def test_unclosed_quotation_mark():
    """A stray quotation mark would swallow rows."""
    data = csv_bytes([{}, {}]).replace(b"106228\r\n", b'"106228\r\n', 1)
    assert "odd number of quotation marks" in message(data)


def test_row_over_several_lines():
    """A line break inside quotation marks is part of the cell; the rows after it keep their line numbers, and it is noted."""
    reading = read_workforce("f.csv", csv_bytes([{"PCN_NAME": "A\nPCN"}, {}]))
    assert reading.table["file_row"].to_pylist() == [2, 4]
    assert "span several lines (from line 2)" in reading.notes[0].text


def test_empty_lines_are_no_rows():
    """Blank lines are skipped without shifting the line numbers."""
    data = csv_bytes([{}]) + b"\r\n" + csv_bytes([{}]).split(b"\r\n", 1)[1]
    assert [row["file_row"] for row in rows_of(data)] == [2, 4]


def test_header_without_rows():
    """An extract without rows is refused: it would be a census in which nobody worked."""
    assert "a header and no rows" in message(csv_bytes([]))
    assert "a header and no rows" in message(csv_bytes([]).rstrip())


def test_a_zero_byte_is_damage_and_is_placed():
    """Wherever it stands: it would go into names and pages."""
    data = csv_bytes([{}, {"PCN_NAME": "NORTH\x00 PCN"}])
    assert "holds a zero byte" in message(data)
    assert "line 3" in message(data)


@pytest.mark.parametrize(
    ("data", "byte", "where"),
    [
        (csv_bytes().replace(b"GALE", b"G\x81LE"), b"\x81", "is neither UTF-8 nor Windows-1252: byte 0x81"),
        (csv_bytes(encoding="utf-8-sig").replace(b"GALE", b"G\x96LE"), b"\x96", "then is not UTF-8: byte 0x96"),
        (
            csv_bytes([{"PCN_NAME": "A – ~ B"}], encoding="utf-8").replace(b"~", b"\x96"),
            b"\x96",
            "mixes UTF-8 with another encoding: byte 0x96",
        ),
    ],
)
def test_bytes_that_no_encoding_reads(data, byte, where):
    """Undecodable bytes are told with their offset and line."""
    text = message(data)
    assert where in text
    assert f"offset {data.index(byte):,}, line 2" in text


def test_synthetic_only_when_every_pcn_says_so():
    """A sample is known by its PCN names; a mixture is refused."""
    synthetic = {"PCN_NAME": "SYNTHETIC PCN 1"}
    assert read_workforce("f.csv", csv_bytes([synthetic, synthetic])).synthetic
    assert not read_workforce("f.csv", csv_bytes([ROW])).synthetic
    assert "mixes 1 synthetic rows with 1 others" in message(csv_bytes([synthetic, {}]))


def test_a_missing_name_is_that_of_its_code_or_the_code():
    """A blank name of an ICB ended the run at the report."""
    rows = [
        {},
        {"ICB_NAME": " ", "PCN_NAME": "NULL"},
        {"ICB_CODE": "QQQ", "ICB_NAME": ""},
        {"ICB_CODE": "QQQ", "ICB_NAME": ""},
    ]
    reading = read_workforce("f.csv", csv_bytes(rows))
    names = reading.table.select(["icb_name", "pcn_name"]).to_pylist()
    assert [row["icb_name"] for row in names] == [
        "NHS South West London ICB",
        "NHS South West London ICB",
        "QQQ",
        "QQQ",
    ]
    assert {row["pcn_name"] for row in names} == {"NIGHTINGALE PCN"}
    assert [note.text for note in reading.notes] == [
        "has no PCN_NAME in 1 row (from line 3): the name that the code has in other rows stands there, or the code.",
        "has no ICB_NAME in 3 rows (from line 3): the name that the code has in other rows stands there, or the code.",
    ]
