"""What must hold across rows: within a census, and from one census to the next."""

from __future__ import annotations

from analysis.periods import month_label
from analysis.quality.gx import ExpectColumnValuesToBeBetween
from analysis.quality.results import Severity
from analysis.quality.rules import Rule

# Rows per reporting PCN grew by at most 45% in a quarter (the first, March to June 2020), and since March 2021 by at
# most 17%.
# An extract that was joined to itself, or holds a second census, has at least twice as many.
_ROWS_PER_PCN_RATIO_MAX = 1.5
# Of what was published, nothing of 100 people or more fell by over 5% in a month or a quarter, and coverage by no more
# than 0.7 percentage points (April 2025, when networks merged).
_ROWS_FALL_PCT = 5.0
_COVERAGE_FALL_PP = 1.0
_NO_PREVIOUS = "There is no census within a quarter before another to compare with."


def extract_rules() -> list[Rule]:
    """Whether extracts and censuses are one to one."""
    return [
        Rule(
            id="one-census-per-extract",
            subject="Census of each extract",
            severity=Severity.CRITICAL,
            expectation="An extract holds one census.",
            why="Adding up two snapshots counts the same people twice.",
            items="extracts",
            demands=(ExpectColumnValuesToBeBetween(column="censuses", max_value=1),),
        ),
        Rule(
            id="one-extract-per-census",
            subject="Extract of each census",
            severity=Severity.CRITICAL,
            expectation="A census comes from one extract.",
            why="Two extracts of one census count everyone in it twice.",
            items="extracts",
            demands=(ExpectColumnValuesToBeBetween(column="extracts_of_census", max_value=1),),
        ),
    ]


def icb_rules() -> list[Rule]:
    """Whether each PCN is in one place at a time."""
    return [
        Rule(
            id="one-icb-per-pcn",
            subject="ICB of each PCN",
            severity=Severity.CRITICAL,
            expectation="Within a census, a PCN is in one ICB.",
            why="A PCN in two ICBs would count as reporting in both, and its staff would be split between them.",
            items="PCNs in a census",
            demands=(ExpectColumnValuesToBeBetween(column="variants", max_value=1),),
        )
    ]


def name_rules() -> list[Rule]:
    """Whether each PCN has one name at a time."""
    return [
        Rule(
            id="one-name-per-pcn",
            subject="Name of each PCN",
            severity=Severity.INFO,
            expectation="Within a census, a PCN has one name.",
            why="Nothing is joined on names, so no figure is wrong; but the tables can print only one of them.",
            items="PCNs in a census",
            demands=(ExpectColumnValuesToBeBetween(column="variants", max_value=1),),
        )
    ]


def calendar_rules(period: str, *, national_only: bool) -> list[Rule]:
    """Whether every census the publisher took is held; the one of the report must be."""
    gaps = Rule(
        id="no-census-missing",
        subject="Censuses between the first and that of the report",
        severity=Severity.WARNING,
        expectation="Every census that the publisher took has its individual-level extract.",
        why="A gap makes no other census wrong, so it does not stop the report. But no change over a month or a "
        "quarter can be told from a census that is missing, and lines in charts are interrupted there.",
        items="censuses",
        demands=(ExpectColumnValuesToBeBetween(column="rows", min_value=1),),
    )
    if national_only:
        return [gaps]
    return [
        Rule(
            id="census-of-the-report",
            subject=f"{month_label(period)}: individual-level extract",
            severity=Severity.CRITICAL,
            expectation="The census of the report has rows.",
            why="Without them the report would show an earlier census under its title.",
            items="censuses",
            demands=(ExpectColumnValuesToBeBetween(column="rows_at_period", min_value=1),),
        ),
        gaps,
    ]


