"""What a report says holds for the history that it was made of, from the newest extract alone to a year of months."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from report.page_in_process import page_of
from report.plain_english import reading_age, sentences_of, unexplained
from runs.unvalidated import unvalidated
from statements.approved_texts import COMMAND, approved, text_of_page
from statements.falsehoods import RULES, World, falsehoods, misplaced_verdicts
from statements.histories import HISTORIES
from statements.told import Block, blocks_of, charts_of

import analysis as an
from analysis.charts.figure import Figure, is_figure
from analysis.facts.names import fault_of, shapes

pytestmark = pytest.mark.xdist_group("statements")


@pytest.fixture(scope="module")
def report_of(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], World]:
    """``report_of(history)`` analyses a history in memory, once; no notebook is run."""
    made: dict[str, World] = {}
    processed = tmp_path_factory.mktemp("processed")

    def make(name: str) -> World:
        if name not in made:
            history = HISTORIES[name]
            data = request.getfixturevalue("real_data") if history.real else Path()
            raw = tmp_path_factory.mktemp("raw")
            history.fill(raw, data)
            made[name] = World(unvalidated(an.run(history.period, str(raw), str(processed))))
        return made[name]

    return make


@pytest.mark.parametrize("history", HISTORIES)
def test_nothing_is_said_that_cannot_be_true_of_the_history(report_of: Callable[[str], World], history: str) -> None:
    """Every sentence, title, subtitle and text alternative against every rule."""
    world = report_of(history)
    told = blocks_of(world.report)
    assert len(told) > 60
    assert [false for block in told for false in falsehoods(world, block)] == []
    assert list(misplaced_verdicts(world)) == []


# Counts of networks that know no role: a break of roles, or of how staff is recorded, is none of theirs.
NETWORKS_OF_ANY_ROLE = (
    *("pcns_reporting", "pcns_expected", "pcns_active", "pcns_in_both", "pcns_newly_reporting", "pcns_dropped_out"),
    *("pcns_began_reporting", "pcns_newly_formed", "pcns_stopped_reporting", "pcns_closed", "pcns_followed"),
    *("pcns_incumbent", "pcns_with_list", "quarter_pcns_in_both", "pcns"),
)


@pytest.mark.parametrize("history", ["everything", "invented, a monthly run"])
def test_counts_of_networks_carry_no_break_of_roles(report_of: Callable[[str], World], history: str) -> None:
    """Over April 2023 and September 2021: no table marks how many PCNs reported with [b], and no fact does."""
    report = report_of(history).report
    for table in report.tables:
        for name, column in table.columns.items():
            if name in NETWORKS_OF_ANY_ROLE and column.note:
                assert "[b]" not in set(table.frame[column.note]), (table.id, name)
    marked = [report.facts[name] for name in report.facts if name.partition(".")[0] in NETWORKS_OF_ANY_ROLE]
    assert marked
    assert not [fact.id for fact in marked if fact.status.shorthand == "[b]"]


def test_a_change_of_areas_is_noted_where_the_extracts_show_it(report_of: Callable[[str], World]) -> None:
    """The areas of April 2026 are first seen in June. Those of July 2022 stand in all extracts that are published now."""
    notes = " ".join(Figure.of(report_of("everything").report.charts.area_trend("QHM")).table.notes)
    assert "[b] April 2026: Integrated care boards were merged" in notes
    assert "July 2022" not in notes


@pytest.mark.parametrize("history", HISTORIES)
def test_a_chart_says_which_break_its_figures_cross(report_of: Callable[[str], World], history: str) -> None:
    """Where the data of a chart have [b], what changed stands below them."""
    for name, chart in charts_of(report_of(history).report).items():
        if name == "in_brief" or not is_figure(chart):  # the small one leads to the one that has the marks
            continue
        table = Figure.of(chart).table
        notes = {column.note for column in table.columns.values() if column.note}
        if any("[b]" in set(table.frame[note]) for note in notes):
            assert [note for note in table.notes if note.startswith("[b] ")], name


@pytest.mark.parametrize("history", HISTORIES)
def test_rows_of_a_table_can_be_told_apart_by_what_the_page_shows(
    report_of: Callable[[str], World], history: str
) -> None:
    """Else the figure of a region can be taken for England's: each row shown has words of its own."""
    for table in report_of(history).report.tables:
        words = [name for name in table.on_page or table.columns if table.columns[name].decimals is None]
        rows = table.frame[words].head(table.rows_on_page) if table.rows_on_page is not None else table.frame[words]
        repeated = rows[rows.duplicated()]
        assert repeated.empty, f"{table.id}: {repeated.iloc[0].to_dict()} stands twice"


