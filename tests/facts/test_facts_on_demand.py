"""Facts of real extracts, looked up when asked for: at every level, by role and census, with errors that help."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pandas as pd
import pytest
from facts.real_facts import PERIOD, analysed

from analysis.charts.places import icb_rates
from analysis.errors import UsageError
from analysis.facts.fact import Facts, Status, UnknownFactError
from analysis.facts.stored import facts_json, read_facts_json, with_shown
from analysis.facts.tidy import COLUMNS, ids_of
from analysis.publish.fact_files import fact_tables, shown_figures, write_fact_files
from analysis.registers.measures import load_measures
from analysis.report.report import Report
from analysis.runs import store
from analysis.runs.stored_facts import facts_in


@pytest.fixture(scope="module")
def report(real_data: Path) -> Report:
    return analysed(real_data)[1]


@pytest.mark.parametrize(
    ("fact_id", "level", "column"),
    [
        ("fte.splw.ENG.2022-09", "england", "fte"),
        ("fte.cc.Y63.2021-12", "region", "fte"),
        ("fte.hwbc.QHM.2022-06", "icb", "fte"),
        ("headcount.splw.01H.2022-09", "sub_icb", "headcount"),
        ("fte.splw.U00070.2022-09", "pcn", "fte"),
        ("fte_contracted.splw.QHM.2022-06", "icb", "fte_contracted"),
        ("fte.physiotherapist.QHM.2022-09", "icb", "fte"),
    ],
)
def test_a_level_of_any_area_role_and_census_is_that_of_the_frame(report, fact_id, level, column) -> None:
    """`look-at-one-place.md` said "for a PCN take its code": there was no such fact."""
    _, role, area, census = fact_id.split(".")
    frame = report.measures.totals
    row = frame[(frame["area_code"] == area) & (frame["role"] == role) & (frame["census"] == census)]
    assert row["level"].tolist() == [level]

    fact = report.facts[fact_id]

    assert (fact.id, fact.value, fact.period) == (fact_id, pytest.approx(row[column].iloc[0]), census)
    assert [source.census for source in fact.origin.sources] == [census]
    assert fact.origin.sources[0].rows > 0


def test_rates_of_any_role_and_level_are_there(report) -> None:
    """`icb_rates(role="cc")` failed, though the frame has the figures."""
    for fact_id in (
        "rate_reporting.cc.QHM.2022-09",
        "rate_reporting.splw.01H.2022-09",
        "rate_reporting.cc.U00070.2022-09",
    ):
        fact = report.facts[fact_id]
        assert fact.value is not None
        assert fact.unit == "FTE per 10,000 patients"
        assert [source.file for source in fact.origin.sources if "pat-prac" in source.file]
    for level in ("icb", "sub_icb"):
        chart = icb_rates(
            report.measures.places, census=PERIOD, facts=report.facts, level=level, role=report.roles.words["cc"]
        )
        assert "are coordinators" in chart.title.text


def test_no_fact_is_made_before_it_is_asked_for(report) -> None:
    """A hundred thousand objects that nobody looks at took seconds; one look-up takes a moment."""
    frame = report.measures.totals
    asked = (
        f"fte.splw.{frame.loc[(frame['level'] == 'pcn') & (frame['census'] == '2021-03'), 'area_code'].iloc[5]}.2021-03"
    )
    assert asked not in report.facts.made
    assert asked in report.facts
    assert asked not in report.facts.made, "to look whether it is there is not to make it"
    assert report.facts.get("fte.splw.U99999.2021-03") is None
    assert report.facts[asked] is report.facts[asked]


@pytest.mark.parametrize(
    ("fact_id", "part", "instead"),
    [
        ("fte.splw.U0007.2022-09", "area 'U0007'", "U00070"),
        ("fte.spwl.ENG.2022-09", "role 'spwl'", "splw"),
        ("fte.splw.ENG.2022-10", "census '2022-10'", "2022-09"),
        ("rate_al.splw.ENG.2022-09", "measure is called 'rate_al'", "rate_all"),
        ("fte.splw.ENG", "<role>.<area_code>.<census>", "fte.splw.ENG.2020-03"),
        ("change.fte.splw.ENG.2022-09.2022-06", "from_census", "2022-03"),
        ("fte.physiotherapist.U00070.2022-09", "parts together", "U00070"),
        ("readings.splw-2018", "no fact 'readings.splw-2018'", "readings.splw-2019"),
    ],
)
def test_an_id_that_is_wrong_names_the_part_and_what_there_is(report, fact_id, part, instead) -> None:
    assert fact_id not in report.facts
    with pytest.raises(UnknownFactError) as caught:
        report.facts[fact_id]
    message = str(caught.value)
    assert fact_id in message
    assert part.replace("from_census", "earlier census") in message
    assert instead in message
    assert isinstance(caught.value, (KeyError, UsageError))


def test_the_tidy_frame_has_the_value_and_status_of_each_fact(report) -> None:
    """One row for each: whole columns give what facts made one by one give."""
    frame = report.facts.frame()
    assert list(frame) == COLUMNS
    ids = ids_of(frame)
    assert ids.is_unique
    assert {"england", "region", "icb", "sub_icb", "pcn"} == {*frame["level"]}
    few = frame.assign(id=ids).groupby(["measure", "level"]).head(3)
    assert len(few) > 500
    for row in few.to_dict("records"):
        fact = report.facts[row["id"]]
        assert fact.value == pytest.approx(row["value"], nan_ok=True) or (fact.value is None and pd.isna(row["value"]))
        assert (fact.unit, fact.status.value, fact.status.shorthand) == (row["unit"], row["status"], row["note"]), row
    boards = report.facts.frame(measures=["rate_reporting"], levels=["icb"], roles=["cc"])
    assert len(boards) == 42
    assert {*boards["measure"], *boards["role"], *boards["census"]} == {"rate_reporting", "cc", PERIOD}


def test_every_measure_of_the_register_has_its_frame_and_columns(report) -> None:
    """A row that names a column which is not there would fail when somebody asks."""
    lookup = report.facts.lookup
    for measure in load_measures():
        frame = lookup.frames.frame(measure.frame)
        if frame.empty:  # fifths of deprivation, which need a list by practice
            assert measure.frame == "deprivation_fifths"
            continue
        named = {*measure.keys, *filter(None, (measure.column, measure.note, measure.needs, measure.where[0]))}
        assert named | {*measure.censuses} <= {*frame.columns}, measure.id


def test_facts_json_can_be_opened_and_holds_what_was_promised(report, tmp_path) -> None:
    """England's figures for every role and census, those of targets, and those that are shown; 13 MB before."""
    shown = "fte.splw.U00070.2022-09"
    started = time.process_time()
    of_analysis = facts_json(report.facts, PERIOD, "splw", synthetic=False)
    text = with_shown(of_analysis, report.facts, [shown], "1.0")
    assert time.process_time() - started < 10
    assert with_shown(of_analysis, report.facts, [], "") == of_analysis
    content = json.loads(text)
    assert len(text.encode()) < 4_000_000
    header = content.pop("header")
    assert (header["format"], header["period"], header["synthetic"], header["facts"]) == (
        2,
        PERIOD,
        False,
        len(content),
    )
    assert content[shown]["level"] == "pcn"
    assert {"reading", "target", "backtests"} <= {fact["measure"] for fact in content.values()}
    for role in (*report.roles.codes, *report.roles.groups):
        for census in report.censuses:
            fact = content[f"fte.{role}.ENG.{census}"]
            assert (fact["measure"], fact["role"], fact["area_code"], fact["census"]) == ("fte", role, "ENG", census)
    fact = content["fte.splw.ENG.2021-12"]
    (number, rows), *_ = fact["origin"]["sources"].items()
    assert header["sources"][number]["census"] == "2021-12"
    assert rows == report.facts["fte.splw.ENG.2021-12"].origin.sources[0].rows


