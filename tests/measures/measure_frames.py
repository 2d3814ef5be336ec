"""Small tidy frames for the measures' tests, written as short rows."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa

from analysis.columns import CONTRACTED, STAFF, WORKFORCE
from analysis.extracts.compact import compact
from analysis.extracts.load import compact_frames
from analysis.extracts.workforce import SCHEMA
from analysis.measures.compact_table import CompactTable
from analysis.registers.roles import Roles, load_roles

ROLES = load_roles()
REGIONS = {"QA1": "Y56", "QB2": "Y56", "QC3": "Y58"}


def workforce(rows: Iterable[tuple], areas: dict[str | tuple[str, str], str] | None = None) -> CompactTable:
    """The compact table of ``workforce_rows``."""
    return compact_table(workforce_rows(rows, areas))


def compact_table(rows: pd.DataFrame, roles: Roles | None = None) -> CompactTable:
    """What the measures are made from, of a frame of rows; without ``roles`` the words of a role are its code."""
    cells, people = compact_frames([compact(pa.Table.from_pandas(rows[list(WORKFORCE)], SCHEMA, preserve_index=False))])
    return CompactTable(roles.with_role(cells) if roles else cells.assign(role=cells["staff_role"]), people)


def workforce_rows(rows: Iterable[tuple], areas: dict[str | tuple[str, str], str] | None = None) -> pd.DataFrame:
    """Rows ``(census, PCN, role, FTE)``, with ``"staff"`` (default) or ``"contracted"`` and a person as fifth and sixth.

    ``areas`` gives the ICB of a PCN, or of a PCN at a census; ``QA1`` otherwise. A sub-ICB is its ICB in lower case.
    """
    areas = areas or {}
    records = []
    for line, row in enumerate(rows, start=2):
        census, pcn, role, fte, *rest = row
        source = CONTRACTED if rest and rest[0] == "contracted" else STAFF
        person = rest[1] if len(rest) > 1 else (str(line) if source == STAFF else None)
        icb = areas.get((pcn, census), areas.get(pcn, "QA1"))
        region = REGIONS.get(icb, "Y58")
        records.append(
            {
                "census": census,
                "data_source": source,
                "pcn_code": pcn,
                "pcn_name": f"{pcn} PCN",
                "sub_icb_code": icb.lower(),
                "sub_icb_name": f"Sub {icb}",
                "icb_code": icb,
                "icb_name": f"NHS {icb} ICB",
                "region_code": region,
                "region_name": f"Region {region}",
                "staff_group": "Other Direct Patient Care staff",
                "staff_role": role,
                "detailed_staff_role": role,
                "fte": float(fte),
                "person_id": person,
                "file_row": line,
                "role": role,
                "sha256": "0" * 64,
            }
        )
    frame = pd.DataFrame(records, columns=[*WORKFORCE, "role", "sha256"])
    return frame.astype({**WORKFORCE, "role": "category", "sha256": "category"})


def patients(rows: Iterable[tuple[str, str, str, int]]) -> pd.DataFrame:
    """Rows ``(list date, organisation type, code, patients)``."""
    frame = pd.DataFrame(list(rows), columns=["list_date", "org_type", "org_code", "patients"])
    return frame.assign(list_date=pd.to_datetime(frame["list_date"]).astype("datetime64[us]"))


def bulletin(rows: Iterable[tuple[str, str, str, float]]) -> pd.DataFrame:
    """Rows ``(measure, census, role, value)``; no rows give the frame of a run without a workbook."""
    frame = pd.DataFrame(list(rows), columns=["measure", "census", "role", "value"])
    return frame.assign(label=frame["role"], gender="all").astype(
        {"measure": "category", "census": "category", "role": "category", "value": "float64"}
    )


def one(frame: pd.DataFrame, **where: object) -> pd.Series:
    """The single row in which each column has the value given."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, f"{len(frame)} rows with {where}"
    return frame.iloc[0]


def practice_map(rows: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """Rows ``(date, practice, PCN)``; a PCN's areas are those of ``workforce`` with the default ICB."""
    frame = pd.DataFrame(list(rows), columns=["list_date", "practice_code", "pcn_code"], dtype="str")
    areas = {"sub_icb_code": "qa1", "icb_code": "QA1", "region_code": "Y56"}
    return frame.assign(list_date=pd.to_datetime(frame["list_date"]).astype("datetime64[us]"), **areas)
