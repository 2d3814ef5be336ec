"""A small world in which every check passes: four PCNs active, two censuses, four roles, and a bulletin that agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.columns import CONTRACTED, STAFF, WORKFORCE
from analysis.extracts import Catalogue, Input
from analysis.quality import Validation, validate
from analysis.registers.anomalies import Anomalies, Anomaly
from analysis.registers.files import RegisterFile
from analysis.registers.roles import Roles, load_roles

FILES = {"2022-06": "june.csv", "2022-09": "september.csv"}
BOOK = "tables.xlsx"
# role -> STAFF_ROLE, data source, FTE of the one row that each reporting PCN has of it
ROWS = [
    ("splw", "Social Prescribing Link Workers", STAFF, 1.0),
    ("splw", "Social Prescribing Link Workers", CONTRACTED, 0.5),
    ("hwbc", "Health and Wellbeing Coaches", STAFF, 0.8),
    ("manager", "Managers", STAFF, 0.2),
]
REPORTING = {"2022-06": ["U00001", "U00002"], "2022-09": ["U00001", "U00002", "U00003"]}
# What the bulletin prints for them. Managers have no published figure.
PUBLISHED = [
    ("fte", "splw", {"2022-06": 3.0, "2022-09": 4.5}),
    ("headcount", "splw", {"2022-06": 2, "2022-09": 3}),
    ("fte", "hwbc", {"2022-06": 1.6, "2022-09": 2.4}),
    ("headcount", "hwbc", {"2022-06": 2, "2022-09": 3}),
    ("pcns_active", "all", {"2022-06": 4, "2022-09": 4}),
    ("pcns_reporting", "all", {"2022-06": 2, "2022-09": 3}),
    ("pcns_reporting_staff", "all", {"2022-06": 2, "2022-09": 3}),
]
BULLETIN_COLUMNS = ["measure", "gender", "census", "label", "role", "value", "sha256", "file_row"]


def small_roles() -> Roles:
    """Link workers, both kinds, coaches and managers, as in the vocabulary."""
    known = load_roles()
    kept = tuple(known.by_code[code] for code in ("splw", "splw_mh", "hwbc", "manager"))
    return Roles(roles=kept, names=known.names, plurals=known.plurals)


def small_workforce() -> pd.DataFrame:
    """Twenty rows: lines 2 to 9 of the June extract, 2 to 13 of the September one."""
    rows = []
    for census, pcns in REPORTING.items():
        for line, (pcn, (role, staff_role, source, fte)) in enumerate(
            ((pcn, row) for pcn in pcns for row in ROWS), start=2
        ):
            rows.append(
                {
                    "census": census,
                    "data_source": source,
                    "pcn_code": pcn,
                    "pcn_name": f"PCN {pcn}",
                    "sub_icb_code": "36L",
                    "sub_icb_name": "South West London",
                    "icb_code": "QWE",
                    "icb_name": "South West London",
                    "region_code": "Y56",
                    "region_name": "London",
                    "staff_group": "Other Direct Patient Care staff",
                    "staff_role": staff_role,
                    "detailed_staff_role": staff_role,
                    "fte": fte,
                    "person_id": None if source == CONTRACTED else f"{census}-{pcn}-{role}",
                    "file_row": line,
                    "role": role,
                    "sha256": f"sha {FILES[census]}",
                }
            )
    return typed(pd.DataFrame(rows))


def typed(workforce: pd.DataFrame) -> pd.DataFrame:
    """The frame with the types that ingest gives it."""
    return workforce.astype({**WORKFORCE, "role": "category", "sha256": "category"})


def small_bulletin() -> pd.DataFrame:
    """The published figures as a workbook gives them."""
    figures = [
        (measure, "all", census, role, role, float(value), f"sha {BOOK}", 4 + number)
        for number, (measure, role, values) in enumerate(PUBLISHED)
        for census, value in values.items()
    ]
    return pd.DataFrame(figures, columns=BULLETIN_COLUMNS)


def register_of(bulletin: pd.DataFrame) -> pd.DataFrame:
    """The same figures as the register of published totals gives them."""
    return bulletin[["measure", "census", "role", "value"]].assign(
        data_source="all", source="a table", edition="2022-09"
    )


def anomaly(**changes: object) -> Anomaly:
    """A known anomaly of this world, with what the test changes."""
    entry = {"check": "fte-of-staff", "censuses": ("2022-09",), "value": 0.0, "pcn_code": "U00001"}
    return Anomaly.model_validate({**entry, "reason": "A reason long enough to be one.", **changes})


@dataclass(frozen=True)
class World:
    """What :func:`analysis.quality.validate` takes."""

    workforce: pd.DataFrame
    bulletin: pd.DataFrame
    published: pd.DataFrame
    anomalies: tuple[Anomaly, ...] = ()
    period: str = "2022-09"
    national_only: bool = False
    synthetic: bool = False
    patients: pd.DataFrame | None = None
    today: dt.date = dt.date(2022, 10, 27)

    @property
    def catalogue(self) -> Catalogue:
        """What was ingested to make this world."""
        return Catalogue(
            period=self.period,
            national_only=self.national_only,
            synthetic=self.synthetic,
            inputs=tuple(_input(name) for name in (*FILES.values(), BOOK)),
            left_out=(),
            warnings=(),
            later=0,
        )

    def validate(self) -> Validation:
        """Run every check."""
        return validate(
            self.workforce,
            self.bulletin,
            catalogue=self.catalogue,
            roles=small_roles(),
            published=self.published,
            anomalies=Anomalies(self.anomalies, RegisterFile(Path("anomalies.toml"))),
            patients=self.patients,
            today=self.today,
        )

    def with_rows(self, selection: Mapping[str, object], **values: object) -> World:
        """The same world with other values in the workforce rows that ``selection`` picks."""
        frame = self.workforce.astype(object)
        for column, value in values.items():
            frame.loc[_picked(frame, selection), column] = value
        return replace(self, workforce=typed(frame))

    def without_rows(self, **selection: object) -> World:
        """The same world without the workforce rows that ``selection`` picks."""
        return replace(self, workforce=self.workforce[~_picked(self.workforce, selection)])

    def with_figures(self, selection: Mapping[str, object], **values: object) -> World:
        """The same world with other values in the bulletin figures that ``selection`` picks."""
        frame = self.bulletin.copy()
        for column, value in values.items():
            frame.loc[_picked(frame, selection), column] = value
        return replace(self, bulletin=frame)

    def without_figures(self, **selection: object) -> World:
        """The same world without the bulletin figures that ``selection`` picks."""
        return replace(self, bulletin=self.bulletin[~_picked(self.bulletin, selection)])

    def without_workbook(self) -> World:
        """The same world with the register of published totals only."""
        return replace(self, bulletin=self.bulletin.iloc[:0])


def small_world() -> World:
    """The world as it should be."""
    bulletin = small_bulletin()
    return World(small_workforce(), bulletin, register_of(bulletin))


def _picked(frame: pd.DataFrame, selection: Mapping[str, object]) -> pd.Series:
    picked = pd.Series(data=True, index=frame.index)
    for column, value in selection.items():
        picked &= frame[column] == value
    if not picked.any():
        raise ValueError(f"no row has {selection}")
    return picked


def _input(name: str) -> Input:
    kind = "bulletin" if name == BOOK else "workforce"
    return Input(name, name, kind, f"sha {name}", "2022-06", "2022-09", 1, "utf-8", 1)
