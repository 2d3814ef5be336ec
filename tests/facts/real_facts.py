"""The analysis of real extracts, with lists of patients, made once for the tests of facts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from runs.unvalidated import unvalidated

import analysis as an
from analysis.api import Run
from analysis.report.report import Report

PERIOD = "2022-09"


@cache
def analysed(raw: Path, period: str = PERIOD) -> tuple[Run, Report]:
    """A run of the real extracts up to ``period``, and its analysis without the facts on checks."""
    run = an.run(period, str(raw), processed=mkdtemp(prefix="facts-"))
    return run, unvalidated(run)
