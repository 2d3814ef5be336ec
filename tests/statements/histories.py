"""A small family of histories: what a folder may hold, from the newest extract alone to a year of months.

Each makes a folder of raw files. Those of real extracts are parts of the publisher's own; the others are written here, in
the publisher's layout, of a few invented networks: their course is known, so that they can fall as well as rise.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.columns import CONTRACTED, STAFF
from analysis.periods import expected_censuses, month_label, months_between
from analysis.registers.roles import load_roles
from analysis.sample.layouts import individual_csv
from analysis.sample.networks import make_networks
from analysis.sample.totals import NANO, load_totals

NETWORKS = 60
ROLES = ("splw", "splw_mh", "hwbc", "cc")
MENTAL_HEALTH_FROM, OTHERS_FROM = "2023-04", "2020-12"
PEAK = "2024-02"  # link workers rise to it and fall after it
LATER_REPORTERS = 5  # networks that begin to report one census after another


@dataclass(frozen=True)
class History:
    """A folder and the census that a report is made of; ``real`` says that it is made of the publisher's own files."""

    period: str
    fill: Callable[[Path, Path], None]
    real: bool = True


def invented(censuses: Iterable[str], period: str) -> History:
    """A history of invented extracts of these censuses."""
    return History(period, functools.partial(_write_invented, tuple(censuses)), real=False)


def taken(period: str, *patterns: str, without: str = "") -> History:
    """A history of the publisher's files whose paths match one of the patterns."""
    return History(period, functools.partial(_link_real, patterns, without))


def _link_real(patterns: tuple[str, ...], without: str, raw: Path, data: Path) -> None:
    found = [
        path for pattern in patterns for path in sorted(data.glob(pattern)) if not without or without not in path.name
    ]
    assert found, patterns
    for path in found:
        (raw / path.name).symlink_to(path)


@functools.cache
def _networks() -> pd.DataFrame:
    return make_networks(load_totals()).at("2022-09").head(NETWORKS)


def _write_invented(censuses: tuple[str, ...], raw: Path, _: Path) -> None:
    for census in censuses:
        text = individual_csv(census, _rows(census), _networks(), load_roles())
        (raw / f"{month_label(census)}.csv").write_bytes(text)


def _rows(census: str) -> pd.DataFrame:
    """One member of staff and one contracted row for each reporting network and role."""
    month = months_between("2020-03", census)
    reporting = min(NETWORKS - LATER_REPORTERS + month, NETWORKS)
    level = 20 + 0.5 * (min(month, months_between("2020-03", PEAK)) - max(months_between(PEAK, census), 0))
    rows = []
    for role in ROLES:
        if (role == "splw_mh" and census < MENTAL_HEALTH_FROM) or (role in ("hwbc", "cc") and census < OTHERS_FROM):
            continue
        for source, share in ((STAFF, 0.75), (CONTRACTED, 0.25)):
            for pcn in range(reporting):
                nano = round(share * level / NETWORKS * (1 + pcn % 3) * NANO)
                rows.append((source, pcn, role, 0, nano, 1000 + len(rows) if source == STAFF else 0))
    return pd.DataFrame(rows, columns=["data_source", "pcn", "role", "detailed", "nano_fte", "person_id"])


EXTRACTS, WORKBOOK = "pcn-workforce-individual/*.csv", "published/reconstructed/*.xlsx"
PATIENTS = "patients/reconstructed/*.csv"
JUNE, SEPTEMBER = "pcn-workforce-individual/*062026.zip", "pcn-workforce-individual/*September 2022*.csv"

HISTORIES: Mapping[str, History] = {
    "zip alone": taken("2026-06", JUNE),
    "two censuses far apart": taken("2026-06", JUNE, SEPTEMBER),
    "bulletin alone": taken("2025-11", WORKBOOK),
    "register alone": taken("2024-03", JUNE),
    "first census": taken("2020-03", "pcn-workforce-individual/1.*.csv"),
    "a gap": taken("2022-09", EXTRACTS, without="March 2021"),
    "own census missing from the middle": taken("2022-09", EXTRACTS, WORKBOOK, JUNE, without="September 2022"),
    "everything": taken("2026-06", EXTRACTS, WORKBOOK, JUNE, PATIENTS),
    "everything to December 2022": taken("2022-12", EXTRACTS, WORKBOOK, PATIENTS),
    "everything to September 2022": taken("2022-09", EXTRACTS, WORKBOOK, PATIENTS),
    "everything to March 2021": taken("2021-03", EXTRACTS, WORKBOOK, PATIENTS),
    "invented, newest alone": invented(["2026-06"], "2026-06"),
    "invented, two far apart": invented(["2022-09", "2026-06"], "2026-06"),
    "invented, first census": invented(["2020-03"], "2020-03"),
    "invented, a gap": invented([c for c in expected_censuses("2020-03", "2022-12") if c != "2021-03"], "2022-12"),
    "invented, late start": invented(expected_censuses("2021-12", "2022-09"), "2022-09"),
    "invented, a monthly run": invented(expected_censuses("2022-03", "2024-06"), "2024-06"),
    "invented, a year of months": invented(expected_censuses("2025-06", "2026-06"), "2026-06"),
}
