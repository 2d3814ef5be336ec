"""Rules of structure that a notebook or the data can break: headings, ids, names of regions, text alternatives.

What the templates alone decide (language, landmarks, labels, contrast) is the same in every report, and is tested.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.markup.html_tree import is_within, words
from analysis.publish.checks.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.publish.checks.page_tree import PageTree

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
# nbconvert and others write these where nobody wrote an alternative.
_FILLER_ALTERNATIVES = {"no description has been provided for this image", "image", "chart", "figure", "png", "svg"}


def headings(page: PageTree) -> Iterator[Fault]:
    """WCAG 1.3.1: one first-level heading, none empty, none that skips a level."""
    first_level = page.named("h1")
    if len(first_level) != 1:
        yield Fault("one h1", "<body>", None, f"the page has {len(first_level)} first-level headings, not one")
    level = 0
    for heading in page.named(*_HEADINGS):
        now = int(heading.name[1])
        if now > level + 1:
            yield page.fault("heading order", heading, f"a heading of level {now} follows one of level {level}")
        level = now
        if not heading.node.text().strip():
            yield page.fault("heading order", heading, "the heading is empty")


def identities(page: PageTree) -> Iterator[Fault]:
    """WCAG 4.1.2: ids are unique, and what refers to one finds it."""
    ids = Counter(element.get("id") for element in page.elements if "id" in element.attributes)
    for element in page.elements:
        if not element.attributes:
            continue
        own = element.get("id")
        if ids[own] > 1 and "id" in element.attributes:
            yield page.fault("unique ids", element, f"the id {own!r} is used {ids[own]} times")
        for attribute in _REFERENCES:
            for wanted in element.get(attribute).split():
                if wanted not in ids:
                    message = f"{attribute} refers to {wanted!r}, which is not on the page"
                    yield page.fault("references", element, message)
        href = element.get("href") if element.name in {"a", "use"} else ""
        if href.startswith("#") and href[1:] not in ids:
            yield page.fault("references", element, f"the link leads to {href!r}, which is not on the page")


def region_names(page: PageTree) -> Iterator[Fault]:
    """WCAG 2.4.1, 2.4.6: sections and scrolling tables are landmarks, told apart by their names alone."""
    regions = [element for element in page.elements if element.name == "section" or element.get("role") == "region"]
    named_by = {region.get("aria-labelledby") for region in regions} - {""}
    texts = {element.get("id"): words(element.node) for element in page.elements if element.get("id") in named_by}
    seen: set[str] = set()
    for region in regions:
        name = texts.get(region.get("aria-labelledby"), region.get("aria-label"))
        if name and name in seen:
            yield page.fault("region names", region, f"another section or table is called {name!r} too")
        seen.add(name)


def alternatives(page: PageTree) -> Iterator[Fault]:
    """WCAG 1.1.1: each drawing and image says in words what it shows."""
    for image in page.named("img"):
        text = image.get("alt").strip()
        if not text or text.lower() in _FILLER_ALTERNATIVES:
            yield page.fault("text alternative", image, "the image has no alternative that says what it shows")
    for svg in page.named("svg"):
        if is_within(svg.node, "svg") or svg.get("aria-hidden") == "true":
            continue
        for part in ("title", "desc"):
            element = next((child for child in svg.node.iter() if child.tag == part), None)
            if element is None or not element.text().strip():
                yield page.fault("text alternative", svg, f"the drawing has no <{part}>")
        if not svg.get("aria-labelledby") and not svg.get("aria-label"):
            yield page.fault("text alternative", svg, "the drawing's role is not named by its title")
        if not svg.get("role"):
            yield page.fault("text alternative", svg, "the drawing has no role")


RULES = (headings, identities, region_names, alternatives)
