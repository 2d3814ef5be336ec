"""The page of what was checked: a line per expectation, why it is there, what was found, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.publish.context import PageContext
from analysis.publish.page import render_body
from analysis.publish.shell import fill

# Failures first: that is what the reader came for.
OUTCOMES: dict[str, str] = {
    "failed": "Not as expected",
    "explained": "Not as expected, but explained",
    "not assessed": "Not assessed",
    "passed": "As expected",
}
SEVERITIES = ("critical", "warning", "info")


def render_validation(validation: Mapping[str, Any], context: PageContext) -> str:
    """Render ``validation.json`` as a page.

    Parameters
    ----------
    validation
        ``checks``: a list of mappings with ``id``, ``subject``, ``severity`` (critical, warning, info),
        ``expectation``, ``why``, ``outcome`` (passed, failed, explained, not assessed), ``found``, ``unexpected``
        (mappings with ``file``, ``row``, ``column``, ``value``, ``census``), ``unexpected_count``, ``explanation``.
    context
        Title, period, status. Its facts are not used.
    """
    checks = sorted(
        validation["checks"],
        key=lambda check: SEVERITIES.index(check["severity"]) if check["severity"] in SEVERITIES else len(SEVERITIES),
    )
    groups = {
        heading: [check for check in checks if check["outcome"] == outcome] for outcome, heading in OUTCOMES.items()
    }
    counts = {
        severity: {
            outcome: sum((check["severity"], check["outcome"]) == (severity, outcome) for check in checks)
            for outcome in OUTCOMES
        }
        for severity in SEVERITIES
    }
    stopped = counts["critical"]["failed"]
    body = fill(
        "validation.html.j2", groups=groups, counts=counts, outcomes=OUTCOMES, stopped=stopped, total=len(checks)
    )
    return render_body(body, context)
