"""Column names, defined once: those of the raw layouts and those of the tidy frames.

Tidy names are in snake case with the unit as suffix where there is one. The same quantity has the same
name in every frame, table and download.
"""

from __future__ import annotations

# ---- raw layout: individual-level CSV (same sixteen, same order, March 2020 to June 2026) ----
INDIVIDUAL_TO_TIDY: dict[str, str] = {
    "Data_source": "data_source",
    "CENSUS_YEAR": "census_year",
    "CENSUS_MONTH": "census_month",
    "PCN_CODE": "pcn_code",
    "PCN_NAME": "pcn_name",
    "SUB_ICB_CODE": "sub_icb_code",
    "SUB_ICB_NAME": "sub_icb_name",
    "ICB_CODE": "icb_code",
    "ICB_NAME": "icb_name",
    "COMM_REGION_CODE": "region_code",
    "COMM_REGION_NAME": "region_name",
    "STAFF_GROUP": "staff_group",
    "STAFF_ROLE": "staff_role",
    "DETAILED_STAFF_ROLE": "detailed_staff_role",
    "FTE": "fte",
    "UNIQUE_IDENTIFIER": "person_id",
}
# ---- raw layout: Patients Registered at a GP Practice ----
PATIENTS_RAW: tuple[str, ...] = (
    "PUBLICATION",
    "EXTRACT_DATE",
    "ORG_TYPE",
    "ORG_CODE",
    "ONS_CODE",
    "POSTCODE",
    "SEX",
    "AGE_GROUP_5",
    "NUMBER_OF_PATIENTS",
)

# ---- values of the raw layouts ----
STAFF = "NWRS Staff"
CONTRACTED = "NWRS contracted services"
DATA_SOURCES: tuple[str, str] = (STAFF, CONTRACTED)

# ---- tidy frames ----
# `workforce`: one row per row of an individual-level extract.
WORKFORCE: dict[str, str] = {
    "census": "category",  # YYYY-MM, from CENSUS_YEAR and CENSUS_MONTH
    "data_source": "category",
    "pcn_code": "category",
    "pcn_name": "category",
    "sub_icb_code": "category",
    "sub_icb_name": "category",
    "icb_code": "category",
    "icb_name": "category",
    "region_code": "category",
    "region_name": "category",
    "staff_group": "category",
    "staff_role": "category",
    "detailed_staff_role": "category",
    "fte": "float64",  # full-time equivalent, 1.0 = 37.5 hours a week
    "person_id": "str",  # pseudonymous, reissued in each extract; missing on contracted rows
    "file_row": "int64",  # line of the row in its CSV; the header is line 1
}
# The extracts have nine decimals of FTE. Sums are made of whole billionths: exact, whatever their order.
BILLION = 1_000_000_000
# `role` (category) is added when the frame is loaded, by the vocabulary in force: see registers.roles.
ROLE = "role"

# `bulletin`: one row per figure of a bulletin tables workbook.
BULLETIN: tuple[str, ...] = ("measure", "gender", "census", "label", "value")
# measure: "fte", "headcount", "pcns_active", "pcns_reporting", "pcns_reporting_staff"
# gender: "all", "female", "male", "other_or_unknown"; a total is made of "all" alone
ALL_GENDERS = "all"

# ---- levels of geography: level -> (code column, name column) ----
ENGLAND = "ENG"
LEVELS: dict[str, tuple[str, str]] = {
    "region": ("region_code", "region_name"),
    "icb": ("icb_code", "icb_name"),
    "sub_icb": ("sub_icb_code", "sub_icb_name"),
    "pcn": ("pcn_code", "pcn_name"),
}

DEFAULT_ROLE = "splw"  # what a report is about unless it is told otherwise: social prescribing link workers
