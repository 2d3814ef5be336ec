"""A report can be about any role or group of the register: numbers, nouns, targets, breaks and charts follow it."""

from __future__ import annotations

import dataclasses
import html
import re
from typing import TYPE_CHECKING

import pytest
from report.notebook_texts import text_of
from statements.told import Block, blocks_of

import analysis as an
from analysis.charts.figure import Figure, is_figure
from analysis.errors import UsageError
from analysis.registers.breaks import load_breaks
from analysis.registers.published import load_published
from analysis.registers.roles import load_roles
from analysis.registers.targets import load_targets
from analysis.report.assembly import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.facts.analysis import Extracts
    from analysis.report.report import Report

BREAKS = "text.breaks"  # each break of the series is told in the publisher's words, whatever the role


def told(report: Report) -> list[Block]:
    """Every block of a report; a second test of the same report does not draw its charts again."""
    if id(report) not in _TOLD:
        _TOLD[id(report)] = blocks_of(report)
    return _TOLD[id(report)]


_TOLD: dict[int, list[Block]] = {}


def without_names(report: Report, text: str) -> str:
    """``text`` without the names and the wording of targets, and without those of the groups that they count."""
    words = report.roles.words
    for assessed in report.assessment:
        target = assessed.target
        groups = [words[code] for code in (target.role, *target.readings.roles)]
        names = [name for group in groups for name in (group.plural, group.name)]
        for right in (
            target.wording,
            target.promise,
            target.brief[1:],
            target.name,
            target.short,
            *target.vague,
            *(c.words for c in target.claims),
            *names,
        ):
            text = text.replace(right, "")
    return text


@pytest.fixture(scope="module")
def extracts(real_data, tmp_path_factory) -> Extracts:
    """September 2022, with the extracts of a quarter and of a year before, and a list of patients."""
    folder, raw = tmp_path_factory.mktemp("role"), tmp_path_factory.mktemp("role-raw")
    files = [
        next((real_data / "pcn-workforce-individual").glob(f"*{month} Individual Level.csv"))
        for month in ("September 2021", "June 2022", "September 2022")
    ]
    for file in (*files, real_data / "patients/reconstructed/gp-reg-pat-prac-quin-age-2022-03.csv"):
        (raw / file.name).write_bytes(file.read_bytes())
    return an.run("2022-09", str(raw), str(folder / "processed")).extracts


@pytest.fixture(scope="module")
def report_about(extracts) -> Callable[[str], Report]:
    """``report_about(role)``: the report of these extracts about a role, made once."""
    made: dict[str, Report] = {}

    def report(role: str) -> Report:
        if role not in made:
            roles = load_roles(about=role)
            made[role] = analyse(
                dataclasses.replace(extracts, roles=roles),
                validation=None,
                published=load_published(),
                targets=load_targets(roles=roles),
                breaks=load_breaks(),
            )
        return made[role]

    return report


@pytest.mark.parametrize("role", ["cc", "hwbc", "pharmacist"])
def test_no_noun_of_another_role_stands_beside_a_number(report_about, role):
    """The property behind fault 6: whatever is told is told of the role, by its own name."""
    report = report_about(role)
    blocks = [block for block in told(report) if block.where != BREAKS]
    assert len(blocks) > 100
    wrong = [b for b in blocks if "link worker" in without_names(report, b.text).lower()]
    assert [(b.where, b.text) for b in wrong] == []


@pytest.mark.parametrize("role", ["cc", "hwbc", "pharmacist"])
def test_every_fact_in_the_report_is_of_the_role(report_about, role):
    """But for the roles that are set beside it, and for targets, which may count more than it."""
    report = report_about(role)
    beside = {"hwbc", "cc", "arrs13", "splw_all", role}
    for block in told(report):
        if "target" in block.where:
            continue
        ids = [html.unescape(found) for found in re.findall(r'data-fact="([^"]+)"', block.html)]
        parts = {part for fact_id in ids for part in fact_id.split(".")}
        named = parts & {*report.roles.codes, *report.roles.groups}
        assert named <= beside | {code for a in report.assessment for code in a.target.readings.roles}, block


def test_the_report_of_care_coordinators_has_their_figure_target_and_charts(report_about):
    report = report_about("cc")
    headline = text_of(report, "headline").text
    assert headline.startswith("Reported care coordinators rose by 212 to 1,895 full-time equivalents (FTE)")
    assert report.facts["fte.cc.ENG.2022-09"].text in headline
    assert [a.target.id for a in report.assessment] == ["cc-2022"]
    assert Figure.of(report.charts.decomposition).id == "decomposition-cc"
    rates = Figure.of(report.charts.icb_rates)
    assert rates.id == "rates-icb-cc"
    assert "care coordinators" in rates.title.text
    assert report.tables.by_census.id == "care-coordinators-by-census"


def test_link_workers_are_what_a_report_is_about_unless_it_is_told_otherwise(report_about):
    """The letter of 2022 promised care coordinators in the same sentence: they stay in the report of link workers."""
    report = report_about("splw")
    shown = [a.target.id for a in report.assessment]
    assert shown == ["splw-2019", "splw-2019-rise", "splw-hwbc-2022", "cc-2022"]
    assert report.roles == load_roles()


def test_a_role_without_a_target_says_so_and_has_every_section(report_about):
    report = report_about("pharmacist")
    assert not len(report.assessment)
    assert "No target for pharmacists" in text_of(report, "verdicts").text
    assert "no target for pharmacists" in text_of(report, "targets").text


def test_a_role_that_is_not_in_the_register_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="There is no role 'hwbcs'") as caught:
        load_roles(about="hwbcs")
    assert "'hwbc'" in str(caught.value)


def test_every_role_and_group_has_its_words():
    """A plural and a singular, neither at the start of a sentence."""
    for words in load_roles().words.values():
        assert words.plural
        assert words.singular
        assert words.singular != words.plural, words
        assert words.short[0].islower() or words.short.split()[0].isupper(), words


def test_a_second_target_for_the_same_role_has_a_chart_of_its_own(report_about, extracts):
    """Fault 3: chart ids had the role and not the target, and a page may not show one id twice."""
    targets = tuple(
        target.model_copy(update={"shown": target.shown or target.id == "splw-2023"}) for target in load_targets()
    )
    report = analyse(
        dataclasses.replace(extracts, roles=load_roles()),
        validation=None,
        published=load_published(),
        targets=tuple(t.model_copy(update={"announced": min(t.announced, targets[0].announced)}) for t in targets),
        breaks=load_breaks(),
    )
    assert "splw-2023" in [a.target.id for a in report.assessment]
    charts = [report.charts.target(a.target.id) for a in report.assessment]
    figures = [Figure.of(chart) for chart in charts if is_figure(chart)]
    ids = [figure.id for figure in figures]
    assert {"trend-splw-2019", "trend-splw-2023"} <= set(ids)
    assert len(ids) == len(set(ids))
    csvs = [figure.table.id for figure in figures]
    assert len(csvs) == len(set(csvs))
