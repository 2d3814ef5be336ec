"""The sample looks, byte by byte, as the publisher's files look: names, encodings, line ends, quirks."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pytest

from analysis.columns import CONTRACTED, INDIVIDUAL_TO_TIDY, STAFF
from analysis.extracts.workforce import read_workforce
from analysis.periods import month_label
from analysis.sample.further_roles import roles_of_sample
from analysis.sample.layouts import member_name
from analysis.sample.wording import detailed_roles, singular, staff_role

EARLY_ZIP = "PCNWFIndividualCSV.122020.zip"
DEFINITIONS = "0.Primary Care Network Individual-Level CSV overall definitions.xlsx"
OLD_STYLE = {
    "2020-03": f"{EARLY_ZIP}!1.Primary Care Networks – March 2020 Individual Level.csv",
    "2020-06": f"{EARLY_ZIP}!2.Primary Care Networks – June 2020 Individual Level.csv",
    "2020-09": f"{EARLY_ZIP}!3.Primary Care Networks – September 2020 Individual Level.csv",
    "2020-12": f"{EARLY_ZIP}!4.Primary Care Networks – December 2020 Individual Level.csv",
    "2021-03": "5.Primary Care Networks – March 2021 Individual Level.csv",
    "2021-06": "6.Primary Care Networks – June 2021 Individual Level.csv",
    "2021-09": "7.Primary Care Networks – September 2021 Individual Level.csv",
    "2021-12": "8.Primary Care Networks – December 2021 Individual Level.csv",
    "2022-03": "9.Primary Care Networks – March 2022 Individual Level.csv",
    "2022-06": "10.Primary Care Networks – June 2022 Individual Level.csv",
    "2022-09": "11.Primary Care Networks – September 2022 Individual Level.csv",
    "2022-12": "PCNWFIndividualCSV.122022.zip!12.Primary Care Networks – December 2022 Individual Level.csv",
    "2023-03": "PCNWFIndividualCSV.032023.zip!Primary Care Networks – March 2023 Individual Level.csv",
    "2024-03": "PCNWFIndividualCSV.032024.zip!Primary Care Networks - March 2024 Individual Level.csv",
}
NEW_STYLE = {
    "2025-03": "PCNWFIndividualCSV.032025.zip!1.Primary Care Networks - March 2025 Individual Level.csv",
    "2025-06": "PCNWFIndividualCSV.062025.zip!1.Primary Care Networks - June 2025 Individual Level.csv",
    "2026-03": "PCNWFIndividualCSV.032026.zip!1.Primary Care Networks - March 2026 Individual Level.csv",
    "2026-05": "PCNWFIndividualCSV.052026.zip!1.Primary Care Networks - May 2026 Individual Level.csv",
    "2026-06": "PCNWFIndividualCSV.062026.zip!1.Primary Care Networks - June 2026 Individual Level.csv",
}
INDIVIDUAL = OLD_STYLE | NEW_STYLE


def test_files_have_the_names_of_the_series(files):
    """These and no others."""
    zips = {name.split("!")[0] for name in INDIVIDUAL.values() if "!" in name}
    lists = ("2021-03", "2022-03", "2022-12", "2024-03", "2025-06", "2026-06")
    patients = [f"patients/{census}/gp-reg-pat-prac-quin-age" for census in lists]
    patients += [f"patients/{census}/gp-reg-pat-prac-map" for census in lists if census > "2022-12"]
    expected = {
        "README.txt",
        *zips,
        *(f"{name}!{DEFINITIONS}" for name in (EARLY_ZIP, *(name.split("!")[0] for name in NEW_STYLE.values()))),
        "PCNW June 2026 - Bulletin tables.xlsx",
        "deprivation/fingertips-imd-2025-gp-practice.csv",
        *(f"{name}.zip" for name in patients),
        *(f"{name}.zip!{Path(name).name}.csv" for name in patients),
        *INDIVIDUAL.values(),
    }
    assert set(files) == expected


@pytest.mark.parametrize(
    ("census", "number", "name"),
    [
        ("2021-12", 8, "8.Primary Care Networks – December 2021 Individual Level.csv"),
        ("2023-01", 1, "1.Primary Care Networks – January 2023 Individual Level.csv"),
        ("2023-02", 1, "Primary Care Networks – February 2023 Individual Level.csv"),
        ("2023-06", 1, "Primary Care Networks – June 2023 Individual Level.csv"),
        ("2023-07", 1, "Primary Care Networks - July 2023 Individual Level.csv"),
        ("2024-08", 1, "Primary Care Networks - August 2024 Individual Level.csv"),
        ("2024-09", 1, "1.Primary Care Networks - September 2024 Individual Level.csv"),
    ],
)
def test_members_are_named_as_in_their_time(census, number, name):
    """With a running number to January 2023, without one to August 2024; en dash to June 2023, hyphen since."""
    assert member_name(number, census) == name


@pytest.mark.parametrize("census", ["2022-12", *list(NEW_STYLE)])
def test_every_era_is_read_by_the_readers_of_the_report(sample, census):
    """Encoding, identifiers and roles as ingest takes them; and each says that it is synthetic."""
    name, member = INDIVIDUAL[census].split("!")
    with zipfile.ZipFile(sample / name) as archive:
        reading = read_workforce(member, archive.read(member))
    assert reading.synthetic
    assert set(reading.rows) == {census}
    assert reading.table.num_rows == reading.rows[census]
    contracted = pc.equal(reading.table["data_source"], CONTRACTED)
    assert pc.all(pc.equal(pc.is_null(reading.table["person_id"]), contracted)).as_py()


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_a_file_holds_the_census_of_its_name(files, extracts, census):
    """Year and month in every row; the month without a leading zero."""
    year, month = census.split("-")
    assert month_label(census) in INDIVIDUAL[census]
    assert set(extracts[census]["CENSUS_YEAR"]) == {year}
    assert set(extracts[census]["CENSUS_MONTH"]) == {month.lstrip("0")}


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_columns_and_line_ends(files, census):
    """Sixteen columns in the one order, CRLF throughout."""
    content = files[INDIVIDUAL[census]].removeprefix(b"\xef\xbb\xbf")
    assert content.split(b"\r\n")[0].decode("ascii").split(",") == list(INDIVIDUAL_TO_TIDY)
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")


@pytest.mark.parametrize("census", OLD_STYLE)
def test_old_style_is_cp1252_and_says_null(files, extracts, census):
    """The only byte beyond ASCII is the en dash, 0x96, of a clinical director; a contracted row says NULL."""
    content = files[OLD_STYLE[census]]
    assert {byte for byte in content if byte > 0x7F} == {0x96}
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    rows = extracts[census]
    assert set(rows.loc[rows["Data_source"] == CONTRACTED, "UNIQUE_IDENTIFIER"]) == {"NULL"}
    assert "Clinical Director – DPC" in set(rows["DETAILED_STAFF_ROLE"])


@pytest.mark.parametrize("census", NEW_STYLE)
def test_new_style_is_utf8_with_bom_and_empty(files, extracts, census):
    """A contracted row has an empty identifier."""
    content = files[NEW_STYLE[census]]
    assert content.startswith(b"\xef\xbb\xbfData_source,")
    assert "Clinical Director – DPC".encode() in content
    rows = extracts[census]
    assert set(rows.loc[rows["Data_source"] == CONTRACTED, "UNIQUE_IDENTIFIER"]) == {""}


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_staff_have_a_number_as_identifier(extracts, census):
    """Every staff row, in every style."""
    rows = extracts[census]
    assert rows.loc[rows["Data_source"] == STAFF, "UNIQUE_IDENTIFIER"].str.fullmatch(r"\d{4,6}").all()


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_fte_has_at_most_nine_decimals(extracts, census):
    """And no trailing zero: 1, 0.8, 0.533333333."""
    assert extracts[census]["FTE"].str.fullmatch(r"\d+(\.\d{0,8}[1-9])?").all()


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_trailing_spaces_end_in_june_2022(extracts, census):
    """Sub-ICB names that end in their code carry one until then; no other text does."""
    rows = extracts[census]
    padded = {column for column in rows.columns[:14] if (rows[column] != rows[column].str.strip()).any()}
    assert padded == ({"SUB_ICB_NAME"} if census <= "2022-06" else set())
    ends_in_code = [
        name.strip().endswith(f"- {code}")
        for name, code in zip(rows["SUB_ICB_NAME"], rows["SUB_ICB_CODE"], strict=True)
    ]
    assert (rows["SUB_ICB_NAME"].str.endswith(" ") == ends_in_code).all() == (census <= "2022-06")


def test_names_with_commas_are_quoted(files):
    """Of PCNs as well as of ICBs."""
    text = files[OLD_STYLE["2021-12"]].decode("cp1252")
    assert re.search(r',"SYNTHETIC [A-Z]+, [A-Z ]+ PCN",', text)
    assert ',"NHS Leicester, Leicestershire and Rutland ICB",' in text


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_everything_is_marked_synthetic(extracts, census):
    """Every PCN name, so that no row can be taken for a real one."""
    assert extracts[census]["PCN_NAME"].str.startswith("SYNTHETIC ").all()


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_places_are_one_to_one(extracts, census):
    """A PCN has a well-formed code, one name, one sub-ICB, one ICB, one region."""
    places = extracts[census].iloc[:, 3:11].drop_duplicates()
    assert places["PCN_CODE"].is_unique
    assert places["PCN_CODE"].str.fullmatch(r"U\d{5}").all()


def test_some_names_change_and_some_are_shared(extracts):
    """As in the real series: who joins on names goes wrong."""
    names = [extracts[census].groupby("PCN_CODE")["PCN_NAME"].first() for census in ("2021-03", "2022-09")]
    both = names[0].index.intersection(names[1].index)
    assert (names[0][both] != names[1][both]).sum() > 10
    assert names[1].duplicated().sum() > 10


@pytest.mark.parametrize(
    ("census", "role", "words"),
    [
        ("2022-06", "medical_clinical_director", ("Medical Clinical Director", "Clinical Director – Medical")),
        ("2022-09", "medical_clinical_director", ("Medical Clinical Director (GP)", "Clinical Director – Medical")),
        ("2022-06", "clinical_director_nurse", ("Clinical Director", "Clinical Director – Nurse")),
        ("2022-09", "clinical_director_nurse", ("Clinical Director (Nurse)", "Clinical Director – Nurse")),
        ("2022-09", "hwbc", ("Health and Wellbeing Coaches", "Health and Wellbeing Coach")),
        ("2022-12", "dietician", ("Dieticians", "Dietician")),
        ("2026-06", "dietician", ("Dieticians", "Dietician")),
        ("2022-12", "health_support_worker", ("Health Support Workers", "Health Support Worker")),
        ("2026-06", "health_support_worker", ("Healthcare Support Workers", "Healthcare Support Worker")),
        ("2026-06", "other_nurse", ("Other Nurses", "Other")),
        ("2026-06", "salaried_gp", ("Salaried GPs", "Salaried By PCN")),
        ("2026-06", "gp_assistant", ("General Practice Assistants", "General Practice Assistant")),
        (
            "2026-06",
            "splw_mh",
            (
                "Social Prescribing Link Workers (Mental Health Practitioners)",
                "Social Prescribing Link Worker (Mental Health Practitioner - Adult)",
            ),
        ),
        ("2022-12", "medical_secretary", ("Medical Secretaries", "Medical Secretary")),
    ],
)
def test_roles_are_worded_as_at_the_time(extracts, census, role, words):
    """Directors were renamed in September 2022; a detailed role is the singular of its role."""
    rows = extracts[census].query("role == @role")
    assert words in set(zip(rows["STAFF_ROLE"], rows["DETAILED_STAFF_ROLE"], strict=True))


@pytest.mark.parametrize("role", roles_of_sample().roles, ids=lambda role: role.code)
def test_every_role_is_found_again_by_its_words(role):
    """Whatever the census, the words that the sample writes are words that the vocabulary reads."""
    for census in ("2020-03", "2022-06", "2022-09", "2022-12", "2026-06"):
        words = staff_role(role, census)
        assert words in role.raw or all(
            f"{words} > {detailed}" in role.raw for detailed in detailed_roles(role, census)
        )


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("Pharmacists", "Pharmacist"),
        ("Medical Secretaries", "Medical Secretary"),
        ("Health and Wellbeing Coaches", "Health and Wellbeing Coach"),
        ("Social Workers (Mental Health Practitioners)", "Social Worker (Mental Health Practitioners)"),
    ],
)
def test_singular(plural, expected):
    assert singular(plural) == expected


@pytest.mark.parametrize("census", INDIVIDUAL)
def test_groups_are_those_of_the_time(extracts, census):
    """GPs and nurses of PCNs came in December 2022."""
    old = {"Directors", "Other Direct Patient Care staff", "Other Admin/Non-clinical staff"}
    new = {"Other GPs", "Other Nurses"} if census >= "2022-12" else set()
    assert set(extracts[census]["STAFF_GROUP"]) == old | new


def test_words_of_roles_are_those_of_the_real_extract(extracts, real_data):
    """Every role, detailed role and group of the sample's June 2026 is in the real one, dashes and all."""
    columns = ["STAFF_GROUP", "STAFF_ROLE", "DETAILED_STAFF_ROLE"]
    with zipfile.ZipFile(real_data / "pcn-workforce-individual/PCNWFIndividualCSV.062026.zip") as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".csv")]
        real = pd.read_csv(archive.open(name), encoding="utf-8-sig", dtype=str, usecols=columns)
    words = [set(frame[columns].itertuples(index=False, name=None)) for frame in (extracts["2026-06"], real)]
    assert words[0] - words[1] == set()
