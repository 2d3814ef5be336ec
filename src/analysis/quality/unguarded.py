"""The suites for what no published total guards: the newest census, the lists of patients, the newest workbook."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality import frames, history, lists, structure
from analysis.quality.publications import own_figures
from analysis.quality.results import Severity
from analysis.quality.rules import Suite, suite_of
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    from analysis.extracts import Catalogue

PATIENT_TYPES = {
    "list_date": "datetime64[us]",
    "org_type": "object",
    "org_code": "object",
    "patients": "int64",
    "sha256": "object",
}
# Level, the level that each of its areas is in one of, and how much it matters if one is not. Of a network alone few
# rows can be wrong; of the two others whole areas.
_ABOVE = (
    ("pcn_code", "PCN", "sub_icb_code", "sub-ICB", Severity.WARNING),
    ("sub_icb_code", "sub-ICB", "icb_code", "ICB", Severity.CRITICAL),
    ("icb_code", "ICB", "region_code", "region", Severity.CRITICAL),
)


@dataclass(frozen=True)
class Given:
    """What is to be examined: the frames that :func:`analysis.quality.validate` takes, and the registers.

    The rows of each frame are numbered from 0.
    """

    workforce: pd.DataFrame
    bulletin: pd.DataFrame
    patients: pd.DataFrame
    catalogue: Catalogue
    roles: Roles
    published: pd.DataFrame

    @cached_property
    def own_figures(self) -> pd.DataFrame:
        """The national totals of the rows: see :func:`analysis.quality.publications.own_figures`."""
        return own_figures(self.workforce)


def unguarded_suites(given: Given, *, breaks: Breaks, today: dt.date) -> list[Suite]:
    """Every suite that needs no published total of the census: structure, history, lists of patients, dates."""
    from analysis.quality.suites import history as history_rules  # noqa: PLC0415 - imports Great Expectations
    from analysis.quality.suites import patients as patient_rules  # noqa: PLC0415 - the same
    from analysis.quality.suites import structure as structure_rules  # noqa: PLC0415 - the same

    readable = frames.matches(frames.schema(given.workforce, frames.WORKFORCE_TYPES))
    wrong = "" if readable else "the columns of the individual-level extracts are not as expected"
    no_rows = wrong or ("there is no individual-level extract" if given.workforce.empty else "")
    no_list = "" if len(given.patients) else "no list of registered patients is among the inputs"
    no_book = "" if len(given.bulletin) else "no bulletin tables workbook is among the inputs"
    rows = given.workforce
    period, roles = given.catalogue.period, given.roles
    # Published totals are those of the real extracts.
    published = given.published.iloc[:0] if given.catalogue.synthetic else given.published
    register = published[published["census"].astype(str) <= period]

    def national_changes() -> pd.DataFrame:
        held_rows, own = (rows.iloc[:0], pd.DataFrame()) if no_rows else (rows, given.own_figures)
        figures = history.national_figures(held_rows, own, given.bulletin, register, period)
        return history.changes(figures, roles, breaks)

    changed = pd.DataFrame() if wrong else national_changes()
    unknown = pd.DataFrame() if no_rows else structure.unknown_roles(rows, roles)
    held = {} if no_rows else frames.sha256_by_census(rows)
    return [
        suite_of(
            "dates of censuses",
            lambda: structure.dates_of_censuses([period, *held], today, held),
            structure_rules.date_rules(),
            wrong or ("the extracts are synthetic" if given.catalogue.synthetic else ""),
        ),
        suite_of(
            "repeated rows",
            lambda: structure.repeated_rows(
                rows, structure_rules.REPEATED_STAFF_LEAST, structure_rules.REPEATED_STAFF_SHARE
            ),
            structure_rules.repetition_rules(),
            no_rows,
        ),
        suite_of("area codes", lambda: structure.area_codes(rows), structure_rules.area_rules(), no_rows),
        *(
            suite_of(
                f"{above} of each {own}",
                functools.partial(structure.variants, rows, own_code, above_code),
                structure_rules.above_rules(own, above, severity),
                no_rows,
            )
            for own_code, own, above_code, above, severity in _ABOVE
        ),
        suite_of(
            "networks with one role",
            lambda: structure.lone_networks(rows, given.patients),
            structure_rules.lone_network_rules(),
            no_rows,
        ),
        suite_of(
            "networks on the list",
            lambda: structure.networks_listed(rows, given.patients),
            structure_rules.listed_rules(),
            no_rows or no_list,
        ),
        suite_of("unknown roles", lambda: unknown, structure_rules.unknown_role_rules(), no_rows),
        suite_of(
            "renamed roles",
            lambda: structure.renamed_roles(changed, unknown, roles),
            structure_rules.renamed_role_rules(),
            no_rows,
        ),
        suite_of("national figures", lambda: changed, history_rules.change_rules(), wrong),
        suite_of(
            "workbook and register",
            lambda: history.revisions(given.bulletin, register, roles),
            history_rules.revision_rules(),
            no_book,
        ),
        suite_of("patients", lambda: lists.organisations(given.patients), patient_rules.organisation_rules(), no_list),
        suite_of("lists of patients", lambda: lists.lists(given.patients), patient_rules.list_rules(), no_list),
    ]
