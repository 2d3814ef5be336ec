"""The second official series (``collated.csv``): FTE by census and role, to be set beside this one and never mixed.

The *Primary Care Workforce Quarterly Update* collates what practices and PCNs return with claims for reimbursement of
additional roles. It counts more widely than the collection that the reports use.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.registers.files import RegisterFile, register_path
from analysis.registers.roles import load_roles

NAME = "collated.csv"
COLUMNS = ("census", "role", "fte", "source")
_CENSUS = r"^\d{4}-(0[1-9]|1[0-2])$"


def load_collated(path: Path | None = None) -> pd.DataFrame:
    """Read the figures of the second series: columns ``census, role, fte, source``, the FTE as published.

    Raises
    ------
    RegisterError
        A missing column, a census that is not ``YYYY-MM``, an unknown role, a figure that is not positive, or the same
        figure twice.
    """
    file = RegisterFile(path or register_path(NAME))
    try:
        frame = pd.read_csv(file.path, dtype={"fte": "float64"}, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise file.error(f"cannot be read ({error})") from error
    if tuple(frame.columns) != COLUMNS:
        raise file.error(f"has the columns {', '.join(frame.columns)}", COLUMNS)
    faults = {
        "a census is not YYYY-MM": ~frame["census"].str.match(_CENSUS),
        "roles.toml does not define a role": ~frame["role"].isin(load_roles().codes),
        "a figure is not above zero": ~(frame["fte"] > 0),
        "a figure stands twice": frame.duplicated(["census", "role"]),
    }
    for fault, rows in faults.items():
        if rows.any():
            raise file.error(f"{fault}: {', '.join(map(str, frame[rows].iloc[0]))}")
    return frame
