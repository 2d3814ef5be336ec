"""Bad input ends with its exit code and three plain sentences, and leaves earlier reports as they were."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from e2e.command import Ended, Project, contents

pytestmark = pytest.mark.xdist_group("refusals")

HEADER = (
    "Data_source,CENSUS_YEAR,CENSUS_MONTH,PCN_CODE,PCN_NAME,SUB_ICB_CODE,SUB_ICB_NAME,ICB_CODE,ICB_NAME,"
    "COMM_REGION_CODE,COMM_REGION_NAME,STAFF_GROUP,STAFF_ROLE,DETAILED_STAFF_ROLE,FTE,UNIQUE_IDENTIFIER"
)
ROW = (
    "NWRS Staff,2022,9,U12345,A PCN,00A,A PLACE,QE1,AN ICB,Y60,MIDLANDS,Other Direct Patient Care staff,"
    "Social Prescribing Link Workers,Social Prescribing Link Workers,1.0,1"
)


def nothing_at_all(raw: Path) -> None:
    """An empty folder."""
    raw.mkdir()


def no_extract(raw: Path) -> None:
    """A folder with files, none of them an extract."""
    raw.mkdir()
    (raw / "minutes.txt").write_text("The meeting began at noon.\n", encoding="utf-8")
    (raw / "budget.csv").write_text("item,pounds\npaper,12\n", encoding="utf-8")


def truncated_zip(raw: Path) -> None:
    """A download that broke off."""
    raw.mkdir()
    whole = raw / "PCNWFIndividualCSV.092022.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Primary Care Networks.csv", f"{HEADER}\r\n" + f"{ROW}\r\n" * 500)
    whole.write_bytes(whole.read_bytes()[:-60])


def missing_column(raw: Path) -> None:
    """An individual-level CSV that has lost its FTE."""
    raw.mkdir()
    lines = [",".join(line.split(",")[:14] + line.split(",")[15:]) for line in (HEADER, ROW)]
    (raw / "september.csv").write_text("\r\n".join(lines) + "\r\n", encoding="cp1252")


def workbook_without_its_main_table(raw: Path) -> None:
    """Bulletin tables of which somebody has deleted Table 1a."""
    raw.mkdir()
    workbook = openpyxl.Workbook()
    workbook.active.title = "Title and Contents"
    for name in ("Notes", "Table 1b", "Table 2a"):
        workbook.create_sheet(name).append(["Primary Care Network Workforce", "September 2022"])
    workbook.save(raw / "PCNW September 2022 - Bulletin tables.xlsx")


@pytest.fixture
def refuse(report_project: Project, tmp_path: Path) -> Callable[..., Ended]:
    """``refuse(*arguments)`` runs ``analysis report``, which must not make a report nor touch the one that is there."""
    reports = tmp_path / "reports"
    (reports / "2020-03").mkdir(parents=True)
    (reports / "2020-03" / "index.html").write_bytes(b"an earlier report\n")
    (reports / "index.html").write_bytes(b"the list of reports\n")
    earlier = contents(reports)

    def run(*arguments: str | Path, to: Path = reports) -> Ended:
        ended = report_project.run("report", "--reports", to, *arguments)
        now = contents(reports)
        assert {name: now.get(name) for name in earlier} == earlier
        new = {Path(name).parts[0] for name in now.keys() - earlier.keys()}
        assert new <= {"failed"}, "a half-made report was left"
        assert not any(path.name.startswith(".") for path in reports.iterdir())
        return ended

    return run


def assert_three_plain_sentences(ended: Ended) -> None:
    """What, why and fix, each with something to say, and nothing of the program's inside."""
    for part in ended.parts:
        assert len(part.split()) > 3, part
    for inside in ("Traceback", "Error:", 'File "', "site-packages", "NoneType"):
        assert inside not in ended.complained
    assert ended.said == ""


