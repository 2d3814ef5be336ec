"""Parts that have nothing to say leave the page whole, and one section says which they are and why."""

from __future__ import annotations

from bs4 import BeautifulSoup
from publish.page_samples import fact

from analysis.facts.fact import Facts
from analysis.markup.left_out import item_left_out, part_left_out
from analysis.markup.prose import month, moved, panel, without_sign
from analysis.markup.text import fill
from analysis.publish.context import PageContext
from analysis.publish.left_out import HEADING
from analysis.publish.page import render_body


def page(body: str, facts: Facts | None = None) -> BeautifulSoup:
    context = PageContext("Title", "Description", facts=facts or Facts([]))
    return BeautifulSoup(render_body(body, context), "html.parser")


def headings(soup: BeautifulSoup) -> list[str]:
    return [tag.get_text() for tag in soup.find("main").find_all(["h2", "h3"])]


def lines(soup: BeautifulSoup) -> list[str]:
    section = next(tag for tag in soup.find_all("h2") if tag.get_text() == HEADING).find_parent("section")
    return [item.get_text() for item in section.find_all("li")]


REASON = str(part_left_out("This needs an extract of {census}.", census=month("2022-12")).to_html())


def test_a_part_goes_with_its_heading_its_contents_entry_and_all_that_is_under_it() -> None:
    soup = page(
        f"<h2>First</h2><p>a</p><h2>How many?</h2><div class='text'>{REASON}</div><h3>Part</h3><p>b</p><h2>Last</h2><p>c</p>"
    )
    assert headings(soup) == ["First", "Last", HEADING]
    assert "How many?" not in soup.find("nav").get_text()
    assert lines(soup) == ["How many? This needs an extract of December 2022."]


def test_a_smaller_part_goes_alone_and_a_heading_whose_parts_are_all_gone_goes_too() -> None:
    soup = page(f"<h2>Kept</h2><h3>Hours</h3>{REASON}<h3>Other</h3><p>c</p><h2>Gone</h2><h3>Only part</h3>{REASON}")
    assert headings(soup) == ["Kept", "Other", HEADING]
    assert lines(soup) == [f"{name}: This needs an extract of December 2022." for name in ("Hours", "Only part")]


def test_a_reason_within_a_part_that_went_already_has_no_line() -> None:
    assert len(lines(page(f"<h2>Whole</h2>{REASON}<h3>Part</h3>{REASON}"))) == 1


def test_a_part_with_a_chart_stays_and_says_why_it_has_no_more() -> None:
    soup = page(f"<h2>Staff</h2>{REASON}<figure id='figure-a'><p>chart</p></figure>")
    assert headings(soup) == ["Staff"]
    assert soup.find("main").find("p").get_text() == "This needs an extract of December 2022."


def test_charts_and_tables_without_data_are_listed_once_and_their_empty_box_goes() -> None:
    item = item_left_out("Funnel", "no chart, since <it> lacks patients.")
    soup = page(f"<h2>Areas</h2><p>a</p>{item.to_html()}{panel([item], css_class='tables').to_html()}")
    assert lines(soup) == ["Funnel: no chart, since <it> lacks patients."]
    assert soup.find("div", class_="tables") is None


def test_a_report_that_leaves_nothing_out_has_no_such_section() -> None:
    assert HEADING not in headings(page("<h2>First</h2><p>a</p>"))


def test_a_text_leaves_its_part_out_by_a_filter() -> None:
    """A constant, and one with a date: both are a paragraph of their own."""
    for source in ('{{ "This needs {what}."|left_out(what=period|month) }}', '{{ "This needs a list."|left_out }}'):
        html = fill(source, {"period": "2022-12"}).html
        assert html.startswith('<p class="left-out-part">This needs ')


def test_a_size_without_its_sign_is_that_of_its_fact() -> None:
    """Words say the direction; any other difference from the fact is refused as before."""
    loss = fact("change.fte.splw.ENG.2021-12.2022-09", -60.25, "FTE", "2022-09", text="−60")
    assert moved(loss, "rose by", "fell by").text == "fell by 60 FTE"
    assert moved(fact("x", 0.0, "FTE", "2022-09"), "rose by", "fell by").text == "did not change"
    shown = page(f"<h2>Change</h2><p>It fell by {without_sign(loss)}.</p>", Facts([loss]))
    assert shown.find("data").get_text() == "60"
    assert not shown.find("data").has_attr("data-size")
