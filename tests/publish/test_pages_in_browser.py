"""The pages in a real browser: accessible at every width, offline, with and without script, by keyboard, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from publish import page_samples as samples

import analysis as an
from analysis.charts.figure import Figure
from analysis.publish.page import render_body

KINDS = ["report", "summary", "origins", "validation", "front", "failure", "comparison"]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: object) -> list[str]:
    response = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response
    return [f"{found['id']}: {node['html'][:160]}" for found in response["violations"] for node in found["nodes"]]


@pytest.mark.parametrize("width", [1280, 768, 320])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_at_any_width(new_page: Callable, pages: dict[str, Path], kind: str, width: int) -> None:
    opened = new_page(pages[kind], width=width)
    opened.page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    assert violations(opened.page) == []


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("html-has-lang", ('<html lang="en-GB">', "<html>")),
        ("document-title", ("<title>", "<title></title><desc>")),
        ("landmark-one-main", ('<main id="main" tabindex="-1">', '<div id="main" tabindex="-1">')),
        ("landmark-no-duplicate-contentinfo", ("<footer", "<footer>x</footer><footer")),
        ("label", ("<p>Areas are", '<input type="text"><p>Areas are')),
        ("link-name", ("<p>Areas are", '<a href="#main"></a><p>Areas are')),
        ("empty-table-header", ('<th scope="row">2021-12', '<th scope="row"></th><td>2021-12')),
        ("color-contrast", ("--quiet: #4c5a64", "--quiet: #8c9aa4")),
    ],
)
def test_axe_finds_what_the_templates_could_get_wrong(
    new_page: Callable, pages: dict[str, Path], tmp_path: Path, rule: str, change: tuple[str, str]
) -> None:
    """The checks of a run leave out what is the same in every report; here it is seen that these tests do not."""
    good = pages["report"].read_text(encoding="utf-8")
    assert change[0] in good, "the sample no longer holds what this case spoils"
    spoilt = re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", good.replace(*change, 1), flags=re.DOTALL)
    (tmp_path / "spoilt.html").write_text(spoilt, encoding="utf-8")
    opened = new_page(tmp_path / "spoilt.html")
    opened.page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    assert rule in {found.partition(":")[0] for found in violations(opened.page)}


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_paper(new_page: Callable, pages: dict[str, Path], kind: str) -> None:
    assert violations(new_page(pages[kind], media="print").page) == []


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_without_script(
    new_page: Callable, pages: dict[str, Path], tmp_path: Path, kind: str, width: int
) -> None:
    """The page's script is taken out, since axe itself needs a browser that runs scripts."""
    plain = tmp_path / "plain.html"
    plain.write_text(
        re.sub(r"<script>.*?</script>", "", pages[kind].read_text(encoding="utf-8"), flags=re.DOTALL), encoding="utf-8"
    )
    assert violations(new_page(plain, width=width).page) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_asked_for_but_the_file_and_nothing_is_complained_of(
    new_page: Callable, pages: dict[str, Path], kind: str
) -> None:
    opened = new_page(pages[kind])
    opened.page.wait_for_load_state("networkidle")
    assert opened.requests == [pages[kind].resolve().as_uri()]
    assert opened.console == []


