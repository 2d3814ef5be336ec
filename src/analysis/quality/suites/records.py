"""What every row of an individual-level extract must be: columns, codes, identifiers, FTE."""

from __future__ import annotations

from analysis.columns import CONTRACTED, DATA_SOURCES, STAFF
from analysis.quality.gx import (
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
)
from analysis.quality.results import Severity
from analysis.quality.rules import Rule
from analysis.registers.roles import Roles

# Sub-ICB codes have three characters or five (00L, 84H, W2U3Z), ICB codes three or, in later editions, five, regions
# three. Two to six leaves room for a new scheme and still finds a name, a blank or a shifted column.
_ORGANISATION_CODE = r"^[A-Z0-9]{2,6}\Z"
_PCN_CODE = r"^U\d{5}\Z"
_NEEDED = ("census", "data_source", "pcn_code", "sub_icb_code", "icb_code", "region_code", "staff_role", "fte")
# Rows of staff reach 1.6 FTE (60 hours a week) to 2022 and 2.0 in 2026. More than two full-time jobs is doubtful; more
# than all 168 hours of a week, at 37.5 hours for 1.0 FTE, is impossible.
_STAFF_FTE_USUAL = 2.0
_STAFF_FTE_MAX = 4.48
# A contracted service is the hours of several people in one network. The largest on record is 14.13 FTE (June 2021);
# twice as many is most likely hours entered as FTE: 1.0 FTE is 37.5 hours a week.
_CONTRACTED_FTE_USUAL = 15.0
_CONTRACTED_FTE_MAX = 30.0
# Seven rows of the real extracts have one hour a week below zero (-0.027 FTE), and the published totals include them.
# Up to half an FTE, the difference from a published total that is let through, such a row changes nothing that is told.
_FTE_MIN = -0.5


def columns_rules() -> list[Rule]:
    """Whether the frame has its columns, each of its type."""
    return [
        Rule(
            id="columns",
            subject="Columns of the individual-level extracts",
            severity=Severity.CRITICAL,
            expectation="Every column is there, with its type.",
            why="A column that is missing or of another type makes every check on it empty, and a sum over it wrong.",
            items="columns",
            demands=(ExpectColumnPairValuesToBeEqual(column_A="expected", column_B="found"),),
        )
    ]


def code_rules() -> list[Rule]:
    """Whether what identifies a row is filled in, well formed and known."""
    return [
        Rule(
            id="needed-values",
            subject="Values that every row needs",
            severity=Severity.CRITICAL,
            expectation="Census, data source, the codes of the organisations, staff role and FTE are never missing.",
            why="A row without one of them falls out of a total or an area without a trace.",
            items="values",
            demands=tuple(ExpectColumnValuesToNotBeNull(column=column) for column in _NEEDED),
        ),
        Rule(
            id="pcn-code",
            subject="Codes of Primary Care Networks",
            severity=Severity.CRITICAL,
            expectation="A PCN code is U and five digits.",
            why="Coverage counts PCN codes, so a malformed one would count as one more PCN that reports.",
            items="rows",
            demands=(ExpectColumnValuesToMatchRegex(column="pcn_code", regex=_PCN_CODE),),
        ),
        Rule(
            id="organisation-codes",
            subject="Codes of sub-ICBs, ICBs and regions",
            severity=Severity.CRITICAL,
            expectation="A code is two to six capital letters and digits.",
            why="Areas are joined and added up by code; anything else there means that columns have shifted.",
            items="values",
            demands=tuple(
                ExpectColumnValuesToMatchRegex(column=column, regex=_ORGANISATION_CODE)
                for column in ("sub_icb_code", "icb_code", "region_code")
            ),
        ),
        Rule(
            id="data-source",
            subject="Data sources",
            severity=Severity.CRITICAL,
            expectation=f"The data source is {STAFF} or {CONTRACTED}.",
            why="FTE adds up both sources and headcount counts one of them; a third would be in neither definition.",
            items="rows",
            demands=(ExpectColumnValuesToBeInSet(column="data_source", value_set=list(DATA_SOURCES)),),
        ),
    ]


