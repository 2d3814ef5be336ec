"""The assessment: each reading of each target, with its bounds, its verdict, and what would turn it. Pure."""

from __future__ import annotations

from analysis.assessment.assess import Assessment, assess, targets_in
from analysis.assessment.readings import Choice, Reading
from analysis.assessment.target_assessment import TargetAssessment
from analysis.assessment.verdicts import Verdict

__all__ = ["Assessment", "Choice", "Reading", "TargetAssessment", "Verdict", "assess", "targets_in"]
