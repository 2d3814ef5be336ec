"""The figures of each area at the census of the report, held against the rows of the extract."""

from __future__ import annotations

import csv
import dataclasses
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from report.test_analyses_shown import report_of

from analysis.report.report import Report
from analysis.tables.area_profiles import COLUMNS, SERIES_COLUMNS, area_profiles, area_series, breaks_of_all_areas

pytestmark = pytest.mark.xdist_group("real")
ROLE = "Social Prescribing Link Workers"


def extract(real_data: Path, month: str) -> Path:
    (path,) = (real_data / "pcn-workforce-individual").glob(f"*{month} Individual Level.csv")
    return path


@pytest.fixture(scope="module")
def report(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """September 2022 with the extracts of a quarter and a year before, and a list of patients."""
    inputs = [extract(real_data, month) for month in ("September 2021", "June 2022", "September 2022")]
    patients = real_data / "patients/reconstructed/gp-reg-pat-prac-quin-age-2022-03.csv"
    return report_of(tmp_path_factory.mktemp("profiles"), "2022-09", *inputs, patients)


@pytest.fixture(scope="module")
def profiles(report: Report) -> pd.DataFrame:
    return area_profiles(report)


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[dict[str, str]]:
    with extract(real_data, "September 2022").open(encoding="cp1252", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_area_of_the_extract_has_one_row_and_lies_where_the_extract_says(profiles, rows):
    assert list(profiles.columns) == COLUMNS
    assert not profiles.duplicated(["level", "area_code"]).any()
    here = profiles[profiles["last_census"] == "2022-09"]
    pcns = here[here["level"] == "pcn"].set_index("area_code")
    assert len(pcns) == 1105
    lies_in = {code: tuple(codes) for code, *codes in pcns[["sub_icb_code", "icb_code", "region_code"]].itertuples()}
    for row in rows:
        assert lies_in[row["PCN_CODE"]] == (row["SUB_ICB_CODE"], row["ICB_CODE"], row["COMM_REGION_CODE"])
    for level, column in (("region", "COMM_REGION_CODE"), ("icb", "ICB_CODE"), ("sub_icb", "SUB_ICB_CODE")):
        assert set(here.loc[here["level"] == level, "area_code"]) == {row[column] for row in rows}


def test_its_figures_are_the_sums_of_the_rows(profiles, rows):
    fte, staff, people = defaultdict(float), defaultdict(float), defaultdict(set)
    for row in rows:
        if row["STAFF_ROLE"] != ROLE:
            continue
        for code in (row["PCN_CODE"], row["SUB_ICB_CODE"], row["ICB_CODE"], row["COMM_REGION_CODE"], "ENG"):
            fte[code] += float(row["FTE"])
            if row["Data_source"] == "NWRS Staff":
                staff[code] += float(row["FTE"])
                people[code].add(row["UNIQUE_IDENTIFIER"])
    for area in profiles[profiles["last_census"] == "2022-09"].to_dict("records"):
        code = area["area_code"]
        assert area["fte"] == pytest.approx(fte[code], abs=1e-6)
        assert area["fte_staff"] == pytest.approx(staff[code], abs=1e-6)
        assert area["fte_contracted"] == pytest.approx(fte[code] - staff[code], abs=1e-6)
        assert area["headcount"] == len(people[code])


def test_a_network_is_compared_with_its_icb_and_with_england(profiles):
    of = profiles.set_index("area_code")
    england = of.loc["ENG"]
    assert pd.isna(england["icb_rate"])
    assert england["england_rate_note"] == "[z]"
    for area in profiles[profiles["level"].isin(("sub_icb", "pcn"))].to_dict("records"):
        assert area["icb_rate"] == of.loc[area["icb_code"], "rate"]
        assert area["england_rate"] == england["rate"]


def test_a_missing_figure_has_its_reason(profiles):
    notes = {"fte": "note", "fte_staff": "split_note", "fte_contracted": "split_note"}
    notes |= {name: f"{name}_note" for name in ("headcount", "rate", "icb_rate", "england_rate")}
    notes["direct_share_pct"] = "direct_share_note"
    for figure, note in notes.items():
        missing = profiles[figure].isna()
        assert profiles.loc[missing, note].isin(("[x]", "[z]")).all(), figure


def test_cautions_say_what_is_so(profiles):
    by = profiles.set_index("area_code")["cautions"]
    pcns = profiles[profiles["level"] == "pcn"].set_index("area_code")
    new = pcns[pcns["first_census"] == "2022-09"]
    assert len(new) == 28  # domain.md: newly reporting from June to September 2022
    assert (
        by[new.index].str.contains("It is first in the extracts at September 2022; the one before is June 2022.").all()
    )
    assert not by[pcns.index[pcns["first_census"] == "2021-09"]].str.contains("first in").any()
    gone = pcns[pcns["last_census"] < "2022-09"]
    assert by[gone.index].str.contains("It did not report at September 2022. It last reported at").all()
    assert gone["fte"].isna().all()
    none = pcns["fte"] == 0
    assert (by[pcns.index].str.contains("none in this role") == none).all()
    assert (by[pcns.index].str.contains("few patients") == ((pcns["patients"] < 30_000) & pcns["fte"].notna())).all()
    # These extracts were all published on the areas of July 2022.
    assert not by.str.contains("Areas of its level changed").any()


def test_the_series_of_each_area_ends_with_its_figure(report, profiles):
    series = area_series(report, profiles)
    assert list(series.columns) == SERIES_COLUMNS
    assert list(series["area_code"].unique()) == list(profiles["area_code"])
    last = series[series["census"] == "2022-09"].set_index(["level", "area_code"])["fte"]
    pd.testing.assert_series_equal(last, profiles.set_index(["level", "area_code"])["fte"])
    assert series.loc[series["fte"].isna(), "note"].isin(("[x]", "[z]")).all()
    assert set(series["census"]) == {"2021-09", "2022-06", "2022-09"}
    assert breaks_of_all_areas(report) == []  # the one of September 2021 concerns people, and not all FTE


def test_without_an_extract_of_the_census_there_is_no_area(report):
    nothing = dataclasses.replace(report, period="2022-10")
    assert len(area_profiles(nothing)) == 0
    assert list(area_profiles(nothing).columns) == COLUMNS
