"""Text from extracts is cleaned or refused once, where it is read, and reaches terminal, log and page without effect."""

import json
import logging

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
    zip_bytes,
)
from hypothesis import given
from hypothesis import strategies as st

from analysis.characters import printable
from analysis.errors import ExtractError
from analysis.extracts import ingest
from analysis.extracts.bulletin import read_bulletin
from analysis.extracts.deprivation import read_deprivation
from analysis.extracts.patients import read_patients
from analysis.extracts.practice_map import read_practice_map
from analysis.extracts.text import clean, kind_of
from analysis.extracts.workbook import Workbook
from analysis.extracts.workforce import read_workforce
from analysis.markup.marks import dated
from analysis.markup.prose import say
from analysis.pipeline.raw_folder import resolve_raw
from analysis.pipeline.run_log import _JsonLines
from analysis.tables.cells import harmless

HARMLESS = {
    "LEEDS\u00a0PCN": ("LEEDS PCN", "has blanks of other kinds than the ordinary one (U+00A0 in PCN_NAME, line 3)"),
    "LEEDS\tPCN": ("LEEDS PCN", "has blanks of other kinds"),
    "LEEDS\x0bPCN": ("LEEDS PCN", "has blanks of other kinds"),
    "LEEDS\u2028PCN": ("LEEDS PCN", "has blanks of other kinds"),
    "LEE\u200bDS PCN": ("LEEDS PCN", "has characters that cannot be seen (U+200B in PCN_NAME, line 3)"),
    "\u202eLEEDS PCN\u202c": ("LEEDS PCN", "has characters that cannot be seen (U+202E in PCN_NAME, line 3)"),
    "LEEDS \u2066PCN": ("LEEDS PCN", "has characters that cannot be seen"),
    "\ufeffLEEDS PCN": ("LEEDS PCN", "has characters that cannot be seen"),
    "LEEDS\u00ad PCN": ("LEEDS PCN", "has characters that cannot be seen"),
    "\u200b=LEEDS": ("=LEEDS", "has characters that cannot be seen"),
    "LEEDS \x96 PCN": ("LEEDS – PCN", "has characters of Windows-1252 that another program has garbled (U+0096"),
    "ST MARY\x92S": ("ST MARY’S", "has characters of Windows-1252"),
    "L\ufffdEDS PCN": ("L\ufffdEDS PCN", "has the sign for a lost character, U+FFFD"),
}
DOUBTFUL = ["\x01", "\x07", "\x08", "\x1b", "\x7f", "\x81", "\x9d", "\ufffe", "\uffff", "\ufdd0", "\U0001fffe"]
ORDINARY = ["–", "’", "é", "ŵ", "Ł", "中", "שלום", "ﷺ", "😀", "e\u0301", "\ue000"]


@pytest.mark.parametrize(("name", "expected"), HARMLESS.items())
def test_harmless_characters_are_put_right_and_noted(name, expected):
    reading = read_workforce("f.csv", csv_bytes([{}, {"PCN_NAME": name}], encoding="utf-8"))
    assert reading.table["pcn_name"].to_pylist() == ["NIGHTINGALE PCN", expected[0]]
    assert [note.text.startswith(expected[1]) for note in reading.notes] == [True]
    assert all(note.text.isprintable() for note in reading.notes)


@pytest.mark.parametrize("character", DOUBTFUL)
@pytest.mark.parametrize("column", ["PCN_NAME", "ICB_NAME", "STAFF_ROLE", "PCN_CODE", "Data_source"])
def test_doubtful_characters_are_refused_with_their_place(character, column):
    with pytest.raises(ExtractError) as caught:
        read_workforce("f.csv", csv_bytes([{}, {column: f"A{character}B"}], encoding="utf-8"))
    code = f"U+{ord(character):04X}"
    assert caught.value.what == f"f.csv: {column} holds {code}, which is no character of a text, in line 3."
    assert str(caught.value).replace("\n", "").isprintable()


@pytest.mark.parametrize("name", ORDINARY)
def test_letters_and_signs_of_all_languages_are_kept_without_a_note(name):
    reading = read_workforce("f.csv", csv_bytes([{"PCN_NAME": name}], encoding="utf-8"))
    assert (reading.table["pcn_name"].to_pylist(), reading.notes) == ([name], ())


def test_a_row_over_several_lines_has_its_note_and_no_second_one():
    reading = read_workforce("f.csv", csv_bytes([{"PCN_NAME": "A\r\nPCN"}]))
    assert reading.table["pcn_name"].to_pylist() == ["A PCN"]
    assert [note.text for note in reading.notes] == [
        "has rows that span several lines (from line 2): look for a stray quotation mark."
    ]


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (read_patients, patients_csv([{"ORG_CODE": "U1\x1b"}])),
        (read_practice_map, practice_map_csv([{"PRACTICE_CODE": "A\x07"}])),
        (read_deprivation, deprivation_csv([{"PRACTICE_CODE": "A\x07"}])),
    ],
)
def test_every_reader_refuses_them(read, data):
    with pytest.raises(ExtractError, match="is no character of a text, in line 2"):
        read("f.csv", data)


