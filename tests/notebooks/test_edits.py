"""What an analyst changes (a target, a chart's title, a notebook of their own) is in the next report, without code."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from e2e.command import Project, copy_project

pytestmark = pytest.mark.xdist_group("desk")

TARGET = """
[[target]]
id = "mine"
name = "A target of mine: coaches in place"
short = "A target of mine"
kind = "stock"
role = "hwbc"
beside = ["splw"]
value = 300
announced = 2020-10-01
deadline = 2021-09-30
wording = "three hundred coaches by the autumn"
promise = "three hundred coaches"
source = "A test, 1 October 2020"
vague = ["It states no unit."]

[target.readings]
measures = ["fte", "headcount"]
roles = ["hwbc"]
dates = ["on_or_before"]

[target.main]
measure = "fte"
role = "hwbc"
date = "on_or_before"
reason = "FTE of all rows is the measure that the publisher's own totals use."
"""
TITLE = "How many networks there are to count in"


def _edit_and_report(folder: Path) -> None:
    project = copy_project(folder)
    register = folder / "src" / "analysis" / "registers" / "targets.toml"
    register.write_text(register.read_text(encoding="utf-8") + TARGET, encoding="utf-8")
    report = folder / "notebooks" / "4_report.ipynb"
    source = report.read_text(encoding="utf-8")
    assert source.count('"report.charts.coverage"') == 1
    edited = json.dumps(f'report.charts.coverage.properties(title="{TITLE}")')
    report.write_text(source.replace('"report.charts.coverage"', edited), encoding="utf-8")
    nbformat.write(_notebook_of_mine(), folder / "notebooks" / "5_mine.ipynb")
    project.report("--reports", "out")


def _notebook_of_mine() -> nbformat.NotebookNode:
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell("## Coaches, by the way", metadata={"tags": ["report"]}),
        v4.new_code_cell(
            'period: str = ""  # census of the report\n'
            'raw: str = "data/raw"  # folder of the extracts\n'
            'processed: str = "data/processed"  # folder of the runs\n'
            'results: str = ""  # folder of this run\n'
            'area: str = "ENG"  # the area to tell of',
            metadata={"tags": ["parameters"]},
        ),
        v4.new_code_cell("import analysis as an\n\nreport = an.run(period, raw, processed, results).report()"),
        v4.new_code_cell(
            'coaches = report.facts[f"fte.hwbc.{area}.{report.period}"]\nan.say("There are {n} FTE of coaches.", n=coaches)'
        ),
    ]
    return v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def edited(shared_run: Callable) -> Path:
    """The report of an edited copy of the project, made by the command on the sample."""
    project = Project(shared_run("edited", _edit_and_report))
    return next((project.root / "out").glob("20*"))


@pytest.fixture(scope="module")
def page(edited: Path) -> BeautifulSoup:
    """Its page."""
    return BeautifulSoup((edited / "index.html").read_text(encoding="utf-8"), "html.parser")


def words(element: BeautifulSoup) -> str:
    """The text of an element, on one line."""
    return " ".join(element.get_text().split())


def test_an_edited_title_is_that_of_the_chart_in_the_page_and_for_those_who_hear_it(page):
    titles = {words(heading): heading.find_parent("figure") for heading in page.select("figcaption h3")}
    drawn = titles[TITLE].select("svg > title")
    assert titles[TITLE]["id"] == "figure-coverage"
    assert drawn
    assert {words(title) for title in drawn} == {TITLE}


def test_a_notebook_of_ones_own_is_a_section_after_those_before_it(page, edited):
    sections = [words(heading) for heading in page.select("main section > h2")]
    assert sections.index("Coaches, by the way") > sections.index("Where the figures come from")
    facts = json.loads((edited / "facts.json").read_text(encoding="utf-8"))
    coaches = facts[f"fte.hwbc.ENG.{edited.name}"]["text"]
    mine = page.find("h2", string="Coaches, by the way").find_parent("section")
    assert f"There are {coaches} FTE of coaches." in words(mine)
    assert (edited / "notebooks" / "5_mine.ipynb").is_file()


def test_an_added_target_is_assessed_in_every_reading(edited):
    mine = json.loads((edited / "assessment.json").read_text(encoding="utf-8"))["targets"]["mine"]
    assert [reading["measure"] for reading in mine["readings"]] == ["fte", "headcount"]
    facts = json.loads((edited / "facts.json").read_text(encoding="utf-8"))
    assert mine["readings"][0]["value"] == facts["fte.hwbc.ENG.2021-09"]["value"]
    reached = mine["readings"][0]["value"] >= 300
    assert mine["verdict"] == ("reached on reported data" if reached else "not reached on reported data")


def test_an_added_target_is_in_headline_prose_chart_and_tables(page, edited):
    verdict = json.loads((edited / "assessment.json").read_text(encoding="utf-8"))["targets"]["mine"]["verdict"]
    assert f": {verdict}" in words(page.select_one(".verdicts"))
    told = page.find("h3", string="A target of mine: coaches in place").find_parent(class_="text")
    assert "three hundred coaches by the autumn" in words(told)
    assert [words(title) for title in told.select("svg > title") if "A target of mine" in words(title)]
    with (edited / "tables" / "target-readings.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["target"] == "mine"]
    assert [row["verdict"] for row in rows if row["main"] == "main"] == [verdict]
