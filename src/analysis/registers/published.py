"""The published totals (``published.csv``): national figures, used as back-tests and to calibrate the sample.

``fte`` and ``headcount`` by role, and the counts of PCNs, are those of the bulletin tables 1a and 1b (Primary Care
Network Workforce, NHS Digital and NHS England, Open Government Licence v3.0, November 2025): every role of the
vocabulary to December 2022, the roles in focus after it. The split of FTE by data source is not in the bulletin: it is
the sum of the individual-level extracts, and so no back-test of them. Other publications are named in ``source``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.columns import DATA_SOURCES
from analysis.registers.files import FOLDER, RegisterFile
from analysis.registers.roles import load_roles

COLUMNS = ("measure", "census", "role", "data_source", "value", "source")
MEASURES = (
    "fte",
    "headcount",
    "pcns_active",
    "pcns_reporting",
    "pcns_reporting_staff",
    "pcns_contracted_only",
    "pcns_with_role",
)
ALL = "all"  # as role: a count of PCNs, over all roles; as data_source: both together


def load_published(path: Path | None = None) -> pd.DataFrame:
    """Read the published totals: ``measure, census, role, data_source, value, source``; FTE, people or PCNs by measure.

    Raises
    ------
    RegisterError
        A missing column, an unknown measure, role or data source, a negative value, the same figure twice.
    """
    file = RegisterFile(path or FOLDER / "published.csv")
    try:
        frame = pd.read_csv(file.path, dtype={"value": "float64"}, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise file.error(f"cannot be read ({error})") from error
    if tuple(frame.columns) != COLUMNS:
        raise file.error(f"has the columns {', '.join(frame.columns)}", COLUMNS)
    roles = load_roles()
    _check_values(file, frame, "measure", MEASURES)
    _check_values(file, frame, "role", (*roles.codes, *roles.groups, ALL))
    _check_values(file, frame, "data_source", (ALL, *DATA_SOURCES))
    _refuse(file, frame, ~frame["census"].str.match(r"^\d{4}-(0[1-9]|1[0-2])$"), "its census is not YYYY-MM")
    _refuse(file, frame, frame["value"] < 0, "its value is negative")
    _refuse(file, frame, frame.duplicated(["measure", "census", "role", "data_source"]), "it stands twice")
    return frame


def _check_values(file: RegisterFile, frame: pd.DataFrame, column: str, allowed: tuple[str, ...]) -> None:
    wrong = frame.loc[~frame[column].isin(allowed), column]
    if len(wrong):
        raise file.error(f"line {wrong.index[0] + 2}: {column} {wrong.iloc[0]!r} is not known", allowed)


def _refuse(file: RegisterFile, frame: pd.DataFrame, wrong: pd.Series[bool], why: str) -> None:
    if wrong.any():
        raise file.error(f"line {frame.index[wrong][0] + 2}: {why}")
