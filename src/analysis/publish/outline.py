"""From a heap of fragments to a document: sections, ids, contents, regions that scroll."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag


@dataclass(frozen=True)
class Heading:
    """An entry of the contents list."""

    id: str
    text: str
    below: tuple[Heading, ...] = field(default=())


def slug(text: str) -> str:
    """An id from a heading.

    >>> slug("How sure are we? – Coverage")
    'how-sure-are-we-coverage'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def arrange(soup: BeautifulSoup) -> tuple[Heading, ...]:
    """Turn a flat fragment into sections, in place, and return the contents list.

    A first-level heading becomes a second-level one: the page has its own. Each second-level heading opens a
    ``<section>`` named by it. ``style`` attributes go, since the page's policy would ignore them.
    """
    for styled in soup.select("[style]"):
        del styled["style"]
    for heading in soup.find_all("h1"):
        heading.name = "h2"
    _name_headings(soup)
    _group_definitions(soup)
    _open_sections(soup)
    return _contents(soup)


def _name_headings(soup: BeautifulSoup) -> None:
    taken = {tag["id"] for tag in soup.select("[id]")}
    for heading in soup.find_all(["h2", "h3", "h4"]):
        if heading.get("id"):
            continue
        base = wanted = slug(heading.get_text())
        count = 1
        while wanted in taken:
            count += 1
            wanted = f"{base}-{count}"
        heading["id"] = wanted
        taken.add(wanted)


def _group_definitions(soup: BeautifulSoup) -> None:
    """Put each term and what is said of it into a ``<div>``, so that they can stand side by side and stay together."""
    for definitions in soup.find_all("dl"):
        for term in definitions.find_all("dt", recursive=False):
            group = term.wrap(soup.new_tag("div"))
            while isinstance(said := group.find_next_sibling(), Tag) and said.name == "dd":
                group.append(said)


def _open_sections(soup: BeautifulSoup) -> None:
    current = soup.new_tag("div", attrs={"class": "opening"})
    arranged: list[Tag] = [current]
    for node in list(soup.contents):
        node.extract()
        if isinstance(node, Tag) and node.name == "section":
            current = soup.new_tag("div")
            arranged += [node, current]
            continue
        if isinstance(node, Tag) and node.name == "h2":
            current = soup.new_tag("section", attrs={"aria-labelledby": str(node["id"])})
            arranged.append(current)
        current.append(node)
    for part in arranged:
        if part.find() or part.get_text(strip=True):
            soup.append(part)
            soup.append("\n")


def _contents(soup: BeautifulSoup) -> tuple[Heading, ...]:
    """Second-level headings with the third-level ones under them; titles of charts and articles are not sections."""
    entries: list[tuple[Tag, list[Heading]]] = []
    for heading in soup.find_all(["h2", "h3"]):
        if heading.name == "h2":
            entries.append((heading, []))
        elif entries and not heading.find_parent(["figure", "article"]):
            entries[-1][1].append(Heading(str(heading["id"]), _plain(heading)))
    return tuple(Heading(str(heading["id"]), _plain(heading), tuple(below)) for heading, below in entries)


def _plain(heading: Tag) -> str:
    return " ".join(heading.get_text().split())
