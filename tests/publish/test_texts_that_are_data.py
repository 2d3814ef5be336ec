"""Whatever text of checks, warnings, notes, caveats and registers reaches a page, its numbers are no finding there.

Every rule that validation can apply is taken in each outcome and severity; the texts of the registers and the names in an
extract are replaced by ones full of dates, numbers and markup. All of it goes through the page's own checks.
"""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from measures.measure_frames import compact_table
from publish import page_samples as samples
from pydantic import BaseModel
from quality.small_world import World, small_world, typed
from report.notebook_texts import text_cells, texts_of

from analysis.charts.data import NothingToDrawError
from analysis.charts.figure import Figure
from analysis.extracts.load import load_deprivation, load_practice_map
from analysis.facts.analysis import Extracts
from analysis.markup.marks import dated
from analysis.markup.prose import Prose
from analysis.markup.text import fill
from analysis.publish.checks import check_page
from analysis.publish.page import render_body
from analysis.publish.validation_page import render_validation
from analysis.quality import Check, Outcome, Place, Severity, Validation
from analysis.quality import engine as engine_module
from analysis.registers.breaks import Breaks, load_breaks
from analysis.registers.roles import Roles, load_roles
from analysis.registers.targets import load_targets
from analysis.report.assembly import analyse
from analysis.report.report import Report
from analysis.report.text.checks import checks as checks_of

if TYPE_CHECKING:
    import pytest

HOSTILE = "In November 2099, 1,263 of 12.5 [Note 9] <b>½</b> on 31 March 2021, Table 1a and 36L; §7"
TEXTS = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=60)


def findings(body: object, **changes: object) -> list[str]:
    """What the page's own checks find on a page that has nothing but ``body``."""
    page = render_body(f'<h2 id="checked">Checked</h2>{body}', samples.context(**changes))
    return [f"{fault.rule}: {fault.message}" for fault in check_page(page)]


