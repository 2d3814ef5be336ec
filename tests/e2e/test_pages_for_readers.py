"""The pages of real runs as a reader has them: offline, without script, on a phone, by keyboard alone."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from e2e.reading import page_text

from analysis.publish.checks import check_page

pytestmark = pytest.mark.xdist_group("pages")

KINDS = ["real", "national", "sample", "summary", "origins", "validation", "front", "failure", "comparison"]
REPORTS = ["real", "national", "sample"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_asked_for_but_the_file_and_nothing_is_complained_of(
    new_page: Callable, report_pages: dict[str, Path], kind: str
) -> None:
    """Also while everything on the page is opened and pointed at."""
    opened = new_page(report_pages[kind])
    opened.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    opened.page.wait_for_load_state("networkidle")
    assert opened.requests == [report_pages[kind].resolve().as_uri()]
    assert opened.console == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_forbids_what_it_does_not_need(report_pages: dict[str, Path], kind: str) -> None:
    """Its Content-Security-Policy allows nothing by default, and a script by its hash alone."""
    soup = BeautifulSoup(report_pages[kind].read_text(encoding="utf-8"), "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";") if rule.strip())
    assert rules["default-src"] == "'none'"
    allowed = rules.get("script-src", "'none'").split()
    assert all(re.fullmatch(r"'none'|'sha256-[A-Za-z0-9+/=]+'", source) for source in allowed), allowed
    assert "'unsafe-inline'" not in allowed


def test_a_script_that_somebody_adds_does_not_run(
    new_page: Callable, report_pages: dict[str, Path], tmp_path: Path
) -> None:
    altered = tmp_path / "altered.html"
    text = report_pages["real"].read_text(encoding="utf-8")
    altered.write_text(text.replace("</body>", "<script>document.title = 'taken'</script></body>"), encoding="utf-8")
    opened = new_page(altered)
    assert opened.page.title() != "taken"
    assert any("Content Security Policy" in line for line in opened.console)


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_scrolls_sideways_on_a_phone(new_page: Callable, report_pages: dict[str, Path], kind: str) -> None:
    page = new_page(report_pages[kind], width=320).page
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("kind", KINDS)
def test_without_script_all_that_is_said_can_be_seen(
    new_page: Callable, report_pages: dict[str, Path], kind: str
) -> None:
    """No part waits for a script to be shown: only what a reader can open by hand is closed."""
    page = new_page(report_pages[kind], script=False).page
    assert page.locator("h1").is_visible()
    assert page.locator("main").inner_text().strip()
    for hidden in page.locator("main [hidden]:not(:has(input)), main [aria-hidden=true]:not(svg *)").all():
        assert hidden.inner_text().strip() == ""
    for disclosure in page.locator("main details").all():
        assert disclosure.locator("> summary").count() == 1


def test_without_script_a_figure_leads_to_its_origin_and_a_disclosure_opens(
    new_page: Callable, report_pages: dict[str, Path]
) -> None:
    page = new_page(report_pages["real"], script=False).page
    page.locator("main p a.fact").first.click()
    assert page.locator(".origin:target").is_visible()
    page.go_back()
    disclosure = page.locator("figure.chart details").first
    disclosure.locator("summary").click()
    assert disclosure.locator("table").is_visible()


@pytest.mark.parametrize("kind", REPORTS)
def test_every_chart_has_title_subtitle_alternative_and_table(report_pages: dict[str, Path], kind: str) -> None:
    soup = BeautifulSoup(report_pages[kind].read_text(encoding="utf-8"), "html.parser")
    # The small trend of the first screen stands below its finding, and its table is that of the figures by census.
    charts = soup.select("figure.chart:not(.compact)")
    assert len(charts) >= 6
    for chart in charts:
        drawing = chart.select_one("svg")
        caption = chart.select_one("figcaption")
        assert len(caption.get_text(" ", strip=True).split()) > 10
        assert drawing.find("title") is not None or drawing.get("aria-labelledby") or drawing.get("aria-label")
        assert len((drawing.find("desc") or caption).get_text(" ", strip=True).split()) > 10
        assert chart.select("details table tbody tr"), caption.get_text(" ", strip=True)


@pytest.mark.parametrize("kind", REPORTS)
def test_no_number_stands_in_prose_that_is_not_a_fact_a_date_or_a_quotation(
    report_pages: dict[str, Path], kind: str
) -> None:
    """The rule is the page's own; that it is not blind is shown by a number put into a paragraph of this page."""
    html = report_pages[kind].read_text(encoding="utf-8")
    assert [fault for fault in check_page(html) if fault.rule == "prose numbers"] == []
    typed = html.replace("</main>", "<p>There are 4,711 of them.</p></main>")
    assert "4,711" in " ".join(str(fault) for fault in check_page(typed))


