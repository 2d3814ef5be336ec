"""Whether the lists of registered patients can be those of England."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.quality.gx import ExpectColumnValuesToBeBetween
from analysis.quality.results import Severity
from analysis.quality.rules import Rule

# The largest real network has 270,256 patients (July 2026), the largest practice 118,653: twice as many.
_PCN_MOST = 550_000
_PRACTICE_MOST = 250_000
# Patients of networks: 59.0 million in March 2021, 59.9 in March 2022, 63.2 in July 2026, and 63.4 in all practices:
# about 1% more each year. The range holds from 2017 to 2035 at that pace.
_MILLIONS = (55.0, 70.0)
# Networks on a list: 1,237, 1,250 and 1,298.
_PCNS = (1_000, 1_600)
# Networks on a list without a patient: 3 of 1,250 in March 2022, new or closing.
_EMPTY_PCT = 2.0
# Levels of one list add up to the same people; 0.35% are with practices in no network (July 2026).
_MISSING_PCT = 0.1
_MISSING_PCN_PCT = 2.0
# Patients grew by 1.5% in the fastest year seen, networks by 1.1%.
_CHANGE_PCT = 4.0


def organisation_rules() -> list[Rule]:
    """Whether each network and practice has a possible number of patients."""
    return [
        Rule(
            id="patients-possible",
            subject="Registered patients of networks and practices",
            severity=Severity.CRITICAL,
            expectation=f"A network has at most {_PCN_MOST:,} patients, a practice {_PRACTICE_MOST:,}.",
            why="They divide every rate. The largest real network has 270,256 and the largest practice 118,653; "
            "more is a figure in another unit, or two columns run together.",
            items="networks and practices",
            demands=(
                ExpectColumnValuesToBeBetween(column="pcn_patients", min_value=0, max_value=_PCN_MOST),
                ExpectColumnValuesToBeBetween(column="practice_patients", min_value=0, max_value=_PRACTICE_MOST),
            ),
            unassessed="The lists have neither networks nor practices.",
            shows="patients",
            decided=True,
        )
    ]


def list_rules() -> list[Rule]:
    """Whether each list is whole, and follows from the one before."""

    def rule(
        rule_id: str,
        what: str,
        severity: Severity,
        expectation: str,
        why: str,
        *,
        columns: Mapping[str, tuple[float | None, float]],
        unassessed: str = "There is no list.",
    ) -> Rule:
        return Rule(
            id=rule_id,
            subject=f"Lists of registered patients: {what}",
            severity=severity,
            expectation=expectation,
            why=why,
            items="levels of a list",
            demands=tuple(
                ExpectColumnValuesToBeBetween(column=column, min_value=least, max_value=most)
                for column, (least, most) in columns.items()
            ),
            unassessed=unassessed,
            shows="people",
            decided=severity is Severity.CRITICAL,
        )

    low, high = _MILLIONS
    return [
        rule(
            "patients-of-england",
            "people in England",
            Severity.CRITICAL,
            f"Each level of a list adds up to {low:g} to {high:g} million patients.",
            "England's practices have had 59 to 63 million patients since 2021, 1% more each year. A list far from "
            "that is cut short, in another unit or of one area.",
            columns={"total": (low, high)},
        ),
        rule(
            "networks-of-england",
            "networks",
            Severity.CRITICAL,
            f"A list has {_PCNS[0]:,} to {_PCNS[1]:,} networks, and at most {_EMPTY_PCT:g}% of them without a patient.",
            "Lists have had 1,237 to 1,298 networks. Fewer means that the list is cut short.",
            unassessed="No list has networks.",
            columns={
                "pcns": _PCNS,
                "empty_pct": (None, _EMPTY_PCT),
            },
        ),
        rule(
            "levels-add-up",
            "levels that add up",
            Severity.CRITICAL,
            f"Regions, ICBs, sub-ICBs and practices of a list add up to the same people, to {_MISSING_PCT:g}%, and "
            f"networks to {_MISSING_PCN_PCT:g}% less at most.",
            "Each level counts the same people, but for practices in no network. A level that has fewer lost rows.",
            columns={
                "missing_pct": (None, _MISSING_PCT),
                "missing_pcn_pct": (None, _MISSING_PCN_PCT),
            },
        ),
        rule(
            "patients-follow",
            "change since the list before",
            Severity.WARNING,
            f"People and networks change by at most {_CHANGE_PCT:g}% a year.",
            "They have grown by 1.5% in the fastest year seen. A larger change may be true, or one of the lists is not "
            "whole.",
            unassessed="There is one list only.",
            columns={
                "change_pct": (-_CHANGE_PCT, _CHANGE_PCT),
                "pcns_change_pct": (-_CHANGE_PCT, _CHANGE_PCT),
            },
        ),
    ]
