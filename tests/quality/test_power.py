"""Corruptions of real files that stand for the newest are stopped or warned about, as the page of their power says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from quality import power, quick_engine
from quality.corruptions import NOTHING
from tests.quality.small_world import World, small_world
from tests.quality.test_unguarded_checks import listed_world, national_world

from analysis.quality import engine

# The corruptions that once passed, of a census without published totals: what was done, and how much.
ONCE_PASSED = {
    ("rows of the file repeated", "the first 5,000"),
    ("rows of the file repeated", "all"),
    ("rows missing at the end", "half"),
    ("columns swapped", "ICB and sub-ICB codes"),
    ("columns swapped", "region and ICB codes"),
    ("a total row under a new code", "30.5 FTE"),
    ("FTE of one contracted row", "500"),
    ("FTE of one contracted row", "1e300"),
    ("link workers under another name", "half as Link Worker"),
    ("census of another time", "December 2099"),
    ("patients in another unit", "× 1,000"),
    ("patients in another unit", "18 digits"),
    ("patients all zero", ""),
    ("one network only", ""),
    ("networks missing at the end", "half"),
    ("latest FTE of link workers", "0"),
    ("latest FTE of link workers", "350,000"),
    ("latest heading", "November 2099"),
}


def lines_of_the_page() -> dict[tuple[str, str], tuple[str, str]]:
    """What the page says of each corruption, by itself and beside the one before."""
    found = {}
    for line in power.PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == len(power.HEADER.splitlines()[0].strip("|").split("|")):
            found[cells[0], cells[1]] = (cells[3], cells[4])
    return found


@pytest.mark.parametrize(
    "cases",
    [
        power.list_cases,
        pytest.param(power.workforce_cases, marks=pytest.mark.campaign),  # a hundred seconds
        pytest.param(power.workbook_cases, marks=pytest.mark.campaign),
    ],
    ids=lambda cases: cases.__name__,
)
def test_the_page_says_what_the_checks_make_of_each_corruption(cases: object, real_data: Path, tmp_path: Path) -> None:
    """Each table is computed again, from real files through readers and checks."""
    table = power.table(cases, real_data, tmp_path)
    assert table in power.PAGE.read_text(encoding="utf-8"), f"run tests/quality/power.py; now:\n{table}"


def test_what_once_passed_is_stopped_alone_and_beside_the_one_before() -> None:
    """Each of them is critical: no report is made without a decision."""
    lines = lines_of_the_page()
    passed = {
        (*corruption, words)
        for corruption in ONCE_PASSED
        for words in lines[corruption]
        if not re.match("stopped: |refused", words)
    }
    assert passed == set()


def test_a_file_to_which_nothing_was_done_passes() -> None:
    assert lines_of_the_page()[NOTHING, ""] == ("passed", "passed")


@pytest.mark.parametrize(
    "world",
    [
        small_world(),
        listed_world(),
        national_world(4.0),
        small_world().with_rows({"census": "2022-09", "file_row": 2}, pcn_code="x", fte=float("inf"), person_id=None),
        small_world().with_rows({"census": "2022-06"}, icb_code=None, role="unknown", staff_role="Link Worker"),
        replace(small_world(), workforce=small_world().workforce.iloc[:0]),
    ],
    ids=["as it should be", "with a list", "with a fall", "odd values", "missing values", "empty"],
)
def test_the_quick_evaluation_says_what_great_expectations_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same checks, outcomes, numbers and places."""
    by_great_expectations = world.validate()
    monkeypatch.setattr(engine, "examine", quick_engine.examine)
    pd.testing.assert_frame_equal(*(pd.DataFrame(v.checks) for v in (by_great_expectations, world.validate())))
