"""What of a notebook reaches the page, in what order, and with which origins."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from publish import page_samples as samples

from analysis.errors import NotebookError, PageError
from analysis.facts.fact import Fact, Origin, Source
from analysis.facts.fact import Status as FactStatus
from analysis.publish.checks import check_page
from analysis.publish.context import Status
from analysis.publish.origin_words import status_sentence
from analysis.publish.page import render_body, report_body
from analysis.publish.shell import csp_hash


def rendered(tmp_path: Path, *cells: nbformat.NotebookNode, **changes: object) -> BeautifulSoup:
    path = tmp_path / "4_report.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return BeautifulSoup(render_body(report_body([path]), samples.context(**changes)), "html.parser")


def soup_of(body: str, **changes: object) -> BeautifulSoup:
    return BeautifulSoup(render_body(body, samples.context(**changes)), "html.parser")


def test_code_printed_text_and_warnings_stay_in_the_notebook(pages: dict[str, Path]) -> None:
    text = pages["report"].read_text(encoding="utf-8")
    assert "noise" not in text
    assert "1 + 1" not in text


def test_cells_for_the_notebook_alone_are_left_out(pages: dict[str, Path]) -> None:
    assert "for analysts only" not in pages["report"].read_text(encoding="utf-8")


def test_the_title_is_the_templates_and_a_notebooks_own_becomes_a_section(tmp_path: Path) -> None:
    page = rendered(tmp_path, new_markdown_cell("# Coverage\n\nText."))
    assert [heading.get_text(" ", strip=True) for heading in page.find_all("h1")] == [
        "Social prescribing link workers in England September 2022"
    ]
    assert page.select_one("main h2#coverage") is not None


def test_each_second_level_heading_opens_a_section_named_by_it(pages: dict[str, Path]) -> None:
    page = BeautifulSoup(pages["report"].read_text(encoding="utf-8"), "html.parser")
    for heading in page.select("main h2"):
        assert heading.find_parent("section")["aria-labelledby"] == heading["id"]


def test_the_contents_list_every_section_and_its_parts_but_no_chart_title(pages: dict[str, Path]) -> None:
    page = BeautifulSoup(pages["report"].read_text(encoding="utf-8"), "html.parser")
    listed = [link["href"] for link in page.select("nav.contents > details > ol > li > a")]
    assert listed == ["#in-brief", "#downloads", "#growth", "#integrated-care-boards", "#coverage", "#data-quality"]
    assert [link.get_text() for link in page.select("nav.contents a[href='#by-census']")] == ["By census"]
    assert not page.select("nav.contents a[href*='trend-chart']")


def test_headings_of_one_name_get_ids_that_differ() -> None:
    page = soup_of('<h2>Growth</h2><h3>Growth</h3><p id="growth-3">x</p><h2>Growth</h2>', downloads=())
    assert [heading["id"] for heading in page.select("main h2, main h3")] == ["growth", "growth-2", "growth-4"]


def test_an_error_in_a_notebook_stops_the_page(tmp_path: Path) -> None:
    failed = new_code_cell("1 / 0", outputs=[new_output("error", ename="ZeroDivisionError", evalue="division by zero")])
    with pytest.raises(NotebookError, match="cell 2, holds an error: ZeroDivisionError"):
        rendered(tmp_path, new_markdown_cell("## A"), failed)


@pytest.mark.parametrize("kind", ["application/vnd.vegalite.v5+json", "application/javascript", "image/png"])
def test_an_output_that_only_a_library_could_show_is_refused(tmp_path: Path, kind: str) -> None:
    chart = new_code_cell(
        "chart",
        outputs=[
            new_output(
                "display_data", data={kind: {"a": 1} if kind.endswith("json") else "AA==", "text/plain": "chart"}
            )
        ],
    )
    with pytest.raises(PageError, match="cell 1, shows"):
        rendered(tmp_path, chart)


def test_a_value_left_at_the_end_of_a_cell_is_no_prose(tmp_path: Path) -> None:
    cell = new_code_cell("frame.shape", outputs=[new_output("execute_result", data={"text/plain": "(97660, 18)"})])
    assert "97660" not in rendered(tmp_path, cell).get_text()


def test_each_fact_leads_to_its_origin_which_says_all_there_is_to_say(pages: dict[str, Path]) -> None:
    report, page = (
        BeautifulSoup(pages[kind].read_text(encoding="utf-8"), "html.parser") for kind in ("report", "origins")
    )
    links = report.select("main a.fact")
    assert links
    for link in links:
        address, _, anchor = link["href"].partition("#")
        assert address == "origins.html"
        assert page.find(id=anchor) is not None
    origin = page.find(id="origin-fte.splw.ENG.2022-09").get_text(" ", strip=True)
    for said in (
        "2,047 full-time equivalents, September 2022",
        "It was counted from 9,712 rows of one file.",
        "Sum of full-time equivalents",
        "fte.sum()",
        "2046.99",
        "(9,712 rows)",
        "rounded",
    ):
        assert said in origin
    inputs = page.select(".inputs li")
    assert ["2021-12" in inputs[0].get_text(), "2022-09" in inputs[1].get_text(), len(inputs)] == [True, True, 2]


@pytest.mark.parametrize(
    ("value", "unit", "text", "name"),
    [
        (87.5, "%", "87.5%", "87.5%"),
        (1105, "PCNs", "1,105", "1,105 networks"),
        (1, "PCNs", "1", "1 network"),
        (1, "days", "1", "1 day"),
        (-1.2, "FTE", "−1", "−1 full-time equivalent"),
        (0.425, "FTE per 10,000 patients", "0.42", "0.42 full-time equivalents per 10,000 patients"),
        (1000, "in no stated unit", "1,000", "1,000"),
        (None, "people", "[x]", "[x] people"),
    ],
)
def test_a_link_from_a_figure_says_what_it_is_of(value: float | None, unit: str, text: str, name: str) -> None:
    """Somebody who goes from link to link hears "1,105 networks, where this comes from", not "1,105"."""
    shown = samples.fact("pcns_reporting.ENG.2022-09", value, unit, "2022-09", text)
    page = soup_of(f"<h2>A</h2><p>{shown.__html__()}</p>", facts=samples.Facts([shown]))
    assert page.select_one("a.fact")["aria-label"] == f"{name}, where this comes from"


def test_what_a_card_says_cannot_end_the_block_that_holds_it() -> None:
    """A file's name comes from whoever made the file."""
    hostile = dataclasses.replace(
        samples.facts()["fte.splw.ENG.2022-09"],
        origin=Origin(samples.HOSTILE, samples.HOSTILE, sources=(Source("</script><!--.csv", "0" * 64, "2022-09", 1),)),
    )
    html = render_body(f"<h2>A</h2><p>{hostile.__html__()}</p>", samples.context(facts=samples.Facts([hostile])))
    assert check_page(html) == []
    block = BeautifulSoup(html, "html.parser").find("script", id="origins-data")
    data = json.loads(block.get_text())
    assert data["inputs"] == [["</script><!--.csv", "the census 2022-09", "0" * 64]]
    formula = data["cards"]["fte.splw.ENG.2022-09"][2]
    assert " ".join(data["parts"][part] for part in formula) == samples.HOSTILE


