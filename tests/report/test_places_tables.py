"""The tables of areas as downloads: where each area lies, no column without meaning, two periods that can be stacked."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from report.test_analyses_shown import report_of
from report.test_area_profiles import extract

from analysis.publish.downloads import table_csv
from analysis.report.report import Report

pytestmark = pytest.mark.xdist_group("real")
TABLES = ("places_region", "places_icb", "places_sub_icb", "places_pcn")


@pytest.fixture(scope="module")
def reports(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """June 2022 with a list of patients, and September 2022 without one."""
    patients = real_data / "patients/reconstructed/gp-reg-pat-prac-quin-age-2022-03.csv"
    june, september = (extract(real_data, month) for month in ("June 2022", "September 2022"))
    return {
        "2022-06": report_of(tmp_path_factory.mktemp("june"), "2022-06", june, patients),
        "2022-09": report_of(tmp_path_factory.mktemp("september"), "2022-09", september),
    }


def rows(report: Report, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table_csv(getattr(report.tables, name), synthetic=False))))


def test_networks_carry_what_they_lie_in(reports, real_data):
    with extract(real_data, "September 2022").open(encoding="cp1252", newline="") as stream:
        lies_in = {
            row["PCN_CODE"]: tuple(
                row[name].strip()
                for name in (*("SUB_ICB_CODE", "SUB_ICB_NAME", "ICB_CODE"), *("ICB_NAME", "COMM_REGION_CODE"))
            )
            for row in csv.DictReader(stream)
        }
    table = rows(reports["2022-09"], "places_pcn")
    columns = ("sub_icb_code", "sub_icb_name", "icb_code", "icb_name", "region_code")
    assert {row["area_code"]: tuple(row[name] for name in columns) for row in table} == lies_in
    sub_icbs = {row["area_code"]: row["icb_code"] for row in rows(reports["2022-09"], "places_sub_icb")}
    assert sub_icbs == {sub_icb: icb for sub_icb, _, icb, _, _ in lies_in.values()}
    assert all(row["region_name"] for row in rows(reports["2022-09"], "places_icb"))


def test_a_network_has_no_column_that_counts_networks(reports):
    names = set(rows(reports["2022-06"], "places_pcn")[0])
    assert not {name for name in names if name.startswith(("pcns_", "rate_low", "rate_high", "rate_all"))}
    assert {"headcount", "fte_staff", "fte_contracted", "patients_reporting"} <= names


@pytest.mark.parametrize("name", TABLES)
def test_two_periods_can_be_stacked(reports, name):
    tables = {period: rows(report, name) for period, report in reports.items()}
    assert [*tables["2022-06"][0]] == [*tables["2022-09"][0]]
    stacked = pd.DataFrame([*tables["2022-06"], *tables["2022-09"]])
    assert set(stacked["census"]) == {"2022-06", "2022-09"}
    assert not stacked.duplicated(["area_code", "census"]).any()
