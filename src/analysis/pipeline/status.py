"""Draft or final, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.pipeline.provenance import CodeVersion

_FINAL = (
    "It was made from published data in which no critical check failed, by committed code, and its page passed its own "
    "checks."
)


@dataclass(frozen=True)
class Standing:
    """Whether a report is a draft or final, with the reasons in sentences."""

    kind: Literal["draft", "final"]
    reasons: tuple[str, ...]


def standing(*, synthetic: bool, gate_passed: bool, code: CodeVersion) -> Standing:
    """Final needs real extracts, a passed gate, and code that can be had again: a clean, committed working tree.

    A page that does not pass its own checks is never put in place, so that final pages have passed them too.
    """
    reasons = []
    if synthetic:
        reasons.append("It shows synthetic data.")
    if not gate_passed:
        reasons.append("Validation did not pass.")
    if code.reason:
        reasons.append(code.reason)
    elif code.changed is None:
        reasons.append("It was not made from a clone of the project, so the version of its code cannot be told.")
    elif code.changed:
        reasons.append("It was made with changes to the project that are not committed.")
    if reasons:
        return Standing("draft", tuple(reasons))
    return Standing("final", (_FINAL,))
