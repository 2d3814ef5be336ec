"""The publisher's own extracts give the published figures exactly."""

import pytest

from analysis.columns import STAFF
from analysis.extracts import (
    ingest,
    load_bulletin,
    load_deprivation,
    load_patients,
    load_practice_map,
    load_workforce,
)

LINK_WORKERS, COACHES, COORDINATORS = (
    "Social Prescribing Link Workers",
    "Health and Wellbeing Coaches",
    "Care Coordinators",
)
# Published totals for England (Primary Care Network Workforce, bulletin tables 1a and 1b):
# census: link workers FTE, link workers headcount, coaches FTE, care coordinators FTE, PCNs reporting, PCNs active
PUBLISHED = {
    "2020-03": (112.32, 117, 0, 0, 188, 1252),
    "2020-06": (431.29, 428, 0, 0, 497, 1250),
    "2020-09": (615.70, 613, 0, 0, 632, 1256),
    "2020-12": (852.45, 854, 60.04, 132.33, 758, 1253),
    "2021-03": (1093.33, 1066, 148.01, 498.24, 855, 1253),
    "2021-06": (1260.77, 1258, 197.56, 682.34, 920, 1254),
    "2021-09": (1427.49, 1252, 251.85, 888.16, 984, 1255),
    "2021-12": (1611.98, 1329, 357.02, 1107.74, 1029, 1255),
    "2022-03": (1740.94, 1386, 438.17, 1418.10, 1060, 1255),
    "2022-06": (1902.75, 1513, 510.14, 1682.30, 1077, 1261),
    "2022-09": (2046.99, 1659, 577.76, 1894.50, 1105, 1263),
}


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    return tmp_path_factory.mktemp("processed")


@pytest.fixture(scope="module")
def catalogue(real_data, processed):
    return ingest(real_data, processed, "2022-09")


@pytest.fixture(scope="module")
def workforce(catalogue, processed):
    return load_workforce(catalogue, processed)


def test_every_row_is_read(catalogue, workforce):
    """To September 2022 eleven censuses, 97,660 rows, none lost and none dropped as a duplicate."""
    inputs = [entry for entry in catalogue.inputs if entry.kind == "workforce"]
    assert (catalogue.period, len(inputs), sum(entry.rows for entry in inputs)) == ("2022-09", 11, 97_660)
    assert len(workforce) == 97_660
    assert {entry.encoding for entry in inputs} == {"cp1252"}
    assert [text for text in catalogue.warnings if "Bulletin tables.xlsx" not in text] == []
    assert workforce["person_id"].isna().eq(workforce["data_source"] != STAFF).all()


@pytest.mark.parametrize("census", PUBLISHED)
def test_published_totals(workforce, census):
    """Plain sums and counts of the rows are the published figures."""
    rows = workforce[workforce["census"] == census]
    fte = rows.groupby("staff_role")["fte"].sum()
    link_workers = rows[(rows["staff_role"] == LINK_WORKERS) & (rows["data_source"] == STAFF)]
    splw_fte, splw_headcount, hwbc_fte, cc_fte, reporting, _ = PUBLISHED[census]
    assert [round(fte.get(role, 0), 2) for role in (LINK_WORKERS, COACHES, COORDINATORS)] == [
        splw_fte,
        hwbc_fte,
        cc_fte,
    ]
    assert link_workers["person_id"].nunique() == splw_headcount
    assert rows["pcn_code"].nunique() == reporting


@pytest.mark.parametrize("census", PUBLISHED)
def test_lines_are_those_of_the_file(workforce, census):
    """The first row of each extract stands on line 2, and the lines run on."""
    lines = workforce.loc[workforce["census"] == census, "file_row"]
    assert lines.tolist() == list(range(2, len(lines) + 2))


def test_june_2026_beside_the_eleven(real_data, processed):
    """The newest extract is read for what it is, with its bulletin, its list of patients and its map of practices."""
    catalogue = ingest(real_data, processed)
    assert (catalogue.period, catalogue.later, catalogue.national_only) == ("2026-06", 0, False)
    assert {
        (entry.kind, entry.first_census, entry.rows) for entry in catalogue.inputs if entry.last_census > "2022-09"
    } == {
        ("workforce", "2026-06", 39_940),
        ("bulletin", "2020-03", 19_282),
        ("patients", "2026-07", 7_586),
        ("practice_map", "2026-07", 6_139),
        ("deprivation", "2025", 6_143),
    }
    june = load_workforce(catalogue, processed).query("census == '2026-06'")
    fte = june.groupby("staff_role", observed=True)["fte"].sum().round(2)
    assert (fte[LINK_WORKERS], fte[f"{LINK_WORKERS} (Mental Health Practitioners)"]) == (2642.40, 110.10)
    assert june["pcn_code"].nunique() == 1271


