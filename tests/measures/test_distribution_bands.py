"""How many networks have how much: each network in one band, those that have none in a band of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures.measure_frames import ROLES, patients, workforce

from analysis.measures.distribution_bands import BAND_WIDTHS, COLUMNS, distribution_bands
from analysis.measures.network_fte import network_fte
from analysis.measures.patients import pcn_lists

if TYPE_CHECKING:
    import pandas as pd

few = settings(max_examples=max(12, settings().max_examples // 8))
AMOUNTS = st.lists(st.integers(0, 40).map(lambda quarters: quarters / 4), min_size=1, max_size=40)


def bands_of(rows: list[tuple], listed: pd.DataFrame | None = None, codes=("splw",)) -> pd.DataFrame:
    table = workforce(rows)
    lists = pcn_lists(patients([]) if listed is None else listed, table.censuses)
    return distribution_bands(network_fte(table, lists, ROLES, codes), codes)


def of(frame: pd.DataFrame, measure: str, census: str = "2022-09", role: str = "splw") -> dict[float, float]:
    """Networks by the upper end of their band."""
    here = frame[(frame["measure"] == measure) & (frame["census"] == census) & (frame["role"] == role)]
    return dict(zip(here["band_to"], here["pcns"], strict=True))


@few
@given(AMOUNTS)
def test_each_reporting_network_is_in_one_band(amounts):
    rows = [("2022-09", f"U{n:05d}", "splw", amount) for n, amount in enumerate(amounts)]
    listed = patients([("2022-09-01", "pcn", f"U{n:05d}", 40_000) for n in range(len(amounts))])
    frame = bands_of(rows, listed)
    assert list(frame.columns) == COLUMNS
    for measure, scale in (("fte", 1.0), ("rate", 0.25)):
        found = of(frame, measure)
        assert sum(found.values()) == len(amounts)
        width = BAND_WIDTHS[measure]
        for upto, pcns in found.items():
            in_band = [a for a in amounts if (a == 0 if upto == 0 else a and upto - width <= a * scale + 1e-9 < upto)]
            assert pcns == len(in_band), (measure, upto)


def test_none_is_a_band_of_its_own_and_one_that_did_not_report_is_in_no_band():
    rows = [("2022-09", "U1", "cc", 1), ("2022-09", "U2", "splw", 0), ("2022-09", "U3", "splw", -0.03)]
    rows += [("2022-09", "U4", "splw", 0.2), ("2022-06", "U5", "splw", 1.0)]
    assert of(bands_of(rows), "fte") == {0.0: 3.0, 0.5: 1.0}


def test_a_post_that_lacks_its_last_decimal_is_a_whole_post():
    rows = [("2022-09", "U1", "splw", 0.999999999), ("2022-09", "U2", "splw", 1.0), ("2022-09", "U3", "splw", 0.99)]
    assert of(bands_of(rows), "fte") == {0.0: 0.0, 0.5: 0.0, 1.0: 1.0, 1.5: 2.0}


def test_a_network_on_no_list_has_fte_and_no_rate():
    rows = [("2022-09", "U00001", "splw", 1), ("2022-09", "U00002", "splw", 1)]
    frame = bands_of(rows, patients([("2022-09-01", "pcn", "U00001", 20_000)]))
    assert sum(of(frame, "rate").values()) == 1
    assert of(frame, "rate")[0.6] == 1, "0.5 per 10,000 patients begins a band"
    assert sum(of(frame, "fte").values()) == 2
    assert "rate" not in set(bands_of(rows)["measure"])


def test_a_role_has_no_bands_before_it_starts():
    frame = bands_of([("2022-09", "U1", "splw", 1)], codes=("splw", "splw_mh"))
    assert set(frame["role"]) == {"splw"}


def test_without_extracts_there_are_columns_and_no_rows():
    frame = bands_of([])
    assert list(frame.columns) == COLUMNS
    assert frame.empty


def test_the_networks_of_september_2022(real):
    """As counted by other means: 219 of 1,105 networks that reported have none (who employs), 1,096 are on the list."""
    lists = pcn_lists(real.patients, real.table.censuses)
    frame = distribution_bands(network_fte(real.table, lists, ROLES, ("splw",)), ("splw",))
    fte, rate = of(frame, "fte"), of(frame, "rate")
    assert (fte[0.0], sum(fte.values()), sum(rate.values())) == (219, 1105, 1096)
    below = np.cumsum(list(rate.values())) / 1096
    median = next(upto for upto, share in zip(rate, below, strict=True) if share >= 0.5)
    assert median == pytest.approx(0.4), "the fifth decile, 0.322, is in the band from 0.3"
