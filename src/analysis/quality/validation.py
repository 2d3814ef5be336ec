"""Validating what was ingested: every suite, judged, as one :class:`~analysis.quality.results.Validation`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import CONTRACTED, STAFF
from analysis.periods import census_date
from analysis.quality import bulletins, frames, publications
from analysis.quality.judgement import judge, skipped_check
from analysis.quality.results import Check, Validation
from analysis.quality.rules import FileNames, Rule, Suite, suite_of
from analysis.quality.unguarded import PATIENT_TYPES, Given, unguarded_suites
from analysis.registers.anomalies import Anomalies, load_anomalies
from analysis.registers.breaks import Breaks, load_breaks
from analysis.registers.published import load_published
from analysis.registers.roles import Roles, load_roles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.extracts import Catalogue
    from analysis.quality.engine import Examined


def validate(
    workforce: pd.DataFrame,
    bulletin: pd.DataFrame,
    *,
    catalogue: Catalogue,
    roles: Roles | None = None,
    published: pd.DataFrame | None = None,
    anomalies: Anomalies | None = None,
    patients: pd.DataFrame | None = None,
    breaks: Breaks | None = None,
    today: dt.date | None = None,
) -> Validation:
    """Hold the tidy frames against every expectation.

    Parameters
    ----------
    workforce
        Individual-level rows: the columns of ``columns.WORKFORCE`` with ``role`` and ``sha256`` (categories). Without
        rows, the checks on it are not assessed, and those on the bulletin tables stand alone.
    bulletin
        Figures of the bulletin tables: ``measure, gender, census, label, role, value, sha256, file_row``; may have no
        rows.
    catalogue
        What was ingested: the census of the report, and the file of each sha256.
    roles, published, anomalies
        The registers; those of the package when left out.
    patients
        Registered patients: ``list_date, org_type, org_code, patients, sha256``. Without rows, the checks on them are
        not assessed.
    breaks
        The register of breaks; that of the package when left out.
    today
        The day of the report: no census may lie after it. By default that of the computer's clock, or the date of the
        newest census in the register of published totals where the clock is behind it.

    Raises
    ------
    RegisterError
        The register of anomalies names a check that does not exist, or does not say who decided where it must.
    """
    # Importing Great Expectations takes longer than all checks: only a run that validates pays for it.
    from analysis.quality import engine  # noqa: PLC0415 - see above

    roles = load_roles() if roles is None else roles
    published = load_published() if published is None else published
    anomalies = load_anomalies() if anomalies is None else anomalies
    lists = pd.DataFrame(columns=list(PATIENT_TYPES)).astype(PATIENT_TYPES) if patients is None else patients
    given = Given(
        workforce.reset_index(drop=True),
        _readable(bulletin),
        lists.reset_index(drop=True),
        catalogue,
        roles,
        published,
    )
    suites = [
        *_workforce_suites(given),
        *unguarded_suites(
            given,
            breaks=load_breaks() if breaks is None else breaks,
            today=_day_of_report(published) if today is None else today,
        ),
        *_bulletin_suites(bulletin, catalogue, roles),
    ]
    rules = [rule for suite in suites for rule in suite.rules]
    anomalies.check_ids({rule.id for rule in rules}, {rule.id for rule in rules if rule.decided})
    names = {one.sha256: one.file for one in catalogue.inputs}
    checks, uses = _judged(engine.examine(suites), anomalies, names)
    register_suite = _register_suite(workforce, catalogue, anomalies, uses)
    register_checks, _ = _judged(engine.examine([register_suite]), anomalies, names)
    return Validation(catalogue.period, (*checks, *register_checks))


def _day_of_report(published: pd.DataFrame) -> dt.date:
    """Today; or, where the clock is behind the newest census that was published, the date of that."""
    newest = max((census_date(str(census)) for census in published["census"].unique()), default=dt.date.min)
    return max(dt.datetime.now(dt.UTC).date(), newest)


def _judged(
    examined: Iterable[Examined], anomalies: Anomalies, names: FileNames
) -> tuple[list[Check], dict[tuple[int, str], int]]:
    """The checks in the order of the suites, and how many rows each anomaly explained at each census."""
    checks: list[Check] = []
    uses: dict[tuple[int, str], int] = {}
    for one in examined:
        for rule in one.suite.rules:
            if one.suite.skipped:
                checks.append(skipped_check(rule, one.suite.skipped))
                continue
            check, offenders = judge(one.frame, rule, one.findings[rule.id], anomalies, names)
            checks.append(check)
            explained = offenders[offenders["entry"].notna()]
            for entry, census in zip(explained.get("entry", ()), explained.get("census", ()), strict=True):
                uses[int(entry), census] = uses.get((int(entry), census), 0) + 1
    return checks, uses


def _workforce_suites(given: Given) -> list[Suite]:
    from analysis.quality.suites import published as against_published  # noqa: PLC0415 - imports Great Expectations
    from analysis.quality.suites import records, series  # noqa: PLC0415 - the same

    rows, roles = given.workforce, given.roles
    period, national_only = given.catalogue.period, given.catalogue.national_only
    columns = frames.schema(rows, frames.WORKFORCE_TYPES)
    wrong = "" if frames.matches(columns) else "the columns of the individual-level extracts are not as expected"
    empty = "there is no individual-level extract" if rows.empty else ""
    figures = publications.published_figures(given.bulletin, given.published)
    not_compared = [] if wrong else publications.without_published(rows, figures, roles, period)

    def suite(name: str, make: Callable[[], pd.DataFrame], rules: Sequence[Rule]) -> Suite:
        return suite_of(name, make, rules, wrong or empty)

    return [
        Suite("workforce columns", lambda: columns, records.columns_rules()),
        suite("workforce rows", lambda: rows, [*records.code_rules(), *records.role_rules(roles)]),
        # Great Expectations could choose these rows itself, but would do so again for every metric.
        suite("staff rows", lambda: rows[rows["data_source"] == STAFF], records.staff_rules()),
        suite("contracted rows", lambda: rows[rows["data_source"] == CONTRACTED], records.contracted_rules()),
        suite("extracts", lambda: frames.extracts(rows), series.extract_rules()),
        suite("ICB of PCNs", lambda: frames.variants_of_pcn(rows, "icb_code"), series.icb_rules()),
        suite("name of PCNs", lambda: frames.variants_of_pcn(rows, "pcn_name"), series.name_rules()),
        suite_of(  # an empty frame is what it finds
            "calendar",
            lambda: frames.calendar(rows, period),
            series.calendar_rules(period, national_only=national_only),
            wrong,
        ),
        suite("series", lambda: frames.series(rows, publications.active_pcns(figures)), series.census_rules()),
        suite("roles", lambda: frames.roles_by_census(rows, roles), series.expected_role_rules()),
        suite(
            "published totals",
            lambda: publications.compared(rows, given.own_figures, figures, roles, period),
            against_published.comparison_rules(period, not_compared, national_only=national_only),
        ),
    ]


def _bulletin_suites(bulletin: pd.DataFrame, catalogue: Catalogue, roles: Roles) -> list[Suite]:
    from analysis.quality.suites import published  # noqa: PLC0415 - imports Great Expectations

    period = catalogue.period
    # A report on figures of the register needs no workbook, and one that is there need not have its census.
    national_only = catalogue.national_only and not catalogue.from_register
    columns = frames.schema(bulletin, frames.BULLETIN_COLUMNS)
    reason = "" if frames.matches(columns) else "the columns of the bulletin tables are not as expected"
    if bulletin.empty and not national_only:
        reason = reason or "no bulletin tables workbook is among the inputs"
    rows = bulletin.reset_index(drop=True)
    return [
        Suite("bulletin columns", lambda: columns, published.bulletin_columns_rules()),
        suite_of("bulletin figures", lambda: bulletins.figures(rows), published.bulletin_figure_rules(), reason),
        suite_of(
            "bulletin by gender",
            lambda: bulletins.gender_sums(rows, roles),
            published.bulletin_gender_rules(),
            reason or ("no bulletin tables workbook is among the inputs" if rows.empty else ""),
        ),
        suite_of(
            "bulletin rows",
            lambda: bulletins.expected_rows(rows, roles, period),
            published.bulletin_row_rules(period, national_only=national_only),
            reason,
        ),
        suite_of("bulletin coverage", lambda: bulletins.coverage(rows), published.bulletin_coverage_rules(), reason),
    ]


def _readable(bulletin: pd.DataFrame) -> pd.DataFrame:
    """The bulletin figures, or none when their columns are not as expected: that is a check of its own."""
    if frames.matches(frames.schema(bulletin, frames.BULLETIN_COLUMNS)):
        return bulletin
    return pd.DataFrame(columns=list(frames.BULLETIN_COLUMNS))


def _register_suite(
    workforce: pd.DataFrame, catalogue: Catalogue, anomalies: Anomalies, uses: Mapping[tuple[int, str], int]
) -> Suite:
    from analysis.quality.suites import register  # noqa: PLC0415 - imports Great Expectations

    reason = "Not assessed: the anomalies are those of the real extracts." if catalogue.synthetic else ""
    held = set(map(str, workforce["census"].unique())) if "census" in workforce else set()
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
    return Suite("register of anomalies", lambda: frame, register.register_rules(), reason)