def test_every_neighbour_is_listed_by_its_name(real_data, processed):
    """Files of other publications stop nothing, and the reader is told what they are."""
    reasons = {entry.file: entry.reason for entry in ingest(real_data, processed, "2022-09").left_out}
    neighbours = {file.removeprefix("neighbours/"): reason for file, reason in reasons.items() if "neighbours/" in file}
    assert neighbours == {
        "2017_10-gp-reg-pat-prac-quin-age.csv": "it is Patients Registered at a GP Practice, practices only, early "
        "layout: its list of 1 October 2017 is from before there were Primary Care Networks",
        "General Practice – February 2023 Individual Level (10 rows).csv": "it is General Practice Workforce, "
        "individual level, another publication",
        "epcn.zip!ePCN.xlsx": "it is the ODS PCN workbook, another publication",
    }


def bulletin_figures(bulletin, measure, label, gender="all"):
    """The figures of a row of the workbook: ``census -> value``."""
    chosen = bulletin[(bulletin["measure"] == measure) & (bulletin["label"] == label) & (bulletin["gender"] == gender)]
    assert chosen["census"].is_unique
    return chosen.set_index("census")["value"].round(2).to_dict()


SPLW = "Social Prescribing Link Workers (Non-Mental Health Practitioners)"


def test_bulletin_tables(catalogue, processed):
    """The workbook gives the same totals, up to the period and not beyond."""
    bulletin = load_bulletin(catalogue, processed)
    assert set(bulletin["census"]) == set(PUBLISHED)
    assert bulletin_figures(bulletin, "fte", SPLW) == {census: row[0] for census, row in PUBLISHED.items()}
    assert bulletin_figures(bulletin, "headcount", SPLW) == {census: row[1] for census, row in PUBLISHED.items()}
    coordinators = bulletin_figures(bulletin, "fte", COORDINATORS)
    assert coordinators == {census: row[3] for census, row in PUBLISHED.items() if row[3]}
    counts = bulletin[bulletin["measure"].astype(str).str.startswith("pcns_")].set_index(["measure", "census"])["value"]
    assert counts["pcns_reporting"].to_dict() == {census: row[4] for census, row in PUBLISHED.items()}
    assert counts["pcns_active"].to_dict() == {census: row[5] for census, row in PUBLISHED.items()}


def test_link_workers_by_gender(real_data, processed):
    """The blocks of each gender, which add up to the published total."""
    bulletin = load_bulletin(ingest(real_data, processed, "2025-11"), processed)
    genders = ("female", "male", "other_or_unknown")
    by_gender = {gender: bulletin_figures(bulletin, "fte", SPLW, gender) for gender in genders}
    assert [by_gender[gender]["2022-09"] for gender in genders] == [1244.51, 177.63, 624.84]
    total = bulletin_figures(bulletin, "fte", SPLW)
    # Some months are rounded to whole numbers: three roundings can make 1.5.
    assert all(abs(total[c] - sum(by_gender[g][c] for g in genders)) < 1.5 for c in total)
    assert (total["2025-11"], bulletin_figures(bulletin, "headcount", SPLW)["2025-11"]) == (2699.32, 2288)
    mental_health = SPLW.replace("Non-Mental", "Mental")
    assert bulletin_figures(bulletin, "fte", mental_health)["2025-11"] == 106.53


def test_national_period(real_data, processed):
    """December 2022 has bulletin tables only: a national report, on every census so far."""
    catalogue = ingest(real_data, processed, "2022-12")
    assert (catalogue.national_only, catalogue.period) == (True, "2022-12")
    assert bulletin_figures(load_bulletin(catalogue, processed), "fte", COORDINATORS)["2022-12"] == 2447.71


def test_old_report_can_be_made_again(real_data, processed):
    """For March 2021 no later census is counted, loaded or listed beside the name of a workbook."""
    catalogue = ingest(real_data, processed, "2021-03")
    assert max(entry.last_census for entry in catalogue.inputs) == "2021-03"
    assert load_workforce(catalogue, processed)["census"].cat.categories.max() == "2021-03"
    assert catalogue.later == 7


def test_registered_patients(catalogue, real_data, processed):
    """List sizes of March 2021 and 2022 up to September 2022; for June 2026 the list of the next day, with practices."""
    patients = load_patients(catalogue, processed)
    assert patients.groupby(["list_date", "org_type"], observed=True).size().tolist() == [1237, 1250]
    newest = load_patients(ingest(real_data, processed, "2026-06"), processed)
    newest = (
        newest[newest["list_date"] == "2026-07-01"].groupby("org_type", observed=True)["patients"].agg(["size", "sum"])
    )
    assert newest.loc["practice"].tolist() == [6139, 63_436_508]
    assert newest.loc["pcn"].tolist() == [1298, 63_216_178]  # without the patients of practices in no PCN


def test_practices_and_their_scores(real_data, processed):
    """The map of July 2026 places each practice, and nearly each has a score."""
    catalogue = ingest(real_data, processed)
    practices, scores = load_practice_map(catalogue, processed), load_deprivation(catalogue, processed)
    assert (len(practices), practices["pcn_code"].nunique(), practices["pcn_code"].isna().sum()) == (6139, 1298, 52)
    assert practices["practice_code"].isin(scores["practice_code"]).mean() > 0.95
