"""The pages beside the report: validation, front page, failure, comparison."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from publish import page_samples as samples

from analysis.errors import UserError
from analysis.publish.checks import check_page
from analysis.publish.failure_page import render_failure
from analysis.publish.front_page import SEARCHABLE_FROM, first_screen, render_front
from analysis.publish.paths import without_machine_paths
from analysis.publish.validation_page import render_validation

ROOT = Path(__file__).parents[2]


def every_kind(kind: type[UserError]) -> Iterator[type[UserError]]:
    """The kinds of error below a kind."""
    for narrower in kind.__subclasses__():
        yield narrower
        yield from every_kind(narrower)


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def validated(*checks: dict[str, object]) -> BeautifulSoup:
    return soup(render_validation({"checks": list(checks)}, samples.context(title="Validation")))


def test_each_expectation_has_its_entry_failures_first() -> None:
    page = soup(render_validation(samples.validation(), samples.context(title="Validation")))
    assert [entry["data-outcome"] for entry in page.select("article.check")] == [
        "failed",
        "explained",
        "not-assessed",
        "passed",
        "passed",
    ]


def test_critical_failures_come_before_warnings_and_decide_the_summary() -> None:
    page = validated(samples.check("failed", "info"), samples.check("failed", "critical"), samples.check("failed"))
    assert [entry["data-severity"] for entry in page.select("article.check")] == ["critical", "warning", "info"]
    assert "1 critical check failed: the report is not made." in page.select_one(".verdict").get_text()


def test_warnings_alone_do_not_stop_the_report() -> None:
    assert "the report can be made" in validated(samples.check("failed")).select_one(".verdict").get_text()


def test_the_rows_are_shown_with_how_many_there_are_in_all() -> None:
    page = soup(render_validation(samples.validation(), samples.context(title="Validation")))
    failed = page.select_one('article[data-outcome="failed"]')
    assert failed.summary.get_text() == "The first rows (2 of 70)"
    assert [cell.get_text() for cell in failed.select_one("tbody tr").find_all(["th", "td"])] == [
        "a – b.csv",
        "17",
        "FTE",
        "-0.026666667",
        "2022-09",
    ]
    assert [cell.get_text() for cell in failed.select("tbody tr")[1].find_all("td")] == ["[z]", "FTE", "[x]", "[z]"]


def test_the_table_of_outcomes_counts_every_check_once() -> None:
    page = soup(render_validation(samples.validation(), samples.context(title="Validation")))
    counts = [int(cell.get_text()) for cell in page.select_one("table").select("tbody td")]
    assert sum(counts) == len(samples.validation()["checks"])


def test_the_front_page_lists_reports_newest_first() -> None:
    page = soup(render_front(samples.entries(5)[::-1]))
    assert [link.get_text() for link in page.select("article h3 a")] == [
        "March 2021",
        "December 2020",
        "September 2020",
        "June 2020",
        "March 2020",
    ]


def test_the_front_page_marks_synthetic_reports_and_status() -> None:
    page = soup(render_front(samples.entries(2)))
    first, second = (entry.get_text(" ", strip=True) for entry in page.select("article.entry"))
    assert "draft" in first
    assert "synthetic data" not in first
    assert "final" in second
    assert "synthetic data" in second


def test_the_front_page_of_synthetic_reports_alone_is_synthetic() -> None:
    assert soup(render_front(samples.entries(1))).title.get_text().startswith("SYNTHETIC DATA")
    assert not soup(render_front(samples.entries(2))).title.get_text().startswith("SYNTHETIC DATA")


def test_a_verdict_that_another_reading_turns_is_not_counted_as_one_that_stands() -> None:
    """The report says "reached, but not without contracted services"; the list of reports said "reached"."""
    verdicts = (
        ("First", "reached on reported data, but not without contracted services"),
        ("Second", "reached on reported data, not known without contracted services"),
        ("Third", "reached on reported data"),
        ("Fourth", "depends on the baseline: reached only from December 2021"),
    )
    entry = dataclasses.replace(samples.entries(1)[0], verdicts=verdicts)
    assert entry.verdict_line == (
        "4 targets: 2 reached on reported data with reservations, 1 reached on reported data, 1 depends on the baseline"
    )


def test_the_front_page_shows_the_newest_real_report_and_a_verdict_line_for_each() -> None:
    """The news, trend and figures of the newest report with real data; one line of verdicts each, not sixty words."""
    page = """<main id="main"><div class="opening"><div class="text headline"><p>Reported link workers rose by
    <a class="fact" href="origins.html#x"><data value="144" data-fact="a.b">144</data></a>.</p></div>
    <figure id="figure-t" class="chart compact" aria-labelledby="title-t"><figcaption id="title-t"><a href="#t">FTE</a>
    </figcaption></figure><div class="text verdicts"><h2>Were the targets met?</h2></div></div><h2>Key figures</h2>"""
    shown = first_screen(page, "2020-06/index.html")
    front = soup(render_front(samples.entries(4), screen=shown))
    assert front.select_one("#latest").get_text() == "September 2020"  # December is synthetic
    assert "rose by 144" in " ".join(front.select_one(".headline").get_text().split())
    assert not front.select("[data-fact], .verdicts")
    assert check_page(str(front), kind="front") == []
    lines = [entry.select("p")[1].get_text() for entry in front.select("article.entry")]
    assert lines == ["2 targets: 1 reached on reported data, 1 not assessable"] * 4
    assert first_screen("<main><h2>Before there was one</h2></main>", "x") is None


def test_a_front_page_without_reports_says_so() -> None:
    assert "No report has been made yet." in soup(render_front([])).main.get_text()


def test_many_reports_can_be_searched_and_few_need_no_search() -> None:
    assert soup(render_front(samples.entries(SEARCHABLE_FROM))).select_one("input[data-search]") is not None
    assert soup(render_front(samples.entries(SEARCHABLE_FROM - 1))).select_one("input[data-search]") is None


def test_a_failure_tells_notebook_cell_parameters_and_what_to_do() -> None:
    text = soup(render_failure(samples.failure())).main.get_text(" ", strip=True)
    for said in (
        "3_analyse.ipynb, cell 4",
        "totals['ftee']",
        "2022-09",
        "Correct the cell in JupyterLab",
        "untouched",
        "totals.py",
    ):
        assert said in text


@pytest.mark.parametrize("kind", [UserError, *every_kind(UserError)])
def test_each_kind_of_failure_tells_an_analyst_what_to_do(kind: type[UserError]) -> None:
    html = render_failure(samples.failure(kind=kind.kind))
    assert check_page(html, kind="failure") == []
    steps = [step.get_text() for step in soup(html).select("ol.steps li")]
    assert len(steps) >= 2
    named = " ".join(tag.get_text() for tag in soup(html).select("ol.steps code"))
    assert named, "no command and no file is named"
    for path in re.findall(r"(?:src|docs)/\S+", named):
        assert (ROOT / path).exists(), path
    for target in re.findall(r"make (\w+)", named):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), target


def test_a_failure_names_no_place_of_this_machine_and_no_terminal_colours() -> None:
    page = render_failure(samples.failure())
    assert "/home/ann" not in page
    assert "\x1b" not in page
    assert "…/extracts" in page


def test_a_failure_without_notebook_leaves_out_what_there_is_not() -> None:
    page = soup(
        render_failure(samples.failure(period="", notebook="", cell_number=None, cell_source="", traceback_tail=""))
    )
    assert page.find(id="cell") is None
    assert page.find(id="traceback") is None
    assert page.h1.get_text(strip=True) == "The report was not made"


def test_paths_are_cut_to_their_last_part_and_addresses_are_not() -> None:
    assert without_machine_paths("see /tmp/a/b.csv and C:\\Users\\ann\\c.csv.") == "see …/b.csv and …/c.csv."
    assert (
        without_machine_paths("https://example.org/home/x and data/raw/y")
        == "https://example.org/home/x and data/raw/y"
    )


def test_a_comparison_has_a_section_for_each_kind_of_change(pages: dict[str, Path]) -> None:
    page = soup(pages["comparison"].read_text(encoding="utf-8"))
    assert [heading.get_text() for heading in page.select("main h2")] == ["Revised values", "New areas"]
    assert page.select_one("main table caption#table-revised") is not None
    assert samples.HOSTILE in page.main.get_text()
