"""The places are real, the PCNs are not: both held against the real extracts."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest

from analysis.errors import RegisterError
from analysis.registers.files import FOLDER
from analysis.sample.geography import DIVIDED, load_geography, load_geography_2026
from analysis.sample.networks import make_networks
from analysis.sample.totals import load_totals

REGISTER = (FOLDER / "geography.csv").read_text(encoding="utf-8")
NEVER_RECORDED = "01D"  # the one sub-ICB without a row in any extract held


@pytest.fixture(scope="module")
def real_rows(real_data) -> pd.DataFrame:
    paths = sorted((real_data / "pcn-workforce-individual").glob("*.csv"))
    frames = [pd.read_csv(path, encoding="cp1252", dtype=str, keep_default_na=False) for path in paths]
    rows = pd.concat(frames, ignore_index=True)
    month = rows["CENSUS_YEAR"] + "-" + rows["CENSUS_MONTH"].str.zfill(2)
    return rows.assign(SUB_ICB_NAME=rows["SUB_ICB_NAME"].str.strip(), census=month).sort_values("census", kind="stable")


def test_geography_is_that_of_the_real_extracts(real_rows):
    """Every sub-ICB with its latest name, ICB and region; the count of PCN codes ever recorded there."""
    columns = ["SUB_ICB_CODE", "SUB_ICB_NAME", "ICB_CODE", "ICB_NAME", "COMM_REGION_CODE", "COMM_REGION_NAME"]
    expected = real_rows[columns].drop_duplicates("SUB_ICB_CODE", keep="last").sort_values("SUB_ICB_CODE")
    recorded = real_rows.groupby("SUB_ICB_CODE")["PCN_CODE"].nunique().loc[expected["SUB_ICB_CODE"]]
    ours = load_geography().query("sub_icb_code != @NEVER_RECORDED")
    assert ours.drop(columns="pcns_recorded").to_numpy().tolist() == expected.to_numpy().tolist()
    assert ours["pcns_recorded"].tolist() == recorded.tolist()


def test_geography_is_that_of_july_2022():
    """106 sub-ICBs, 42 ICBs, 7 regions."""
    found = load_geography()
    assert [found[f"{level}_code"].nunique() for level in ("sub_icb", "icb", "region")] == [106, 42, 7]
    assert found.set_index("sub_icb_code")["pcns_recorded"][NEVER_RECORDED] == 0


@pytest.fixture(scope="module")
def rows_of_june_2026(real_data) -> pd.DataFrame:
    with zipfile.ZipFile(real_data / "pcn-workforce-individual/PCNWFIndividualCSV.062026.zip") as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".csv")]
        return pd.read_csv(archive.open(name), encoding="utf-8-sig", dtype=str, keep_default_na=False)


def test_geography_of_2026_is_that_of_the_real_extract(rows_of_june_2026):
    """Every sub-ICB, ICB and region of June 2026; 36 ICBs."""
    columns = ["SUB_ICB_CODE", "SUB_ICB_NAME", "ICB_CODE", "ICB_NAME", "COMM_REGION_CODE", "COMM_REGION_NAME"]
    expected = rows_of_june_2026[columns].drop_duplicates("SUB_ICB_CODE").sort_values("SUB_ICB_CODE")
    found = load_geography_2026()
    assert found.to_numpy().tolist() == expected.to_numpy().tolist()
    assert [found[f"{level}_code"].nunique() for level in ("sub_icb", "icb", "region")] == [106, 36, 7]


def test_a_divided_place_is_divided_as_its_real_pcns_were(real_rows, rows_of_june_2026):
    """The one sub-ICB of 2022 that is not in the list of 2026."""
    assert set(load_geography()["sub_icb_code"]) - set(load_geography_2026()["sub_icb_code"]) == set(DIVIDED)
    before = real_rows.query("census == '2022-09'").drop_duplicates("PCN_CODE").set_index("PCN_CODE")["SUB_ICB_CODE"]
    after = rows_of_june_2026.drop_duplicates("PCN_CODE").set_index("PCN_CODE")["SUB_ICB_CODE"]
    for code, into in DIVIDED.items():
        went = after.reindex(before.index[before == code]).dropna()
        assert went.value_counts().to_dict() == into


def test_no_invented_code_is_a_real_one(real_data, real_rows, rows_of_june_2026):
    """Neither of PCNs nor of practices, in the workforce extracts or in any patients list held."""
    lists = [
        real_data / "patients" / "gp-reg-pat-prac-quin-age.zip",
        *(real_data / "patients" / "reconstructed").glob("*.csv"),
    ]
    pcns, practices = set(real_rows["PCN_CODE"]) | set(rows_of_june_2026["PCN_CODE"]), set()
    for path in lists:
        frame = pd.read_csv(path, usecols=["ORG_TYPE", "ORG_CODE"], dtype=str)
        pcns |= set(frame.query("ORG_TYPE == 'PCN'")["ORG_CODE"])
        practices |= set(frame.query("ORG_TYPE == 'GP'")["ORG_CODE"])
    assert len(pcns) > 1300
    assert len(practices) > 6000
    networks = make_networks(load_totals())
    assert not pcns & set(networks.codes["pcn_code"])
    assert not practices & set(networks.practices["practice_code"])


def test_pcns_are_spread_over_every_place():
    """Each sub-ICB has one at least, and at the first census about as many as were recorded there."""
    totals = load_totals()
    networks = make_networks(totals)
    first = networks.at("2020-03")[networks.changes.active["2020-03"]]
    pcns = first.groupby("sub_icb_code").size()
    recorded = load_geography().set_index("sub_icb_code")["pcns_recorded"]
    assert set(pcns.index) == set(recorded.index)
    assert (pcns - recorded * len(first) / recorded.sum()).abs().max() <= 1.2
    last = networks.at(totals.censuses[-1])[networks.changes.active[totals.censuses[-1]]]
    assert set(last["sub_icb_code"]) == set(load_geography_2026()["sub_icb_code"])


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("pcns_recorded", "pcns", "columns"),
        ("\n00N,", "\n00L,", "stands twice"),
        (
            "South Tyneside,QHM,NHS North East and North Cumbria ICB,Y63",
            "South Tyneside,QHM,NHS North East and North Cumbria ICB,Y62",
            "second name or region",
        ),
        (",Y63,North East and Yorkshire,6\n00N", ",Y63,North East and Yorkshire,six\n00N", "cannot be read"),
    ],
)
def test_a_slip_in_the_register_is_told(tmp_path, old, new, word):
    """Which register, which line, what is wrong."""
    assert old in REGISTER
    path = tmp_path / "geography.csv"
    path.write_text(REGISTER.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegisterError, match=word) as caught:
        load_geography(path)
    assert "geography.csv" in caught.value.what