def census_rules() -> list[Rule]:
    """Whether each census is complete, and plausible beside the one before."""
    return [
        Rule(
            id="both-data-sources",
            subject="Data sources of each census",
            severity=Severity.CRITICAL,
            expectation="Every census has rows of staff and of contracted services.",
            why="Every published census has both. Contracted services are more than a tenth of link worker FTE: a "
            "census without them looks like a fall.",
            items="values",
            demands=(
                ExpectColumnValuesToBeBetween(column="staff_rows", min_value=1),
                ExpectColumnValuesToBeBetween(column="contracted_rows", min_value=1),
            ),
        ),
        Rule(
            id="rows-do-not-fall",
            subject="Rows against the previous census",
            severity=Severity.WARNING,
            expectation=f"A census has at most {_ROWS_FALL_PCT:g}% fewer rows than the one before.",
            why="Rows rise as networks report and recruit, and in later years have fallen by little. A larger fall may "
            "be true, or an extract cut short: someone has to look.",
            items="censuses",
            demands=(ExpectColumnValuesToBeBetween(column="rows_change_pct", min_value=-_ROWS_FALL_PCT),),
            unassessed=_NO_PREVIOUS,
        ),
        Rule(
            id="rows-per-pcn",
            subject="Rows per reporting PCN against the previous census",
            severity=Severity.WARNING,
            expectation=f"Rows per reporting PCN grow by no more than {_ROWS_PER_PCN_RATIO_MAX - 1:.0%} in a quarter.",
            why="More PCNs reporting bring more rows, so rows are taken per PCN. No quarter known when the limit was "
            "set grew so much; rows that stand twice would double.",
            items="censuses",
            demands=(ExpectColumnValuesToBeBetween(column="rows_per_pcn_ratio", max_value=_ROWS_PER_PCN_RATIO_MAX),),
            unassessed=_NO_PREVIOUS,
        ),
        Rule(
            id="coverage-does-not-fall",
            subject="Coverage against the previous census",
            severity=Severity.WARNING,
            expectation="The share of active PCNs that report falls by at most "
            f"{_COVERAGE_FALL_PP:g} percentage point.",
            why="Totals are plain sums of the returns: when fewer PCNs report, a fall in FTE is not a fall in staff.",
            items="censuses",
            demands=(ExpectColumnValuesToBeBetween(column="reporting_share_change_pp", min_value=-_COVERAGE_FALL_PP),),
            unassessed=f"{_NO_PREVIOUS.rstrip('.')}, or the number of active PCNs is not published.",
        ),
    ]


def expected_role_rules() -> list[Rule]:
    """Whether roles are there from the census they start, and not before."""

    def due(rule_id: str, subject: str, severity: Severity, why: str, *, column: str, items: str) -> Rule:
        return Rule(
            id=rule_id,
            subject=subject,
            severity=severity,
            expectation="Each census from the start of an expected role on has rows of it.",
            why=why,
            items=items,
            demands=(ExpectColumnValuesToBeBetween(column=column, min_value=1),),
            unassessed="No census held is one from which such a role is expected.",
        )

    return [
        due(
            "link-workers-present",
            "Link workers in each census",
            Severity.CRITICAL,
            "The report is about them. A census without any means that the role was renamed, and would print as 0.",
            column="rows_of_link_workers",
            items="censuses",
        ),
        due(
            "expected-roles-present",
            "Other expected roles in each census",
            Severity.WARNING,
            "A role that vanishes was most likely renamed: its figures, and totals over roles, would be too low.",
            column="rows_due",
            items="roles in a census",
        ),
        Rule(
            id="no-role-before-its-start",
            subject="Roles before they start",
            severity=Severity.WARNING,
            expectation="No census before the start of a role has rows of it.",
            why="Before its start a role prints as not applicable, so such rows would be in no figure: either the "
            "vocabulary has the wrong start, or the role is a wrong one.",
            items="roles in a census",
            demands=(ExpectColumnValuesToBeBetween(column="rows_early", max_value=0),),
            unassessed="Every role of the vocabulary has started by the first census held.",
        ),
    ]
