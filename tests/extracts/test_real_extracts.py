"""The publisher's own extracts give the published figures exactly."""

import pytest

from analysis.columns import STAFF
from analysis.extracts import ingest, load_bulletin, load_patients, load_workforce

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
    return ingest(real_data, processed)


@pytest.fixture(scope="module")
def workforce(catalogue, processed):
    return load_workforce(catalogue, processed)


def test_every_row_is_read(catalogue, workforce):
    """Eleven censuses, 97,660 rows, none lost and none dropped as a duplicate."""
    inputs = [entry for entry in catalogue.inputs if entry.kind == "workforce"]
    assert (catalogue.period, len(inputs), sum(entry.rows for entry in inputs)) == ("2022-09", 11, 97_660)
    assert len(workforce) == 97_660
    assert {entry.encoding for entry in inputs} == {"cp1252"}
    assert catalogue.warnings == ()
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


def test_bulletin_tables(catalogue, processed):
    """The workbook gives the same totals, up to the period and not beyond."""
    bulletin = load_bulletin(catalogue, processed)
    assert set(bulletin["census"]) == set(PUBLISHED)

    def figures(measure, label):
        chosen = bulletin[(bulletin["measure"] == measure) & (bulletin["label"] == label)]
        return chosen.set_index("census")["value"].round(2).to_dict()

    splw = "Social Prescribing Link Workers (Non-Mental Health Practitioners)"
    assert figures("fte", splw) == {census: row[0] for census, row in PUBLISHED.items()}
    assert figures("headcount", splw) == {census: row[1] for census, row in PUBLISHED.items()}
    assert figures("fte", COORDINATORS) == {census: row[3] for census, row in PUBLISHED.items() if row[3]}
    counts = bulletin[bulletin["measure"].astype(str).str.startswith("pcns_")].set_index(["measure", "census"])["value"]
    assert counts["pcns_reporting"].to_dict() == {census: row[4] for census, row in PUBLISHED.items()}
    assert counts["pcns_active"].to_dict() == {census: row[5] for census, row in PUBLISHED.items()}


def test_national_period(real_data, processed):
    """December 2022 has bulletin tables only: a national report, on every census so far."""
    catalogue = ingest(real_data, processed, "2022-12")
    assert (catalogue.national_only, catalogue.period) == (True, "2022-12")
    bulletin = load_bulletin(catalogue, processed)
    december = bulletin[(bulletin["census"] == "2022-12") & (bulletin["label"] == COORDINATORS)]
    assert december.set_index("measure")["value"].round(2)["fte"] == 2447.71


def test_old_report_can_be_made_again(real_data, processed):
    """For March 2021 nothing later is counted, loaded or listed beside the name of a workbook."""
    catalogue = ingest(real_data, processed, "2021-03")
    assert max(entry.last_census for entry in catalogue.inputs) == "2021-03"
    assert load_workforce(catalogue, processed)["census"].cat.categories.max() == "2021-03"
    assert catalogue.later == 8


def test_registered_patients(real_data, processed):
    """List sizes of March 2021 and 2022 up to September 2022; the archive of July 2026 is later."""
    patients = load_patients(ingest(real_data, processed), processed)
    assert patients.groupby(["list_date", "org_type"]).size().tolist() == [1237, 1250]
    assert not (patients["org_code"] == "U").any()
