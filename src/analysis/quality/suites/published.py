"""Our national totals against the published ones, and the bulletin workbook by itself."""

from __future__ import annotations

from analysis.columns import BULLETIN
from analysis.periods import month_label
from analysis.quality.gx import (
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToNotBeNull,
)
from analysis.quality.results import Severity
from analysis.quality.rules import Rule

# Six months of the bulletin tables are rounded to whole numbers: a difference of half an FTE is all that rounding can
# make. The millionth is for the register, which keeps six decimals.
_FTE_TOLERANCE = 0.5 + 1e-6
# Some months are printed as whole numbers: four roundings of half an FTE. All 2,008 sums of the workbook of November
# 2025 are within 1.0.
_GENDER_ROUNDING = 2.0
_GENDER_PCT = 5.0


def comparison_rules(period: str, not_compared: list[str], *, national_only: bool) -> list[Rule]:
    """Totals against the published figures: at the census of the report, and at the earlier ones.

    ``not_compared`` names the roles that have rows at ``period`` and no published FTE.
    """
    remark = f"Without a published figure, and so not compared: {', '.join(not_compared)}." if not_compared else ""
    rules = []
    for when, subject in (("at-period", month_label(period)), ("earlier", "Earlier censuses")):
        # Where the whole census has no published figure, the reason says so better than a list of its roles.
        month = month_label(period)
        unassessed = (
            "No earlier census is held, or none has a published figure."
            if when == "earlier"
            else f"There is no individual-level extract of {month} to hold against the published figures."
            if national_only
            else f"No figure for {month} is in the register of published totals or in a bulletin workbook."
        )
        own_remark = remark if when == "at-period" else ""
        rules += [
            Rule(
                id=f"published-fte-{when}",
                subject=f"{subject}: national FTE by role against the published totals",
                severity=Severity.CRITICAL,
                expectation="The sum of the rows is the published FTE of the role, to half an FTE.",
                why="Published totals are plain sums of the returns, so a difference means that rows are missing, "
                "doubled, or mapped to the wrong role. Half an FTE is what rounding in the bulletin can make.",
                items="figures",
                demands=(
                    ExpectColumnValuesToBeBetween(
                        column=f"fte_{when}", min_value=-_FTE_TOLERANCE, max_value=_FTE_TOLERANCE
                    ),
                ),
                unassessed=unassessed,
                remark=own_remark,
            ),
            Rule(
                id=f"published-headcount-{when}",
                subject=f"{subject}: national headcount by role against the published totals",
                severity=Severity.CRITICAL,
                expectation="The distinct identifiers among staff rows are exactly the published headcount.",
                why="Headcount is a whole number, and the publisher counts it in the same way: no difference is small.",
                items="figures",
                demands=(_exactly(f"headcount_{when}"),),
                unassessed=unassessed,
            ),
            Rule(
                id=f"published-pcns-{when}",
                subject=f"{subject}: PCNs reporting against the published count",
                severity=Severity.CRITICAL,
                expectation="The PCNs with any row, and those with a row of staff, are as many as published.",
                why="Coverage decides how far a total can be trusted; a PCN more or less means that rows are missing "
                "or a code is wrong.",
                items="figures",
                demands=(_exactly(f"pcns_{when}"),),
                unassessed=unassessed,
            ),
        ]
    return rules


def bulletin_columns_rules() -> list[Rule]:
    """Whether the frame of the bulletin workbook has its columns."""
    return [
        Rule(
            id="bulletin-columns",
            subject="Columns of the bulletin tables",
            severity=Severity.CRITICAL,
            expectation=f"Every column is there ({', '.join(BULLETIN)} and where each figure stands).",
            why="A missing column makes every check on it empty.",
            items="columns",
            demands=(ExpectColumnPairValuesToBeEqual(column_A="expected", column_B="found"),),
        )
    ]