@pytest.mark.parametrize(
    ("make_raw", "named"),
    [
        (nothing_at_all, "holds no file"),
        (no_extract, "extract"),
        (truncated_zip, "PCNWFIndividualCSV.092022.zip"),
        (missing_column, "FTE"),
        (workbook_without_its_main_table, "Table 1a"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_unusable_extracts_end_with_code_3_and_the_reason(
    refuse: Callable[..., Ended], tmp_path: Path, make_raw: Callable[[Path], None], named: str
) -> None:
    raw = tmp_path / "extracts"
    make_raw(raw)
    before = contents(raw)
    ended = refuse("--raw", raw)
    assert ended.code == 3, ended
    assert_three_plain_sentences(ended)
    assert named in ended.complained
    assert contents(raw) == before, "raw files were written to"


def test_a_folder_that_is_not_there_ends_with_code_3(refuse: Callable[..., Ended], tmp_path: Path) -> None:
    ended = refuse("--raw", tmp_path / "misspelt")
    assert ended.code == 3, ended
    assert_three_plain_sentences(ended)
    assert "does not exist" in ended.complained


def test_a_month_that_does_not_exist_ends_with_code_2(refuse: Callable[..., Ended], tmp_path: Path) -> None:
    ended = refuse("--period", "2022-13", "--raw", tmp_path)
    assert ended.code == 2, ended
    assert_three_plain_sentences(ended)
    assert "2022-13" in ended.complained


def test_a_period_before_the_series_began_ends_with_code_2_and_says_when_it_did(
    refuse: Callable[..., Ended], tmp_path: Path
) -> None:
    ended = refuse("--period", "2019-12", "--raw", tmp_path)
    assert ended.code == 2, ended
    assert_three_plain_sentences(ended)
    assert "2019-12" in ended.complained
    assert "March 2020" in ended.complained


def test_a_census_that_no_extract_holds_ends_with_code_3_and_lists_those_there_are(
    refuse: Callable[..., Ended], tmp_path: Path
) -> None:
    raw = tmp_path / "extracts"
    raw.mkdir()
    (raw / "september.csv").write_text(f"{HEADER}\r\n{ROW}\r\n", encoding="cp1252")
    # Of April 2022 there is no census: the register of published totals, which serves others, does not have it either.
    ended = refuse("--period", "2022-04", "--raw", raw)
    assert ended.code == 3, ended
    assert_three_plain_sentences(ended)
    assert "2022-04" in ended.complained
    assert "2022-09" in ended.complained


@pytest.mark.parametrize(("option", "meant"), [("--perod", "--period"), ("--raws", "--raw"), ("--colour", "--help")])
def test_an_unknown_option_ends_with_code_2_and_names_what_was_meant(
    refuse: Callable[..., Ended], option: str, meant: str
) -> None:
    ended = refuse(option, "2022-09")
    assert ended.code == 2, ended
    assert option in ended.complained
    assert meant in ended.complained
    assert "Traceback" not in ended.complained


@pytest.mark.parametrize(("name", "value"), [("perod", "2022-09"), ("results", "elsewhere"), ("raw", "elsewhere")])
def test_a_parameter_no_notebook_declares_ends_with_code_2(refuse: Callable[..., Ended], name: str, value: str) -> None:
    """Papermill would only warn and run on the defaults."""
    ended = refuse("-p", name, value)
    assert ended.code == 2, ended
    assert_three_plain_sentences(ended)
    assert name in ended.complained


def test_reports_that_cannot_be_written_to_end_with_code_2(refuse: Callable[..., Ended], tmp_path: Path) -> None:
    """A file stands where the folder should be: this stops root as well, whom permissions do not."""
    (tmp_path / "taken").write_text("not a folder\n", encoding="utf-8")
    ended = refuse("--period", "2022-09", to=tmp_path / "taken")
    assert ended.code == 2, ended
    assert_three_plain_sentences(ended)
    assert "taken" in ended.complained
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "not a folder\n"
