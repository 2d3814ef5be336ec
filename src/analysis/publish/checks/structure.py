"""Rules of structure: what a screen reader and a keyboard need to find their way (WCAG 2.2 A and AA)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from analysis.publish.checks.fault import Fault, elements, fault

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
# nbconvert and others write these where nobody wrote an alternative.
_FILLER_ALTERNATIVES = {"no description has been provided for this image", "image", "chart", "figure", "png", "svg"}


def language(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 3.1.1: the page names its language."""
    html = soup.find("html")
    if not isinstance(html, Tag):
        yield Fault("language", "", 1, "there is no <html> element")
    elif not str(html.get("lang", "")).strip():
        yield fault("language", html, "the page does not name its language")


def title(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 2.4.2: the page has a title."""
    if soup.head is None or soup.head.title is None or not soup.head.title.get_text(strip=True):
        yield Fault("title", "<head>", 1, "the page has no title")


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


def landmarks(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 1.3.1, 2.4.1: header, main, footer and a named nav, each once; the first link skips to main."""
    for name in ("header", "main", "footer"):
        found = [tag for tag in soup.find_all(name) if not tag.find_parent(["article", "section", "main"])]
        if len(found) != 1:
            yield Fault("landmarks", f"<{name}>", 1, f"the page has {len(found)} {name} landmarks, not one")
    navigation = soup.find_all("nav")
    if not navigation:
        yield Fault("landmarks", "<nav>", 1, "the page has no navigation")
    for nav in navigation:
        if not nav.get("aria-label") and not nav.get("aria-labelledby"):
            yield fault("landmarks", nav, "the navigation has no name")
    first = soup.find("a")
    main = soup.find("main")
    target = str(first.get("href", "")) if isinstance(first, Tag) else ""
    if not isinstance(main, Tag) or not main.get("id") or target != f"#{main['id']}":
        yield Fault("skip link", str(first)[:100], 1, "the first link of the page does not lead to its main content")


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


def labels(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 4.1.2: links, buttons, disclosures and fields have a name."""
    for tag in soup.find_all(["a", "button", "summary"]):
        if not tag.get_text(strip=True) and not tag.get("aria-label") and not tag.get("aria-labelledby"):
            yield fault("labels", tag, "it has no text and no label")
    for field in soup.find_all(["input", "select", "textarea"]):
        named = field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
        if not named and not (field.get("id") and soup.find("label", attrs={"for": field["id"]})):
            yield fault("labels", field, "the field has no label")
    for disclosure in soup.find_all("details"):
        if disclosure.find("summary", recursive=False) is None:
            yield fault("labels", disclosure, "the disclosure has no summary")
    for region in soup.select('[role="region"]'):
        if not region.get("aria-label") and not region.get("aria-labelledby"):
            yield fault("labels", region, "the region has no name")


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


def tables(soup: BeautifulSoup) -> Iterator[Fault]:
    """WCAG 1.3.1: each table has a caption, and each header cell says what it is the header of."""
    for table in soup.find_all("table"):
        caption = table.find("caption")
        if caption is None or not caption.get_text(strip=True):
            yield fault("table caption", table, "the table has no caption")
        cells = table.find_all("th")
        if not cells:
            yield fault("table headers", table, "the table has no header cells")
        for cell in cells:
            if cell.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
                yield fault("table headers", cell, "the header cell has no scope")
            if not cell.get_text(strip=True):
                yield fault("table headers", cell, "the header cell is empty")


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


RULES = (language, title, headings, landmarks, identities, labels, region_names, tables, alternatives)
