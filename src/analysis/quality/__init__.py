"""Validation: expectation suites over the tidy frames, and their results.

Great Expectations is used here and nowhere else, and is imported only when :func:`validate` runs: its import takes
longer than the checks. Nothing of it leaves this package; what comes out is a :class:`Validation`.
"""

from __future__ import annotations

from analysis.quality.results import Check, Outcome, Place, Severity, Validation
from analysis.quality.validation import validate

__all__ = ["Check", "Outcome", "Place", "Severity", "Validation", "validate"]
