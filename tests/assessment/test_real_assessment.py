"""The golden figures of the assessment, on the real extracts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from report.notebook_texts import text_of
from runs.unvalidated import unvalidated

import analysis as an
from analysis.assessment import Verdict, targets_in
from analysis.assessment.target_verdict import verdict_of
from analysis.markup.prose import Prose
from analysis.report.report import Report as Analysis


@pytest.fixture(scope="session")
def analyses(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Analysis]:
    """The real extracts analysed for five periods."""
    folder = tmp_path_factory.mktemp("assessment")
    return {
        period: unvalidated(an.run(period, str(real_data), str(folder / "processed")))
        for period in ("2020-03", "2021-03", "2022-09", "2022-12", "2026-06")
    }


pytestmark = pytest.mark.xdist_group("real-assessment")


def test_the_2019_target_turns_on_contracted_services(analyses: dict[str, Analysis]) -> None:
    """1,093.3 FTE in all, 923.8 of staff only, 1,066 people at March 2021: the counting decides."""
    assessed = analyses["2022-09"].assessment["splw-2019"]
    values = {reading.choice.measure: reading.value for reading in assessed.by_measure()}
    assert values["fte"] == pytest.approx(1093.33, abs=0.005)
    assert values["fte_staff"] == pytest.approx(923.83, abs=0.005)
    assert values["headcount"] == 1066
    assert assessed.verdict is Verdict.REACHED
    assert assessed.main.first_reached == "2021-03"
    assert len(assessed.readings) >= 6
    assert [(turn.axis, turn.reading.choice.measure) for turn in assessed.turned_by] == [("measure", "fte_staff")]


def test_a_report_of_march_2021_knows_no_later_target(analyses: dict[str, Analysis]) -> None:
    """Only the target of 2019 had been announced; it is reached at its own census."""
    assessment = analyses["2021-03"].assessment
    assert [assessed.target.id for assessed in assessment] == ["splw-2019", "splw-2019-rise"]
    assert assessment["splw-2019"].main.first_reached == "2021-03"
    assert [claim.date.isoformat() for claim in assessment["splw-2019"].target.claims] == ["2020-08-05"]


@pytest.mark.parametrize("target_id", ["splw-hwbc-2022", "cc-2022"])
def test_the_2022_targets_cannot_be_assessed_in_september(analyses: dict[str, Analysis], target_id: str) -> None:
    """November is not covered: every reading says so."""
    readings = analyses["2022-09"].assessment[target_id].readings
    assert {reading.verdict for reading in readings} == {Verdict.NOT_ASSESSABLE}
    assert {reading.choice.baseline for reading in readings} == {"2021-12", "2022-03", "2022-06"}


@pytest.mark.parametrize(
    ("period", "target_id", "baseline", "increase"),
    [
        ("2022-09", "splw-hwbc-2022", "2021-12", 655.7),
        ("2022-09", "splw-hwbc-2022", "2022-03", 445.6),
        ("2022-09", "splw-hwbc-2022", "2022-06", 211.9),
        ("2022-09", "cc-2022", "2021-12", 786.8),
        ("2022-09", "cc-2022", "2022-03", 476.4),
        ("2022-09", "cc-2022", "2022-06", 212.2),
        ("2022-12", "splw-hwbc-2022", "2021-12", 1112.1),
        ("2022-12", "splw-hwbc-2022", "2022-03", 902.0),
        ("2022-12", "splw-hwbc-2022", "2022-06", 668.2),
        ("2022-12", "cc-2022", "2021-12", 1340.0),
        ("2022-12", "cc-2022", "2022-03", 1029.6),
        ("2022-12", "cc-2022", "2022-06", 765.4),
    ],
)
def test_growth_from_each_baseline(
    analyses: dict[str, Analysis], period: str, target_id: str, baseline: str, increase: float
) -> None:
    """The table of increases comes out to the decimal; in December 2022 with the verdict that goes with it."""
    reading = next(r for r in analyses[period].assessment[target_id].by_baseline() if r.choice.baseline == baseline)
    assert round(reading.so_far, 1) == increase
    if period == "2022-12":
        assert reading.value == reading.so_far
        assert reading.censuses == ("2022-12",)
        assert reading.verdict is (Verdict.REACHED if increase >= 1000 else Verdict.NOT_REACHED)


def test_coverage_turns_the_verdict_on_coaches_from_december_2021(analyses: dict[str, Analysis]) -> None:
    """As reported +1,112 is reached; with both ends scaled up for PCNs not reporting it is under 1,000."""
    reading = next(
        r for r in analyses["2022-12"].assessment["splw-hwbc-2022"].by_baseline() if r.choice.baseline == "2021-12"
    )
    assert reading.bound("reported").verdict is Verdict.REACHED
    grossed = reading.bound("grossed_pcns")
    # (2344.77 + 736.31) × 1263/1170 − (1611.98 + 357.02) × 1255/1029
    assert grossed.value == pytest.approx(3081.08 * 1263 / 1170 - 1969.00 * 1255 / 1029, abs=0.05)
    assert grossed.verdict is Verdict.NOT_REACHED


def test_facts_carry_the_golden_figures_and_their_rows(analyses: dict[str, Analysis]) -> None:
    """fte.splw.ENG.2021-12 is 1611.98, with the extract it came from and the rows it counts."""
    facts = analyses["2022-09"].facts
    assert facts["fte.splw.ENG.2021-12"].value == pytest.approx(1611.98, abs=0.005)
    assert facts["fte.cc.ENG.2021-12"].value == pytest.approx(1107.74, abs=0.005)
    assert facts["fte.arrs13.ENG.2022-09"].value == pytest.approx(11864.6, abs=0.05)
    assert facts["pcns_with_role.arrs13.ENG.2022-09"].value == 1089
    (source,) = facts["fte.splw.ENG.2021-12"].origin.sources
    assert source.census == "2021-12"
    assert source.rows == 1794  # counted with another program over the raw file


def test_a_change_of_areas_that_the_extracts_do_not_show_is_not_marked(analyses: dict[str, Analysis]) -> None:
    """All of them were published again on the areas of July 2022."""
    icbs = analyses["2022-09"].measures.places.query("level == 'icb' and role == 'splw'")
    assert len(icbs) == 42
    assert set(icbs["change_year_note"]) == {""}
    assert "nothing is marked" in text_of(analyses["2022-09"], "breaks").text


def test_england_stands_over_its_regions(analyses: dict[str, Analysis]) -> None:
    """The national rates, with their denominators."""
    table = analyses["2022-09"].tables.places_region.frame
    assert table["area_name"].iloc[0] == "England"
    assert len(table) == 8
    assert table["rate_reporting"].iloc[0] == analyses["2022-09"].facts["rate_reporting.splw.ENG.2022-09"].value
    assert table["patients_all"].iloc[0] > table["patients_reporting"].iloc[0] > 0


def test_every_back_test_is_equal(analyses: dict[str, Analysis]) -> None:
    """Each published figure in the register comes out of the extracts."""
    assert set(analyses["2022-09"].measures.backtests["verdict"]) == {"equal"}


def test_december_2022_is_national_only(analyses: dict[str, Analysis]) -> None:
    """There is no individual-level extract of it: national figures, and areas not available."""
    analysis = analyses["2022-12"]
    assert analysis.national_only
    assert analysis.area_censuses[-1] == "2022-09"
    assert analysis.facts["fte.splw.ENG.2022-12"].value == pytest.approx(2344.77, abs=0.005)
    for name in ("places", "entrants"):
        assert "individual-level extract of December 2022" in text_of(analysis, name).text
    assert text_of(analysis, "unknown-roles").text == ""
    assert analysis.facts["fte.splw.ENG.2022-12"].origin.expression.startswith("as published in the bulletin tables")


VERDICTS = {
    "2020-03": {"splw-2019": "not assessable until March 2021", "splw-2019-rise": "not assessable until March 2024"},
    "2021-03": {
        "splw-2019": "reached on reported data, but not without contracted services",
        "splw-2019-rise": "not assessable until March 2024",
    },
    "2022-09": {
        "splw-2019": "reached on reported data, but not without contracted services",
        "splw-2019-rise": "not assessable until March 2024",
        "splw-hwbc-2022": "not assessable until December 2022",
        "cc-2022": "not assessable until December 2022",
    },
    "2022-12": {
        "splw-2019": "reached on reported data, but not without contracted services",
        "splw-2019-rise": "not assessable until March 2024",
        "splw-hwbc-2022": "depends on the baseline: reached only from December 2021",
        "cc-2022": "depends on the baseline: reached only from March 2022 or earlier",
    },
    "2026-06": {
        "splw-2019": "reached on reported data, but not without contracted services",
        "splw-2019-rise": "reached on reported data, not known without contracted services",
        "splw-hwbc-2022": "depends on the baseline: reached only from December 2021",
        "cc-2022": "depends on the baseline: reached only from March 2022 or earlier",
    },
}


@pytest.mark.parametrize("period", VERDICTS)
def test_a_verdict_has_the_same_words_everywhere(analyses: dict[str, Analysis], period: str) -> None:
    """First screen, section, table of the workbook, assessment.json and comparison: one verdict, one exception."""
    report = analyses[period]
    lines = {assessed.target.id: verdict_of(assessed).line for assessed in report.assessment}
    assert lines == VERDICTS[period]
    stored = targets_in(json.loads(report.assessment.to_json()))
    assert {target_id: target["in_short"] for target_id, target in stored.items()} == lines
    assert all(target["in_short"].startswith(target["verdict"]) for target in stored.values())
    assert dict(zip(lines, report.tables.target_verdicts.frame["in_short"], strict=True)) == lines
    first_screen, section = text_of(report, "verdicts").text, text_of(report, "targets").text
    for line in lines.values():
        assert first_screen.count(f": {line}.") == list(lines.values()).count(line)
        assert section.count(f": {line}.") == list(lines.values()).count(line)


def test_the_section_gives_the_figures_of_the_verdict(analyses: dict[str, Analysis]) -> None:
    """The increase from each baseline, and each reading that differs from the main one in one choice."""
    section = text_of(analyses["2022-12"], "targets").text
    assert "+1,112 FTE from December 2021, +902 FTE from March 2022 and +668 FTE from June 2022" in section
    assert "There were 924 FTE without contracted services." in section
    table = analyses["2022-12"].tables.readings_in_short_of("cc-2022").frame
    assert list(table["reading"].str.startswith("From ")) == [False, True, True, False, False, False, False]
    assert list(table["verdict"].iloc[:3]) == ["not reached", "reached", "reached"]
    assert "Of 15 ways of reading the promise that these data can check, one counts as kept." in section


@pytest.mark.parametrize("period", VERDICTS)
def test_the_first_screen_is_short_and_plain(analyses: dict[str, Analysis], period: str) -> None:
    """The news in one sentence of at most 25 words; at most 120 words before the second heading; no shorthand."""
    news, tiles, verdicts = (_words_of(text_of(analyses[period], name)) for name in ("headline", "tiles", "verdicts"))
    assert news.count(". ") == 0
    assert len(news.split()) <= 25
    caption = "FTE, England"
    assert len(f"{news} {caption} {tiles} {verdicts}".split()) <= 120
    assert not re.search(r"\[[a-z]\]", news + tiles + verdicts)
    sentences = re.split(r"[.:](?:\s|$)", f"{news} {verdicts} {_words_of(text_of(analyses[period], 'targets'))}")
    assert {sentence for sentence in sentences if len(sentence.split()) > 30} == set()


def _words_of(prose: Prose) -> str:
    """What is read of a text: without quotations, sources, drawings, tables and what is closed, with single spaces."""
    soup = BeautifulSoup(str(prose.html), "html.parser")
    for unread in soup.select("q, cite, svg, table, details, p.notes, figcaption"):
        unread.decompose()
    for element in soup.select("p, li, dt, dd, h2, h3, h4"):
        element.append(" ")
    return " ".join(soup.get_text().split())


def test_the_recent_pace_is_of_quarters(analyses: dict[str, Analysis]) -> None:
    """Matched growth of link workers and coaches a month: 72.1, 58.0, 73.1 and 59.3 in the last four quarters."""
    facts = analyses["2022-09"].facts
    pace = "pace.splw-hwbc-2022.2021-12"
    assert round(facts[f"{pace}.recent_low"].value, 1) == 58.0
    assert round(facts[f"{pace}.recent_high"].value, 1) == 73.1
    told = text_of(analyses["2022-09"], "targets").text
    assert "Counted from December 2021: between February 2023 and March 2023" in told


def test_origins_name_all_that_a_figure_rests_on(analyses: dict[str, Analysis]) -> None:
    """A share and a figure scaled up rest on the active PCNs of the bulletin, too."""
    facts = analyses["2022-09"].facts
    for name in ("coverage.ENG.2021-03", "grossed_pcns.fte_staff.splw.ENG.2021-03"):
        files = [source.file for source in facts[name].origin.sources]
        assert [file for file in files if file.endswith(".csv")], name
        assert [file for file in files if file.endswith(".xlsx")], name
    low = facts["pace.cc-2022.2021-12.recent_low"].origin.sources
    assert [source.census for source in low] == ["2021-09", "2021-12", "2022-03", "2022-06", "2022-09"]
