"""Rules of structure that a notebook or the data can break: headings, ids, names of regions, text alternatives.

What the templates alone decide (language, landmarks, labels, contrast) is the same in every report, and is tested.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.publish.checks.fault import Fault, elements, fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
# nbconvert and others write these where nobody wrote an alternative.
_FILLER_ALTERNATIVES = {"no description has been provided for this image", "image", "chart", "figure", "png", "svg"}


def headings(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 1.3.1: one first-level heading, none empty, none that skips a level."""
    found = soup.find_all(_HEADINGS)
    first_level = [heading for heading in found if heading.name == "h1"]
    if len(first_level) != 1:
        yield Fault("one h1", "<body>", 1, f"the page has {len(first_level)} first-level headings, not one")
    level = 0
    for heading in found:
        now = int(heading.name[1])
        if now > level + 1:
            yield fault("heading order", heading, f"a heading of level {now} follows one of level {level}")
        level = now
        if not heading.get_text(strip=True):
            yield fault("heading order", heading, "the heading is empty")


def identities(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 4.1.2: ids are unique, and what refers to one finds it."""
    tags = elements(soup)
    ids = Counter(str(tag["id"]) for tag in tags if tag.has_attr("id"))
    for tag in tags:
        if ids[str(tag.get("id"))] > 1:
            yield fault("unique ids", tag, f"the id {tag['id']!r} is used {ids[str(tag['id'])]} times")
        for attribute in _REFERENCES:
            value = tag.get(attribute, "")
            for wanted in value if isinstance(value, list) else str(value).split():
                if wanted not in ids:
                    yield fault("references", tag, f"{attribute} refers to {wanted!r}, which is not on the page")
        href = str(tag.get("href", "")) if tag.name in {"a", "use"} else ""
        if href.startswith("#") and href[1:] not in ids:
            yield fault("references", tag, f"the link leads to {href!r}, which is not on the page")


def region_names(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 2.4.1, 2.4.6: sections and scrolling tables are landmarks, told apart by their names alone."""
    regions = [tag for tag in elements(soup) if tag.name == "section" or tag.get("role") == "region"]
    named_by = {str(region["aria-labelledby"]) for region in regions if region.has_attr("aria-labelledby")}
    texts = {
        str(tag["id"]): " ".join(tag.get_text().split())
        for tag in elements(soup)
        if tag.has_attr("id") and tag["id"] in named_by
    }
    seen: set[str] = set()
    for region in regions:
        name = texts.get(str(region.get("aria-labelledby")), str(region.get("aria-label", "")))
        if name and name in seen:
            yield fault("region names", region, f"another section or table is called {name!r} too")
        seen.add(name)


def alternatives(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 1.1.1: each drawing and image says in words what it shows."""
    for image in soup.find_all("img"):
        text = str(image.get("alt", "")).strip()
        if not text or text.lower() in _FILLER_ALTERNATIVES:
            yield fault("text alternative", image, "the image has no alternative that says what it shows")
    for svg in soup.find_all("svg"):
        if svg.find_parent("svg") or svg.get("aria-hidden") == "true":
            continue
        for part in ("title", "desc"):
            element = svg.find(part, recursive=False)
            if element is None or not element.get_text(strip=True):
                yield fault("text alternative", svg, f"the drawing has no <{part}>")
        if not svg.get("aria-labelledby") and not svg.get("aria-label"):
            yield fault("text alternative", svg, "the drawing's role is not named by its title")
        if not svg.get("role"):
            yield fault("text alternative", svg, "the drawing has no role")


RULES = (headings, identities, region_names, alternatives)
