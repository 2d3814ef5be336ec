"""Draft or final, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.pipeline.provenance import CodeVersion

_NAMED = 3  # findings of style in the banner; the manifest lists every one
_FINAL = "It was made from published data by committed code, and its page passed its own checks."


@dataclass(frozen=True)
class ReleaseStatus:
    """Whether a report is a draft or final, with the reasons in sentences."""

    kind: Literal["draft", "final"]
    reasons: tuple[str, ...]
    page_findings: tuple[str, ...] = ()  # findings of style of the page's own checks, one sentence each


def release_status(
    *, synthetic: bool, gate_passed: bool, code: CodeVersion, page_findings: tuple[str, ...] = (), checked: str = ""
) -> ReleaseStatus:
    """Final needs real extracts, a passed gate, a page without findings, and code that can be had again.

    That is a clean, committed working tree. A page with a fault that stops it is never put in place; ``page_findings``
    are those of style, which make a draft. ``checked`` says of a final report what was checked, up to when, and how it
    came out.
    """
    reasons = []
    if synthetic:
        reasons.append("It shows synthetic data.")
    if not gate_passed:
        reasons.append("Validation did not pass.")
    if code.reason:
        reasons.append(code.reason)
    elif code.changed is None:
        reasons.append("It was not made from a clone of the project, so the version of its code is not known.")
    elif code.changed:
        reasons.append("It was made with changes to the project that are not committed.")
    if page_findings:
        named = "; ".join(page_findings[:_NAMED])
        more = len(page_findings) - _NAMED
        rest = f"; and {more:,} more, which the manifest lists" if more > 0 else ""
        reasons.append(f"The checks of the page found something to correct: {named}{rest}.")
    if reasons:
        return ReleaseStatus("draft", tuple(reasons), page_findings)
    return ReleaseStatus("final", tuple(filter(None, (checked, _FINAL))))
