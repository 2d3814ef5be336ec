"""Any altair chart becomes a drawing that an accessible page under a strict policy can hold, or none is made."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import altair as alt
import pandas as pd
import pytest

from analysis.charts.drawing import NARROW_PX, WIDE_PX, draw, figure
from analysis.errors import UsageError
from analysis.markup.prose import say
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


def bars(frame: pd.DataFrame = FRAME) -> alt.Chart:
    return alt.Chart(frame).mark_bar().encode(x="area:N", y="fte:Q")


def drawings(markup: str) -> list[ET.Element]:
    """The SVG elements in a drawing, parsed as XML: what is not well formed fails here."""
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", str(markup), re.DOTALL)]  # noqa: S314 - our own


@pytest.fixture(scope="module")
def drawn() -> str:
    return str(draw(bars(), id="by-area", title_text="South has more", alternative="North ten, South twenty."))


@pytest.mark.parametrize("part", ["title", "subtitle", "alternative"])
def test_a_chart_without_one_of_its_words_is_not_made(part: str) -> None:
    with pytest.raises(UsageError, match=f"'by-area' has no {part}"):
        figure(bars(), **{**WORDS, part: " "})


def test_a_chart_without_its_table_is_not_made() -> None:
    with pytest.raises(UsageError, match="no table of its data"):
        figure(bars(), **{**WORDS, "table": FRAME})


def test_a_chart_with_an_id_that_is_not_a_slug_is_not_made() -> None:
    with pytest.raises(UsageError, match="hyphens"):
        draw(bars(), id='x" onload="', title_text="t", alternative="a")


def test_a_figure_carries_its_words_and_its_drawing_to_the_page() -> None:
    made = figure(bars(), **{**WORDS, "title": say("South has {n}", n="<more>")})
    assert "South has &lt;more&gt;" in made.to_html()
    assert made.to_html().count("<svg") == 2


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
    html = str(draw(clipped, id="clipped", title_text="t", alternative="a"))
    references = set(re.findall(r"url\(#([^)]+)\)", html))
    assert references
    assert references <= set(re.findall(r'\bid="([^"]+)"', html))


def test_there_is_one_drawing_for_wide_screens_and_one_for_narrow_ones(drawn: str) -> None:
    wide, narrow = drawings(drawn)
    assert [svg.get("class") for svg in (wide, narrow)] == ["drawing wide-only", "drawing narrow-only"]
    for svg, width in ((wide, WIDE_PX), (narrow, NARROW_PX)):
        assert float(svg.get("viewBox").split()[2]) == pytest.approx(width, abs=3)
        assert svg.get("width") is None


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
    html = str(
        draw(bars(FRAME.assign(area=[hostile, "South"])), id="h", title_text=f"T {hostile}", alternative=hostile)
    )
    assert "<script" not in html
    svg = drawings(html)[0]
    assert svg[0].text == f"T {hostile}"
    assert any(hostile in (element.text or "") for element in svg.iter() if element.tag.endswith("}title"))


def test_the_same_chart_is_drawn_to_the_same_bytes(drawn: str) -> None:
    again = draw(bars(), id="by-area", title_text="South has more", alternative="North ten, South twenty.")
    assert str(again) == drawn


def test_drawing_does_not_change_the_theme_in_force() -> None:
    before = alt.theme.active
    draw(bars(), id="theme", title_text="t", alternative="a")
    assert alt.theme.active == before


def test_a_chart_of_several_plots_is_drawn_too() -> None:
    """Concatenated and faceted charts keep their own width: altair gives no one width to set."""
    both = alt.hconcat(bars(), bars())
    assert str(draw(both, id="both", title_text="t", alternative="a")).count("<svg") == 2
