"""Facts, prose and tables: what may stand on a page, and how."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from analysis.errors import UsageError
from analysis.facts.fact import Fact, Facts, Origin, Source, Status, as_text
from analysis.facts.lineage import Inputs, Register, make_fact
from analysis.facts.row_counts import COLUMNS, RowCounts
from analysis.facts.stored import facts_json, read_facts_json
from analysis.markup.notebook_output import TABLES_MIME
from analysis.markup.prose import bullets, dated, listed, month, panel, quoted, say
from analysis.tables.table import Column, Table


def fact(value: float | None = 1611.975, note: str = "") -> Fact:
    return make_fact("fte.splw.ENG.2021-12", value, "FTE", "2021-12", Origin("link workers", "sum"), note=note)


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (1611.975, 0, False, "1,612"),
        (0.5, 0, False, "1"),
        (2.5, 0, False, "3"),
        (-2.5, 0, False, "−3"),
        (1093.331333, 1, False, "1,093.3"),
        (0.15, 1, False, "0.2"),
        (655.748, 0, True, "+656"),
        (-0.04, 1, True, "0.0"),
        (0.0, 0, True, "0"),
        (1_234_567.0, 0, False, "1,234,567"),
        (None, 0, False, "[x]"),
        (math.nan, 1, False, "[x]"),
    ],
)
def test_numbers_are_printed_as_official_statistics_print_them(value, decimals, signed, text) -> None:
    """Half away from zero, commas over 999, a true minus sign, no minus zero."""
    assert as_text(value, decimals, signed=signed) == text


@given(st.floats(-1e7, 1e7), st.integers(0, 3))
def test_a_printed_number_is_within_half_a_unit_of_its_value(value: float, decimals: int) -> None:
    """Rounding is the only thing that printing does."""
    printed = float(as_text(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(printed - value) <= 0.5 * 10**-decimals + 1e-6


def test_a_fact_in_prose_carries_its_id_and_its_unrounded_value() -> None:
    """The element that the page and the check of prose go by."""
    assert say("There were {n} FTE.", n=fact()).html == (
        'There were <data value="1611.975" data-fact="fte.splw.ENG.2021-12">1,612</data> FTE.'
    )


def test_a_missing_fact_is_printed_as_its_reason() -> None:
    """Missing is never zero, and says why."""
    assert (fact(None, "[z]").text, fact(None, "[z]").status) == ("[z]", Status.NOT_APPLICABLE)
    assert (fact(math.nan).text, fact(math.nan).value) == ("[x]", None)


def test_facts_survive_a_round_trip_and_come_out_sorted() -> None:
    """The same facts give the same bytes, whatever their order."""
    one = fact()
    other = make_fact("a.b", 3, "PCNs", "2021-12", Origin("x", "y", sources=(Source("f", "0" * 64, "2021-12", 3),)))
    text, again = (
        facts_json(Facts(facts), "2021-12", "splw", synthetic=False) for facts in ([one, other], [other, one])
    )
    assert text == again
    header, facts = read_facts_json(text)
    assert facts == [other, one]
    assert (header["format"], header["period"], header["synthetic"], header["facts"]) == (2, "2021-12", False, 2)
    assert header["licence"] == "Open Government Licence v3.0"
    assert json.loads(text)[one.id]["value"] == 1611.975


def test_a_misspelt_fact_names_the_nearest_and_is_not_contained() -> None:
    """Asking is an error that helps; looking is not an error."""
    facts = Facts([fact()])
    assert "fte.spwl.ENG.2021-12" not in facts
    with pytest.raises(UsageError, match=r"Did you mean fte\.splw\.ENG\.2021-12"):
        facts["fte.spwl.ENG.2021-12"]


def test_two_different_facts_of_one_id_are_a_bug() -> None:
    """An id means one figure."""
    with pytest.raises(ValueError, match="two different facts"):
        Facts([fact(1.0), fact(2.0)])


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "{0} & <b>"])
def test_text_put_into_prose_is_escaped(hostile: str) -> None:
    """All text from an extract is hostile until escaped."""
    for made in (
        say("{x}", x=hostile),
        bullets([say("{x}", x=hostile)]),
        panel([say("{x}", x=quoted(hostile))], css_class="a"),
        say("{x}", x=listed([hostile, hostile])),
        say("{x}", x=dated(hostile)),
    ):
        assert "<script" not in made.html
        assert "<img" not in made.html
        assert "<b>" not in made.html


def test_dates_and_numbers_in_a_text_that_is_data_are_marked() -> None:
    """Other numbers were left for the page's check to refuse: a month in the title of a warning stopped the report."""
    assert dated("from 28 July 2022, or June 2022, or 2019: 42 boards") == Markup(
        'from <time datetime="2022-07-28">28 July 2022</time>, or <time datetime="2022-06">June 2022</time>, or '
        '<time datetime="2019">2019</time>: <data class="given" value="42">42</data> boards'
    )