DIRECTION = {
    "+": re.compile(r"\b(rose|risen|grew|gained|only at the later date)\b|\($"),
    "−": re.compile(r"\b(fell|fallen|lost|only at the earlier date)\b|\($"),
}
OTHER = {"+": "−", "−": "+"}


@pytest.mark.parametrize("kind", REPORTS)
def test_every_fact_in_the_page_is_the_one_in_facts_json(report_pages: dict[str, Path], kind: str) -> None:
    facts = json.loads((report_pages[kind].parent / "facts.json").read_text(encoding="utf-8"))
    soup = BeautifulSoup(report_pages[kind].read_text(encoding="utf-8"), "html.parser")
    shown = soup.select("main data[data-fact]")
    assert len(shown) > 50
    for element in shown:
        fact, text = facts[element["data-fact"]], element.get_text(strip=True)
        if text != fact["text"]:  # the sign is left to the words before it
            assert text == fact["text"].lstrip("+−")
            before = "".join(map(str, reversed(list(element.find_all_previous(string=True, limit=9)))))
            # One verb may stand for two figures, "had risen by … and by …": the last one before a figure is its own.
            sentence, sign = before.rpartition(". ")[2], fact["text"][0]
            own, opposite = (
                [word.end() for word in DIRECTION[each].finditer(sentence)] for each in (sign, OTHER[sign])
            )
            assert own, (sentence, fact["text"])
            assert own[-1] >= max(opposite, default=0), (sentence, fact["text"])
        assert element["value"] == ("" if fact["value"] is None else repr(fact["value"]))


def test_the_keyboard_alone_reaches_everything_and_sees_where_it_is(
    new_page: Callable, report_pages: dict[str, Path]
) -> None:
    """From the first Tab to the end of the page: skip link, contents, figures, disclosures, sorting, marks, downloads.

    Each stop is in view when it has the focus, and has a ring of two pixels or more.
    """
    page = new_page(report_pages["real"], reduced_motion="reduce").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a.skip')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    kinds = {
        "nav.contents a": 5,
        "main p a.fact": 10,
        "summary": 5,
        "th button": 20,
        ".mark": 5,
        "main a[href^='tables/']": 1,
        "footer a, main a[href='validation.html']": 1,
    }
    stops = page.evaluate(
        """() => {
            const stops = [...document.querySelectorAll("a[href], button, summary, input, [tabindex]")]
                .filter((stop) => stop.tabIndex >= 0 && stop.checkVisibility());
            return stops.map((stop) => {
                stop.focus({ focusVisible: true });
                const style = getComputedStyle(stop), box = stop.getBoundingClientRect();
                return { html: stop.outerHTML.slice(0, 120), has: document.activeElement === stop,
                         seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
                         ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth) };
            });
        }"""
    )
    assert [stop for stop in stops if not (stop["has"] and stop["seen"] and stop["ring"] >= 2)] == []
    for selector, least in kinds.items():
        reachable = page.locator(selector).evaluate_all(
            "found => found.filter((each) => each.tabIndex >= 0 && each.checkVisibility()).length"
        )
        assert reachable >= least, selector


def test_tab_walks_the_page_in_the_order_it_is_read(new_page: Callable, report_pages: dict[str, Path]) -> None:
    """The first hundred presses of Tab, as a person would: never a trap, never a step back."""
    page = new_page(report_pages["real"], reduced_motion="reduce").page
    seen = page.evaluate(
        "() => { window.places = new Map([...document.querySelectorAll('*')].map((e, i) => [e, i])); }"
    )
    assert seen is None
    places = []
    for _ in range(100):
        page.keyboard.press("Tab")
        places.append(page.evaluate("window.places.get(document.activeElement)"))
    assert None not in places
    assert places == sorted(set(places))


