"""What the notebooks call: one function a step, each from named inputs to a named result.

``import analysis as an``; ``an.ingest()``, ``an.validate()``, ``an.load()``, ``an.open_results()``.
Relative paths are relative to the project, whatever the working directory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import ExtractError, UsageError
from analysis.registers.breaks import load_breaks
from analysis.registers.published import censuses_published, load_published
from analysis.registers.roles import load_roles
from analysis.registers.targets import load_targets
from analysis.settings import PROCESSED, RAW, RESULTS, Parameters

if TYPE_CHECKING:
    from analysis.extracts import Catalogue
    from analysis.facts.analysis import Analysis, Extracts
    from analysis.markup.prose import Prose
    from analysis.quality import Validation
    from analysis.report.report import Report


def ingest(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Catalogue:
    """Recognise and read the extracts in ``raw`` up to ``period``; hand their catalogue on in ``results``.

    With nothing in the project's own ``data/raw`` the synthetic sample is made and used. A ``period`` of which there is
    no extract may be a census of the register of published totals: the report then has national figures only.

    Raises
    ------
    UsageError
        A parameter of the wrong kind.
    ExtractError
        No extract, an unreadable one, or two that disagree.
    """
    from analysis.extracts import ingest as ingest_extracts  # noqa: PLC0415 - keeps `import analysis` fast
    from analysis.pipeline.raw import resolve_raw  # noqa: PLC0415
    from analysis.runs import store  # noqa: PLC0415

    asked = Parameters(period=period, raw=raw, processed=processed, results=results)
    catalogue = ingest_extracts(
        resolve_raw(asked.raw, asked.processed),
        asked.processed_folder,
        asked.period or None,
        published=censuses_published(load_published()),
    )
    store.save_catalogue(catalogue, asked.results_folder)
    return catalogue


def read_extracts(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Extracts:
    """Load the typed frames that :func:`ingest` made, with each row's role.

    Ingests first when ``results`` holds no catalogue of ``period``: typed pieces are not read again, so that is quick.
    """
    asked = Parameters(period=period, raw=raw, processed=processed, results=results)
    from analysis.runs import store  # noqa: PLC0415

    catalogue = store.catalogue_in(asked.results_folder)
    if catalogue is not None and asked.period in {"", catalogue.period}:
        with contextlib.suppress(ExtractError):  # a piece was deleted, or made by an older reader: ingest again
            return _frames(catalogue, asked.processed_folder)
    return _frames(ingest(period, raw, processed, results), asked.processed_folder)


def validate(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Validation:
    """Check the extracts; hand what was expected and found on in ``results``. Nothing is raised: see ``.gate()``."""
    from analysis.quality import validate as validate_extracts  # noqa: PLC0415
    from analysis.runs import store  # noqa: PLC0415

    given = read_extracts(period, raw, processed, results)
    validation = validate_extracts(given.workforce, given.bulletin, catalogue=given.catalogue, patients=given.patients)
    store.save_validation(validation, Parameters(results=results).results_folder)
    return validation


def load(period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = RESULTS) -> Report:
    """Analyse the extracts up to ``period``: measures, assessment and facts, in memory.

    Examples
    --------
    >>> import analysis as an
    >>> report = an.load("2022-09")  # doctest: +SKIP
    >>> report.facts["fte.splw.ENG.2022-09"]  # doctest: +SKIP
    >>> report.assessment["splw-2019"]  # doctest: +SKIP
    """
    from analysis.report.assembly import analyse  # noqa: PLC0415
    from analysis.runs import store  # noqa: PLC0415

    given = read_extracts(period, raw, processed, results)
    return analyse(
        given,
        validation=store.validation_in(Parameters(results=results).results_folder, given.period),
        published=load_published(),
        targets=load_targets(roles=given.roles),
        breaks=load_breaks(),
    )


def save(analysis: Analysis, results: str = RESULTS) -> None:
    """Hand an analysis on in ``results``: ``facts.json``, ``assessment.json`` and the frames of the measures."""
    from analysis.runs import store  # noqa: PLC0415

    store.save_analysis(analysis, Parameters(results=results).results_folder)


def open_results(results: str = RESULTS) -> Report:
    """Open the analysis that :func:`save` handed on.

    Raises
    ------
    UsageError
        When there is none, or a part of it is missing.
    """
    from analysis.runs import store  # noqa: PLC0415

    return store.open_report(Parameters(results=results).results_folder)


def change(given: Extracts, start: str, end: str) -> pd.DataFrame:
    """Divide the change between any two censuses by which PCNs report: at both, at the later only, at the earlier only.

    ``given`` is of :func:`read_extracts`. Gives the frame ``decomposition`` of the architecture page (FTE; England,
    regions, ICBs and sub-ICBs; by role and data source); its parts add up to the change.

    Raises
    ------
    UsageError
        A census of which there is no individual-level extract.

    Examples
    --------
    >>> import analysis as an
    >>> an.change(an.read_extracts(), "2020-12", "2022-03")  # doctest: +SKIP
    """
    from analysis.measures.decomposition import decomposition  # noqa: PLC0415 - as above

    held = sorted(given.workforce["census"].astype("str").unique())
    for census in (start, end):
        if census not in held:
            raise UsageError(
                f"There is no individual-level extract of {census}.",
                "A change is decomposed network by network.",
                f"Choose two of these censuses: {', '.join(held)}.",
            )
    return decomposition(
        given.workforce,
        given.roles,
        load_breaks(),
        [(start, end)],
        patients=given.patients,
        practice_map=given.practice_map,
    )


def what_changed(results: str = RESULTS) -> Prose:
    """Compare the analysis handed on in ``results`` with the report before it, if there is one."""
    from analysis.comparison.text import what_changed as told  # noqa: PLC0415
    from analysis.pipeline.comparing import changes_since_previous  # noqa: PLC0415

    return told(changes_since_previous(Parameters(results=results).results_folder))


def table_of(items: Sequence[object]) -> pd.DataFrame:
    """Lay out a sequence of results (inputs, checks, readings) as a frame: a row each, a column for each field."""
    return pd.DataFrame([asdict(item) for item in items])  # type: ignore[call-overload]  # all our results are dataclasses


def _frames(catalogue: Catalogue, processed: Path) -> Extracts:
    from analysis import extracts  # noqa: PLC0415
    from analysis.facts.analysis import Extracts  # noqa: PLC0415

    roles = load_roles()
    return Extracts(
        catalogue=catalogue,
        workforce=roles.with_role(extracts.load_workforce(catalogue, processed)),
        bulletin=roles.with_bulletin_role(extracts.load_bulletin(catalogue, processed)),
        patients=extracts.load_patients(catalogue, processed),
        practice_map=extracts.load_practice_map(catalogue, processed),
        deprivation=extracts.load_deprivation(catalogue, processed),
        roles=roles,
    )