def test_lists_read_as_a_sentence_does() -> None:
    """One, two, three."""
    assert [listed(list("abc"[:n])) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert month("2022-09") == Markup('<time datetime="2022-09">September 2022</time>')


def table(**changed: object) -> Table:
    frame = pd.DataFrame({"area": ["A", "<i>B</i>"], "fte": [1093.331333, float("nan")], "note": ["", "[x]"]})
    columns = {"area": Column("Area", "name"), "fte": Column("FTE", "sum", "FTE", 1, "note")}
    return Table(**{"id": "t", "title": "FTE by area", "frame": frame, "columns": columns} | changed)


def test_a_table_cannot_hide_why_a_figure_is_missing() -> None:
    """No reason, no table."""
    with pytest.raises(ValueError, match="needs its reason"):
        table(columns={"area": Column("Area", "name"), "fte": Column("FTE", "sum", "FTE", 1)})
    with pytest.raises(ValueError, match="no caption"):
        table(title=" ")
    with pytest.raises(ValueError, match="columns its frame lacks"):
        table(columns={"region": Column("Region", "name")})


def test_a_table_prints_rounded_and_keeps_full_precision() -> None:
    """Rounded in the cell, unrounded for sorting and in the payload; the reason where there is no number."""
    html = table().to_html()
    assert '<td class="number" data-value="1093.331333">1,093.3</td>' in html
    assert '<td class="number">[x]</td>' in html
    assert "&lt;i&gt;B&lt;/i&gt;" in html
    assert "Shorthand: [x] not available." in html


def test_an_output_carries_its_table_so_that_it_can_be_downloaded() -> None:
    """What is shown is what is downloaded, to the last digit."""
    (payload,) = table()._repr_mimebundle_()[TABLES_MIME]
    again = Table.from_payload(payload)
    pd.testing.assert_frame_equal(again.frame, table().frame, check_dtype=False)
    assert again.columns == table().columns
    (inside,) = panel([say("a"), table()], css_class="x")._repr_mimebundle_()[TABLES_MIME]
    assert inside == payload


def test_a_fact_names_the_rows_it_counts_and_the_workbook_where_there_is_no_extract() -> None:
    """Rows by census, area, role and data source; of a workbook, a cell."""
    area = ("Y1", "Q1", "S1", "U1")
    rows = [("2021-12", "splw", source, *area, n) for source, n in (("NWRS Staff", 5), ("NWRS contracted services", 2))]
    inputs = Inputs(
        workforce={"2021-12": ("a.csv", "1" * 64)},
        bulletin={"2022-12": ("b.xlsx", "2" * 64)},
        register=Register("published.csv", "3" * 64, {"2022-12": "2025-11", "2024-02": "2025-11"}),
        rows=RowCounts(lambda: pd.DataFrame(rows, columns=COLUMNS)),
    )
    assert [source.rows for source in inputs.of(["2021-12"], role="splw")] == [7]
    assert [source.rows for source in inputs.of(["2021-12"], role="splw", measure="headcount")] == [5]
    assert [(s.file, s.rows) for s in inputs.of(["2022-12"], role="splw")] == [("b.xlsx", 1)]
    assert [(s.file, s.rows) for s in inputs.of(["2024-02"], role="splw_all", cells=2)] == [("published.csv", 2)]
    assert inputs.of(["2019-01"]) == (), "a census that nothing holds has no source"
    assert inputs.as_published("2022-12") == "as published in the bulletin tables"
    assert "tables of November 2025, from the register of published totals, published.csv" in inputs.as_published(
        "2024-02"
    )
