"""What is true of every real extract, whatever its figures: a census without published totals is held to it."""

from __future__ import annotations

from analysis.columns import CONTRACTED, STAFF
from analysis.quality.gx import ExpectColumnValuesToBeBetween, ExpectColumnValuesToMatchRegex
from analysis.quality.results import Severity
from analysis.quality.rules import Rule

# Rows of staff that stand twice: at most 0.13% in a census of over a thousand rows (42 of 33,000 in June 2026), and in
# March 2020 one row. Twice that share; three rows are let through in a small census.
REPEATED_STAFF_SHARE = 0.0025
REPEATED_STAFF_LEAST = 3
# Rows of contracted services carry no identifier, and 31% of them agree with another in June 2026. A file that holds
# them twice has at least 50%.
_REPEATED_CONTRACTED_PCT = 50
# The codes of each level, as in all twelve real extracts: 36L, W2U3Z; QWE, Z9B2Z; Y56. A code of five characters may be
# of either level, so none is taken for that of the other.
_SUB_ICB = r"(?:\d{2}[A-Z]|[A-Z]\d[A-Z]\d[A-Z])"
_ICB = r"(?:Q[A-Z][A-Z0-9]|[A-Z]\d[A-Z]\d[A-Z])"
_REGION = r"Y\d{2}"
# 535 networks of the twelve real extracts have rows of one role alone: at most 5.64 FTE, and at most 3.3 in one row.
_LONE_ROW_FTE = 6.0
_LONE_UNLISTED_FTE = 6.0
# Networks come and go between a list and a census: at most 1.4% of those that reported were not on the list of the
# same month (12 of 855 in March 2021), and none in June 2026.
_LISTED_PCT_WARNING = 97.0
_LISTED_PCT_CRITICAL = 90.0


def repetition_rules() -> list[Rule]:
    """Whether rows stand there once."""
    return [
        Rule(
            id="staff-rows-once",
            subject="Rows of staff that stand twice",
            severity=Severity.CRITICAL,
            expectation=f"At most {REPEATED_STAFF_SHARE:.2%} of the rows of {STAFF} agree with another in all columns.",
            why="A person has an identifier, so the same row twice is the same work counted twice. Real extracts have "
            "a few such rows, at most 1 in 500, and the published totals count them.",
            items="censuses",
            demands=(ExpectColumnValuesToBeBetween(column="staff_repeated_over", max_value=0),),
            unassessed=f"There is no row of {STAFF}.",
            shows="repeated",
            decided=True,
        ),
        Rule(
            id="contracted-rows-once",
            subject="Rows of contracted services that stand twice",
            severity=Severity.CRITICAL,
            expectation=f"Fewer than {_REPEATED_CONTRACTED_PCT}% of the rows of {CONTRACTED} agree with another.",
            why="Such rows carry no identifier, and up to a third of them are alike in real extracts. Where half of "
            "them are, every row stands twice.",
            items="censuses",
            demands=(
                ExpectColumnValuesToBeBetween(
                    column="repeated_contracted_pct", max_value=_REPEATED_CONTRACTED_PCT, strict_max=True
                ),
            ),
            unassessed=f"There is no row of {CONTRACTED}.",
            shows="repeated",
            decided=True,
        ),
    ]


def area_rules() -> list[Rule]:
    """Whether the code columns hold codes of their own level."""

    def rule(rule_id: str, what: str, severity: Severity, why: str, patterns: dict[str, str]) -> Rule:
        return Rule(
            id=rule_id,
            subject=what,
            severity=severity,
            expectation="Codes of sub-ICBs are such as 36L or W2U3Z, of ICBs QWE or Z9B2Z, of regions Y56.",
            why=why,
            items="codes",
            demands=tuple(
                ExpectColumnValuesToMatchRegex(column=column, regex=pattern) for column, pattern in patterns.items()
            ),
            decided=severity is Severity.CRITICAL,
        )

    return [
        rule(
            "codes-of-their-level",
            "Area codes in the column of another level",
            Severity.CRITICAL,
            "A code of another level means that two columns are swapped, and every figure of an area would be of the "
            "wrong one.",
            {
                "sub_icb_code": rf"^(?!(?:Q[A-Z][A-Z0-9]|{_REGION})\Z)",
                "icb_code": rf"^(?!(?:\d{{2}}[A-Z]|{_REGION})\Z)",
                "region_code": rf"^(?!(?:{_SUB_ICB}|{_ICB})\Z)",
            },
        ),
        rule(
            "codes-of-known-form",
            "Area codes of a new form",
            Severity.WARNING,
            "Every real extract has these forms. A new one may be a new scheme of codes, or a damaged column.",
            {
                "sub_icb_code": rf"^{_SUB_ICB}\Z",
                "icb_code": rf"^{_ICB}\Z",
                "region_code": rf"^{_REGION}\Z",
            },
        ),
    ]


