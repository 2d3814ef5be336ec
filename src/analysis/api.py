"""What the notebooks call: one function a step, each from named inputs to a named result.

``import analysis as an``; ``an.ingest()``, ``an.validate()``, ``an.load()``, ``an.open_results()``.
Relative paths are relative to the project, whatever the working directory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import ExtractError, UsageError
from analysis.registers.breaks import load_breaks
from analysis.registers.published import load_published
from analysis.registers.roles import Roles, load_roles
from analysis.registers.targets import load_targets
from analysis.settings import PROCESSED, RAW, RESULTS, Parameters

if TYPE_CHECKING:
    from analysis.extracts import Catalogue
    from analysis.quality import Validation
    from analysis.results.analysis import Analysis
    from analysis.results.prose import Prose

INGEST_FILE, VALIDATION_FILE = "ingest.json", "validation.json"
FACTS_FILE, ASSESSMENT_FILE = "facts.json", "assessment.json"
MEASURES_FOLDER = "measures"


@dataclass(frozen=True)
class Extracts:
    """The tidy frames of the extracts up to a period (columns: the architecture page)."""

    catalogue: Catalogue
    workforce: pd.DataFrame = field(repr=False)
    bulletin: pd.DataFrame = field(repr=False)
    patients: pd.DataFrame = field(repr=False)
    roles: Roles = field(repr=False)

    @property
    def period(self) -> str:
        """The census of the report."""
        return self.catalogue.period


def ingest(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Catalogue:
    """Recognise and read the extracts in ``raw`` up to ``period``; hand their catalogue on in ``results``.

    With nothing in the project's own ``data/raw`` the synthetic sample is made and used.

    Raises
    ------
    UsageError
        A parameter of the wrong kind.
    ExtractError
        No extract, an unreadable one, or two that disagree.
    """
    from analysis.extracts import ingest as ingest_extracts  # noqa: PLC0415 - keeps `import analysis` fast
    from analysis.pipeline.raw import resolve_raw  # noqa: PLC0415

    asked = Parameters(period=period, raw=raw, processed=processed, results=results)
    catalogue = ingest_extracts(resolve_raw(asked.raw, asked.processed), asked.processed_folder, asked.period or None)
    _write(asked.results_folder / INGEST_FILE, catalogue.to_json())
    return catalogue


def read_extracts(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Extracts:
    """Load the typed frames that :func:`ingest` made, with each row's role.

    Ingests first when ``results`` holds no catalogue of ``period``: typed pieces are not read again, so that is quick.
    """
    asked = Parameters(period=period, raw=raw, processed=processed, results=results)
    catalogue = _catalogue(asked)
    if catalogue is not None:
        with contextlib.suppress(ExtractError):  # a piece was deleted, or made by an older reader: ingest again
            return _frames(catalogue, asked.processed_folder)
    return _frames(ingest(period, raw, processed, results), asked.processed_folder)


def validate(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Validation:
    """Check the extracts; hand what was expected and found on in ``results``. Nothing is raised: see ``.gate()``."""
    from analysis.quality import validate as validate_extracts  # noqa: PLC0415

    given = read_extracts(period, raw, processed, results)
    validation = validate_extracts(given.workforce, given.bulletin, catalogue=given.catalogue)
    _write(Parameters(results=results).results_folder / VALIDATION_FILE, validation.to_json())
    return validation


def load(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Analysis:
    """Analyse the extracts up to ``period``: measures, assessment and facts, in memory.

    Examples
    --------
    >>> import analysis as an
    >>> report = an.load("2022-09")  # doctest: +SKIP
    >>> report.facts["fte.splw.ENG.2022-09"]  # doctest: +SKIP
    >>> report.assessment["splw-2019"]  # doctest: +SKIP
    """
    from analysis.results.assembly import analyse  # noqa: PLC0415

    given = read_extracts(period, raw, processed, results)
    return analyse(
        given,
        validation=_validation(Parameters(results=results).results_folder, given.period),
        published=load_published(),
        targets=load_targets(roles=given.roles),
        breaks=load_breaks(),
    )


def save(analysis: Analysis, results: str = RESULTS) -> None:
    """Hand an analysis on in ``results``: ``facts.json``, ``assessment.json`` and the frames of the measures."""
    folder = Parameters(results=results).results_folder
    _write(folder / FACTS_FILE, analysis.facts.to_json())
    _write(folder / ASSESSMENT_FILE, analysis.assessment.to_json())
    (folder / MEASURES_FOLDER).mkdir(parents=True, exist_ok=True)
    for name in type(analysis.measures).names():
        getattr(analysis.measures, name).to_parquet(folder / MEASURES_FOLDER / f"{name}.parquet", index=False)


def open_results(results: str = RESULTS) -> Analysis:
    """Open the analysis that :func:`save` handed on.

    Raises
    ------
    UsageError
        When there is none, or it is of another period than the catalogue beside it.
    """
    from analysis.assessment import assess  # noqa: PLC0415
    from analysis.extracts import Catalogue  # noqa: PLC0415
    from analysis.results.analysis import Analysis, Measures  # noqa: PLC0415
    from analysis.results.facts import Facts  # noqa: PLC0415

    folder = Parameters(results=results).results_folder
    try:
        catalogue = Catalogue.from_json((folder / INGEST_FILE).read_text(encoding="utf-8"))
        facts = Facts.from_json((folder / FACTS_FILE).read_text(encoding="utf-8"))
        frames = {name: pd.read_parquet(folder / MEASURES_FOLDER / f"{name}.parquet") for name in Measures.names()}
    except FileNotFoundError as error:
        raise UsageError(
            f"There is no analysis to report on: {Path(error.filename or '').name} is missing from {results}.",
            "The report shows what the analysis notebook hands on.",
            "Run notebooks 1_ingest, 2_validate and 3_analyse first, or `make report` for all of them.",
        ) from error
    roles, measures = load_roles(), Measures(**frames)
    assessment = assess(
        load_targets(roles=roles),
        catalogue.period,
        totals=measures.totals,
        bounds=measures.bounds,
        decomposition=measures.decomposition,
    )
    return Analysis(
        period=catalogue.period,
        catalogue=catalogue,
        validation=_validation(folder, catalogue.period),
        roles=roles,
        breaks=load_breaks(),
        measures=measures,
        assessment=assessment,
        facts=facts,
    )


def what_changed(results: str = RESULTS) -> Prose:
    """Compare the analysis handed on in ``results`` with the report before it, if there is one."""
    from analysis.pipeline.comparing import changes_since_previous  # noqa: PLC0415
    from analysis.revisions.telling import what_changed as told  # noqa: PLC0415

    return told(changes_since_previous(Parameters(results=results).results_folder))


def table_of(items: Sequence[object]) -> pd.DataFrame:
    """Lay out a sequence of results (inputs, checks, readings) as a frame: a row each, a column for each field."""
    return pd.DataFrame([asdict(item) for item in items])  # type: ignore[call-overload]  # all our results are dataclasses


def _frames(catalogue: Catalogue, processed: Path) -> Extracts:
    from analysis import extracts  # noqa: PLC0415

    roles = load_roles()
    return Extracts(
        catalogue=catalogue,
        workforce=roles.with_role(extracts.load_workforce(catalogue, processed)),
        bulletin=roles.with_bulletin_role(extracts.load_bulletin(catalogue, processed)),
        patients=extracts.load_patients(catalogue, processed),
        roles=roles,
    )


def _catalogue(asked: Parameters) -> Catalogue | None:
    from analysis.extracts import Catalogue  # noqa: PLC0415

    path = asked.results_folder / INGEST_FILE
    if not path.is_file():
        return None
    catalogue = Catalogue.from_json(path.read_text(encoding="utf-8"))
    return catalogue if asked.period in {"", catalogue.period} else None


def _validation(folder: Path, period: str) -> Validation | None:
    """What the validation notebook handed on, if it is of this period."""
    from analysis.quality import Validation  # noqa: PLC0415

    path = folder / VALIDATION_FILE
    if not path.is_file():
        return None
    validation = Validation.from_json(path.read_text(encoding="utf-8"))
    return validation if validation.period == period else None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
