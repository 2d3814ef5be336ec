"""A text of the notebook: filled from facts, and what is refused at the cell, with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from analysis.errors import UsageError, UserError
from analysis.facts.fact import Fact, Facts, Origin
from analysis.facts.lineage import make_fact
from analysis.facts.names import ANY, fault_of
from analysis.markup.prose import bullets, say
from analysis.markup.text import fill
from analysis.registers.roles import load_roles
from analysis.report.text.fact_in_text import in_text
from analysis.report.text.names import NamesInCell, RoleInText

if TYPE_CHECKING:
    from collections.abc import Mapping

FTE = "fte.splw.ENG.2022-09"


def fact(fact_id: str = FTE, value: float | None = 2046.99, note: str = "") -> Fact:
    return make_fact(fact_id, value, "FTE", fact_id[-7:], Origin("link workers", "sum"), note=note)


FACTS = Facts(
    [
        fact(),
        fact("fte.splw.ENG.2021-09", 1427.49),
        fact(f"change_year.{FTE}", 619.5),
        fact("fte.cc.ENG.2022-09", 1894.5),
    ]
)


def names(**further: object) -> Mapping[str, object]:
    return {
        "fte": in_text(FTE, FACTS),
        "headcount": in_text("headcount.splw.ENG.2022-09", FACTS),
        "period": "2022-09",
        "role": RoleInText.of(load_roles().focus),
        **further,
    }


def refused(source: str, **further: object) -> str:
    with pytest.raises(UserError) as caught:
        fill(source, names(**further), 2)
    told = str(caught.value)
    assert len(told.splitlines()) == 3, told
    return told


def test_a_text_is_markdown_filled_with_facts():
    """What an analyst writes, and the HTML of the page."""
    prose = fill(
        "There were **{{ fte }}** FTE {{ role.plural }} in {{ period|month }}, up from {{ fte.year_ago }}.\n\n"
        "- {{ role.short|at_start }}: {{ fte.change_year }}\n\nTerm\n: [what it is](../methodology.html)\n",
        names(),
    )
    assert prose.html == (
        f'<p>There were <strong><data value="2046.99" data-fact="{FTE}">2,047</data></strong> FTE social prescribing link '
        'workers in <time datetime="2022-09">September 2022</time>, up from <data value="1427.49" '
        'data-fact="fte.splw.ENG.2021-09">1,427</data>.</p>\n<ul>\n<li>Link workers: <data value="619.5" '
        f'data-fact="change_year.{FTE}">620</data></li>\n</ul>\n<dl>\n<dt>Term</dt>\n<dd><a href="../methodology.html">'
        "what it is</a></dd>\n</dl>"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "**bold**",
        "[here](javascript:alert)",
        "# heading",
        "\ue0000\ue001",
        "{{ fte }}",
        "`a`",
    ],
)
def test_a_value_is_never_markup_markdown_or_template(hostile):
    """A name from an extract stands on the page as it was written."""
    html = fill("Of {{ name }} there is {{ fte }}.", names(name=hostile)).html
    assert {tag.name for tag in BeautifulSoup(html, "html.parser").find_all()} == {"p", "data"}
    assert BeautifulSoup(html, "html.parser").get_text() == f"Of {hostile} there is 2,047.".replace("\ue000", "")


def test_lines_of_tags_leave_no_line_and_no_space_is_lost():
    """The trap of Jinja2: a tag at the end of a line takes the line's end with it."""
    text = fill("One{% if fte %} and two{% endif %}\nthree.\n{% if fte %}\nFour.\n{% endif %}\nFive.", names()).text
    assert text.split() == ["One", "and", "two", "three.", "Four.", "Five."]