def test_in_a_workbook_nothing_is_stopped_by_them():
    rows = [["Role", "September 2022"], ["Care\u200b Co\u202eordinators\u00a0", 1.0]]
    table = read_bulletin(Workbook("b.xlsx", bulletin_xlsx(rows, rows))).table
    assert set(table["label"].to_pylist()) == {"Care Coordinators"}


@given(st.text())
def test_cleaning_again_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert {kind_of(character) for character in once} <= {"", "lost", "refused"}


@given(st.text())
def test_what_is_printed_can_be_printed(text):
    shown = printable(text)
    assert len(shown) == len(text)
    assert all(character.isprintable() or character in "\n\u00a0\u2009\u202f" for character in shown)


@given(st.text(), st.integers(2, 300))
def test_a_long_name_keeps_its_ends(text, longest):
    shown = printable(text, longest)
    assert len(shown) <= longest
    assert len(text) > longest or shown == printable(text)


# ---- places where text of an extract comes out ----------------------------------------------------------------------

ACTING = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202etxt.exe\u200b"


def test_a_type_of_organisation_that_clears_the_screen(tmp_path):
    """It reached the terminal as it was."""
    files = {"a.csv": census_csv("2022-09"), "p.csv": patients_csv([{"ORG_TYPE": ACTING}])}
    with pytest.raises(ExtractError) as caught:
        ingest(raw_folder(tmp_path / "raw", files), tmp_path / "processed")
    assert str(caught.value).replace("\n", "").isprintable()
    quoted = ExtractError(f"has {ACTING}", ACTING, ACTING)
    assert str(quoted).replace("\n", "").isprintable()


def test_a_column_that_is_not_read_may_have_any_name(tmp_path):
    """It stood in a warning on the page, which was then refused, with the advice to correct a notebook."""
    data = csv_bytes(columns=[*COLUMNS, f"X{ACTING}"], encoding="utf-8")
    catalogue = ingest(raw_folder(tmp_path / "raw", {"a.csv": data}), tmp_path / "processed")
    assert len(catalogue.warnings) == 1
    assert catalogue.warnings[0].isprintable()


def test_names_of_files_sheets_and_members(tmp_path):
    r"""A backslash in the name of a member hid it: ``..\..\x.csv`` was taken for a hidden file."""
    files = {
        f"{ACTING.replace('/', '')}.csv": census_csv("2022-06"),
        "a.zip": zip_bytes({f"{ACTING}.csv": census_csv("2022-03"), "..\\..\\x.csv": census_csv("2021-12")}),
        "b.xlsx": bulletin_xlsx(None, others=["a\u202eb\u200b"]),
    }
    catalogue = ingest(raw_folder(tmp_path / "raw", files), tmp_path / "processed")
    assert [entry.first_census for entry in catalogue.inputs] == ["2021-12", "2022-03", "2022-06"]
    assert catalogue.inputs[0].file == "a.zip!../../x.csv"
    shown = [entry.file for entry in (*catalogue.inputs, *catalogue.left_out)] + [e.reason for e in catalogue.left_out]
    assert all(text.isprintable() for text in (*shown, *catalogue.warnings))


def test_a_line_of_the_log_has_nothing_that_a_terminal_obeys():
    record = logging.LogRecord("lib", logging.WARNING, "f", 1, ACTING, None, None)
    line = _JsonLines().format(record)
    assert line.isprintable()
    assert json.loads(line)["message"] == ACTING


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", " \u200b ", "\x9b", "\t", "\u2028"]
)
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_formula_behind_a_character_that_cannot_be_seen(hidden, start):
    assert harmless(f"{hidden}{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


def test_a_name_that_is_written_from_right_to_left_keeps_its_direction_to_itself():
    """Beside it, the figures of a sentence changed their places."""
    name = "\u05e9\u05dc\u05d5\u05dd 12"
    assert str(say("In {name} there are {n}.", name=name, n=3)) == f"In {name} there are 3."
    assert f"<bdi>{name}</bdi>" in say("In {name}.", name=name).html
    assert str(dated(f"{name}")).startswith("<bdi>")
    assert "<bdi>" in say("In {name}.", name="a\u202eb").html
    assert "<bdi>" not in say("In {name}.", name="Leeds – é").html


# ---- links ----------------------------------------------------------------------------------------------------------


def test_a_link_to_a_folder_of_extracts_is_no_empty_folder(tmp_path, monkeypatch):
    """The default folder, with nothing in it but such a link, gave a report of the sample."""
    raw = raw_folder(tmp_path / "raw", {"README.md": b"x"})
    raw_folder(tmp_path / "elsewhere", {"deep/a.csv": census_csv("2022-09")})
    monkeypatch.setattr("analysis.pipeline.raw_folder.RAW", raw)
    (raw / "loop").symlink_to(raw)
    (raw / "mine").symlink_to(tmp_path / "elsewhere")
    assert resolve_raw(raw, tmp_path / "processed") == raw
    assert [entry.file for entry in ingest(raw, tmp_path / "processed").inputs] == ["mine/deep/a.csv"]
