"""The places of the sample: the real regions, ICBs and sub-ICBs of July 2022, and an invented merger of 2026."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.registers.files import FOLDER, RegisterFile

MARK = "SYNTHETIC"  # every invented name begins with it
COLUMNS = (
    "sub_icb_code",
    "sub_icb_name",
    "icb_code",
    "icb_name",
    "region_code",
    "region_name",
    "pcns_recorded",
)


def load_geography(path: Path | None = None) -> pd.DataFrame:
    """The 106 sub-ICB locations of July 2022, each in one of 42 ICBs and 7 regions, by sub-ICB code.

    Source: Primary Care Network Workforce, NHS Digital, individual-level extracts March 2020 to September 2022 as
    published with July 2022 geography (Open Government Licence v3.0); names are those of the latest extract that has
    the place, trimmed. ``pcns_recorded`` counts the PCN codes ever recorded there. Sub-ICB 01D recorded none: its code
    is from Patients Registered at a GP Practice, and its place name that of the clinical commissioning group it was.

    Raises
    ------
    RegisterError
        A missing column, a code twice, an ICB in two regions.
    """
    file = RegisterFile(path or FOLDER / "geography.csv")
    try:
        frame = pd.read_csv(file.path, dtype={"pcns_recorded": "int64"}, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise file.error(f"cannot be read ({error})") from error
    if tuple(frame.columns) != COLUMNS:
        raise file.error(f"has the columns {', '.join(frame.columns)}", COLUMNS)
    _refuse(file, frame, frame["sub_icb_code"].duplicated(), "its sub_icb_code stands twice")
    icbs = frame.drop_duplicates(["icb_code", "icb_name", "region_code", "region_name"])
    _refuse(file, icbs, icbs["icb_code"].duplicated(), "its ICB has a second name or region")
    return frame.sort_values("sub_icb_code", ignore_index=True)


def merged_icbs(geography: pd.DataFrame, icbs_left: int) -> pd.DataFrame:
    """``geography`` with ICBs merged, within regions, until ``icbs_left`` are left.

    Stands in for the merger of April 2026. The merged ICBs are invented: their names begin with ``SYNTHETIC``, their
    codes have the five characters that the real new codes have.
    """
    merged = geography.copy()
    for number in range(merged["icb_code"].nunique() - icbs_left):
        old = merged.loc[~merged["icb_name"].str.startswith(MARK)]  # each ICB is merged once only
        regions: Sequence[str] = sorted(old["region_code"].unique())
        in_region = old.loc[old["region_code"] == regions[number % len(regions)]]
        pair = in_region.drop_duplicates("icb_code").sort_values("icb_code")[:2]
        name = " and ".join(pair["icb_name"].str.removeprefix("NHS ").str.removesuffix(" ICB"))
        new = {"icb_code": f"Z{number}B{number}Z", "icb_name": f"{MARK} {name} ICB"}
        merged.loc[merged["icb_code"].isin(pair["icb_code"]), list(new)] = list(new.values())
    return merged


def _refuse(file: RegisterFile, frame: pd.DataFrame, wrong: pd.Series[bool], why: str) -> None:
    if wrong.any():
        raise file.error(f"line {frame.index[wrong][0] + 2}: {why}")
