"""Each rule of the page's own checks fails where it should, and a good page passes them all."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from analysis.errors import PageError
from analysis.markup.marks import dated
from analysis.publish.checks import DRAFT_ABOVE_BYTES, check_page, require

# rule, what is put in the place of what (on the sample report)
SPOILT = [
    ("one h1", '<h2 id="in-brief">', '<h1>Another</h1><h2 id="in-brief">'),
    ("heading order", '<h2 id="in-brief">In brief</h2>', '<h4 id="in-brief">In brief</h4>'),
    ("heading order", ">In brief</h2>", "></h2>"),
    ("unique ids", 'id="coverage"', 'id="growth"'),
    ("region names", ">Coverage</h2>", ">Growth</h2>"),
    ("references", 'aria-labelledby="growth"', 'aria-labelledby="nowhere"'),
    ("references", 'href="#growth"', 'href="#nowhere"'),
    ("text alternative", "<p>Areas are", '<img src="data:image/png;base64,AA=="><p>Areas are'),
    (
        "text alternative",
        "<p>Areas are",
        '<img alt="No description has been provided for this image" src="data:image/png;base64,AA=="><p>Areas are',
    ),
    ("text alternative", '<desc id="trend-chart-wide-desc">', '<g id="trend-chart-wide-desc">'),
    ("text alternative", 'aria-labelledby="trend-chart-wide-title trend-chart-wide-desc"', ""),
    ("text alternative", 'role="group" aria-labelledby', "aria-labelledby"),
    ("no remote address", "<p>Areas are", '<img alt="A map of it" src="https://example.org/x.png"><p>Areas are'),
    ("no remote address", "<p>Areas are", '<link rel="stylesheet" href="//example.org/x.css"><p>Areas are'),
    ("no remote address", "<p>Areas are", '<svg role="img"><image xlink:href="x.png"/></svg><p>Areas are'),
    ("no remote address", ".skip {", "@import 'x.css'; .skip {"),
    ("no remote address", ".skip {", ".x { background: url(x.png) } .skip {"),
    ("no remote address", '<meta charset="utf-8">', '<meta charset="utf-8"><meta http-equiv="refresh" content="0">'),
    ("no path of a machine", "Areas are", f"Areas are in {Path.home()}/reports/x.csv"),
    ("no path of a machine", "<p>Areas are", f'<p title="file://{sys.prefix}/lib/x.py">Areas are'),
    ("no path of a machine", "Areas are", f"Areas are in {Path(__file__).resolve()}"),
    ("no control character", "Areas are", "Areas\x00 are"),
    ("no unescaped text", "<p>Areas are", "<p>Areas are <script>alert()</script>"),
    ("no unescaped text", "<p>Areas are", '<p onclick="alert()">Areas are'),
    ("no unescaped text", "<p>Areas are", '<p style="color: red">Areas are'),
    ("no unescaped text", "<p>Areas are", "<p><iframe></iframe>Areas are"),
    ("no unescaped text", "<p>Areas are", "<form><p>Areas are"),
    ("no unescaped text", "<p>Areas are", "<p>Areas are <PCN name>"),
    ("no unescaped text", "<p>Areas are", '<p><a href=" javascript:alert()">here</a> Areas are'),
    ("no unescaped text", "<p>Areas are", "<p>Areas <td>are"),  # a browser passes over it
    ("no unescaped text", "<p>Areas are", "<p>Areas <body class=x>are"),
    ("text alternative", "<p>Areas are", "<p>Areas <image src='data:image/png;base64,AA=='>are"),
    ("no unescaped text", "<p>Areas are", "<p>Areas are <template><b onclick=alert()>x</b></template>"),
    ("no unescaped text", "<p>Areas are", "<p>Areas are <noscript><b onclick=alert()>x</b></noscript>"),
    # A browser ends these comments at once, and takes the first of two attributes.
    ("no unescaped text", "<p>Areas are", "<p>Areas are <!--><b onclick=alert()>x</b>-->"),
    ("no unescaped text", "<p>Areas are", "<p>Areas are <![CDATA[><b onclick=alert()>x</b>]]>"),
    ("no unescaped text", "<p>Areas are", '<p><a href="javascript:alert()" href="#growth">here</a> Areas are'),
    (
        "no unescaped text",
        "<p>Areas are",
        '<p><svg aria-hidden="true"><a xlink:href="javascript:x"></a></svg>Areas are',
    ),
    ("no unescaped text", "<p>Areas are", '<p><svg aria-hidden="true"><path ONLOAD="x"/></svg>Areas are'),
    ("content security policy", "Content-Security-Policy", "X-Nothing"),
    ("content security policy", "default-src &#39;none&#39;", "default-src &#39;self&#39;"),
    ("content security policy", "img-src data:", "img-src *"),
    ("content security policy", ".skip {", ".skip  {"),
    ("content security policy", '"use strict";', '"use strict"; '),
    ("content security policy", "</body>", "<style>p { color: red }</style></body>"),
    ("prose numbers", "Areas are", "All 42 areas are"),
    ("prose numbers", ">In brief</h2>", ">In brief: 1,612</h2>"),
    ("prose numbers", "The data of this chart as a table", "The 4 rows of this chart"),
    ("prose numbers", "Areas are", "½ of the areas are"),
]


@pytest.fixture(scope="module")
def good(pages: dict[str, Path]) -> str:
    return pages["report"].read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["report", "validation", "front", "failure", "comparison"])
def test_every_kind_of_page_passes(pages: dict[str, Path], kind: str) -> None:
    assert check_page(pages[kind].read_text(encoding="utf-8"), kind=kind) == []


@pytest.mark.parametrize(
    ("rule", "old", "new"), SPOILT, ids=[f"{rule} {number}" for number, (rule, _, _) in enumerate(SPOILT)]
)
def test_a_rule_finds_the_fault_it_is_there_for(good: str, rule: str, old: str, new: str) -> None:
    assert old in good, "the sample no longer holds what this case spoils"
    found = check_page(good.replace(old, new, 1))
    assert rule in {fault.rule for fault in found}


def test_a_fault_names_line_and_element(good: str) -> None:
    spoilt = good.replace("<p>Areas are", '<p onclick="alert()">Areas are')
    (found,) = check_page(spoilt)
    assert "onclick" in spoilt.splitlines()[found.line - 1]
    assert found.element.startswith("<p onclick=")


@pytest.mark.parametrize(
    "before",
    ["<ul>\n<li>an <b>area\n<li>and</b> another</ul>\n", "<table>\n<tr><td>x</table>\n", '<p title="<b>">\n</p>'],
)
@pytest.mark.parametrize("element", ['<p onclick="alert()">', "<PCN-name/>", "<td onclick=x>", "<script>a<b</script>"])
def test_the_line_of_a_fault_is_true_where_a_browser_puts_markup_right(good: str, before: str, element: str) -> None:
    spoilt = good.replace("<p>Areas are", f"<p>{before}<!--<a-->\n{element}Areas are")
    line = next(n for n, text in enumerate(spoilt.splitlines(), start=1) if f"{element}Areas are" in text)
    assert line in {fault.line for fault in check_page(spoilt)}


def test_a_tag_in_a_script_or_a_comment_is_no_element_that_was_lost(good: str) -> None:
    assert check_page(good.replace("<p>Areas are", "<!-- <td>x<b --><p>Areas are")) == []


def test_an_element_that_was_never_written_has_no_line(good: str) -> None:
    (found,) = check_page(re.sub("<body[^>]*>", "", good).replace("</body>", "1,612"))
    assert found.rule == "prose numbers"
    assert found.element.startswith("<body>")
    assert found.line is None
    assert str(found).startswith("[prose numbers] the number")


def test_a_page_over_the_promised_size_fails(good: str) -> None:
    assert check_page(good.replace("Areas are", "Areas are " + "far " * (DRAFT_ABOVE_BYTES // 4)))[0].rule == "size"


@pytest.mark.parametrize(
    "allowed",
    [
        "<code>U12345</code>",
        '<time datetime="2021-03">March 2021</time>',
        "<q>over 1,000</q>",
        "<cite>Table 1a</cite>",
        "<pre>1 + 1</pre>",
        '<a href="https://example.org/2022/">the letter</a>',
        str(dated("Table 1a of 36L, 1,263 in March 2021")),
    ],
)
def test_dates_quotations_names_and_code_may_hold_numbers(good: str, allowed: str) -> None:
    assert check_page(good.replace("Areas are", f"{allowed} Areas are")) == []


@pytest.mark.parametrize("name", ["C:\\evil.csv", "/home/somebody-else/PCN", "file:///etc/passwd"])
def test_a_path_of_no_place_here_is_text_and_stops_no_report(good: str, name: str) -> None:
    """Names of archive members and of roles are somebody else's text."""
    assert check_page(good.replace("Areas are", f"{name} Areas are")) == []