def test_every_fact_of_a_report_has_a_name_of_a_known_shape(report_of: Callable[[str], World]) -> None:
    """Texts are checked by these shapes before there are data: each fact fits one, and none is of no fact."""
    used: set[str] = set()
    for history in ("everything", "bulletin alone", "invented, a monthly run"):
        report = report_of(history).report
        ids = [*report.facts.made, *report.facts.lookup.completions()]
        assert {fact: fault for fact in ids if (fault := fault_of(fact, report.roles))} == {}
        used |= {fact.partition(".")[0] for fact in ids}
    # A list of patients at the census, one by practice, twelve earlier changes over a year, and a validation: none of
    # these has them.
    others = "list_distance|deprived|difference|fifth|index|ranked|scored|(quartile|usual)_.*year|checks"
    assert {name for name in shapes() if not re.search(others, name)} <= used


FALSE = [
    (
        "register alone",
        "A further rise: reached on reported data, not known without contracted services or when people are counted.",
    ),
    (
        "invented, newest alone",
        "From June 2026, the first census of the series, to 31 March 2021: 26.1 FTE a month were needed",
    ),
    ("invented, newest alone", "On the main reading, the number was first reached in June 2026."),
    ("invented, newest alone", "2019 target: a census on or after 31 March 2021."),
    ("invented, newest alone", "The readings give the same figures while that role does not exist, and count once."),
    ("invented, newest alone", "Nothing is projected: the number has been reached."),
    (
        "invented, newest alone",
        '<data value="" data-fact="pcns_reporting.ENG.2026-06">1,271</data> of [x] PCNs reported',
    ),
    ("register alone", "A further rise: reached on reported data."),
    ("invented, newest alone", "2019 target: figures of June 2026, which are not in the data."),
    ("invented, newest alone", "National figures only: there are no areas."),
    ("invented, a gap", "Reported link workers reached the 2019 target in June 2021 and stood at 40 FTE"),
    ("invented, a gap", "It stands at or above the 2019 target first in June 2021."),
    ("invented, a gap", "The census before, of September 2020, has 3 FTE in this series, from 40% of PCNs"),
    ("invented, a gap", '<data value="9.5" data-fact="fte.splw.ENG.2021-03">9</data> FTE at March 2021'),
    ("invented, a gap", 'by <time datetime="2023-03">March 2023</time> there were more'),
    ("invented, a gap", "By December 2022, before the target was due, reported care coordinators had changed"),
    ("invented, newest alone", "PCNs that reported at both ends of a quarter grew by 3 to 5 FTE a month."),
    (
        "invented, a year of months",
        'It rose by <data value="-9.5" data-fact="change.fte.splw.ENG.2025-06.2026-06">9</data> FTE',
    ),
    (
        "invented, a year of months",
        'It rose by <data value="12" data-fact="size_of_change_year.fte.splw.ENG.2026-06">12</data> FTE',
    ),
    (
        "invented, a year of months",
        'It fell by <data value="3" data-fact="change.fte.splw.ENG.2025-06.2026-06">3</data> FTE',
    ),
    (
        "invented, a year of months",
        'Growth of link workers: from May to June, <data value="-9" data-fact="change.fte.splw.ENG.2026-05.2026-06">−9</data>',
    ),
    (
        "everything",
        'The total rose by <data value="595" data-fact="change.fte.splw.ENG.2022-09.2026-06">595</data> FTE',
    ),
    ("everything", 'The share was <data value="97.9" data-fact="coverage.ENG.2026-06">97.9%</data> in June 2026'),
]


