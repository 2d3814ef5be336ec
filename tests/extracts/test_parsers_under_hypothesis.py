"""Every parser under random input: it reads, sets aside, or refuses in three parts, and nothing else.

In the suite each property is given the same ``EXAMPLES`` inputs on every machine, so that a change is judged by what it
changed. ``ANALYSIS_FUZZ_SECONDS`` makes it a search instead: as many inputs as can be tried in so many seconds, other
ones each time (``make campaign`` sets it).
"""

from __future__ import annotations

import contextlib
import os
import time

import pytest
from extracts.extract_files import (
    COLUMNS,
    MAP_ROW,
    PATIENT_ROW,
    READERS,
    ROW,
    SCORE_ROW,
    bulletin_xlsx,
    csv_bytes,
    simple_bulletin,
    zip_bytes,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.characters import printable
from analysis.errors import ExtractError
from analysis.extracts.archives import display_name, opened, read_head, read_member
from analysis.extracts.encoding import to_utf8
from analysis.extracts.list_dates import parse_list_date
from analysis.extracts.months import census_of_heading, censuses_in_name, without_marks
from analysis.extracts.reading import SetAside
from analysis.extracts.recognise import recognise_head, recognise_workbook
from analysis.extracts.workbook import Workbook

SECONDS = float(os.environ.get("ANALYSIS_FUZZ_SECONDS", "inf"))
EXAMPLES = 300  # two to four seconds for each property
LAYOUTS = {"workforce": ROW, "patients": PATIENT_ROW, "practice_map": MAP_ROW, "deprivation": SCORE_ROW}
NASTY = st.sampled_from(
    [
        "",
        "NULL",
        '"',
        '""',
        ",",
        "\r",
        "\n",
        "\r\n",
        "\x00",
        "\x1b[2J",
        "\u202e",
        "\ufeff",
        "=1",
        "1e999",
        "\uff19",
        "-0",
    ]
)
CELLS = NASTY | st.text(max_size=30) | st.integers().map(str) | st.floats().map(str) | st.dates().map(str)


class TimeIsOver(BaseException):
    """Ends the search of a property; no exception of the kind that is a finding."""


def end_after(begun: float) -> None:
    """End the search when its time is over."""
    if time.monotonic() - begun > SECONDS:
        raise TimeIsOver


def many(function):
    """The inputs of the suite, or as many as the time of a search lets through."""
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]
    searched = float("inf") != SECONDS
    return settings(
        max_examples=100_000 if searched else EXAMPLES,
        derandomize=not searched,
        deadline=None,
        suppress_health_check=checks,
        database=None,
    )(function)


def read(kind: str, data: bytes) -> None:
    """Read, and hold what is told to be printable, and what is read to its layout."""
    texts: list[str] = []
    try:
        reading = READERS[kind]("f", data)
    except ExtractError as error:
        texts = [error.what, error.why, error.fix]
    except SetAside as error:
        texts = [printable(str(error))]  # as an entry of the files that are left out has it
    else:
        assert sum(reading.rows.values()) == len(reading.table)
        texts = [note.text for note in reading.notes]
    assert all(text and text.replace("\n", "").isprintable() for text in texts)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_cells_of_any_text(kind):
    layout, begun = LAYOUTS[kind], time.monotonic()

    @many
    @given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(layout, CELLS)), min_size=1, max_size=4))
    def search(rows):
        end_after(begun)
        data = csv_bytes(rows, columns=list(layout), default=layout, encoding="utf-8")
        read(kind, data)

    with contextlib.suppress(TimeIsOver):
        search()


@pytest.mark.parametrize("kind", [*LAYOUTS, "bulletin"])
def test_bytes_that_are_changed(kind):
    begun = time.monotonic()
    good = (
        simple_bulletin({"September 2022": 1.0})
        if kind == "bulletin"
        else csv_bytes([{}, {}], columns=list(LAYOUTS[kind]), default=LAYOUTS[kind])
    )

    @many
    @given(st.lists(st.tuples(st.integers(0, len(good) - 1), st.binary(max_size=4)), max_size=5), st.integers(0, 9))
    def search(changes, cut):
        end_after(begun)
        data = bytearray(good)
        for at, new in changes:
            data[at : at + len(new)] = new
        read(kind, bytes(data[: len(data) - cut]))

    with contextlib.suppress(TimeIsOver):
        search()


def test_cells_of_a_workbook():
    begun = time.monotonic()
    legal = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    cell = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    cell |= st.text(legal, max_size=20) | st.sampled_from(
        ["June 2022", "September 2022 [r]", "..", "12.5 [r]", "All Managers"]
    )

    @many
    @given(st.lists(st.lists(cell, max_size=5), max_size=6))
    def search(rows):
        end_after(begun)
        workbook = bulletin_xlsx([["Role", "June 2022", "September 2022"], *rows], rows)
        with contextlib.suppress(ExtractError):
            recognise_workbook(Workbook("f", workbook))
        read("bulletin", workbook)

    with contextlib.suppress(TimeIsOver):
        search()


def test_archives_of_any_bytes():
    begun = time.monotonic()
    good = zip_bytes({"a.csv": csv_bytes(), "b/c.xlsx": b"PK\x03\x04"})

    @many
    @given(st.lists(st.tuples(st.integers(0, len(good) - 1), st.binary(min_size=1, max_size=4)), max_size=6))
    def search(changes):
        end_after(begun)
        data = bytearray(good)
        for at, new in changes:
            data[at : at + len(new)] = new
        with contextlib.suppress(ExtractError), opened("f", bytes(data)) as archive:
            for info in archive.infolist():
                name = display_name(info)
                assert name == printable(name)
                assert "\n" not in name
                with contextlib.suppress(ExtractError):
                    assert read_member("f", archive, info).startswith(read_head("f", archive, info, 10))

    with contextlib.suppress(TimeIsOver):
        search()


def test_texts_of_any_kind():
    """What tells files, decodes them, and reads dates, months and shorthand."""
    begun = time.monotonic()
    header = st.permutations(COLUMNS).map(",".join)

    @many
    @given(
        st.binary(max_size=300)
        | (st.text() | header).map(lambda text: text.encode("utf-16" if len(text) % 2 else "utf-8"))
    )
    def search(data):
        end_after(begun)
        with contextlib.suppress(ExtractError):
            assert recognise_head("f", data).reason.isprintable()
        with contextlib.suppress(ExtractError):
            assert to_utf8("f", data)[0].decode("utf-8") is not None
        text = data.decode("utf-8", errors="replace")
        assert parse_list_date(text) is None or len(text) >= 7
        for found in (censuses_in_name(text), without_marks(text), census_of_heading(text)):
            assert found is None or found is not text

    with contextlib.suppress(TimeIsOver):
        search()
