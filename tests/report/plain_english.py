"""How easy the text of a page is to read: its sentences, the longest of them, and a reading age.

The reading age is the Automated Readability Index, which counts letters, words and sentences, plus five: the index
gives a school year of the United States, and the first begins at six. The package textstat was tried for this, and
refused: since version 0.7.6 it counts syllables with a word list that NLTK downloads at run time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

# Not sentences of ours, or no sentences: data, drawings, navigation, and the lists of where figures come from.
_NO_PROSE = "table, svg, nav, script, style, details, caption, .origins, .download, header, footer"
# A quotation, a title, a file name: one word, since its length is its author's.
_NAMES = "q, cite, code"
_BLOCKS = ["p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "figcaption"]
_END = re.compile(r"(?<=[.!?:;])[\s”’)]+(?=[“‘(\[−+]?[A-Z0-9])")
_WORD = re.compile(r"[^\W_][\w,.’'%–-]*")


@dataclass(frozen=True)
class Sentence:
    """A sentence and the heading that it stands under."""

    heading: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its words; a number is one."""
        return _WORD.findall(self.text)


def sentences_of(page: BeautifulSoup) -> list[Sentence]:
    """The sentences of a page's prose, of its titles and of its lists, in order."""
    soup = BeautifulSoup(str(page.find("main") or page), "html.parser")
    for tag in soup.select(_NO_PROSE):
        tag.decompose()
    for tag in soup.select(_NAMES):
        tag.replace_with("Name")
    return list(_sentences(soup))


def _sentences(soup: BeautifulSoup) -> Iterator[Sentence]:
    heading = ""
    for block in soup.find_all(_BLOCKS):
        if block.find(_BLOCKS):
            continue
        text = " ".join(block.get_text().split())
        if block.name in {"h2", "h3"} and not _in_figure(block):
            heading = text
        yield from (Sentence(heading, part) for part in _END.split(text) if _WORD.search(part))


def _in_figure(tag: Tag) -> bool:
    return tag.find_parent("figure") is not None


def reading_age(sentences: list[Sentence]) -> float:
    """The Automated Readability Index of whole sentences, as an age in years."""
    whole = [sentence for sentence in sentences if sentence.text.endswith((".", "?", "!"))]
    words = [word for sentence in whole for word in sentence.words]
    letters = sum(len(re.sub(r"\W", "", word)) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(whole) - 21.43 + 5


def words_before_second_heading(page: BeautifulSoup) -> int:
    """How many words the page has between its title and its second heading of the second level."""
    main = BeautifulSoup(str(page.find("main")), "html.parser")
    for tag in main.select(_NO_PROSE.replace("header, ", "")):
        tag.decompose()
    headings = main.find_all("h2")
    before = headings[1].find_all_previous(string=True) if len(headings) > 1 else []
    return sum(len(_WORD.findall(str(text))) for text in before)


def unexplained(page: BeautifulSoup, other_parts: re.Pattern[str] | None = None) -> Iterator[str]:
    """The terms of the glossary that the prose uses before the page has explained them.

    A term is explained by ``<dfn>`` or, for an abbreviation, in brackets behind its full words. What stands under the
    headings ``other_parts`` can explain a term, and is not held to the rule.
    """
    soup = BeautifulSoup(str(page.find("main")), "html.parser")
    terms = [tag.get_text(strip=True) for tag in soup.select(".terms dt")]
    for tag in soup.select(f"{_NO_PROSE}, .terms, {_NAMES}"):
        tag.decompose()
    for tag in soup.select(".table-note"):  # the key of the signs in a table says what they mean
        if tag.get_text().startswith("Shorthand:"):
            tag.decompose()
    for tag in soup.find_all("dfn"):
        tag.replace_with(f"\ue000{tag.get_text()}")
    blocks = list(_blocks(soup))
    for term in terms:
        word = re.escape(re.sub(r" \(.*|s$", "", term))
        for heading, text in blocks:
            found = re.search(rf"(?P<mark>\ue000|\()?(?<![\w-]){word}s?\b", text, re.IGNORECASE)
            if found and found["mark"]:
                break
            if found and not (other_parts and other_parts.match(heading)):
                yield term
                break


def _blocks(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Each paragraph and item with the heading that it stands under."""
    heading = ""
    for block in soup.find_all(["h2", "h3", "p", "li", "dd", "dt"]):
        text = " ".join(block.get_text().split())
        if block.name in {"h2", "h3"}:
            heading = heading if _in_figure(block) else text
        else:
            yield heading, text
