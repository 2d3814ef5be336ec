"""What changed since the report before, for the report's own section."""

from __future__ import annotations

from analysis.results.prose import Prose, month, panel, say
from analysis.results.views import disclosed
from analysis.revisions.compare import Comparison
from analysis.revisions.tables import ROWS_SHOWN, comparison_tables


def what_changed(comparison: Comparison) -> Prose:
    """Say what differs from the report before, largest first; the first report says that it is the first."""
    if comparison.is_first:
        return panel(
            [say("This is the first report among these: there is none to compare it with.")], css_class="changed"
        )
    opening = say(
        "Compared with the report for {old}. A revision is another value for the same figure of the same census; "
        "where the PCNs in that census’s data differ, the part due to coverage is told apart.",
        old=month(comparison.old_period),
    )
    findings = [
        _finding(len(comparison.revised), "figures of earlier censuses were revised", "figure of an earlier census"),
        _finding(len(comparison.verdicts), "readings of targets have another verdict", "reading of a target"),
        _finding(len(comparison.places), "PCNs, areas or roles are new or gone", "PCN, area or role"),
        _finding(len(comparison.inputs), "extracts are new, gone or replaced", "extract"),
    ]
    tables = comparison_tables(comparison, rows=ROWS_SHOWN)
    return panel([opening, say(" ".join(findings)), *(disclosed(table) for table in tables)], css_class="changed")


def _finding(number: int, some: str, one: str) -> str:
    return f"Some {some}: the table ranks them." if number else f"No {one} changed."
