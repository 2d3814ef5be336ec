"""Open the analysis that a run has saved, as a report that shows itself."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from analysis.assessment import assess
from analysis.errors import UsageError
from analysis.extracts import Catalogue
from analysis.facts.analysis import Measures
from analysis.registers.breaks import load_breaks
from analysis.registers.roles import load_roles
from analysis.registers.targets import load_targets
from analysis.report.report import Report
from analysis.runs.store import ASSESSMENT_FILE, INGEST_FILE, role_of, validation_in
from analysis.runs.stored_facts import MEASURES_FOLDER, facts_in


def open_report(folder: Path) -> Report:
    """Open the analysis that :func:`analysis.runs.store.save_analysis` wrote into ``folder``.

    Raises
    ------
    UsageError
        When there is none, or a part of it is missing.
    """
    try:
        catalogue = Catalogue.from_json((folder / INGEST_FILE).read_text(encoding="utf-8"))
        role = role_of(json.loads((folder / ASSESSMENT_FILE).read_text(encoding="utf-8")))
        frames = {name: pd.read_parquet(folder / MEASURES_FOLDER / f"{name}.parquet") for name in Measures.names()}
        facts = facts_in(folder, frames=frames)
    except FileNotFoundError as error:
        raise UsageError(
            f"There is no analysis to report on: {Path(error.filename or '').name} is missing from its folder.",
            "The report shows what the analysis notebook saves.",
            "Run notebooks 1_ingest, 2_validate and 3_analyse first, or `make report` for all of them.",
        ) from error
    roles, measures = load_roles(about=role), Measures(**frames)
    assessment = assess(
        load_targets(roles=roles),
        catalogue.period,
        totals=measures.totals,
        bounds=measures.bounds,
        decomposition=measures.decomposition,
        role=role,
    )
    return Report(
        period=catalogue.period,
        catalogue=catalogue,
        validation=validation_in(folder, catalogue.period),
        roles=roles,
        breaks=load_breaks(),
        measures=measures,
        assessment=assessment,
        facts=facts,
    )
