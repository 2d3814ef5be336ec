"""What is shown of networks and people says only what the data hold: with all of it, and with an extract alone."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from report.notebook_texts import text_of
from runs.unvalidated import unvalidated

import analysis as an
from analysis.charts.figure import Figure
from analysis.markup.html_tree import read_fragment
from analysis.markup.prose import Prose
from analysis.markup.typed_numbers import typed_numbers

if TYPE_CHECKING:
    from analysis.report.report import Report

CELLS = {"area_growth": "area-growth", "quarter_changes": "quarter-changes", "additional_roles": "additional-roles"}
SAID = ("employment", "area_growth", "distribution", "quarter_changes", "hours", "additional_roles")
SHOWN = ("employment", "area_growth", "distribution", "quarter_changes", "largest_changes", "hours", "additional_roles")
NEEDS = "individual-level extract of December 2022"


def report_of(folder: Path, period: str, *inputs: Path) -> Report:
    """The report of ``period`` from copies of these files alone."""
    raw = folder / "raw"
    raw.mkdir()
    for file in inputs:
        (raw / file.name).write_bytes(file.read_bytes())
    return unvalidated(an.run(period, str(raw), str(folder / "processed")))


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
    """The text of a part, with a chart where one stands in it."""
    return text_of(report, CELLS.get(name, name))


@pytest.mark.parametrize("name", SAID)
def test_no_sentence_holds_a_number_that_is_no_fact(whole, alone, name):
    for report in (whole, alone):
        assert list(typed_numbers(read_fragment(said(report, name).to_html()))) == []


@pytest.mark.parametrize("name", SHOWN)
def test_every_table_can_be_put_on_the_page(whole, alone, name):
    for report in (whole, alone):
        assert list(typed_numbers(read_fragment(report.tables.shown(name).to_html()))) == []


def test_the_sentences_of_september_2022(whole):
    texts = {name: said(whole, name).text for name in SAID}
    assert "have 31.8% of the FTE and 14.1% of the registered patients" in texts["distribution"]
    assert "Networks without any have 18.8% of the patients" in texts["distribution"]
    assert (
        "59 have link workers of both kinds. 567 have only their own staff in the role and 260 have only contracted services"
        in texts["employment"]
    )
    assert (
        "Those with more at the later date gained 174 FTE. Those with fewer lost 60 FTE. Taken together, they rose by 114 FTE"
        in texts["quarter_changes"]
    )
    assert "make up 10.1% of all gains and losses" in texts["quarter_changes"]
    assert "list 1,659 people, the headcount. On average each works 32.3 hours a week, or 0.86 FTE" in texts["hours"]
    assert "55.5% work full time or more" in texts["hours"]
    assert "rose in 39 ICBs and fell in 3." in texts["area_growth"]
    assert (
        "11,865 FTE. Link workers make up 17.3% of that, compared with 19.5% in September 2021"
        in texts["additional_roles"]
    )


def test_an_extract_alone_is_compared_with_nothing(alone):
    assert "This needs individual-level extracts of June 2022 and" in said(alone, "quarter_changes").text
    assert "Areas can be compared only with an earlier census" in said(alone, "area_growth").text
    assert "no list of registered patients is close enough to this census" in said(alone, "distribution").text
    assert "32.3 hours a week" in said(alone, "hours").text
    assert not re.search(r"\[[xz]\]", " ".join(said(alone, name).text for name in SAID))
    assert alone.tables.area_growth.frame.empty
    assert alone.tables.largest_changes.frame.empty


def test_national_figures_alone_say_so(extracts, tmp_path):
    """A census of which there is no extract has no figure of a network, and none is taken from an earlier one."""
    later = report_of(tmp_path, "2022-12", extracts["September 2022"])
    if later.period != "2022-12":
        pytest.skip("the census of the report is the latest with an extract")
    for name in ("distribution", "employment", "places"):
        assert NEEDS in said(later, name).text


@pytest.mark.parametrize("name", [*SAID, "gender", "deprivation"])
def test_a_section_without_data_is_its_sentence_alone(whole, alone, name):
    """A table or a chart of nothing is left out; with data it stands beside the sentence."""
    table = {"quarter_changes": "largest_changes"}.get(name, name)
    assert "no chart" not in said(alone, name).text
    shown = alone.tables.filled(table)
    assert "nothing to list" not in shown.text
    if name in {"gender", "deprivation", "quarter_changes", "area_growth"}:
        assert shown.tables == ()
    if name not in {"gender", "deprivation"}:
        assert whole.tables.filled(table).tables


def test_names_of_networks_are_text_and_not_markup(whole):
    table = whole.tables.largest_changes
    hostile = table.frame.assign(pcn_name="<script>alert(1)</script>")
    assert "<script>" not in str(type(table)(table.id, table.title, hostile, table.columns).to_html())


def test_the_histogram_of_networks_is_of_rates_or_without_a_list_of_fte(whole, alone):
    """September 2022: 1,105 networks reported, 219 of them without a link worker, and 1,096 are on the list."""
    by_rate, by_fte = (Figure.of(report.charts.distribution) for report in (whole, alone))
    assert by_rate.title.text.startswith("Half of networks have 0.32 FTE of link workers or less per 10,000 patients")
    assert by_rate.table.frame["pcns"].sum() == 1096
    assert by_fte.table.frame["pcns"].sum() == 1105
    assert by_fte.table.frame["pcns"].iloc[0] == 219
    assert by_fte.title.text.startswith("Of 1,105 networks that reported, 219 have no link workers")


def test_networks_that_are_not_in_the_histogram_are_counted_in_words(whole, alone):
    told = said(whole, "distribution").text
    assert "Of 1,263 networks, 1,105 reported. A network that did not report is not in the chart" in told
    assert "A network on no list of patients is not in it either." in told
    assert "on no list" not in said(alone, "distribution").text


def test_bars_below_zero_and_of_nothing_can_be_drawn():
    frame = pd.DataFrame({"name": ["Gain", "Loss", "None"], "change": [2.0, -1.5, 0.0]})
    for rows in (frame, frame.tail(1)):
        chart = an.bars(rows, "change", "name", unit="FTE", decimals=1, across=("All", 0.5))
        drawn = str(Figure.of(an.figure(chart, title="Changes", subtitle="FTE")).svg)
        assert drawn.count('class="mark"') == 2 * len(rows)
        assert "None: 0.0 FTE" in drawn


# ---- gender and deprivation: what is said of facts that are given -------------------------------------------------


@pytest.fixture(scope="module")
def with_tables(extracts, real_data, tmp_path_factory) -> Report:
    """September 2022 with the bulletin tables."""
    (tables,) = (real_data / "published/reconstructed").glob("*.xlsx")
    return report_of(tmp_path_factory.mktemp("tables"), "2022-09", extracts["September 2022"], tables)


def test_gender_is_told_as_published_and_what_is_inferred_is_said_to_be(with_tables, alone):
    told = said(with_tables, "gender").text
    assert (
        "tables for September 2022 count 1,245 FTE of women and 178 of men. The gender of 625 FTE is other or unknown"
        in told
    )
    assert "women make up 87.5%" in told
    assert (
        "come to 618 FTE. From the two amounts we infer that they make up most of the unknown. That is not published"
        in told
    )
    assert "The extracts do not give gender" in said(alone, "gender").text


@pytest.fixture(scope="module")
def by_deprivation(with_practices, tmp_path_factory) -> Report:
    raw = with_practices(tmp_path_factory.mktemp("deprivation"))
    return unvalidated(an.run("2022-09", str(raw), str(raw.parent / "processed")))


@pytest.fixture(scope="module")
def with_practices(extracts, real_data):
    """Folder with September 2022, the list of March 2022, and a made map and scores: a practice for each network."""

    def make(folder: Path) -> Path:
        raw = folder / "raw"
        raw.mkdir()
        (raw / "september.csv").write_bytes(extracts["September 2022"].read_bytes())
        source = real_data / "patients/reconstructed/gp-reg-pat-prac-quin-age-2022-03.csv"
        rows = list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"))))
        networks = {row["ORG_CODE"]: row for row in rows if row["ORG_TYPE"] == "PCN" and row["ORG_CODE"] != "U"}
        practices = {code: f"A{number:05d}" for number, code in enumerate(sorted(networks))}
        added = [{**row, "ORG_TYPE": "GP", "ORG_CODE": practices[code]} for code, row in networks.items()]
        write_csv(raw / "list.csv", [*rows, *added])
        date = rows[0]["EXTRACT_DATE"]
        write_csv(raw / "map.csv", [practice_row(practices[code], code, date) for code in networks])
        scored = [
            {
                "PRACTICE_CODE": practice,
                "PRACTICE_NAME": "A practice",
                "IMD_YEAR": 2019,
                "IMD_SCORE": f"{5 + n % 50}.{n:04d}",
            }
            for n, practice in enumerate(practices.values())
        ]
        write_csv(raw / "scores.csv", scored)
        return raw

    return make


def write_csv(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def practice_row(practice: str, network: str, date: str) -> dict[str, object]:
    """A row of the map of practices in the publisher's columns."""
    return {
        "PUBLICATION": "GP_PRAC_PAT_LIST",
        "EXTRACT_DATE": date,
        "PRACTICE_CODE": practice,
        "PRACTICE_NAME": "A practice",
        "PRACTICE_POSTCODE": "AA1 1AA",
        "PCN_CODE": network,
        "PCN_NAME": "A PCN",
        "ONS_SUB_ICB_LOCATION_CODE": "E38000001",
        "SUB_ICB_LOCATION_CODE": "16C",
        "SUB_ICB_LOCATION_NAME": "A place",
        "ONS_ICB_CODE": "E54000050",
        "ICB_CODE": "QHM",
        "ICB_NAME": "An ICB",
        "ONS_COMM_REGION_CODE": "E40000012",
        "COMM_REGION_CODE": "Y63",
        "COMM_REGION_NAME": "A region",
        "SUPPLIER_NAME": "TPP",
    }