def test_downloads_stand_after_the_first_screen_and_at_the_end(pages: dict[str, Path]) -> None:
    page = BeautifulSoup(pages["report"].read_text(encoding="utf-8"), "html.parser")
    headings = [heading["id"] for heading in page.select("main h2, footer h2")]
    assert headings[:2] == ["in-brief", "downloads"]
    assert headings[-1] == "other-files"
    assert page.select_one(".downloads a")["href"] == "tables/all-tables.xlsx"


def test_sort_values_are_short_and_still_in_order() -> None:
    page = soup_of(
        "<table><tr><td class='number' data-value='0.03333333333333333'>0.0</td><td class='number'>[x]</td></tr></table>"
    )
    assert [(cell.get("data-value"), cell.get("class")) for cell in page.select("td")] == [
        ("0.0333333333", None),
        (None, ["number"]),
    ]


def test_a_figure_that_names_no_fact_is_not_printed() -> None:
    with pytest.raises(PageError, match=r"'fte\.splw\.ENG\.1999-01', which the analysis does not hold"):
        soup_of('<p><data value="1.0" data-fact="fte.splw.ENG.1999-01">1</data></p>')


@pytest.mark.parametrize(("value", "text"), [("2046.98", "2,047"), ("2046.99", "2,048")])
def test_a_figure_that_differs_from_its_fact_is_not_printed(value: str, text: str) -> None:
    with pytest.raises(PageError, match=r"where the fact 'fte\.splw\.ENG\.2022-09' is '2,047'"):
        soup_of(f'<p><data value="{value}" data-fact="fte.splw.ENG.2022-09">{text}</data></p>')


def test_a_fact_inside_a_control_is_not_made_a_second_control() -> None:
    fact = '<data value="2046.99" data-fact="fte.splw.ENG.2022-09">2,047</data>'
    page = soup_of(f"<h2>A</h2><details><summary>{fact}</summary><p>{fact}</p></details>")
    assert page.select_one("summary a") is None
    assert page.select_one("details p a.fact") is not None