def test_numbers_in_prose_are_a_rule_of_reports_only(good: str) -> None:
    spoilt = good.replace("Areas are", "All 42 areas are")
    assert check_page(spoilt, kind="validation") == []


def test_require_names_the_first_faults_and_counts_the_rest(good: str) -> None:
    spoilt = good.replace("<p>Areas are", "".join('<p onclick="x">an area</p>' for _ in range(8)) + "<p>Areas are")
    with pytest.raises(PageError, match=re.escape("(8 faults)")) as caught:
        require(spoilt, kind="report")
    assert "The report page does not pass its own checks" in caught.value.what
    assert "... and 3 more" in caught.value.what
    assert caught.value.exit_code == 6


def test_require_is_content_with_a_good_page(good: str) -> None:
    assert require(good, kind="report") == []


def test_require_returns_findings_of_style_and_raises_for_all_others(good: str) -> None:
    (found,) = require(good.replace("Areas are", "All 42 areas are"), kind="report")
    assert found.rule == "prose numbers"
    style = {"prose numbers", "size"}
    stopping = {rule for rule, old, new in SPOILT for fault in check_page(good.replace(old, new, 1)) if fault.stops}
    assert stopping.isdisjoint(style)
    assert {rule for rule, _, _ in SPOILT} - style <= stopping