def test_facts_of_a_folder_are_those_of_the_analysis(report, tmp_path) -> None:
    """The notebook after the analysis, `explain` and a comparison open a folder: all facts are there, of every level."""
    store.save_analysis(report, tmp_path)
    opened = facts_in(tmp_path)
    for fact_id in [
        *report.facts.made,
        "fte.splw.U00070.2022-06",
        "change_year.fte.cc.QHM.2022-09",
        "coverage.01H.2022-09",
    ]:
        assert opened[fact_id] == report.facts[fact_id], fact_id
    with pytest.raises(UnknownFactError, match="U00070"):
        opened["fte.splw.U0007.2022-09"]


def test_files_of_all_areas_are_tidy_and_say_when_they_are_invented(report, tmp_path) -> None:
    """All levels in a file that a spreadsheet opens; a program reads the same from Parquet."""
    roles = ("splw", "cc")
    write_fact_files(fact_tables(report.facts, PERIOD, roles, synthetic=True), tmp_path)
    read = pd.read_csv(tmp_path / "facts.csv", keep_default_na=False, dtype={"area_code": "str"})
    assert list(read) == [*COLUMNS, "synthetic_data"]
    assert {*read["synthetic_data"]} == {"yes"}
    assert len(read) == len(pd.read_parquet(tmp_path / "facts.parquet")) < 200_000
    of_network = read[(read["area_code"] == "U00070") & (read["measure"] == "fte") & (read["role"] == "splw")]
    assert of_network["value"].astype("float64").tolist() == [
        pytest.approx(report.facts["fte.splw.U00070.2022-09"].value)
    ]
    figures = shown_figures(report.facts, PERIOD, roles)
    assert not figures.duplicated(["measure", "role", "area_code", "from_census", "census"]).any()
    missing = figures[figures["value"].isna()]
    assert (missing["note"] != "").all(), "a missing figure says why"


def test_facts_read_from_a_file_of_format_1_are_whole() -> None:
    """Reports that were made before the header: each fact with its sources."""
    source = {"file": "a.csv", "sha256": "0" * 64, "census": "2021-12", "rows": 3}
    origin = {"definition": "d", "expression": "e", "rounding": "r", "sources": [source]}
    old = {
        "a.b": {"value": 3, "unit": "PCNs", "period": "2021-12", "text": "3", "status": "reported", "origin": origin}
    }
    header, (fact,) = read_facts_json(json.dumps(old))
    assert header == {}
    assert (fact.id, fact.value, fact.status, fact.origin.sources[0].rows) == ("a.b", 3, Status.REPORTED, 3)
    assert Facts([fact]).get("a.c") is None
