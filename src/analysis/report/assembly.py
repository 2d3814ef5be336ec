"""From tidy frames to an analysis: the measures a report needs, the assessment, and the facts."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment import assess
from analysis.facts.analysis import Extracts, Measures
from analysis.facts.catalogue import make_facts
from analysis.facts.fact import Source
from analysis.facts.lineage import Inputs, Register
from analysis.facts.row_counts import RowCounts, row_counts
from analysis.measures.backtests import backtests
from analysis.measures.bounds import bounds
from analysis.measures.coverage import coverage
from analysis.measures.decomposition import consecutive, decomposition
from analysis.measures.geography import seen_in
from analysis.measures.growth import growth
from analysis.measures.national import national_totals
from analysis.measures.network_measures import network_measures
from analysis.measures.panels import balanced_panel, entrants
from analysis.measures.patients import pcn_lists
from analysis.measures.places import places
from analysis.measures.series_shape import series_shape
from analysis.measures.totals import totals
from analysis.measures.usual_changes import usual_changes
from analysis.periods import SPANS, shift
from analysis.registers.published import NAME as REGISTER_FILE
from analysis.registers.published import file_sha256, national_figures
from analysis.registers.targets import announced_by
from analysis.report.report import Report

if TYPE_CHECKING:
    from analysis.quality import Validation
    from analysis.registers.breaks import Breaks
    from analysis.registers.targets import Target

# Panels start where a reader would start: at the first census, and at the date of the first target.
_PANEL_ROLES = ("splw", "splw_all", "hwbc", "cc", "splw_hwbc")


def analyse(
    given: Extracts,
    *,
    validation: Validation | None,
    published: pd.DataFrame,
    targets: tuple[Target, ...],
    breaks: Breaks,
    measures: Measures | None = None,
) -> Report:
    """Work out everything that the report of ``given.period`` may say. Frames: see the architecture page.

    ``measures`` are those that :func:`measure` gives of all this, where they were worked out before.
    """
    measures = measures or measure(given, published=published, targets=targets, breaks=breaks)
    assessment = assess(
        targets,
        given.period,
        totals=measures.totals,
        bounds=measures.bounds,
        decomposition=measures.decomposition,
        role=given.roles.about,
    )
    rows = RowCounts(lambda: measures.row_counts, given.roles)
    inputs = inputs_of(given, register_for(given, _until(published, given.period)), rows)
    facts = make_facts(measures.by_name, assessment, validation, roles=given.roles, inputs=inputs)
    return Report(
        period=given.period,
        catalogue=given.catalogue,
        validation=validation,
        roles=given.roles,
        breaks=breaks,
        measures=measures,
        assessment=assessment,
        facts=facts,
    )


def measure(given: Extracts, *, published: pd.DataFrame, targets: tuple[Target, ...], breaks: Breaks) -> Measures:
    """Work out the frames of the measures, nothing later than the period in any of them."""
    table, roles, period = given.table, given.roles, given.period
    breaks = seen_in(breaks, table)
    bulletin, published = _until(given.bulletin, period), _until(published, period)
    register = register_for(given, published)
    summed = national_totals(totals(table, roles, breaks), bulletin, roles, breaks, register=register)
    covered = coverage(table, bulletin, register, breaks, patients=given.patients, practice_map=given.practice_map)
    grown = growth(summed, table, roles, breaks)
    censuses = table.censuses
    changes = decomposition(
        table,
        roles,
        breaks,
        _pairs(censuses, targets, period),
        patients=given.patients,
        practice_map=given.practice_map,
    )
    return Measures(
        totals=summed,
        coverage=covered,
        growth=grown,
        series_shape=series_shape(grown, roles, breaks),
        usual_changes=usual_changes(grown, roles, breaks),
        decomposition=changes,
        panels=_panels(given, breaks, censuses, targets),
        entrants=entrants(
            table,
            changes,
            roles,
            roles.with_focus(_PANEL_ROLES),
            patients=given.patients,
            practice_map=given.practice_map,
        ),
        bounds=bounds(summed, covered, table, given.patients, roles=roles),
        places=places(
            table,
            roles,
            breaks,
            totals=summed,
            coverage=covered,
            patients=given.patients,
            practice_map=given.practice_map,
            censuses=censuses[-1:],  # areas are described at the latest census that has them
        ),
        backtests=backtests(summed, covered, published),
        unknown_roles=table.unknown_roles(),
        row_counts=row_counts(table.cells),
        **network_measures(given, summed, breaks),
    )


def register_for(given: Extracts, published: pd.DataFrame) -> pd.DataFrame:
    """The published national figures that a report of ``given`` may take over: none beside synthetic extracts."""
    figures = national_figures(published)
    return figures.head(0) if given.catalogue.synthetic else figures


def inputs_of(given: Extracts, register: pd.DataFrame, rows: RowCounts) -> Inputs:
    """The inputs as facts name them; ``register`` is of :func:`register_for`, ``rows`` of the frame ``row_counts``."""
    entries = given.catalogue.inputs
    names = {e.sha256: e.name for e in entries}
    workbooks = given.bulletin[["census", "sha256"]].drop_duplicates().astype("str")
    editions = register[["census", "edition"]].sort_values("edition").astype("str")
    return Inputs(
        workforce={e.first_census: (e.name, e.sha256) for e in entries if e.kind == "workforce"},
        bulletin={census: (names[sha256], sha256) for census, sha256 in workbooks.itertuples(index=False)},
        register=Register(REGISTER_FILE, file_sha256(), dict(editions.itertuples(index=False, name=None))),
        patients=_lists_of(given, register),
        rows=rows,
        deprivation=tuple(
            (e.name, e.sha256, e.first_census, e.rows) for e in entries if e.kind in {"practice_map", "deprivation"}
        ),
    )


def _lists_of(given: Extracts, register: pd.DataFrame) -> dict[str, tuple[Source, ...]]:
    """The files of the list of registered patients that serves each census of the series."""
    entries = {e.sha256: e for e in given.catalogue.inputs}
    files = given.patients[["list_date", "sha256"]].drop_duplicates().astype({"sha256": "str"})
    published = {str(census) for frame in (given.bulletin, register) for census in frame["census"].unique()}
    censuses = sorted(published.union(e.first_census for e in given.catalogue.inputs if e.kind == "workforce"))
    chosen = pcn_lists(given.patients, censuses)[["census", "list_date"]].drop_duplicates()
    return {
        census: tuple(
            Source(entries[sha256].name, sha256, f"{date:%Y-%m}", entries[sha256].rows)
            for sha256 in files.loc[files["list_date"] == date, "sha256"]
        )
        for census, date in chosen.itertuples(index=False)
    }


def _until(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    return frame[frame["census"].astype("str") <= period]


def _pairs(censuses: list[str], targets: tuple[Target, ...], period: str) -> list[tuple[str, str]]:
    """The changes to take apart: between neighbours, over a quarter, over the whole, over years, from each baseline."""
    pairs = consecutive(censuses)
    pairs.extend((shift(c, -SPANS["quarter"]), c) for c in censuses if shift(c, -SPANS["quarter"]) in censuses)
    if len(censuses) > 1 and censuses[-1] == period:
        pairs.append((censuses[0], period))
        pairs.extend((census, period) for census in censuses[:-1] if census[5:] == period[5:])
    baselines = {b.census for target in announced_by(targets, period) for b in target.baselines}
    pairs.extend(
        (baseline, later)
        for baseline, later in itertools.product(sorted(baselines & set(censuses)), censuses)
        if later > baseline
    )
    return list(dict.fromkeys(pairs))


def _panels(given: Extracts, breaks: Breaks, censuses: list[str], targets: tuple[Target, ...]) -> pd.DataFrame:
    """The balanced panels from the first census, and from the deadline of each number in place."""
    deadlines = {f"{t.deadline:%Y-%m}" for t in announced_by(targets, given.period) if not t.increase}
    starts = sorted({*censuses[:1], *(deadlines & set(censuses))})
    codes = given.roles.with_focus(_PANEL_ROLES)
    frames = [
        balanced_panel(given.table, given.roles, breaks, codes, since=start, until=censuses[-1]) for start in starts
    ]
    if frames:
        return pd.concat(frames, ignore_index=True)
    columns = ["level", "area_code", "area_name", "census", "role", "since", "pcns", "fte", "note"]
    return pd.DataFrame(columns=columns)