def bulletin_figure_rules() -> list[Rule]:
    """Whether each figure of the workbook is possible, and there once."""
    return [
        Rule(
            id="bulletin-figures-possible",
            subject="Figures of the bulletin tables",
            severity=Severity.CRITICAL,
            expectation="No figure is missing, negative or infinite.",
            why="A figure that was not collected has no row here; anything else is a misread cell.",
            items="figures",
            demands=(
                ExpectColumnValuesToNotBeNull(column="value"),
                ExpectColumnValuesToBeBetween(column="value", min_value=0, max_value=1e9),
            ),
        ),
        Rule(
            id="bulletin-figures-once",
            subject="Rows of the bulletin tables",
            severity=Severity.CRITICAL,
            expectation="Each measure of a role has one figure for a census.",
            why="Two rows that mean the same role would be added up, or one of them would be taken at random.",
            items="figures",
            demands=(ExpectColumnValuesToBeBetween(column="times", max_value=1),),
        ),
    ]


def bulletin_gender_rules() -> list[Rule]:
    """Whether the figure of all genders is the sum of those by gender."""

    def rule(rule_id: str, what: str, expectation: str, severity: Severity, **limit: float) -> Rule:
        ((column, most),) = limit.items()
        return Rule(
            id=rule_id,
            subject=f"FTE of all genders against the sum by gender, in the bulletin tables: {what}",
            severity=severity,
            expectation=expectation,
            why="The workbook has each role for all genders, and once more for each. Where they disagree a cell was "
            "misread or overwritten. Look at the rows of the role in Table 1a.",
            items="figures",
            demands=(ExpectColumnValuesToBeBetween(column=column, max_value=most),),
            unassessed="The bulletin tables have no role with a figure for each gender.",
            decided=severity is Severity.CRITICAL,
        )

    return [
        rule(
            "bulletin-genders-near-all",
            "large differences",
            f"No difference is over {_GENDER_PCT:g}% of the figure, where it is over 5 FTE.",
            Severity.CRITICAL,
            large_pct=_GENDER_PCT,
        ),
        rule(
            "bulletin-genders-add-up",
            "small differences",
            f"No difference is over {_GENDER_ROUNDING:g} FTE.",
            Severity.WARNING,
            difference=_GENDER_ROUNDING,
        ),
    ]


def bulletin_row_rules(period: str, *, national_only: bool) -> list[Rule]:
    """Whether the workbook has the rows the report needs. It needs them when it has no individual-level extract."""
    subject = f"{month_label(period)}: rows of the bulletin tables"

    def rule(rule_id: str, column: str, what: str, severity: Severity, why: str) -> Rule:
        return Rule(
            id=rule_id,
            subject=f"{subject}: {what}",
            severity=severity,
            expectation="Each has a figure for the census of the report.",
            why=why,
            items="rows",
            demands=(ExpectColumnValuesToBeBetween(column=column, min_value=1),),
        )

    return [
        rule(
            "bulletin-link-workers",
            "figures_of_link_workers",
            "link workers",
            Severity.CRITICAL if national_only else Severity.WARNING,
            "Without an individual-level extract the bulletin is the only source of the report's main figure; with "
            "one, it is what that figure is held against. Row labels drift from edition to edition.",
        ),
        rule(
            "bulletin-roles",
            "figures_of_roles",
            "other expected roles",
            Severity.WARNING,
            "A role that is not found by its label prints as not available, and the reader must know why.",
        ),
        rule(
            "bulletin-coverage-rows",
            "figures_of_coverage",
            "PCNs active and reporting",
            Severity.WARNING,
            "Without them the share of PCNs that reported is not available, and a total cannot be judged.",
        ),
    ]


def bulletin_coverage_rules() -> list[Rule]:
    """Whether the counts of PCNs are possible beside each other."""
    return [
        Rule(
            id="bulletin-coverage-possible",
            subject="PCNs active, reporting, and reporting staff, in the bulletin tables",
            severity=Severity.CRITICAL,
            expectation="No more PCNs report staff than report at all, and no more report than are active.",
            why="Each count contains the next. If not, a row was misread, and the coverage printed from it is wrong.",
            items="pairs of counts",
            demands=(
                ExpectColumnValuesToBeBetween(column="reporting_over_active", max_value=0),
                ExpectColumnValuesToBeBetween(column="staff_over_reporting", max_value=0),
            ),
            unassessed="The bulletin tables have no two counts of PCNs for the same census.",
        )
    ]


def _exactly(difference: str) -> ExpectColumnValuesToBeBetween:
    return ExpectColumnValuesToBeBetween(column=difference, min_value=0, max_value=0)