def test_a_chart_or_a_list_stands_on_a_line_of_its_own():
    """A block keeps its own element; inside a sentence it is refused."""
    listed = bullets([say("a"), say("b")])
    assert fill("Before\n\n{{ listed }}\n\nafter", names(listed=listed)).html == (
        "<p>Before</p>\n<ul><li>a</li><li>b</li></ul>\n<p>after</p>"
    )
    assert "inside a sentence" in refused("Before {{ listed }}", listed=listed)


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("a\n\nThere were 2,047 FTE.", 4, "the number '2,047' in 'There were 2,047 FTE.' is typed"),
        ("There were {{ ftee }} FTE.", 2, "there is no 'ftee'"),
        ("a\n{{ fte.valeu }}", 3, "did you mean 'value'?"),
        ("{{ role.plurl }}", 2, "there is no 'plurl'"),
        ("a\n{{ fte.value }}", 3, "a bare float"),
        ("{{ fte.value + fte.value }}", 2, "a bare float"),
        ("a\n\n{{ headcount }}", 4, "There is no figure headcount.splw.ENG.2022-09"),
        ("{{ fte|round }}", 2, "No filter named 'round'"),
        ("a\n{% if fte %}b", 3, "endif"),
        ("[a](../{{ period }}.html)", 2, "in the address of a link"),
        ("{{ fte.__class__ }}", 2, "__class__"),
        ('{{ "12 networks" }}', 2, "the number '12'"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(source, line, words):
    """In three parts, at once, where it is written."""
    told = refused(source)
    assert words in told
    assert f"Line {line} of the cell" in told


def test_numbers_of_dates_quotations_names_and_given_texts_stay():
    """As the check of the page has it."""
    text = fill(
        '{{ period|day }}: {{ "over 1,000"|quoted }}, {{ "Table 1a"|cited }}, `4_report`, {{ "Area 51"|given }}.',
        names(),
    ).text
    assert text == "30 September 2022: over 1,000, Table 1a, 4_report, Area 51."


@pytest.mark.parametrize(("change", "word"), [(619.5, "rose"), (-2.0, "fell"), (0.0, "changed")])
def test_the_verb_is_that_of_the_sign(change, word):
    """Grammar that depends on a figure."""
    facts = Facts([fact(), fact(f"change_year.{FTE}", change)])
    assert fill("It {{ fte.change_year|went }}.", {"fte": in_text(FTE, facts)}).text == f"It {word}."


def test_whether_there_is_a_figure_can_be_asked():
    """Missing is neither zero nor an error, until it is printed."""
    source = "{% if headcount %}{{ headcount }}{% else %}No count of people{% endif %}{% if fte.year_ago.year_ago %}x{% endif %}"
    assert fill(source, names()).text == "No count of people"
    zero = in_text("fte.cc.ENG.2022-09", Facts([fact("fte.cc.ENG.2022-09", 0.0)]))
    assert zero


def test_a_fact_of_ones_own_is_a_name_and_none_hides_a_figure_of_the_report():
    """What a cell defines is looked up after the names of the report."""
    mine = fact("fte.cc.ENG.2022-09", 12.0)
    assert fill("{{ mine }}", NamesInCell(names(), {"mine": mine, "fte": 3}, FACTS)).html.count("data-fact") == 1
    with pytest.raises(UsageError, match="'fte' is a figure of the report and a figure that a cell"):
        fill("{{ fte }}", NamesInCell(names(), {"fte": mine}, FACTS))


# ---- names of facts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fact_id",
    [FTE, "fte.cc.QHM.2022-09", f"fte.cc.ENG.{ANY}", f"{ANY}.x", "coverage.ENG.2022-09", f"change.fte.splw.ENG.{ANY}"],
)
def test_a_name_that_can_be_right_is_let_through(fact_id):
    assert fault_of(fact_id, load_roles()) == ""


@pytest.mark.parametrize(
    ("fact_id", "words"),
    [
        ("ftee.splw.ENG.2022-09", "there is no measure 'ftee'; did you mean 'fte'?"),
        ("fte.slpw.ENG.2022-09", "there is no role 'slpw'; did you mean 'splw'?"),
        (f"fte.slpw.ENG.{ANY}", "there is no role 'slpw'"),
        ("fte.splw.ENG", "an id of fte is fte.role.area.census"),
        ("fte.splw.ENG.2022", "'2022' is no census"),
        ("fte.splw.England.2022-09", "'England' is no code of an area"),
        ("change_year.fte.splw.ENG", "an id of change_year is change_year.fte.role.area.census"),
        ("checks.broken", "'broken'"),
    ],
)
def test_a_name_that_cannot_be_right_is_refused_before_there_are_data(fact_id, words):
    assert words in fault_of(fact_id, load_roles())
