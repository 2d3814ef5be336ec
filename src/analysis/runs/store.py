"""What a run stores in its folder, for the notebooks after it and for the pages: written, and opened again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis import formats
from analysis.assessment import assess
from analysis.columns import DEFAULT_ROLE
from analysis.errors import UsageError
from analysis.extracts import Catalogue
from analysis.facts.analysis import Analysis, Measures
from analysis.facts.fact import Facts
from analysis.facts.stored import facts_json
from analysis.quality.results import Validation
from analysis.registers.breaks import load_breaks
from analysis.registers.roles import load_roles
from analysis.registers.targets import load_targets
from analysis.report.report import Report
from analysis.runs.stored_facts import MEASURES_FOLDER, facts_in

INGEST_FILE, VALIDATION_FILE = formats.INGEST, formats.VALIDATION
FACTS_FILE, ASSESSMENT_FILE = formats.FACTS, formats.ASSESSMENT
ANALYSIS_PARTS = (FACTS_FILE, ASSESSMENT_FILE, MEASURES_FOLDER)
PARTS = (INGEST_FILE, VALIDATION_FILE, *ANALYSIS_PARTS)


def save_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Write ``ingest.json``."""
    _write(folder / INGEST_FILE, catalogue.to_json())


def save_validation(validation: Validation, folder: Path) -> None:
    """Write ``validation.json``."""
    _write(folder / VALIDATION_FILE, validation.to_json())


def save_analysis(analysis: Analysis, folder: Path) -> None:
    """Write ``facts.json``, ``assessment.json`` and the frames of the measures."""
    save_facts(analysis.facts, folder, period=analysis.period, role=analysis.role, synthetic=analysis.synthetic)
    _write(folder / ASSESSMENT_FILE, analysis.assessment.to_json())
    (folder / MEASURES_FOLDER).mkdir(parents=True, exist_ok=True)
    for name in Measures.names():
        getattr(analysis.measures, name).to_parquet(folder / MEASURES_FOLDER / f"{name}.parquet", index=False)


def save_facts(
    facts: Facts,
    folder: Path,
    *,
    period: str,
    role: str,
    synthetic: bool,
    code_version: str = "",
    shown: Iterable[str] = (),
) -> None:
    """Write ``facts.json``: England's figures, those of targets and checks, and those that a page shows."""
    text = facts_json(facts, period, role, synthetic=synthetic, code_version=code_version, shown=shown)
    _write(folder / FACTS_FILE, text)


def validation_in(folder: Path, period: str) -> Validation | None:
    """What validation has found, if it is of this period."""
    path = folder / VALIDATION_FILE
    if not path.is_file():
        return None
    validation = Validation.from_json(path.read_text(encoding="utf-8"))
    return validation if validation.period == period else None


def role_in(folder: Path) -> str:
    """The role that the analysis in ``folder`` is about; in one of an earlier version, that of every report then."""
    content = json.loads((folder / ASSESSMENT_FILE).read_text(encoding="utf-8"))
    return str(content.get("role", DEFAULT_ROLE))


def open_report(folder: Path) -> Report:
    """Open the analysis that :func:`save_analysis` wrote into ``folder``.

    Raises
    ------
    UsageError
        When there is none, or a part of it is missing.
    """
    try:
        catalogue = Catalogue.from_json((folder / INGEST_FILE).read_text(encoding="utf-8"))
        role = role_in(folder)
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


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
