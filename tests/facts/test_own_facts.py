"""A figure of the analyst's own: a fact with its lineage, in prose and on the page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from facts.real_facts import PERIOD, analysed

from analysis.errors import PageError, UsageError
from analysis.facts.fact import Facts
from analysis.facts.own import own_fact
from analysis.markup.html_tree import inner_html, read_fragment
from analysis.markup.prose import say
from analysis.publish.origins import link_facts, origin_entries

ROWS = pd.DataFrame({"pcn_code": ["U1", "U2"], "fte": [1.0, 2.0]})


def made(
    name: str = "fte_per_head", value: float | None = 1.2345, rows: pd.DataFrame = ROWS, made_by: object = "fte / n"
):
    return own_fact(
        name, value, "FTE per person", PERIOD, made_by=made_by, rows=rows, file_names={"a" * 64: "a.csv"}, decimals=2
    )


def test_it_says_that_it_is_the_analysts_own_how_it_was_made_and_from_which_rows() -> None:
    fact = made()
    assert (fact.id, fact.text, fact.value) == (f"own.fte_per_head.{PERIOD}", "1.23", 1.2345)
    assert "the analyst's own figure" in fact.origin.definition
    assert fact.origin.expression == "fte / n"
    (source,) = fact.origin.sources
    assert (source.file, source.rows, source.census) == ("a frame of the notebook with pcn_code, fte", 2, PERIOD)
    other = made(rows=ROWS.assign(fte=3.0)).origin.sources[0]
    assert source.sha256 != other.sha256, "other content, another checksum"


def test_rows_of_extracts_are_counted_by_file() -> None:
    rows = pd.DataFrame({"sha256": ["a" * 64] * 3, "census": [PERIOD] * 3, "fte": 1.0})
    (source,) = made(rows=rows).origin.sources
    assert (source.file, source.sha256, source.rows) == ("a.csv", "a" * 64, 3)


def test_the_page_takes_it_from_the_output_and_shows_where_it_comes_from() -> None:
    """Nothing but the output goes to the page; its lineage is not left in the page's HTML."""
    fact, facts = made(), Facts()
    tree = read_fragment(say("There are {n} FTE a head.", n=fact).to_html())
    used = link_facts(tree, facts)
    assert [(each.id, each.value, each.text, each.origin) for each in used] == [
        (fact.id, fact.value, fact.text, fact.origin)
    ]
    assert "data-own" not in inner_html(tree)
    assert tree.css_first("a.fact").attributes["href"] == f"origins.html#origin-{fact.id}"
    assert origin_entries(used)[1][0].fact.id == fact.id


def test_one_id_cannot_show_two_figures() -> None:
    html = say("{a} and {b}", a=made(value=1.0), b=made(value=2.0)).to_html()
    with pytest.raises(PageError, match="two values"):
        link_facts(read_fragment(html), Facts())


def test_it_cannot_take_the_name_of_a_measure() -> None:
    """A hand-written element with a lineage of its own is no way round the facts."""
    html = str(say("{a}", a=made()).to_html()).replace(f"own.fte_per_head.{PERIOD}", f"fte.splw.ENG.{PERIOD}")
    with pytest.raises(PageError, match="no lineage"):
        link_facts(read_fragment(html), Facts())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "FTE per head"}, "cannot be the name"),
        ({"rows": ROWS.head(0)}, "from which rows"),
        ({"made_by": " "}, "how it was made"),
    ],
)
def test_without_name_rows_or_method_there_is_none(changed: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        made(**changed)


def test_a_function_is_named_with_its_summary() -> None:
    def mean_row(rows: pd.DataFrame) -> float:
        """Mean FTE of a row."""
        return rows["fte"].mean()

    assert made(made_by=mean_row).origin.expression == "the function mean_row: Mean FTE of a row."


def test_the_run_makes_it_from_rows_of_its_extracts(real_data: Path) -> None:
    """As the how-to has it: the files are named, and the rows counted."""
    run, report = analysed(real_data)
    object.__setattr__(run, "facts", report.facts)  # as run.report() would open it
    rows = run.extracts.workforce
    staff = rows[(rows["role"] == "splw") & (rows["census"] == PERIOD) & rows["person_id"].notna()]
    fact = run.fact(
        "fte_per_head",
        value=staff["fte"].sum() / staff["person_id"].nunique(),
        unit="FTE per person",
        made_by="sum of fte / number of distinct person_id",
        rows=staff,
        decimals=2,
    )
    assert fact.value == pytest.approx(report.facts[f"fte_per_person.splw.ENG.{PERIOD}"].value)
    assert "September 2022" in fact.origin.sources[0].file
    assert fact.origin.sources[0].rows == len(staff)
    assert run.facts[fact.id] is fact
