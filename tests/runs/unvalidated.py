"""The analysis of a run without its validation: quicker, where a test is about figures alone."""

from __future__ import annotations

from analysis.api import Run
from analysis.registers.breaks import load_breaks
from analysis.registers.published import load_published
from analysis.registers.targets import load_targets
from analysis.report.assembly import analyse
from analysis.report.report import Report


def unvalidated(run: Run) -> Report:
    """What ``run.analyse()`` gives, without the facts on checks."""
    return analyse(
        run.extracts,
        validation=None,
        published=load_published(),
        targets=load_targets(roles=run.extracts.roles),
        breaks=load_breaks(),
    )
