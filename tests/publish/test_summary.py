"""The summary says what the first screen says, on a sheet and as text."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from publish import page_samples as samples

from analysis.publish.checks import check_page
from analysis.publish.page import report_body
from analysis.publish.summary import first_screen, render_summary, summary_text

BODY = (
    '<div class="headline"><p>Link workers rose to {n} full-time equivalents.</p></div>'
    '<figure class="chart"><figcaption><h3>They rose</h3><p>By census</p></figcaption><svg></svg>'
    "<details><table></table></details></figure>"
    "<dl><dt>Networks</dt><dd>1,105</dd><dd>28 more in a year</dd></dl>"
    "<h2>Were the targets met?</h2><dl><dt>By March</dt><dd>Yes *</dd></dl>"
    "<h2>Key figures</h2><p>Not in the summary.</p>"
)


def test_the_summary_is_what_stands_before_the_second_heading() -> None:
    assert "Were the targets met?" in first_screen(BODY)
    assert "Key figures" not in first_screen(BODY)
    assert "Not in the summary" not in first_screen(BODY)


def test_a_heading_within_a_text_counts_as_one() -> None:
    """A cell of text is a division of its own, with its heading inside."""
    within = BODY.replace("<h2>Were", '<div class="verdicts"><h2>Were').replace("</dl><h2>Key", "</dl></div><h2>Key")
    assert within != BODY
    assert "By March" in first_screen(within)
    assert "Key figures" not in first_screen(within)


def test_a_link_to_a_part_of_the_report_leads_there() -> None:
    body = '<p id="news"><a href="#news">A</a> <a href="#table-trend">B</a></p><h2>C</h2><h2 id="table-trend">D</h2>'
    links = BeautifulSoup(first_screen(body), "html.parser").select("a")
    assert [link["href"] for link in links] == ["#news", "index.html#table-trend"]
    assert check_page(render_summary(first_screen(body), samples.context()), kind="summary") == []


def test_the_text_reads_well_where_it_is_not_rendered() -> None:
    text = summary_text(first_screen(BODY), samples.context(synthetic=False, status=None))
    assert text.split("\n\n")[:5] == [
        "# Social prescribing link workers in England: summary, September 2022",
        "Link workers rose to {n} full-time equivalents.",
        "They rose",
        "- **Networks**: 1,105; 28 more in a year",
        "## Were the targets met?",
    ]
    assert "- **By March**: Yes \\*" in text


def test_the_text_says_that_it_is_a_draft_of_invented_figures() -> None:
    text = summary_text(first_screen(BODY), samples.context())
    assert "**Synthetic data.**" in text
    assert "**Draft: not a final report.**" in text


def test_the_sheet_has_the_figures_of_the_first_screen_and_leads_to_the_report(tmp_path: Path) -> None:
    html = render_summary(first_screen(report_body(samples.notebooks(tmp_path))), samples.context())
    page = BeautifulSoup(html, "html.parser")
    assert check_page(html, kind="summary") == []
    assert [heading.get_text() for heading in page.select("main h2")] == ["In brief"]
    assert page.select_one('a.fact:has(data[data-fact="fte.splw.ENG.2022-09"])') is not None
    assert [link["href"] for link in page.select("footer a")] == ["index.html"]
    assert "summary" in page.title.string
