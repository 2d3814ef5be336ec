"""The real extracts and what is measured on them, made once for the measures' tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd  # noqa: TC002 - dataclass fields below are read at run time
import pytest

from analysis.extracts.ingest import ingest
from analysis.extracts.load import load_bulletin, load_compact, load_patients, load_practice_map, load_workforce
from analysis.measures.compact_table import CompactTable
from analysis.measures.coverage import coverage
from analysis.measures.totals import totals
from analysis.registers.breaks import Breaks, load_breaks
from analysis.registers.published import load_published
from analysis.registers.roles import Roles, load_roles

LAST_BULLETIN = "2022-12"  # one census after the last extract: it is in the bulletin tables alone


@pytest.fixture(scope="session")
def roles() -> Roles:
    return load_roles()


@pytest.fixture(scope="session")
def breaks() -> Breaks:
    return load_breaks()


@dataclass(frozen=True)
class Real:
    """The frames of the real extracts: their compact table, and their rows."""

    table: CompactTable
    workforce: pd.DataFrame
    bulletin: pd.DataFrame
    patients: pd.DataFrame
    published: pd.DataFrame


@pytest.fixture(scope="session")
def real(real_data: Path, tmp_path_factory: pytest.TempPathFactory, roles: Roles) -> Real:
    """Workforce to September 2022, bulletin to December 2022, patients of March 2021 and March 2022."""
    processed = tmp_path_factory.mktemp("processed")
    catalogue = ingest(real_data, processed, LAST_BULLETIN)
    cells, people = load_compact(catalogue, processed)
    return Real(
        table=CompactTable(roles.with_role(cells), people),
        workforce=roles.with_role(load_workforce(catalogue, processed)),
        bulletin=roles.with_bulletin_role(load_bulletin(catalogue, processed)),
        patients=load_patients(catalogue, processed),
        published=load_published(),
    )


@pytest.fixture(scope="session")
def real_totals(real: Real, roles: Roles, breaks: Breaks) -> pd.DataFrame:
    return totals(real.table, roles, breaks)


@pytest.fixture(scope="session")
def real_coverage(real: Real, breaks: Breaks) -> pd.DataFrame:
    return coverage(real.table, real.bulletin, real.published, breaks)


@dataclass(frozen=True)
class RealLists:
    """The extracts of all time and the lists and maps that tell which networks there were."""

    table: CompactTable
    patients: pd.DataFrame
    practice_map: pd.DataFrame


@pytest.fixture(scope="session")
def real_to_2026(real_data: Path, tmp_path_factory: pytest.TempPathFactory, roles: Roles) -> RealLists:
    """To June 2026, with the list and the map of the day after."""
    processed = tmp_path_factory.mktemp("processed")
    catalogue = ingest(real_data, processed, "2026-06")
    cells, people = load_compact(catalogue, processed)
    return RealLists(
        table=CompactTable(roles.with_role(cells), people),
        patients=load_patients(catalogue, processed),
        practice_map=load_practice_map(catalogue, processed),
    )