@pytest.mark.parametrize(("history", "sentence"), FALSE)
def test_a_false_sentence_is_found(report_of: Callable[[str], World], history: str, sentence: str) -> None:
    """What reports once said, and its kind: each is refused for the history of which it is not true."""
    assert falsehoods(report_of(history), Block("made up", sentence))


def test_every_rule_finds_something(report_of: Callable[[str], World]) -> None:
    """A rule that no sentence can break checks nothing."""
    silent = {
        rule.__name__
        for rule in RULES
        if not any(list(rule(report_of(history), Block("made up", sentence))) for history, sentence in FALSE)
    }
    assert silent == set()


# ---- the words of the main reports --------------------------------------------------------------------------------

# The reports that a change of wording is seen in: everything at the newest census, and what a publisher has on the day;
# national figures alone, of a census with areas before it and of one without; a year and the first census of 2020/21.
APPROVED = (
    "everything",
    "zip alone",
    "bulletin alone",
    "everything to December 2022",
    "everything to September 2022",
    "everything to March 2021",
    "first census",
    "invented, a year of months",
)
# A sentence of more words is read twice: the most that GOV.UK asks for is 25. Names of works and quotations count as one.
MOST_WORDS = 30
# GOV.UK asks for a reading age of nine to eleven. The long names of roles and boards are counted as they are.
OLDEST_READER = 11.0
# A first screen of at most 120 words has no room for them: the next part explains what it does not. Behind the glossary
# stands what was left out.
NOT_HELD_TO_TERMS = re.compile("^(?:$|Were the targets met|Downloads|What this report leaves out)")


@pytest.fixture(scope="module")
def page_of_history(report_of: Callable[[str], World]) -> Callable[[str], BeautifulSoup]:
    """``page_of_history(history)`` is the page of its report, made once."""
    return functools.cache(lambda history: page_of(report_of(history).report))


@pytest.mark.parametrize("history", APPROVED)
def test_the_text_is_the_approved_one(
    page_of_history: Callable[[str], BeautifulSoup], history: str, request: pytest.FixtureRequest
) -> None:
    """Every sentence with its figures, as it was approved; ``make approve`` writes the files anew."""
    text, file = text_of_page(page_of_history(history)), approved(history)
    if request.config.getoption("--approve"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    there = file.read_text(encoding="utf-8") if file.exists() else ""
    difference = difflib.unified_diff(there.splitlines(), text.splitlines(), "approved", "now", lineterm="", n=0)
    assert text == there, "\n".join((f"The text changed. If that is meant: {COMMAND}", *difference))


@pytest.mark.parametrize("history", APPROVED)
def test_the_text_is_plain_english(page_of_history: Callable[[str], BeautifulSoup], history: str) -> None:
    """No sentence is too long, and the whole has the words and sentences that most readers take in at once."""
    ours = sentences_of(page_of_history(history))
    assert len(ours) > 60
    assert [(len(part.words), part.text) for part in ours if len(part.words) > MOST_WORDS] == []
    assert reading_age(ours) <= OLDEST_READER


@pytest.mark.parametrize("history", APPROVED)
def test_each_term_is_explained_where_it_first_stands(
    page_of_history: Callable[[str], BeautifulSoup], history: str
) -> None:
    """Of the terms that the glossary has: none is used in a part of the page before the one that explains it."""
    assert list(unexplained(page_of_history(history), NOT_HELD_TO_TERMS)) == []


def test_a_term_that_is_used_before_it_is_explained_is_found() -> None:
    page = "<main><h2>A</h2><p>The median is 2.</p><p>The <dfn>median</dfn> is the middle.</p><h2>B</h2>{}</main>"
    words = '<div class="terms"><dl><dt>Median</dt><dd>The middle.</dd></dl></div>'
    assert list(unexplained(BeautifulSoup(page.format(words), "html.parser"))) == ["Median"]


def test_a_long_sentence_is_found_and_a_quotation_is_one_word() -> None:
    page = "<main><h2>A</h2><p>One <q>two words</q>: three. Four and five.</p></main>"
    found = sentences_of(BeautifulSoup(page, "html.parser"))
    assert [len(part.words) for part in found] == [1, 3, 3]
