"""The places are real, the PCNs are not: both held against the real extracts."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import RegisterError
from analysis.registers.files import FOLDER
from analysis.sample.geography import load_geography
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


def test_no_invented_pcn_has_the_code_of_a_real_one(real_data, real_rows):
    """Neither of the workforce extracts nor of any patients list held."""
    lists = [
        real_data / "patients" / "gp-reg-pat-prac-quin-age.zip",
        *(real_data / "patients" / "reconstructed").glob("*.csv"),
    ]
    real = set(real_rows["PCN_CODE"])
    for path in lists:
        frame = pd.read_csv(path, usecols=["ORG_TYPE", "ORG_CODE"], dtype=str).query("ORG_TYPE == 'PCN'")
        real |= set(frame["ORG_CODE"])
    assert len(real) > 1300
    assert not real & set(make_networks(load_totals()).frame["pcn_code"])


def test_pcns_are_spread_over_every_place():
    """Each sub-ICB has one at least, and about as many as were recorded there."""
    frame = make_networks(load_totals()).frame
    pcns = frame.groupby("sub_icb_code").size()
    recorded = load_geography().set_index("sub_icb_code")["pcns_recorded"]
    assert set(pcns.index) == set(recorded.index)
    assert (pcns - recorded * len(frame) / recorded.sum()).abs().max() <= 1.2
    assert frame["pcn_code"].is_unique


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
    with pytest.raises(RegisterError, match=word) as told:
        load_geography(path)
    assert "geography.csv" in told.value.what