def every_rule(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each rule of each suite, for a report with areas and for one of national figures only."""
    found: dict[tuple[str, str], object] = {}
    examine = engine_module.examine

    def spy(suites):
        found.update(((rule.id, rule.subject), rule) for suite in suites for rule in suite.rules)
        return examine(suites)

    monkeypatch.setattr(engine_module, "examine", spy)
    small_world().validate()
    world = small_world()
    dataclasses.replace(world, workforce=world.workforce.iloc[:0], national_only=True).validate()
    return list(found.values())


def come_out(rule: object, outcome: Outcome, severity: Severity) -> Check:
    place = Place("2022-09", "September 2022 12.5.csv", 17, "FTE", HOSTILE)
    return Check(
        rule.id,
        rule.subject,
        severity,
        rule.expectation,
        rule.why,
        outcome,
        f"{rule.unassessed} {rule.remark} {HOSTILE}",
        unexpected=(place,) if outcome is Outcome.FAILED else (),
        unexpected_count=1_204 if outcome is Outcome.FAILED else 0,
        explanation=HOSTILE if outcome is Outcome.EXPLAINED else "",
        decided=outcome is Outcome.EXPLAINED,
    )


class AnyFact(dict):
    """Facts of which none is missing."""

    def __missing__(self, key: str) -> object:
        return samples.fact("fte.splw.ENG.2022-09", 2046.99, "FTE", "2022-09", "2,047")


def test_every_check_in_each_outcome_passes_the_checks_of_the_report_and_of_its_own_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = every_rule(monkeypatch)
    assert len({rule.id for rule in rules}) > 25
    for outcome, severity in itertools.product(Outcome, Severity):
        # A page has each subject once; a report with areas and one without share some.
        checks = [come_out(rule, outcome, severity) for rule in {rule.subject: rule for rule in rules}.values()]
        validation = Validation("2022-09", tuple(checks))
        any_fact = AnyFact()
        names = {"checks": checks_of(SimpleNamespace(validation=validation, facts=any_fact)), "facts": any_fact}
        told = fill(text_cells()["checks"][1], names)
        assert findings(told.to_html()) == []
        assert all(check.subject in told.text for check in (*validation.warnings, *validation.decisions))
        assert ("by a decision" in told.text) == (outcome is Outcome.EXPLAINED)
        data = {"checks": [dataclasses.asdict(check) for check in checks]}
        page = render_validation(data, samples.context(title="Validation"))
        assert check_page(page, kind="validation") == []


@given(TEXTS)
def test_a_text_that_is_data_is_shown_whole_and_is_no_finding(text: str) -> None:
    shown = dated(text)
    assert BeautifulSoup(str(shown), "html.parser").get_text() == text
    assert findings(Prose(shown).to_html()) == []


def test_a_number_beside_such_a_text_is_still_found() -> None:
    assert findings(f"<p>{dated('of 2022')} there are 4,711</p>") != []


# ---- a whole report of such texts -----------------------------------------------------------------------------------

# Texts that are set in quotation marks or held to another text: they are what they are.
KEPT = frozenset(
    ["id", "code", "kind", "census", "link", "promise", "wording", "role", "raw", "bulletin", "starts", "group"]
)


def with_hostile_texts(entry: BaseModel) -> BaseModel:
    """A register entry in which every free text has dates and numbers."""
    changes: dict[str, object] = {}
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        if name in KEPT or name in {"measures", "roles", "dates", "levels", "measure", "date", "baseline"}:
            continue
        if isinstance(value, str) and value:
            changes[name] = f"{value} {HOSTILE}"
        elif isinstance(value, tuple):
            changes[name] = tuple(
                with_hostile_texts(one) if isinstance(one, BaseModel) else f"{one} {HOSTILE}" for one in value
            )
        elif isinstance(value, BaseModel):
            changes[name] = with_hostile_texts(value)
    return entry.model_copy(update=changes)


def hostile_roles() -> Roles:
    roles = load_roles()
    return dataclasses.replace(
        roles,
        names={code: f"{name} {HOSTILE}" for code, name in roles.names.items()},
        plurals={code: f"{name} (12.5) of 2022" for code, name in roles.plurals.items()},
    )


def report_of(world: World, monkeypatch: pytest.MonkeyPatch) -> Report:
    outcomes = itertools.cycle(itertools.product(Outcome, Severity))
    checks = tuple(come_out(rule, *as_) for rule, as_ in zip(every_rule(monkeypatch), outcomes, strict=False))
    validation = Validation("2022-09", checks)
    catalogue = dataclasses.replace(
        world.catalogue, warnings=(HOSTILE, "Two files of September 2022 hold 12,500 rows.")
    )
    patients = pd.DataFrame(
        {
            "list_date": pd.Timestamp("2022-07-01"),
            "org_type": "PCN",
            "org_code": ["U00001", "U00002", "U00003"],
            "patients": 40_000,
            "sha256": "sha",
        }
    ).astype({"list_date": "datetime64[s]", "org_type": "category", "org_code": "category", "sha256": "category"})
    nothing = dataclasses.replace(catalogue, inputs=())
    none = (load_practice_map(nothing, Path()), load_deprivation(nothing, Path()))
    given_ = Extracts(
        catalogue,
        lambda: compact_table(world.workforce, hostile_roles()),
        lambda: world.workforce,
        world.bulletin,
        patients,
        *none,
        hostile_roles(),
    )
    return analyse(
        given_,
        validation=validation,
        published=world.published,
        targets=tuple(with_hostile_texts(target) for target in load_targets()),
        breaks=Breaks(tuple(with_hostile_texts(entry) for entry in load_breaks().breaks)),
    )


def test_a_report_whose_every_text_is_full_of_numbers_has_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world()
    renamed = world.workforce.astype({"icb_name": object, "pcn_name": object, "region_name": object})
    for column in ("icb_name", "pcn_name", "region_name"):
        renamed[column] = f"{HOSTILE} {column}"
    report = report_of(dataclasses.replace(world, workforce=typed(renamed)), monkeypatch)
    shown: list[Any] = list(texts_of(report).values())
    shown += [report.tables.shown("checks"), report.tables.shown("notes_on_inputs")]
    shown += [
        chart if isinstance(chart, Prose) else Figure.of(chart)
        for name in ("coverage", "bounds", "decomposition", "direct_share", "funnel")
        for chart in [getattr(report.charts, name)]
    ]
    wrong = [
        (getattr(block, "id", block.to_html()[:80]), finding)
        for block in shown
        for finding in findings(block.to_html(), facts=report.facts)
        if "not a fact" in finding
    ]
    assert wrong == []


def test_a_chart_that_cannot_be_drawn_may_say_so_with_numbers() -> None:
    from analysis.charts.report_charts import _or_note

    def lacking(*_: object, **__: object) -> object:
        raise NothingToDrawError(HOSTILE, HOSTILE, HOSTILE)

    assert findings(_or_note(HOSTILE, lacking, None).to_html()) == []
