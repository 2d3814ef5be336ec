"""Any Altair chart becomes a figure that an accessible page under a strict policy can hold, and stays a chart."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import altair as alt
import pandas as pd
import pytest

import analysis as an
from analysis.charts.figure import Figure, is_figure
from analysis.charts.sizes import NARROW_PX, WIDE_PX
from analysis.charts.theme import PALETTE, THEME
from analysis.errors import UsageError
from analysis.markup.notebook_output import TABLES_MIME
from analysis.tables.table import Column, Table

FRAME = pd.DataFrame({"area": ["North", "South"], "fte": [10.0, 20.0]})
TABLE = Table("by-area", "FTE by area", FRAME, {"area": Column("Area", "area"), "fte": Column("FTE", "fte", "FTE", 1)})
WORDS = {
    "id": "by-area",
    "title": "South has more",
    "subtitle": "FTE by area",
    "alternative": "North ten, South twenty.",
    "table": TABLE,
}
CENSUSES = ["2022-03", "2022-06", "2022-09"]
SERIES = pd.DataFrame(
    {"census": CENSUSES * 2, "role": ["Link workers"] * 3 + ["Coaches"] * 3, "fte": [10.0, 12.0, 15.0, 4.0, None, 6.0]}
)
LONG = "NHS Bath and North East Somerset, Swindon and Wiltshire Integrated Care Board"


def bars(frame: pd.DataFrame = FRAME) -> alt.Chart:
    return alt.Chart(frame).mark_bar().encode(x="area:N", y="fte:Q")


def lines() -> alt.LayerChart:
    chart = an.line(SERIES, "fte", series="role", unit="FTE")
    return an.figure(chart, title="Both rose", subtitle="FTE by role, England")


def drawings(markup: str) -> list[ET.Element]:
    """The SVG elements in a drawing, parsed as XML: what is not well formed fails here."""
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", str(markup), re.DOTALL)]  # noqa: S314 - our own


def drawn_of(chart: alt.TopLevelMixin) -> str:
    return str(Figure.of(chart).svg)


def written(svg: ET.Element) -> list[str]:
    """What is written on a drawing, line by line."""
    return [line for text in svg.iter() if text.tag.endswith("}text") for line in text.itertext()]


def numbers_on(axis: list[str]) -> list[float]:
    return [float(text) for text in axis if re.fullmatch(r"[\d.]+", text) and text != "2022"]


@pytest.fixture(scope="module")
def drawn() -> str:
    return drawn_of(an.figure(bars(), **WORDS))


@pytest.mark.parametrize("part", ["title", "subtitle"])
def test_a_chart_without_its_words_is_not_made(part: str) -> None:
    with pytest.raises(UsageError, match=f"'by-area' has no {part}"):
        an.figure(bars(), **{**WORDS, part: " "})


@pytest.mark.parametrize("change", [{"title": ""}, {"description": ""}])
def test_a_chart_whose_words_were_taken_away_is_not_shown(change: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="has no"):
        Figure.of(an.figure(bars(), **WORDS).properties(**change))


def test_a_chart_that_was_not_described_is_no_figure() -> None:
    assert not is_figure(bars())
    with pytest.raises(UsageError, match="no title, subtitle, text alternative and table"):
        Figure.of(bars())


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(UsageError, match="is not a table but DataFrame"):
        an.figure(bars(), **{**WORDS, "table": FRAME})


def test_a_chart_with_an_id_that_is_not_a_slug_is_not_made() -> None:
    with pytest.raises(UsageError, match="hyphens"):
        an.figure(bars(), **{**WORDS, "id": 'x" onload="'})


def test_a_figure_stays_the_kind_of_chart_that_it_was() -> None:
    assert type(an.figure(bars(), **WORDS)) is alt.Chart
    assert isinstance(lines(), alt.LayerChart)
    assert isinstance(an.figure(alt.hconcat(bars(), bars()), **WORDS), alt.HConcatChart)


def test_id_table_and_alternative_come_from_the_chart_until_they_are_given() -> None:
    figure = Figure.of(an.figure(bars(), title="South has more", subtitle="FTE by area"))
    assert figure.id == "south-has-more"
    assert figure.alternative == "Chart of fte by area, 2 rows. fte: lowest 10 (North) and highest 20 (South)."
    assert figure.table.id == "chart-south-has-more"
    pd.testing.assert_frame_equal(figure.table.frame, FRAME, check_dtype=False)
    given = Figure.of(an.figure(bars(), **WORDS))
    assert (given.id, given.alternative, given.table.id) == ("by-area", "North ten, South twenty.", "by-area")


def test_a_first_alternative_tells_each_series_and_its_gaps() -> None:
    figure = Figure.of(lines())
    assert "Link workers: 10 in March 2022, 15 in September 2022; it rises at each of 2 steps." in figure.alternative
    assert "no value for June 2022" in figure.alternative
    assert "[x]" in figure.table.to_html()
    assert list(figure.table.columns) == ["census", "fte", "role"]


def test_a_chart_without_its_own_rows_needs_a_table_and_an_alternative() -> None:
    elsewhere = alt.Chart("https://example.org/x.csv").mark_bar().encode(x="a:N")
    with pytest.raises(UsageError, match="does not hold its own data"):
        an.figure(elsewhere, title="T", subtitle="S")


def test_ordinary_altair_changes_title_alternative_colour_range_and_height() -> None:
    """What an analyst does with any chart; labels and page follow, and what was not changed stays."""
    before = lines()
    after = (
        before.properties(title="A title of mine", description="In my words.", height=200)
        .encode(y=alt.Y("fte:Q", title="FTE", scale=alt.Scale(domain=[0, 40])))
        .configure_range(category=["#801650", "#000000"])
    )
    figure, old = Figure.of(after), Figure.of(before)
    assert (figure.title.text, figure.subtitle.text) == ("A title of mine", "FTE by role, England")
    assert figure.alternative == "In my words."
    assert figure.id == old.id
    svg = drawings(figure.svg)[0]
    assert max(numbers_on(written(svg))) == 40
    assert max(numbers_on(written(drawings(old.svg)[0]))) < 40
    assert '"#801650"' in str(figure.svg)
    assert PALETTE[0] not in str(figure.svg)
    label = "Link workers: 15"
    assert label_height(svg, label) > 120 > label_height(drawings(old.svg)[0], label) + 40, "the label went down too"


def label_height(svg: ET.Element, text: str) -> float:
    (found,) = (one for one in svg.iter() if one.tag.endswith("}text") and one.text == text)
    return float(found.get("y"))


def test_a_layer_can_be_added_to_a_chart_of_the_report() -> None:
    """It takes the channels of the chart where it has none of its own."""
    rule = alt.Chart(pd.DataFrame({"fte": [11.0]})).mark_rule(aria=False)
    across = rule.encode(x=alt.value(0), x2=alt.value("width"), color=alt.value("#F46A25"))
    figure = Figure.of(lines() + across)
    assert figure.title.text == "Both rose"
    (own,) = (group for group in drawings(figure.svg)[0].iter() if group.get("stroke") == "#F46A25")
    assert float(own[0].get("x2")) > 300


def test_facts_in_a_title_are_kept_until_the_title_is_changed() -> None:
    made = an.figure(bars(), **{**WORDS, "title": an.say("South has {n}", n="<more>")})
    assert "South has &lt;more&gt;" in Figure.of(made).to_html()
    assert "&lt;b&gt;" in Figure.of(made.properties(title="<b>")).to_html()
    again = an.figure(made, subtitle="Another subtitle")
    assert (Figure.of(again).title, Figure.of(again).subtitle.text) == (Figure.of(made).title, "Another subtitle")


def test_a_notebook_shows_the_figure_and_any_other_chart_as_altair_does() -> None:
    shown = an.figure(bars(), **WORDS)._repr_mimebundle_()
    assert shown["text/html"].endswith(Figure.of(an.figure(bars(), **WORDS)).to_html())
    assert [payload["id"] for payload in shown[TABLES_MIME]] == ["by-area"]
    other = bars()._repr_mimebundle_()
    assert "figure" not in str(other.keys())
    assert alt.theme.active == THEME


def test_a_chart_is_drawn_when_it_is_shown_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.charts import render

    drawn: list[object] = []
    convert = render.vl_convert.vegalite_to_svg
    monkeypatch.setattr(render.vl_convert, "vegalite_to_svg", lambda spec: (drawn.append(spec), convert(spec))[1])
    figure = Figure.of(an.figure(bars(), **WORDS))
    assert drawn == []
    assert figure.to_html() == figure.to_html()
    assert len(drawn) == 2, "wide and narrow"


def test_both_drawings_are_named_and_described(drawn: str) -> None:
    for svg in drawings(drawn):
        named, described = svg.get("aria-labelledby").split()
        texts = {element.get("id"): element.text for element in svg if element.get("id")}
        assert texts == {named: "South has more", described: "North ten, South twenty."}
        assert svg.get("role") == "group"


def test_ids_are_unique_within_and_between_the_drawings(drawn: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids)) >= 4
    assert all(name.startswith("by-area-") for name in ids)


def test_references_follow_the_ids_that_were_made_unique() -> None:
    clipped = alt.Chart(FRAME).mark_bar(clip=True).encode(x="area:N", y="fte:Q")
    html = drawn_of(an.figure(clipped, **WORDS))
    references = set(re.findall(r"url\(#([^)]+)\)", html))
    assert references
    assert references <= set(re.findall(r'\bid="([^"]+)"', html))


def test_there_is_one_drawing_for_wide_screens_and_one_for_narrow_ones(drawn: str) -> None:
    wide, narrow = drawings(drawn)
    assert [svg.get("class") for svg in (wide, narrow)] == ["drawing wide-only", "drawing narrow-only"]
    for svg, width in ((wide, WIDE_PX), (narrow, NARROW_PX)):
        assert float(svg.get("viewBox").split()[2]) == pytest.approx(width, abs=3)
        assert svg.get("width") is None


@pytest.mark.parametrize("make", ["bars", "dots", "own", "layers"])
def test_long_names_are_wrapped_and_never_cut(make: str) -> None:
    """Fault: Vega cuts names after 180 pixels; in both drawings all words are there, and the plot keeps its room."""
    frame = FRAME.assign(area=[LONG, "South"])
    own = alt.Chart(frame).mark_bar().encode(x="fte:Q", y="area:N")
    charts = {
        "bars": an.bars(frame, "fte", "area"),
        "dots": an.dots(frame, "fte", "area"),
        "own": own,
        "layers": alt.layer(own, own.mark_text()),
    }
    for svg in drawings(drawn_of(an.figure(charts[make], title="T", subtitle="S"))):
        words = " ".join(written(svg))
        assert "…" not in words
        assert set(LONG.split()) <= set(words.split())
        assert float(svg.get("viewBox").split()[2]) <= WIDE_PX + 1


def test_long_names_under_a_chart_are_wrapped_too() -> None:
    frame = FRAME.assign(area=["North of the long river", "South of the long river"])
    for svg in drawings(drawn_of(an.figure(bars(frame), title="T", subtitle="S"))):
        assert "rotate(270)" not in ET.tostring(svg, encoding="unicode")


def test_nothing_a_content_security_policy_would_block_is_in_a_drawing(drawn: str) -> None:
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href=|<image|<foreignObject", drawn)


def test_every_mark_says_its_value_and_only_marks_are_heard(drawn: str) -> None:
    for svg in drawings(drawn):
        marks = [element for element in svg.iter() if element.get("class") == "mark"]
        said = [mark.get("aria-label") or mark[0].text for mark in marks]
        assert said == ["area: North; fte: 10", "area: South; fte: 20"]
        assert {mark.get("role") for mark in marks} == {"img"}
        others = [element for element in svg.iter() if element.tag.endswith("}text")]
        assert others
        assert all(hidden(svg, element) for element in others)


def test_where_there_is_a_pointer_a_mark_shows_its_value_without_script(drawn: str) -> None:
    wide, narrow = ([element for element in svg.iter() if element.get("class") == "mark"] for svg in drawings(drawn))
    assert all(mark[0].tag.endswith("}title") for mark in wide)
    assert all(len(mark) == 0 for mark in narrow), "a touch screen has no pointer to rest"


def hidden(svg: ET.Element, text: ET.Element) -> bool:
    """Whether a text, or a group it is in, is hidden from assistive technology."""
    return any(
        group.get("aria-hidden") == "true" for group in svg.iter() if group is text or text in list(group.iter())
    )


def test_text_is_at_least_twelve_pixels_at_the_scale_it_is_shown(drawn: str) -> None:
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', drawn)]
    assert sizes
    assert min(sizes) * 288 / NARROW_PX >= 12, "288 pixels are left of a screen of 320"


def test_hostile_text_stays_text() -> None:
    hostile = "</text><script>alert(1)</script>&\"'{{datum}}"
    frame = FRAME.assign(area=[hostile, "South"])
    words = {"title": f"T {hostile}", "subtitle": hostile, "id": "h"}
    for chart in (
        bars(frame),
        an.bars(frame, "fte", "area"),
        an.line(SERIES.assign(role=hostile)[:3], "fte", series="role"),
    ):
        html = Figure.of(an.figure(chart, **words)).to_html()
        assert "<script" not in html
        assert drawings(html)[0][0].text == f"T {hostile}"


def test_the_same_chart_is_drawn_to_the_same_bytes(drawn: str) -> None:
    assert drawn_of(an.figure(bars(), **WORDS)) == drawn


def test_a_chart_of_several_plots_is_drawn_too() -> None:
    """Concatenated and faceted charts keep their own width: altair gives no one width to set."""
    both = alt.hconcat(bars(), bars())
    assert drawn_of(an.figure(both, **WORDS)).count("<svg") == 2


def test_two_rows_of_one_name_are_not_drawn_as_one() -> None:
    with pytest.raises(UsageError, match="Two rows of the chart are called 'North'"):
        an.bars(pd.concat([FRAME, FRAME]), "fte", "area")


@pytest.mark.parametrize("block", ["line", "dots", "bars", "strip"])
def test_a_column_that_is_not_there_is_named(block: str) -> None:
    with pytest.raises(UsageError, match="has no column 'rate'"):
        getattr(an, block)(FRAME, *(["rate"] if block == "line" else ["rate", "area"]))


def test_a_strip_has_a_stroke_for_each_row_and_a_median_for_each_group() -> None:
    frame = pd.DataFrame(
        {"rate": [1.0, 2.0, 6.0, 4.0, None], "when": ["2021"] * 3 + ["2022"] * 2, "pcn": list("abcde")}
    )
    figure = Figure.of(an.figure(an.strip(frame, "rate", "when", unit="FTE"), title="T", subtitle="S"))
    wide = drawings(figure.svg)[0]
    marks = [mark.findtext("{*}title") for mark in wide.iter() if mark.get("class") == "mark"]
    assert marks == ["2021: median 2.00 FTE of 3", "2022: median 4.00 FTE of 1"]
    named = drawings(drawn_of(an.figure(an.strip(frame, "rate", "when", name="pcn"), title="T", subtitle="S")))[0]
    assert sum(mark.get("class") == "mark" for mark in named.iter()) == 4 + 2