@pytest.mark.parametrize("width", [768, 320])
@pytest.mark.parametrize("kind", KINDS)
def test_no_page_scrolls_sideways(new_page: Callable, pages: dict[str, Path], kind: str, width: int) -> None:
    page = new_page(pages[kind], width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_every_figure_leads_to_its_origin(new_page: Callable, pages: dict[str, Path]) -> None:
    page = new_page(pages["report"], script=False).page
    assert page.locator("[hidden]").count() == 0
    page.locator("main p a.fact").first.click()
    assert "origins.html#origin-" in page.url
    assert page.locator(".origin:target").is_visible()
    assert page.locator("dialog").count() == 0


def test_without_script_the_checks_can_be_filtered(new_page: Callable, pages: dict[str, Path]) -> None:
    page = new_page(pages["validation"], script=False).page
    page.get_by_label("as expected", exact=True).check()
    assert page.locator(".check:visible").count() == 2
    page.locator("#severity-critical").check()
    assert page.locator(".check:visible").count() == 1


def test_the_first_tab_stop_skips_to_the_main_content(new_page: Callable, pages: dict[str, Path]) -> None:
    page = new_page(pages["report"]).page
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_keyboard_reaches_every_control_and_sees_where_it_is(new_page: Callable, pages: dict[str, Path]) -> None:
    """Contents, facts, sort buttons, disclosures, marks, links: each is reached by Tab and shows a ring of 3 px."""
    page = new_page(pages["report"], reduced_motion="reduce").page
    reached = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return null;
                const style = getComputedStyle(element), box = element.getBoundingClientRect();
                const within = (selector) => element.closest(selector) !== null;
                const kind = ["nav.contents a", "a.fact", "th button", "summary", ".mark", "a.anchor", "footer a", "a.skip"]
                    .find((selector) => element.matches(selector)) || element.tagName;
                return { kind, ring: parseFloat(style.outlineWidth), style: style.outlineStyle,
                         seen: box.bottom > 0 && box.top < innerHeight && box.width > 0, hidden: within("[hidden]") };
            }"""
        )
        if seen is None:
            break
        reached.add(seen["kind"])
        assert seen["ring"] >= 3, seen
        assert seen["style"] == "solid", seen
        assert seen["seen"], seen
    assert {"nav.contents a", "a.fact", "th button", "summary", ".mark", "a.anchor", "footer a", "a.skip"} <= reached


def test_an_origin_opens_by_keyboard_near_its_figure_and_gives_the_focus_back(
    new_page: Callable, pages: dict[str, Path]
) -> None:
    page = new_page(pages["report"]).page
    figure = page.locator("main p a.fact").first
    figure.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="2,047 full-time equivalents, September 2022")
    assert card.is_visible()
    text = card.inner_text()
    for said in (
        "Sum of full-time equivalents",
        "It was counted from 9,712 rows of one file.",
        "fte.sum()",
        "2046.99",
        "sha256",
        "9,712 rows",
        "Individual level 2022-09.csv",
    ):
        assert said in text
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert figure.evaluate("link => link === document.activeElement")


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 640), (320, 256)])
def test_a_card_opens_within_the_window_wherever_its_figure_is(
    new_page: Callable, pages: dict[str, Path], width: int, height: int
) -> None:
    """It opened 702 px above the window when its figure had been scrolled away."""
    page = new_page(pages["report"], width=width, height=height, reduced_motion="reduce").page
    figures = page.locator("main a.fact")
    for place in (0, figures.count() - 1):
        for scrolled in ("0", "document.body.scrollHeight"):
            figures.nth(place).evaluate("link => link.focus({ preventScroll: true })")
            page.evaluate(f"scrollTo(0, {scrolled})")
            page.evaluate("document.activeElement.click()")  # as a screen reader or a voice does: nothing scrolls to it
            box = page.get_by_role("dialog").bounding_box()
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height
            page.keyboard.press("Escape")


def test_a_page_that_was_sent_alone_still_shows_where_a_figure_comes_from(
    new_page: Callable, pages: dict[str, Path], tmp_path: Path
) -> None:
    alone = tmp_path / "sent.html"
    alone.write_bytes(pages["report"].read_bytes())
    page = new_page(alone).page
    page.get_by_role("link", name="1,105 networks, where this comes from").first.click()
    assert "It was counted from 9,712 rows of one file." in page.get_by_role("dialog").inner_text()
    assert page.url == alone.resolve().as_uri()


def test_sorting_uses_the_unrounded_value_puts_the_missing_last_and_says_so(
    new_page: Callable, pages: dict[str, Path]
) -> None:
    page = new_page(pages["report"]).page
    table = page.locator("table:has(#table-trend)")
    button = table.get_by_role("button", name=re.compile("^Change"))
    button.focus()
    page.keyboard.press("Enter")
    assert table.locator("tbody th").all_inner_texts() == ["2021-12", "2022-03", "2022-09", "2022-06"]
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert table.locator("tbody th").all_inner_texts() == ["2022-06", "2022-09", "2022-03", "2021-12"]
    assert "descending" in page.locator("[role=status]").inner_text()
    assert page.locator("th[aria-sort]").count() == 1


def test_arrows_walk_the_marks_of_a_chart_and_show_each_value(new_page: Callable, pages: dict[str, Path]) -> None:
    page = new_page(pages["report"]).page
    figure = page.locator("figure.chart").first
    marks = figure.locator("svg.wide-only .mark")
    assert [mark.get_attribute("tabindex") for mark in marks.all()] == ["0", "-1", "-1", "-1"]
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    assert figure.locator(".mark-value").inner_text() == "March 2022: 1,740.9 FTE"
    page.keyboard.press("End")
    assert figure.locator(".mark-value").inner_text() == "September 2022: 2,047.0 FTE"
    assert marks.last.evaluate("mark => mark === document.activeElement")


def page_with_two_lines(folder: Path) -> Path:
    """A report with one chart, of two lines over the same four censuses."""
    frame = pd.DataFrame(
        [
            (census, line, value * share)
            for line, share in (("All", 1.0), ("Staff", 0.5))
            for census, value in zip(samples.CENSUSES, samples.FTE, strict=True)
        ],
        columns=["census", "line", "fte"],
    )
    chart = an.figure(
        an.line(frame, "fte", series="line", unit="FTE", decimals=1),
        id="two-lines",
        title="Two lines",
        subtitle="FTE by census",
        table=samples.trend_table("two-lines-data"),
    )
    path = folder / "lines.html"
    body = f"<h2>Lines</h2>{Figure.of(chart).to_html()}"
    path.write_text(render_body(body, samples.context(facts=samples.Facts())), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 320])
def test_a_tooltip_shows_all_lines_at_a_census_by_keyboard_and_by_pointer(
    new_page: Callable, tmp_path: Path, width: int
) -> None:
    opened = new_page(page_with_two_lines(tmp_path), width=width, reduced_motion="reduce")
    page, tip = opened.page, opened.page.locator(".chart-tip")
    marks = page.locator("svg:visible .mark")
    said = ["March 2022", "All: 1,740.9 FTE", "Staff: 870.5 FTE"]
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    assert tip.inner_text().splitlines() == said
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "March 2022: 870.5 FTE, Staff"
    assert tip.inner_text().splitlines() == said
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    box = marks.nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 30)
    assert tip.inner_text().splitlines() == said
    tip_box = tip.bounding_box()
    assert tip_box["x"] >= 0
    assert tip_box["x"] + tip_box["width"] <= width
    assert violations(page) == []
    assert opened.console == []


def test_many_reports_can_be_searched(new_page: Callable, pages: dict[str, Path]) -> None:
    page = new_page(pages["front"]).page
    page.get_by_label("Search by month, status or verdict").fill("december 2021")
    assert page.locator(".entry:visible h3").all_inner_texts() == ["December 2021"]
    assert page.locator("[role=status]").inner_text() == "1 of 12 shown."


def test_on_paper_stands_what_is_open_and_the_links_are_spelt_out(new_page: Callable, pages: dict[str, Path]) -> None:
    page = new_page(pages["report"], media="print", script=False).page
    table = page.locator("figure.chart details table").first
    assert not table.is_visible()
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert table.is_visible()
    spelt = page.locator("main a[href^='https']").evaluate("link => getComputedStyle(link, '::after').content")
    assert "https://www.england.nhs.uk/" in spelt.replace('" "', "")
    assert not page.locator("nav.contents").is_visible()
    assert page.locator(".print-mark").is_visible()


def test_small_targets_are_at_least_24_pixels(new_page: Callable, pages: dict[str, Path]) -> None:
    """WCAG 2.5.8 for what is no link in a sentence."""
    for kind in ("report", "validation", "front"):
        page = new_page(pages[kind], width=320).page
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, nav a, input")]
                .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
                .filter(([, box]) => box.width && (box.height < 24 || box.width < 24) && box.width > 0)
                .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
        )
        assert [target for target in small if "radio" not in target] == []