def above_rules(own: str, above: str, severity: Severity) -> list[Rule]:
    """Whether each area is in one area of the level above. ``own`` and ``above`` are words: ``sub-ICB``, ``ICB``."""
    return [
        Rule(
            id=f"one-{above.lower()}-per-{own.lower()}",
            subject=f"{above} of each {own}",
            severity=severity,
            expectation=f"Within a census, each {own} is in one {above}.",
            why="So it is in every real extract. If not, columns are swapped or rows are of two geographies, and "
            "totals of areas are wrong.",
            items=f"{own} codes in a census",
            demands=(ExpectColumnValuesToBeBetween(column="areas_above", max_value=1),),
            decided=severity is Severity.CRITICAL,
        )
    ]


def lone_network_rules() -> list[Rule]:
    """Whether a network with one role alone is as small as such networks are."""
    return [
        Rule(
            id="no-total-row",
            subject="Networks with one role alone",
            severity=Severity.CRITICAL,
            expectation=f"A network whose rows are all of one role has no row of {_LONE_ROW_FTE:g} FTE or more.",
            why="A total that was left in the file looks like a network of its own, with one role and many FTE in one "
            "row, and is added to every other row. The largest such row of a real network has 3.3 FTE. If it is a "
            "total, delete the row.",
            items="networks with one role",
            demands=(ExpectColumnValuesToBeBetween(column="largest", max_value=_LONE_ROW_FTE, strict_max=True),),
            unassessed="Every network has rows of several roles.",
            shows="largest",
            decided=True,
        ),
        Rule(
            id="no-network-without-patients",
            subject="Networks with one role alone and no registered patients",
            severity=Severity.CRITICAL,
            expectation=f"A network with one role and no patients on the nearest list has less than "
            f"{_LONE_UNLISTED_FTE:g} FTE.",
            why="A network has practices, and practices have patients. A code without patients, with nothing but one "
            "role, is most likely a total or a test.",
            items="networks with one role that are not on the list",
            demands=(
                ExpectColumnValuesToBeBetween(column="unlisted_fte", max_value=_LONE_UNLISTED_FTE, strict_max=True),
            ),
            unassessed="No list of registered patients lies within three months of a census held, or each such network "
            "is on it.",
            shows="unlisted_fte",
            decided=True,
        ),
    ]


def listed_rules() -> list[Rule]:
    """Whether the networks that report are those that have patients."""

    def rule(rule_id: str, severity: Severity, share: float) -> Rule:
        return Rule(
            id=rule_id,
            subject=f"Networks that report, on the list of registered patients: {share:g}%",
            severity=severity,
            expectation=f"At least {share:g}% of the networks in a census are on the list nearest to it.",
            why="Rates divide the staff of networks by their patients. Networks open and close between a list and a "
            "census, but few: at most 1.4% of them in the same month. More means that list or extract is cut or wrong.",
            items="censuses",
            demands=(ExpectColumnValuesToBeBetween(column="listed_pct", min_value=share),),
            unassessed="No list of registered patients lies within three months of a census held.",
            shows="listed_pct",
            decided=severity is Severity.CRITICAL,
        )

    return [
        rule("networks-listed", Severity.CRITICAL, _LISTED_PCT_CRITICAL),
        rule("nearly-all-networks-listed", Severity.WARNING, _LISTED_PCT_WARNING),
    ]


def unknown_role_rules() -> list[Rule]:
    """Whether an unknown role may be a known one under another name."""
    return [
        Rule(
            id="no-role-nearly-known",
            subject="Unknown roles whose name is close to a role of the targets",
            severity=Severity.CRITICAL,
            expectation="No role that the vocabulary does not know is spelt nearly as link workers, coaches or care "
            "coordinators.",
            why="Its rows are in no total. Whether it is the same role is a decision: map it in roles.toml, or record "
            "that it is another.",
            items="unknown roles in a census",
            demands=(ExpectColumnValuesToBeBetween(column="near_followed", max_value=0),),
            unassessed="Every role is in the vocabulary.",
            shows="staff_role",
            decided=True,
        )
    ]


def renamed_role_rules() -> list[Rule]:
    """Whether an unknown role came as a known one went."""
    return [
        Rule(
            id="no-role-renamed",
            subject="Unknown roles that come as a known one falls",
            severity=Severity.WARNING,
            expectation="No known role falls by over a tenth where an unknown role of about that size appears.",
            why="That is how a new name for an old role looks: the old one would seem to shrink, and the new one is in "
            "no total.",
            items="such pairs",
            demands=(ExpectColumnValuesToBeBetween(column="taken", max_value=0),),
            unassessed="No known role falls by over a tenth beside an unknown one.",
        )
    ]


def date_rules() -> list[Rule]:
    """Whether no census lies in the future."""
    return [
        Rule(
            id="census-not-in-the-future",
            subject="Date of each census",
            severity=Severity.CRITICAL,
            expectation="No census is dated after the day of the report.",
            why="A census that has not been taken has no figures: its year or month is wrong, or this computer's clock "
            "is.",
            items="censuses",
            demands=(ExpectColumnValuesToBeBetween(column="days_ahead", max_value=0),),
            decided=True,
        )
    ]
