"""Whether the register of known anomalies still describes the data."""

from __future__ import annotations

from analysis.quality.gx import ExpectColumnPairValuesToBeEqual
from analysis.quality.results import Severity
from analysis.quality.rules import Rule


def register_rules() -> list[Rule]:
    """Each entry that concerns a census at hand is found there, as often as it says."""
    return [
        Rule(
            id="anomalies-still-there",
            subject="Register of known anomalies",
            severity=Severity.INFO,
            expectation="Every anomaly of a census at hand is found in its extract, in as many rows as it says.",
            why="An entry that explains nothing was mended at source, or never fitted; it should go, lest it explain "
            "something else one day.",
            items="entries in a census",
            demands=(ExpectColumnPairValuesToBeEqual(column_A="rows", column_B="found"),),
            unassessed="No entry of the register concerns a census at hand.",
        )
    ]