def test_synthetic_data_is_said_in_title_banner_and_print() -> None:
    page = soup_of("<h2>A</h2>", synthetic=True)
    assert page.title.get_text().startswith("SYNTHETIC DATA")
    assert "Synthetic data." in page.select_one("header .banner.synthetic").get_text()
    assert "SYNTHETIC DATA" in page.select_one(".print-mark").get_text()
    real = soup_of("<h2>A</h2>", synthetic=False, status=Status("final", ("All is well.",)))
    assert "synthetic" not in real.find("header").get_text().lower()
    assert "SYNTHETIC" not in real.title.get_text()


def test_a_draft_says_so_and_why_and_a_final_report_has_no_print_mark() -> None:
    draft = soup_of("<h2>A</h2>", synthetic=False)
    assert "not committed" in draft.select_one("header .status.draft").get_text()
    assert draft.select_one(".print-mark").get_text() == "DRAFT"
    final = soup_of("<h2>A</h2>", synthetic=False, status=Status("final", ("Made from published extracts.",)))
    assert "Made from published extracts." in final.select_one("header .status.final").get_text()
    assert final.select_one(".print-mark") is None


def test_hostile_text_in_title_status_and_facts_stays_text() -> None:
    page = render_body(
        "<h2>A</h2>",
        samples.context(title=samples.HOSTILE, description=samples.HOSTILE, status=Status("draft", (samples.HOSTILE,))),
    )
    assert check_page(page, kind="validation") == []
    assert page.count("<script>") == 1


@pytest.mark.parametrize(
    ("lost", "element"),
    [
        ("<p>A<td onclick=alert()>network</p>", "<td>"),
        ("<p>A <body class=x>network</p>", "<body>"),
        ("<p>A <frameset>network</p>", "<frameset>"),
        ("<p>A\x00network</p>", "'\\x00'"),
    ],
)
def test_what_a_browser_passes_over_is_refused_before_it_is_lost(lost: str, element: str) -> None:
    """The checks of the page see what is left of an output."""
    with pytest.raises(PageError, match=re.escape(element)) as caught:
        render_body(f"<h2>A</h2>\n{lost}", samples.context())
    assert "line 2" in caught.value.what


def test_what_looks_like_a_tag_in_a_text_is_no_loss() -> None:
    page = soup_of("<h2>A</h2><!-- <td> --><p title='<td>'>if a &lt;td</p>")
    assert page.select_one("main p[title]")["title"] == "<td>"


def test_a_drawing_keeps_the_case_of_its_names_and_a_space_without_a_break_two_bytes() -> None:
    page = render_body(
        "<h2>A</h2><svg viewBox='0 0 1 1'><clipPath id=a /></svg><p>1&nbsp;\u00a0&amp;nbsp;</p>", samples.context()
    )
    assert '<svg viewBox="0 0 1 1"><clipPath id="a"></clipPath></svg>' in page
    assert "<p>1\u00a0\u00a0&amp;nbsp;</p>" in page


def test_the_same_body_gives_the_same_bytes() -> None:
    body = "<h1>A</h1><dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt></dl><p>x<p>y<table><tr><td class=number data-value=1.50>1"
    assert len({render_body(body, samples.context()) for _ in range(20)}) == 1


def test_style_attributes_go_since_the_policy_would_ignore_them() -> None:
    assert "style=" not in str(soup_of('<h2>A</h2><p style="color: red">x</p>').find("main"))


def test_the_policy_names_the_style_and_the_script_by_their_hashes(pages: dict[str, Path]) -> None:
    for path in pages.values():
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert f"style-src {csp_hash(page.style.string)};" in policy
        assert f"script-src {csp_hash(page.find_all('script')[-1].string)};" in policy


def test_the_same_inputs_in_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(samples.all_pages(tmp_path / name))
    assert made[0] == made[1]


def test_the_furniture_of_a_page_is_small(pages: dict[str, Path]) -> None:
    """Template, style and script together stay under 65 KB, so that the promised 900 KB are for content."""
    assert len(render_body("", samples.context(facts=samples.Facts())).encode()) < 65_000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fte.splw.ENG.2026-06", "From this census on"),
        ("change.fte.splw.ENG.2022-09.2026-06", "lies between the two dates"),
        ("size_of_change_year.fte.splw.ENG.2023-06", "lies between the two dates"),
        ("since_peak.fte.splw.ENG.2026-06", "lies between the two dates"),
    ],
)
def test_a_break_begins_with_a_figure_and_lies_within_a_change(name: str, words: str) -> None:
    """The origin of a change across a break said that the series counts something else from its later census on."""
    broken = Fact(name, 1.0, "FTE", "2026-06", "1", FactStatus.BREAK, Origin("made up", "sum"))
    assert words in status_sentence(broken)
