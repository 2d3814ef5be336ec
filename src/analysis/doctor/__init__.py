"""Whether a report can be made on this machine now: what was looked at, what was found, and what to do about it."""

from analysis.doctor.examination import Examined, examine
from analysis.doctor.findings import Finding, Outcome

__all__ = ["Examined", "Finding", "Outcome", "examine"]
