"""One area by census, at every level, from a real report."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from analysis.errors import UsageError
from analysis.report.report import Report
from analysis.runs.open_report import open_report

pytestmark = pytest.mark.xdist_group("real")


@pytest.fixture(scope="module")
def report(real_report_2022_09: Path) -> Report:
    return open_report(real_report_2022_09)


@pytest.mark.parametrize(
    ("code", "name", "fte"),
    [
        ("ENG", "England", 2046.990533),
        ("Y63", "North East and Yorkshire", 386.859733),
        ("QHM", "NHS North East and North Cumbria ICB", 211.166667),
        ("00L", "NHS North East and North Cumbria ICB - 00L Northumberland", 25.373333),
        ("U00070", "WEST MERTON PCN", 0.666667),
    ],
)
def test_an_area_of_any_level_has_its_series(report: Report, code: str, name: str, fte: float) -> None:
    """Figures of September 2022, counted from the rows of the file by hand."""
    table = report.tables.place(code)
    assert name in table.title
    assert table.frame["census"].iloc[-1] == "2022-09"
    assert table.frame["fte"].iloc[-1] == pytest.approx(fte, abs=1e-6)


def test_an_area_becomes_a_workbook(report: Report, tmp_path: Path) -> None:
    table = report.tables.place("QHM")
    sheet = openpyxl.load_workbook(table.to_excel(tmp_path / "QHM.xlsx"))[table.id]
    values = [cell.value for line in sheet.iter_rows() for cell in line]
    assert round(table.frame["fte"].iloc[-1], 9) in [round(v, 9) for v in values if isinstance(v, float)]


def test_an_area_that_no_extract_has_is_refused(report: Report) -> None:
    with pytest.raises(UsageError, match="no area with the code X00"):
        report.tables.place("X00")
