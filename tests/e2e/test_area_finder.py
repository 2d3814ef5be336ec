"""A reader finds an own network: by name or code, by keyboard, by an address, and without script in plain tables."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from e2e.test_pages_axe import THIN, violations

from analysis.publish.checks import REPORT_MAX_BYTES

pytestmark = pytest.mark.xdist_group("pages")
ROLE = "Social Prescribing Link Workers"


@pytest.fixture(scope="module")
def page_file(real_report_2022_09: Path) -> Path:
    return real_report_2022_09 / "index.html"


@pytest.fixture(scope="module")
def extract(real_data: Path) -> list[dict[str, str]]:
    (path,) = (real_data / "pcn-workforce-individual").glob("*September 2022*")
    with path.open(encoding="cp1252", newline="") as stream:
        return list(csv.DictReader(stream))


def shown_rows(page_file: Path) -> dict[str, tuple[str, ...]]:
    """The rows of the plain tables by code: name and notes, FTE, people, rate, contracted."""
    soup = BeautifulSoup(page_file.read_text(encoding="utf-8"), "html.parser")
    rows = {}
    for row in soup.select("details.areas tbody tr"):
        # The page leaves out implied end tags, so that this parser finds each cell in the one before it.
        head = "|".join(
            str(part) if isinstance(part, str) else part.get_text() for part in row.th.children if part.name != "td"
        )
        code = head.split("|")[0].rpartition("(")[2].rstrip(")")
        assert code not in rows
        rows[code] = (head, *(str(cell.find(string=True, recursive=False)) for cell in row.find_all("td")))
    return rows


def test_each_area_of_the_extract_stands_once_in_a_plain_table_with_its_figures(page_file, extract):
    rows = shown_rows(page_file)
    fte, contracted, people = defaultdict(float), defaultdict(float), defaultdict(set)
    codes = {"ENG"}
    for line in extract:
        here = (line["PCN_CODE"], line["SUB_ICB_CODE"], line["ICB_CODE"], line["COMM_REGION_CODE"], "ENG")
        codes.update(here)
        if line["STAFF_ROLE"] != ROLE:
            continue
        for code in here:
            fte[code] += float(line["FTE"])
            if line["Data_source"] == "NWRS Staff":
                people[code].add(line["UNIQUE_IDENTIFIER"])
            else:
                contracted[code] += float(line["FTE"])
    assert codes <= set(rows)
    for code in codes:
        shown = [
            float(text.replace(",", "").replace("−", "-")) for text in (rows[code][1], rows[code][2], rows[code][4])
        ]
        assert shown[0] == pytest.approx(fte[code], abs=0.0501)
        assert shown[1] == len(people[code])
        assert shown[2] == pytest.approx(contracted[code], abs=0.0501)
    assert all("did not report" in rows[code][0] and rows[code][1] == "[x]" for code in set(rows) - codes)


def test_the_section_stands_before_the_targets_and_the_page_keeps_its_size(page_file):
    html = page_file.read_text(encoding="utf-8")
    assert 0 < html.index('id="find-your-area"') < html.index('id="the-targets"')
    assert len(html.encode("utf-8")) <= REPORT_MAX_BYTES


def test_a_network_is_found_by_two_tab_stops_and_under_five_keystrokes(new_page: Callable, page_file: Path) -> None:
    page = new_page(page_file).page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    keys = ["Enter", "k", "i", "d"]  # to the field, and three letters of KIDLINGTON
    for key in keys:
        page.keyboard.press(key)
    field = page.get_by_role("combobox", name="Name or code of an ICB, sub-ICB or network")
    assert field.evaluate("field => field === document.activeElement")
    assert field.get_attribute("aria-expanded") == "true"
    options = page.get_by_role("listbox", name="Areas").get_by_role("option")
    assert "KIDLINGTON" in options.first.inner_text()
    assert options.first.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")


def test_networks_are_listed_after_four_letters_of_a_word_of_their_name_or_their_code(new_page, page_file):
    """Of names that share all their beginnings with thirty others the code tells them apart."""
    page = new_page(page_file).page
    missed = page.evaluate(
        """async () => {
            const field = document.getElementById("area-search");
            const listed = (typed) => {
                field.value = typed;
                field.dispatchEvent(new Event("input"));
                return [...document.querySelectorAll("#area-options li span")].map((span) => span.textContent);
            };
            const rows = [...document.querySelectorAll("details.areas tbody tr:not([class])")].filter((_, number) => number % 9 === 0);
            const missed = [];
            for (const row of rows) {
                const [, name, code] = row.cells[0].textContent.match(/^(.*?) \\((U\\d{5})\\)/);
                const beginnings = name.split(/[^A-Za-z0-9]+/).filter((word) => word.length > 2).map((word) => word.slice(0, 4));
                if (!beginnings.some((typed) => listed(typed).some((said) => said.includes(code)))) missed.push(name);
                if (!listed(code)[0].includes(code)) missed.push(code);
            }
            return [rows.length, missed];
        }"""
    )
    assert missed[0] > 100
    assert len(missed[1]) <= 0.02 * missed[0], missed[1]


def test_the_keyboard_chooses_and_the_focus_goes_to_what_was_found(new_page: Callable, page_file: Path) -> None:
    opened = new_page(page_file)
    page = opened.page
    field = page.locator("#area-search")
    field.focus()
    page.keyboard.type("lancashire")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.get_by_role("option", selected=True).count() == 1
    page.keyboard.press("Escape")
    assert not page.locator("#area-options").is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.url.endswith("#area=QE1")
    heading = page.locator("#area-heading")
    assert heading.inner_text() == "NHS Lancashire and South Cumbria ICB"
    assert heading.evaluate("heading => heading === document.activeElement")
    assert opened.console == []


def test_the_address_opens_an_area_and_follows_it(new_page: Callable, page_file: Path) -> None:
    page = new_page(page_file).page
    page.goto(f"{page_file.resolve().as_uri()}#area=qe1")
    page.reload()
    assert page.locator("#area-heading").inner_text() == "NHS Lancashire and South Cumbria ICB"
    page.evaluate("location.hash = '#area=U00070'")
    page.wait_for_function("document.getElementById('area-heading').textContent.startsWith('WEST MERTON')")
    said = page.locator(".area-result").inner_text()
    assert "0.7" in said
    assert "its ICB" in said
    assert "England 0.38" in said
    page.go_back()
    page.wait_for_function("document.getElementById('area-heading').textContent.startsWith('NHS Lancashire')")
    page.evaluate("location.hash = '#area=%3Cb%3EX'")
    page.wait_for_function("document.getElementById('area-heading').textContent === 'No such area'")
    assert page.locator(".area-result b").count() == 0


def test_the_trend_is_drawn_and_told_in_words(new_page: Callable, page_file: Path) -> None:
    page = new_page(page_file).page
    page.goto(f"{page_file.resolve().as_uri()}#area=ENG")
    page.reload()
    drawing = page.locator("svg.area-trend")
    assert drawing.get_attribute("role") == "img"
    assert drawing.locator("circle").count() == 6  # every half-year
    words = page.locator(".area-trend-words").inner_text()
    assert words == "112.3 FTE in March 2020, 2,047.0 in September 2022, the highest drawn."
    assert drawing.locator("desc").text_content() == words


def test_no_line_of_the_trend_leads_over_censuses_that_the_data_lack(
    new_page: Callable, page_file: Path, tmp_path: Path
) -> None:
    """The quarters up to September 2022 are all there; with one of them missing, the line is in two parts."""
    whole = page_file.read_text(encoding="utf-8")
    assert whole.count('data-after-gaps=""') == 1
    lacking = tmp_path / "index.html"
    lacking.write_text(whole.replace('data-after-gaps=""', 'data-after-gaps="2022-03"'), encoding="utf-8")
    for file, parts in ((page_file, 1), (lacking, 2)):
        page = new_page(file).page
        page.goto(f"{file.resolve().as_uri()}#area=ENG")
        page.reload()
        assert page.locator("svg.area-trend path.line").get_attribute("d").count("M") == parts


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_axe_finds_nothing_in_the_list_and_in_what_was_found(new_page: Callable, page_file: Path, width: int) -> None:
    page = new_page(page_file, width=width).page
    page.evaluate(THIN)
    page.locator("#area-search").fill("park")
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert page.locator("#area-heading").is_visible()
    page.evaluate("document.querySelectorAll('.all-areas, .all-areas details').forEach(each => each.open = true)")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_there_is_no_search_and_every_table(new_page: Callable, page_file: Path) -> None:
    page = new_page(page_file, script=False).page
    assert page.locator(".area-search input").count() == 0
    page.locator("details.all-areas > summary").click()
    page.locator("details.areas > summary", has_text="NHS Lancashire and South Cumbria ICB").click()
    row = page.get_by_role("row", name="NHS Lancashire and South Cumbria ICB (QE1)")
    assert row.get_by_role("cell").first.inner_text() == "60.3"


def orders(page: object, label: str) -> list[str]:
    page.get_by_role("radio", name=label, exact=True).check()
    return page.locator(".icb-tiles li").evaluate_all("tiles => tiles.map(tile => JSON.stringify({...tile.dataset}))")


def test_tiles_of_icbs_are_ordered_by_name_figure_change_and_region(new_page: Callable, page_file: Path) -> None:
    page = new_page(page_file).page
    by = {
        label: [json.loads(text) for text in orders(page, label)] for label in ("Figure", "Change in a year", "Region")
    }
    assert len(by["Figure"]) == 42
    for label, key in (("Figure", "value"), ("Change in a year", "change")):
        figures = [float(tile[key]) for tile in by[label]]
        assert figures == sorted(figures, reverse=True)
    assert page.locator(".tile-region").first.is_visible()
    regions = page.locator(".tile-region").all_inner_texts()
    assert regions == sorted(regions)
    assert len(set(regions)) == 7
    orders(page, "Name")
    names = page.locator(".tile-name").all_inner_texts()
    assert names == sorted(names)


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_map_prints_each_figure_and_cuts_no_name(new_page: Callable, page_file: Path, width: int) -> None:
    page = new_page(page_file, width=width).page
    tiles = page.locator(".icb-tiles li")
    assert page.get_by_role("radio", name="Map", exact=True).is_visible() == (width > 1000)
    places = tiles.evaluate_all("tiles => tiles.map(tile => `${tile.offsetLeft} ${tile.offsetTop}`)")
    assert len(set(places)) == len(places) == 42
    cut = tiles.evaluate_all(
        """tiles => tiles.filter(tile => [tile, ...tile.querySelectorAll("*")].some(
            part => getComputedStyle(part).display !== "inline"
                && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1))
        ).map(tile => tile.textContent)"""
    )
    assert cut == []
    rows = shown_rows(page_file)
    for tile in tiles.all()[:5]:
        code = tile.locator("a").get_attribute("data-code")
        assert tile.locator("b").inner_text() == rows[code][3]


def test_a_tile_leads_to_its_area(new_page: Callable, page_file: Path) -> None:
    page = new_page(page_file).page
    page.locator(".icb-tiles a[data-code=QE1]").click()
    assert page.locator("#area-heading").inner_text() == "NHS Lancashire and South Cumbria ICB"
    assert page.url.endswith("#area=QE1")


def test_a_report_without_areas_has_no_such_section(real_report_2022_12: Path) -> None:
    html = (real_report_2022_12 / "index.html").read_text(encoding="utf-8")
    assert "area-finder" not in html.partition("<main")[2].partition("<script>")[0]
    assert 'href="#find-your-area"' not in html
