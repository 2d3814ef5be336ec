"""What is shown of networks and people says only what the data hold: with all of it, and with an extract alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

import analysis as an
from analysis.publish.checks.prose import numbers
from analysis.results import charts
from analysis.results.figures import Figure
from analysis.results.prose import Prose

if TYPE_CHECKING:
    from analysis.results.report import Report

SAID = ("employment", "area_growth", "distribution", "quarter_changes", "hours", "additional_roles")
SHOWN = ("employment", "area_growth", "distribution", "quarter_changes", "largest_changes", "hours", "additional_roles")
NOBODY_KNOWS = "There is no individual-level extract of this census, and so no figure of an area or a network."


def report_of(folder: Path, period: str, *inputs: Path) -> Report:
    """The report of ``period`` from copies of these files alone."""
    raw = folder / "raw"
    raw.mkdir()
    for file in inputs:
        (raw / file.name).write_bytes(file.read_bytes())
    return an.load(period, str(raw), str(folder / "processed"), str(folder / "results"))


@pytest.fixture(scope="module")
def extracts(real_data) -> dict[str, Path]:
    folder = real_data / "pcn-workforce-individual"
    return {
        month: next(folder.glob(f"*{month} Individual Level.csv"))
        for month in ("September 2021", "June 2022", "September 2022")
    }


@pytest.fixture(scope="module")
def whole(extracts, real_data, tmp_path_factory) -> Report:
    """September 2022 with the extracts of a quarter and a year before, and a list of patients."""
    patients = real_data / "patients/reconstructed/gp-reg-pat-prac-quin-age-2022-03.csv"
    return report_of(tmp_path_factory.mktemp("whole"), "2022-09", *extracts.values(), patients)


@pytest.fixture(scope="module")
def alone(extracts, tmp_path_factory) -> Report:
    """The extract of September 2022 and nothing else."""
    return report_of(tmp_path_factory.mktemp("alone"), "2022-09", extracts["September 2022"])


def said(report: Report, name: str) -> Prose:
    return getattr(report.story, name)()


@pytest.mark.parametrize("name", SAID)
def test_no_sentence_holds_a_number_that_is_no_fact(whole, alone, name):
    for report in (whole, alone):
        page = BeautifulSoup(f"<main>{said(report, name).to_html()}</main>", "html.parser")
        assert list(numbers(page)) == []


@pytest.mark.parametrize("name", SHOWN)
def test_every_table_can_be_put_on_the_page(whole, alone, name):
    for report in (whole, alone):
        page = BeautifulSoup(str(report.tables.shown(name).to_html()), "html.parser")
        assert list(numbers(page)) == []


def test_the_sentences_of_september_2022(whole):
    texts = {name: said(whole, name).text for name in SAID}
    assert "have 31.8% of it, for 14.1% of registered patients" in texts["distribution"]
    assert (
        "The middle network has 0.32 FTE for each 10,000 patients, and one in ten has 0.84 or more"
        in texts["distribution"]
    )
    assert (
        "567 have link workers on their own returns only, 260 have contracted services only, 59 have both and 219 have neither"
        in texts["employment"]
    )
    assert (
        "changed by +114 in the 1,077 networks that reported at both: +174 in networks that gained and −60"
        in texts["quarter_changes"]
    )
    assert "make 10.1% of all gains and losses; set off against each other they come to +12" in texts["quarter_changes"]
    assert (
        "The 1,659 people on the networks’ own returns work 0.86 FTE each on average, 32.3 hours a week"
        in texts["hours"]
    )
    assert "55.5% work that or more" in texts["hours"]
    assert "rose in 39 integrated care boards, fell in 3 and did not change in 0" in texts["area_growth"]
    assert "11,865 FTE, of which link workers are 17.3%, and were 19.5% in September 2021" in texts["additional_roles"]


def test_an_extract_alone_is_compared_with_nothing(alone):
    assert "there is no individual-level extract of June 2022" in said(alone, "quarter_changes").text
    assert said(alone, "area_growth").text.count("there is no individual-level extract of it") >= 1
    assert "No list of registered patients serves this census" in said(alone, "distribution").text
    assert "32.3 hours a week" in said(alone, "hours").text
    assert not re.search(r"\[[xz]\]", " ".join(said(alone, name).text for name in SAID))
    assert alone.tables.area_growth.frame.empty
    assert alone.tables.largest_changes.frame.empty


def test_national_figures_alone_say_so(extracts, tmp_path):
    """A census of which there is no extract has no figure of a network, and none is taken from an earlier one."""
    later = report_of(tmp_path, "2022-12", extracts["September 2022"])
    if later.period != "2022-12":
        pytest.skip("the census of the report is the latest with an extract")
    for name in ("distribution", "employment", "quarter_changes", "area_growth"):
        assert said(later, name).text == NOBODY_KNOWS


def test_names_of_networks_are_text_and_not_markup(whole):
    table = whole.tables.largest_changes
    hostile = table.frame.assign(pcn_name="<script>alert(1)</script>")
    assert "<script>" not in str(type(table)(table.id, table.title, hostile, table.columns).to_html())


def test_the_chart_of_deciles_has_a_mark_for_each_and_a_note_without_a_list(whole, alone):
    figure, note = whole.charts.deciles, alone.charts.deciles
    assert isinstance(figure, Figure)
    assert figure.title.text.startswith("Half of networks have 0.32 FTE of link workers per 10,000 patients or less")
    assert str(figure.svg).count('class="mark"') == 2 * 9  # wide and narrow
    assert "no list of registered patients serves this census" in note.text


@pytest.mark.parametrize("size", [charts.WIDE, charts.NARROW])
def test_bars_below_zero_and_of_nothing_can_be_drawn(size):
    bars = [
        charts.Bar("Gain", 2.0, "Gain: 2"),
        charts.Bar("Loss", -1.5, "Loss: −1.5"),
        charts.Bar("None", 0.0, "None: 0"),
    ]
    assert charts.bar_chart(bars, unit="FTE", decimals=1, across=("All", 0.5), size=size).to_dict()
    assert charts.bar_chart(bars[2:], unit="FTE", decimals=1, size=size).to_dict()