def role_rules(roles: Roles) -> list[Rule]:
    """Whether the vocabulary knows every role."""
    return [
        Rule(
            id="role-known",
            subject="Roles",
            severity=Severity.WARNING,
            expectation="Every role is in the role vocabulary.",
            why="Roles come and go. The rows of a new role are kept, but no total by role counts them until someone "
            "maps it. That is wrong only if it is a new name for a role that the report follows. To map a role, edit "
            "src/analysis/registers/roles.toml.",
            items="rows",
            demands=(ExpectColumnValuesToBeInSet(column="role", value_set=roles.codes),),
            shows="staff_role",
            values_told=100,  # every one by name: the report passes them on, and editions have added 38 at most
        )
    ]


def staff_rules() -> list[Rule]:
    """Whether each staff row is one person with possible hours."""
    return [
        Rule(
            id="identifier-of-staff",
            subject="Identifiers of staff",
            severity=Severity.CRITICAL,
            expectation=f"Every row of {STAFF} has an identifier.",
            why="Headcount counts distinct identifiers among staff rows: a person without one is not counted.",
            items="rows",
            demands=(ExpectColumnValuesToNotBeNull(column="person_id"),),
            unassessed=f"There is no row of {STAFF}.",
        ),
        Rule(
            id="staff-fte-possible",
            subject="FTE of staff: impossible values",
            severity=Severity.CRITICAL,
            expectation=f"A row of {STAFF} has at least {_FTE_MIN:g} and at most {_STAFF_FTE_MAX:g} FTE.",
            why="One row is one person in one role, and the value goes straight into the total. "
            f"{_STAFF_FTE_MAX:g} FTE is every hour of the week.",
            items="rows",
            demands=(ExpectColumnValuesToBeBetween(column="fte", min_value=_FTE_MIN, max_value=_STAFF_FTE_MAX),),
            unassessed=f"There is no row of {STAFF}.",
            decided=True,
        ),
        Rule(
            id="fte-of-staff",
            subject="FTE of staff: unusual values",
            severity=Severity.WARNING,
            expectation=f"A row of {STAFF} has more than 0 and at most {_STAFF_FTE_USUAL:g} FTE.",
            why="One row is one person in one role. Nothing, slightly less than nothing or more than two full-time "
            "jobs is most likely an error of recording. It stays in the total, as in the published ones.",
            items="rows",
            demands=(
                ExpectColumnValuesToBeBetween(column="fte", min_value=0, strict_min=True, max_value=_STAFF_FTE_USUAL),
            ),
            unassessed=f"There is no row of {STAFF}.",
        ),
    ]


def contracted_rules() -> list[Rule]:
    """Whether each row of contracted services is hours, of nobody in particular."""
    unassessed = f"There is no row of {CONTRACTED}."
    return [
        Rule(
            id="no-identifier-of-contracted-services",
            subject="Identifiers of contracted services",
            severity=Severity.CRITICAL,
            expectation=f"No row of {CONTRACTED} has an identifier.",
            why="Contracted services are hours, not people. An identifier there means that the data source is wrong, "
            "and with it headcount and the share of directly employed staff.",
            items="rows",
            demands=(ExpectColumnValuesToBeNull(column="person_id"),),
            unassessed=unassessed,
        ),
        Rule(
            id="contracted-fte-possible",
            subject="FTE of contracted services: impossible values",
            severity=Severity.CRITICAL,
            expectation=f"A row of {CONTRACTED} has at least {_FTE_MIN:g} and less than {_CONTRACTED_FTE_MAX:g} FTE.",
            why="One row of weekly hours, or of any other number in the place of FTE, can be more than all other "
            "networks together. The largest service on record has 14.13 FTE; 1.0 FTE is 37.5 hours a week.",
            items="rows",
            demands=(
                ExpectColumnValuesToBeBetween(
                    column="fte", min_value=_FTE_MIN, max_value=_CONTRACTED_FTE_MAX, strict_max=True
                ),
            ),
            unassessed=unassessed,
            decided=True,
        ),
        Rule(
            id="fte-of-contracted-services",
            subject="FTE of contracted services: unusual values",
            severity=Severity.WARNING,
            expectation=f"A row of {CONTRACTED} has more than 0 and at most {_CONTRACTED_FTE_USUAL:g} FTE.",
            why="Nothing or slightly less than nothing is most likely an error of recording. One row can stand for "
            "several people, and the largest service on record has 14.13 FTE. The value stays in the total.",
            items="rows",
            demands=(
                ExpectColumnValuesToBeBetween(
                    column="fte", min_value=0, strict_min=True, max_value=_CONTRACTED_FTE_USUAL
                ),
            ),
            unassessed=unassessed,
        ),
    ]
