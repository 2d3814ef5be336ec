"""Validating what was ingested: every suite, judged, as one :class:`~analysis.quality.results.Validation`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from analysis.quality import bulletins, frames, publications
from analysis.quality.judgement import held_back, judge
from analysis.quality.results import Check, Validation
from analysis.quality.rules import FileNames, Suite
from analysis.registers.anomalies import Anomalies, load_anomalies
from analysis.registers.published import load_published
from analysis.registers.roles import Roles, load_roles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.quality.engine import Finding


class InputLike(Protocol):
    """What a check needs to know of an input: its name for print, and its content."""

    @property
    def file(self) -> str:
        """Path relative to the raw folder."""

    @property
    def sha256(self) -> str:
        """Of its bytes."""


class CatalogueLike(Protocol):
    """What validation needs to know of what was ingested: see :class:`analysis.extracts.Catalogue`."""

    @property
    def period(self) -> str:
        """The census of the report."""

    @property
    def national_only(self) -> bool:
        """Whether its figures come from the bulletin tables alone."""

    @property
    def synthetic(self) -> bool:
        """Whether the inputs are the sample."""

    @property
    def inputs(self) -> Sequence[InputLike]:
        """The extracts taken."""


def validate(
    workforce: pd.DataFrame,
    bulletin: pd.DataFrame,
    *,
    catalogue: CatalogueLike,
    roles: Roles | None = None,
    published: pd.DataFrame | None = None,
    anomalies: Anomalies | None = None,
) -> Validation:
    """Hold the tidy frames against every expectation.

    Parameters
    ----------
    workforce
        Individual-level rows: the columns of ``columns.WORKFORCE`` with ``role`` and ``sha256`` (categories). Without
        rows, the checks on it are not assessed, and those on the bulletin tables stand alone.
    bulletin
        Figures of the bulletin tables: ``measure, census, label, role, value, sha256, file_row``; may have no rows.
    catalogue
        What was ingested: the census of the report, and the file of each sha256.
    roles, published, anomalies
        The registers; those of the package when left out.

    Raises
    ------
    RegisterError
        When the register of anomalies names a check that does not exist.
    """
    # Importing Great Expectations takes longer than all checks: only a run that validates pays for it.
    from analysis.quality import engine  # noqa: PLC0415 - see above

    roles = load_roles() if roles is None else roles
    published = load_published() if published is None else published
    anomalies = load_anomalies() if anomalies is None else anomalies
    suites = [
        *_workforce_suites(workforce, bulletin, catalogue, roles, published),
        *_bulletin_suites(bulletin, catalogue, roles),
    ]
    anomalies.check_ids({rule.id for suite in suites for rule in suite.rules})
    names = {one.sha256: one.file for one in catalogue.inputs}
    checks, uses = _judged(suites, engine.examine(suites), anomalies, names)
    register_suite = _register_suite(workforce, catalogue, anomalies, uses)
    register_checks, _ = _judged([register_suite], engine.examine([register_suite]), anomalies, names)
    return Validation(catalogue.period, (*checks, *register_checks))


def _judged(
    suites: Sequence[Suite], findings: Mapping[str, list[Finding]], anomalies: Anomalies, names: FileNames
) -> tuple[list[Check], dict[tuple[int, str], int]]:
    """The checks in the order of the suites, and how many rows each anomaly explained at each census."""
    checks: list[Check] = []
    uses: dict[tuple[int, str], int] = {}
    for suite in suites:
        for rule in suite.rules:
            if suite.held_back:
                checks.append(held_back(rule, suite.held_back))
                continue
            check, offenders = judge(suite, rule, findings[rule.id], anomalies, names)
            checks.append(check)
            explained = offenders[offenders["entry"].notna()]
            for entry, census in zip(explained.get("entry", ()), explained.get("census", ()), strict=True):
                uses[int(entry), census] = uses.get((int(entry), census), 0) + 1
    return checks, uses


def _workforce_suites(
    workforce: pd.DataFrame, bulletin: pd.DataFrame, catalogue: CatalogueLike, roles: Roles, published: pd.DataFrame
) -> list[Suite]:
    from analysis.quality.suites import published as against_published  # noqa: PLC0415 - imports Great Expectations
    from analysis.quality.suites import records, series  # noqa: PLC0415 - the same

    period, national_only = catalogue.period, catalogue.national_only
    columns = frames.schema(workforce, frames.WORKFORCE_TYPES)
    reason = ""
    if not frames.matches(columns):
        reason = "Not assessed: the columns of the individual-level extracts are not as expected."
    elif workforce.empty and national_only:
        reason = "Not assessed: there is no individual-level extract, and the figures come from the bulletin tables."
    rows = workforce.reset_index(drop=True)
    if reason:
        rows = _empty_workforce()
    if bulletin.empty or not frames.matches(frames.schema(bulletin, frames.BULLETIN_COLUMNS)):
        bulletin = pd.DataFrame(columns=list(frames.BULLETIN_COLUMNS))
    figures = publications.published_figures(bulletin, published)
    not_compared = publications.without_published(rows, figures, roles, period)
    return [
        Suite("workforce columns", columns, records.columns_rules()),
        Suite(
            "workforce rows",
            rows,
            [
                *records.code_rules(),
                *records.role_rules(roles),
                *records.identifier_rules(),
                *records.fte_rules(),
            ],
            reason,
        ),
        Suite("extracts", frames.extracts(rows), series.extract_rules(), reason),
        Suite("ICB of PCNs", frames.variants_of_pcn(rows, "icb_code"), series.icb_rules(), reason),
        Suite("name of PCNs", frames.variants_of_pcn(rows, "pcn_name"), series.name_rules(), reason),
        Suite(
            "calendar",
            frames.calendar(rows, period),
            series.calendar_rules(period, national_only=national_only),
            reason,
        ),
        Suite("series", frames.series(rows, publications.active_pcns(figures)), series.census_rules(), reason),
        Suite("roles", frames.roles_by_census(rows, roles), series.expected_role_rules(), reason),
        Suite(
            "published totals",
            publications.compared(rows, figures, roles, period),
            against_published.comparison_rules(period, not_compared),
            reason,
        ),
    ]


def _bulletin_suites(bulletin: pd.DataFrame, catalogue: CatalogueLike, roles: Roles) -> list[Suite]:
    from analysis.quality.suites import published  # noqa: PLC0415 - imports Great Expectations

    period, national_only = catalogue.period, catalogue.national_only
    columns = frames.schema(bulletin, frames.BULLETIN_COLUMNS)
    reason = ""
    if not frames.matches(columns):
        reason = "Not assessed: the columns of the bulletin tables are not as expected."
    elif bulletin.empty and not national_only:
        reason = "Not assessed: no bulletin tables workbook is among the inputs."
    rows = pd.DataFrame(columns=list(frames.BULLETIN_COLUMNS)) if reason else bulletin.reset_index(drop=True)
    return [
        Suite("bulletin columns", columns, published.bulletin_columns_rules()),
        Suite("bulletin figures", bulletins.figures(rows), published.bulletin_figure_rules(), reason),
        Suite(
            "bulletin rows",
            bulletins.expected_rows(rows, roles, period),
            published.bulletin_row_rules(period, national_only=national_only),
            reason,
        ),
        Suite("bulletin coverage", bulletins.coverage(rows), published.bulletin_coverage_rules(), reason),
    ]


def _register_suite(
    workforce: pd.DataFrame, catalogue: CatalogueLike, anomalies: Anomalies, uses: Mapping[tuple[int, str], int]
) -> Suite:
    from analysis.quality.suites import register  # noqa: PLC0415 - imports Great Expectations

    reason = "Not assessed: the anomalies are those of the real extracts." if catalogue.synthetic else ""
    held = set(workforce["census"].astype(str).unique()) if "census" in workforce else set()
    entries = [
        (number, entry, census)
        for number, entry in enumerate(anomalies.entries)
        for census in entry.censuses
        if census in held
    ]
    frame = pd.DataFrame(
        {
            "census": [census for _, _, census in entries],
            "rows": [entry.rows for _, entry, _ in entries],
            "found": [uses.get((number, census), 0) for number, _, census in entries],
            "place_column": [", ".join(entry.selectors.values()) for _, entry, _ in entries],
            "place_value": [
                f"{entry.value}: {uses.get((number, census), 0)} of {entry.rows} rows"
                for number, entry, census in entries
            ],
        }
    ).assign(sha256="", file_row=pd.Series(pd.NA, index=range(len(entries)), dtype="Int64"))
    return Suite("register of anomalies", frame, register.register_rules(), reason)


def _empty_workforce() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in frames.WORKFORCE_TYPES.items()})
