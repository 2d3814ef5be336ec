"""The places of the sample: the real regions, ICBs and sub-ICBs of July 2022, and those of April 2026."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.registers.files import FOLDER, RegisterFile
from analysis.sample.draws import Floats, Ints

MARK = "SYNTHETIC"  # every invented name begins with it
AREAS_OF_2026_FROM = "2026-04"  # 42 ICBs became 36 on 1 April 2026
COLUMNS = ("sub_icb_code", "sub_icb_name", "icb_code", "icb_name", "region_code", "region_name")
COLUMNS_2022 = (*COLUMNS, "pcns_recorded")
# Sub-ICB locations of 2022 that are in no list of 2026, with those that their PCNs went to and how many of the real
# PCNs went there (workforce extracts of September 2022 and June 2026). All others kept their code.
DIVIDED = {"D4U1Y": {"U2G6B": 9, "D9Y0V": 2, "92A": 1}}


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
    return _read(path or FOLDER / "geography.csv", COLUMNS_2022)


def load_geography_2026(path: Path | None = None) -> pd.DataFrame:
    """The 106 sub-ICB locations of April 2026, each in one of 36 ICBs and 7 regions, by sub-ICB code.

    Source: Primary Care Network Workforce, NHS England, individual-level extract of June 2026 (Open Government Licence
    v3.0). Three ICBs of 2022 are divided over several of 2026, so that an old ICB does not tell the new one.

    Raises
    ------
    RegisterError
        As `load_geography`.
    """
    return _read(path or FOLDER / "geography_2026.csv", COLUMNS)


def places_of_2026(sub_icb_codes: list[str], of_2026: pd.DataFrame, share: Floats) -> Ints:
    """The row of `load_geography_2026` for each code of 2022; ``share``, 0 to 1, decides where a place is divided."""
    position = {code: number for number, code in enumerate(of_2026["sub_icb_code"])}
    found = []
    for code, drawn in zip(sub_icb_codes, share.tolist(), strict=True):
        into = DIVIDED.get(code, {code: 1})
        upto = np.cumsum(list(into.values()))
        found.append(position[list(into)[int(np.searchsorted(upto, drawn * upto[-1], side="right"))]])
    return np.array(found, dtype=np.int64)


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    file = RegisterFile(path)
    try:
        frame = pd.read_csv(path, keep_default_na=False)
        if "pcns_recorded" in columns and "pcns_recorded" in frame:
            frame = frame.astype({"pcns_recorded": "int64"})
    except (OSError, ValueError) as error:
        raise file.error(f"cannot be read ({error})") from error
    if tuple(frame.columns) != columns:
        raise file.error(f"has the columns {', '.join(frame.columns)}", columns)
    _refuse(file, frame, frame["sub_icb_code"].duplicated(), "its sub_icb_code stands twice")
    icbs = frame.drop_duplicates(["icb_code", "icb_name", "region_code", "region_name"])
    _refuse(file, icbs, icbs["icb_code"].duplicated(), "its ICB has a second name or region")
    return frame.sort_values("sub_icb_code", ignore_index=True)


def _refuse(file: RegisterFile, frame: pd.DataFrame, wrong: pd.Series[bool], why: str) -> None:
    if wrong.any():
        raise file.error(f"line {frame.index[wrong][0] + 2}: {why}")
