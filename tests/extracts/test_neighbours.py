"""Files of other publications, and first editions on other areas: told for what they are."""

import pytest
from extracts.extract_files import (
    COLUMNS,
    bulletin_xlsx,
    census_csv,
    csv_bytes,
    patients_csv,
    raw_folder,
    simple_bulletin,
    zip_bytes,
)

from analysis.errors import ExtractError
from analysis.extracts import ingest, load_bulletin

# Columns of General Practice Workforce, individual level: twelve of them are ours.
SISTER = (
    "YEAR,Month,COMM_REGION_CODE,COMM_REGION_NAME,ICB_CODE,ICB_NAME,SUB_ICB_CODE,SUB_ICB_NAME,DATA_SOURCE,"
    "UNIQUE_IDENTIFIER,STAFF_GROUP,DETAILED_STAFF_ROLE,STAFF_ROLE,COUNTRY_QUALIFICATION_AREA,"
    "COUNTRY_QUALIFICATION_GROUP,AGE_BAND,AGE_YEARS,GENDER,FTE"
)
PRACTICES = (
    "PRAC_CODE,PRAC_NAME,PCN_CODE,PCN_NAME,SUB_ICB_CODE,SUB_ICB_NAME,ICB_CODE,ICB_NAME,COMM_REGION_CODE,"
    "COMM_REGION_NAME,STAFF_GROUP,DETAILED_STAFF_ROLE,STAFF_ROLE,MEASURE,VALUE"
)


def lines(header: str) -> bytes:
    return f"{header}\n{','.join('1' for _ in header.split(','))}\n".encode()


@pytest.fixture
def run(tmp_path):
    """The catalogue of a RAW folder with one good extract and these files, and where its pieces are."""

    def ingest_files(files):
        raw = raw_folder(tmp_path / "raw", {"good.csv": census_csv("2022-09"), **files})
        return ingest(raw, tmp_path / "processed")

    return ingest_files


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (lines(SISTER), "General Practice Workforce, individual level"),
        (lines(SISTER.lower()), "General Practice Workforce, individual level"),
        (lines(PRACTICES), "General Practice Workforce, practice level"),
        (
            lines("EXTRACT_DATE,CCG_CODE,ONS_CCG_CODE,ORG_CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"),
            "Patients Registered at a GP Practice, by single year of age",
        ),
        (
            lines("PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"),
            "Patients Registered at a GP Practice, totals by practice",
        ),
        (
            lines("PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS"),
            "Patients Registered at a GP Practice, by small area",
        ),
    ],
)
def test_a_neighbour_is_listed_by_its_name(run, content, name):
    """Loose or in its archive, it stops nothing, and the reader is told what it is."""
    catalogue = run({"a.csv": content, "GPWIndividualCSV.062026.zip": zip_bytes({"b.csv": content})})
    reason = f"it is {name}, another publication"
    assert [(entry.file, entry.reason) for entry in catalogue.left_out] == [
        ("GPWIndividualCSV.062026.zip!b.csv", reason),
        ("a.csv", reason),
    ]
    assert [entry.file for entry in catalogue.inputs] == ["good.csv"]


def test_an_early_list_of_practices_is_listed_by_its_name(run):
    """A list from before there were PCNs serves no census."""
    early = patients_csv([{"EXTRACT_DATE": "01OCT2017", "ORG_TYPE": "GP", "ORG_CODE": "B85010"}])
    (entry,) = run({"a.csv": early}).left_out
    assert entry.reason.startswith("it is Patients Registered at a GP Practice, practices only, early layout")


# ---- workbooks with a Table 1a ---------------------------------------------------------------------------------------

BY_YEAR = [["Role", "2019", "2020", "2021"], ["Managers", 1, 2, 3]]
BY_MONTH = [["Area", "November 2026", "December 2026"], ["North", 1, 2], ["South", 3, 4]]
OF_THE_SISTER = [["Role", "March 2020", "June 2026"], ["Pharmacists", 1, 2], ["Social Prescribing Link Workers", 3, 4]]


@pytest.mark.parametrize(
    ("rows", "title", "reason"),
    [
        (BY_YEAR, "Labour market", "its Table 1a is not that of the bulletin tables of Primary Care Network Workforce"),
        (BY_MONTH, "Deaths", "its Table 1a is not that of the bulletin tables of Primary Care Network Workforce"),
        (
            OF_THE_SISTER,
            "General Practice Workforce, England",
            "it is General Practice Workforce, bulletin tables, another publication",
        ),
        (
            OF_THE_SISTER,
            "Primary Care Workforce Quarterly Update",
            "it is Primary Care Workforce Quarterly Update, another publication",
        ),
    ],
)
def test_a_foreign_table_1a_neither_stops_nor_displaces(run, tmp_path, rows, title, reason):
    """A sheet of that name is not enough: the true workbook is used beside it."""
    foreign = bulletin_xlsx(rows, title=title, heading="Table 1a: figures")
    catalogue = run({"foreign.xlsx": foreign, "true.xlsx": simple_bulletin({"June 2022": 5})})
    assert [(entry.file, entry.reason) for entry in catalogue.left_out] == [("foreign.xlsx", reason)]
    assert load_bulletin(catalogue, tmp_path / "processed")["value"].tolist() == [5.0]


def test_a_bulletin_without_its_months_is_damaged(run):
    """The counts of PCNs say whose workbook it is: then a missing heading is a fault, and no reason to pass it over."""
    rows = [["Role", "Spring"], ["Managers", 1], ["Total number of PCNs active", 1263]]
    with pytest.raises(ExtractError, match="has no row of months"):
        run({"b.xlsx": bulletin_xlsx(rows, title="", heading="Table 1a")})


# ---- first editions --------------------------------------------------------------------------------------------------


def test_first_editions_are_refused_by_name(run):
    """On CCGs and STPs: the file to use is named, and no column is hinted at."""
    old = {"SUB_ICB_CODE": "CCG_CODE", "SUB_ICB_NAME": "CCG_NAME", "ICB_CODE": "STP_CODE", "ICB_NAME": "STP_NAME"}
    with pytest.raises(ExtractError) as caught:
        run({"old.csv": csv_bytes(columns=[old.get(name, name) for name in COLUMNS])})
    assert caught.value.what == "old.csv is a first edition of an individual-level extract, on CCGs and STPs."
    assert "published again on ICBs with the June 2022 edition" in caught.value.why
    assert caught.value.fix == "Use the file of that edition, and move this one out of RAW."


def test_an_extract_that_lost_its_pcns_is_still_ours(run):
    """A damaged extract is not taken for its neighbour."""
    with pytest.raises(ExtractError, match="lacks the columns PCN_CODE"):
        run({"a.csv": csv_bytes(columns=[name for name in COLUMNS if not name.startswith("PCN")])})
