"""What changed since the report before, for the report's own section."""

from __future__ import annotations

from analysis.comparison.compare import Comparison
from analysis.comparison.tables import ROWS_SHOWN, comparison_tables
from analysis.markup.prose import Prose, bullets, dated, listed, month, panel, say
from analysis.tables.base import disclosed


def what_changed(comparison: Comparison) -> Prose:
    """Say what differs from the report before, largest first; the first report says that it is the first."""
    passed_over = (
        [
            say(
                "Passed over, because it cannot be read: {months}. Such a report is damaged, or another version of "
                "this project made it.",
                months=listed([month(census) for census in comparison.unreadable]),
            )
        ]
        if comparison.unreadable
        else []
    )
    if comparison.is_first:
        first = say("There is no earlier report to compare this one with.")
        return panel([first, *passed_over], css_class="changed")
    opening = say(
        "Compared with the report for {old}. A revision is another value for the same figure of the same census; "
        "where the PCNs in that census’s data differ, the part due to coverage is told apart. A reading of a target "
        "whose date has come to be covered changes its verdict, and is no revision.",
        old=month(comparison.old_period),
    )
    glance, *tables = comparison_tables(comparison, rows=ROWS_SHOWN)
    return panel(
        [opening, *passed_over, _main_verdicts(comparison), glance, *(disclosed(table) for table in tables)],
        css_class="changed",
    )


def _main_verdicts(comparison: Comparison) -> Prose:
    """What became of the readings that the headline uses."""
    main = comparison.verdicts[comparison.verdicts["main"] == "main reading"]
    if main.empty:
        return say("The main reading of each target has the verdict that it had.")
    return bullets(
        [
            say(
                "{target}, main reading: {old}, now {new}.",
                target=dated(row["target"]),
                old="not in that report" if row["old_verdict"] == "[z]" else row["old_verdict"],
                new="no longer there" if row["new_verdict"] == "[z]" else row["new_verdict"],
            )
            for row in main.to_dict("records")
        ]
    )
