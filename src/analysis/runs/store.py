"""What a run stores in its folder, for the notebooks after it and for the pages.

:mod:`analysis.runs.open_report` opens it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import formats
from analysis.columns import DEFAULT_ROLE
from analysis.facts.analysis import Analysis, Measures
from analysis.facts.fact import Facts
from analysis.facts.stored import facts_json, with_shown
from analysis.folders import write_whole
from analysis.quality.results import Validation
from analysis.runs.stored_facts import MEASURES_FOLDER

if TYPE_CHECKING:
    import pandas as pd

    from analysis.extracts import Catalogue

INGEST_FILE, VALIDATION_FILE = formats.INGEST, formats.VALIDATION
FACTS_FILE, ASSESSMENT_FILE = formats.FACTS, formats.ASSESSMENT
ANALYSIS_PARTS = (FACTS_FILE, ASSESSMENT_FILE, MEASURES_FOLDER)
# Rows that are read together. England comes first in each frame, and networks last: whoever reads the larger areas of a
# long series need not read the networks, which are nine rows in ten.
_GROUP = 20_000
PARTS = (INGEST_FILE, VALIDATION_FILE, *ANALYSIS_PARTS)


def save_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Write ``ingest.json``."""
    _write(folder / INGEST_FILE, catalogue.to_json())


def save_validation(validation: Validation, folder: Path) -> None:
    """Write ``validation.json``."""
    _write(folder / VALIDATION_FILE, validation.to_json())


def save_analysis(analysis: Analysis, folder: Path) -> None:
    """Write ``facts.json``, ``assessment.json`` and the frames of the measures."""
    with ThreadPoolExecutor(1) as beside:  # Arrow writes a frame without Python
        frames = beside.submit(_write_measures, analysis.measures, folder / MEASURES_FOLDER)
        text = facts_json(analysis.facts, analysis.period, analysis.role, synthetic=analysis.synthetic)
        _write(folder / FACTS_FILE, text)
        _write(folder / ASSESSMENT_FILE, analysis.assessment.to_json())
        frames.result()


def _write_measures(measures: Measures, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in Measures.names():
        frame: pd.DataFrame = getattr(measures, name)
        frame.to_parquet(folder / f"{name}.parquet", index=False, row_group_size=_GROUP)


def save_shown_facts(facts: Facts, folder: Path, *, shown: Iterable[str], code_version: str) -> None:
    """Add to ``facts.json`` of an analysis the facts that a page shows, and the version of the code."""
    path = folder / FACTS_FILE
    _write(path, with_shown(path.read_text(encoding="utf-8"), facts, shown, code_version))


def validation_in(folder: Path, period: str) -> Validation | None:
    """What validation has found, if it is of this period."""
    path = folder / VALIDATION_FILE
    if not path.is_file():
        return None
    validation = Validation.from_json(path.read_text(encoding="utf-8"))
    return validation if validation.period == period else None


def role_of(assessment: Mapping[str, Any]) -> str:
    """The role that an ``assessment.json`` is about; in one of an earlier version, that of every report then."""
    return str(assessment.get("role", DEFAULT_ROLE))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)  # two notebooks may open the same run at once
