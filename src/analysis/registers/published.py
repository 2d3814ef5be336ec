"""The published totals (``published.csv``): national figures of every census, with the edition each was taken from.

``fte`` and ``headcount`` by role, and the counts of PCNs, are those of the bulletin tables 1a and 1b (Primary Care
Network Workforce, NHS Digital and NHS England, Open Government Licence v3.0), for every role of the vocabulary. Only
these have an ``edition``, the last census of the workbook they were read from, and only they serve the national series
(:func:`national_figures`). The other figures are back-tests: the split of FTE by data source is not in the bulletin but
the sum of the individual-level extracts, and other publications are named in ``source``. The register also calibrates
the sample. :mod:`analysis.pipeline.register` takes new figures over.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from analysis.columns import DATA_SOURCES
from analysis.registers.files import RegisterFile, register_path
from analysis.registers.roles import load_roles

NAME = "published.csv"
COLUMNS = ("measure", "census", "role", "data_source", "value", "source", "edition")
KEY = ["measure", "census", "role", "data_source"]
BULLETIN_SOURCES = {
    "fte": "Bulletin tables, Table 1a",
    "headcount": "Bulletin tables, Table 1b",
    "pcns_active": "Bulletin tables, Table 1a",
    "pcns_reporting": "Bulletin tables, Table 1a",
    "pcns_reporting_staff": "Bulletin tables, Table 1b",
}
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


_CENSUS = r"^\d{4}-(0[1-9]|1[0-2])$"


def load_published(path: Path | None = None) -> pd.DataFrame:
    """Read the published totals.

    Columns: ``measure, census, role, data_source, value, source, edition``; the value is FTE, people or PCNs by
    measure, ``edition`` is the last census of the workbook (``YYYY-MM``), empty for figures of other publications.

    Raises
    ------
    RegisterError
        A missing column, an unknown measure, role or data source, a negative value, the same figure twice, an edition
        that is not a census or is before the census of its figure.
    """
    file = RegisterFile(path or register_path(NAME))
    try:
        frame = pd.read_csv(file.path, dtype={"value": "float64", "edition": "str"}, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise file.error(f"cannot be read ({error})") from error
    if tuple(frame.columns) != COLUMNS:
        raise file.error(f"has the columns {', '.join(frame.columns)}", COLUMNS)
    roles = load_roles()
    _check_values(file, frame, "measure", MEASURES)
    _check_values(file, frame, "role", (*roles.codes, *roles.groups, ALL))
    _check_values(file, frame, "data_source", (ALL, *DATA_SOURCES))
    _refuse(file, frame, ~frame["census"].str.match(_CENSUS), "its census is not YYYY-MM")
    _refuse(file, frame, frame["value"] < 0, "its value is negative")
    _refuse(file, frame, frame.duplicated(KEY), "it stands twice")
    has_edition = frame["edition"] != ""
    _refuse(file, frame, has_edition & ~frame["edition"].str.match(_CENSUS), "its edition is not YYYY-MM")
    _refuse(file, frame, has_edition & (frame["edition"] < frame["census"]), "its edition is before its census")
    return frame


def national_figures(published: pd.DataFrame) -> pd.DataFrame:
    """The figures that serve the national series: those of the bulletin tables, both data sources together.

    Columns as :func:`load_published` gives them. Figures of other publications, and sums that this project made, are
    left out: the series is the publisher's own.
    """
    return published[(published["edition"] != "") & (published["data_source"] == ALL)]


def censuses_published(published: pd.DataFrame) -> frozenset[str]:
    """The censuses whose national FTE is in the register."""
    figures = national_figures(published)
    return frozenset(figures.loc[figures["measure"] == "fte", "census"])


def file_sha256(path: Path | None = None) -> str:
    """The checksum of the register, by which a figure says what it was read from."""
    return hashlib.sha256((path or register_path(NAME)).read_bytes()).hexdigest()


def _check_values(file: RegisterFile, frame: pd.DataFrame, column: str, allowed: tuple[str, ...]) -> None:
    wrong = frame.loc[~frame[column].isin(allowed), column]
    if len(wrong):
        raise file.error(f"line {wrong.index[0] + 2}: {column} {wrong.iloc[0]!r} is not known", allowed)


def _refuse(file: RegisterFile, frame: pd.DataFrame, wrong: pd.Series[bool], why: str) -> None:
    if wrong.any():
        raise file.error(f"line {frame.index[wrong][0] + 2}: {why}")
