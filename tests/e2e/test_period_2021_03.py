"""A report of March 2021 made from all the extracts is the report of that time: nothing in it is later."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from e2e.reading import section_text, texts
from pyarrow import parquet

pytestmark = pytest.mark.xdist_group("real")

LAST = "2021-03"
CENSUS_COLUMNS = ["census", "from_census", "since", "previous_census", "year_ago_census"]
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
NUMBERS = {name: number for number, name in enumerate(MONTHS.split("|"), 1)}
NUMBERS |= {name[:3]: number for name, number in list(NUMBERS.items())} | {"Sept": 9}

CENSUS = re.compile(r"(?<!\d)(20\d\d)-(0[1-9]|1[0-2])(?!\d)")
MONTH = re.compile(rf"\b({MONTHS}|{SHORT_MONTHS})\.?\s+(20\d\d)\b")
YEAR = re.compile(r"(?<![\w.,/-])(20(?:2[2-9]|3\d))(?![\w,%]|\.\d)")

# What may speak of a later time, and why. Each is taken out of the text before it is searched.
ALLOWED = {
    "the wording of the 2019 target looks ahead itself": re.compile(r"rising further by 2023.24"),
    "the deadline of the 2019 target is the last day of the month": re.compile(r"2021-03-31|31 March 2021"),
    "the second part of the 2019 target looks ahead to its own date": re.compile(
        r"(?<!\.)2024-03(-31)?(?!\d)|(31 )?March 2024"
    ),
    "the name of the bulletin workbook, of which only the columns up to March 2021 are read": re.compile(
        r"PCNW November 2025 - B(ulletin tables\.xlsx|\.\.\.)"
    ),
    "the edition from which the register has the published totals of each census, up to March 2021": re.compile(
        r'"20(20-\d\d|21-03)": "2025-11"'
    ),
    "a file that is set aside is listed by its name": re.compile(
        r"gp-reg-pat-prac-quin-age-2022-03\.csv|fingertips-imd-2025-gp-practice\.csv"
        r"|General Practice \W+ February 2023 In(dividual Level|\.\.\.)"
    ),
    "a file that is set aside for its date says so": re.compile(
        r"its list of (July 2026|March 2022) was published later|its index of 2025 is later"
    ),
}
# The manifest alone says when the report was made, by which releases of which packages.
NOT_READ = ("manifest.json", "log.jsonl")


def later_than_march_2021(text: str) -> list[str]:
    """Every mention of a month or year after March 2021, with the words around it."""
    for allowed in ALLOWED.values():
        text = allowed.sub(" ", text)
    found = []
    for pattern in (CENSUS, MONTH, YEAR):
        for match in pattern.finditer(text):
            first, *second = match.groups()
            if pattern is CENSUS:
                census = (int(first), int(second[0]))
            elif pattern is MONTH:
                census = (int(second[0]), NUMBERS[first])
            else:
                census = (int(first), 12)
            if census > (2021, 3):
                found.append(" ".join(text[max(0, match.start() - 60) : match.end() + 30].split()))
    return found


@pytest.mark.parametrize(
    "text", ["April 2021", "by 2022-09", "fte.splw.ENG.2021-06", "Jun 2022", "in 2022.", "August 2022", "from 2026 on"]
)
def test_the_search_finds_what_is_later(text: str) -> None:
    assert later_than_march_2021(f"It is said {text} and so on")


@pytest.mark.parametrize(
    "text", ["March 2021", "2020–21", "2,046 FTE", "31 March 2021", "2020-12", "0.2022", "20220.5"]
)
def test_the_search_passes_over_what_is_not_later(text: str) -> None:
    assert later_than_march_2021(f"It is said {text} and so on") == []


def test_nothing_later_than_march_2021_is_anywhere_in_the_output(real_report_2021_03: Path) -> None:
    found = {
        name: later
        for name, text in texts(real_report_2021_03)
        if name not in NOT_READ and (later := later_than_march_2021(f"{name}\n{text}"))
    }
    assert found == {}


def test_no_frame_of_measures_holds_a_later_census(real_report_2021_03: Path) -> None:
    frames = sorted(real_report_2021_03.glob("measures/*.parquet"))
    assert frames
    for path in frames:
        frame = parquet.read_table(path).to_pandas()
        for column in frame.columns.intersection(CENSUS_COLUMNS):
            values = frame[column].dropna().astype(str).unique()  # area_growth has "peak" and "year_ago" in `since`
            assert [value for value in values if CENSUS.fullmatch(value) and value > LAST] == [], path.name


def test_the_2019_target_is_reached_on_reported_data(real_report_2021_03: Path) -> None:
    assessment = json.loads((real_report_2021_03 / "assessment.json").read_text(encoding="utf-8"))
    target = assessment["targets"]["splw-2019"]
    assert target["verdict"] == "reached on reported data"
    assert target["value"] == 1000
    assert target["first_reached"] == "2021-03"
    assert next(reading for reading in target["readings"] if reading["main"])["value"] == pytest.approx(
        1093.33, abs=0.005
    )


def test_targets_announced_later_are_not_shown(real_report_2021_03: Path) -> None:
    assessment = json.loads((real_report_2021_03 / "assessment.json").read_text(encoding="utf-8"))
    assert list(assessment["targets"]) == ["splw-2019"]
    assert list(assessment["targets"]["splw-2019"]["parts"]) == ["splw-2019-rise"]


def test_the_page_says_the_verdict_with_its_figures(real_report_2021_03: Path) -> None:
    text = " ".join(dict(texts(real_report_2021_03))["index.html"].split())
    for said in ("reached on reported data", "1,093", "1,000", "March 2021"):
        assert said in text


def test_a_report_with_none_before_it_says_so(real_report_2021_03: Path) -> None:
    changed = section_text(real_report_2021_03 / "index.html", "What changed since the last report")
    assert "no earlier report to compare this one with" in changed, changed