def test_deprivation_is_told_with_what_it_cannot_carry(by_deprivation, alone):
    report = by_deprivation
    told = said(report, "deprivation").text
    facts = {
        name: report.facts[f"{name}.splw.ENG.2022-09"]
        for name in ("rate_most_deprived", "rate_least_deprived", "rate_difference", "concentration_index")
    }
    shown = f"{told} {Figure.of(report.charts.deprivation).title}"
    for fact in facts.values():
        assert fact.text in shown
    assert "Index of Multiple Deprivation of 2019." in told
    assert "not the patients" in told
    assert facts["rate_difference"].value == pytest.approx(
        facts["rate_most_deprived"].value - facts["rate_least_deprived"].value
    )
    sources = {source.file for source in facts["concentration_index"].origin.sources}
    assert {"map.csv", "scores.csv", "list.csv", "september.csv"} <= sources
    assert str(Figure.of(report.charts.deprivation).svg).count('class="mark"') == 2 * 5
    shown = said(report, "deprivation").to_html() + report.tables.shown("deprivation", "deprivation_fifths").to_html()
    assert list(typed_numbers(read_fragment(shown))) == []
    assert "This needs four files of this time" in said(alone, "deprivation").text
    assert "no chart" in alone.charts.deprivation.text


def test_published_against_ours_shows_what_differs_then_the_newest(whole):
    """The page has what differs and a year of the others; the download has every census."""
    frame = whole.measures.backtests
    oldest = frame.index[(frame["census"] == frame["census"].min()) & (frame["role"] == "splw")][0]
    changed = frame.assign(verdict=frame["verdict"].mask(frame.index == oldest, "differs"))
    report = dataclasses.replace(whole, measures=dataclasses.replace(whole.measures, backtests=changed))
    table = report.tables.backtests_in_focus
    first = table.frame.iloc[0]
    assert (first["census"], first["verdict"]) == (frame["census"].min(), "differs")
    assert list(table.frame["census"][1:]) == sorted(table.frame["census"][1:], reverse=True)
    assert table.rows_on_page <= len(table.frame)
    assert set(table.frame["census"]) == set(frame["census"])