def test_sorting_a_real_table_by_keyboard_orders_the_numbers(new_page: Callable, report_pages: dict[str, Path]) -> None:
    page = new_page(report_pages["real"]).page
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    table = page.locator("table[data-sortable]").filter(has=page.locator("th button")).first
    header = table.locator("thead th").nth(1)
    header.locator("button").focus()
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    values = table.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => row.cells[1].dataset.value).filter((value) => value !== undefined).map(Number)"
    )
    assert values == sorted(values)
    assert header.evaluate("cell => cell.contains(document.activeElement)"), "sorting took the focus away"


def test_an_origin_opens_and_closes_by_keyboard_and_says_where_the_number_is_from(
    new_page: Callable, report_pages: dict[str, Path]
) -> None:
    page = new_page(report_pages["real"]).page
    figure = page.locator("main a.fact:has(data[data-fact='fte.splw.ENG.2022-09'])").first
    figure.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    said = card.inner_text()
    for part in ("2046.99", "September 2022", "2,259 rows", "sha256", "September 2022 Individual Level.csv"):
        assert part in said
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert figure.evaluate("link => link === document.activeElement")


def test_synthetic_pages_say_so_in_title_and_banner(new_page: Callable, report_pages: dict[str, Path]) -> None:
    for path in (report_pages["sample"], report_pages["sample"].with_name("validation.html")):
        page = new_page(path, script=False).page
        assert "SYNTHETIC" in page.title()
        banner = page.locator(".banner.synthetic")
        assert banner.is_visible()
        assert "ynthetic" in banner.inner_text()


def test_real_pages_do_not_say_synthetic(report_pages: dict[str, Path]) -> None:
    """Neither in their text nor in their title; the style sheet holds the word for those that do."""
    assert "synthetic" not in page_text(report_pages["real"]).lower()


WORDS_BEFORE_THE_SECOND_HEADING = 120
SECOND_HEADING = "document.querySelectorAll('main h2')[1]"
# What is seen from the beginning of the content to the second heading, without the drawing.
WORDS_SEEN = f"""() => {{
    const words = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {{
        const text = walker.currentNode;
        if ({SECOND_HEADING}.contains(text)) break;
        if (!text.parentElement.closest("svg") && text.parentElement.checkVisibility()) words.push(text.data);
    }}
    return words.join(" ").replace(/ ([.,;:])/g, "$1").split(/\\s+/).filter((word) => /\\w/.test(word)).length;
}}"""


@pytest.mark.parametrize("kind", REPORTS)
def test_the_first_screen_holds_news_trend_figures_and_verdicts(
    new_page: Callable, report_pages: dict[str, Path], kind: str
) -> None:
    """Within two screens of a phone, and most of one of a desk; the heading of the verdicts is the first."""
    page = new_page(report_pages[kind], width=360, height=800).page
    assert page.locator("main h2, main h3").first.inner_text().removesuffix(" #") == "Were the targets met?"
    for part in (".headline p", ".chart.compact svg:visible", ".tiles dd", ".verdicts dd"):
        assert page.locator(part).first.bounding_box()["y"] < 1600, part
    assert page.evaluate(f"{SECOND_HEADING}.getBoundingClientRect().top") <= 2 * 800
    assert page.evaluate(WORDS_SEEN) <= WORDS_BEFORE_THE_SECOND_HEADING
    wide = new_page(report_pages[kind], width=1280, height=900).page
    assert wide.locator(".verdicts h2").bounding_box()["y"] < 720


@pytest.mark.parametrize("kind", REPORTS)
def test_what_a_page_shows_can_be_saved_from_it_when_it_was_sent_alone(
    new_page: Callable, report_pages: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    """No folder lies beside the copy: the table is made of the page, to nine digits, and says when it is synthetic."""
    alone = tmp_path / "sent.html"
    alone.write_bytes(report_pages[kind].read_bytes())
    page = new_page(alone, accept_downloads=True).page
    page.locator("summary", has_text="Link workers by census").click()
    with page.expect_download() as saving:
        page.locator("details[open] p.download button").first.click()
    assert saving.value.suggested_filename == "link-workers-by-census.csv"
    saved = tmp_path / "saved.csv"
    saving.value.save_as(saved)
    rows = list(csv.DictReader(saved.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0]["Census"] == "2020-03"
    assert float(rows[0]["FTE"]) == pytest.approx(112.3248, abs=1e-6)
    assert rows[0].get("synthetic_data") == ("yes" if kind == "sample" else None)
